//! Determine: known facts in, the outcome with its reasons out.

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::Law;
use super::atom::{Allowed, Atom};
use super::effects::Answer;
use super::probe::Sight;
use super::residual::Residual;
use super::roll::{FactValues, Roll, RowValues};
use crate::Outcome;
use crate::determination::{Determination, Question, QuestionOrder, Safe, Slot};
use crate::diagram::Variable;
use crate::facts::{Facts, Listed, Value};
use crate::ir::{Corpus, Fact, FactId, Operand, RecordId};

impl Law {
    /// Returns the determination under these facts.
    ///
    /// What is unknown stays open: the outcome is settled only if it is the same whatever the
    /// unknown facts turn out to be.
    #[must_use]
    pub fn determine(&self, corpus: &Corpus, given: &Facts) -> Determination {
        let (facts, presumed) = self.presumptions.apply(given);
        let allowed = self.allowed(corpus, &facts);
        let settled = self.settled(&allowed);
        let residual = match settled {
            Some(_) => None,
            None => Residual::of(self, corpus, &facts, &allowed).ok(),
        };
        let possible = match (&residual, &settled) {
            (_, Some(answer)) => answer.outcome().into_iter().collect(),
            (Some(residual), None) => residual.possible(),
            (None, None) => self.outcomes_within(&allowed),
        };
        let outcome = match possible.as_slice() {
            [only] => *only,
            _ => Outcome::Open,
        };
        let (slots, order) = residual
            .as_ref()
            .and_then(|residual| {
                let found = super::question::order(residual, corpus).ok()?;
                Some(super::matter::exact((self, corpus), &facts, residual, found))
            })
            .unwrap_or_else(|| match outcome {
                Outcome::Open => super::question::unordered(self, corpus, (&facts, &allowed)),
                _ => (Vec::new(), QuestionOrder::None),
            });
        let inner = match (possible.contains(&Outcome::Unsettled), &residual) {
            (false, _) => Vec::new(),
            (true, Some(residual)) => residual.unsettled_ways(),
            (true, None) => self.unsettled_within(&allowed),
        };
        let safe = safe(&possible, &inner);
        let questions = slots.into_iter().map(|slot| self.question(corpus, slot)).collect();
        let told = self.told(corpus, &allowed, outcome, &presumed);
        let reasons = match told.by_itself {
            true => told.reasons.clone(),
            // No fact by itself forces the outcome: all that is known does, together.
            false => self.reasons_together(corpus, &facts, outcome, &presumed),
        };
        let readings = told.readings.iter().filter(|way| inner.contains(&way.outcome));
        let readings = readings.cloned().collect();
        let mut notes = told.notes.clone();
        self.note_presumed_fields(corpus, given, &allowed, &mut notes);
        if possible.is_empty() {
            notes.push("these facts cannot all be true together".to_owned());
        }
        Determination {
            agency: self.scope.agency,
            act: self.scope.act,
            outcome,
            possible,
            basis: told.basis.clone(),
            reasons,
            explanation: told.sentences.clone(),
            safe,
            questions,
            order,
            limits: self.limits(corpus, &allowed, outcome, &facts),
            duties: self.duties(corpus, &facts),
            readings,
            notes,
        }
    }

    /// Returns the outcomes still possible, sorted; unknown facts that hang together are told.
    /// None where the facts cannot all be true together.
    #[must_use]
    pub fn possible(&self, corpus: &Corpus, given: &Facts) -> Vec<Outcome> {
        let (facts, _) = self.presumptions.apply(given);
        self.possible_as_given(corpus, &facts)
    }

    /// Returns the outcomes still possible where nothing is presumed, sorted.
    pub(crate) fn possible_as_given(&self, corpus: &Corpus, facts: &Facts) -> Vec<Outcome> {
        let allowed = self.allowed(corpus, facts);
        match self.settled(&allowed) {
            Some(answer) => answer.outcome().into_iter().collect(),
            None => match Residual::of(self, corpus, facts, &allowed) {
                Ok(residual) => residual.possible(),
                Err(_) => self.outcomes_within(&allowed),
            },
        }
    }

    /// Returns the values that each variable can have, each fact taken by itself.
    pub(crate) fn allowed(&self, corpus: &Corpus, facts: &Facts) -> Vec<Allowed> {
        let context = self.context(corpus);
        let values = FactValues { facts, on: self.scope.at.on };
        let sight = Sight { facts: &facts.values, row: &[], presuming: false };
        let ready = self.ready.probes.iter().map(Some).chain(std::iter::repeat(None));
        let atoms = self.space.atoms.iter().zip(ready);
        let mut allowed: Vec<Allowed> = atoms
            .map(|(atom, ready)| match ready.and_then(|probe| probe.ask(&sight)) {
                Some(value) => 1 << value,
                None => context.allowed(atom, &values),
            })
            .collect();
        for (index, roll) in self.rolls.iter().enumerate() {
            if let Some(tally) = self.tally(corpus, index, facts, false) {
                for (place, (variable, cap)) in roll.variables.iter().zip(&roll.caps).enumerate() {
                    if let Some(slot) = allowed.get_mut(variable.0 as usize) {
                        *slot = 1 << tally.count(place, *cap);
                    }
                }
                continue;
            }
            let counts = self.counts_allowed(corpus, roll, facts);
            for (variable, set) in roll.variables.iter().zip(counts) {
                if let Some(slot) = allowed.get_mut(variable.0 as usize) {
                    *slot = set;
                }
            }
        }
        allowed
    }

