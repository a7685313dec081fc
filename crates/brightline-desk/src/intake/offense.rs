//! Offenses: a slip of the pen must not pass for an offense that no table lists.

use brightline_law::ir::{Offense, OffenseNode};

use super::Desk;
use crate::refusal::Fault;

impl Desk<'_> {
    /// Reads `NY PL 160.15`: the law, the section, subdivisions in parentheses; or the name that a
    /// table in reach gives an offense, where it gives names.
    ///
    /// An offense outside every table is a good answer, so the form is looked at closely: what is
    /// nearly a section of a table is refused, and so is a section with an attempt's prefix or a
    /// range around it.
    pub(super) fn offense(&mut self, place: &str, text: &str) -> Result<Offense, Fault> {
        let universe = &self.names.corpus.offenses;
        let found = universe.find(text);
        if let Some(meant) = universe.slip(text) {
            let fault = Fault::new(place, format!("no table names an offense `{text}`"));
            return Err(fault.help(format!("did you mean `{meant}`?")));
        }
        let Some((law, section)) = law_and_section(text) else {
            let is_named = found.whole && self.named_here().any(|node| node == found.node);
            return is_named.then_some(found).ok_or_else(|| self.no_offense(place, text));
        };
        let is_listed = |part: &str| {
            let node = universe.find(&format!("{law} {part}")).node;
            let name = universe.name(node).split('(').next().unwrap_or_default();
            name.ends_with(&format!(" {part}"))
        };
        let mut parts = section.split(['-', '/', ',', ';']).map(str::trim);
        if let Some(part) = parts.find(|part| *part != section && is_listed(part))
            && !is_listed(&section)
        {
            let fault = Fault::new(place, format!("`{section}` is not one section"));
            let help = format!(
                "write the section alone, \"{law} {part}\", and what else is true of it in the \
                 other fields"
            );
            return Err(fault.help(help));
        }
        if !universe.knows_law(text) {
            self.notes.push(format!("{text}: no table here names an offense of that law"));
        }
        Ok(found)
    }

    /// Says that a text is no offense, with one of the place to show how they are written.
    fn no_offense(&self, place: &str, text: &str) -> Fault {
        let universe = &self.names.corpus.offenses;
        let mut sections = self.named_here().map(|node| universe.name(node)).peekable();
        let words = self.named_here().map(|node| universe.name(node));
        let words: Vec<&str> = words.filter(|name| law_and_section(name).is_none()).collect();
        let fault = Fault::new(
            place,
            format!("`{text}` is no offense: the law and the section are needed"),
        );
        let fault = fault.nearest(&text.to_uppercase(), words);
        match sections.find(|name| law_and_section(name).is_some()) {
            Some(name) if fault.help.is_none() => fault.help(format!("write it as \"{name}\"")),
            _ => fault,
        }
    }

    /// The offenses that the tables in reach name, those of the pack itself first.
    fn named_here(&self) -> impl Iterator<Item = OffenseNode> {
        let tables = &self.names.corpus.tables;
        let of = move |pack| tables.iter().filter(move |table| table.pack == pack);
        let rows = self.names.chain().flat_map(of).flat_map(|table| &table.rows);
        rows.map(|row| row.offense)
    }
}

/// Splits `NY PL 265.02(3)` into `NY PL` and `265.02`; the section has a digit.
fn law_and_section(text: &str) -> Option<(String, String)> {
    let text = text.replace('§', " ").split_whitespace().collect::<Vec<_>>().join(" ");
    let head = text.split('(').next().unwrap_or_default().trim_end();
    let (law, section) = head.rsplit_once(' ')?;
    let is_section = section.chars().any(|letter| letter.is_ascii_digit());
    is_section.then(|| (law.to_uppercase(), section.to_lowercase()))
}
