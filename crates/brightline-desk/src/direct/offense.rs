//! Offenses by the text that names them.

use brightline_law::ir::{Corpus, Offense, OffenseNode, OffenseUniverse};

use super::names::Names;
use crate::intake::plain_offense;

/// No offense that is looked up here has a longer name.
const LENGTH_MAX: usize = 64;

/// Every offense that tables name, by its name.
pub(super) struct Offenses {
    named: Names<Named>,
}

#[derive(Clone, Copy)]
struct Named {
    node: OffenseNode,
    /// What intake takes this very name for; none where it has something to say of it.
    taken: Option<Offense>,
    /// Some table names a section of it.
    is_law: bool,
}

impl Offenses {
    pub(super) fn of(corpus: &Corpus) -> Option<Self> {
        let universe = &corpus.offenses;
        let nodes = (1..universe.len()).filter_map(|node| u32::try_from(node).ok());
        let named = nodes.map(OffenseNode).map(|node| {
            let name = universe.name(node);
            let taken = plain_offense(corpus, name);
            (name, Named { node, taken, is_law: universe.is_law(node) })
        });
        Names::of(named).map(|named| Self { named })
    }

    /// Returns the offense that intake takes a text for, where nothing is to be said of it.
    pub(super) fn find(&self, universe: &OffenseUniverse, text: &str) -> Option<Offense> {
        if let Some(found) = self.named.get(text.as_bytes()) {
            return found.taken;
        }
        let mut room = [0u8; LENGTH_MAX];
        let name = written(text, &mut room)?;
        if let Some(found) = self.named.get(name) {
            return found.taken;
        }
        // Named less exactly: without its last subdivision, then without its section.
        let mut shorter = name;
        loop {
            let cut = shorter.iter().rposition(|byte| matches!(byte, b'(' | b' '))?;
            let is_section = shorter.get(cut) == Some(&b' ');
            let dropped = shorter.get(cut..)?;
            shorter = shorter.get(..cut)?;
            let Some(found) = self.named.get(shorter) else {
                // Intake looks closely at a law that no table names.
                if is_section {
                    return None;
                }
                continue;
            };
            let is_range = dropped.iter().any(|byte| matches!(byte, b'-' | b'/' | b',' | b';'));
            let is_plain = !is_section
                || found.is_law && !is_range && universe.spelled_otherwise(text).is_none();
            return is_plain.then_some(Offense { node: found.node, whole: false });
        }
    }
}

/// Writes a name as the tables do: laws in capitals, sections in small letters.
/// None where it is not words parted by single spaces, the last with a digit, then groups in
/// parentheses.
fn written<'b>(text: &str, room: &'b mut [u8; LENGTH_MAX]) -> Option<&'b [u8]> {
    let room = room.get_mut(..text.len())?;
    room.copy_from_slice(text.as_bytes());
    let head = room.iter().position(|byte| *byte == b'(').unwrap_or(room.len());
    let (head, tail) = room.split_at_mut(head);
    let mut words = 0;
    let mut has_digit = false;
    for word in head.split_mut(|byte| *byte == b' ') {
        let is_plain = |byte: &u8| byte.is_ascii_graphic() && !matches!(byte, b')' | b'\\');
        if word.is_empty() || !word.iter().all(is_plain) {
            return None;
        }
        words += 1;
        has_digit = word.iter().any(u8::is_ascii_digit);
        if has_digit {
            word.make_ascii_lowercase();
        } else {
            word.make_ascii_uppercase();
        }
    }
    tail.make_ascii_lowercase();
    (words > 1 && has_digit && groups_only(tail)).then_some(&*room)
}

/// Returns whether bytes are groups like `(3)(b)` and nothing else.
fn groups_only(tail: &[u8]) -> bool {
    let mut is_open = false;
    for byte in tail {
        match (byte, is_open) {
            (b'(', false) => is_open = true,
            (b')', true) => is_open = false,
            (byte, true) if byte.is_ascii_alphanumeric() => {}
            _ => return false,
        }
    }
    !is_open
}
