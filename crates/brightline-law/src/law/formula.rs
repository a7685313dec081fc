//! From conditions to formulas: terms expanded for the day, readings of unsettled points made
//! variables, other rules looked up. What is left are tests of facts.

use std::collections::BTreeSet;

use super::Scope;
use crate::Outcome;
use crate::clock::{Day, Span};
use crate::ir::{
    Condition, ConditionKind, Corpus, Definition, FactId, MemberId, Modal, Operand, ProvisionId,
    RecordId, Statement, StatementId, TermId, UnsettledId, UnsettledKind,
};

/// Terms and other rules may be nested so deep; deeper is a circle, which resolution refuses.
const EXPANSION_DEPTH_MAX: u32 = 64;

/// A formula over tests of facts.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Formula {
    /// True or false.
    Const(bool),
    /// The opposite.
    Not(Box<Formula>),
    /// All hold.
    All(Vec<Formula>),
    /// One holds.
    Any(Vec<Formula>),
    /// A test.
    Test(Test),
}

/// A test of one fact, field, list or reading.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Test {
    /// A yes-or-no fact or field is yes.
    Yes(Operand),
    /// A choice has one of these values.
    OneOf(Operand, Vec<u16>),
    /// Two days stand in this order.
    Before(Gap, Cut),
    /// A number is at least this.
    AtLeast(Operand, i64),
    /// An offense is in a table.
    Member(Operand, MemberId),
    /// So many records of the list satisfy the body, which the pack calls so.
    Count(RecordId, Box<Formula>, u32, Told),
    /// The unsettled point takes this reading.
    Reading(UnsettledId, u16),
}

/// What the pack calls something: carried along for those who read, never told apart.
#[derive(Debug, Clone)]
pub(crate) struct Told(pub String);

impl PartialEq for Told {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Told {}

impl PartialOrd for Told {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Told {
    fn cmp(&self, _: &Self) -> std::cmp::Ordering {
        std::cmp::Ordering::Equal
    }
}

impl std::hash::Hash for Told {
    fn hash<H: std::hash::Hasher>(&self, _: &mut H) {}
}

/// Two days whose distance is asked for, and the days that do not count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Gap {
    /// The day compared.
    pub left: Operand,
    /// The anchor.
    pub right: Operand,
    /// Days that lengthen the span.
    pub excluded: Option<Operand>,
    /// The anchor is moved later, not earlier.
    pub later: bool,
}

/// One threshold of a gap: the anchor moved by so much, with or without the day itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Cut {
    /// Calendar months.
    pub months: u32,
    /// Days after the months.
    pub days: u32,
    /// The day itself counts as before.
    pub inclusive: bool,
}

impl Cut {
    /// Returns the span of the cut.
    pub(crate) fn span(self) -> Span {
        Span { months: self.months, days: self.days, ..Span::default() }
    }
}

impl Formula {
    /// Returns the negation, without doubling negations.
    pub(crate) fn negated(self) -> Self {
        match self {
            Self::Const(value) => Self::Const(!value),
            Self::Not(inner) => *inner,
            other => Self::Not(Box::new(other)),
        }
    }

    /// Returns the conjunction, simplified.
    pub(crate) fn all(parts: Vec<Self>) -> Self {
        Self::join(parts, true)
    }

    /// Returns the disjunction, simplified.
    pub(crate) fn any(parts: Vec<Self>) -> Self {
        Self::join(parts, false)
    }

    fn join(parts: Vec<Self>, conjunction: bool) -> Self {
        let mut kept: Vec<Self> = Vec::with_capacity(parts.len());
        for part in parts {
            match part {
                Self::Const(value) if value == conjunction => {}
                Self::Const(value) => return Self::Const(value),
                other => kept.push(other),
            }
        }
        match (kept.len(), kept.pop()) {
            (1, Some(only)) => only,
            (_, None) => Self::Const(conjunction),
            (_, Some(last)) => {
                kept.push(last);
                if conjunction { Self::All(kept) } else { Self::Any(kept) }
            }
        }
    }

    /// Returns how many tests there are, the bodies of counts included.
    pub(crate) fn length(&self) -> usize {
        let mut length = 0;
        self.tests(&mut |test| {
            length += match test {
                Test::Count(_, body, ..) => 1 + body.length(),
                _ => 1,
            }
        });
        length
    }

