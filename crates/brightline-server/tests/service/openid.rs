//! Sign-in by a provider of OpenID Connect that others wrote; skipped where there is none.

use std::process::Stdio;

use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, Request, Response, header};
use brightline_server::{OpenId, Role, Settings};
use http_body_util::BodyExt;
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use serde_json::json;
use tokio::io::{AsyncBufReadExt, BufReader, Lines};
use tokio::net::TcpStream;
use tokio::process::{Child, ChildStdout, Command};

use crate::desk::{Caller, Desk};
use crate::{call, json as body_of, settings, text};

/// Names the library of the provider.
const LIBRARY: &str = "BRIGHTLINE_TEST_OPENID";
const ADDRESS: &str = "https://brightline.example";
const AGENCY: &str = "us-ny-nyc/doc";

struct Provider {
    issuer: String,
    _process: Child,
    /// It goes on to print, and ends when nobody listens.
    _lines: Lines<BufReader<ChildStdout>>,
}

impl Provider {
    async fn start() -> Option<Self> {
        let Ok(library) = std::env::var(LIBRARY) else {
            println!("skipped: {LIBRARY} names no library");
            return None;
        };
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/openid/provider.mjs");
        let mut process = Command::new("node")
            .arg(script)
            .arg(library)
            .arg(format!("{ADDRESS}/sign-in/openid/answer"))
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .expect("node runs");
        let mut lines = BufReader::new(process.stdout.take().expect("its output")).lines();
        let issuer = lines.next_line().await.expect("a line").expect("an address");
        Some(Self { issuer, _process: process, _lines: lines })
    }

    fn settings(&self) -> OpenId {
        OpenId {
            issuer: self.issuer.parse().expect("an address"),
            client: "brightline".to_owned(),
            secret: Some("a secret: with+odd letters%".to_owned()),
            address: ADDRESS.parse().expect("an address"),
            acr: vec![],
            amr: vec![],
        }
    }

    /// Goes through the provider's own pages as a browser would; returns where it sends one back.
    async fn sign_in(&self, address: &str, name: &str) -> String {
        let mut browser = Browser { host: self.issuer.clone(), cookies: Vec::new() };
        let mut at = browser.get(address).await;
        for fields in
            [format!("prompt=login&login={name}&password=any"), "prompt=consent".to_owned()]
        {
            assert!(at.contains("/interaction/"), "{at}");
            let resumed = browser.post(&at, fields).await;
            at = browser.get(&resumed).await;
            if at.starts_with(ADDRESS) {
                break;
            }
        }
        at.strip_prefix(ADDRESS).expect("an address of the service").to_owned()
    }
}

/// Follows no redirect by itself, and keeps cookies.
struct Browser {
    host: String,
    cookies: Vec<(String, String)>,
}

impl Browser {
    async fn get(&mut self, address: &str) -> String {
        self.send(Request::get(self.path(address)), Bytes::new()).await
    }

    async fn post(&mut self, address: &str, fields: String) -> String {
        let kind = "application/x-www-form-urlencoded";
        let request = Request::post(self.path(address)).header(header::CONTENT_TYPE, kind);
        self.send(request, Bytes::from(fields)).await
    }

    fn path(&self, address: &str) -> String {
        address.strip_prefix(&self.host).unwrap_or(address).to_owned()
    }

    /// Returns where the answer leads.
    async fn send(&mut self, request: axum::http::request::Builder, body: Bytes) -> String {
        let host = self.host.strip_prefix("http://").expect("unencrypted");
        let port = host.split_once(':').expect("a port").1;
        let stream = TcpStream::connect(format!("127.0.0.1:{port}")).await.expect("connected");
        let (mut sender, connection) =
            http1::handshake(TokioIo::new(stream)).await.expect("a connection");
        tokio::spawn(connection);
        let cookies: Vec<String> =
            self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let request = request
            .header(header::HOST, host)
            .header(header::COOKIE, cookies.join("; "))
            .body(Body::from(body))
            .expect("a request");
        let response = sender.send_request(request).await.expect("an answer");
        self.keep_cookies(response.headers());
        let place = response.headers().get(header::LOCATION).cloned();
        let status = response.status();
        let body = response.into_body().collect().await.expect("a body").to_bytes();
        let place = place.unwrap_or_else(|| panic_of(status.as_u16(), &body));
        place.to_str().expect("text").to_owned()
    }

    fn keep_cookies(&mut self, heads: &HeaderMap) {
        for line in heads.get_all(header::SET_COOKIE) {
            let line = line.to_str().expect("text").split(';').next().unwrap_or_default();
            let (name, value) = line.split_once('=').expect("a cookie");
            self.cookies.retain(|(kept, _)| kept != name);
            if !value.is_empty() {
                self.cookies.push((name.to_owned(), value.to_owned()));
            }
        }
    }
}

