//! What a line of input answers.

use brightline_desk::{Json, QuestionEntry};

/// A list entered by hand is not longer.
const ROWS_MAX: usize = 200;

/// What a line means.
pub(super) enum Reply {
    /// The answer, as a request gives it. For a list: its rows, still empty.
    Answer(Json<'static>),
    /// Show help.
    Help,
    /// Take the last answer back.
    Back,
    /// Stop the interview.
    Stop,
    /// Say it again.
    NotUnderstood(String),
}

/// What a line of free text means.
pub(super) enum Take {
    Text(String),
    Stop,
    Again(&'static str),
}

/// Returns what an answer looks like.
pub(super) fn form(question: &QuestionEntry) -> &'static str {
    match question.kind.as_str() {
        "yes or no" | "choice" => "Answer with the number before the answer.",
        "date" => "Answer with a date: 2025-03-04.",
        "time" => "Answer with a date and a time: 2025-03-04 18:00.",
        "number of days" => "Answer with a whole number of days.",
        "number" => "Answer with a whole number.",
        "list" => {
            "Answer how many there are: 0 for none, 2 for two in all, 2+ for two and perhaps more. \
             You are then asked about each, only as far as it matters."
        }
        _ => "Answer with the law's abbreviation and the section, as the tables write it.",
    }
}

/// Returns the numbered answers, or what to enter.
pub(super) fn answers(question: &QuestionEntry) -> String {
    let mut lines = String::new();
    let mut words: Vec<&str> = match question.kind.as_str() {
        "yes or no" => vec!["yes", "no"],
        "choice" => question.choices.iter().map(|choice| choice.words.as_str()).collect(),
        "date" => return enter("a date, 2025-03-04"),
        "time" => return enter("a date and time, 2025-03-04 18:00"),
        "number of days" | "number" => return enter("a whole number"),
        "list" => return enter("how many: 0, 1, 2 …, or 2+ if there may be more"),
        _ => return enter("the law and the section"),
    };
    words.push("I don't know");
    for (at, words) in words.iter().enumerate() {
        lines.push_str(&format!("    {}  {words}\n", at + 1));
    }
    lines
}

fn enter(what: &str) -> String {
    format!("    …  {what}\n    ?  I don't know\n")
}

/// Reads the answer to a question.
pub(super) fn read(question: &QuestionEntry, text: &str) -> Reply {
    match text {
        "" => return Reply::Help,
        "q" | "Q" => return Reply::Stop,
        "?" => return not_known(),
        "b" | "B" | "back" => return Reply::Back,
        _ => {}
    }
    match question.kind.as_str() {
        "yes or no" => yes_or_no(text),
        "choice" => choice(question, text),
        "number" | "number of days" => match text.parse() {
            Ok(number) => Reply::Answer(Json::Number(number)),
            Err(_) => again(question),
        },
        "list" => list(question, text),
        _ => Reply::Answer(Json::text(text)),
    }
}

fn again(question: &QuestionEntry) -> Reply {
    Reply::NotUnderstood(form(question).to_owned())
}

fn not_known() -> Reply {
    Reply::Answer(Json::object([("unknown", Json::text("not known"))]))
}

fn yes_or_no(text: &str) -> Reply {
    match text.to_lowercase().as_str() {
        "1" | "y" | "yes" => Reply::Answer(Json::Bool(true)),
        "2" | "n" | "no" => Reply::Answer(Json::Bool(false)),
        "3" => not_known(),
        _ => Reply::NotUnderstood("Answer 1 for yes, 2 for no, 3 if you don't know.".to_owned()),
    }
}

fn choice(question: &QuestionEntry, text: &str) -> Reply {
    let count = question.choices.len();
    let number = text.parse::<usize>().ok().and_then(|number| number.checked_sub(1));
    let named = question.choices.iter().position(|choice| choice.value == text);
    match number.or(named) {
        Some(at) if at == count => not_known(),
        Some(at) => match question.choices.get(at) {
            Some(choice) => Reply::Answer(Json::text(&choice.value)),
            None => again(question),
        },
        None => again(question),
    }
}

fn list(question: &QuestionEntry, text: &str) -> Reply {
    let (count, may_be_more) = match text.strip_suffix('+') {
        Some(count) => (count, true),
        None => (text, false),
    };
    let Ok(count) = count.trim().parse::<usize>() else {
        return again(question);
    };
    if count > ROWS_MAX {
        return Reply::NotUnderstood(format!("At most {ROWS_MAX} can be entered here."));
    }
    let rows = Json::Array(vec![Json::Object(Vec::new()); count]);
    Reply::Answer(if may_be_more { Json::object([("known", rows)]) } else { rows })
}

/// Reads the number or the name of a role.
pub(super) fn role(roles: &[String], text: &str) -> Take {
    let number = text.parse::<usize>().ok().and_then(|number| number.checked_sub(1));
    let named = roles.iter().position(|role| role == text);
    match number.or(named).and_then(|at| roles.get(at)) {
        Some(role) => Take::Text(role.clone()),
        None if text == "q" => Take::Stop,
        None => Take::Again("Answer with the number of a role."),
    }
}

/// Reads the reason of a finding.
pub(super) fn reason(text: &str) -> Take {
    match text {
        "q" => Take::Stop,
        "" => Take::Again("A finding is weighed: say why, in a sentence."),
        text => Take::Text(text.to_owned()),
    }
}
