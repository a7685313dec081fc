//! The interview: after each answer the page says what it changed, as the record tells it.

use axum::http::header;
use brightline_server::Role;

use crate::counter::{AGENCY, taken_in};
use crate::desk::{Caller, Desk, between};
use crate::text;

/// The acts of a panel, each with its outcome and what may still come out.
fn panel(page: &str) -> Vec<(String, String, String)> {
    let lines = between(page, "<ul class=\"panel-lines\">", "</ul>");
    let line = |line: &str| {
        let act = between(line, "<p class=\"act\">", "</p>").to_owned();
        let outcome = between(line, "</svg> ", "</span>").to_owned();
        let possible = line.split_once("May come out: ").map_or("", |(_, it)| it);
        (act, outcome, possible.split('<').next().unwrap_or_default().to_owned())
    };
    lines.split("<li>").skip(1).map(line).collect()
}

fn saved(page: &str) -> &str {
    match page.contains("<p class=\"saved\" role=\"status\">") {
        true => between(page, "<p class=\"saved\" role=\"status\">", "</p>"),
        false => "",
    }
}

/// Answers the question of a page; returns the next page.
async fn answered(desk: &mut Desk, caller: &Caller, (place, page): (&str, &str)) -> String {
    let answer = match page.contains("value=\"no\"") {
        true => ("answer", "no"),
        false => ("do", if page.contains("name=\"rows\"") { "none" } else { "unknown" }),
    };
    let fields = [
        ("form_token", caller.form_token.as_str()),
        ("version", between(page, "name=\"version\" value=\"", "\"")),
        ("fact", between(page, "name=\"fact\" value=\"", "\"")),
        ("source", "system"),
        ("reason", "weighed"),
        answer,
    ];
    let response = desk.post_form(&format!("{place}/interview"), Some(caller), &fields).await;
    assert_eq!(response.status(), 303, "{}", text(response).await);
    let next = response.headers()[header::LOCATION].to_str().expect("text").to_owned();
    text(desk.get(&next, Some(caller)).await).await
}

#[tokio::test]
async fn every_answer_says_what_it_changed_until_the_end() {
    let mut desk = Desk::open().await;
    let officer = desk.somebody("olga", &[Role::Officer], AGENCY).await;
    let place = taken_in(&mut desk, &officer).await;
    let mut page = text(desk.get(&format!("{place}/interview"), Some(&officer)).await).await;
    assert_eq!(saved(&page), "", "nothing was answered yet");
    let (mut changes, mut silences) = (0, 0);
    while page.contains("name=\"fact\"") {
        let before = panel(&page);
        page = answered(&mut desk, &officer, (&place, &page)).await;
        let said = saved(&page);
        for (was, now) in before.iter().zip(panel(&page)) {
            let (act, outcome, possible) = &now;
            let is_now = match possible.is_empty() {
                true => format!("{act} is now {outcome}"),
                false => format!("{act} is open again, and may come out {possible}"),
            };
            assert_eq!(said.contains(&is_now), was.1 != *outcome, "{said}: {was:?} {now:?}");
            let may = format!("{act} is still open, and may now come out {possible}");
            let narrows = was.1 == *outcome && was.2 != *possible;
            assert_eq!(said.contains(&may), narrows, "{said}: {was:?} {now:?}");
        }
        match before == panel(&page) {
            true => assert!(said.starts_with("Saved. Nothing changed"), "{said}"),
            false => assert!(said.starts_with("Saved. Changed: "), "{said}"),
        }
        changes += usize::from(said.contains("Changed: "));
        silences += usize::from(said.contains("Nothing changed"));
        assert!(changes + silences < 40, "the interview comes to an end");
    }
    assert!(changes > 0 && silences > 0, "{changes} changes, {silences} times nothing");
}

