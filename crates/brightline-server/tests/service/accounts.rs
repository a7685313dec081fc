//! Signing in: sessions, their ends, locks, links and tokens.

use axum::body::Body;
use axum::http::{Request, header};
use brightline_server::Role;

use crate::desk::{Caller, Desk, PASSWORD, Person, between};
use crate::{call, json, text};

const HOUR: i64 = 3600;

#[tokio::test]
async fn the_first_administrator_is_made_by_a_link_that_dies() {
    let mut desk = Desk::open().await;
    let dead = desk.accounts.invite_first().await.expect("a link");
    let link = desk.accounts.invite_first().await.expect("another link");
    assert_eq!(desk.get(&format!("/set-up/{dead}"), None).await.status(), 404);
    let first = desk.enrol(&link, "first").await;
    assert_eq!(desk.get(&format!("/set-up/{link}"), None).await.status(), 404);
    assert!(desk.accounts.invite_first().await.is_err(), "there is an account");
    let caller = desk.sign_in(&first).await;
    let own = json(desk.get("/api/v1/account", Some(&caller)).await).await;
    assert_eq!((&own["name"], &own["roles"][0]), (&"first".into(), &"administrator".into()));
}

#[tokio::test]
async fn a_link_is_good_for_three_days() {
    let mut desk = Desk::open().await;
    let link = desk.accounts.invite_first().await.expect("a link");
    desk.wait(72 * HOUR - 1);
    assert_eq!(desk.get(&format!("/set-up/{link}"), None).await.status(), 200);
    desk.wait(2);
    assert_eq!(desk.get(&format!("/set-up/{link}"), None).await.status(), 404);
}

#[tokio::test]
async fn a_session_ends_when_idle_and_after_a_day_of_work() {
    let mut desk = Desk::open().await;
    let person = desk.person("jdoe", &[Role::Officer], "us-xx/one").await;
    let idle = desk.sign_in(&person).await;
    desk.wait(30 * 60 - 1);
    assert_eq!(status(&mut desk, &idle).await, 200);
    desk.wait(30 * 60);
    assert_eq!(status(&mut desk, &idle).await, 401);
    let busy = desk.sign_in(&person).await;
    for _ in 0..24 {
        desk.wait(29 * 60);
        assert_eq!(status(&mut desk, &busy).await, 200);
    }
    desk.wait(25 * 60);
    assert_eq!(status(&mut desk, &busy).await, 401, "twelve hours are over");
}

async fn status(desk: &mut Desk, caller: &Caller) -> u16 {
    desk.get("/api/v1/account", Some(caller)).await.status().as_u16()
}

#[tokio::test]
async fn signing_out_ends_the_session_and_signing_in_makes_a_new_one() {
    let mut desk = Desk::open().await;
    let person = desk.person("jdoe", &[Role::Officer], "us-xx/one").await;
    let one = desk.sign_in(&person).await;
    let two = desk.sign_in(&person).await;
    assert_ne!(one.cookie, two.cookie);
    let fields = [("form_token", two.form_token.as_str())];
    let response = desk.post_form("/sign-out", Some(&two), &fields).await;
    assert_eq!(response.status(), 303);
    assert_eq!(status(&mut desk, &two).await, 401);
    assert_eq!(status(&mut desk, &one).await, 200);
}

#[tokio::test]
async fn the_cookie_is_bound_to_this_host() {
    let mut desk = Desk::open().await;
    let person = desk.person("jdoe", &[], "").await;
    let code = desk.code(&person.seed);
    let fields = [("name", "jdoe"), ("password", PASSWORD), ("code", &code)];
    let response = desk.post_form("/sign-in", None, &fields).await;
    let cookie = response.headers()[header::SET_COOKIE].to_str().expect("text");
    assert!(cookie.starts_with("__Host-brightline="), "{cookie}");
    assert!(cookie.ends_with("; Path=/; Secure; HttpOnly; SameSite=Strict"), "{cookie}");
}

