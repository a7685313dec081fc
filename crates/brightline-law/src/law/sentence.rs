//! Conditions and statements in plain words, made from the packs' own names and phrases.

use crate::Outcome;
use crate::clock::Span;
use crate::ir::{
    ActId, AgencyId, Condition, ConditionKind, Corpus, Kind, Limit, Modal, Operand, Statement,
};

/// Returns a name as words: `judicial warrant`.
pub(crate) fn spaced(name: &str) -> String {
    name.replace('_', " ")
}

/// Returns what a pack calls something: its words, or its name as words.
fn called(name: &str, words: &str) -> String {
    if words.is_empty() { spaced(name) } else { words.to_owned() }
}

/// Returns the words of an agency.
pub(crate) fn agency(corpus: &Corpus, id: AgencyId) -> String {
    corpus.agencies.get(id.index()).map(|agency| agency.words.clone()).unwrap_or_default()
}

/// Returns the phrase of an act: `hold a person past the time of release`.
pub(crate) fn act(corpus: &Corpus, id: ActId) -> String {
    corpus.acts.get(id.index()).map(|act| act.words.clone()).unwrap_or_default()
}

/// Returns the words of authority between agency and act.
pub(crate) fn modal(modal: Modal) -> &'static str {
    match modal {
        Modal::MayOnly => "may only under conditions",
        Modal::May => "may",
        Modal::MustNot => "must not",
        Modal::Must => "must",
        Modal::NoAuthority => "has no authority to",
        Modal::DoesNotBar => "is not barred from this:",
        Modal::DoesNotRequire => "is not required to",
    }
}

/// Returns what an outcome says of agency and act, as a sentence without its full stop.
pub(crate) fn outcome(outcome: Outcome, agency: &str, act: &str) -> String {
    match outcome {
        Outcome::Required => format!("{agency} must {act}"),
        Outcome::Permitted => format!("{agency} may {act}, and need not"),
        Outcome::Prohibited => format!("{agency} must not {act}"),
        Outcome::NotBarred => {
            format!("no prohibition recorded here keeps {agency} from this: {act}")
        }
        Outcome::NotRequired => format!("{agency} is not required to {act}"),
        Outcome::NoAuthority => format!("{agency} has no authority to {act}"),
        Outcome::Silent => format!("the law recorded here does not say whether {agency} may {act}"),
        Outcome::Unsettled => {
            format!("the law does not settle whether {agency} may {act}; counsel decides")
        }
        Outcome::Conflict => {
            format!("the law both requires and forbids {agency} to {act}; counsel decides")
        }
        Outcome::Open => format!("it is still open whether {agency} may {act}"),
    }
}

/// Returns a condition in words.
pub(crate) fn condition(corpus: &Corpus, condition: &Condition) -> String {
    match &condition.kind {
        ConditionKind::All(parts) => join(corpus, parts, " and "),
        ConditionKind::Any(parts) => join(corpus, parts, " or "),
        ConditionKind::Not(inner) => match &inner.kind {
            ConditionKind::Count { .. } => negated_count(corpus, inner),
            ConditionKind::All(_) | ConditionKind::Any(_) => {
                format!("none of this: {}", self::condition(corpus, inner))
            }
            _ => negated(corpus, inner),
        },
        ConditionKind::Always => "always".to_owned(),
        ConditionKind::Never => "never".to_owned(),
        ConditionKind::Yes(operand) => name(corpus, *operand),
        ConditionKind::OneOf(operand, values) => {
            format!("{} is {}", name(corpus, *operand), choices(corpus, *operand, values))
        }
        ConditionKind::Before { .. } => before(corpus, condition),
        ConditionKind::AtLeast(operand, value) => {
            format!("{} is at least {value}", name(corpus, *operand))
        }
        ConditionKind::Member(operand, member) => {
            let table = corpus
                .members
                .get(member.index())
                .and_then(|member| corpus.tables.get(member.table.index()));
            let table = table.map(|table| spaced(&table.name)).unwrap_or_default();
            format!("{} is in the list of {table}", name(corpus, *operand))
        }
        ConditionKind::Term(term) => {
            let term = corpus.terms.get(term.index());
            term.map(|term| called(&term.name, &term.words)).unwrap_or_default()
        }
        ConditionKind::Unsettled(point) => {
            let point = corpus.unsettled.get(point.index());
            point.map(|point| called(&point.name, &point.words)).unwrap_or_default()
        }
        ConditionKind::Count { .. } => count(corpus, condition),
        ConditionKind::AnotherRule(effect, _) => format!("another rule makes it {effect}"),
    }
}

