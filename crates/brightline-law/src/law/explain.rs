//! Why: the provisions that decide, down to the leaf, and a smallest set of facts that forces the
//! outcome (a sufficient reason in the sense of Darwiche and Hirth, 2020; found by dropping facts,
//! the dearest first, as long as the outcome stands).

use std::collections::BTreeSet;
use std::sync::Arc;

use super::Law;
use super::atom::{Allowed, Atom};
use super::effects::Saying;
use super::reading::{Way, reading_outcomes};
use super::retold::{Key, Packing};
use super::sentence;
use super::space::{Space, Truths};
use super::telling::Telling;
use super::tree::{Tree, witnesses};
use crate::Outcome;
use crate::determination::{Basis, ReadingOutcome, Reason, Slot};
use crate::ir::{Corpus, FactId, Mark, Modal, Operand, Provision, ProvisionId};

/// More leaves than this are cited as their provision.
const LEAF_COUNT_MAX: usize = 3;

/// What explanation finds.
#[derive(Default)]
pub(crate) struct Told {
    pub basis: Vec<Basis>,
    /// The facts of which each by itself is held to some of its values.
    pub reasons: Vec<Reason>,
    /// These facts force the outcome; else all that is known does only together.
    pub by_itself: bool,
    pub sentences: Vec<String>,
    pub notes: Vec<String>,
    /// Where each reading leads, where the outcome is not settled.
    pub readings: Vec<ReadingOutcome>,
}

/// What a saying does, and whether it does so whatever is unknown.
struct Effect<'a> {
    saying: &'a Saying,
    /// Its place among all.
    place: usize,
    effect: Outcome,
    certain: bool,
}

/// All that an explanation is made of.
struct Why<'a> {
    outcome: Outcome,
    presumed: &'a [FactId],
    /// The values that are shown: those that force the outcome, or all while it is open.
    shown: Vec<Allowed>,
    by_itself: bool,
    /// Those that make the outcome first.
    effects: Vec<Effect<'a>>,
    ways: Vec<Way>,
}

impl Law {
    /// Explains an outcome, or tells what was told where it came down to the same.
    pub(super) fn told(
        &self,
        corpus: &Corpus,
        allowed: &[Allowed],
        outcome: Outcome,
        presumed: &[FactId],
    ) -> Arc<Told> {
        let mut seen = Packing::of(outcome, presumed);
        seen.values(&self.space.atoms, allowed);
        let seen = seen.key();
        if let Some(told) = self.retold.seen(&seen) {
            return told;
        }
        let why = self.why(allowed, outcome, presumed);
        self.retold.tell(seen, why.key(&self.space), || self.explain(corpus, &why))
    }

    fn why<'a>(&'a self, allowed: &[Allowed], outcome: Outcome, presumed: &'a [FactId]) -> Why<'a> {
        let by_itself = outcome == Outcome::Open || self.always(allowed, outcome);
        let shown = match by_itself && outcome != Outcome::Open {
            true => self.sufficient(allowed, outcome),
            false => allowed.to_vec(),
        };
        let effects = self.ranked(&Truths::new(&self.space, allowed), outcome);
        let ways = match outcome {
            Outcome::Unsettled => self.ways_within(allowed),
            _ => Vec::new(),
        };
        Why { outcome, presumed, shown, by_itself, effects, ways }
    }

    /// Explains an outcome.
    fn explain(&self, corpus: &Corpus, why: &Why<'_>) -> Told {
        let outcome = why.outcome;
        let shown = Truths::new(&self.space, &why.shown);
        let mut basis = Vec::new();
        let mut sentences = Vec::new();
        let mut told: Vec<ProvisionId> = Vec::new();
        let mut used: Vec<ProvisionId> = Vec::new();
        for effect in &why.effects {
            let Some(telling) = &effect.saying.telling else {
                continue;
            };
            let holds = shown.of(effect.saying.holds);
            let leaves = leaves(effect.saying, holds, &shown);
            add_basis(effect, telling, &leaves, &mut basis);
            used.extend(leaves.iter().flat_map(|leaf| &leaf.rests_on));
            if !told.contains(&telling.provision) {
                told.push(telling.provision);
                sentences.push(sentence_of(effect, telling, (holds, &leaves), &shown));
            }
        }
        if outcome == Outcome::Silent {
            let who = sentence::agency(corpus, self.scope.agency);
            let what = sentence::act(corpus, self.scope.act);
            sentences.push(format!("{}.", capital(&sentence::outcome(outcome, &who, &what))));
        }
        if let Some(rule) = layering(&basis, outcome) {
            sentences.push(rule.to_owned());
        }
        let reasons = match outcome {
            Outcome::Open => Vec::new(),
            _ => self.reasons(corpus, (&why.shown, outcome), &shown, why.presumed),
        };
        let mut notes = notes(corpus, &told, outcome);
        used.retain(|provision| !told.contains(provision));
        notes.extend(doubts(corpus, &used));
        notes.extend(self.suspensions.iter().cloned());
        let mut seen = BTreeSet::new();
        notes.retain(|note| seen.insert(note.clone()));
        let readings = reading_outcomes(corpus, &why.ways);
        Told { basis, reasons, by_itself: why.by_itself, sentences, notes, readings }
    }

