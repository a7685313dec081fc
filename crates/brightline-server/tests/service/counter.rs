//! The pages about requests: whose they are, what they refuse, and what they never show.

use axum::body::Body;
use axum::http::{Request, Response, header};
use brightline_server::Role;

use crate::desk::{Caller, Desk, between};
use crate::{call, text};

pub const AGENCY: &str = "us-ny-nyc/doc";
const OTHER: &str = "us-ny-nyc/nypd";

/// Takes a detainer in through the page; returns its address.
pub async fn taken_in(desk: &mut Desk, caller: &Caller) -> String {
    taken_in_with(desk, caller, &["I-247A"]).await
}

/// Takes a request in that came with these papers.
pub async fn taken_in_with(desk: &mut Desk, caller: &Caller, papers: &[&str]) -> String {
    let token = caller.form_token.clone();
    let mut fields = vec![
        ("form_token", token.as_str()),
        ("on", "2025-01-20"),
        ("channel", "form"),
        ("time.release_due", "2025-01-20T18:00"),
        ("name", "Canary Longfeather"),
    ];
    fields.extend(papers.iter().map(|paper| ("papers", *paper)));
    let response = desk.post_form("/requests/new", Some(caller), &fields).await;
    assert_eq!(response.status(), 303, "{}", text(response).await);
    let place = response.headers()[header::LOCATION].to_str().expect("text").to_owned();
    place.trim_end_matches("/interview").to_owned()
}

#[tokio::test]
async fn a_request_is_shown_to_its_agency_alone_and_only_a_case_page_names_the_person() {
    let mut desk = Desk::open().await;
    let officer = desk.somebody("olga", &[Role::Officer], AGENCY).await;
    let stranger = desk.somebody("stan", &[Role::Officer], OTHER).await;
    let place = taken_in(&mut desk, &officer).await;
    let page = text(desk.get(&place, Some(&officer)).await).await;
    assert!(page.contains("Canary Longfeather"));
    assert!(page.contains("Jan 20, 2025, 6:00 PM"), "the clock shows the time");
    for path in ["/", "/requests"] {
        let list = text(desk.get(path, Some(&officer)).await).await;
        assert!(list.contains(place.trim_start_matches("/requests/")), "{path}");
        assert!(!list.contains("Canary"), "{path}");
    }
    for path in [place.clone(), format!("{place}/interview"), format!("{place}/letters/reply")] {
        assert_eq!(desk.get(&path, Some(&stranger)).await.status(), 404, "{path}");
    }
    let list = text(desk.get("/requests", Some(&stranger)).await).await;
    assert!(!list.contains(place.trim_start_matches("/requests/")));
}

#[tokio::test]
async fn an_answer_needs_the_version_that_was_seen_and_tells_what_changed() {
    let mut desk = Desk::open().await;
    let officer = desk.somebody("olga", &[Role::Officer], AGENCY).await;
    let place = taken_in(&mut desk, &officer).await;
    let interview = format!("{place}/interview");
    let page = text(desk.get(&interview, Some(&officer)).await).await;
    let version = between(&page, "name=\"version\" value=\"", "\"").to_owned();
    let fact = between(&page, "name=\"fact\" value=\"", "\"").to_owned();
    let token = officer.form_token.clone();
    let answer = [
        ("form_token", token.as_str()),
        ("version", &version),
        ("fact", &fact),
        ("do", "unknown"),
        ("source", "system"),
    ];
    let first = desk.post_form(&interview, Some(&officer), &answer).await;
    assert_eq!(first.status(), 303);
    let second = desk.post_form(&interview, Some(&officer), &answer).await;
    assert_eq!(second.status(), 412);
    let page = text(second).await;
    assert!(page.contains("It changed since you looked") && page.contains("Answers were recorded"));
    let without = [("fact", fact.as_str()), ("do", "unknown")];
    assert_eq!(desk.post_form(&interview, Some(&officer), &without).await.status(), 403);
}

