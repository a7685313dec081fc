//! The page for agents at the door: what it asks and says, from the files beside the packs.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::beside::{Beside, WordingError};

/// A paper that is shown at a door.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DoorPaper {
    /// Its name in the vocabulary.
    pub name: String,
    /// What it looks like, for somebody who never saw one.
    pub words: String,
}

/// What the page for agents at the door asks and says.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Door {
    /// The acts that are asked at a door, by their names in the vocabulary.
    pub acts: Vec<String>,
    /// What comes first.
    pub safety: Vec<String>,
    /// Whom to call, in order.
    pub call: Vec<String>,
    /// What to write down.
    pub write_down: Vec<String>,
    /// What is not written down.
    pub leave_out: String,
    /// The papers that are shown.
    #[serde(rename = "paper")]
    pub papers: Vec<DoorPaper>,
    /// What to say, by the name of the outcome.
    pub say: BTreeMap<String, String>,
}

impl Door {
    /// Returns the page of the nearest of some packs that has one.
    ///
    /// # Errors
    ///
    /// When the file is broken.
    pub fn of(beside: &Beside, packs: &[String]) -> Result<Option<Self>, WordingError> {
        for pack in packs {
            let path = format!("{pack}/door/door.toml");
            if let Some((path, text)) = beside.all("door").find(|(it, _)| *it == path) {
                let read: Self = toml::from_str(text).map_err(|error| {
                    WordingError::new(path, error.message().replace('\n', "; "))
                })?;
                return Ok(Some(read));
            }
        }
        Ok(None)
    }
}
