//! A saying's condition as written, with the guard of every line: where explanations come from.

use super::formula::{Lowering, facts_named};
use super::sentence;
use super::space::{Space, Truths};
use crate::diagram::{NodeId, Overflow, Variable};
use crate::ir::{Condition, ConditionKind, Corpus, FactId, ProvisionId, RecordId, UnsettledKind};

/// A line of a condition.
pub(crate) struct Tree {
    /// Its guard, where facts can be so.
    pub guard: NodeId,
    /// The variables that its own words test.
    pub tests: Vec<Variable>,
    /// Its citation within the provision.
    pub label: String,
    /// In words.
    pub words: String,
    /// The citation of the definition it rests on.
    pub defined: Option<String>,
    /// The provisions of that definition and of all that it uses in turn.
    pub rests_on: Vec<ProvisionId>,
    /// Its words, with the citation of the definition.
    pub told: String,
    /// That it does not hold, as a sentence of its own, with the citation of the definition; absent
    /// where its words cannot be turned.
    pub denied: Option<String>,
    /// Its id and its citation.
    pub cited: (String, String),
    /// What kind of line.
    pub kind: TreeKind,
    /// The lines below.
    pub children: Vec<Tree>,
    /// Facts named, for leaves.
    pub facts: Vec<FactId>,
    /// Lists named, for leaves.
    pub records: Vec<RecordId>,
}

/// The kinds of lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TreeKind {
    All,
    Any,
    Not,
    Leaf,
}

impl Tree {
    /// Builds the tree of a condition whose tests are in the space.
    pub(crate) fn of(
        corpus: &Corpus,
        space: &mut Space,
        lowering: &mut Lowering<'_>,
        domain: NodeId,
        condition: &Condition,
    ) -> Result<Self, Overflow> {
        let formula = lowering.formula(condition);
        let own = space.guard(&formula)?;
        let tests = space.diagram.support(own);
        let guard = space.within(domain, own)?;
        let (kind, below): (TreeKind, &[Condition]) = match &condition.kind {
            ConditionKind::All(parts) => (TreeKind::All, parts),
            ConditionKind::Any(parts) => (TreeKind::Any, parts),
            ConditionKind::Not(inner) => (TreeKind::Not, std::slice::from_ref(&**inner)),
            _ => (TreeKind::Leaf, &[]),
        };
        let mut children = Vec::with_capacity(below.len());
        for part in below {
            children.push(Self::of(corpus, space, lowering, domain, part)?);
        }
        let mut facts = Vec::new();
        let mut records = Vec::new();
        if kind == TreeKind::Leaf {
            facts_named(&formula, &mut facts);
            formula.tests(&mut |test| {
                if let super::formula::Test::Count(record, ..) = test {
                    records.push(*record);
                }
            });
        }
        let mut rests_on = Vec::new();
        if kind == TreeKind::Leaf {
            add_definitions(corpus, lowering, condition, &mut rests_on);
        }
        Ok(Self {
            guard,
            tests,
            label: condition.label.clone(),
            words: sentence::condition(corpus, condition),
            defined: defined_at(corpus, lowering, condition),
            rests_on,
            told: String::new(),
            denied: (kind == TreeKind::Leaf).then(|| sentence::denied(corpus, condition)).flatten(),
            cited: Default::default(),
            kind,
            children,
            facts,
            records,
        })
    }

    /// Says that it holds, or does not, or that this is not known.
    pub(crate) fn say(&self, truth: Option<bool>, text: &mut String) {
        let (words, answer) = match (truth, &self.denied) {
            (Some(true), Some(_)) => (&self.told, ""),
            (Some(false), Some(denied)) => (denied, ""),
            (Some(true), None) => (&self.told, ": yes"),
            (Some(false), None) => (&self.told, ": no"),
            (None, _) => (&self.told, ": not known"),
        };
        text.push_str(words);
        text.push_str(answer);
    }

