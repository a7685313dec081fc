//! Where passkeys are good: the name that they are bound to, and the origin of the pages.

use brightline_docket::Error;
use serde::Deserialize;
use url::{Host, Url};
use webauthn_rp::request::{AsciiDomain, DomainOrigin, Port, RpId, Scheme};

/// What `service.toml` says of passkeys.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PasskeyRules {
    /// The origin of the pages, as people see it: `https://brightline.example.gov`.
    origin: String,
    /// The name that passkeys are bound to, for ever; left out, the host of the origin.
    #[serde(default)]
    rp_id: Option<String>,
    /// A passkey signs in only beside a password.
    #[serde(default)]
    with_password: bool,
}

/// Where passkeys are good.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    rp_id: RpId,
    scheme: String,
    host: String,
    port: Option<u16>,
    /// On this machine only, and at whichever port.
    is_local: bool,
    with_password: bool,
}

impl Place {
    /// Returns the place for a service that only its own machine reaches.
    pub(crate) fn local() -> Option<Self> {
        let host = "localhost".to_owned();
        let rp_id = RpId::Domain(AsciiDomain::try_from(host.clone()).ok()?);
        let (scheme, port, is_local, with_password) = ("http".to_owned(), None, true, false);
        Some(Self { rp_id, scheme, host, port, is_local, with_password })
    }

    pub(crate) fn of(rules: &PasskeyRules) -> Result<Self, Error> {
        let wrong = |text: &str, help: &str| {
            Error::unavailable(format!("`service.toml`: `{text}` {help}"))
                .help("write the origin of the pages: https://brightline.example.gov")
        };
        let text = rules.origin.as_str();
        let url = Url::parse(text).map_err(|_| wrong(text, "is no address of pages"))?;
        let Some(Host::Domain(host)) = url.host() else {
            return Err(wrong(text, "has no name, and passkeys are bound to one"));
        };
        let is_bare = url.path() == "/" && url.query().is_none() && url.username().is_empty();
        let is_safe = url.scheme() == "https" || (url.scheme() == "http" && host == "localhost");
        if !is_bare || !is_safe {
            return Err(wrong(text, "is no origin with https"));
        }
        let name = rules.rp_id.as_deref().unwrap_or(host);
        if !is_within(host, name) {
            return Err(wrong(name, "is neither the host of the origin nor a domain above it"));
        }
        let domain = AsciiDomain::try_from(name.to_owned());
        let domain = domain.map_err(|_| wrong(name, "is no domain"))?;
        Ok(Self {
            rp_id: RpId::Domain(domain),
            scheme: url.scheme().to_owned(),
            host: host.to_owned(),
            port: url.port(),
            is_local: false,
            with_password: rules.with_password,
        })
    }

    pub(super) fn rp_id(&self) -> &RpId {
        &self.rp_id
    }

    pub(super) fn origin(&self) -> DomainOrigin<'_, '_> {
        let scheme = if self.scheme == "https" { Scheme::Https } else { Scheme::Other("http") };
        let port = match (self.is_local, self.port) {
            (true, _) => Port::Any,
            (false, Some(port)) => Port::Val(port),
            (false, None) => Port::None,
        };
        DomainOrigin { scheme, host: &self.host, port }
    }

    /// Returns whether a passkey signs in only beside a password.
    pub(crate) fn is_with_password(&self) -> bool {
        self.with_password
    }
}

/// A name that passkeys are bound to is the host, or a domain of two labels or more above it.
fn is_within(host: &str, name: &str) -> bool {
    let above = host.strip_suffix(name).is_some_and(|rest| rest.ends_with('.'));
    host == name || (above && name.contains('.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(origin: &str, rp_id: Option<&str>) -> Result<Place, String> {
        let (origin, rp_id) = (origin.to_owned(), rp_id.map(str::to_owned));
        let rules = PasskeyRules { origin, rp_id, with_password: false };
        Place::of(&rules).map_err(|error| error.to_string())
    }

    #[test]
    fn an_origin_is_a_name_with_https() {
        assert!(place("https://records.city.example", None).is_ok());
        assert!(place("http://localhost:8080", None).is_ok());
        for wrong in [
            "records.city.example",
            "http://records.city.example",
            "https://192.0.2.1",
            "https://records.city.example/path",
            "",
        ] {
            assert!(place(wrong, None).is_err(), "{wrong}");
        }
    }

    #[test]
    fn passkeys_are_bound_to_the_host_or_a_domain_above_it() {
        let origin = "https://records.city.example";
        assert!(place(origin, Some("city.example")).is_ok());
        for wrong in ["example", "ity.example", "other.example", "deep.records.city.example"] {
            assert!(place(origin, Some(wrong)).is_err(), "{wrong}");
        }
    }
}
