//! A question as it is shown.

use brightline_desk::QuestionEntry;

/// Returns the question with its effort: `Was a warrant …? (2 minutes)`.
pub(crate) fn line(question: &QuestionEntry) -> String {
    let unit = if question.cost_minutes == 1 { "minute" } else { "minutes" };
    format!("{} ({} {unit})", question.ask, question.cost_minutes)
}

/// Returns what stands under a question: where to look, who finds it, what asks for it.
pub(crate) fn details(question: &QuestionEntry) -> Vec<String> {
    let mut details = Vec::new();
    if let Some(row) = row(&question.fact) {
        details.push(format!("Of {row}."));
    }
    if let Some(hint) = &question.hint {
        details.push(format!("Where to look: {hint}"));
    }
    if let Some(standard) = &question.standard {
        details.push(format!("To be weighed: {standard}."));
    }
    if !question.found_by.is_empty() {
        let roles: Vec<String> =
            question.found_by.iter().map(|role| role.replace('_', " ")).collect();
        details.push(format!("Found by: {}.", roles.join(", ")));
    }
    if !question.asked_by.is_empty() {
        details.push(format!("Asked for by {}.", question.asked_by.join("; ")));
    }
    details
}

/// Returns `convictions, number 1` for `convictions[0].judgment_date`.
fn row(path: &str) -> Option<String> {
    let (list, rest) = path.split_once('[')?;
    let (index, _) = rest.split_once(']')?;
    let index: usize = index.parse().ok()?;
    Some(format!("{}, number {}", list.replace('_', " "), index + 1))
}
