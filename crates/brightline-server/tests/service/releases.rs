//! The law is amended over HTTP: two people, one digest, and no request lost meanwhile.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use axum::body::Body;
use axum::http::{Request, header};
use brightline_desk::Packs;
use brightline_docket::release_digest;
use brightline_ledger::{Note, read_verifier};
use brightline_server::{DataFolder, Role};
use serde_json::{Value, json};

use crate::desk::{Caller, Desk};
use crate::{call, json as body_of};

const PAGE: &str = "zz-office/office.law.md";

/// Returns a small law, as its author has it in a folder.
fn files() -> BTreeMap<String, String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../brightline-docket/tests/packs");
    let files = Packs::files_of_directory(&folder).expect("the packs of the tests");
    files.into_iter().map(|(path, it)| (path, String::from_utf8(it).expect("text"))).collect()
}

fn changed(from: &str, to: &str) -> BTreeMap<String, String> {
    let mut files = files();
    let page = files.get_mut(PAGE).expect("the page");
    assert!(page.contains(from));
    *page = page.replace(from, to);
    files
}

fn digest_of(files: &BTreeMap<String, String>) -> String {
    let bytes = files.iter().map(|(path, it)| (path.clone(), it.clone().into_bytes()));
    release_digest(&bytes.collect())
}

async fn propose(desk: &mut Desk, who: &Caller, files: &BTreeMap<String, String>) -> (u16, Value) {
    let sent = json!({"note": "section 1", "files": files}).to_string();
    let answer = desk.post("/api/v1/releases", who, &sent).await;
    (answer.status().as_u16(), body_of(answer).await)
}

async fn publish(desk: &mut Desk, who: &Caller, digest: &str) -> (u16, Value) {
    let path = format!("/api/v1/releases/{digest}/publish");
    let answer = desk.post(&path, who, "{}").await;
    (answer.status().as_u16(), body_of(answer).await)
}

fn kept() -> Request<Body> {
    let request = json!({"jurisdiction": "zz-office", "agency": "jail", "on": "2025-03-04",
                         "papers": ["request", "warrant"], "acts": ["keep"]});
    Request::post("/api/v1/decide")
        .header(header::CONTENT_TYPE, "application/json")
        .body(Body::from(request.to_string()))
        .expect("a request")
}

#[tokio::test]
async fn two_people_publish_exactly_what_was_proposed() {
    let mut desk = Desk::open().await;
    let both = desk.somebody("both", &[Role::Author, Role::Publisher], "").await;
    let publisher = desk.somebody("publisher", &[Role::Publisher], "").await;
    let officer = desk.somebody("officer", &[Role::Officer], "us-ny-nyc/doc").await;
    assert_eq!(propose(&mut desk, &publisher, &files()).await.0, 403);
    let (code, release) = propose(&mut desk, &both, &files()).await;
    assert_eq!((code, release["number"].as_u64()), (201, Some(0)), "{release}");
    let digest = digest_of(&files());
    assert_eq!(release["digest"], json!(digest), "anybody can compute it");
    let path = format!("/api/v1/releases/{digest}");
    let shown = body_of(desk.get(&path, Some(&publisher)).await).await;
    assert_eq!((&shown["files"], &shown["author"]), (&json!(files()), &json!("both")));
    assert_eq!(desk.get(&path, Some(&officer)).await.status(), 403);
    let listed = body_of(desk.get("/api/v1/releases/proposed", Some(&publisher)).await).await;
    assert_eq!(listed[0]["digest"], json!(digest));

    let (code, problem) = publish(&mut desk, &both, &digest).await;
    assert_eq!(code, 403, "{problem}");
    assert_eq!(problem["errors"][0]["help"], "a second person has to look at it");
    let other = digest_of(&changed("not dangerous", "dangerous"));
    for nothing in [other.as_str(), "sha256:%00", "%C3%A9"] {
        assert_eq!(publish(&mut desk, &publisher, nothing).await.0, 404, "{nothing}");
        let path = format!("/api/v1/releases/{nothing}");
        assert_eq!(desk.get(&path, Some(&publisher)).await.status(), 404, "{nothing}");
    }
    let before = call(&mut desk.router, kept()).await;
    assert_eq!(before.status(), 422, "the law of before knows no such place");
    let (code, release) = publish(&mut desk, &publisher, &digest).await;
    assert_eq!((code, release["number"].as_u64()), (200, Some(1)), "{release}");
    let note: Note = release["signature"].as_str().expect("text").parse().expect("a note");
    let home = DataFolder::at(desk.data_folder()).ledger();
    let key = read_verifier(&home.public_key_path()).expect("the key of the log");
    assert!(note.signed_by(&key).is_ok() && note.text().contains(&digest));
    assert_eq!(publish(&mut desk, &publisher, &digest).await.0, 409);
    let public = body_of(desk.get("/api/v1/releases", None).await).await;
    assert_eq!(public[0]["digest"], json!(digest));
    let proposed = body_of(desk.get("/api/v1/releases/proposed", Some(&publisher)).await).await;
    assert_eq!(proposed, json!([]));
    let after = body_of(call(&mut desk.router, kept()).await).await;
    assert_eq!(after["determinations"][0]["outcome"], "permitted");
}

