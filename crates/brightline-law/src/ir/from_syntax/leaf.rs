//! The leaves of conditions: comparisons, membership, other rules, text that is not encoded.

use super::Resolver;
use super::condition::{Context, leaf};
use super::names::{Space, Target};
use crate::Outcome;
use crate::clock::Span as CalendarSpan;
use crate::diagnostic::{Diagnostic, Span, nearest};
use crate::ir::{
    ActId, AsOf, Condition, ConditionKind, Fact, FactId, Kind, Member, MemberId, Modal, Operand,
    Order, StatementId, TableId, Unsettled, UnsettledId, UnsettledKind,
};
use crate::syntax::ast::{self, DateOrName, Relation, Spelled, Unit};

/// Minutes that looking up one's own policy takes.
const POLICY_COST_MINUTES: u32 = 5;

/// A span before or after an anchor, as written.
struct Window<'w> {
    left: &'w Spelled,
    relation: Relation,
    count: u32,
    unit: Unit,
    after: bool,
    right: &'w Spelled,
    not_counting: Option<&'w Spelled>,
}

impl Resolver<'_> {
    /// Returns what a leaf is; a broken one never holds.
    pub(super) fn leaf_kind(
        &mut self,
        context: Context,
        (path, span): (&str, Span),
        written: &ast::ConditionKind,
    ) -> ConditionKind {
        let place = (path, span);
        let found = match written {
            ast::ConditionKind::Name { negated, name } => {
                let kind = self.name_condition(context, name);
                kind.map(|kind| not_if(*negated, place, kind))
            }
            ast::ConditionKind::Choice { name, negated, values } => {
                let kind = self.choice(context, name, values);
                kind.map(|kind| not_if(*negated, place, kind))
            }
            ast::ConditionKind::DateCompare { left, order, right } => {
                self.date_compare(context, place, (left, *order, right))
            }
            ast::ConditionKind::Number { left, relation, value } => self
                .number_operand(context, left, "a number")
                .map(|left| number(place, left, *relation, *value)),
            ast::ConditionKind::AnotherRule { verb, references } => {
                self.another_rule(context, verb, references)
            }
            ast::ConditionKind::PolicyProhibits(act) => self.policy(context, place, act),
            ast::ConditionKind::Member { .. } => self.member(context, place, written),
            ast::ConditionKind::Window { .. } => self.window_leaf(context, place, written),
            _ => None,
        };
        found.unwrap_or(ConditionKind::Never)
    }

    fn choice(
        &mut self,
        context: Context,
        name: &Spelled,
        values: &[Spelled],
    ) -> Option<ConditionKind> {
        let (operand, kind) = self.scalar(context, name)?;
        match kind {
            Kind::OneOf(known) => {
                let mut chosen = Vec::new();
                for value in values {
                    chosen.extend(self.choice_value(name, &known, value));
                }
                chosen.sort_unstable();
                chosen.dedup();
                Some(ConditionKind::OneOf(operand, chosen))
            }
            Kind::YesNo => {
                let value = values.first().map_or("", |value| value.text.as_str());
                match value {
                    "yes" => Some(ConditionKind::Yes(operand)),
                    "no" => {
                        let yes = leaf("", ConditionKind::Yes(operand), name.span);
                        Some(ConditionKind::Not(Box::new(yes)))
                    }
                    _ => {
                        self.mismatch(name, &Kind::YesNo, "one of a list");
                        None
                    }
                }
            }
            other => {
                self.mismatch(name, &other, "one of a list");
                None
            }
        }
    }

    /// Returns the index of a value of a choice; reports a value that the choice has not.
    pub(super) fn choice_value(
        &mut self,
        name: &Spelled,
        known: &[(String, String)],
        value: &Spelled,
    ) -> Option<u16> {
        let found = known.iter().position(|(known, _)| *known == value.text);
        if found.is_none() {
            let message = format!("`{}` is never `{}`", name.text, value.text);
            let names: Vec<&str> = known.iter().map(|(known, _)| known.as_str()).collect();
            let near = nearest(&value.text, &names);
            let help = format!("it is one of {}", names.join(", "));
            let diagnostic = Diagnostic::error("L116", value.span, message).help(help);
            self.report(diagnostic.suggest(near));
        }
        found.and_then(|index| u16::try_from(index).ok())
    }

    fn date_compare(
        &mut self,
        context: Context,
        place: (&str, Span),
        (left, order, right): (&Spelled, Order, &DateOrName),
    ) -> Option<ConditionKind> {
        let left = self.date_operand(context, left);
        let right = match right {
            DateOrName::Date(date) => self.day(date).map(Operand::Day),
            DateOrName::Name(name) => self.date_operand(context, name),
        };
        let (left, right) = (left?, right?);
        let before = |inclusive| ConditionKind::Before {
            left,
            inclusive,
            right,
            span: CalendarSpan::default(),
            later: false,
            excluded: None,
        };
        Some(match order {
            Order::Before => before(false),
            Order::OnOrBefore => before(true),
            Order::After => not_if(true, place, before(true)),
            Order::OnOrAfter => not_if(true, place, before(false)),
        })
    }

    fn window_leaf(
        &mut self,
        context: Context,
        place: (&str, Span),
        written: &ast::ConditionKind,
    ) -> Option<ConditionKind> {
        let ast::ConditionKind::Window { left, relation, count, unit, after, right, not_counting } =
            written
        else {
            return None;
        };
        let not_counting = not_counting.as_ref();
        let (relation, count, unit, after) = (*relation, *count, *unit, *after);
        let window = Window { left, relation, count, unit, after, right, not_counting };
        self.window(context, place, &window)
    }

    fn window(
        &mut self,
        context: Context,
        place: (&str, Span),
        window: &Window<'_>,
    ) -> Option<ConditionKind> {
        let span = self.calendar_span(window.count, window.unit, place.1);
        let left = self.date_operand(context, window.left);
        let right = self.date_operand(context, window.right);
        let excluded = match window.not_counting {
            Some(name) => Some(self.number_operand(context, name, "a number of days")?),
            None => None,
        };
        let (span, left, right, later) = (span?, left?, right?, window.after);
        let before =
            |inclusive| ConditionKind::Before { left, inclusive, right, span, later, excluded };
        // Farther from the anchor is earlier when counted back, later when counted on.
        Some(match (window.relation, later) {
            (Relation::MoreThan, false) | (Relation::LessThan, true) => before(false),
            (Relation::AtLeast, false) | (Relation::AtMost, true) => before(true),
            (Relation::LessThan, false) | (Relation::MoreThan, true) => {
                not_if(true, place, before(true))
            }
            (Relation::AtMost, false) | (Relation::AtLeast, true) => {
                not_if(true, place, before(false))
            }
            (Relation::Exactly, _) => {
                let not_before = not_if(true, place, before(false));
                both(place, before(true), not_before)
            }
        })
    }

    fn member(
        &mut self,
        context: Context,
        place: (&str, Span),
        written: &ast::ConditionKind,
    ) -> Option<ConditionKind> {
        let ast::ConditionKind::Member { left, negated, table, filter, as_of } = written else {
            return None;
        };
        let operand = self.scalar(context, left).and_then(|(operand, kind)| {
            if kind != Kind::Offense {
                self.mismatch(left, &kind, "an offense");
            }
            (kind == Kind::Offense).then_some(operand)
        });
        let as_of = match as_of {
            None => Some(AsOf::ActDate),
            Some(DateOrName::Date(date)) => self.day(date).map(AsOf::Day),
            Some(DateOrName::Name(name)) => {
                self.date_operand(context, name).map(|operand| match operand {
                    Operand::ActDate => AsOf::ActDate,
                    other => AsOf::Operand(other),
                })
            }
        };
        let found = self.look_up(context.pack, Space::Table, table)?;
        let Target::Table(table_id) = found.target else {
            return None;
        };
        let filter = match filter {
            Some((column, values)) => Some(self.filter(table_id, column, values)?),
            None => None,
        };
        let member = self.intern(Member { table: table_id, filter, as_of: as_of? });
        Some(not_if(*negated, place, ConditionKind::Member(operand?, member)))
    }

    fn filter(
        &mut self,
        table: TableId,
        column: &Spelled,
        values: &[Spelled],
    ) -> Option<(usize, Vec<String>)> {
        let found = self.corpus.tables.get(table.index())?;
        if found.columns.is_empty() {
            return None;
        }
        let Some(index) = found.columns.iter().position(|known| *known == column.text) else {
            let message = format!("the table `{}` has no column `{}`", found.name, column.text);
            let near = nearest(&column.text, &found.columns);
            let help = format!("its columns are {}", found.columns.join(", "));
            let diagnostic = Diagnostic::error("L126", column.span, message).help(help);
            self.report(diagnostic.suggest(near));
            return None;
        };
        let mut missing = Vec::new();
        for value in values {
            let mut cells = found.rows.iter().filter_map(|row| row.cells.get(index));
            if !cells.any(|cell| *cell == value.text) {
                let (name, column) = (&found.name, &column.text);
                let message = format!("no row of `{name}` has `{}` as its {column}", value.text);
                let cells = found.rows.iter().filter_map(|row| row.cells.get(index));
                let near = nearest(&value.text, cells);
                missing.push(Diagnostic::error("L116", value.span, message).suggest(near));
            }
        }
        self.diagnostics.extend(missing);
        let mut accepted: Vec<String> = values.iter().map(|value| value.text.clone()).collect();
        accepted.sort_unstable();
        accepted.dedup();
        Some((index, accepted))
    }

    fn intern(&mut self, member: Member) -> MemberId {
        let members = &mut self.corpus.members;
        let index = members.iter().position(|known| *known == member).unwrap_or_else(|| {
            members.push(member);
            members.len().saturating_sub(1)
        });
        MemberId(super::id(index))
    }

    fn another_rule(
        &mut self,
        context: Context,
        verb: &Spelled,
        references: &[Spelled],
    ) -> Option<ConditionKind> {
        let (effect, modals): (Outcome, &[Modal]) = match verb.text.split(' ').next()? {
            "required" => (Outcome::Required, &[Modal::Must]),
            "prohibited" => (Outcome::Prohibited, &[Modal::MustNot, Modal::MayOnly]),
            _ => (Outcome::Permitted, &[Modal::May, Modal::MayOnly]),
        };
        let own = context.provision.and_then(|p| self.corpus.provisions.get(p.index()));
        let own = own.map(|provision| provision.id.clone());
        let mut found: Vec<StatementId> = Vec::new();
        for reference in references {
            found.extend(self.statements_named(context.pack, context.section, reference));
        }
        found.sort_unstable();
        found.dedup();
        let here = context.statement.and_then(|s| self.corpus.statements.get(s.index()));
        found.retain(|id| {
            let Some(statement) = self.corpus.statements.get(id.index()) else {
                return false;
            };
            let provision = self.corpus.provisions.get(statement.provision.index());
            let shares = here.is_none_or(|here| share(&here.acts, &statement.acts));
            let other = provision.is_some_and(|p| own.as_ref() != Some(&p.id));
            modals.contains(&statement.modal) && shares && other
        });
        Some(ConditionKind::AnotherRule(effect, found))
    }

    fn policy(
        &mut self,
        context: Context,
        place: (&str, Span),
        act: &Spelled,
    ) -> Option<ConditionKind> {
        let acts = self.act(context.pack, act);
        let mut facts: Vec<ConditionKind> = Vec::new();
        for act in acts {
            let fact = self.policy_fact(act, place.1)?;
            facts.push(ConditionKind::Yes(Operand::Fact(fact)));
        }
        match (facts.len(), facts.pop()) {
            (_, None) => None,
            (1, only) => only,
            (_, Some(last)) => {
                facts.push(last);
                let parts = facts.into_iter().map(|kind| leaf(place.0, kind, place.1));
                Some(ConditionKind::Any(parts.collect()))
            }
        }
    }

    /// Returns the fact that the agency's own policy prohibits an act, made when first asked for.
    fn policy_fact(&mut self, act: ActId, span: Span) -> Option<FactId> {
        if let Some(fact) = self.policy_facts.get(&act) {
            return Some(*fact);
        }
        let of = self.corpus.acts.get(act.index())?;
        let (pack, name) = (of.pack, format!("policy_prohibits_{}", of.name));
        let act_words = of.words.clone();
        let ask = format!("Does the agency's own policy forbid it to {act_words}?");
        let fact = FactId(super::id(self.corpus.facts.len()));
        let spelled = Spelled { text: name.clone(), span };
        if !self.declare(pack, Space::Condition, &spelled, Target::Fact(fact)) {
            return None;
        }
        self.policy_facts.insert(act, fact);
        self.corpus.facts.push(Fact {
            pack,
            name,
            words: format!("the agency is forbidden by its own policy to {act_words}"),
            kind: Kind::YesNo,
            ask,
            hint: None,
            cost: POLICY_COST_MINUTES,
            found_by: Vec::new(),
            finding: false,
            standard: None,
            presumed: None,
            yes_with: Vec::new(),
            open_with: Vec::new(),
            policy_prohibits: Some(act),
        });
        Some(fact)
    }

    /// Makes an unsettled point of text that is not encoded.
    pub(super) fn not_encoded(
        &mut self,
        context: Context,
        path: &str,
        about: &Spelled,
    ) -> ConditionKind {
        let Some(provision) = context.provision else {
            let message = "`not encoded` stands for text of a provision, and here is none";
            let help = "move it into the rule or definition whose text is meant";
            self.report(Diagnostic::error("L134", about.span, message).help(help));
            return ConditionKind::Never;
        };
        let point = UnsettledId(super::id(self.corpus.unsettled.len()));
        let reading = |name: &str, words: &str| (name.to_owned(), words.to_owned());
        self.corpus.unsettled.push(Unsettled {
            provision,
            name: path.to_owned(),
            words: String::new(),
            record: context.record,
            question: about.text.clone(),
            because: None,
            kind: UnsettledKind::NotEncoded,
            readings: vec![
                reading("no", "the text that is not encoded does not apply"),
                reading("yes", "the text that is not encoded applies"),
            ],
            safe: None,
        });
        ConditionKind::Unsettled(point)
    }
}

fn number(place: (&str, Span), left: Operand, relation: Relation, value: i64) -> ConditionKind {
    let at_least = |value| ConditionKind::AtLeast(left, value);
    let above = value.saturating_add(1);
    match relation {
        Relation::AtLeast => at_least(value),
        Relation::MoreThan => at_least(above),
        Relation::LessThan => not_if(true, place, at_least(value)),
        Relation::AtMost => not_if(true, place, at_least(above)),
        Relation::Exactly => {
            let not_above = not_if(true, place, at_least(above));
            both(place, at_least(value), not_above)
        }
    }
}

fn both((path, span): (&str, Span), left: ConditionKind, right: ConditionKind) -> ConditionKind {
    let parts: [Condition; 2] = [leaf(path, left, span), leaf(path, right, span)];
    ConditionKind::All(parts.into())
}

fn not_if(negated: bool, (path, span): (&str, Span), kind: ConditionKind) -> ConditionKind {
    if negated { ConditionKind::Not(Box::new(leaf(path, kind, span))) } else { kind }
}

/// Returns whether two sorted lists share an entry.
pub(super) fn share<T: Ord>(left: &[T], right: &[T]) -> bool {
    left.iter().any(|entry| right.binary_search(entry).is_ok())
}
