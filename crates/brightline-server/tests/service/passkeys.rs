//! Passkeys: added with the password, good once a challenge, for one origin, with a verified user.

use axum::http::header;
use brightline_server::Role;

use crate::desk::{Caller, Desk, PASSWORD, between};
use crate::device::Device;
use crate::{json, text};

/// What a page asks of a device, and what goes back with the answer.
struct Asked {
    options: String,
    sealed: String,
}

fn asked(page: &str) -> Asked {
    let options = between(page, "data-options=\"", "\"");
    let options = options.replace("&#34;", "\"").replace("&quot;", "\"");
    let sealed = between(page, "name=\"passkey_state\" value=\"", "\"").to_owned();
    Asked { options, sealed }
}

async fn asked_at(desk: &mut Desk, path: &str, caller: Option<&Caller>) -> Asked {
    asked(&text(desk.get(path, caller).await).await)
}

async fn add(desk: &mut Desk, caller: &Caller, name: &str, device: &mut Device) -> (u16, String) {
    let asked = asked_at(desk, "/account", Some(caller)).await;
    let made = device.create(&asked.options);
    send(desk, caller, (name, PASSWORD), (&asked.sealed, &made)).await
}

async fn send(
    desk: &mut Desk,
    caller: &Caller,
    (name, password): (&str, &str),
    (sealed, made): (&str, &str),
) -> (u16, String) {
    let fields = [
        ("form_token", caller.form_token.as_str()),
        ("name", name),
        ("password", password),
        ("passkey_state", sealed),
        ("passkey", made),
    ];
    let response = desk.post_form("/account/passkeys", Some(caller), &fields).await;
    (response.status().as_u16(), text(response).await)
}

/// Signs in; returns the code of the answer and the cookie.
async fn sign_in(desk: &mut Desk, typed: (&str, &str), answer: (&str, &str)) -> (u16, String) {
    let fields = [
        ("name", typed.0),
        ("password", typed.1),
        ("code", ""),
        ("passkey_state", answer.0),
        ("passkey", answer.1),
    ];
    let response = desk.post_form("/sign-in", None, &fields).await;
    let cookie = response.headers().get(header::SET_COOKIE).and_then(|it| it.to_str().ok());
    let cookie = cookie.and_then(|it| it.split(';').next()).unwrap_or_default().to_owned();
    (response.status().as_u16(), cookie)
}

async fn sign_in_with(desk: &mut Desk, typed: (&str, &str), device: &mut Device) -> (u16, String) {
    let asked = asked_at(desk, "/sign-in", None).await;
    let signed = device.get(&asked.options);
    sign_in(desk, typed, (&asked.sealed, &signed)).await
}

async fn with_passkey() -> (Desk, Caller, Device) {
    let mut desk = Desk::open().await;
    let caller = desk.somebody("jdoe", &[Role::Officer], "us-xx/one").await;
    let mut device = Device::new("phone");
    assert_eq!(add(&mut desk, &caller, "work phone", &mut device).await.0, 303);
    (desk, caller, device)
}

#[tokio::test]
async fn a_passkey_signs_in_alone_and_in_the_place_of_the_code() {
    let (mut desk, caller, mut device) = with_passkey().await;
    let page = text(desk.get("/account", Some(&caller)).await).await;
    assert!(page.contains("work phone") && page.contains("not yet"), "{page}");
    let (code, cookie) = sign_in_with(&mut desk, ("", ""), &mut device).await;
    assert_eq!(code, 303);
    let signed_in = Caller { cookie, form_token: String::new() };
    let own = json(desk.get("/api/v1/account", Some(&signed_in)).await).await;
    assert_eq!((&own["name"], &own["roles"][0]), (&"jdoe".into(), &"officer".into()));
    let (code, _) = sign_in_with(&mut desk, ("jdoe", PASSWORD), &mut device).await;
    assert_eq!(code, 303);
    let (code, _) = sign_in_with(&mut desk, ("jdoe", "a wrong password"), &mut device).await;
    assert_eq!(code, 422);
    desk.somebody("other", &[], "").await;
    let (code, _) = sign_in_with(&mut desk, ("other", PASSWORD), &mut device).await;
    assert_eq!(code, 422, "it is the passkey of somebody else");
}

#[tokio::test]
async fn a_challenge_is_answered_once() {
    let (mut desk, _, mut device) = with_passkey().await;
    let asked = asked_at(&mut desk, "/sign-in", None).await;
    let signed = device.get(&asked.options);
    assert_eq!(sign_in(&mut desk, ("", ""), (&asked.sealed, &signed)).await.0, 303);
    assert_eq!(sign_in(&mut desk, ("", ""), (&asked.sealed, &signed)).await.0, 422);
    // A device that does not count could answer the same challenge again.
    device.count = 40;
    let again = device.get(&asked.options);
    assert_eq!(sign_in(&mut desk, ("", ""), (&asked.sealed, &again)).await.0, 422);
}

