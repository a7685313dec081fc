//! Cases over HTTP: who sees them, what changes them, and that reading is recorded.

use axum::body::Body;
use axum::http::{Request, Response, header};
use brightline_server::Role;
use serde_json::{Value, json};

use crate::desk::{Caller, Desk};
use crate::{call, json as body_of};

const AGENCY: &str = "us-ny-nyc/doc";
const OTHER: &str = "us-ny-nyc/nypd";
const REQUEST: &str = include_str!("../../../../examples/new-york-detainer.json");

/// Returns a request that arrives, about a person whose name nobody else has.
fn arriving() -> Value {
    json!({
        "asked": {"jurisdiction": "us-ny-nyc", "agency": "doc", "on": "2025-01-20",
                  "papers": ["I-247A"]},
        "subject": {"name": "Canary Longfeather"},
        "channel": "form",
    })
}

async fn change(
    desk: &mut Desk,
    caller: &Caller,
    (path, tag): (&str, Option<&str>),
    body: &Value,
) -> Response<Body> {
    let mut request = Request::post(path)
        .header(header::COOKIE, &caller.cookie)
        .header("x-form-token", &caller.form_token)
        .header(header::CONTENT_TYPE, "application/json");
    if let Some(tag) = tag {
        request = request.header(header::IF_MATCH, tag);
    }
    let request = request.body(Body::from(body.to_string())).expect("a request");
    call(&mut desk.router, request).await
}

fn tag_of(response: &Response<Body>) -> String {
    response.headers()[header::ETAG].to_str().expect("text").to_owned()
}

#[tokio::test]
async fn a_case_is_seen_by_its_agency_only_and_each_reading_is_an_entry() {
    let mut desk = Desk::open().await;
    let officer = desk.somebody("officer", &[Role::Officer], AGENCY).await;
    let stranger = desk.somebody("stranger", &[Role::Officer], OTHER).await;
    let made = change(&mut desk, &officer, ("/api/v1/cases", None), &arriving()).await;
    assert_eq!(made.status(), 201);
    let path = made.headers()[header::LOCATION].to_str().expect("text").to_owned();
    let tag = tag_of(&made);
    let made = body_of(made).await;
    let before = made["timeline"].as_array().expect("entries").len();
    let read = desk.get(&path, Some(&officer)).await;
    assert_eq!((read.status().as_u16(), tag_of(&read)), (200, tag), "reading changes nothing");
    let read = body_of(read).await;
    let entries = read["timeline"].as_array().expect("entries");
    assert_eq!(entries.len(), before + 1);
    assert_eq!(entries[before]["kind"], "read");
    assert_eq!(entries[before]["by"]["account"], "officer");
    let foreign = desk.get(&path, Some(&stranger)).await;
    assert_eq!(foreign.status(), 404);
    let missing = desk.get("/api/v1/cases/NOT-THERE", Some(&stranger)).await;
    assert_eq!(missing.status(), 404, "as if it were not there");
    let list = body_of(desk.get("/api/v1/cases", Some(&stranger)).await).await;
    assert_eq!(list["items"], json!([]));
    let list = body_of(desk.get("/api/v1/cases?limit=1", Some(&officer)).await).await;
    assert_eq!(list["items"][0]["reference"], made["reference"]);
    assert!(!list.to_string().contains("Canary"), "a list holds no personal data");
}

#[tokio::test]
async fn every_change_of_a_foreign_case_answers_as_if_there_were_none() {
    let mut desk = Desk::open().await;
    let officer = desk.somebody("officer", &[Role::Officer], AGENCY).await;
    let roles = [Role::Supervisor, Role::Counsel];
    let stranger = desk.somebody("stranger", &roles, OTHER).await;
    let made = change(&mut desk, &officer, ("/api/v1/cases", None), &arriving()).await;
    let path = made.headers()[header::LOCATION].to_str().expect("text").to_owned();
    let tag = tag_of(&made);
    for (verb, body) in [
        ("facts", json!({"facts": []})),
        ("propose", json!({})),
        ("sign", json!({})),
        ("send-back", json!({"note": "x"})),
        ("acts", json!({"act": "x", "did": "done", "how": "x", "when": "2025-01-20 12:00"})),
        ("duties", json!({"task": "x", "evidence": "x"})),
        ("reopen", json!({"why": "challenge", "note": "x"})),
        ("corrections", json!({"entry": 1, "note": "x"})),
        ("close", json!({"note": "x"})),
    ] {
        let path = format!("{path}/{verb}");
        let answer = change(&mut desk, &stranger, (&path, Some(&tag)), &body).await;
        assert_eq!(answer.status(), 404, "{verb}");
    }
}