#[tokio::test]
async fn each_error_of_the_packs_is_told_by_its_line() {
    let mut desk = Desk::open().await;
    let author = desk.somebody("author", &[Role::Author], "").await;
    let slip = changed("only when warrant", "only when warant");
    let (code, problem) = propose(&mut desk, &author, &slip).await;
    assert_eq!(code, 422);
    let detail = problem["detail"].as_str().expect("text");
    assert!(detail.contains("zz-office/office.law.md, line 5"), "{problem}");
    assert!(problem["errors"][0]["help"].as_str().is_some_and(|it| it.contains("`warrant`")));
    let (code, problem) = propose(&mut desk, &author, &BTreeMap::new()).await;
    assert_eq!(code, 422, "{problem}");
    let odd = BTreeMap::from([("../../etc/passwd".to_owned(), String::new())]);
    assert_eq!(propose(&mut desk, &author, &odd).await.0, 422);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn while_the_law_is_swapped_every_request_is_answered() {
    let mut desk = Desk::open().await;
    let author = desk.somebody("author", &[Role::Author], "").await;
    let publisher = desk.somebody("publisher", &[Role::Publisher], "").await;
    let stricter = changed("jail may keep only when warrant", "jail must not keep");
    for law in [&files(), &stricter] {
        assert_eq!(propose(&mut desk, &author, law).await.0, 201);
    }
    assert_eq!(publish(&mut desk, &publisher, &digest_of(&files())).await.0, 200);
    let is_over = Arc::new(AtomicBool::new(false));
    let asking: Vec<_> = (0..2)
        .map(|_| {
            let (mut router, is_over) = (desk.router.clone(), Arc::clone(&is_over));
            tokio::spawn(async move {
                let mut outcomes = Vec::new();
                while !is_over.load(Ordering::Relaxed) {
                    let answer = call(&mut router, kept()).await;
                    assert_eq!(answer.status(), 200);
                    let answer = body_of(answer).await;
                    let outcome = answer["determinations"][0]["outcome"].as_str();
                    outcomes.push(outcome.expect("text").to_owned());
                    // A socket would let the others have their turn.
                    tokio::task::yield_now().await;
                }
                outcomes
            })
        })
        .collect();
    assert_eq!(publish(&mut desk, &publisher, &digest_of(&stricter)).await.0, 200);
    let after = body_of(call(&mut desk.router, kept()).await).await;
    assert_eq!(after["determinations"][0]["outcome"], "prohibited", "at once");
    is_over.store(true, Ordering::Relaxed);
    for task in asking {
        let outcomes = task.await.expect("nobody was refused");
        let swaps = outcomes.windows(2).filter(|pair| pair[0] != pair[1]).count();
        assert!(swaps <= 1 && outcomes.contains(&"permitted".to_owned()), "{outcomes:?}");
    }
}