fn panic_of(status: u16, body: &Bytes) -> axum::http::HeaderValue {
    let text = String::from_utf8_lossy(body);
    assert!(text.is_empty() && status == 0, "{status}: {text}");
    axum::http::HeaderValue::from_static("")
}

/// Begins to sign in; returns where the provider is, and the cookie that has to come along.
async fn begin(desk: &mut Desk) -> (String, String) {
    let page = text(desk.get("/sign-in", None).await).await;
    assert!(page.contains("href=\"/sign-in/openid\""), "the page leads there");
    begin_at(desk, "/sign-in/openid").await
}

async fn begin_at(desk: &mut Desk, way: &str) -> (String, String) {
    let begun = desk.get(way, None).await;
    assert_eq!(begun.status(), 303, "{}", text(begun).await);
    let heads = begun.headers();
    let cookie = heads[header::SET_COOKIE].to_str().expect("text");
    assert!(cookie.starts_with("__Host-brightline-openid="), "{cookie}");
    assert!(cookie.contains("SameSite=Lax") && cookie.contains("HttpOnly"), "{cookie}");
    let cookie = cookie.split(';').next().expect("a cookie").to_owned();
    (heads[header::LOCATION].to_str().expect("text").to_owned(), cookie)
}

async fn come_back(desk: &mut Desk, path: &str, cookie: &str) -> Response<Body> {
    let request = Request::get(path).header(header::COOKIE, cookie).body(Body::empty());
    call(&mut desk.router, request.expect("a request")).await
}

/// Signs in under a name at the provider.
async fn through(desk: &mut Desk, provider: &Provider, name: &str) -> Response<Body> {
    let (address, cookie) = begin(desk).await;
    let back = provider.sign_in(&address, name).await;
    come_back(desk, &back, &cookie).await
}

fn session(response: &Response<Body>) -> Option<String> {
    let cookies = response.headers().get_all(header::SET_COOKIE).iter();
    let mut lines = cookies.filter_map(|it| it.to_str().ok()?.split(';').next());
    lines.find(|line| line.starts_with("__Host-brightline=")).map(str::to_owned)
}

async fn desk_with(openid: OpenId) -> (Desk, Caller) {
    let mut desk = Desk::with(Settings { openid: Some(openid), ..settings() }).await;
    let admin = desk.somebody("admin", &[Role::Administrator], "").await;
    (desk, admin)
}

async fn invite(desk: &mut Desk, admin: &Caller, name: &str, provider: &serde_json::Value) -> u16 {
    let form = json!({"name": name, "person": "Some One", "roles": ["officer"],
                      "agencies": [AGENCY], "provider": provider});
    desk.post("/api/v1/accounts", admin, &form.to_string()).await.status().as_u16()
}

#[tokio::test]
async fn who_has_an_account_is_signed_in_by_e_mail_once_and_by_subject_after_that() {
    let Some(provider) = Provider::start().await else { return };
    let (mut desk, admin) = desk_with(provider.settings()).await;
    let by_mail = json!({"email": "Jdoe@city.example"});
    assert_eq!(invite(&mut desk, &admin, "jdoe", &by_mail).await, 201);
    assert_eq!(invite(&mut desk, &admin, "ada", &json!({"subject": "ada-77"})).await, 201);
    for (name, account) in [("jdoe", "jdoe"), ("jdoe", "jdoe"), ("ada-77", "ada")] {
        let answer = through(&mut desk, &provider, name).await;
        assert_eq!(answer.status(), 200, "{}", text(answer).await);
        assert_eq!(answer.headers()["refresh"], "0; url=/");
        let cookie = session(&answer).expect("a session");
        let caller = Caller { cookie, form_token: String::new() };
        let own = body_of(desk.get("/api/v1/account", Some(&caller)).await).await;
        assert_eq!((&own["name"], &own["roles"]), (&json!(account), &json!(["officer"])));
    }
    // The address now belongs to the subject; somebody else who gets it is not let in.
    desk.run_sql("UPDATE openid_links SET subject = 'left-long-ago' WHERE account = 'jdoe'").await;
    assert_eq!(through(&mut desk, &provider, "jdoe").await.status(), 403);
    let local = [("name", "ada"), ("password", ""), ("code", "")];
    assert_eq!(
        desk.post_form("/sign-in", None, &local).await.status(),
        422,
        "there is no password"
    );
}

