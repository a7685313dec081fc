//! A call with an `Idempotency-Key` is done once.

use axum::body::Body;
use axum::http::{Request, Response, header};
use brightline_server::Role;
use serde_json::{Value, json};

use crate::desk::{Caller, Desk};
use crate::{call, json as body_of};

const AGENCY: &str = "us-ny-nyc/doc";

fn arriving(name: &str) -> Value {
    json!({
        "asked": {"jurisdiction": "us-ny-nyc", "agency": "doc", "on": "2025-01-20",
                  "papers": ["I-247A", "I-200"], "acts": ["hold_past_release"]},
        "subject": {"name": name},
        "channel": "form",
    })
}

fn keyed(caller: &Caller, path: &str, key: &str, body: &Value) -> Request<Body> {
    Request::post(path)
        .header(header::COOKIE, &caller.cookie)
        .header("x-form-token", &caller.form_token)
        .header(header::CONTENT_TYPE, "application/json")
        .header("idempotency-key", key)
        .body(Body::from(body.to_string()))
        .expect("a request")
}

async fn send(desk: &mut Desk, request: Request<Body>) -> Response<Body> {
    call(&mut desk.router, request).await
}

async fn count(desk: &mut Desk, caller: &Caller) -> usize {
    let list = body_of(desk.get("/api/v1/cases", Some(caller)).await).await;
    list["items"].as_array().expect("a list").len()
}

#[tokio::test]
async fn the_same_call_again_has_the_same_answer_and_is_recorded_once() {
    let mut desk = Desk::open().await;
    let officer = desk.somebody("officer", &[Role::Officer], AGENCY).await;
    let case = arriving("Canary Longfeather");
    let first = send(&mut desk, keyed(&officer, "/api/v1/cases", "\"one\"", &case)).await;
    assert_eq!(first.status(), 201);
    let heads = first.headers().clone();
    let first = body_of(first).await;
    for key in ["\"one\"", "one"] {
        let again = send(&mut desk, keyed(&officer, "/api/v1/cases", key, &case)).await;
        assert_eq!(again.status(), 201);
        assert_eq!(again.headers()["idempotency-replayed"], "true");
        for name in [header::CONTENT_TYPE, header::ETAG, header::LOCATION] {
            assert_eq!(again.headers()[&name], heads[&name]);
        }
        assert_eq!(body_of(again).await, first);
    }
    assert_eq!(count(&mut desk, &officer).await, 1);
    let other = send(&mut desk, keyed(&officer, "/api/v1/cases", "two", &case)).await;
    assert_ne!(body_of(other).await["reference"], first["reference"]);
    desk.wait(24 * 3600);
    let officer = desk.sign_in_again("officer").await;
    let later = send(&mut desk, keyed(&officer, "/api/v1/cases", "one", &case)).await;
    assert!(!later.headers().contains_key("idempotency-replayed"), "a day is over");
    assert_eq!(count(&mut desk, &officer).await, 3);
}

#[tokio::test]
async fn another_call_under_the_key_is_refused_and_somebody_elses_key_is_another() {
    let mut desk = Desk::open().await;
    let officer = desk.somebody("officer", &[Role::Officer], AGENCY).await;
    let second = desk.somebody("second", &[Role::Officer], AGENCY).await;
    let case = arriving("Canary Longfeather");
    let first = send(&mut desk, keyed(&officer, "/api/v1/cases", "one", &case)).await;
    assert_eq!(first.status(), 201);
    let changed = arriving("Canary Shortfeather");
    let other = send(&mut desk, keyed(&officer, "/api/v1/cases", "one", &changed)).await;
    assert_eq!(other.status(), 422);
    assert_eq!(body_of(other).await["code"], "key-of-other-call");
    let theirs = send(&mut desk, keyed(&second, "/api/v1/cases", "one", &changed)).await;
    assert_eq!(theirs.status(), 201);
    assert_eq!(count(&mut desk, &officer).await, 2);
}

