//! Examples and claims.

use std::collections::BTreeMap;

use crate::Outcome;
use crate::determination::{Determination, Due, DutyOwed};
use crate::diagnostic::{Diagnostic, Span};
use crate::facts::Facts;
use crate::facts_text;
use crate::ir::{ActId, AgencyId, AsKnown, Corpus, Example, Expected, PackId, Then};
use crate::law::{Law, Scope};
use crate::prove::{Counterexample, Proof, prove};

/// Runs every example.
pub(super) fn examples(corpus: &Corpus) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let mut laws = Laws::default();
    for example in &corpus.examples {
        match example.given.facts(corpus) {
            Ok(facts) => run(corpus, example, &facts, &mut laws, &mut found),
            Err(contradictions) => {
                for contradiction in contradictions {
                    let fact = corpus.facts.get(contradiction.fact.index());
                    let name = fact.map(|fact| fact.name.as_str()).unwrap_or_default();
                    found.push(Diagnostic::error(
                        "L202",
                        example.span,
                        format!("the papers of this example contradict its fact `{name}`"),
                    ));
                }
            }
        }
    }
    found
}

/// Laws compiled for examples; many examples ask the same one.
#[derive(Default)]
struct Laws {
    compiled: BTreeMap<Scope, Option<Law>>,
}

impl Laws {
    fn determine(&mut self, corpus: &Corpus, scope: Scope, facts: &Facts) -> Option<Determination> {
        let law = self.compiled.entry(scope).or_insert_with(|| Law::compile(corpus, scope).ok());
        law.as_ref().map(|law| law.determine(corpus, facts))
    }
}

fn run(
    corpus: &Corpus,
    example: &Example,
    facts: &Facts,
    laws: &mut Laws,
    found: &mut Vec<Diagnostic>,
) {
    let at = AsKnown { on: example.on, known: example.known };
    let mut asked: Vec<Determination> = Vec::new();
    for then in &example.then {
        if let Then::Outcome(expected) = then {
            for scope in scopes(example.pack, expected, at) {
                let Some(determination) = laws.determine(corpus, scope, facts) else {
                    continue;
                };
                found.extend(differs(corpus, expected, &determination));
                asked.push(determination);
            }
        }
    }
    for then in &example.then {
        found.extend(match then {
            Then::Outcome(_) => None,
            Then::Ask(names, span) => asks(&asked, names, *span),
            Then::Limit(end, span) => ends(&asked, end, *span),
            Then::Owe { duty, by, span } => owes(&asked, duty, by.map(Due::Day), *span),
        });
    }
}

fn scopes(
    jurisdiction: PackId,
    expected: &Expected,
    at: AsKnown,
) -> impl Iterator<Item = Scope> + '_ {
    expected.agencies.iter().flat_map(move |&agency: &AgencyId| {
        expected.acts.iter().map(move |&act: &ActId| Scope { jurisdiction, agency, act, at })
    })
}

fn differs(
    corpus: &Corpus,
    expected: &Expected,
    determination: &Determination,
) -> Option<Diagnostic> {
    let act = corpus.acts.get(determination.act.index()).map(|act| act.name.as_str());
    let agency = corpus.agencies.get(determination.agency.index()).map(|a| a.name.as_str());
    let who = format!("`{}`, `{}`", agency.unwrap_or_default(), act.unwrap_or_default());
    if !expected.outcomes.contains(&determination.outcome) {
        let mut because = determination.explanation.join(" ");
        if determination.outcome == Outcome::Open {
            let possible: Vec<String> =
                determination.possible.iter().map(|outcome| outcome.to_string()).collect();
            let paths: Vec<&str> =
                determination.questions.iter().map(|question| question.path.as_str()).collect();
            because = format!("possible: {}; open: {}", possible.join(", "), paths.join(", "));
        }
        return Some(
            Diagnostic::error(
                "L201",
                expected.span,
                format!("for {who} the outcome is {}", determination.outcome),
            )
            .label(format!("expected {}", either(&expected.outcomes)))
            .help(because),
        );
    }
    let missing = expected
        .because
        .iter()
        .find(|wanted| !determination.basis.iter().any(|basis| covers(wanted, &basis.id)))?;
    let basis: Vec<&str> = determination.basis.iter().map(|basis| basis.id.as_str()).collect();
    Some(
        Diagnostic::error(
            "L201",
            expected.span,
            format!("for {who} `{missing}` is not among the basis"),
        )
        .help(format!("the basis is {}", basis.join(", "))),
    )
}