    /// Returns the counts that each body of a list can have, taken by itself.
    fn counts_allowed(&self, corpus: &Corpus, roll: &Roll, facts: &Facts) -> Vec<Allowed> {
        let context = self.context(corpus);
        let outer = FactValues { facts, on: self.scope.at.on };
        let bodies_of = |row: &[Value]| {
            let values = RowValues { record: roll.record, row, outer: &outer };
            roll.bodies_within(&roll.row_allowed(&context, &values))
        };
        let list = facts.list(roll.record);
        let rows = list.map_or(&[][..], |list| &list.rows);
        let listed: Vec<Vec<u32>> = rows.iter().map(|row| bodies_of(row)).collect();
        let whole = list.is_some_and(|list| list.listed == Listed::Whole);
        let further = if whole { Vec::new() } else { bodies_of(&[]) };
        roll.counts_allowed(&listed, &further)
    }

    fn within(&self, allowed: &[Allowed]) -> Vec<u32> {
        let mut payloads = self.space.ends(self.root, allowed);
        payloads.retain(|payload| *payload != 0);
        payloads
    }

    fn settled(&self, allowed: &[Allowed]) -> Option<&Answer> {
        match self.within(allowed).as_slice() {
            [only] => Some(self.answers.get(*only)),
            _ => None,
        }
    }

    /// Notes the fields of listed records that were presumed and are looked at.
    fn note_presumed_fields(
        &self,
        corpus: &Corpus,
        given: &Facts,
        allowed: &[Allowed],
        notes: &mut Vec<String>,
    ) {
        for roll in &self.rolls {
            let counts = |variable: &Variable| {
                let (index, set) = (variable.0 as usize, allowed.get(variable.0 as usize));
                self.space.atoms.get(index).map(Atom::all).as_ref() != set
            };
            let (Some(record), Some(list)) =
                (corpus.records.get(roll.record.index()), given.list(roll.record))
            else {
                continue;
            };
            if !roll.variables.iter().any(counts) {
                continue;
            }
            for (index, field) in record.fields.iter().enumerate() {
                let Some((value, by)) = &field.presumed else {
                    continue;
                };
                let own = Operand::Field(roll.record, u32::try_from(index).unwrap_or(u32::MAX));
                let looked_at = |atom: &Atom| atom.operands().contains(&own);
                let open = |row: &Vec<Value>| row.get(index) == Some(&Value::Unknown);
                if list.rows.iter().any(open) && roll.space.atoms.iter().any(looked_at) {
                    let told = if *value { "yes" } else { "no" };
                    let name = super::sentence::spaced(&field.name);
                    let plural = super::sentence::spaced(&record.plural);
                    notes.push(format!("Presumed of {plural}: {name}: {told} ({by})."));
                }
            }
        }
    }

    /// Returns the outcomes within the allowed values, sorted.
    pub(crate) fn outcomes_within(&self, allowed: &[Allowed]) -> Vec<Outcome> {
        let payloads = self.within(allowed);
        let mut outcomes: Vec<Outcome> =
            payloads.iter().filter_map(|p| self.answers.get(*p).outcome()).collect();
        outcomes.sort_unstable();
        outcomes.dedup();
        outcomes
    }

    /// Returns the outcomes that readings can lead to within the allowed values.
    fn unsettled_within(&self, allowed: &[Allowed]) -> Vec<Outcome> {
        let mut outcomes = Vec::new();
        for payload in self.within(allowed) {
            if let Answer::Unsettled(several) = self.answers.get(payload) {
                outcomes.extend(several);
            }
        }
        outcomes
    }

    /// Returns the variables that are open and lie on some way to an answer, in order.
    pub(crate) fn relevant(&self, allowed: &[Allowed]) -> Vec<Variable> {
        let mut seen = BTreeSet::new();
        let mut tested = BTreeSet::new();
        let mut open = vec![self.root];
        while let Some(node) = open.pop() {
            let Some((variable, children)) = self.space.diagram.test(node) else {
                continue;
            };
            if !seen.insert(node) {
                continue;
            }
            let set = allowed.get(variable.0 as usize).copied().unwrap_or(Allowed::MAX);
            if set.count_ones() > 1 {
                tested.insert(variable);
            }
            let ways = children.iter().enumerate().filter(|(value, _)| set >> value & 1 == 1);
            open.extend(ways.map(|(_, child)| *child));
        }
        self.support.iter().copied().filter(|variable| tested.contains(variable)).collect()
    }

