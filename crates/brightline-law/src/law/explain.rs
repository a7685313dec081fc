//! Why: the provisions that decide, down to the leaf, and a smallest set of facts that forces the
//! outcome (a sufficient reason in the sense of Darwiche and Hirth, 2020; found by dropping facts,
//! the dearest first, as long as the outcome stands).

use super::Law;
use super::atom::{Allowed, Atom};
use super::effects::Saying;
use super::sentence;
use super::tree::{Tree, witnesses};
use crate::Outcome;
use crate::determination::{Basis, Reason, Slot};
use crate::diagram::Variable;
use crate::ir::{
    Corpus, FactId, Mark, Modal, Operand, Provision, ProvisionId, Statement,
};

/// More leaves than this are cited as their provision.
const LEAF_COUNT_MAX: usize = 3;

/// What explanation finds.
pub(crate) struct Told {
    pub basis: Vec<Basis>,
    pub reasons: Vec<Reason>,
    pub sentences: Vec<String>,
    pub notes: Vec<String>,
}

impl Law {
    /// Explains an outcome.
    pub(crate) fn explain(
        &self,
        corpus: &Corpus,
        allowed: &[Allowed],
        outcome: Outcome,
        presumed: &[FactId],
    ) -> Told {
        let fixed = self.sufficient(corpus, allowed, outcome);
        let shown = if outcome == Outcome::Open { allowed } else { &fixed };
        let mut basis = Vec::new();
        let mut sentences = Vec::new();
        let mut told: Vec<ProvisionId> = Vec::new();
        for saying in self.ranked(allowed, outcome) {
            let Some(statement) = corpus.statements.get(saying.statement.index()) else { continue };
            basis.extend(self.basis_of(corpus, saying, statement, allowed, shown));
            if !told.contains(&statement.provision) {
                told.push(statement.provision);
                sentences.push(self.sentence_of(corpus, saying, statement, shown));
            }
        }
        let who = sentence::agency(corpus, self.scope.agency);
        let what = sentence::act(corpus, self.scope.act);
        if outcome == Outcome::Silent {
            sentences.push(format!("{}.", capital(&sentence::outcome(outcome, &who, &what))));
        }
        if let Some(rule) = layering(&basis, outcome) {
            sentences.push(rule.to_owned());
        }
        let reasons = match outcome {
            Outcome::Open => Vec::new(),
            _ => self.reasons(corpus, &fixed, presumed),
        };
        let notes = self.notes(corpus, &told, outcome);
        Told { basis, reasons, sentences, notes }
    }

    /// Widens the allowed values, the dearest facts first, as long as the outcome stands.
    fn sufficient(&self, corpus: &Corpus, allowed: &[Allowed], outcome: Outcome) -> Vec<Allowed> {
        let mut fixed = allowed.to_vec();
        if self.outcomes_within(&fixed) != [outcome] {
            return fixed;
        }
        let mut order: Vec<usize> = (0..fixed.len()).collect();
        order.sort_by_key(|index| {
            std::cmp::Reverse(self.space.atoms.get(*index).map_or(0, |atom| cost(corpus, atom)))
        });
        for index in order {
            let (Some(atom), Some(slot)) = (self.space.atoms.get(index), fixed.get_mut(index))
            else {
                continue;
            };
            let before = *slot;
            *slot = atom.all();
            if before != atom.all()
                && self.outcomes_within(&fixed) != [outcome]
                && let Some(slot) = fixed.get_mut(index)
            {
                *slot = before;
            }
        }
        fixed
    }

    /// The sayings that have an effect, or may have: those that make the outcome first.
    fn ranked(&self, allowed: &[Allowed], outcome: Outcome) -> Vec<&Saying> {
        let mut found: Vec<(bool, bool, &Saying)> = Vec::new();
        for saying in &self.sayings {
            let Some((effect, certain)) = self.effect_of(saying, allowed) else { continue };
            let makes = effect == outcome
                || outcome == Outcome::Conflict
                    && matches!(
                        effect,
                        Outcome::Required | Outcome::Prohibited | Outcome::NoAuthority
                    );
            found.push((!makes, !certain, saying));
        }
        found.sort_by_key(|(makes, certain, _)| (*makes, *certain));
        found.into_iter().map(|(.., saying)| saying).collect()
    }