async fn try_in(desk: &mut Desk, name: &str, password: &str, code: &str) -> (u16, String) {
    let fields = [("name", name), ("password", password), ("code", code)];
    let response = desk.post_form("/sign-in", None, &fields).await;
    let status = response.status().as_u16();
    let page = text(response).await.replace(name, "NAME");
    // Each page has a challenge of its own.
    let parts = [("data-options=\"", "\""), ("name=\"passkey_state\" value=\"", "\"")];
    let page = parts.iter().fold(page, |page, (before, after)| {
        page.replace(between(&page, before, after), "CHALLENGE")
    });
    (status, page)
}

#[tokio::test]
async fn a_failure_does_not_tell_what_was_wrong() {
    let mut desk = Desk::open().await;
    let Person { name, seed } = desk.person("jdoe", &[], "").await;
    let code = desk.code(&seed);
    let unknown = try_in(&mut desk, "nobody", PASSWORD, &code).await;
    let password = try_in(&mut desk, &name, "wrong password", &code).await;
    let second = try_in(&mut desk, &name, PASSWORD, "000000").await;
    assert_eq!(unknown.0, 422);
    assert_eq!(unknown, password);
    assert_eq!(unknown, second);
}

#[tokio::test]
async fn five_failures_in_a_quarter_of_an_hour_lock_until_released() {
    let mut desk = Desk::open().await;
    let person = desk.person("jdoe", &[], "").await;
    for _ in 0..4 {
        try_in(&mut desk, "jdoe", "wrong password", "000000").await;
    }
    desk.wait(16 * 60);
    try_in(&mut desk, "jdoe", "wrong password", "000000").await;
    let before = desk.sign_in(&person).await;
    for _ in 0..5 {
        try_in(&mut desk, "jdoe", "wrong password", "000000").await;
    }
    desk.wait(60);
    let code = desk.code(&person.seed);
    assert_eq!(try_in(&mut desk, "jdoe", PASSWORD, &code).await.0, 422, "it is locked");
    assert_eq!(status(&mut desk, &before).await, 401, "its sessions are over");
    desk.wait(24 * HOUR);
    let code = desk.code(&person.seed);
    assert_eq!(try_in(&mut desk, "jdoe", PASSWORD, &code).await.0, 422, "time alone helps not");
    desk.accounts.release("jdoe", "test").await.expect("released");
    desk.sign_in(&person).await;
}

#[tokio::test]
async fn a_code_is_good_once() {
    let mut desk = Desk::open().await;
    let person = desk.person("jdoe", &[], "").await;
    let code = desk.code(&person.seed);
    assert_eq!(try_in(&mut desk, "jdoe", PASSWORD, &code).await.0, 303);
    assert_eq!(try_in(&mut desk, "jdoe", PASSWORD, &code).await.0, 422);
}

#[tokio::test]
async fn a_reset_voids_the_old_password_at_once() {
    let mut desk = Desk::open().await;
    let admin = desk.somebody("admin", &[Role::Administrator], "").await;
    let person = desk.person("jdoe", &[Role::Officer], "us-xx/one").await;
    let response = desk.post("/api/v1/accounts/jdoe/reset", &admin, "").await;
    assert_eq!(response.status(), 201);
    let path = json(response).await["path"].as_str().expect("a path").to_owned();
    let code = desk.code(&person.seed);
    assert_eq!(try_in(&mut desk, "jdoe", PASSWORD, &code).await.0, 422);
    let link = path.trim_start_matches("/set-up/").to_owned();
    let again = desk.enrol(&link, "jdoe").await;
    assert_ne!(again.seed, person.seed);
    let caller = desk.sign_in(&again).await;
    let own = json(desk.get("/api/v1/account", Some(&caller)).await).await;
    assert_eq!(own["roles"][0], "officer", "the roles stay");
}

