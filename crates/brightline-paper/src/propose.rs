//! What the fields suggest: answers to be confirmed, and what a person should know.

use crate::papers::{PaperForm, Papers, ProposalForm};
use crate::reading::{Confidence, FieldKind, FieldRead, FoundPaper, Proposal, ProposedFor, Side};

/// Returns what the fields of the papers suggest, the first paper's word first.
pub(crate) fn proposals(
    found: &[FoundPaper],
    fields: &[FieldRead],
    papers: &Papers,
) -> Vec<Proposal> {
    let mut proposals: Vec<Proposal> = Vec::new();
    for form in forms(found, papers) {
        let own: Vec<&FieldRead> = fields.iter().filter(|it| it.paper == form.name).collect();
        let subject = form.fields.iter().filter_map(|field| {
            let to = field.becomes.as_deref()?.strip_prefix("subject.")?;
            let read = own.iter().find(|it| it.name == field.name && !it.value.is_empty())?;
            Some(taken(ProposedFor::Subject(to.to_owned()), read, "the paper says so"))
        });
        let facts = form.proposals.iter().filter_map(|it| fact(it, &own));
        for proposal in subject.chain(facts).collect::<Vec<_>>() {
            if !proposals.iter().any(|it| it.to == proposal.to) {
                proposals.push(proposal);
            }
        }
    }
    proposals
}

fn forms<'a>(found: &[FoundPaper], papers: &'a Papers) -> Vec<&'a PaperForm> {
    let names = found.iter().filter_map(|it| it.name.as_deref());
    let mut forms: Vec<&PaperForm> = Vec::new();
    for form in names.filter_map(|it| papers.get(it)) {
        if !forms.iter().any(|it| it.name == form.name) {
            forms.push(form);
        }
    }
    forms
}

fn fact(form: &ProposalForm, own: &[&FieldRead]) -> Option<Proposal> {
    let to = ProposedFor::Fact(form.fact.clone());
    if let Some(take) = &form.take {
        let read = own.iter().find(|it| it.name == *take && !it.value.is_empty())?;
        return Some(taken(to, read, &form.because));
    }
    let filled: Vec<&&FieldRead> =
        own.iter().filter(|it| it.filled && form.any.contains(&it.name)).collect();
    let confidence = filled.iter().map(|it| it.confidence).max()?;
    Some(Proposal {
        to,
        value: form.value.clone()?,
        fields: filled.iter().map(|it| it.name.clone()).collect(),
        because: form.because.clone(),
        confidence,
    })
}

fn taken(to: ProposedFor, read: &FieldRead, because: &str) -> Proposal {
    Proposal {
        to,
        value: read.value.clone(),
        fields: vec![read.name.clone()],
        because: because.to_owned(),
        confidence: read.confidence,
    }
}

/// Returns what a person should know about the papers, as clauses.
pub(crate) fn notices(found: &[FoundPaper], fields: &[FieldRead], papers: &Papers) -> Vec<String> {
    let mut notices = Vec::new();
    for form in forms(found, papers) {
        let is_filled = |name: &str| {
            fields.iter().any(|it| it.paper == form.name && it.name == name && it.filled)
        };
        // A box whose label was found, and of which nobody can say whether it is ticked.
        let unread = |it: &&FieldRead| {
            let is_box = it.paper == form.name && it.kind == FieldKind::Check;
            is_box && it.value.is_empty() && it.place.is_some()
        };
        let unread: Vec<&str> = fields.iter().filter(unread).map(|it| it.name.as_str()).collect();
        let read = fields.iter().any(|it| it.paper == form.name);
        let holding = form.notices.iter().filter(|it| {
            let is_known = !it.when.none.iter().any(|it| unread.contains(&it.as_str()));
            read && is_known && it.when.holds(is_filled)
        });
        notices.extend(holding.map(|it| it.says.clone()));
        if !unread.is_empty() {
            notices.push("not every box could be read: look at the boxes on the paper".to_owned());
        }
    }
    if found.is_empty() {
        notices.push("no paper was recognized: choose which one it is".to_owned());
    }
    for paper in found {
        match (paper.side, &paper.name) {
            (Side::Mixed, _) => notices.push(format!(
                "{} has marks of a judge's paper and of an officer's: have counsel look at it",
                paper.name.as_deref().unwrap_or("a paper")
            )),
            (_, None) => notices.push("a paper is not known by its number: choose it".to_owned()),
            _ => {}
        }
        if paper.confidence < Confidence::DOUBTFUL && paper.name.is_some() {
            notices.push("which paper it is, is doubtful: compare it".to_owned());
        }
    }
    notices
}