    /// Widens the allowed values, the dearest facts first, as long as the outcome stands.
    fn sufficient(&self, allowed: &[Allowed], outcome: Outcome) -> Vec<Allowed> {
        let mut fixed = allowed.to_vec();
        let mut met = self.space.met(self.root, &fixed);
        for &index in &self.dearest_first {
            let (Some(atom), Some(slot)) = (self.space.atoms.get(index), fixed.get_mut(index))
            else {
                continue;
            };
            let (before, all) = (*slot, atom.all());
            *slot = all;
            // What no way meets makes no difference, and opens no other way.
            if before == all || !met.contains(index) {
                continue;
            }
            if self.always(&fixed, outcome) {
                met = self.space.met(self.root, &fixed);
            } else if let Some(slot) = fixed.get_mut(index) {
                *slot = before;
            }
        }
        fixed
    }

    /// Returns whether the outcome is this one wherever facts can be so, and can be at all.
    pub(super) fn always(&self, allowed: &[Allowed], outcome: Outcome) -> bool {
        let (mut some, mut others) = (false, false);
        self.space.visit_ends(self.root, allowed, |payload| {
            match self.answers.get(payload).outcome() {
                None => {}
                Some(found) if found == outcome => some = true,
                Some(_) => others = true,
            }
            !others
        });
        some && !others
    }

    /// The sayings that have an effect, or may have: those that make the outcome first.
    fn ranked(&self, allowed: &Truths<'_>, outcome: Outcome) -> Vec<Effect<'_>> {
        let sayings = self.sayings.iter().enumerate();
        let effects = sayings.filter_map(|(place, saying)| effect_of(place, saying, allowed));
        let mut found: Vec<Effect<'_>> = effects.collect();
        let makes = |effect: Outcome| {
            effect == outcome
                || outcome == Outcome::Conflict
                    && matches!(
                        effect,
                        Outcome::Required | Outcome::Prohibited | Outcome::NoAuthority
                    )
        };
        found.sort_by_key(|effect| (!makes(effect.effect), !effect.certain));
        found
    }

    /// Returns the citations of the leaves that ask for a slot.
    pub(crate) fn asked_by(&self, slot: &Slot) -> Vec<String> {
        let mut citations = Vec::new();
        for saying in &self.sayings {
            let Some(tree) = &saying.tree else { continue };
            for leaf in tree.leaves() {
                let asks = match slot {
                    Slot::Fact(fact) => leaf.facts.contains(fact),
                    Slot::List(record) | Slot::Field(record, ..) => leaf.records.contains(record),
                };
                if asks && !citations.contains(&leaf.cited.1) {
                    citations.push(leaf.cited.1.clone());
                }
            }
        }
        citations
    }

    /// Returns what to tell of provisions that would bind here and are suspended or void.
    pub(super) fn suspension_notes(&self, corpus: &Corpus) -> Vec<String> {
        let scope = self.scope;
        let mut notes = Vec::new();
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
                    format!(
                        "{} is suspended since {} by {}.",
                        provision.citation, stay.from, stay.by
                    )
                }
                (_, Some(void))
                    if void.from <= scope.at.on && void.known_from <= scope.at.known =>
                {
                    format!("{} is void since {} by {}.", provision.citation, void.from, void.by)
                }
                _ => continue,
            };
            if !notes.contains(&note) {
                notes.push(note);
            }
        }
        notes
    }
}

impl Why<'_> {
    fn key(&self, space: &Space) -> Key {
        let mut key = Packing::of(self.outcome, self.presumed);
        key.bits(u64::from(self.by_itself), 1);
        key.values(&space.atoms, &self.shown);
        for Effect { place, effect, certain, .. } in &self.effects {
            let effect = *effect as u64 + 1;
            key.bits((*place as u64) << 16 | effect << 1 | u64::from(*certain), 64);
        }
        for (readings, outcome) in &self.ways {
            key.bits((readings.len() as u64) << 16 | (*outcome as u64 + 1), 64);
            for (point, reading) in readings {
                key.bits(u64::from(point.0) << 16 | u64::from(*reading), 64);
            }
        }
        key.key()
    }
}