    /// What a saying does within the allowed values, and whether it does so whatever is unknown.
    fn effect_of(&self, saying: &Saying, allowed: &[Allowed]) -> Option<(Outcome, bool)> {
        let bars = self.space.truth(saying.bars, allowed);
        let grants = self.space.truth(saying.grants, allowed);
        let granted = match saying.modal {
            Modal::MayOnly | Modal::May => Outcome::Permitted,
            Modal::Must => Outcome::Required,
            Modal::NoAuthority => Outcome::NoAuthority,
            Modal::DoesNotBar => Outcome::NotBarred,
            Modal::DoesNotRequire => Outcome::NotRequired,
            Modal::MustNot => Outcome::Prohibited,
        };
        match (bars, grants) {
            (Some(false), Some(false)) => None,
            (Some(true), _) => Some((Outcome::Prohibited, true)),
            (_, Some(true)) => Some((granted, true)),
            (None, Some(false)) => Some((Outcome::Prohibited, false)),
            _ => Some((granted, false)),
        }
    }

    fn basis_of(
        &self,
        corpus: &Corpus,
        saying: &Saying,
        statement: &Statement,
        allowed: &[Allowed],
        shown: &[Allowed],
    ) -> Vec<Basis> {
        let Some(provision) = corpus.provisions.get(statement.provision.index()) else {
            return Vec::new();
        };
        let Some((effect, certain)) = self.effect_of(saying, allowed) else { return Vec::new() };
        let leaves = self.leaves(saying, shown);
        let labels: Vec<&str> = match leaves.len() {
            1..=LEAF_COUNT_MAX => leaves.iter().map(|leaf| leaf.label.as_str()).collect(),
            _ => vec![""],
        };
        let mut basis: Vec<Basis> = Vec::new();
        for label in labels {
            let (id, citation) = cite(corpus, provision, label);
            if basis.iter().any(|known| known.id == id) {
                continue;
            }
            basis.push(Basis {
                id,
                citation,
                effect,
                certain,
                url: url(corpus, provision),
                mark: provision.mark,
                partial: provision.partial.is_some(),
            });
        }
        basis
    }

    /// The leaves that make a saying's condition come out as it does.
    fn leaves<'a>(&'a self, saying: &'a Saying, shown: &[Allowed]) -> Vec<&'a Tree> {
        let Some(tree) = &saying.tree else { return Vec::new() };
        match self.space.truth(saying.holds, shown) {
            Some(truth) => witnesses(&self.space, tree, truth, shown),
            None => Vec::new(),
        }
    }

    fn sentence_of(
        &self,
        corpus: &Corpus,
        saying: &Saying,
        statement: &Statement,
        shown: &[Allowed],
    ) -> String {
        let Some(provision) = corpus.provisions.get(statement.provision.index()) else {
            return String::new();
        };
        let says = match &provision.plain {
            Some(plain) => plain.trim_end_matches('.').to_owned(),
            None => sentence::statement(corpus, statement, self.scope.agency, self.scope.act),
        };
        let mut text = format!("{}: {says}", provision.citation);
        let holds = self.space.truth(saying.holds, shown);
        let leaves = self.leaves(saying, shown);
        if let (Some(truth), 1..=LEAF_COUNT_MAX) = (holds, leaves.len()) {
            let told: Vec<String> = leaves.iter().map(|leaf| self.leaf_words(leaf, shown)).collect();
            let verdict = match (saying.modal, truth) {
                (Modal::MayOnly, true) => "the conditions are met",
                (Modal::MayOnly, false) => "the conditions are not met",
                (_, true) => "this is such a case",
                (_, false) => "this is not such a case",
            };
            text = format!("{text}; {verdict}: {}", told.join("; "));
        } else if let (Some(true), Modal::MayOnly) = (holds, saying.modal) {
            text.push_str("; the conditions are met");
        }
        text.push('.');
        capital(&text)
    }

    fn leaf_words(&self, leaf: &Tree, shown: &[Allowed]) -> String {
        let truth = match self.space.truth(leaf.guard, shown) {
            Some(true) => "yes",
            Some(false) => "no",
            None => "not known",
        };
        let defined = leaf.defined.as_ref().map(|at| format!(" [{at}]")).unwrap_or_default();
        format!("{}{defined}: {truth}", leaf.words)
    }

