//! Names in the cells of a table: choices and offenses, each looked up once.

use std::collections::BTreeMap;

use brightline_law::ir::{Corpus, Offense};

use crate::error::Fault;

/// Texts that were looked up.
pub(crate) struct Names<'c> {
    corpus: &'c Corpus,
    offenses: BTreeMap<String, Offense>,
}

impl<'c> Names<'c> {
    pub(crate) fn new(corpus: &'c Corpus) -> Self {
        Self { corpus, offenses: BTreeMap::new() }
    }

    /// Returns the offense that a text names; a slip of the pen must not pass for an offense that
    /// no table lists.
    pub(crate) fn offense(&mut self, place: &str, text: &str) -> Result<Offense, Fault> {
        if let Some(offense) = self.offenses.get(text) {
            return Ok(*offense);
        }
        let offense = self.look_up(place, text)?;
        self.offenses.insert(text.to_owned(), offense);
        Ok(offense)
    }

    fn look_up(&self, place: &str, text: &str) -> Result<Offense, Fault> {
        let universe = &self.corpus.offenses;
        let head = text.split('(').next().unwrap_or_default().trim_end();
        let parts = head.rsplit_once(' ');
        if !parts.is_some_and(|(_, section)| has_digit(section)) {
            let message = format!("`{text}` is no offense: the law and the section are needed");
            return Err(Fault::new(place, message));
        }
        if let Some(meant) = universe.slip(text) {
            let fault = Fault::new(place, format!("no table names an offense `{text}`"));
            return Err(fault.help(format!("did you mean `{meant}`?")));
        }
        Ok(universe.find(text))
    }
}

/// Returns the index of a choice.
pub(crate) fn choice(place: &str, choices: &[(String, String)], text: &str) -> Result<u16, Fault> {
    let at = choices.iter().position(|(name, _)| name == text);
    at.and_then(|at| u16::try_from(at).ok()).ok_or_else(|| {
        let names = choices.iter().map(|(name, _)| name.as_str());
        Fault::new(place, format!("`{text}` is not among the answers")).names(text, names)
    })
}

fn has_digit(text: &str) -> bool {
    text.chars().any(|letter| letter.is_ascii_digit())
}