/// Says that a condition without parts does not hold.
fn negated(corpus: &Corpus, whole: &Condition) -> String {
    denied(corpus, whole).unwrap_or_else(|| format!("not {}", condition(corpus, whole)))
}

/// Says that a line does not hold, as a sentence of its own: `the person is not on the list`.
/// Where its words hold no verb that could be turned, there is no such sentence.
pub(crate) fn denied(corpus: &Corpus, whole: &Condition) -> Option<String> {
    let text = condition(corpus, whole);
    match &whole.kind {
        ConditionKind::AtLeast(operand, value) => {
            Some(format!("{} is less than {value}", name(corpus, *operand)))
        }
        ConditionKind::OneOf(operand, _) | ConditionKind::Member(operand, _) => {
            let name = name(corpus, *operand);
            let said = text.strip_prefix(&format!("{name} is ")).unwrap_or(&text);
            Some(format!("{name} is not {said}"))
        }
        ConditionKind::Before { .. } => Some(not_before(&text)),
        ConditionKind::Yes(_) | ConditionKind::Term(_) | ConditionKind::Unsettled(_) => {
            turned(&text)
        }
        ConditionKind::Count { .. } => Some(negated_count(corpus, whole)),
        ConditionKind::Not(inner) => Some(condition(corpus, inner)),
        _ => None,
    }
}

/// Says no of what is a sentence: `information is public`, `the form has a signature`.
fn turned(text: &str) -> Option<String> {
    const WORDS: [(&str, &str); 4] = [
        (" is ", " is not "),
        (" are ", " are not "),
        (" was ", " was not "),
        (" were ", " were not "),
    ];
    // Names of facts hold these words otherwise: `may have an attorney`.
    const OF_CLAUSES: [(&str, &str); 2] =
        [(" has ", " does not have "), (" have ", " do not have ")];
    const HEADS: [(&str, &str); 6] = [
        ("there is a ", "there is no "),
        ("there is ", "there is no "),
        ("one of ", "none of "),
        ("only ", "not only "),
        ("a ", "no "),
        ("an ", "no "),
    ];
    let is_sentence = WORDS.iter().any(|(word, _)| text.contains(word));
    let headed = HEADS.iter().find_map(|(head, no)| Some((text.strip_prefix(head)?, no)));
    if let (true, Some((rest, no))) = (is_sentence, headed) {
        return Some(format!("{no}{rest}"));
    }
    let of_clauses = OF_CLAUSES.iter().filter(|_| text.starts_with("the "));
    let places =
        WORDS.iter().chain(of_clauses).filter_map(|(word, no)| Some((text.find(word)?, word, no)));
    let (_, word, no) = places.min_by_key(|(at, ..)| *at)?;
    let denied = text.replacen(word, no, 1);
    // Words that say no already say yes when they are denied.
    Some(denied.replacen(" not not ", " ", 1))
}

/// Says of a yes-or-no fact or field that it is so, or is not: `the form is signed`.
pub(crate) fn answer(corpus: &Corpus, operand: Operand, value: Answer) -> String {
    let text = name(corpus, operand);
    match (value, turned(&text)) {
        (Answer::Yes, Some(_)) => text,
        (Answer::No, Some(denied)) => denied,
        (Answer::Yes, None) => format!("{text}: yes"),
        (Answer::No, None) => format!("{text}: no"),
    }
}

