//! What explanations say whatever the facts are: put into words once, when the law is compiled.

use super::Law;
use super::atom::Atom;
use super::explain::{cite, cost};
use super::formula::facts_named;
use super::sentence;
use super::space::Space;
use super::tree::Tree;
use crate::ir::{Corpus, FactId, Mark, Operand, Provision, ProvisionId};

/// What is told of a statement.
#[derive(Debug, Clone)]
pub(crate) struct Telling {
    /// Its rule.
    pub provision: ProvisionId,
    /// The rule's id.
    pub id: String,
    /// The rule's citation.
    pub citation: String,
    /// Where the text can be read.
    pub url: Option<String>,
    /// How sure we are of the text.
    pub mark: Mark,
    /// The text was not read whole.
    pub partial: bool,
    /// Citation and what it says, without a full stop.
    pub says: String,
}

/// What is told of an atom.
#[derive(Debug, Clone, Default)]
pub(crate) struct Named {
    /// The facts that it looks at.
    pub facts: Box<[FactId]>,
    /// Their names, or the list's, as requests give them.
    pub name: String,
    /// What it looks at, as words.
    pub words: String,
    /// The minutes of work behind it.
    pub cost: u32,
}

impl Law {
    /// Puts into words what does not depend on facts.
    pub(super) fn tell(&mut self, corpus: &Corpus) {
        let (agency, act) = (self.scope.agency, self.scope.act);
        for saying in &mut self.sayings {
            let statement = corpus.statements.get(saying.statement.index());
            let found = statement.and_then(|statement| {
                Some((statement, corpus.provisions.get(statement.provision.index())?))
            });
            let Some((statement, provision)) = found else {
                continue;
            };
            let says = match &provision.plain {
                Some(plain) => plain.trim_end_matches('.').to_owned(),
                None => sentence::statement(corpus, statement, agency, act),
            };
            saying.telling = Some(Telling {
                provision: statement.provision,
                id: provision.id.clone(),
                citation: provision.citation.clone(),
                url: url(corpus, provision),
                mark: provision.mark,
                partial: provision.partial.is_some(),
                says: format!("{}: {says}", provision.citation),
            });
            if let Some(tree) = &mut saying.tree {
                tell_tree(corpus, provision, tree);
            }
        }
        self.named =
            self.space.atoms.iter().map(|atom| Named::of(corpus, &self.space, atom)).collect();
        let mut order: Vec<usize> = (0..self.named.len()).collect();
        order.sort_by_key(|index| {
            std::cmp::Reverse(self.named.get(*index).map_or(0, |named| named.cost))
        });
        self.dearest_first = order;
    }
}

impl Named {
    fn of(corpus: &Corpus, space: &Space, atom: &Atom) -> Self {
        let operands = atom.operands();
        let facts = facts_of(space, atom);
        let name = match atom {
            Atom::Count(record, ..) => {
                let record = corpus.records.get(record.index());
                let list = record.map(|record| record.plural.as_str());
                let beside = facts.iter().filter_map(|id| corpus.facts.get(id.index()));
                list.into_iter()
                    .chain(beside.map(|fact| fact.name.as_str()))
                    .collect::<Vec<_>>()
                    .join(", ")
            }
            _ => {
                let names = facts.iter().filter_map(|id| corpus.facts.get(id.index()));
                names.map(|fact| fact.name.as_str()).collect::<Vec<_>>().join(", ")
            }
        };
        let words: Vec<String> =
            operands.iter().map(|operand| sentence::name(corpus, *operand)).collect();
        Self { facts: facts.into(), name, words: words.join(", "), cost: cost(corpus, atom) }
    }
}

/// The facts that an atom looks at; whether records count can hang on facts beside them.
pub(super) fn facts_of(space: &Space, atom: &Atom) -> Vec<FactId> {
    let operands = atom.operands();
    let mut facts: Vec<FactId> = operands
        .iter()
        .filter_map(|operand| match operand {
            Operand::Fact(id) => Some(*id),
            _ => None,
        })
        .collect();
    if let Atom::Count(_, body, _) = atom
        && let Some(body) = space.bodies.get(*body)
    {
        facts_named(&body.formula, &mut facts);
    }
    facts
}

fn tell_tree(corpus: &Corpus, provision: &Provision, tree: &mut Tree) {
    tree.cited = cite(corpus, provision, &tree.label);
    tree.told = tree.with_definition(&tree.words);
    tree.denied = tree.denied.take().map(|denied| tree.with_definition(&denied));
    for child in &mut tree.children {
        tell_tree(corpus, provision, child);
    }
}

fn url(corpus: &Corpus, provision: &Provision) -> Option<String> {
    let pack = corpus.packs.get(provision.pack.index())?;
    let reference = pack.references.get(provision.reference?)?;
    (!reference.url.is_empty()).then(|| reference.url.clone())
}