    /// Returns words of it with the citation of the definition it rests on.
    pub(crate) fn with_definition(&self, words: &str) -> String {
        match &self.defined {
            Some(at) => format!("{words} [{at}]"),
            None => words.to_owned(),
        }
    }

    /// Returns the guards of all lines.
    pub(crate) fn guards(&self) -> Vec<NodeId> {
        let below = self.children.iter().flat_map(Self::guards);
        std::iter::once(self.guard).chain(below).collect()
    }

    /// Returns the first leaf, in the order of the text, that is wanted.
    pub(crate) fn find_leaf(&self, wanted: &impl Fn(&Self) -> bool) -> Option<&Self> {
        match self.kind {
            TreeKind::Leaf => wanted(self).then_some(self),
            _ => self.children.iter().find_map(|child| child.find_leaf(wanted)),
        }
    }

    /// Returns the leaves, in the order of the text.
    pub(crate) fn leaves(&self) -> Vec<&Self> {
        match self.kind {
            TreeKind::Leaf => vec![self],
            _ => self.children.iter().flat_map(Self::leaves).collect(),
        }
    }
}

fn defined_at(corpus: &Corpus, lowering: &Lowering<'_>, condition: &Condition) -> Option<String> {
    let provision = match &condition.kind {
        ConditionKind::Term(term) => lowering.version(*term)?.provision,
        ConditionKind::Unsettled(point) => corpus.unsettled.get(point.index())?.provision,
        ConditionKind::Count { body, .. } => return defined_at(corpus, lowering, body),
        _ => return None,
    };
    corpus.provisions.get(provision.index()).map(|provision| provision.citation.clone())
}

/// Adds the provisions of the definitions that a condition uses, each before those it uses itself.
fn add_definitions(
    corpus: &Corpus,
    lowering: &Lowering<'_>,
    condition: &Condition,
    found: &mut Vec<ProvisionId>,
) {
    let (provision, below): (Option<ProvisionId>, &[Condition]) = match &condition.kind {
        ConditionKind::Term(term) => match lowering.version(*term) {
            Some(version) => (Some(version.provision), std::slice::from_ref(&version.condition)),
            None => return,
        },
        ConditionKind::Unsettled(point) => match corpus.unsettled.get(point.index()) {
            Some(point) => (
                Some(point.provision),
                match &point.kind {
                    UnsettledKind::Written(readings) => readings,
                    UnsettledKind::NotEncoded | UnsettledKind::Partial => &[],
                },
            ),
            None => return,
        },
        ConditionKind::All(parts) | ConditionKind::Any(parts) => (None, parts),
        ConditionKind::Not(inner) => (None, std::slice::from_ref(&**inner)),
        ConditionKind::Count { body, .. } => (None, std::slice::from_ref(&**body)),
        _ => return,
    };
    if let Some(provision) = provision {
        if found.contains(&provision) {
            return;
        }
        found.push(provision);
    }
    below.iter().for_each(|part| add_definitions(corpus, lowering, part, found));
}

/// Adds leaves that suffice to make the tree come out as `truth`.
/// Where no line by itself does, the line above them is added.
pub(crate) fn witnesses<'a>(
    truths: &Truths<'_>,
    tree: &'a Tree,
    truth: bool,
    found: &mut Vec<&'a Tree>,
) {
    match (tree.kind, truth) {
        (TreeKind::Leaf, _) => found.push(tree),
        (TreeKind::Not, _) => {
            for child in &tree.children {
                witnesses(truths, child, !truth, found);
            }
        }
        (TreeKind::All, true) | (TreeKind::Any, false) => {
            for child in &tree.children {
                witnesses(truths, child, truth, found);
            }
        }
        (TreeKind::All, false) | (TreeKind::Any, true) => {
            let decided = |child: &&Tree| truths.of(child.guard) == Some(truth);
            match tree.children.iter().find(decided) {
                Some(child) => witnesses(truths, child, truth, found),
                None => found.push(tree),
            }
        }
    }
}