/// What a yes-or-no fact is known as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Answer {
    Yes,
    No,
}

/// Turns the words of [`before`] around.
fn not_before(text: &str) -> String {
    const WORDS: [(&str, &str); 6] = [
        (" is more than ", " is at most "),
        (" is at least ", " is less than "),
        (" is less than ", " is at least "),
        (" is at most ", " is more than "),
        (" is on or before ", " is after "),
        (" is before ", " is on or after "),
    ];
    let turned = WORDS.iter().find(|(words, _)| text.contains(words));
    turned.map_or_else(|| format!("not {text}"), |(words, other)| text.replacen(words, other, 1))
}

fn join(corpus: &Corpus, parts: &[Condition], word: &str) -> String {
    let shown: Vec<String> = parts
        .iter()
        .map(|part| {
            let nested = matches!(part.kind, ConditionKind::All(_) | ConditionKind::Any(_));
            let text = condition(corpus, part);
            if nested && parts.len() > 1 { format!("({text})") } else { text }
        })
        .collect();
    shown.join(word)
}

fn count(corpus: &Corpus, whole: &Condition) -> String {
    let ConditionKind::Count { record, count, body } = &whole.kind else {
        return String::new();
    };
    let Some(record) = corpus.records.get(record.index()) else {
        return String::new();
    };
    let (many, noun, verb) = match count {
        0 | 1 => ("some".to_owned(), spaced(&record.name), "is"),
        more => (format!("at least {more}"), spaced(&record.plural), "are"),
    };
    match &body.kind {
        ConditionKind::Always => format!("{many} {noun}"),
        _ => format!("{many} {noun} {verb} {}", condition(corpus, body)),
    }
}

fn negated_count(corpus: &Corpus, whole: &Condition) -> String {
    let ConditionKind::Count { record, count, body } = &whole.kind else {
        return String::new();
    };
    let Some(record) = corpus.records.get(record.index()) else {
        return String::new();
    };
    let (many, verb) = match count {
        0 | 1 => (format!("no {}", spaced(&record.name)), "is"),
        more => (format!("fewer than {more} {}", spaced(&record.plural)), "are"),
    };
    match &body.kind {
        ConditionKind::Always => many,
        ConditionKind::Not(inner) if *count <= 1 => {
            format!("every {} is {}", spaced(&record.name), condition(corpus, inner))
        }
        _ => format!("{many} {verb} {}", condition(corpus, body)),
    }
}

fn before(corpus: &Corpus, whole: &Condition) -> String {
    let ConditionKind::Before { left, inclusive, right, span, later, excluded } = &whole.kind
    else {
        return String::new();
    };
    let left = name(corpus, *left);
    let anchor = name(corpus, *right);
    let mut text = match (*span == Span::default(), later, inclusive) {
        (true, _, false) => format!("{left} is before {anchor}"),
        (true, _, true) => format!("{left} is on or before {anchor}"),
        (false, false, false) => format!("{left} is more than {} before {anchor}", length(*span)),
        (false, false, true) => format!("{left} is at least {} before {anchor}", length(*span)),
        (false, true, false) => format!("{left} is less than {} after {anchor}", length(*span)),
        (false, true, true) => format!("{left} is at most {} after {anchor}", length(*span)),
    };
    if let Some(excluded) = excluded {
        text.push_str(", not counting ");
        text.push_str(&name(corpus, *excluded));
    }
    text
}

fn length(span: Span) -> String {
    let units =
        [(span.years, "year"), (span.months, "month"), (span.weeks, "week"), (span.days, "day")];
    let shown: Vec<String> = units
        .iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, unit)| format!("{count} {unit}{}", if *count == 1 { "" } else { "s" }))
        .collect();
    shown.join(" and ")
}