#[tokio::test]
async fn a_token_is_shown_once_and_ends() {
    let mut desk = Desk::open().await;
    let admin = desk.somebody("admin", &[Role::Administrator], "").await;
    let wrong = r#"{"name": "jail", "scopes": ["recieve"], "agencies": [], "days": 3}"#;
    let problem = json(desk.post("/api/v1/tokens", &admin, wrong).await).await;
    assert_eq!(problem["errors"][0]["help"], "did you mean `receive`?");
    for never in ["sign", "seal", "manage_accounts", "publish_release"] {
        let form = wrong.replace("recieve", never);
        let refused = desk.post("/api/v1/tokens", &admin, &form).await;
        assert_eq!(refused.status(), 422, "{never} is a person's");
    }
    let nowhere =
        r#"{"name": "jail", "scopes": ["receive"], "agencies": ["us-ny-nyc/dox"], "days": 3}"#;
    let problem = json(desk.post("/api/v1/tokens", &admin, nowhere).await).await;
    assert_eq!(problem["errors"][0]["pointer"], "/agencies");
    let right =
        r#"{"name": "jail", "scopes": ["receive"], "agencies": ["us-ny-nyc/doc"], "days": 3}"#;
    let issued = json(desk.post("/api/v1/tokens", &admin, right).await).await;
    let secret = issued["secret"].as_str().expect("a secret").to_owned();
    let listed = text(desk.get("/api/v1/tokens", Some(&admin)).await).await;
    assert!(listed.contains("jail") && !listed.contains(&secret));
    assert_eq!(with_token(&mut desk, &secret).await, 403, "it is known, and may not");
    desk.wait(3 * 24 * HOUR + 1);
    assert_eq!(with_token(&mut desk, &secret).await, 401, "it has ended");
}

async fn with_token(desk: &mut Desk, secret: &str) -> u16 {
    let request = Request::get("/api/v1/accounts")
        .header(header::AUTHORIZATION, format!("Bearer {secret}"))
        .body(Body::empty())
        .expect("a request");
    call(&mut desk.router, request).await.status().as_u16()
}

#[tokio::test]
async fn the_key_of_another_service_is_refused_at_the_start() {
    let mut desk = Desk::open().await;
    desk.person("jdoe", &[Role::Officer], "us-xx/one").await;
    let (key, kept) =
        (desk.data_folder().join("keys/service.key"), desk.data_folder().join("kept"));
    std::fs::rename(&key, &kept).expect("moved");
    brightline_server::ServiceKey::create(&key).expect("another key");
    let error = desk.try_to_open_again().await.err().expect("it is another key");
    assert!(error.to_string().contains("another one than these accounts need"), "{error}");
    std::fs::rename(&kept, &key).expect("put back");
    desk.try_to_open_again().await.expect("it opens again");
}

#[tokio::test]
async fn an_invitation_takes_over_no_account_and_names_an_agency_that_is_there() {
    let mut desk = Desk::open().await;
    let admin = desk.somebody("admin", &[Role::Administrator], "").await;
    let form = |name: &str, agency: &str| {
        format!(
            r#"{{"name": "{name}", "person": "X", "roles": ["officer"], "agencies": ["{agency}"]}}"#
        )
    };
    let made = desk.post("/api/v1/accounts", &admin, &form("admin", "us-ny-nyc/doc")).await;
    assert_eq!(made.status(), 409);
    let problem = json(made).await;
    assert_eq!(problem["detail"], "there is an account `admin` already");
    let made = desk.post("/api/v1/accounts", &admin, &form("olga", "us-ny-nyc/dok")).await;
    assert_eq!(made.status(), 422);
    let problem = json(made).await;
    let help = problem["errors"][0]["help"].as_str().expect("help");
    assert!(help.starts_with("did you mean `doc`"), "{help}");
    let made = desk.post("/api/v1/accounts", &admin, &form("olga", "us-ny-nyc/doc")).await;
    assert_eq!(made.status(), 201);
}