#[tokio::test]
async fn a_challenge_of_another_page_or_service_is_refused() {
    let (mut desk, caller, mut device) = with_passkey().await;
    let one = asked_at(&mut desk, "/sign-in", None).await;
    let two = asked_at(&mut desk, "/sign-in", None).await;
    let signed = device.get(&one.options);
    assert_eq!(sign_in(&mut desk, ("", ""), (&two.sealed, &signed)).await.0, 422);
    let made_up = "A".repeat(one.sealed.len());
    assert_eq!(sign_in(&mut desk, ("", ""), (&made_up, &signed)).await.0, 422);
    let account = asked_at(&mut desk, "/account", Some(&caller)).await;
    assert_eq!(sign_in(&mut desk, ("", ""), (&account.sealed, &signed)).await.0, 422);
    let other = desk.somebody("other", &[], "").await;
    let made = Device::new("tablet").create(&account.options);
    let answer = (account.sealed.as_str(), made.as_str());
    let (code, page) = send(&mut desk, &other, ("x", PASSWORD), answer).await;
    assert!(code == 422 && page.contains("none of this service"), "{page}");
}

#[tokio::test]
async fn another_origin_or_an_unverified_user_is_refused() {
    let (mut desk, caller, mut device) = with_passkey().await;
    device.origin = "https://localhost.example".to_owned();
    assert_eq!(sign_in_with(&mut desk, ("", ""), &mut device).await.0, 422);
    device.origin = "http://localhost:8080".to_owned();
    device.verifies = false;
    assert_eq!(sign_in_with(&mut desk, ("", ""), &mut device).await.0, 422);
    device.verifies = true;
    assert_eq!(sign_in_with(&mut desk, ("", ""), &mut device).await.0, 303);

    let mut second = Device::new("tablet");
    second.verifies = false;
    assert_eq!(add(&mut desk, &caller, "tablet", &mut second).await.0, 422);
    second.verifies = true;
    second.origin = "https://evil.example".to_owned();
    assert_eq!(add(&mut desk, &caller, "tablet", &mut second).await.0, 422);
}

#[tokio::test]
async fn a_copy_whose_count_stays_behind_is_refused() {
    let (mut desk, _, mut device) = with_passkey().await;
    device.count = 10;
    assert_eq!(sign_in_with(&mut desk, ("", ""), &mut device).await.0, 303);
    device.count = 5;
    assert_eq!(sign_in_with(&mut desk, ("", ""), &mut device).await.0, 422);
    device.count = 20;
    assert_eq!(sign_in_with(&mut desk, ("", ""), &mut device).await.0, 303);
}

#[tokio::test]
async fn adding_one_needs_the_password_and_removing_it_ends_it() {
    let (mut desk, caller, mut device) = with_passkey().await;
    desk.wait(1);
    let mut second = Device::new("tablet");
    let asked = asked_at(&mut desk, "/account", Some(&caller)).await;
    let made = second.create(&asked.options);
    let answer = (asked.sealed.as_str(), made.as_str());
    let (code, page) = send(&mut desk, &caller, ("tablet", "a wrong password"), answer).await;
    assert!(code == 422 && page.contains("The password is wrong"), "{page}");
    assert_eq!(send(&mut desk, &caller, (" ", PASSWORD), answer).await.0, 422, "it has a name");
    assert_eq!(send(&mut desk, &caller, ("tablet", PASSWORD), answer).await.0, 303);
    let (code, page) = send(&mut desk, &caller, ("again", PASSWORD), answer).await;
    assert!(code == 422 && page.contains("known already"), "{page}");

    let page = text(desk.get("/account", Some(&caller)).await).await;
    let id = between(&page, "name=\"id\" value=\"", "\"").to_owned();
    let other = desk.somebody("other", &[], "").await;
    let fields = [("form_token", other.form_token.as_str()), ("id", &id)];
    let remove = "/account/passkeys/remove";
    assert_eq!(desk.post_form(remove, Some(&other), &fields).await.status(), 404);
    let fields = [("form_token", caller.form_token.as_str()), ("id", &id)];
    assert_eq!(desk.post_form(remove, Some(&caller), &fields).await.status(), 303);
    assert_eq!(sign_in_with(&mut desk, ("", ""), &mut device).await.0, 422);
    assert_eq!(sign_in_with(&mut desk, ("", ""), &mut second).await.0, 303);
}

#[tokio::test]
async fn a_lock_ends_passkeys_and_a_reset_takes_them_away() {
    let (mut desk, _, mut device) = with_passkey().await;
    desk.accounts.lock("jdoe", "test").await.expect("locked");
    assert_eq!(sign_in_with(&mut desk, ("", ""), &mut device).await.0, 422);
    desk.accounts.release("jdoe", "test").await.expect("released");
    assert_eq!(sign_in_with(&mut desk, ("", ""), &mut device).await.0, 303);
    let link = desk.accounts.reset("jdoe", "test").await.expect("a link");
    desk.enrol(&link, "jdoe").await;
    assert_eq!(sign_in_with(&mut desk, ("", ""), &mut device).await.0, 422);
}

#[tokio::test]
async fn refused_passkeys_lock_nobody_out_but_passwords_beside_them_count() {
    let (mut desk, _, mut device) = with_passkey().await;
    device.verifies = false;
    for _ in 0..8 {
        assert_eq!(sign_in_with(&mut desk, ("", ""), &mut device).await.0, 422);
    }
    device.verifies = true;
    assert_eq!(sign_in_with(&mut desk, ("", ""), &mut device).await.0, 303);
    for _ in 0..5 {
        sign_in_with(&mut desk, ("jdoe", "a wrong password"), &mut device).await;
    }
    assert_eq!(sign_in_with(&mut desk, ("", ""), &mut device).await.0, 422, "it is locked");
}
