//! What an outcome rests on, in words: of a day or a number with several thresholds, those that
//! decide.

use super::Law;
use super::atom::{Allowed, Atom};
use super::sentence::{self, Answer};
use super::space::Truths;
use super::tree::Tree;
use super::words;
use crate::Outcome;
use crate::determination::Reason;
use crate::diagram::Variable;
use crate::ir::{Corpus, FactId};

impl Law {
    /// Returns the facts that force the outcome, as far as they are held to some of their values;
    /// `truths` are those within them.
    pub(super) fn reasons(
        &self,
        corpus: &Corpus,
        (fixed, outcome): (&[Allowed], Outcome),
        truths: &Truths<'_>,
        presumed: &[FactId],
    ) -> Vec<Reason> {
        let mut held = fixed.to_vec();
        let mut reasons = Vec::new();
        for (index, (atom, set)) in self.space.atoms.iter().zip(fixed).enumerate() {
            if *set == atom.all() || matches!(atom, Atom::Reading(..)) {
                continue;
            }
            let Some(named) = self.named.get(index) else {
                continue;
            };
            let steps = matches!(atom, Atom::Gap(..) | Atom::Number(..));
            let sentences = match steps && atom.arity() > 2 {
                true => self.threshold_words((index, atom), &mut held, outcome),
                false => vec![self.reason_words(corpus, (index, atom), *set, truths)],
            };
            reasons.extend(sentences.into_iter().map(|sentence| Reason {
                fact: named.name.clone(),
                sentence,
                presumed: named.facts.iter().any(|fact| presumed.contains(fact)),
            }));
        }
        reasons
    }

    fn reason_words(
        &self,
        corpus: &Corpus,
        (index, atom): (usize, &Atom),
        set: Allowed,
        truths: &Truths<'_>,
    ) -> String {
        let values: Vec<u16> = (0..u16::try_from(atom.arity()).unwrap_or(u16::MAX))
            .filter(|value| set >> value & 1 == 1)
            .collect();
        if let Atom::Choice(operand, _) = atom {
            let is = sentence::choices(corpus, *operand, &values);
            return format!("{} is {is}", sentence::name(corpus, *operand));
        }
        if let Atom::Yes(operand) = atom {
            let value = if set == 0b10 { Answer::Yes } else { Answer::No };
            return sentence::answer(corpus, *operand, value);
        }
        let mut text = String::new();
        match self.leaf_on(index, &|leaf| truths.of(leaf.guard).is_some()) {
            Some(leaf) => leaf.say(truths.of(leaf.guard), &mut text),
            None => text = words::atom(corpus, &self.space, atom, &values),
        }
        text
    }

    /// The thresholds without which the outcome would not stand. What lies beyond the others is
    /// let go, so that `held` still forces the outcome.
    fn threshold_words(
        &self,
        (index, atom): (usize, &Atom),
        held: &mut [Allowed],
        outcome: Outcome,
    ) -> Vec<String> {
        let all = atom.all();
        let set = held.get(index).copied().unwrap_or(all);
        let from = all & !(set & set.wrapping_neg()).wrapping_sub(1);
        let up_to = all & (Allowed::MAX >> set.leading_zeros());
        let kept = [from, up_to].into_iter().find(|wider| {
            put(held, index, *wider);
            self.always(held, outcome)
        });
        let kept = kept.unwrap_or(set);
        put(held, index, kept);
        let mut found = Vec::new();
        // One step beyond an end, the line that decides is open.
        for beyond in [kept >> 1, kept << 1] {
            let wider = all & (kept | beyond);
            if wider == kept {
                continue;
            }
            let mut relaxed = held.to_vec();
            put(&mut relaxed, index, wider);
            let (now, then) = (Truths::new(&self.space, held), Truths::new(&self.space, &relaxed));
            let decides =
                |leaf: &Tree| now.of(leaf.guard).is_some() && then.of(leaf.guard).is_none();
            if let Some(leaf) = self.leaf_on(index, &decides) {
                let mut text = String::new();
                leaf.say(now.of(leaf.guard), &mut text);
                found.push(text);
            }
        }
        if found.is_empty() {
            found.extend(self.named.get(index).map(|named| named.words.clone()));
        }
        found
    }

    /// The first line of the law that tests a variable and is wanted.
    fn leaf_on(&self, index: usize, wanted: &dyn Fn(&Tree) -> bool) -> Option<&Tree> {
        let variable = Variable(u32::try_from(index).unwrap_or(u32::MAX));
        let is_wanted = |leaf: &Tree| leaf.tests.contains(&variable) && wanted(leaf);
        let mut trees = self.sayings.iter().filter_map(|saying| saying.tree.as_ref());
        trees.find_map(|tree| tree.find_leaf(&is_wanted))
    }
}

fn put(held: &mut [Allowed], index: usize, set: Allowed) {
    if let Some(slot) = held.get_mut(index) {
        *slot = set;
    }
}
