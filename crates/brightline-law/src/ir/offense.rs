//! Offenses as a tree of sections and subdivisions.
//!
//! `NY PL 265.02(3)` is the State `NY`, its law `PL`, the section `265.02`, the subdivision `(3)`.
//! A State covers its laws, a law its sections, a section its subdivisions; an offense less exact
//! than a row leaves membership open.

use std::collections::BTreeMap;

/// A node of the tree: a law, a section or a subdivision that some table names, or is above one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OffenseNode(pub u32);

impl OffenseNode {
    /// The root: the offense that no table names.
    pub const ROOT: Self = Self(0);
}

/// An offense as far as the tables can tell: the deepest node, and whether it is named in full.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Offense {
    /// The deepest node of the tree that covers it.
    pub node: OffenseNode,
    /// The offense as given goes no deeper than the node; a row below it may or may not apply.
    pub whole: bool,
}

/// The tree of all offenses that tables name.
#[derive(Debug, Clone)]
pub struct OffenseUniverse {
    names: Vec<String>,
    parents: Vec<OffenseNode>,
    children: BTreeMap<(OffenseNode, String), OffenseNode>,
}

impl Default for OffenseUniverse {
    fn default() -> Self {
        Self {
            names: vec![String::new()],
            parents: vec![OffenseNode::ROOT],
            children: BTreeMap::new(),
        }
    }
}

impl OffenseUniverse {
    /// Adds an offense and all that is above it, and returns its node.
    pub fn insert(&mut self, text: &str) -> OffenseNode {
        let mut node = OffenseNode::ROOT;
        for part in parts(text) {
            node = match self.children.get(&(node, part.clone())) {
                Some(&child) => child,
                None => self.add(node, part),
            };
        }
        node
    }

    fn add(&mut self, parent: OffenseNode, part: String) -> OffenseNode {
        let node = OffenseNode(u32::try_from(self.names.len()).unwrap_or(u32::MAX));
        let above = self.names.get(parent.0 as usize).cloned().unwrap_or_default();
        let gap = if above.is_empty() || part.starts_with('(') { "" } else { " " };
        self.names.push(format!("{above}{gap}{part}"));
        self.parents.push(parent);
        self.children.insert((parent, part), node);
        node
    }

    /// Returns the offense that a text names.
    #[must_use]
    pub fn find(&self, text: &str) -> Offense {
        let mut node = OffenseNode::ROOT;
        for part in parts(text) {
            match self.children.get(&(node, part)) {
                Some(&child) => node = child,
                None => return Offense { node, whole: false },
            }
        }
        Offense { node, whole: true }
    }

    /// Returns how many nodes there are; nodes are numbered from 0, parents before children.
    #[must_use]
    pub fn len(&self) -> usize {
        self.names.len()
    }

    /// Returns whether no table names any offense.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.names.len() <= 1
    }

    /// Returns the node above; the root is above itself.
    #[must_use]
    pub fn parent(&self, node: OffenseNode) -> OffenseNode {
        self.parents.get(node.0 as usize).copied().unwrap_or(OffenseNode::ROOT)
    }

    /// Returns the name of a node, as a table writes it.
    #[must_use]
    pub fn name(&self, node: OffenseNode) -> &str {
        self.names.get(node.0 as usize).map_or("", String::as_str)
    }
}

/// Splits `NY PL 265.02(3)(b)` into `NY`, `PL`, `265.02`, `(3)`, `(b)`.
fn parts(text: &str) -> Vec<String> {
    let (head, tail) = match text.find('(') {
        Some(at) => text.split_at(at),
        None => (text, ""),
    };
    let is_law = |word: &str| !word.chars().any(|letter| letter.is_ascii_digit());
    let words = head.split_whitespace().map(|word| match is_law(word) {
        true => word.to_uppercase(),
        false => word.to_lowercase(),
    });
    let groups = tail.split_inclusive(')').map(|group| group.trim().to_lowercase());
    words.chain(groups.filter(|group| !group.is_empty())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_section_covers_its_subdivisions() {
        let mut universe = OffenseUniverse::default();
        let section = universe.insert("NY PL 160.15");
        assert_eq!(universe.find("NY PL 160.15(4)"), Offense { node: section, whole: false });
        assert_eq!(universe.find("ny pl 160.15"), Offense { node: section, whole: true });
    }

    #[test]
    fn a_state_covers_its_laws() {
        let mut universe = OffenseUniverse::default();
        let state = universe.insert("NY");
        assert_eq!(universe.find("NY VTL 600"), Offense { node: state, whole: false });
        assert_eq!(universe.find("NJ 2C:15-1").node, OffenseNode::ROOT);
    }

    #[test]
    fn a_less_exact_offense_ends_above_the_row() {
        let mut universe = OffenseUniverse::default();
        let row = universe.insert("NY PL 265.02(3)");
        let found = universe.find("NY PL 265.02");
        assert_eq!(found.node, universe.parent(row));
        assert!(found.whole);
    }
}
