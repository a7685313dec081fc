//! How often somebody may call.

use std::net::SocketAddr;
use std::num::NonZeroU32;

use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{Request, Response, header};
use brightline_server::{DataFolder, Limits, Rate, Role, Settings};

use crate::desk::Desk;
use crate::{call, json as body_of, settings};

const REQUEST: &str = include_str!("../../../../examples/new-york-detainer.json");

/// So many at once, and then one an hour.
fn at_once(burst: u32) -> Rate {
    let number = |it| NonZeroU32::new(it).expect("not zero");
    Rate { per_minute: number(1), burst: number(burst) }
}

fn limited(limits: Limits) -> Settings {
    Settings { limits, ..settings() }
}

async fn from(desk: &mut Desk, address: &str, mut request: Request<Body>) -> Response<Body> {
    let peer: SocketAddr = address.parse().expect("an address");
    request.extensions_mut().insert(ConnectInfo(peer));
    call(&mut desk.router, request).await
}

fn decide() -> Request<Body> {
    let request = Request::post("/api/v1/decide").header(header::CONTENT_TYPE, "application/json");
    request.body(Body::from(REQUEST)).expect("a request")
}

async fn assert_refused(response: Response<Body>) {
    assert_eq!(response.status(), 429);
    let wait: u64 =
        response.headers()[header::RETRY_AFTER].to_str().unwrap_or("").parse().expect("s");
    assert!((1..=60).contains(&wait), "{wait}");
    assert_eq!(body_of(response).await["code"], "too-many-calls");
}

#[tokio::test]
async fn whoever_decides_without_credentials_is_counted_by_address() {
    let mut desk = Desk::with(limited(Limits { address: at_once(2), ..Limits::default() })).await;
    for _ in 0..2 {
        assert_eq!(from(&mut desk, "192.0.2.1:1000", decide()).await.status(), 200);
    }
    assert_refused(from(&mut desk, "192.0.2.1:2000", decide()).await).await;
    assert_eq!(from(&mut desk, "192.0.2.2:1000", decide()).await.status(), 200);
    let health = Request::get("/health").body(Body::empty()).expect("a request");
    assert_eq!(from(&mut desk, "192.0.2.1:1000", health).await.status(), 200);
    // A made-up token is a guess.
    let guess = Request::get("/api/v1/cases")
        .header(header::AUTHORIZATION, format!("Bearer {}", "A".repeat(43)));
    let guess = guess.body(Body::empty()).expect("a request");
    assert_refused(from(&mut desk, "192.0.2.1:1000", guess).await).await;
}

#[tokio::test]
async fn tries_to_sign_in_are_counted_by_address_before_any_password_is_hashed() {
    let mut desk = Desk::with(limited(Limits { sign_in: at_once(3), ..Limits::default() })).await;
    let attempt = || {
        Request::post("/sign-in")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from("name=a&password=b&code=c"))
            .expect("a request")
    };
    for _ in 0..3 {
        assert_eq!(from(&mut desk, "192.0.2.1:1", attempt()).await.status(), 422);
    }
    assert_refused(from(&mut desk, "192.0.2.1:1", attempt()).await).await;
    let shown = Request::get("/sign-in").body(Body::empty()).expect("a request");
    assert_eq!(from(&mut desk, "192.0.2.1:1", shown).await.status(), 200);
}

#[tokio::test]
async fn an_account_is_counted_wherever_it_calls_from() {
    let mut desk = Desk::with(limited(Limits { account: at_once(4), ..Limits::default() })).await;
    let one = desk.somebody("one", &[Role::Auditor], "us-ny-nyc/doc").await;
    let two = desk.somebody("two", &[Role::Auditor], "us-ny-nyc/doc").await;
    // Signing in asked for the account once.
    for at in 0..3 {
        let mine = Request::get("/api/v1/cases").header(header::COOKIE, &one.cookie);
        let mine = mine.body(Body::empty()).expect("a request");
        let answer = from(&mut desk, &format!("192.0.2.{at}:1"), mine).await;
        assert_eq!(answer.status(), 200);
    }
    assert_refused(desk.get("/api/v1/cases", Some(&one)).await).await;
    assert_eq!(desk.get("/api/v1/cases", Some(&two)).await.status(), 200);
}

fn lines(count: usize, token: Option<&str>) -> Request<Body> {
    let line: serde_json::Value = serde_json::from_str(REQUEST).expect("JSON");
    let request = Request::post("/api/v1/decide/bulk")
        .header(header::CONTENT_TYPE, "application/x-ndjson")
        .body(Body::from(format!("{line}\n").repeat(count)));
    let mut request = request.expect("a request");
    if let Some(token) = token {
        let value = format!("Bearer {token}").parse().expect("a head");
        request.headers_mut().insert(header::AUTHORIZATION, value);
    }
    request
}