    fn reasons(&self, corpus: &Corpus, fixed: &[Allowed], presumed: &[FactId]) -> Vec<Reason> {
        let mut reasons = Vec::new();
        for (index, (atom, set)) in self.space.atoms.iter().zip(fixed).enumerate() {
            if *set == atom.all() || matches!(atom, Atom::Reading(..)) {
                continue;
            }
            let variable = Variable(u32::try_from(index).unwrap_or(u32::MAX));
            let facts: Vec<String> = match atom {
                Atom::Count(record, ..) => {
                    let record = corpus.records.get(record.index());
                    record.map(|record| record.plural.clone()).into_iter().collect()
                }
                other => other
                    .operands()
                    .into_iter()
                    .filter_map(|operand| match operand {
                        Operand::Fact(id) => corpus.facts.get(id.index()).map(|f| f.name.clone()),
                        _ => None,
                    })
                    .collect(),
            };
            let was_presumed = atom.operands().iter().any(
                |operand| matches!(operand, Operand::Fact(id) if presumed.contains(id)),
            );
            reasons.push(Reason {
                fact: facts.join(", "),
                sentence: self.reason_words(corpus, atom, variable, *set, fixed),
                presumed: was_presumed,
            });
        }
        reasons
    }

    fn reason_words(
        &self,
        corpus: &Corpus,
        atom: &Atom,
        variable: Variable,
        set: Allowed,
        fixed: &[Allowed],
    ) -> String {
        if let Atom::Choice(operand, count) = atom {
            let values: Vec<u16> = (0..*count)
                .filter(|value| set >> value & 1 == 1)
                .filter_map(|value| u16::try_from(value).ok())
                .collect();
            let is = sentence::choices(corpus, *operand, &values);
            return format!("{} is {is}", sentence::name(corpus, *operand));
        }
        if let Atom::Yes(operand) = atom {
            let told = if set == 0b10 { "yes" } else { "no" };
            return format!("{}: {told}", sentence::name(corpus, *operand));
        }
        let trees = self.sayings.iter().filter_map(|saying| saying.tree.as_ref());
        let mut leaves: Vec<&Tree> = trees.flat_map(|tree| tree.leaves()).collect();
        leaves.retain(|leaf| leaf.tests.contains(&variable));
        match leaves.iter().find(|leaf| self.space.truth(leaf.guard, fixed).is_some()) {
            Some(leaf) => self.leaf_words(leaf, fixed),
            None => {
                let names: Vec<String> =
                    atom.operands().iter().map(|o| sentence::name(corpus, *o)).collect();
                names.join(", ")
            }
        }
    }

    /// Returns the citations of the leaves that ask for a slot.
    pub(crate) fn asked_by(&self, corpus: &Corpus, slot: &Slot) -> Vec<String> {
        let mut citations = Vec::new();
        for saying in &self.sayings {
            let statement = corpus.statements.get(saying.statement.index());
            let provision = statement.and_then(|s| corpus.provisions.get(s.provision.index()));
            let (Some(provision), Some(tree)) = (provision, &saying.tree) else { continue };
            for leaf in tree.leaves() {
                let asks = match slot {
                    Slot::Fact(fact) => leaf.facts.contains(fact),
                    Slot::List(record) | Slot::Field(record, ..) => leaf.records.contains(record),
                };
                if asks {
                    let (_, citation) = cite(corpus, provision, &leaf.label);
                    if !citations.contains(&citation) {
                        citations.push(citation);
                    }
                }
            }
        }
        citations
    }

    fn notes(&self, corpus: &Corpus, told: &[ProvisionId], outcome: Outcome) -> Vec<String> {
        let mut notes = Vec::new();
        for id in told {
            let Some(provision) = corpus.provisions.get(id.index()) else { continue };
            let cited = &provision.citation;
            let section = corpus.sections.get(provision.section.index());
            if let Some((what, _)) = &provision.partial {
                notes.push(format!("{cited} was not read whole: {what}."));
            }
            let unverified = provision.unverified.iter();
            notes.extend(unverified.map(|what| format!("{cited}, to be verified: {what}.")));
            if provision.validity.date_unverified {
                notes.push(format!("{cited}: its effective date is not verified."));
            }
            if let Some(words) = mark_words(provision.mark) {
                notes.push(format!("{cited}: {words}."));
            }
            let grants_nothing = section.and_then(|section| section.confers_no_authority.as_ref());
            if let (Outcome::Permitted, Some(_)) = (outcome, grants_nothing) {
                notes.push(format!(
                    "{cited} grants no power of its own: authority to act must come from elsewhere."
                ));
            }
        }
        self.note_suspensions(corpus, &mut notes);
        notes.dedup();
        notes
    }