/// Returns the name of a fact or field as words, or a day.
pub(crate) fn name(corpus: &Corpus, operand: Operand) -> String {
    let fact = match operand {
        Operand::Fact(fact) => corpus.facts.get(fact.index()),
        Operand::Field(record, field) => {
            corpus.records.get(record.index()).and_then(|record| record.fields.get(field as usize))
        }
        Operand::ActDate => return "the day of the act".to_owned(),
        Operand::Day(day) => return day.to_string(),
    };
    fact.map(|fact| called(&fact.name, &fact.words)).unwrap_or_default()
}

/// Returns the words of some values of a choice, joined with `or`.
pub(crate) fn choices(corpus: &Corpus, operand: Operand, values: &[u16]) -> String {
    let fact = match operand {
        Operand::Fact(fact) => corpus.facts.get(fact.index()),
        Operand::Field(record, field) => {
            corpus.records.get(record.index()).and_then(|record| record.fields.get(field as usize))
        }
        Operand::ActDate | Operand::Day(_) => None,
    };
    let Some(Kind::OneOf(named)) = fact.map(|fact| &fact.kind) else {
        return String::new();
    };
    let shown: Vec<String> = values
        .iter()
        .filter_map(|value| named.get(usize::from(*value)))
        .map(|(name, words)| if words.is_empty() { spaced(name) } else { words.clone() })
        .collect();
    shown.join(" or ")
}

/// Returns a limit in words: `for at most 48 hours, excluding …, from release due`.
pub(crate) fn limit(corpus: &Corpus, limit: &Limit) -> String {
    let (count, unit, excluding, from) = match limit {
        Limit::AtMostHours { count, excluding, from } => (count, "hours", excluding, from),
        Limit::AtMostDays { count, excluding, from } => (count, "days", excluding, from),
        Limit::EndOfDay { minute, of } => {
            let of = name(corpus, Operand::Fact(*of));
            return format!("until {:02}:{:02} of the day of {of}", minute / 60, minute % 60);
        }
    };
    let excluded = excluding_words(corpus, excluding);
    let from = name(corpus, Operand::Fact(*from));
    format!("for at most {count} {unit}{excluded}, from {from}")
}

/// Returns `, excluding Saturdays, Sundays and …`, or nothing.
pub(crate) fn excluding_words(corpus: &Corpus, excluding: &crate::ir::Excluding) -> String {
    let mut parts = Vec::new();
    if excluding.saturdays {
        parts.push("Saturdays".to_owned());
    }
    if excluding.sundays {
        parts.push("Sundays".to_owned());
    }
    if let Some(calendar) = excluding.calendar.and_then(|id| corpus.calendars.get(id.index())) {
        parts.push(match (&calendar.question, calendar.words.as_str()) {
            (Some(_), _) => format!("{} (unsettled which)", spaced(&calendar.name)),
            (None, "") => spaced(&calendar.name),
            (None, words) => words.to_owned(),
        });
    }
    match parts.split_last() {
        None => String::new(),
        Some((only, [])) => format!(", excluding {only}"),
        Some((last, rest)) => format!(", excluding {} and {last}", rest.join(", ")),
    }
}

/// Returns a statement in words, for one agency and act.
pub(crate) fn statement(
    corpus: &Corpus,
    statement: &Statement,
    agency_id: AgencyId,
    act_id: ActId,
) -> String {
    let who = agency(corpus, agency_id);
    let what = act(corpus, act_id);
    let conditional = !matches!(statement.condition.kind, ConditionKind::Always);
    let when = if conditional { " in the cases it names" } else { "" };
    match statement.modal {
        Modal::MayOnly => format!("{who} may {what} only in the cases it names"),
        Modal::DoesNotBar => format!("it does not bar {who} from this{when}: {what}"),
        other => format!("{who} {} {what}{when}", modal(other)),
    }
}
