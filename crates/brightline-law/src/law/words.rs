//! Atoms in words, where no line of a pack stands behind them.

use super::atom::Atom;
use super::formula::{Cut, Gap};
use super::members::Members;
use super::sentence;
use super::space::Space;
use crate::ir::{Corpus, Operand};

/// Returns what a set of values of an atom says.
pub(crate) fn atom(corpus: &Corpus, space: &Space, atom: &Atom, values: &[u16]) -> String {
    let name = |operand: &Operand| sentence::name(corpus, *operand);
    let only = |value: u16| values == [value];
    match atom {
        Atom::Yes(operand) => format!("{}: {}", name(operand), yes_no(only(1))),
        Atom::Choice(operand, _) => {
            format!("{}: {}", name(operand), sentence::choices(corpus, *operand, values))
        }
        Atom::Number(operand, cuts) => format!("{}: {}", name(operand), between(cuts, values)),
        Atom::Gap(gap, cuts) => gap_words(corpus, gap, cuts, values),
        Atom::Offense(operand, members, patterns) => {
            let shown: Vec<String> = values
                .iter()
                .filter_map(|value| patterns.get(usize::from(*value)))
                .map(|bits| {
                    let lists: Vec<String> = members
                        .iter()
                        .zip(bits)
                        .filter(|(_, bit)| **bit)
                        .map(|(member, _)| member_words(corpus, *member))
                        .collect();
                    if lists.is_empty() { "on no list".to_owned() } else { lists.join(" and ") }
                })
                .collect();
            format!("{}: {}", name(operand), shown.join(" or "))
        }
        Atom::MemberOn(operand, member, _) => {
            format!("{} in {}: {}", name(operand), member_words(corpus, *member), yes_no(only(1)))
        }
        Atom::Count(record, body, most) => {
            let told = space.bodies.get(*body).map(|body| body.told.0.as_str());
            let counts: Vec<String> =
                values
                    .iter()
                    .map(|v| {
                        if u32::from(*v) == *most { format!("{v} or more") } else { v.to_string() }
                    })
                    .collect();
            let plural = corpus.records.get(record.index()).map(|r| sentence::spaced(&r.plural));
            let plural = plural.unwrap_or_default();
            format!("{plural} that are {}: {}", told.unwrap_or_default(), counts.join(" or "))
        }
        Atom::Reading(point, _) => {
            let point = corpus.unsettled.get(point.index());
            point.map(|point| point.question.clone()).unwrap_or_default()
        }
    }
}

fn yes_no(yes: bool) -> &'static str {
    if yes { "yes" } else { "no" }
}

fn member_words(corpus: &Corpus, member: crate::ir::MemberId) -> String {
    let (member, is_before) = Members::question(corpus, member);
    let table = member.and_then(|member| corpus.tables.get(member.table.index()));
    let name = table.map(|table| sentence::spaced(&table.name)).unwrap_or_default();
    if is_before { format!("{name} as it stood before") } else { name }
}

fn between(cuts: &[i64], values: &[u16]) -> String {
    let low = values.first().and_then(|value| usize::from(*value).checked_sub(1));
    let low = low.and_then(|index| cuts.get(index));
    let high = values.last().and_then(|value| cuts.get(usize::from(*value)));
    match (low, high) {
        (Some(low), Some(high)) => format!("{low} to {}", high - 1),
        (Some(low), None) => format!("{low} or more"),
        (None, Some(high)) => format!("less than {high}"),
        (None, None) => "any".to_owned(),
    }
}

fn gap_words(corpus: &Corpus, gap: &Gap, cuts: &[Cut], values: &[u16]) -> String {
    let left = sentence::name(corpus, gap.left);
    let mut parts = Vec::new();
    let low = values.first().and_then(|value| usize::from(*value).checked_sub(1));
    if let Some(cut) = low.and_then(|index| cuts.get(index)) {
        let word = if cut.inclusive { "after" } else { "on or after" };
        parts.push(format!("{word} {}", anchor(corpus, gap, *cut)));
    }
    if let Some(cut) = values.last().and_then(|value| cuts.get(usize::from(*value))) {
        let word = if cut.inclusive { "on or before" } else { "before" };
        parts.push(format!("{word} {}", anchor(corpus, gap, *cut)));
    }
    format!("{left}: {}", parts.join(" and "))
}

fn anchor(corpus: &Corpus, gap: &Gap, cut: Cut) -> String {
    if let Operand::Day(day) = gap.right {
        let moved = if gap.later { cut.span().after(day) } else { cut.span().before(day) };
        return moved.to_string();
    }
    let right = sentence::name(corpus, gap.right);
    let mut span = Vec::new();
    for (count, unit) in [(cut.months / 12, "years"), (cut.months % 12, "months")] {
        if count > 0 {
            span.push(format!("{count} {unit}"));
        }
    }
    if cut.days > 0 {
        span.push(format!("{} days", cut.days));
    }
    let way = if gap.later { "after" } else { "before" };
    if span.is_empty() { right } else { format!("the day {} {way} {right}", span.join(" ")) }
}
