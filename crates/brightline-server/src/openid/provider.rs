//! What the provider is asked: where it is to be found, its keys, tokens for codes, and e-mail.

use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, Instant};

use axum::body::Bytes;
use axum::http::{HeaderMap, HeaderValue, Method, header};
use data_encoding::BASE64;
use jsonwebtoken::jwk::JwkSet;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use url::Url;

use super::OpenId;
use super::token::{Claims, PersonClaims, Refused, read};
use crate::outbound::{Outbound, Outgoing, Reach};

/// What a provider says of itself is asked again after an hour.
const KNOWN_FOR: Duration = Duration::from_secs(3600);
/// For a key that is not known, the keys are asked again at most this often.
const KEYS_PAUSE: Duration = Duration::from_secs(10);

/// A provider and what is known of it.
pub(crate) struct Provider {
    pub(super) settings: OpenId,
    known: RwLock<Option<Arc<Known>>>,
}

/// What the provider says of itself.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Metadata {
    issuer: String,
    pub(super) authorization_endpoint: Url,
    token_endpoint: Url,
    jwks_uri: Url,
    #[serde(default)]
    userinfo_endpoint: Option<Url>,
}

pub(super) struct Known {
    pub(super) metadata: Metadata,
    keys: JwkSet,
    asked_at: Instant,
}

/// Tokens for a code.
#[derive(Deserialize)]
struct Tokens {
    id_token: String,
    access_token: String,
}

#[derive(Deserialize)]
struct UserInfo {
    sub: String,
    #[serde(flatten)]
    person: PersonClaims,
}

/// What a sign-in began with, and what it came back with.
pub(super) struct Code<'a> {
    pub(super) code: &'a str,
    pub(super) verifier: &'a str,
    pub(super) nonce: &'a str,
}

impl Provider {
    pub(crate) fn new(settings: OpenId) -> Self {
        Self { settings, known: RwLock::default() }
    }

    /// Returns what the provider says of itself.
    pub(super) async fn known(&self, outbound: &Outbound) -> Result<Arc<Known>, Refused> {
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner).clone();
        match known.filter(|known| known.asked_at.elapsed() < KNOWN_FOR) {
            Some(known) => Ok(known),
            None => self.ask(outbound).await,
        }
    }

    async fn ask(&self, outbound: &Outbound) -> Result<Arc<Known>, Refused> {
        let address = format!("{}/.well-known/openid-configuration", self.settings.issuer());
        let address = Url::parse(&address).map_err(|error| Refused::Because(error.to_string()))?;
        let metadata: Metadata = get(outbound, &address, HeaderMap::new()).await?;
        if metadata.issuer.trim_end_matches('/') != self.settings.issuer() {
            return Err(Refused::Because("the provider names itself otherwise".to_owned()));
        }
        let keys = get(outbound, &metadata.jwks_uri, HeaderMap::new()).await?;
        let known = Arc::new(Known { metadata, keys, asked_at: Instant::now() });
        let kept = Some(Arc::clone(&known));
        *self.known.write().unwrap_or_else(PoisonError::into_inner) = kept;
        Ok(known)
    }

    /// Exchanges a code for what the provider says of the person.
    pub(super) async fn claims(
        &self,
        outbound: &Outbound,
        code: Code<'_>,
    ) -> Result<Claims, Refused> {
        let mut known = self.known(outbound).await?;
        let tokens = self.tokens(outbound, &known.metadata, &code).await?;
        let check = |keys: &JwkSet| read(&tokens.id_token, keys, &self.settings, code.nonce);
        let mut claims = match check(&known.keys) {
            // The provider may have changed its keys since they were asked for.
            Err(Refused::UnknownKey) if known.asked_at.elapsed() >= KEYS_PAUSE => {
                known = self.ask(outbound).await?;
                check(&known.keys)?
            }
            checked => checked?,
        };
        if let (None, Some(address)) = (&claims.person.email, &known.metadata.userinfo_endpoint) {
            let heads = authorized(&format!("Bearer {}", tokens.access_token))?;
            let told: UserInfo = get(outbound, address, heads).await?;
            if told.sub != claims.sub {
                return Err(Refused::Because("it told of another person".to_owned()));
            }
            claims.person = told.person;
        }
        Ok(claims)
    }

    async fn tokens(
        &self,
        outbound: &Outbound,
        metadata: &Metadata,
        code: &Code<'_>,
    ) -> Result<Tokens, Refused> {
        let redirect = self.settings.redirect();
        let mut fields = vec![
            ("grant_type", "authorization_code"),
            ("code", code.code),
            ("redirect_uri", redirect.as_str()),
            ("code_verifier", code.verifier),
        ];
        let mut heads = match &self.settings.secret {
            Some(secret) => authorized(&basic(&self.settings.client, secret))?,
            None => {
                fields.push(("client_id", self.settings.client.as_str()));
                HeaderMap::new()
            }
        };
        let kind = HeaderValue::from_static("application/x-www-form-urlencoded");
        heads.insert(header::CONTENT_TYPE, kind);
        let body = serde_urlencoded::to_string(&fields)
            .map_err(|error| Refused::Because(error.to_string()))?;
        let (url, body) = (&metadata.token_endpoint, Bytes::from(body));
        call(outbound, Outgoing { method: Method::POST, url, heads, body, reach: Reach::Inside })
            .await
    }
}

/// Name and secret of a client, each written as a form writes it (RFC 6749, 2.3.1).
fn basic(client: &str, secret: &str) -> String {
    let written =
        |text: &str| -> String { url::form_urlencoded::byte_serialize(text.as_bytes()).collect() };
    let both = format!("{}:{}", written(client), written(secret));
    format!("Basic {}", BASE64.encode(both.as_bytes()))
}

fn authorized(value: &str) -> Result<HeaderMap, Refused> {
    let mut value = HeaderValue::try_from(value)
        .map_err(|_| Refused::Because("a token has letters that none has".to_owned()))?;
    value.set_sensitive(true);
    Ok(HeaderMap::from_iter([(header::AUTHORIZATION, value)]))
}

async fn get<T: DeserializeOwned>(
    outbound: &Outbound,
    url: &Url,
    heads: HeaderMap,
) -> Result<T, Refused> {
    let (method, body, reach) = (Method::GET, Bytes::new(), Reach::Inside);
    call(outbound, Outgoing { method, url, heads, body, reach }).await
}

async fn call<T: DeserializeOwned>(
    outbound: &Outbound,
    mut outgoing: Outgoing<'_>,
) -> Result<T, Refused> {
    let path = outgoing.url.path().to_owned();
    outgoing.heads.insert(header::ACCEPT, HeaderValue::from_static("application/json"));
    let because = |why: String| Refused::Because(format!("{path}: {why}"));
    let answer = outbound.call(outgoing).await.map_err(|error| because(error.0))?;
    if answer.code != 200 {
        return Err(because(format!("it answered {}", answer.code)));
    }
    serde_json::from_slice(&answer.body).map_err(|error| because(error.to_string()))
}