    /// Calls `visit` with every test, in the order of the text; the bodies of counts are not
    /// entered.
    pub(crate) fn tests<'f>(&'f self, visit: &mut dyn FnMut(&'f Test)) {
        match self {
            Self::Const(_) => {}
            Self::Not(inner) => inner.tests(visit),
            Self::All(parts) | Self::Any(parts) => {
                for part in parts {
                    part.tests(visit);
                }
            }
            Self::Test(test) => visit(test),
        }
    }
}

/// Lowers conditions under one scope.
pub(crate) struct Lowering<'c> {
    corpus: &'c Corpus,
    scope: Scope,
    /// Statements that are taken out of the law.
    left_out: Option<&'c BTreeSet<StatementId>>,
    /// Readings fixed while the body of a count is lowered.
    fixed: Vec<(UnsettledId, u16)>,
    depth: u32,
}

impl<'c> Lowering<'c> {
    /// Returns a lowering for this scope.
    pub(crate) fn new(corpus: &'c Corpus, scope: Scope) -> Self {
        Self { corpus, scope, left_out: None, fixed: Vec::new(), depth: 0 }
    }

    /// Returns a lowering of the law without some statements.
    pub(crate) fn without(
        corpus: &'c Corpus,
        scope: Scope,
        left_out: &'c BTreeSet<StatementId>,
    ) -> Self {
        Self { left_out: Some(left_out), ..Self::new(corpus, scope) }
    }