#[tokio::test]
async fn a_change_names_the_version_that_was_seen() {
    let mut desk = Desk::open().await;
    let officer = desk.somebody("officer", &[Role::Officer], AGENCY).await;
    let made = change(&mut desk, &officer, ("/api/v1/cases", None), &arriving()).await;
    let path = made.headers()[header::LOCATION].to_str().expect("text").to_owned() + "/facts";
    let tag = tag_of(&made);
    let facts = json!({"facts": [{"fact": "instant_arrest", "value": "2025-01-10",
                                  "evidence": {"system": "booking"}}]});
    let without = change(&mut desk, &officer, (&path, None), &facts).await;
    assert_eq!(without.status(), 428);
    let first = change(&mut desk, &officer, (&path, Some(&tag)), &facts).await;
    assert_eq!(first.status(), 200);
    assert_ne!(tag_of(&first), tag);
    let second = change(&mut desk, &officer, (&path, Some(&tag)), &facts).await;
    assert_eq!(second.status(), 412);
    assert_eq!(body_of(second).await["code"], "stale");
    let proposed = path.replace("/facts", "/propose");
    let tag = tag_of(&first);
    let first = change(&mut desk, &officer, (&proposed, Some(&tag)), &json!({})).await;
    let tag = tag_of(&first);
    let again = change(&mut desk, &officer, (&proposed, Some(&tag)), &json!({})).await;
    assert_eq!(again.status(), 409, "the version is right, and it was put forward already");
    assert_eq!(body_of(again).await["code"], "conflict");
}

#[tokio::test]
async fn a_request_for_another_agency_is_not_taken_in() {
    let mut desk = Desk::open().await;
    let stranger = desk.somebody("stranger", &[Role::Officer], OTHER).await;
    let made = change(&mut desk, &stranger, ("/api/v1/cases", None), &arriving()).await;
    assert_eq!(made.status(), 403);
}

#[tokio::test]
async fn a_search_needs_a_reason_and_finds_in_the_own_agency() {
    let mut desk = Desk::open().await;
    let officer = desk.somebody("officer", &[Role::Officer], AGENCY).await;
    let stranger = desk.somebody("stranger", &[Role::Officer], OTHER).await;
    change(&mut desk, &officer, ("/api/v1/cases", None), &arriving()).await;
    let place = ("/api/v1/cases/search", None);
    let asked = json!({"words": "longfeather", "why": "a call of the family"});
    let found = body_of(change(&mut desk, &officer, place, &asked).await).await;
    assert_eq!(found["items"].as_array().map(Vec::len), Some(1));
    let found = body_of(change(&mut desk, &stranger, place, &asked).await).await;
    assert_eq!(found["items"], json!([]));
    let asked = json!({"words": "longfeather", "why": " "});
    assert_eq!(change(&mut desk, &officer, place, &asked).await.status(), 422);
}

#[tokio::test]
async fn a_system_records_decisions_and_hears_what_happened() {
    let mut desk = Desk::open().await;
    let admin = desk.somebody("admin", &[Role::Administrator], "").await;
    let scopes = json!({"name": "jail", "scopes": ["record_decision", "list_cases"],
                        "agencies": [AGENCY], "days": 30});
    let issued = change(&mut desk, &admin, ("/api/v1/tokens", None), &scopes).await;
    let secret = body_of(issued).await["secret"].as_str().expect("a secret").to_owned();
    let with_token = |request: axum::http::request::Builder, body: &str| {
        request
            .header(header::AUTHORIZATION, format!("Bearer {secret}"))
            .header(header::CONTENT_TYPE, "application/json")
            .body(Body::from(body.to_owned()))
            .expect("a request")
    };
    let request = with_token(Request::post("/api/v1/decisions"), REQUEST);
    let recorded = call(&mut desk.router, request).await;
    assert_eq!(recorded.status(), 201);
    let recorded = body_of(recorded).await;
    let request = Request::post("/api/v1/decide")
        .header(header::CONTENT_TYPE, "application/json")
        .body(Body::from(REQUEST))
        .expect("a request");
    let decided = body_of(call(&mut desk.router, request).await).await;
    assert_eq!(recorded["response"], decided, "recorded as decided");
    let events = with_token(Request::get("/api/v1/events"), "");
    let events = body_of(call(&mut desk.router, events).await).await;
    let kinds: Vec<&str> = events["items"]
        .as_array()
        .expect("events")
        .iter()
        .filter_map(|event| event["kind"].as_str())
        .collect();
    assert_eq!(kinds, ["received", "facts_set", "determined"]);
}