    fn note_suspensions(&self, corpus: &Corpus, notes: &mut Vec<String>) {
        let scope = self.scope;
        for statement in &corpus.statements {
            let bound =
                statement.acts.contains(&scope.act) && statement.agencies.contains(&scope.agency);
            let Some(provision) = corpus.provisions.get(statement.provision.index()) else {
                continue;
            };
            if !bound || !super::in_stack(corpus, scope.jurisdiction, provision.pack) {
                continue;
            }
            let validity = &provision.validity;
            let note = match (validity.suspended(scope.at, scope.agency, scope.act), &validity.void)
            {
                (Some(stay), _) if validity.in_force(scope.at) => {
                    format!("{} is suspended since {} by {}.", provision.citation, stay.from, stay.by)
                }
                (_, Some(void)) if void.from <= scope.at.on && void.known_from <= scope.at.known => {
                    format!("{} is void since {} by {}.", provision.citation, void.from, void.by)
                }
                _ => continue,
            };
            if !notes.contains(&note) {
                notes.push(note);
            }
        }
    }
}

/// Returns the id and the citation of a leaf; an empty label is the provision's own.
pub(crate) fn cite(corpus: &Corpus, provision: &Provision, label: &str) -> (String, String) {
    let section = corpus.sections.get(provision.section.index());
    match (section, label.strip_prefix(provision.label.as_str())) {
        (Some(_), Some(rest)) if !rest.is_empty() => {
            (format!("{}{rest}", provision.id), format!("{}{rest}", provision.citation))
        }
        _ => (provision.id.clone(), provision.citation.clone()),
    }
}

fn url(corpus: &Corpus, provision: &Provision) -> Option<String> {
    let pack = corpus.packs.get(provision.pack.index())?;
    let reference = pack.references.get(provision.reference?)?;
    (!reference.url.is_empty()).then(|| reference.url.clone())
}

/// Returns the minutes of work behind an atom.
pub(crate) fn cost(corpus: &Corpus, atom: &Atom) -> u32 {
    match atom {
        Atom::Count(record, ..) => {
            corpus.records.get(record.index()).map_or(0, |record| record.cost)
        }
        other => {
            let costs = other.operands().into_iter().filter_map(|operand| match operand {
                Operand::Fact(fact) => corpus.facts.get(fact.index()).map(|fact| fact.cost),
                _ => None,
            });
            costs.max().unwrap_or(0)
        }
    }
}

fn layering(basis: &[Basis], outcome: Outcome) -> Option<&'static str> {
    let has = |effect: Outcome| basis.iter().any(|basis| basis.effect == effect && basis.certain);
    match outcome {
        Outcome::Prohibited if has(Outcome::Permitted) => {
            Some("A prohibition stands against a mere permission.")
        }
        Outcome::NoAuthority if has(Outcome::Permitted) => {
            Some("A permission does not supply the authority that the law withholds.")
        }
        Outcome::Conflict => Some("No provision recorded here settles which of the two prevails."),
        _ => None,
    }
}

fn mark_words(mark: Mark) -> Option<&'static str> {
    match mark {
        Mark::Read => None,
        Mark::PartlyRead => Some("only part of the text was read"),
        Mark::Secondary => Some("known from a secondary source; the text itself was not read"),
        Mark::Recalled => Some("recalled, not checked against the text"),
        Mark::Analysis => Some("our own reading, not stated by a source in these words"),
    }
}

/// Returns the text with its first letter a capital.
pub(crate) fn capital(text: &str) -> String {
    let mut letters = text.chars();
    match letters.next() {
        Some(first) => first.to_uppercase().chain(letters).collect(),
        None => String::new(),
    }
}