#[tokio::test]
async fn whoever_puts_an_answer_forward_cannot_sign_it() {
    let mut desk = Desk::open().await;
    let both = desk.somebody("bo", &[Role::Supervisor, Role::Counsel], AGENCY).await;
    let place = taken_in(&mut desk, &both).await;
    let page = text(desk.get(&place, Some(&both)).await).await;
    let version = between(&page, "name=\"version\" value=\"", "\"").to_owned();
    let token = both.form_token.clone();
    let fields = [("form_token", token.as_str()), ("version", &version)];
    let proposed = desk.post_form(&format!("{place}/propose"), Some(&both), &fields).await;
    assert_eq!(proposed.status(), 303, "{}", text(proposed).await);
    let page = text(desk.get(&place, Some(&both)).await).await;
    assert!(page.contains("you cannot sign it") && !page.contains("Sign the answer"));
    let version = between(&page, "name=\"version\" value=\"", "\"").to_owned();
    let fields = [("form_token", token.as_str()), ("version", &version)];
    let signed = desk.post_form(&format!("{place}/sign"), Some(&both), &fields).await;
    assert_eq!(signed.status(), 403);
}

async fn upload(desk: &mut Desk, caller: &Caller, token: &str) -> Response<Body> {
    let body = format!(
        "--x\r\nContent-Disposition: form-data; name=\"form_token\"\r\n\r\n{token}\r\n--x\r\n\
         Content-Disposition: form-data; name=\"file\"; filename=\"a.pdf\"\r\n\r\n\
         %PDF-\r\n--x--\r\n"
    );
    let request = Request::post("/requests/read")
        .header(header::COOKIE, &caller.cookie)
        .header(header::CONTENT_TYPE, "multipart/form-data; boundary=x");
    call(&mut desk.router, request.body(Body::from(body)).expect("a request")).await
}

#[tokio::test]
async fn a_file_needs_the_form_token_and_a_reader() {
    let mut desk = Desk::open().await;
    let officer = desk.somebody("olga", &[Role::Officer], AGENCY).await;
    assert_eq!(upload(&mut desk, &officer, "guessed").await.status(), 403);
    let token = officer.form_token.clone();
    let answer = upload(&mut desk, &officer, &token).await;
    assert_eq!(answer.status(), 422);
    assert!(text(answer).await.contains("This service reads no papers"));
}

#[tokio::test]
async fn what_a_paper_says_and_the_law_does_not_ask_is_not_recorded() {
    let mut desk = Desk::open().await;
    let officer = desk.somebody("olga", &[Role::Officer], AGENCY).await;
    let token = officer.form_token.clone();
    let told = "fact=final_removal_order&value=yes&paper=I-247A&because=a+box&doubtful=";
    // Until December 2014 the law of the City asked for a final order of removal.
    for (on, is_recorded) in [("2014-06-02", true), ("2025-03-04", false)] {
        let fields = [
            ("form_token", token.as_str()),
            ("papers", "I-247A"),
            ("on", on),
            ("offered", told),
            ("confirm", told),
        ];
        let changed: Vec<(&str, &str)> = fields.into_iter().chain([("do", "agency")]).collect();
        let form = text(desk.post_form("/requests/new", Some(&officer), &changed).await).await;
        assert_eq!(form.contains("What the papers suggest"), is_recorded, "{on}\n{form}");
        let taken = desk.post_form("/requests/new", Some(&officer), &fields).await;
        assert_eq!(taken.status(), 303, "{}", text(taken).await);
        let place = taken.headers()[header::LOCATION].to_str().expect("text");
        let place = place.trim_end_matches("/interview").to_owned();
        let case = text(desk.get(&place, Some(&officer)).await).await;
        let ask = "Is or was the person under a final order of removal?";
        assert_eq!(case.contains(ask), is_recorded, "{on}\n{case}");
    }
}
