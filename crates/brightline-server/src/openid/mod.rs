//! Sign-in by a provider of OpenID Connect, such as the city's own: the code flow with PKCE.
//!
//! ```text
//! /sign-in/openid ─▶ provider: password, second factor ─▶ /sign-in/openid/answer?code=…&state=…
//!   state, nonce, verifier, sealed in a cookie              code ─▶ ID token ─▶ account ─▶ session
//! ```
//!
//! The provider says who somebody is; what they may do stands with the account, which an
//! administrator made. The second factor is the provider's; the settings can ask it to say so.

mod pages;
mod provider;
mod token;

use serde::Deserialize;
use url::Url;

pub(crate) use pages::add_to;
pub(crate) use provider::Provider;

/// The provider that may sign people in, and what is asked of it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OpenId {
    /// The address of the provider, as it stands in its tokens.
    pub issuer: Url,
    /// The name under which the provider knows this service.
    pub client: String,
    /// The secret that the provider gave for that name; left out for a public client.
    #[serde(default, skip_deserializing)]
    pub secret: Option<String>,
    /// Where the service is called by browsers: `https://brightline.example.gov`.
    pub address: Url,
    /// The classes of authentication (`acr`) of which one must have been reached; empty: any.
    #[serde(default)]
    pub acr: Vec<String>,
    /// The methods (`amr`) of which one must have been used, such as `mfa`; empty: any.
    #[serde(default)]
    pub amr: Vec<String>,
}

impl OpenId {
    /// Where the provider sends people back to.
    fn redirect(&self) -> String {
        format!("{}{}", self.address.as_str().trim_end_matches('/'), pages::ANSWER)
    }

    fn issuer(&self) -> &str {
        self.issuer.as_str().trim_end_matches('/')
    }
}
