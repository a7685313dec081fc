//! A form that was filled on a screen.

use brightline_paper::{Keep, Limits, Origin, Papers, ProposedFor, Reading, read};

use crate::fixtures::{Sheet, detainer_form, officer_warrant, pdf};

pub fn reading(sheets: &[Sheet]) -> Reading {
    read(&pdf(sheets), &Papers::embedded().unwrap(), &Limits::default()).unwrap()
}

pub fn value<'a>(reading: &'a Reading, name: &str) -> &'a str {
    &reading.fields.iter().find(|it| it.name == name).unwrap().value
}

pub fn proposed<'a>(reading: &'a Reading, name: &str) -> Option<&'a str> {
    let fits = |it: &ProposedFor| match it {
        ProposedFor::Fact(fact) => fact == name,
        ProposedFor::Subject(field) => format!("subject.{field}") == name,
    };
    reading.proposals.iter().find(|it| fits(&it.to)).map(|it| it.value.as_str())
}

#[test]
fn a_filled_form_is_read_field_by_field() {
    let reading = reading(&[detainer_form()]);
    assert_eq!(reading.origin, Origin::Form);
    let paper = &reading.papers[0];
    assert_eq!(paper.name.as_deref(), Some("I-247A"));
    assert_eq!(paper.edition.as_deref(), Some("(3/17)"));
    assert_eq!(value(&reading, "name"), "DOE, José Example");
    assert_eq!(value(&reading, "date"), "2025-03-03");
    assert_eq!(value(&reading, "final_order"), "yes");
    assert_eq!(value(&reading, "pending_proceedings"), "no");
    assert_eq!(value(&reading, "estimated_release"), "2025-03-04T17:40");
    let name = reading.fields.iter().find(|it| it.name == "name").unwrap();
    assert!(!name.confidence.is_doubtful());
    let place = name.place.unwrap();
    assert_eq!((place.page, place.left, place.top), (1, 40.0, 792.0 - 780.0 + 16.0 * 3.0));
}

#[test]
fn boxes_become_proposals_and_nothing_else_does() {
    let reading = reading(&[detainer_form()]);
    assert_eq!(proposed(&reading, "final_removal_order"), Some("yes"));
    assert_eq!(proposed(&reading, "detainer_served"), Some("yes"));
    assert_eq!(proposed(&reading, "release_due"), Some("2025-03-04T17:40"));
    assert_eq!(proposed(&reading, "subject.file_number"), Some("A000 000 001"));
    assert_eq!(proposed(&reading, "subject.born"), Some("1990-01-02"));
    assert_eq!(reading.proposals.len(), 7);
}

#[test]
fn a_box_that_is_not_ticked_proposes_nothing() {
    let mut sheet = detainer_form();
    sheet
        .inputs
        .retain(|(name, _)| !["Final Order", "Served Date", "In person"].contains(&&**name));
    let reading = reading(&[sheet]);
    assert_eq!(proposed(&reading, "final_removal_order"), None);
    assert_eq!(proposed(&reading, "detainer_served"), None);
    assert!(reading.notes.iter().any(|it| it.contains("incomplete")), "{:?}", reading.notes);
}

#[test]
fn what_may_never_be_asked_is_not_read() {
    let reading = reading(&[detainer_form()]);
    for name in ["citizenship", "sex"] {
        let field = reading.fields.iter().find(|it| it.name == name).unwrap();
        assert!(field.filled && field.keep == Keep::Never, "{field:?}");
    }
    let officer = reading.fields.iter().find(|it| it.name == "officer").unwrap();
    assert_eq!(officer.keep, Keep::Sealed);
    let all = format!("{reading:?}");
    assert!(!all.contains("NOWHERELAND"));
}

#[test]
fn a_field_that_nobody_described_is_told_and_its_value_is_not_read() {
    let reading = reading(&[detainer_form()]);
    let other = reading.fields.iter().find(|it| it.name == "Hearing Room").unwrap();
    assert!(other.filled && other.value.is_empty() && other.confidence.is_doubtful());
}

#[test]
fn a_warrant_behind_the_detainer_is_a_paper_of_its_own() {
    let reading = reading(&[detainer_form(), Sheet::default(), officer_warrant()]);
    let names: Vec<_> = reading.papers.iter().map(|it| it.name.as_deref()).collect();
    assert_eq!(names, [Some("I-247A"), Some("I-200")]);
    assert_eq!(reading.papers[0].pages, [1, 2]);
    assert_eq!(reading.papers[1].pages, [3]);
}

#[test]
fn only_the_box_that_cancels_is_a_withdrawal() {
    let mut sheet = detainer_form();
    sheet.inputs.retain(|(name, _)| name != "Final Order");
    let reading = reading(&[sheet.check("Cancel Detainer", true)]);
    assert!(reading.notes.iter().any(|it| it.contains("withdraws")), "{:?}", reading.notes);
}

#[test]
fn every_paper_that_is_described_and_every_fact_proposed_is_of_the_vocabulary() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../packs/us");
    let text: String = std::fs::read_dir(folder)
        .unwrap()
        .map(|it| it.unwrap().path())
        .filter(|it| it.to_string_lossy().ends_with(".law.md"))
        .map(|it| std::fs::read_to_string(it).unwrap())
        .collect();
    let papers = Papers::embedded().unwrap();
    for name in papers.names() {
        assert!(text.contains(&format!("\npaper \"{name}\" ")), "no paper `{name}`");
    }
    for fact in papers.facts() {
        assert!(text.contains(&format!("\nfact {fact} ")), "no fact `{fact}`");
    }
}
