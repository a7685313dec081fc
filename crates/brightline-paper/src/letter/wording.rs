//! The wording of letters, from the files beside the packs.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::beside::{Beside, WordingError};

/// A letter in one language.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Wording {
    /// The name of the language in itself.
    pub(crate) language: String,
    #[serde(default)]
    pub(crate) direction: Direction,
    /// `reviewed` or `machine`.
    pub(crate) drafted: Drafted,
    /// Who reviewed the text: an office.
    #[serde(default)]
    pub(crate) reviewed_by: String,
    /// What is said above a text that a machine drafted; in the language and in English.
    #[serde(default)]
    pub(crate) notice: Vec<String>,
    pub(crate) title: String,
    /// What is said above a letter that nobody signed yet.
    #[serde(default)]
    pub(crate) draft: String,
    /// Page `{page}` of `{pages}`.
    pub(crate) footer: String,
    #[serde(default)]
    pub(crate) outcomes: BTreeMap<String, String>,
    #[serde(default)]
    pub(crate) acts: BTreeMap<String, String>,
    #[serde(rename = "part", default)]
    pub(crate) parts: Vec<Part>,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Direction {
    #[default]
    Ltr,
    Rtl,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Drafted {
    Reviewed,
    Machine,
}

/// A part of a letter; it falls away where something that it names is empty.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Part {
    pub(crate) heading: String,
    pub(crate) paragraph: String,
    pub(crate) list: Vec<String>,
    /// Rows of two columns.
    pub(crate) rows: Vec<(String, String)>,
    /// Once for each: `acts`, `duties`, `signatures`, `to`.
    pub(crate) each: String,
    /// With `each = "acts"`: also a row for each reason, citation, open question.
    pub(crate) reasons: String,
    pub(crate) citations: String,
    pub(crate) open: String,
}

/// The head of a jurisdiction's letters.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Letterhead {
    /// Empty for the name of the jurisdiction.
    #[serde(default)]
    pub(crate) name: String,
    #[serde(default)]
    pub(crate) lines: Vec<String>,
    /// The languages of notices, in the order of the list.
    #[serde(default)]
    pub(crate) languages: Vec<String>,
}

/// All wordings: by pack, by `person.es`.
#[derive(Debug, Clone, Default)]
pub(crate) struct Wordings {
    letters: BTreeMap<(String, String), Wording>,
    heads: BTreeMap<String, Letterhead>,
}

impl Wordings {
    pub(crate) fn of(beside: &Beside) -> Result<Self, WordingError> {
        let mut wordings = Self::default();
        for (path, text) in beside.all("letters") {
            let mut parts = path.split('/');
            let (pack, name) = (parts.next().unwrap_or_default(), parts.nth(1).unwrap_or_default());
            let name = name.trim_end_matches(".toml");
            let broken = |error: toml::de::Error| {
                WordingError::new(path, error.message().replace('\n', "; "))
            };
            if name == "letterhead" {
                wordings.heads.insert(pack.to_owned(), toml::from_str(text).map_err(broken)?);
            } else {
                let wording: Wording = toml::from_str(text).map_err(broken)?;
                if wording.drafted == Drafted::Machine && wording.notice.is_empty() {
                    return Err(WordingError::new(path, "drafted by a machine, and no `notice`"));
                }
                if wording.drafted == Drafted::Reviewed && wording.reviewed_by.is_empty() {
                    return Err(WordingError::new(path, "reviewed, and no `reviewed_by`"));
                }
                wordings.letters.insert((pack.to_owned(), name.to_owned()), wording);
            }
        }
        Ok(wordings)
    }

    /// Returns the wording of the nearest pack that has one.
    pub(crate) fn get(&self, packs: &[String], kind: &str, locale: &str) -> Option<&Wording> {
        let name = format!("{kind}.{locale}");
        packs.iter().find_map(|pack| self.letters.get(&(pack.clone(), name.clone())))
    }

    /// Returns the head of the nearest pack that has one.
    pub(crate) fn head(&self, packs: &[String]) -> Option<&Letterhead> {
        packs.iter().find_map(|pack| self.heads.get(pack))
    }
}
