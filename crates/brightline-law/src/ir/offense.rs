//! Offenses as a tree of sections and subdivisions.
//!
//! `NY PL 265.02(3)` is the State `NY`, its law `PL`, the section `265.02`, the subdivision `(3)`.
//! A State covers its laws, a law its sections, a section its subdivisions; an offense less exact
//! than a row leaves membership open.

use std::collections::BTreeMap;

use crate::diagnostic::nearest;

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
    /// Sections by their letters and digits alone: `NYPL16015`.
    sections: BTreeMap<String, OffenseNode>,
    /// The laws of which some table names a section.
    laws: Vec<OffenseNode>,
}

impl Default for OffenseUniverse {
    fn default() -> Self {
        Self {
            names: vec![String::new()],
            parents: vec![OffenseNode::ROOT],
            children: BTreeMap::new(),
            sections: BTreeMap::new(),
            laws: Vec::new(),
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
        let name = format!("{above}{gap}{part}");
        if !part.starts_with('(') && has_digit(&part) && !above.is_empty() {
            self.sections.entry(letters(&name)).or_insert(node);
            if !self.laws.contains(&parent) {
                self.laws.push(parent);
            }
        }
        self.names.push(name);
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

    /// Returns the section of a table that a text may have meant, where a slip of the pen keeps it
    /// from being that section.
    ///
    /// Besides [`Self::spelled_otherwise`], a law that no table names is looked at: `NY PK 160.15`
    /// has one that is a letter away, `PL 160.15` one that lacks the State, `NY PENAL 160.15` one
    /// of the same State, and in each the law that is meant has this section.
    ///
    /// ```
    /// let mut offenses = brightline_law::ir::OffenseUniverse::default();
    /// offenses.insert("NY PL 160.15");
    /// assert_eq!(offenses.slip("NY PK 160.15(1)"), Some("NY PL 160.15"));
    /// assert_eq!(offenses.slip("NY PL 160.10"), None);
    /// ```
    #[must_use]
    pub fn slip(&self, text: &str) -> Option<&str> {
        if let Some(section) = self.spelled_otherwise(text) {
            return Some(section);
        }
        let (law, section) = law_and_section(text)?;
        if !has_digit(&section) || self.has_law(&law) {
            return None;
        }
        let meant = self.laws.iter().filter(|known| is_near_law(&law, self.name(**known)));
        let mut sections = meant.filter_map(|law| self.children.get(&(*law, section.clone())));
        sections.next().map(|node| self.name(*node))
    }

    /// Returns the section of a table that has the letters and digits of a text and is written
    /// otherwise, such as `NY PL 160.15` for `NYPL 160.15` and `NY PL 160-15`.
    #[must_use]
    pub fn spelled_otherwise(&self, text: &str) -> Option<&str> {
        let head = text.split('(').next().unwrap_or_default();
        let section = *self.sections.get(&letters(head))?;
        let written = self.find(text).node;
        (!self.is_at_or_below(written, section)).then(|| self.name(section))
    }

    /// Returns whether some table names a section of the law in which a text places an offense.
    #[must_use]
    pub fn knows_law(&self, text: &str) -> bool {
        law_and_section(text).is_some_and(|(law, _)| self.has_law(&law))
    }

    fn has_law(&self, name: &str) -> bool {
        self.laws.iter().any(|law| self.name(*law) == name)
    }

    fn is_at_or_below(&self, mut node: OffenseNode, above: OffenseNode) -> bool {
        while node != above && node != OffenseNode::ROOT {
            node = self.parent(node);
        }
        node == above
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
    let words = head.split_whitespace().map(|word| word.trim_start_matches('§'));
    let words = words.filter(|word| !word.is_empty()).map(|word| match is_law(word) {
        true => word.to_uppercase(),
        false => word.to_lowercase(),
    });
    let groups = tail.split_inclusive(')').map(|group| group.trim().to_lowercase());
    words.chain(groups.filter(|group| !group.is_empty())).collect()
}

/// Returns the words before the section, and the section, as tables write them.
fn law_and_section(text: &str) -> Option<(String, String)> {
    let words = parts(text.split('(').next().unwrap_or_default());
    let (section, law) = words.split_last()?;
    Some((law.join(" "), section.clone()))
}

/// Returns whether a law is written nearly as a known one, or is one of the same State.
fn is_near_law(written: &str, known: &str) -> bool {
    let first = |text: &str| text.split(' ').next().map(str::to_owned);
    let same_state = written.contains(' ') && first(written) == first(known);
    let lacks_state = known.rsplit(' ').next() == Some(written);
    let one_letter_off = nearest(&letters(written), [letters(known)]).is_some();
    same_state || lacks_state || one_letter_off
}

fn letters(text: &str) -> String {
    text.chars().filter(char::is_ascii_alphanumeric).map(|it| it.to_ascii_uppercase()).collect()
}

fn has_digit(text: &str) -> bool {
    text.chars().any(|letter| letter.is_ascii_digit())
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

    fn new_york() -> OffenseUniverse {
        let mut universe = OffenseUniverse::default();
        universe.insert("NY");
        universe.insert("NY PL 160.15");
        universe.insert("NY VTL 600");
        universe.insert("18 USC 1015");
        universe
    }

    #[test]
    fn a_section_sign_is_no_part_of_a_name() {
        let universe = new_york();
        assert_eq!(universe.find("NY PL § 160.15"), universe.find("NY PL 160.15"));
        assert_eq!(universe.find("NY PL §160.15(4)"), universe.find("NY PL 160.15(4)"));
    }

    #[test]
    fn a_slip_is_told_from_an_offense_that_no_table_names() {
        let universe = new_york();
        let slips = [
            "NYPL 160.15",
            "NY PL160.15",
            "NY PL 160-15",
            "N.Y. P.L. 160.15",
            "NY PK 160.15",
            "PL 160.15",
            "NY PENAL LAW 160.15(2)",
            "NJ PL 160.15",
        ];
        for text in slips {
            assert_eq!(universe.slip(text), Some("NY PL 160.15"), "{text}");
        }
        for text in ["NY PL 160.15(4)", "NY PL 140.20", "NY TL 1801", "NJ 2C:15-1", "8 USC 1326"] {
            assert_eq!(universe.slip(text), None, "{text}");
        }
    }

    #[test]
    fn a_law_is_known_when_a_table_names_a_section_of_it() {
        let universe = new_york();
        assert!(universe.knows_law("NY VTL 1192"));
        assert!(universe.knows_law("18 USC 922(g)"));
        assert!(!universe.knows_law("NY TL 1801"));
        assert!(!universe.knows_law("NJ 2C:15-1"));
    }
}
