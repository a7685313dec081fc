//! The rulebook and the page for the door: public, and made of the packs alone.

use axum::body::Body;
use axum::http::{Request, StatusCode, header};

use crate::{call, router, text};

async fn page(path: &str) -> (StatusCode, String) {
    let mut router = router();
    let request = Request::get(path.replace(' ', "%20")).body(Body::empty()).expect("a request");
    let response = call(&mut router, request).await;
    let status = response.status();
    if status.is_success() && !path.ends_with(".css") {
        assert_eq!(response.headers()[header::CONTENT_TYPE], "text/html; charset=utf-8");
    }
    (status, text(response).await)
}

async fn found(path: &str) -> String {
    let (status, page) = page(path).await;
    assert_eq!(status, StatusCode::OK, "{path}\n{page}");
    assert_eq!(page.matches("<h1>").count(), 1, "{path}");
    assert!(!page.contains("style=\"") && !page.contains("<script"), "{path}");
    page
}

#[tokio::test]
async fn a_provision_stands_under_its_citation_and_day() {
    let page = found("/rules/us-ny-nyc/9-131(b)(1)?on=2025-03-04").await;
    for said in [
        "NYC Admin. Code § 9-131(b)(1)",
        "In force on Mar 4, 2025",
        "In plain words",
        "As encoded",
        "rule (b)(1)",
        "What it rests on",
        "Examples",
        "/rules/us-ny-nyc/9-131(b)(1)?on=2025-03-04",
    ] {
        assert!(page.contains(said), "{said}\n{page}");
    }
}

#[tokio::test]
async fn a_day_before_the_provision_says_that_it_is_not_in_force() {
    let page = found("/rules/us-ny-nyc/9-131(b)(1)?on=2012-01-01").await;
    assert!(page.contains("Not in force on Jan 1, 2012"), "{page}");
}

#[tokio::test]
async fn a_section_lists_its_parts_and_a_pack_its_sections() {
    let page = found("/rules/us-ny-nyc/9-131?on=2025-03-04").await;
    assert!(page.contains("Its parts in force on Mar 4, 2025"));
    assert!(page.contains("href=\"/rules/us-ny-nyc/9-131(b)(1)?on=2025-03-04\""));
    let page = found("/rules/us-ny-nyc?on=2025-03-04").await;
    assert!(page.contains("href=\"/rules/us-ny-nyc/9-131?on=2025-03-04\""));
    assert!(page.contains("editions"));
}

#[tokio::test]
async fn the_search_finds_words_of_a_provision() {
    let page = found("/rules?q=detainer warrant").await;
    assert!(page.contains("NYC Admin. Code § 9-131(b)(1)"), "{page}");
    let page = found("/rules?q=texas detainer").await;
    assert!(page.contains("State of Texas. In force"), "{page}");
    assert!(!page.contains("State of Washington. "), "the place is searched, too\n{page}");
    let page = found("/rules?q=9-131").await;
    let (_, first) = page.split_once("<h2>Found</h2>").expect("something is found");
    let first = between(first, "<li>", "</li>");
    assert!(first.contains("NYC Admin. Code § 9-131"), "what is cited comes first\n{first}");
    let page = found("/rules?q=xyzzy").await;
    assert!(page.contains("No provision has all of these words"));
    let page = found("/rules?q=%3Cscript%3Ealert(1)").await;
    assert!(page.contains("&#60;script&#62;alert(1)") || page.contains("&lt;script"), "{page}");
}

#[tokio::test]
async fn a_decision_is_a_table_and_a_drawing_that_say_the_same() {
    let base = "/decisions/us-ny-nyc/doc";
    let page = found(&format!("{base}?on=2025-03-04")).await;
    assert!(page.contains("/decisions/us-ny-nyc/doc/hold_past_release?on=2025-03-04"), "{page}");
    let page = found(&format!("{base}/notify_release?on=2025-03-04")).await;
    let by_provision = between(&page, "<h2>By provision</h2>", "<h2>By fact</h2>");
    assert!(by_provision.contains("aria-labelledby=\"drawing-provisions-title "), "{page}");
    let (drawn, listed) = by_provision.split_once("</svg>").expect("a drawing");
    for outcome in ["Not allowed", "Allowed", "Not barred"] {
        assert!(drawn.contains(&format!("\u{2192} {outcome}</text>")), "{outcome}\n{drawn}");
        assert!(listed.contains(&format!("</svg> {outcome}</span>")), "{outcome}\n{listed}");
    }
    assert!(listed.contains("<li>NYC Admin. Code § 9-131(b)(1) does not forbid it</li>"));
    assert!(page.contains("Fact by fact this decision is too large to be drawn"), "{page}");
    assert!(page.contains("Provisions in force"), "{page}");
}

#[tokio::test]
async fn a_small_decision_is_drawn_by_facts_as_well() {
    let page = found("/decisions/us-tx/county_sheriff/hold_past_release?on=2026-11-27").await;
    assert!(page.contains("aria-labelledby=\"drawing-provisions-title "), "{page}");
    assert!(page.contains("aria-labelledby=\"drawing-facts-title "), "{page}");
    assert!(page.contains(">Requires it</text>"), "{page}");
}

#[tokio::test]
async fn a_wrong_address_says_what_is_wrong() {
    for path in [
        "/rules/nowhere",
        "/rules/us-ny-nyc/no-such-section",
        "/rules/us-ny-nyc?on=yesterday",
        "/decisions/us-ny-nyc/nobody",
        "/decisions/us-ny-nyc/doc/fly",
        "/door/nowhere",
        "/door/us-ny-nyc/nobody",
        "/door/us-ny-nyc/doc/99",
    ] {
        let (status, page) = page(path).await;
        assert_eq!(status, StatusCode::NOT_FOUND, "{path}\n{page}");
    }
}

#[tokio::test]
async fn three_taps_lead_from_the_door_to_what_to_say() {
    let page = found("/door").await;
    assert!(page.contains("href=\"/door/us-ny-nyc\""), "{page}");
    let page = found("/door/us-ny-nyc").await;
    let agency = between(&page, "href=\"/door/us-ny-nyc/", "\"");
    let page = found(&format!("/door/us-ny-nyc/{agency}")).await;
    assert!(page.contains("What do they show you?"));
    let page = found(&format!("/door/us-ny-nyc/{agency}/0")).await;
    for said in ["Say", "Call", "Write down", "Do not write down", "if they ask you"] {
        assert!(page.contains(said), "{said}\n{page}");
    }
    assert!(!page.contains("<input"), "nothing is asked for");
}

#[tokio::test]
async fn the_door_speaks_for_a_place_that_commands_help_as_for_one_that_limits_it() {
    for place in ["us-tx", "us-ca", "us-ny"] {
        let page = found(&format!("/door/{place}")).await;
        assert!(page.contains("For whom do you work?"), "{page}");
    }
}

fn between<'a>(text: &'a str, start: &str, end: &str) -> &'a str {
    let from = text.find(start).expect("the start") + start.len();
    let rest = &text[from..];
    &rest[..rest.find(end).expect("the end")]
}