    /// Returns the corpus.
    pub(crate) fn corpus(&self) -> &'c Corpus {
        self.corpus
    }

    /// Returns the statements that apply, in the order of the text.
    pub(crate) fn applied(&self) -> Vec<(StatementId, &'c Statement)> {
        let applied = super::applied(self.corpus, self.scope);
        applied.filter(|(id, _)| !self.is_left_out(*id)).collect()
    }

    fn is_left_out(&self, id: StatementId) -> bool {
        self.left_out.is_some_and(|left_out| left_out.contains(&id))
    }

    /// Returns the formula of a condition.
    pub(crate) fn formula(&mut self, condition: &Condition) -> Formula {
        match &condition.kind {
            ConditionKind::All(parts) => {
                Formula::all(parts.iter().map(|part| self.formula(part)).collect())
            }
            ConditionKind::Any(parts) => {
                Formula::any(parts.iter().map(|part| self.formula(part)).collect())
            }
            ConditionKind::Not(inner) => self.formula(inner).negated(),
            ConditionKind::Always => Formula::Const(true),
            ConditionKind::Never => Formula::Const(false),
            ConditionKind::Term(term) => self.nested(|this| this.term(*term)),
            ConditionKind::Unsettled(point) => self.nested(|this| this.unsettled(*point)),
            ConditionKind::Count { record, count, body } => self.count(*record, *count, body),
            ConditionKind::AnotherRule(effect, statements) => {
                self.nested(|this| this.another_rule(*effect, statements))
            }
            ConditionKind::Yes(_)
            | ConditionKind::OneOf(..)
            | ConditionKind::Before { .. }
            | ConditionKind::AtLeast(..)
            | ConditionKind::Member(..) => fixed_day(&condition.kind, self.scope.at.on)
                .unwrap_or_else(|| leaf(&condition.kind, self.scope.at.on)),
        }
    }

    fn nested(&mut self, lower: impl FnOnce(&mut Self) -> Formula) -> Formula {
        if self.depth >= EXPANSION_DEPTH_MAX {
            return Formula::Const(false);
        }
        self.depth += 1;
        let formula = lower(self);
        self.depth -= 1;
        formula
    }

    /// The version of the term in force that day; none: the term never holds.
    fn term(&mut self, term: TermId) -> Formula {
        let Some(version) = self.version(term) else {
            return Formula::Const(false);
        };
        let formula = self.formula(&version.condition);
        self.as_far_as_read(version.provision, formula)
    }

    /// Unread text of a partial provision may turn what it defines round.
    fn as_far_as_read(&self, provision: ProvisionId, formula: Formula) -> Formula {
        let provision = self.corpus.provisions.get(provision.index());
        match provision.and_then(|provision| provision.partial.as_ref()) {
            Some((_, point)) => {
                let changed = self.reading(*point, 1);
                let as_encoded = Formula::all(vec![changed.clone().negated(), formula.clone()]);
                Formula::any(vec![as_encoded, Formula::all(vec![changed, formula.negated()])])
            }
            None => formula,
        }
    }

    /// Returns the version of a term in force that day.
    pub(crate) fn version(&self, term: TermId) -> Option<&'c Definition> {
        let corpus = self.corpus;
        corpus.terms.get(term.index())?.versions.iter().find(|version| {
            let provision = corpus.provisions.get(version.provision.index());
            provision.is_some_and(|provision| provision.validity.in_force(self.scope.at))
        })
    }

    fn unsettled(&mut self, point: UnsettledId) -> Formula {
        let Some(unsettled) = self.corpus.unsettled.get(point.index()) else {
            return Formula::Const(false);
        };
        let provision = self.corpus.provisions.get(unsettled.provision.index());
        match &unsettled.kind {
            UnsettledKind::NotEncoded | UnsettledKind::Partial => self.reading(point, 1),
            UnsettledKind::Written(conditions) => {
                if !provision.is_some_and(|p| p.validity.in_force(self.scope.at)) {
                    return Formula::Const(false);
                }
                let mut parts = Vec::with_capacity(conditions.len());
                for (index, condition) in conditions.iter().enumerate() {
                    let taken = self.reading(point, u16::try_from(index).unwrap_or(u16::MAX));
                    if taken != Formula::Const(false) {
                        let holds = self.formula(condition);
                        parts.push(Formula::all(vec![taken, holds]));
                    }
                }
                self.as_far_as_read(unsettled.provision, Formula::any(parts))
            }
        }
    }

    /// The test that a point takes a reading; a constant where the reading is fixed.
    pub(crate) fn reading(&self, point: UnsettledId, reading: u16) -> Formula {
        match self.fixed.iter().find(|(fixed, _)| *fixed == point) {
            Some(&(_, taken)) => Formula::Const(taken == reading),
            None => Formula::Test(Test::Reading(point, reading)),
        }
    }

    /// A count whose body rests on readings becomes one count for each combination of them.
    fn count(&mut self, record: RecordId, count: u32, body: &Condition) -> Formula {
        let formula = self.formula(body);
        let mut points = BTreeSet::new();
        formula.tests(&mut |test| {
            if let Test::Reading(point, _) = test {
                points.insert(*point);
            }
        });
        let Some(&point) = points.iter().next() else {
            let told = self.told(body);
            return Formula::Test(Test::Count(record, Box::new(formula), count, told));
        };
        let readings = self.corpus.unsettled.get(point.index()).map_or(0, |u| u.readings.len());
        let mut parts = Vec::with_capacity(readings);
        for index in 0..readings {
            let index = u16::try_from(index).unwrap_or(u16::MAX);
            let taken = self.reading(point, index);
            self.fixed.push((point, index));
            let holds = self.count(record, count, body);
            self.fixed.pop();
            parts.push(Formula::all(vec![taken, holds]));
        }
        Formula::any(parts)
    }

    /// The words of a body, with the readings under which it is lowered.
    fn told(&self, body: &Condition) -> Told {
        let mut words = super::sentence::condition(self.corpus, body);
        for (point, reading) in &self.fixed {
            let point = self.corpus.unsettled.get(point.index());
            let reading = point.and_then(|point| point.readings.get(usize::from(*reading)));
            if let (Some(point), Some((name, _))) = (point, reading) {
                let (point, name) =
                    (super::sentence::spaced(&point.name), super::sentence::spaced(name));
                words.push_str(&format!(" [{point}: {name}]"));
            }
        }
        Told(words)
    }

    fn another_rule(&mut self, effect: Outcome, statements: &[StatementId]) -> Formula {
        let mut parts = Vec::new();
        for id in statements {
            let Some(statement) = self.corpus.statements.get(id.index()) else {
                continue;
            };
            let applies = super::applies(self.corpus, self.scope, statement);
            if !applies || self.is_left_out(*id) {
                continue;
            }
            let formula = self.formula(&statement.condition);
            let found = match (effect, statement.modal) {
                (Outcome::Required, Modal::Must)
                | (Outcome::Permitted, Modal::May | Modal::MayOnly)
                | (Outcome::Prohibited, Modal::MustNot) => formula,
                (Outcome::Prohibited, Modal::MayOnly) => formula.negated(),
                _ => continue,
            };
            // Text that was not read can take a rule's effect away, here as everywhere.
            let provision = self.corpus.provisions.get(statement.provision.index());
            parts.push(match provision.and_then(|provision| provision.partial.as_ref()) {
                Some((_, point)) => Formula::all(vec![self.reading(*point, 1).negated(), found]),
                None => found,
            });
        }
        Formula::any(parts)
    }
}