#[tokio::test]
async fn the_time_of_release_says_how_the_clock_runs_and_a_correction_what_it_changed() {
    let mut desk = Desk::open().await;
    let boss = desk.somebody("sven", &[Role::Supervisor], AGENCY).await;
    let place = taken_in(&mut desk, &boss).await;
    let page = text(desk.get(&format!("{place}/interview"), Some(&boss)).await).await;
    let version = between(&page, "name=\"version\" value=\"", "\"");
    let fields = [
        ("form_token", boss.form_token.as_str()),
        ("version", version),
        ("fact", "release_due"),
        ("answer", "2025-01-21T07:30"),
        ("source", "system"),
        ("settles", "The list was an old one."),
    ];
    let response = desk.post_form(&format!("{place}/interview"), Some(&boss), &fields).await;
    let next = response.headers()[header::LOCATION].to_str().expect("text").to_owned();
    let page = text(desk.get(&next, Some(&boss)).await).await;
    assert!(saved(&page).starts_with("Saved. "), "{}", saved(&page));
    assert!(saved(&page).contains("Jan 21, 2025, 7:30 AM"), "{}", saved(&page));

    let form = desk.get(&format!("{place}/correct?fact=release_due"), Some(&boss)).await;
    let page = text(form).await;
    let wrong = [
        ("form_token", boss.form_token.as_str()),
        ("version", between(&page, "name=\"version\" value=\"", "\"")),
        ("entry", between(&page, "name=\"entry\" value=\"", "\"")),
        ("fact", "release_due"),
        ("source.release_due", "told-by_judge"),
    ];
    let refused = desk.post_form(&format!("{place}/correct"), Some(&boss), &wrong).await;
    assert_eq!(refused.status(), 422);
    let refused = text(refused).await;
    assert!(refused.contains("<p class=\"wrong\" id=\"answer-1-wrong\">"), "beside its field");
    assert!(refused.contains("<p class=\"wrong\" id=\"note-wrong\">Say what was wrong.</p>"));
    assert!(refused.contains("<a href=\"#answer-1\">") && refused.contains("<a href=\"#note\">"));
    assert!(refused.contains("<option value=\"told-by_judge\" selected>"));
    let fields = [
        ("form_token", boss.form_token.as_str()),
        ("version", between(&page, "name=\"version\" value=\"", "\"")),
        ("entry", between(&page, "name=\"entry\" value=\"", "\"")),
        ("fact", "release_due"),
        ("answer.release_due", "2025-01-22T08:00"),
        ("source.release_due", "system"),
        ("note", "It was read off the wrong sheet."),
    ];
    let response = desk.post_form(&format!("{place}/correct"), Some(&boss), &fields).await;
    assert_eq!(response.status(), 303, "{}", text(response).await);
    let next = response.headers()[header::LOCATION].to_str().expect("text").to_owned();
    assert!(next.starts_with(&format!("{place}?changed=")), "{next}");
    let page = text(desk.get(&next, Some(&boss)).await).await;
    assert_eq!(saved(&page), "Saved. Nothing changed yet.");
    let page = text(desk.get(&format!("{place}?changed=1"), Some(&boss)).await).await;
    assert_eq!(saved(&page), "", "the first entry set no fact");
    assert_eq!(desk.get(&format!("{place}?changed=x"), Some(&boss)).await.status(), 400);
}

#[tokio::test]
async fn why_an_answer_is_right_stands_there_again_where_the_answer_is_refused() {
    let mut desk = Desk::open().await;
    let officer = desk.somebody("olga", &[Role::Officer], AGENCY).await;
    let place = taken_in(&mut desk, &officer).await;
    let page = text(desk.get(&format!("{place}/interview"), Some(&officer)).await).await;
    let fields = [
        ("form_token", officer.form_token.as_str()),
        ("version", between(&page, "name=\"version\" value=\"", "\"")),
        ("fact", "release_due"),
        ("answer", "soon"),
        ("source", "told-by_judge"),
        ("settles", "The court called."),
    ];
    let refused = desk.post_form(&format!("{place}/interview"), Some(&officer), &fields).await;
    assert_eq!(refused.status(), 422);
    let page = text(refused).await;
    assert!(page.contains("name=\"settles\" value=\"The court called.\""), "{page}");
}