#[tokio::test]
async fn what_was_refused_may_be_corrected_under_the_same_key() {
    let mut desk = Desk::open().await;
    let officer = desk.somebody("officer", &[Role::Officer], AGENCY).await;
    let mut wrong = arriving("Canary Longfeather");
    wrong["channel"] = json!("pigeon");
    let refused = send(&mut desk, keyed(&officer, "/api/v1/cases", "one", &wrong)).await;
    assert_eq!(refused.status(), 422);
    assert_eq!(body_of(refused).await["code"], "refused-request");
    let right = arriving("Canary Longfeather");
    let taken = send(&mut desk, keyed(&officer, "/api/v1/cases", "one", &right)).await;
    assert_eq!(taken.status(), 201);
    for key in ["two words", "", "\""] {
        let odd = send(&mut desk, keyed(&officer, "/api/v1/cases", key, &right)).await;
        assert_eq!(odd.status(), 400, "{key}");
    }
}

#[tokio::test]
async fn two_at_the_same_time_are_recorded_once() {
    let mut desk = Desk::open().await;
    let officer = desk.somebody("officer", &[Role::Officer], AGENCY).await;
    let case = arriving("Canary Longfeather");
    let calls: Vec<_> = (0..3)
        .map(|_| {
            let (mut router, request) =
                (desk.router.clone(), keyed(&officer, "/api/v1/cases", "one", &case));
            tokio::spawn(async move { call(&mut router, request).await })
        })
        .collect();
    let (mut made, mut waiting) = (0, 0);
    for call in calls {
        let answer = call.await.expect("an answer");
        let status = answer.status();
        if status == 201 {
            made += 1;
            continue;
        }
        waiting += 1;
        let wait = answer.headers().get(header::RETRY_AFTER).cloned();
        let problem = body_of(answer).await;
        assert_eq!(
            (status.as_u16(), &problem["code"]),
            (409, &"call-in-progress".into()),
            "{problem}"
        );
        assert_eq!(wait.expect("a wait"), "1");
    }
    assert!(made >= 1 && made + waiting == 3, "{made} made, {waiting} waiting");
    assert_eq!(count(&mut desk, &officer).await, 1);
}

#[tokio::test]
async fn a_call_whose_answer_was_never_kept_is_not_done_again() {
    let mut desk = Desk::open().await;
    let officer = desk.somebody("officer", &[Role::Officer], AGENCY).await;
    let case = arriving("Canary Longfeather");
    let first = send(&mut desk, keyed(&officer, "/api/v1/cases", "one", &case)).await;
    assert_eq!(first.status(), 201);
    // As a process leaves it that dies between the record and the answer.
    desk.run_sql("UPDATE keyed_calls SET code = 0").await;
    desk.wait(600);
    let again = send(&mut desk, keyed(&officer, "/api/v1/cases", "one", &case)).await;
    assert_eq!(again.status(), 409);
    let problem = body_of(again).await;
    assert!(problem["detail"].as_str().is_some_and(|it| it.contains("look whether")), "{problem}");
    assert_eq!(count(&mut desk, &officer).await, 1);
}

#[tokio::test]
async fn a_secret_is_shown_once_and_no_answer_is_kept_in_the_clear() {
    let mut desk = Desk::open().await;
    let admin = desk.somebody("admin", &[Role::Administrator], "").await;
    let officer = desk.somebody("officer", &[Role::Officer], AGENCY).await;
    let token = json!({"name": "jail", "scopes": ["receive"], "agencies": [AGENCY], "days": 1});
    let first = send(&mut desk, keyed(&admin, "/api/v1/tokens", "one", &token)).await;
    assert_eq!(first.status(), 201);
    let again = send(&mut desk, keyed(&admin, "/api/v1/tokens", "one", &token)).await;
    assert_eq!(again.status(), 409);
    let problem = body_of(again).await;
    assert!(problem["detail"].as_str().is_some_and(|it| it.contains("shown once")), "{problem}");
    let case = arriving("Canary Longfeather");
    let made = send(&mut desk, keyed(&officer, "/api/v1/cases", "one", &case)).await;
    assert_eq!(made.status(), 201);
    assert!(!desk.store_contains("Longfeather"), "kept answers are encrypted");
}