    fn question(&self, corpus: &Corpus, slot: Slot) -> Question {
        let asked_by = self.asked_by(&slot);
        let path = path_of(corpus, &slot);
        let from_fact = |fact: &Fact, slot: Slot, asked_by: Vec<String>| Question {
            slot,
            path: path.clone(),
            ask: fact.ask.clone(),
            hint: fact.hint.clone(),
            cost_minutes: fact.cost,
            found_by: fact.found_by.clone(),
            finding: fact.finding,
            standard: fact.standard.clone(),
            asked_by,
        };
        let found = match &slot {
            Slot::Fact(fact) => corpus.facts.get(fact.index()),
            Slot::Field(record, _, field) => {
                corpus.records.get(record.index()).and_then(|record| record.fields.get(*field))
            }
            Slot::List(_) => None,
        };
        if let Some(fact) = found {
            return from_fact(fact, slot, asked_by);
        }
        let record = match &slot {
            Slot::List(record) => corpus.records.get(record.index()),
            _ => None,
        };
        Question {
            slot,
            path: path.clone(),
            ask: record.map(|record| record.ask.clone()).unwrap_or_default(),
            hint: record.and_then(|record| record.hint.clone()),
            cost_minutes: record.map_or(1, |record| record.cost),
            found_by: record.map(|record| record.found_by.clone()).unwrap_or_default(),
            finding: false,
            standard: None,
            asked_by,
        }
    }
}

/// Returns the path of a slot: `convictions[0].judgment_date`.
pub(crate) fn path_of(corpus: &Corpus, slot: &Slot) -> String {
    let fact = |fact: &FactId| corpus.facts.get(fact.index()).map(|f| f.name.clone());
    let found = match slot {
        Slot::Fact(id) => fact(id),
        Slot::List(id) => corpus.records.get(id.index()).map(|record| record.plural.clone()),
        Slot::Field(id, row, field) => corpus.records.get(id.index()).and_then(|record| {
            let field = record.fields.get(*field)?;
            Some(format!("{}[{row}].{}", record.plural, field.name))
        }),
    };
    found.unwrap_or_default()
}

/// What the packs presume while nothing is known: facts, and fields of records.
#[derive(Default)]
pub(crate) struct Presumptions {
    facts: Vec<(FactId, bool)>,
    fields: Vec<(RecordId, usize, bool)>,
}

impl Presumptions {
    /// Returns the presumptions of all packs.
    pub(crate) fn of(corpus: &Corpus) -> Self {
        let number = |index: usize| u32::try_from(index).unwrap_or(u32::MAX);
        let mut found = Self::default();
        for (index, fact) in corpus.facts.iter().enumerate() {
            let presumed = fact.presumed.as_ref();
            found.facts.extend(presumed.map(|(value, _)| (FactId(number(index)), *value)));
        }
        for (record, kind) in corpus.records.iter().enumerate() {
            for (index, field) in kind.fields.iter().enumerate() {
                let presumed = field.presumed.as_ref();
                let record = RecordId(number(record));
                found.fields.extend(presumed.map(|(value, _)| (record, index, *value)));
            }
        }
        found
    }

    /// Sets presumed facts and fields of which nothing is known; returns the facts too.
    pub(crate) fn apply<'f>(&self, facts: &'f Facts) -> (Cow<'f, Facts>, Vec<FactId>) {
        let mut facts = Cow::Borrowed(facts);
        let mut presumed = Vec::new();
        for (fact, value) in &self.facts {
            if !facts.value(*fact).is_known() {
                facts.to_mut().set(*fact, Value::Bool(*value));
                presumed.push(*fact);
            }
        }
        for (record, field, value) in &self.fields {
            let open = |row: &Vec<Value>| row.get(*field) == Some(&Value::Unknown);
            if !facts.list(*record).is_some_and(|list| list.rows.iter().any(open)) {
                continue;
            }
            let Some(list) = facts.to_mut().lists.get_mut(record.index()) else {
                continue;
            };
            for slot in list.rows.iter_mut().filter_map(|row| row.get_mut(*field)) {
                if *slot == Value::Unknown {
                    *slot = Value::Bool(*value);
                }
            }
        }
        (facts, presumed)
    }
}

/// What is lawful in every case; an unsettled case counts as each of its readings.
fn safe(possible: &[Outcome], readings: &[Outcome]) -> Safe {
    let mut outcomes: Vec<Outcome> = possible.to_vec();
    if outcomes.contains(&Outcome::Unsettled) {
        outcomes.retain(|outcome| *outcome != Outcome::Unsettled);
        outcomes.extend(readings);
        if readings.is_empty() {
            return Safe::AskCounsel;
        }
    }
    let may_do = outcomes.iter().all(|outcome| outcome.allows());
    let may_refrain = outcomes.iter().all(|outcome| outcome.allows_refraining());
    match (may_do, may_refrain) {
        (true, true) => Safe::Either,
        (true, false) => Safe::Do,
        (false, true) => Safe::Refrain,
        (false, false) => Safe::AskCounsel,
    }
}