/// Whether a wanted label or id names this id or what is above it.
fn covers(wanted: &str, id: &str) -> bool {
    let ends_well = |rest: &str| rest.is_empty() || rest.starts_with('(') || rest.starts_with(' ');
    if let Some(rest) = id.strip_prefix(wanted) {
        return ends_well(rest);
    }
    id.match_indices(wanted).any(|(at, found)| {
        let before = id.get(..at).and_then(|head| head.chars().next_back());
        let starts_well = wanted.starts_with('(') || before == Some('/');
        // A label of this section follows its short name, not another marker.
        let whole = before.is_none_or(|c| c != ')');
        starts_well && whole && id.get(at + found.len()..).is_some_and(ends_well)
    })
}

fn either(outcomes: &[Outcome]) -> String {
    let names: Vec<String> = outcomes.iter().map(|outcome| outcome.to_string()).collect();
    names.join(" or ")
}

fn asks(asked: &[Determination], names: &[String], span: Span) -> Option<Diagnostic> {
    let mut paths: Vec<String> = asked
        .iter()
        .flat_map(|determination| determination.questions.iter())
        .map(|question| question.path.split('[').next().unwrap_or_default().to_owned())
        .collect();
    paths.sort();
    paths.dedup();
    (paths != names).then(|| {
        let shown = if paths.is_empty() { "nothing".to_owned() } else { paths.join(", ") };
        Diagnostic::error("L201", span, "the questions are others").help(format!("asked: {shown}"))
    })
}

fn ends(asked: &[Determination], end: &str, span: Span) -> Option<Diagnostic> {
    let found: Vec<String> = asked
        .iter()
        .flat_map(|determination| &determination.limits)
        .flat_map(|limit| &limit.ends)
        .filter_map(|end| end.end.map(|end| end.to_string()))
        .collect();
    let wanted = end.replace('T', " ");
    (!found.iter().any(|found| found.starts_with(&wanted))).then(|| {
        let shown = if found.is_empty() { "none".to_owned() } else { found.join(", ") };
        Diagnostic::error("L201", span, "no limit ends then").help(format!("limits end: {shown}"))
    })
}

fn owes(asked: &[Determination], duty: &str, by: Option<Due>, span: Span) -> Option<Diagnostic> {
    let owed: Vec<_> = asked.iter().flat_map(|determination| &determination.duties).collect();
    let named = |owed: &DutyOwed| owed.name == duty || covers(duty, &owed.id);
    let fits = owed.iter().any(|owed| named(owed) && by.is_none_or(|by| is_due(owed.by, by)));
    (!fits).then(|| {
        let shown: Vec<String> = owed
            .iter()
            .map(|owed| match owed.by {
                Some(Due::Day(day)) => format!("{} by {day}", owed.name),
                Some(Due::Moment(moment)) => format!("{} by {moment}", owed.name),
                None => owed.name.clone(),
            })
            .collect();
        Diagnostic::error("L201", span, format!("`{duty}` is not owed so"))
            .help(format!("owed: {}", shown.join(", ")))
    })
}

/// Whether a duty is due on a day, at whatever time of it.
fn is_due(due: Option<Due>, by: Due) -> bool {
    match (due, by) {
        (Some(Due::Moment(moment)), Due::Day(day)) => moment.day() == day,
        (due, by) => due == Some(by),
    }
}

/// Proves every claim.
pub(super) fn claims(corpus: &Corpus) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for claim in &corpus.claims {
        found.extend(match prove(corpus, claim) {
            Proof::Holds { .. } => None,
            Proof::Fails(counter) => Some(
                Diagnostic::error("L203", claim.span, "this claim does not hold")
                    .help(witness(corpus, &counter)),
            ),
            Proof::TooLarge(large) => {
                Some(Diagnostic::error("L206", claim.span, large.to_string()))
            }
        });
    }
    found
}

/// Returns a counterexample as one line.
pub(super) fn witness(corpus: &Corpus, counter: &Counterexample) -> String {
    let scope = counter.scope;
    let agency = corpus.agencies.get(scope.agency.index()).map(|agency| agency.name.as_str());
    let act = corpus.acts.get(scope.act.index()).map(|act| act.name.as_str());
    let mut facts = facts_text::lines(corpus, &counter.facts);
    if facts.is_empty() {
        facts.push("whatever the facts are".to_owned());
    }
    format!(
        "on {}, `{}` `{}` is {} with {}",
        scope.at.on,
        agency.unwrap_or_default(),
        act.unwrap_or_default(),
        counter.outcome,
        facts.join("; ")
    )
}
