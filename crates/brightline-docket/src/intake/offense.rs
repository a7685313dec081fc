//! Offenses: a slip of the pen must not pass for an offense that no table lists.

use brightline_law::ir::{Offense, OffenseNode};

use super::Desk;
use crate::refusal::Fault;

impl Desk<'_> {
    /// Reads `NY PL 160.15`: the law, the section, subdivisions in parentheses.
    ///
    /// An offense outside every table is a good answer, so the form is looked at closely: a law
    /// that is nearly one that the tables name is refused, and so is a section with a word, an
    /// attempt's prefix or a range around it.
    pub(super) fn offense(&mut self, place: &str, text: &str) -> Result<Offense, Fault> {
        let form = |message: String| Fault::new(place, message);
        let Some((law, section)) = law_and_section(text) else {
            let fault = form(format!("`{text}` is no offense: the law and the section are needed"));
            return Err(match self.laws().next() {
                Some((_, law)) => fault.help(format!("write it as \"{law} 100.00\"")),
                None => fault,
            });
        };
        let universe = &self.names.corpus.offenses;
        let found = universe.find(text);
        if found.node == OffenseNode::ROOT {
            let laws: Vec<&str> = self.laws().map(|(_, law)| law).collect();
            if let Some(near) = brightline_law::diagnostic::nearest(&law, &laws) {
                let fault = form(format!("there is no law `{law}` here"));
                return Err(fault.help(format!("did you mean `{near}`?")));
            }
            self.notes.push(format!("{text}: no table here names an offense of that law"));
            return Ok(found);
        }
        let parts: Vec<&str> = section.split(['-', '/', ',', ';']).map(str::trim).collect();
        let listed = |part: &&str| {
            let inner = universe.find(&format!("{law} {part}"));
            inner.node != OffenseNode::ROOT && universe.parent(inner.node) != OffenseNode::ROOT
        };
        let is_law_only = universe.parent(found.node) == OffenseNode::ROOT;
        match parts.iter().find(|part| listed(part)) {
            Some(part) if is_law_only && parts.len() > 1 => {
                let fault = form(format!("`{section}` is not one section"));
                let help = format!(
                    "write the section alone, \"{law} {part}\", and what else is \
                                    true of it in the other fields"
                );
                Err(fault.help(help))
            }
            _ => Ok(found),
        }
    }

    /// The laws that the tables name.
    fn laws(&self) -> impl Iterator<Item = (OffenseNode, &str)> {
        let universe = &self.names.corpus.offenses;
        let nodes = (1..universe.len()).filter_map(|node| u32::try_from(node).ok());
        let tops =
            nodes.map(OffenseNode).filter(move |&node| universe.parent(node) == OffenseNode::ROOT);
        tops.map(move |node| (node, universe.name(node)))
    }
}

/// Splits `NY PL 265.02(3)` into `NY PL` and `265.02`; the section has a digit.
fn law_and_section(text: &str) -> Option<(String, String)> {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let head = text.split('(').next().unwrap_or_default().trim_end();
    let (law, section) = head.rsplit_once(' ')?;
    let is_section = section.chars().any(|letter| letter.is_ascii_digit());
    is_section.then(|| (law.to_uppercase(), section.to_lowercase()))
}
