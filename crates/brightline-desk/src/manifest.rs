//! `pack.toml`: what a pack is called, what stands above it, where its texts were read.

use brightline_law::SourceReference;
use brightline_law::diagnostic::line_of;
use serde::Deserialize;
use toml::Value;

/// The values of a manifest.
#[derive(Debug, Default)]
pub(crate) struct Manifest {
    pub(crate) id: String,
    pub(crate) title: String,
    pub(crate) parents: Vec<String>,
    pub(crate) zone: String,
    pub(crate) recorded_from: Option<String>,
    pub(crate) references: Vec<SourceReference>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ManifestText {
    id: String,
    title: String,
    #[serde(default)]
    parents: Vec<String>,
    zone: String,
    recorded_from: Option<Value>,
    #[serde(default)]
    source: Vec<SourceText>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SourceText {
    id: String,
    title: String,
    #[serde(default)]
    url: String,
    read: Option<Value>,
    /// What it was read for, where no provision names it.
    #[serde(default, rename = "for")]
    purpose: String,
}

/// What is wrong with a manifest: line, if it is known, and message.
pub(crate) type ManifestError = (Option<usize>, String);

/// Reads a manifest.
pub(crate) fn parse_manifest(text: &str) -> Result<Manifest, ManifestError> {
    let read: ManifestText = toml::from_str(text).map_err(|error| {
        let line = error.span().map(|span| line_of(text, span.start));
        (line, error.message().replace('\n', "; "))
    })?;
    let references = read.source.into_iter().map(reference).collect::<Result<_, _>>()?;
    Ok(Manifest {
        id: read.id,
        title: read.title,
        parents: read.parents,
        zone: read.zone,
        recorded_from: read.recorded_from.map(|value| date("recorded_from", &value)).transpose()?,
        references,
    })
}

fn reference(source: SourceText) -> Result<SourceReference, ManifestError> {
    let read =
        source.read.as_ref().map(|value| date("read", value)).transpose()?.unwrap_or_default();
    let SourceText { id, title, url, purpose, .. } = source;
    Ok(SourceReference { id, title, url, read, purpose })
}

/// Takes `2011-01-01` and `"2011-01-01"` alike.
fn date(key: &str, value: &Value) -> Result<String, ManifestError> {
    match value {
        Value::Datetime(day) if day.time.is_none() => Ok(day.to_string()),
        Value::String(text) => Ok(text.clone()),
        _ => Err((None, format!("`{key}` is a date, written `{key} = 2011-01-01`"))),
    }
}
