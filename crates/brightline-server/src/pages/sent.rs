//! What a form sends: names with values, of which the same name may come several times.

use axum::Form;
use axum::extract::{FromRequest, Request};

use crate::problem::{Kind, Problem};
use crate::service::Service;

/// The fields into which sentences are typed.
const TEXTS: [&str; 6] = ["how", "note", "reason", "citation", "evidence", "settles"];

/// The fields of a form, in the order of the page.
#[derive(Debug, Clone, Default)]
pub(super) struct Sent(Vec<(String, String)>);

impl FromRequest<Service> for Sent {
    type Rejection = Problem;

    async fn from_request(request: Request, service: &Service) -> Result<Self, Problem> {
        let form = Form::<Vec<(String, String)>>::from_request(request, service).await;
        let Form(fields) = form
            .map_err(|_| Problem::new(Kind::MalformedRequest, "this is not what the page sends"))?;
        Ok(Self(fields))
    }
}

impl Sent {
    /// Returns the fields as if a form had sent them.
    pub(super) fn of(fields: Vec<(String, String)>) -> Self {
        Self(fields)
    }

    /// Returns what was typed into a field, without blanks around it; nothing: an empty text.
    pub(super) fn one(&self, name: &str) -> &str {
        self.0.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value.trim())
    }

    /// Returns what was typed, or nothing where nothing was.
    pub(super) fn filled(&self, name: &str) -> Option<String> {
        let text = self.one(name);
        (!text.is_empty()).then(|| text.to_owned())
    }

    /// Returns everything that was ticked under a name.
    pub(super) fn all(&self, name: &str) -> Vec<String> {
        let values = self.0.iter().filter(|(key, value)| key == name && !value.is_empty());
        values.map(|(_, value)| value.clone()).collect()
    }

    /// Returns what was typed into the fields of a kind, by what follows their kind: of `did.`,
    /// `did.keep` is `keep`.
    pub(super) fn each<'s>(&'s self, kind: &'s str) -> impl Iterator<Item = (&'s str, &'s str)> {
        let each = move |(name, value): &'s (String, String)| {
            let of = name.strip_prefix(kind)?;
            (!of.is_empty()).then(|| (of, value.trim()))
        };
        self.0.iter().filter_map(each)
    }

    /// Returns the texts that people wrote, which nobody wants to write again.
    pub(super) fn texts(&self) -> Vec<String> {
        let is_text = |name: &str| {
            let kind = name.split('.').next().unwrap_or_default();
            TEXTS.contains(&kind)
        };
        let texts = self.0.iter().filter(|(name, value)| is_text(name) && !value.trim().is_empty());
        texts.map(|(_, value)| value.trim().to_owned()).collect()
    }

    /// Returns whether a box was ticked.
    pub(super) fn has(&self, name: &str, value: &str) -> bool {
        self.0.iter().any(|(key, it)| key == name && it == value)
    }

    /// Returns the fields as they would be sent again, but for some.
    pub(super) fn without(&self, names: &[&str]) -> String {
        let fields = self.0.iter().filter(|(name, _)| !names.contains(&name.as_str()));
        serde_urlencoded::to_string(fields.collect::<Vec<_>>()).unwrap_or_default()
    }

    /// Reads fields that were kept.
    pub(super) fn parse(text: &[u8]) -> Self {
        Self(serde_urlencoded::from_bytes(text).unwrap_or_default())
    }

    /// The version of the case that the page showed.
    pub(super) fn version(&self) -> Result<u64, Problem> {
        let missing = || Problem::new(Kind::VersionMissing, "the page does not say what it showed");
        self.one("version").parse().map_err(|_| missing())
    }
}
