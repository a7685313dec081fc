//! Papers without a form, and who signed them.

use brightline_paper::{Confidence, Origin, Side};

use crate::fixtures::{Sheet, detainer_text, judge_warrant, officer_warrant, removal_warrant};
use crate::forms::{proposed, reading, value};

#[test]
fn values_are_found_beside_what_is_printed() {
    let reading = reading(&[detainer_text()]);
    assert_eq!(reading.origin, Origin::Text);
    assert_eq!(reading.papers[0].name.as_deref(), Some("I-247A"));
    assert_eq!(value(&reading, "subject_id"), "300000001");
    assert_eq!(value(&reading, "file_number"), "A000 000 001");
    assert_eq!(value(&reading, "event_number"), "EV-9");
    assert_eq!(value(&reading, "name"), "DOE, Jose Example");
    assert_eq!(value(&reading, "date_of_birth"), "1990-01-02");
    assert_eq!(value(&reading, "final_order"), "yes");
    assert_eq!(value(&reading, "pending_proceedings"), "no");
    assert_eq!(value(&reading, "booking_number"), "B-77");
    assert_eq!(proposed(&reading, "release_due"), Some("2025-03-04T17:40"));
    assert_eq!(proposed(&reading, "detainer_served"), Some("yes"));
    assert!(!format!("{reading:?}").contains("NOWHERELAND"));
}

#[test]
fn a_box_whose_mark_cannot_be_seen_is_doubtful_and_not_a_no() {
    let reading = reading(&[detainer_text()]);
    let statements = reading.fields.iter().find(|it| it.name == "statements").unwrap();
    assert_eq!(statements.value, "");
    assert!(statements.confidence.is_doubtful());
}

#[test]
fn an_officers_warrant_is_told_from_a_judges_with_reasons() {
    for (sheet, name, side) in [
        (officer_warrant(), "I-200", Side::Officer),
        (removal_warrant(), "I-205", Side::Officer),
        (judge_warrant(), "AO 442", Side::Judge),
    ] {
        let reading = reading(&[sheet]);
        let paper = &reading.papers[0];
        assert_eq!((paper.name.as_deref(), paper.side), (Some(name), side), "{paper:#?}");
        assert!(paper.reasons.len() >= 3, "{paper:#?}");
        assert!(paper.confidence > Confidence(80), "{paper:#?}");
    }
}

#[test]
fn a_warrant_of_removal_with_the_box_of_a_court_stays_an_officers() {
    let reading = reading(&[removal_warrant()]);
    assert_eq!(value(&reading, "ordered_by_court"), "yes");
    assert_eq!(reading.papers[0].side, Side::Officer);
    assert!(reading.notes.iter().any(|it| it.contains("is not a judge's warrant")));
}

#[test]
fn marks_of_both_sides_go_to_counsel() {
    let sheet = judge_warrant().line(40.0, 440.0, "(Signature of immigration officer)");
    let reading = reading(&[sheet]);
    assert_eq!(reading.papers[0].side, Side::Mixed);
    assert!(reading.papers[0].confidence.is_doubtful());
    assert!(reading.notes.iter().any(|it| it.contains("counsel")), "{:?}", reading.notes);
}

#[test]
fn a_paper_of_a_court_without_a_number_is_told_by_its_marks() {
    let mut sheet = judge_warrant();
    sheet.lines.retain(|(_, _, text)| !text.contains("AO 442") && !text.contains("COMMANDED"));
    let reading = reading(&[sheet]);
    assert_eq!((reading.papers[0].name.as_deref(), reading.papers[0].side), (None, Side::Judge));
}

#[test]
fn a_paper_that_only_mentions_a_form_is_not_that_form() {
    let sheet = Sheet::default().line(40.0, 40.0, "Minutes of the meeting").line(
        40.0,
        60.0,
        "The board spoke of how many times I-247A came in this year.",
    );
    assert!(reading(&[sheet]).papers.is_empty());
}
