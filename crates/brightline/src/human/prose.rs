//! A pack in plain words, on a terminal.

use brightline_desk::{SectionProse, pack_prose, section_prose};
use brightline_law::ir::{Corpus, PackId, SectionId};

use super::paragraph::hanging;
use crate::output::{STRONG, styled};

/// Returns what a pack is: title, packs above it, first day.
pub(crate) fn head(corpus: &Corpus, id: PackId) -> String {
    let lines = pack_prose(corpus, id);
    let mut lines = lines.iter();
    let title = lines.next().map(|it| format!("{}\n", styled(STRONG, it))).unwrap_or_default();
    lines.fold(title, |text, line| text + &hanging("", 2, line))
}

/// Returns a section in plain words.
pub(crate) fn section(corpus: &Corpus, id: SectionId) -> String {
    section_prose(corpus, id).map(|it| printed(&it)).unwrap_or_default()
}

fn printed(section: &SectionProse) -> String {
    let mut text = hanging("", 2, &styled(STRONG, &section.title));
    for line in &section.head {
        text.push_str(&hanging("  ", 4, line));
    }
    for provision in &section.provisions {
        text.push_str(&format!("\n  {}\n", styled(STRONG, &provision.citation)));
        for line in &provision.lines {
            let indent = 4 + 2 * line.level;
            text.push_str(&hanging(&" ".repeat(indent), indent + 2, &line.text));
        }
    }
    text
}