#[tokio::test]
async fn a_case_is_given_to_somebody_of_its_agency_with_a_reason() {
    let mut desk = Desk::open().await;
    let officer = desk.somebody("officer", &[Role::Officer], AGENCY).await;
    let stranger = desk.somebody("stranger", &[Role::Officer], OTHER).await;
    let auditor = desk.somebody("auditor", &[Role::Auditor], AGENCY).await;
    desk.person("colleague", &[Role::Counsel], AGENCY).await;
    let made = change(&mut desk, &officer, ("/api/v1/cases", None), &arriving()).await;
    let path = made.headers()[header::LOCATION].to_str().expect("text").to_owned();
    let (assign, tag) = (format!("{path}/assign"), tag_of(&made));
    let to = |name: &str, note: &str| json!({"to": name, "note": note});
    let seen = (assign.as_str(), Some(tag.as_str()));
    let good = to("colleague", "she knows the matter");
    assert_eq!(change(&mut desk, &officer, (&assign, None), &good).await.status(), 428);
    assert_eq!(change(&mut desk, &officer, (&assign, Some("\"1\"")), &good).await.status(), 412);
    assert_eq!(change(&mut desk, &stranger, seen, &good).await.status(), 404);
    assert_eq!(change(&mut desk, &auditor, seen, &good).await.status(), 403);
    assert_eq!(change(&mut desk, &officer, seen, &to("colleague", " ")).await.status(), 422);
    for nobody in ["colleagu", "stranger", "auditor", ""] {
        let refused = change(&mut desk, &officer, seen, &to(nobody, "why not")).await;
        assert_eq!(refused.status(), 422, "{nobody}");
        let problem = body_of(refused).await;
        assert_eq!(problem["errors"][0]["pointer"], "/to");
        let help = problem["errors"][0]["help"].as_str().unwrap_or_default().to_owned();
        assert_eq!(help.contains("did you mean `colleague`"), nobody == "colleagu", "{help}");
    }
    let key = "\"give it\"".replace(' ', "-");
    for replayed in [false, true] {
        let request = Request::post(&assign)
            .header(header::COOKIE, &officer.cookie)
            .header("x-form-token", &officer.form_token)
            .header(header::CONTENT_TYPE, "application/json")
            .header(header::IF_MATCH, &tag)
            .header("idempotency-key", &key)
            .body(Body::from(good.to_string()))
            .expect("a request");
        let given = call(&mut desk.router, request).await;
        assert_eq!(given.status(), 200);
        assert_eq!(given.headers().contains_key("idempotency-replayed"), replayed);
        let given = body_of(given).await;
        assert_eq!(given["assigned"], "colleague");
        assert_eq!(given["assigned_because"], "she knows the matter");
    }
}

#[tokio::test]
async fn agencies_whose_references_begin_alike_never_share_one() {
    let mut desk = Desk::open().await;
    let state = ("us-ma", "department_of_correction");
    let agencies = "us-ny-nyc/doc us-ma/department_of_correction us-ma/county_sheriff";
    let officer = desk.somebody("officer", &[Role::Officer], agencies).await;
    let mut given = Vec::new();
    for (place, agency) in [("us-ny-nyc", "doc"), state, ("us-ma", "county_sheriff"), state] {
        let mut case = arriving();
        case["asked"]["jurisdiction"] = place.into();
        case["asked"]["agency"] = agency.into();
        case["asked"]["papers"] = json!([]);
        case["asked"]["acts"] = json!(["hold_past_release"]);
        let made = desk.post("/api/v1/cases", &officer, &case.to_string()).await;
        let made = body_of(made).await;
        given.push(made["reference"].as_str().unwrap_or(&made.to_string()).to_owned());
    }
    let expected = ["DOC-2023-000001", "DOC-2023-000002", "CS-2023-000001", "DOC-2023-000003"];
    assert_eq!(given, expected);
}