fn leaf(kind: &ConditionKind, on: Day) -> Formula {
    let test = match kind {
        ConditionKind::Yes(operand) => Test::Yes(*operand),
        ConditionKind::OneOf(operand, values) => Test::OneOf(*operand, values.clone()),
        // Numbers are not negative.
        ConditionKind::AtLeast(_, ..=0) => return Formula::Const(true),
        ConditionKind::AtLeast(operand, value) => Test::AtLeast(*operand, *value),
        ConditionKind::Member(operand, member) => Test::Member(*operand, *member),
        ConditionKind::Before { left, inclusive, right, span, later, excluded } => {
            let months = span.years.saturating_mul(12).saturating_add(span.months);
            let days = span.weeks.saturating_mul(7).saturating_add(span.days);
            let cut = Cut { months, days, inclusive: *inclusive };
            before(Gap { left: *left, right: *right, excluded: *excluded, later: *later }, cut, on)
        }
        _ => return Formula::Const(false),
    };
    Formula::Test(test)
}

/// The day of the act against a fixed day is settled when the law of that day is compiled.
fn fixed_day(kind: &ConditionKind, on: Day) -> Option<Formula> {
    let first = first_day_without(kind)?;
    Some(Formula::Const(on < first))
}

/// Returns the first day of the act on which a comparison of it with a fixed day no longer holds;
/// none where the condition is no such comparison.
pub(crate) fn first_day_without(kind: &ConditionKind) -> Option<Day> {
    let ConditionKind::Before { left, inclusive, right, span, later, excluded: None } = kind else {
        return None;
    };
    let (Operand::ActDate, Operand::Day(day)) = (left, right) else {
        return None;
    };
    let moved = if *later { span.after(*day) } else { span.before(*day) };
    Some(if *inclusive { moved.next() } else { moved })
}

/// Fixed days, the day of the act among them, become days counted from one base, so that all fixed
/// thresholds of a day are cuts of one gap.
fn before(gap: Gap, cut: Cut, on: Day) -> Test {
    let same_day = cut.months == 0 && cut.days == 0;
    let fixed = match gap.right {
        Operand::Day(day) => Some(day),
        Operand::ActDate => Some(on),
        Operand::Fact(_) | Operand::Field(..) => None,
    };
    if let (Some(day), None) = (fixed, gap.excluded) {
        let moved = if gap.later { cut.span().after(day) } else { cut.span().before(day) };
        if let Ok(days) = u32::try_from(moved.days()) {
            let base = Operand::Day(Day::from_days(0));
            let gap = Gap { left: gap.left, right: base, excluded: None, later: true };
            return Test::Before(gap, Cut { months: 0, days, inclusive: cut.inclusive });
        }
    }
    Test::Before(Gap { later: gap.later && !same_day, ..gap }, cut)
}

/// Returns the facts that a formula names, those inside counts too, in the order of the text.
pub(crate) fn facts_named(formula: &Formula, found: &mut Vec<FactId>) {
    let mut add = |operand: &Operand| {
        if let Operand::Fact(fact) = operand
            && !found.contains(fact)
        {
            found.push(*fact);
        }
    };
    let mut bodies = Vec::new();
    formula.tests(&mut |test| match test {
        Test::Yes(operand)
        | Test::OneOf(operand, _)
        | Test::AtLeast(operand, _)
        | Test::Member(operand, _) => add(operand),
        Test::Before(gap, _) => {
            add(&gap.left);
            add(&gap.right);
            gap.excluded.iter().for_each(&mut add);
        }
        Test::Count(_, body, ..) => bodies.push(body),
        Test::Reading(..) => {}
    });
    for body in bodies {
        facts_named(body, found);
    }
}