#[tokio::test]
async fn a_sign_in_comes_back_to_the_page_that_was_asked_for_and_to_no_other_site() {
    let Some(provider) = Provider::start().await else { return };
    let (mut desk, admin) = desk_with(provider.settings()).await;
    assert_eq!(invite(&mut desk, &admin, "lou", &json!({"subject": "lou"})).await, 201);
    let asked = desk.get("/requests?show=due", None).await;
    let door = asked.headers()[header::LOCATION].to_str().expect("text").to_owned();
    let page = text(desk.get(&door, None).await).await;
    let way = "/sign-in/openid?to=%2Frequests%3Fshow%3Ddue";
    assert!(page.contains(&format!("href=\"{way}\"")), "{page}");
    for (way, place) in [
        (way, "/requests?show=due"),
        ("/sign-in/openid", "/"),
        ("/sign-in/openid?to=https%3A%2F%2Fevil.example%2F", "/"),
        ("/sign-in/openid?to=%2F%2Fevil.example", "/"),
        ("/sign-in/openid?to=%2F%5Cevil.example", "/"),
        ("/sign-in/openid?to=%2Fsign-in%2Fopenid", "/"),
    ] {
        let (address, cookie) = begin_at(&mut desk, way).await;
        let back = provider.sign_in(&address, "lou").await;
        // What the provider sends along has no say in it.
        let answer = come_back(&mut desk, &format!("{back}&to=%2Fdoor"), &cookie).await;
        assert_eq!(answer.status(), 200);
        assert_eq!(answer.headers()["refresh"], format!("0; url={place}"), "{way}");
    }
}

#[tokio::test]
async fn nobody_else_is_signed_in() {
    let Some(provider) = Provider::start().await else { return };
    let (mut desk, admin) = desk_with(provider.settings()).await;
    let unverified = json!({"email": "unverified-kim@city.example"});
    assert_eq!(invite(&mut desk, &admin, "kim", &unverified).await, 201);
    assert_eq!(invite(&mut desk, &admin, "lou", &json!({"email": "lou@city.example"})).await, 201);
    for wrong in [json!({}), json!({"email": "x"}), json!({"email": "a@b.c", "subject": "d"})] {
        assert_eq!(invite(&mut desk, &admin, "odd", &wrong).await, 422, "{wrong}");
    }
    for name in ["stranger", "unverified-kim"] {
        let answer = through(&mut desk, &provider, name).await;
        assert_eq!((answer.status().as_u16(), session(&answer)), (403, None), "{name}");
    }
    assert_eq!(through(&mut desk, &provider, "lou").await.status(), 200);
    desk.post("/api/v1/accounts/lou/lock", &admin, "").await;
    let locked = through(&mut desk, &provider, "lou").await;
    assert_eq!((locked.status().as_u16(), session(&locked)), (403, None));
}

#[tokio::test]
async fn an_answer_counts_for_the_browser_that_asked_and_once() {
    let Some(provider) = Provider::start().await else { return };
    let (mut desk, admin) = desk_with(provider.settings()).await;
    assert_eq!(invite(&mut desk, &admin, "lou", &json!({"subject": "lou"})).await, 201);
    let (address, cookie) = begin(&mut desk).await;
    let (_, other) = begin(&mut desk).await;
    for wanted in ["code_challenge_method=S256", "response_type=code", "nonce=", "state="] {
        assert!(address.contains(wanted), "{address}");
    }
    let back = provider.sign_in(&address, "lou").await;
    let state = back.split("state=").nth(1).and_then(|it| it.split('&').next()).expect("a state");
    let forged = back.replace(state, &"A".repeat(state.len()));
    let mixed_up = back.replace("iss=http", "iss=https");
    for (path, cookie) in
        [(&back, &other), (&back, &String::new()), (&forged, &cookie), (&mixed_up, &cookie)]
    {
        let answer = come_back(&mut desk, path, cookie).await;
        assert_eq!((answer.status().as_u16(), session(&answer)), (403, None), "{path}");
    }
    assert_eq!(come_back(&mut desk, &back, &cookie).await.status(), 200);
    let again = come_back(&mut desk, &back, &cookie).await;
    assert_eq!((again.status().as_u16(), session(&again)), (403, None), "a code is good once");
    let (address, cookie) = begin(&mut desk).await;
    let back = provider.sign_in(&address, "lou").await;
    desk.wait(600);
    assert_eq!(come_back(&mut desk, &back, &cookie).await.status(), 403, "it took too long");
}

#[tokio::test]
async fn where_a_second_factor_is_asked_for_a_password_alone_is_not_enough() {
    let Some(provider) = Provider::start().await else { return };
    let amr = vec!["mfa".to_owned()];
    let (mut desk, admin) = desk_with(OpenId { amr, ..provider.settings() }).await;
    assert_eq!(invite(&mut desk, &admin, "lou", &json!({"subject": "lou"})).await, 201);
    let answer = through(&mut desk, &provider, "lou").await;
    assert_eq!((answer.status().as_u16(), session(&answer)), (403, None));
    assert!(text(answer).await.contains("second factor"));
}

#[tokio::test]
async fn without_a_provider_there_is_no_way_in() {
    let mut desk = Desk::open().await;
    assert_eq!(desk.get("/sign-in/openid", None).await.status(), 404);
    assert_eq!(desk.get("/sign-in/openid/answer?code=x", None).await.status(), 404);
}
