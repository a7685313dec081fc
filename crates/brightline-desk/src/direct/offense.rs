//! Offenses by the text that names them.

use std::collections::HashMap;
use std::hash::BuildHasherDefault;
use std::sync::{Arc, PoisonError, RwLock};

use brightline_law::ir::{Corpus, Offense, OffenseNode};
use rustc_hash::FxHasher;

use super::names::Names;
use crate::intake::offense_with_notes;

/// No offense that is looked up here has a longer name.
const LENGTH_MAX: usize = 64;
/// So many offenses that intake looked at closely are kept before all are forgotten.
const CLOSELY_MAX: usize = 1024;

/// What intake made of a text, and what it has to say of it.
type Closely = Option<(Offense, Arc<[String]>)>;

/// Every offense that tables name, by its name.
pub(super) struct Offenses {
    named: Names<Named>,
    /// Offenses of which no table names the section, by their text.
    closely: RwLock<HashMap<Box<str>, Closely, BuildHasherDefault<FxHasher>>>,
}

/// An offense found, and what intake has to say of it.
pub(super) struct Found {
    pub(super) offense: Offense,
    pub(super) notes: Arc<[String]>,
}

#[derive(Clone, Copy)]
struct Named {
    node: OffenseNode,
    /// What intake takes this very name for; none where it has something to say of it.
    taken: Option<Offense>,
}

impl Offenses {
    pub(super) fn of(corpus: &Corpus) -> Option<Self> {
        let universe = &corpus.offenses;
        let nodes = (1..universe.len()).filter_map(|node| u32::try_from(node).ok());
        let named = nodes.map(OffenseNode).map(|node| {
            let name = universe.name(node);
            let taken = offense_with_notes(corpus, name)
                .and_then(|(offense, notes)| notes.is_empty().then_some(offense));
            (name, Named { node, taken })
        });
        Names::of(named).map(|named| Self { named, closely: RwLock::default() })
    }

    /// Returns the offense that intake takes a text for; none where it may refuse it.
    pub(super) fn find(&self, corpus: &Corpus, text: &str) -> Option<Found> {
        let plain =
            |offense: Option<Offense>| Some(Found { offense: offense?, notes: Arc::new([]) });
        if let Some(found) = self.named.get(text.as_bytes()) {
            return plain(found.taken);
        }
        let mut room = [0u8; LENGTH_MAX];
        let name = written(text, &mut room)?;
        if let Some(found) = self.named.get(name) {
            return plain(found.taken);
        }
        // Named less exactly: without its last subdivisions.
        let mut shorter = name;
        while let Some(cut) = shorter.iter().rposition(|byte| *byte == b'(') {
            shorter = shorter.get(..cut)?;
            if let Some(found) = self.named.get(shorter) {
                return plain(Some(Offense { node: found.node, whole: false }));
            }
        }
        self.looked_at_closely(corpus, text)
    }

    /// Lets intake look at a section that no table names, unless it did before: it may be a slip,
    /// a range, or of a law that none names.
    fn looked_at_closely(&self, corpus: &Corpus, text: &str) -> Option<Found> {
        let found = |known: &Closely| {
            let (offense, notes) = known.as_ref()?;
            Some(Found { offense: *offense, notes: Arc::clone(notes) })
        };
        let known = self.closely.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = known.get(text) {
            return found(known);
        }
        drop(known);
        let made: Closely =
            offense_with_notes(corpus, text).map(|(offense, notes)| (offense, notes.into()));
        let offense = found(&made);
        let mut known = self.closely.write().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= CLOSELY_MAX {
            known.clear();
        }
        known.insert(text.into(), made);
        offense
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