/// What the reader should know of provisions that have an effect.
fn notes(corpus: &Corpus, told: &[ProvisionId], outcome: Outcome) -> Vec<String> {
    let mut notes = Vec::new();
    for id in told {
        notes.extend(doubts(corpus, std::slice::from_ref(id)));
        let provision = corpus.provisions.get(id.index());
        let section = provision.and_then(|it| corpus.sections.get(it.section.index()));
        let grants_nothing = section.and_then(|section| section.confers_no_authority.as_ref());
        if let (Outcome::Permitted, Some(_), Some(provision)) = (outcome, grants_nothing, provision)
        {
            let cited = &provision.citation;
            notes.push(format!(
                "{cited} grants no power of its own: authority to act must come from elsewhere."
            ));
        }
    }
    notes
}

/// What is not certain of the texts of provisions.
fn doubts(corpus: &Corpus, provisions: &[ProvisionId]) -> Vec<String> {
    let mut notes = Vec::new();
    for provision in provisions.iter().filter_map(|id| corpus.provisions.get(id.index())) {
        let cited = &provision.citation;
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
    }
    notes
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

/// What a saying does within the allowed values, and whether it does so whatever is unknown.
fn effect_of<'a>(place: usize, saying: &'a Saying, allowed: &Truths<'_>) -> Option<Effect<'a>> {
    let bars = allowed.of(saying.bars);
    let grants = allowed.of(saying.grants);
    let granted = match saying.modal {
        Modal::MayOnly | Modal::May => Outcome::Permitted,
        Modal::Must => Outcome::Required,
        Modal::NoAuthority => Outcome::NoAuthority,
        Modal::DoesNotBar => Outcome::NotBarred,
        Modal::DoesNotRequire => Outcome::NotRequired,
        Modal::MustNot => Outcome::Prohibited,
    };
    let (effect, certain) = match (bars, grants) {
        (Some(false), Some(false)) => return None,
        (Some(true), _) => (Outcome::Prohibited, true),
        (_, Some(true)) => (granted, true),
        (None, Some(false)) => (Outcome::Prohibited, false),
        _ => (granted, false),
    };
    Some(Effect { saying, place, effect, certain })
}

/// The leaves that make a saying's condition come out as it does.
/// A line that tests nothing, as `always`, explains nothing and is left out.
fn leaves<'a>(saying: &'a Saying, holds: Option<bool>, shown: &Truths<'_>) -> Vec<&'a Tree> {
    let mut leaves = Vec::new();
    if let (Some(tree), Some(truth)) = (&saying.tree, holds) {
        witnesses(shown, tree, truth, &mut leaves);
    }
    leaves.retain(|leaf| !leaf.tests.is_empty() || leaf.defined.is_some());
    leaves
}

fn sentence_of(
    effect: &Effect<'_>,
    telling: &Telling,
    (holds, leaves): (Option<bool>, &[&Tree]),
    shown: &Truths<'_>,
) -> String {
    let modal = effect.saying.modal;
    let mut text = telling.says.clone();
    if let (Some(truth), 1..=LEAF_COUNT_MAX) = (holds, leaves.len()) {
        text.push_str(match (modal, truth) {
            (Modal::MayOnly, true) => "; the conditions are met",
            (Modal::MayOnly, false) => "; the conditions are not met",
            (_, true) => "; this is such a case",
            (_, false) => "; this is not such a case",
        });
        for (index, leaf) in leaves.iter().enumerate() {
            text.push_str(if index == 0 { ": " } else { "; " });
            leaf.say(shown.of(leaf.guard), &mut text);
        }
    } else if let (Some(true), Modal::MayOnly) = (holds, modal) {
        text.push_str("; the conditions are met");
    }
    text.push('.');
    capital(&text)
}

fn add_basis(effect: &Effect<'_>, telling: &Telling, leaves: &[&Tree], basis: &mut Vec<Basis>) {
    let own = basis.len();
    let mut add = |id: &str, citation: &str| {
        if basis.iter().skip(own).any(|known| known.id == id) {
            return;
        }
        basis.push(Basis {
            id: id.to_owned(),
            citation: citation.to_owned(),
            effect: effect.effect,
            certain: effect.certain,
            url: telling.url.clone(),
            mark: telling.mark,
            partial: telling.partial,
        });
    };
    match leaves.len() {
        1..=LEAF_COUNT_MAX => leaves.iter().for_each(|leaf| add(&leaf.cited.0, &leaf.cited.1)),
        _ => add(&telling.id, &telling.citation),
    }
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
        Some(first) if first.is_ascii() => {
            let mut made = String::with_capacity(text.len());
            made.push(first.to_ascii_uppercase());
            made.push_str(letters.as_str());
            made
        }
        Some(first) => first.to_uppercase().chain(letters).collect(),
        None => String::new(),
    }
}
