//! The pages: what a person meets at the first run.

use axum::http::header;

use crate::desk::{Desk, between};
use crate::text;

#[tokio::test]
async fn a_mistake_keeps_what_was_typed_and_says_what_to_do() {
    let mut desk = Desk::open().await;
    let link = desk.accounts.invite_first().await.expect("a link");
    let path = format!("/set-up/{link}");
    let page = text(desk.get(&path, None).await).await;
    let sealed = between(&page, "name=\"seed\" value=\"", "\"").to_owned();
    let fields = [
        ("name", "first"),
        ("person", "Ada <b>Person</b>"),
        ("password", "short"),
        ("again", "short"),
        ("seed", &sealed),
        ("code", "123456"),
    ];
    let response = desk.post_form(&path, None, &fields).await;
    assert_eq!(response.status(), 422);
    let page = text(response).await;
    assert!(page.contains("<title>Error: Open your account - Brightline</title>"), "{page}");
    assert!(page.contains("The password is shorter than 12 characters."));
    assert!(page.contains("value=\"first\""));
    assert!(!page.contains("<b>Person"), "what was typed is escaped");
    assert!(!page.contains("value=\"short\""), "a password is never sent back");
}

#[tokio::test]
async fn every_page_is_whole_html_with_one_heading_and_labeled_fields() {
    let mut desk = Desk::open().await;
    let link = desk.accounts.invite_first().await.expect("a link");
    let first = desk.enrol(&link, "first").await;
    let caller = desk.sign_in(&first).await;
    let new = desk.accounts.reset("first", "test").await.expect("a link");
    for (path, status) in
        [("/sign-in".to_owned(), 200), (format!("/set-up/{new}"), 200), ("/set-up/x".into(), 404)]
    {
        let response = desk.get(&path, Some(&caller)).await;
        assert_eq!(response.status(), status, "{path}");
        assert_eq!(response.headers()[header::CONTENT_TYPE], "text/html; charset=utf-8");
        let page = text(response).await;
        assert!(page.starts_with("<!doctype html>\n<html lang=\"en\">"));
        assert_eq!(page.matches("<h1>").count(), 1, "{path}");
        let fields = page.matches("<input ").count() - page.matches("type=\"hidden\"").count();
        assert_eq!(page.matches("<label for=").count(), fields, "{path}");
        let (scripts, own) = (page.matches("<script"), page.matches("<script src=\"/"));
        assert_eq!(scripts.count(), own.count(), "{path}: scripts are files of the service");
        assert!(!page.contains("style=\""), "{path}");
    }
}

#[tokio::test]
async fn who_is_not_signed_in_is_sent_to_sign_in() {
    let mut desk = Desk::open().await;
    let response = desk.get("/", None).await;
    assert_eq!(response.status(), 303);
    assert_eq!(response.headers()[header::LOCATION], "/sign-in");
}