#[tokio::test]
async fn rows_are_counted_for_the_token_that_is_shown_and_for_the_address_of_nobody() {
    let limits = Limits { address_rows: at_once(3), known_rows: at_once(6), ..Limits::default() };
    let mut desk = Desk::with(limited(limits)).await;
    let admin = desk.somebody("admin", &[Role::Administrator], "").await;
    let form = r#"{"name": "desk", "scopes": ["list_cases"], "agencies": [], "days": 3}"#;
    let issued = body_of(desk.post("/api/v1/tokens", &admin, form).await).await;
    let token = issued["secret"].as_str().expect("a secret").to_owned();
    let mut answered = async |rows: usize, token: Option<&str>| -> usize {
        let response = from(&mut desk, "192.0.2.1:1", lines(rows, token)).await;
        assert_eq!(response.status(), 200);
        let reading = crate::text(response);
        // What is too fast is slowed down: the rest would come in a minute.
        let read = tokio::time::timeout(std::time::Duration::from_secs(5), reading).await;
        read.map_or(0, |text| text.matches("\"response\"").count())
    };
    assert_eq!(answered(3, None).await, 3);
    assert_eq!(answered(1, None).await, 0, "the rows of the address are used up");
    assert_eq!(answered(6, Some(&token)).await, 6, "and those of the token are not");
    assert_eq!(answered(1, Some(&token)).await, 0);
}

#[tokio::test]
async fn whoever_shows_who_they_are_decides_at_their_own_rate() {
    let mut desk = Desk::with(limited(Limits { address: at_once(1), ..Limits::default() })).await;
    let one = desk.somebody("one", &[Role::Auditor], "us-ny-nyc/doc").await;
    assert_eq!(from(&mut desk, "192.0.2.1:1", decide()).await.status(), 200);
    assert_refused(from(&mut desk, "192.0.2.1:1", decide()).await).await;
    let with = |cookie: &str, form_token: Option<&str>| {
        let mut request = decide();
        request.headers_mut().insert(header::COOKIE, cookie.parse().expect("a head"));
        if let Some(token) = form_token {
            request.headers_mut().insert("x-form-token", token.parse().expect("a head"));
        }
        request
    };
    let known = with(&one.cookie, Some(&one.form_token));
    assert_eq!(from(&mut desk, "192.0.2.1:1", known).await.status(), 200);
    let planted = with(&one.cookie, None);
    assert_refused(from(&mut desk, "192.0.2.1:1", planted).await).await;
    let forged = with(&one.cookie, Some("made up"));
    assert_eq!(from(&mut desk, "192.0.2.1:1", forged).await.status(), 403);
    let mut guess = decide();
    let value = format!("Bearer {}", "A".repeat(43)).parse().expect("a head");
    guess.headers_mut().insert(header::AUTHORIZATION, value);
    assert_refused(from(&mut desk, "192.0.2.1:1", guess).await).await;
}

#[tokio::test]
async fn one_address_has_few_streams_open_at_once() {
    let mut desk = Desk::open().await;
    let mut open = Vec::new();
    for _ in 0..2 {
        // Nobody reads the answer, so that the stream stays open.
        let response = from(&mut desk, "192.0.2.1:1", lines(200, None)).await;
        assert_eq!(response.status(), 200);
        open.push(response);
    }
    assert_refused(from(&mut desk, "192.0.2.1:1", lines(1, None)).await).await;
    assert_eq!(from(&mut desk, "192.0.2.2:1", lines(1, None)).await.status(), 200);
    drop(open);
    let mut code = 0;
    for _ in 0..100 {
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        code = from(&mut desk, "192.0.2.1:1", lines(1, None)).await.status().as_u16();
        if code == 200 {
            break;
        }
    }
    assert_eq!(code, 200, "the streams that ended are still counted");
}

#[test]
fn the_folder_says_how_often() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = DataFolder::at(folder.path());
    assert_eq!(data.settings().expect("the standard").limits, Limits::default());
    let write = |text: &str| std::fs::write(folder.path().join("service.toml"), text);
    write("[limits]\nsign_in = { per_minute = 1, burst = 3 }\nproxies = [\"192.0.2.1\"]\n")
        .expect("written");
    let limits = data.settings().expect("settings").limits;
    assert_eq!(limits.sign_in, at_once(3));
    assert_eq!(limits.account, Limits::default().account);
    write("[limits]\nsign_inn = { per_minute = 1, burst = 3 }\n").expect("written");
    let error = data.settings().expect_err("no such setting");
    assert!(error.help_text().is_some_and(|help| help.contains("sign_inn")), "{error}");
}
