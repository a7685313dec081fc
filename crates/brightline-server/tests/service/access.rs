//! Every route of the table: without credentials, with a role that may not, from another site.

use axum::body::Body;
use axum::http::{Request, header};
use brightline_server::{Access, Action, POLICIES, Principal, Role, RouteEntry, route_table};

use crate::call;
use crate::desk::{Caller, Desk};

/// Returns a call of a route: names in its address are made up.
fn request(entry: &RouteEntry, method: &str) -> axum::http::request::Builder {
    let path: Vec<&str> =
        entry.path.split('/').map(|it| if it.starts_with('{') { "made-up" } else { it }).collect();
    Request::builder()
        .method(method)
        .uri(path.join("/"))
        .header(header::CONTENT_TYPE, "application/json")
}

fn is_open(action: Action) -> bool {
    let access = Access::read().expect("the policies can be read");
    access.may(&Principal::Nobody, action, "")
}

fn every_call() -> Vec<(RouteEntry, &'static str)> {
    let routes = route_table();
    routes
        .into_iter()
        .flat_map(|entry| entry.methods.clone().into_iter().map(move |it| (entry.clone(), it)))
        .collect()
}

#[tokio::test]
async fn without_credentials_only_open_routes_answer() {
    let mut desk = Desk::open().await;
    let mut refused = 0;
    for (entry, method) in every_call() {
        let call_of = request(&entry, method).body(Body::from("{}")).expect("a request");
        let status = call(&mut desk.router, call_of).await.status().as_u16();
        let name = format!("{method} {}: {status}", entry.path);
        match (is_open(entry.action), entry.is_page && method == "GET") {
            (true, _) => assert!(status != 401 && status != 403, "{name}"),
            (false, true) => assert_eq!(status, 303, "{name}"),
            (false, false) => assert_eq!(status, 401, "{name}"),
        }
        refused += usize::from(!is_open(entry.action));
    }
    assert!(refused > 10, "only {refused} routes ask who calls");
}

#[tokio::test]
async fn a_made_up_token_or_cookie_is_nobody() {
    let mut desk = Desk::open().await;
    let made_up = "A".repeat(43);
    for (entry, method) in every_call().into_iter().filter(|(entry, _)| !is_open(entry.action)) {
        let bearer = format!("Bearer {made_up}");
        let cookie = format!("__Host-brightline={made_up}");
        for (name, value) in [(header::AUTHORIZATION, bearer), (header::COOKIE, cookie)] {
            let call_of = request(&entry, method).header(name, value).body(Body::from("{}"));
            let response = call(&mut desk.router, call_of.expect("a request")).await;
            let is_refused = response.status() == 401 || response.status() == 303;
            assert!(is_refused, "{method} {}: {}", entry.path, response.status());
        }
    }
}

fn own(entry: &RouteEntry, method: &str, caller: &Caller) -> Request<Body> {
    let kind = match entry.is_page {
        true => "application/x-www-form-urlencoded",
        false => "application/json",
    };
    let mut call_of = request(entry, method)
        .header(header::COOKIE, &caller.cookie)
        .header("x-form-token", &caller.form_token)
        .body(Body::from(format!("form_token={}", caller.form_token)))
        .expect("a request");
    call_of.headers_mut().insert(header::CONTENT_TYPE, kind.parse().expect("a head"));
    call_of
}

#[tokio::test]
async fn each_role_may_what_the_policies_say_and_no_more() {
    let mut desk = Desk::open().await;
    let access = Access::read().expect("the policies can be read");
    for role in Role::ALL {
        let name = role.name().replace('_', "-");
        let caller = desk.somebody(&name, &[role], "us-xx/one").await;
        let account = desk.accounts.list().await.expect("accounts");
        let account = account.into_iter().find(|it| it.name == name).expect("the account");
        let principal = Principal::Account { account, form_token: String::new() };
        for (entry, method) in every_call() {
            if entry.action == Action::SignOut || is_open(entry.action) {
                continue;
            }
            let response = call(&mut desk.router, own(&entry, method, &caller)).await;
            let may = access.may_somewhere(&principal, entry.action);
            let is_denied = response.status() == 403;
            assert_eq!(may, !is_denied, "{role}: {method} {}: {}", entry.path, response.status());
        }
    }
}

#[tokio::test]
async fn a_call_of_another_site_changes_nothing() {
    let mut desk = Desk::open().await;
    let caller = desk.somebody("admin", &[Role::Administrator], "").await;
    for (entry, method) in every_call() {
        if method == "GET" || is_open(entry.action) {
            continue;
        }
        let without = Caller { cookie: caller.cookie.clone(), form_token: String::new() };
        let response = call(&mut desk.router, own(&entry, method, &without)).await;
        assert_eq!(response.status(), 403, "{method} {}", entry.path);
        let mut foreign = own(&entry, method, &caller);
        let value = "cross-site".parse().expect("a head");
        foreign.headers_mut().insert("sec-fetch-site", value);
        let response = call(&mut desk.router, foreign).await;
        assert_eq!(response.status(), 403, "{method} {}", entry.path);
    }
}

#[tokio::test]
async fn every_answer_carries_the_heads_that_browsers_obey() {
    let mut desk = Desk::open().await;
    for (entry, method) in every_call() {
        let call_of = request(&entry, method).body(Body::from("{}")).expect("a request");
        let response = call(&mut desk.router, call_of).await;
        let heads = response.headers();
        let policy = heads["content-security-policy"].to_str().expect("text");
        assert!(policy.starts_with("default-src 'none'; script-src 'self'"), "{}", entry.path);
        assert!(policy.contains("frame-ancestors 'none'"));
        assert_eq!(heads["x-content-type-options"], "nosniff");
        assert_eq!(heads["referrer-policy"], "no-referrer");
        assert!(heads.contains_key("strict-transport-security"));
        assert!(heads.contains_key("x-request-id"));
        let is_asset = [".css", ".js", ".svg"].iter().any(|end| entry.path.ends_with(end));
        assert_eq!(heads["cache-control"] == "no-store", !is_asset, "{}", entry.path);
    }
}

#[test]
fn every_action_of_a_route_stands_in_a_policy() {
    for entry in route_table() {
        let name = format!("Action::\"{}\"", entry.action.name());
        assert!(POLICIES.contains(&name), "{}", entry.path);
    }
}
