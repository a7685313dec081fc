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
