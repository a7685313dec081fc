//! What happens to accounts is in the log, in the transaction that makes it happen.

use brightline_docket::{
    AccountEvent, Actor, Audit, Audited, Event, House, Inspected, Keys, OfficeRules, Readable,
};
use brightline_server::{NewAccount, Role};
use serde_json::Value;

use crate::desk::{Desk, PASSWORD};
use crate::json;

fn auditor() -> Actor {
    Actor {
        account: "auditor".to_owned(),
        person: String::new(),
        name: String::new(),
        roles: std::iter::once("auditor".to_owned()).collect(),
        agencies: std::iter::once("*".to_owned()).collect(),
    }
}

async fn entries(desk: &Desk) -> Vec<Inspected> {
    desk.office().inspect(&auditor(), 0, 1000).await.expect("the entries")
}

/// Returns by whom, to whom and what, in the order of the log.
async fn told(desk: &Desk) -> Vec<(String, String, AccountEvent)> {
    let mut told = Vec::new();
    for found in entries(desk).await {
        assert!(matches!(found.body, Readable::Whole(_)), "{found:?}");
        if let Readable::Whole(entry) = found.body
            && let Event::House(House::Account { account, what }) = entry.event
        {
            told.push((entry.by.account, account, what));
        }
    }
    told
}

fn set(words: &[&str]) -> std::collections::BTreeSet<String> {
    words.iter().map(|it| (*it).to_owned()).collect()
}

#[tokio::test]
async fn each_event_of_an_account_is_an_entry_of_the_log() {
    let mut desk = Desk::open().await;
    let admin = desk.somebody("admin", &[Role::Administrator], "").await;
    let before = told(&desk).await.len();
    let person = desk.person("jdoe", &[Role::Officer], "us-ny-nyc/doc").await;
    let fields = [("name", "jdoe"), ("password", "a wrong password"), ("code", "000000")];
    desk.post_form("/sign-in", None, &fields).await;
    let fields = [("name", "secret typed too early"), ("password", PASSWORD), ("code", "000000")];
    desk.post_form("/sign-in", None, &fields).await;
    let caller = desk.sign_in(&person).await;
    let fields = [("form_token", caller.form_token.as_str())];
    desk.post_form("/sign-out", Some(&caller), &fields).await;
    let roles = r#"{"roles": ["supervisor"], "agencies": ["us-ny-nyc/nypd"]}"#;
    assert_eq!(desk.post("/api/v1/accounts/jdoe/roles", &admin, roles).await.status(), 204);
    desk.post("/api/v1/accounts/jdoe/lock", &admin, "").await;
    desk.post("/api/v1/accounts/jdoe/release", &admin, "").await;
    desk.post("/api/v1/accounts/jdoe/reset", &admin, "").await;
    let token =
        r#"{"name": "jail", "scopes": ["receive"], "agencies": ["us-ny-nyc/doc"], "days": 3}"#;
    desk.post("/api/v1/tokens", &admin, token).await;
    desk.delete("/api/v1/tokens/jail", &admin).await;

    let told: Vec<_> = told(&desk).await.split_off(before);
    let refused = |why: &str| AccountEvent::SignInRefused { why: why.to_owned() };
    let one = set(&["us-ny-nyc/doc"]);
    let (roles, agencies) = (set(&["supervisor"]), set(&["us-ny-nyc/nypd"]));
    let wanted = [
        ("test", "jdoe", AccountEvent::Invited { roles: set(&["officer"]), agencies: one.clone() }),
        ("jdoe", "jdoe", AccountEvent::Opened),
        ("failed tries", "jdoe", refused("password")),
        ("failed tries", "", refused("unknown")),
        ("jdoe", "jdoe", AccountEvent::SignedIn { by: "password".to_owned() }),
        ("jdoe", "jdoe", AccountEvent::SignedOut),
        ("admin", "jdoe", AccountEvent::RolesChanged { roles, agencies }),
        ("admin", "jdoe", AccountEvent::Locked),
        ("admin", "jdoe", AccountEvent::Released),
        ("admin", "jdoe", AccountEvent::Reset),
        ("admin", "jail", AccountEvent::TokenIssued { scopes: set(&["receive"]), agencies: one }),
        ("admin", "jail", AccountEvent::TokenRevoked),
    ];
    let wanted = wanted.map(|(by, account, what)| (by.to_owned(), account.to_owned(), what));
    assert_eq!(told, wanted);
    let kept = "SELECT COUNT(*) FROM entries WHERE kind = 'account'";
    assert_eq!(desk.count(kept).await, i64::try_from(before + told.len()).expect("few"));
}

#[tokio::test]
async fn an_event_that_cannot_be_recorded_does_not_happen() {
    let mut desk = Desk::open().await;
    let admin = desk.somebody("admin", &[Role::Administrator], "").await;
    let person = desk.person("jdoe", &[Role::Officer], "us-xx/one").await;
    desk.run_sql("UPDATE head SET frontier = commitment FROM entries WHERE position = 0").await;
    let response = desk.post("/api/v1/accounts/jdoe/lock", &admin, "").await;
    assert!(response.status().is_server_error(), "{}", response.status());
    let found = desk.accounts.list().await.expect("accounts");
    assert!(found.iter().all(|it| !it.is_locked), "nothing was locked");
    desk.wait(60);
    let code = desk.code(&person.seed);
    let fields = [("name", "jdoe"), ("password", PASSWORD), ("code", &code)];
    let response = desk.post_form("/sign-in", None, &fields).await;
    assert!(response.status().is_server_error(), "nobody signs in unrecorded");
}

async fn audit(desk: &Desk) -> Audited {
    let keys = Keys::open(&desk.data_folder().join("keys/master.keys"), None).expect("the keys");
    let rules = OfficeRules::standard().expect("rules");
    let store = desk.office().store().clone();
    Audit { store, keys, rules, log: None }.run().await.expect("audited")
}

#[tokio::test]
async fn the_audit_covers_them_and_finds_one_that_was_changed() {
    let mut desk = Desk::open().await;
    desk.somebody("admin", &[Role::Administrator], "").await;
    let audited = audit(&desk).await;
    assert!(audited.holds(), "{:?}", audited.faults);
    assert_eq!(audited.entries, 3, "invited, opened, signed in");
    desk.run_sql("UPDATE entries SET kind = 'noted' WHERE position = 1").await;
    assert!(!audit(&desk).await.holds());
}

#[tokio::test]
async fn they_are_read_by_auditors_with_the_newest_first() {
    let mut desk = Desk::open().await;
    let auditor = desk.somebody("auditor", &[Role::Auditor], "us-xx/one").await;
    let page = json(desk.get("/api/v1/account-events", Some(&auditor)).await).await;
    let items = page["items"].as_array().expect("items");
    assert_eq!(items[0]["what"], serde_json::json!({"signed_in": {"by": "password"}}));
    assert_eq!(items.last().expect("one")["what"]["invited"]["roles"][0], "auditor");
    let first = items[0]["position"].as_u64().expect("a place");
    let path = format!("/api/v1/account-events?before={first}");
    let rest = json(desk.get(&path, Some(&auditor)).await).await;
    assert_eq!(rest["items"].as_array().map(Vec::len), Some(items.len() - 1));
    assert!(items.iter().all(|it| it["at"].is_i64() && it["person"] == Value::Null));
}

#[tokio::test]
async fn a_session_that_is_over_ends_in_the_log_once() {
    let mut desk = Desk::open().await;
    desk.somebody("admin", &[Role::Administrator], "").await;
    let before = told(&desk).await.len();
    desk.wait(30 * 60 + 1);
    desk.accounts.end_idle_sessions().await.expect("ended");
    desk.accounts.end_idle_sessions().await.expect("nothing more to end");
    let ended = told(&desk).await.split_off(before);
    let wanted = ("brightline".to_owned(), "admin".to_owned(), AccountEvent::SignedOut);
    assert_eq!(ended, [wanted]);
}

#[tokio::test]
async fn what_an_earlier_version_kept_beside_the_log_moves_into_it_once() {
    let desk = Desk::open().await;
    desk.run_sql(
        "INSERT INTO account_events (at, name, event, by_account) \
         VALUES (1600000001, 'jdoe', 'signed in', 'jdoe'), (1600000000, 'jdoe', 'invited', 'x')",
    )
    .await;
    for _ in 0..2 {
        desk.open_accounts_again().await;
        let noted: Vec<_> = entries(&desk).await.into_iter().map(|it| it.body).collect();
        let noted = noted.iter().filter_map(|body| match body {
            Readable::Whole(entry) => match &entry.event {
                Event::House(House::Noted { detail, .. }) => Some(detail["event"].clone()),
                _ => None,
            },
            _ => None,
        });
        assert_eq!(noted.collect::<Vec<_>>(), ["invited", "signed in"]);
    }
}

#[tokio::test]
async fn a_link_and_its_entry_are_made_together_or_not_at_all() {
    let desk = Desk::open().await;
    // Each for somebody else: of two links for one name only the later is kept.
    let new = |number: u32| NewAccount {
        name: format!("jdoe{number}"),
        person: "Jane Doe".to_owned(),
        roles: vec![Role::Officer],
        finders: vec![],
        agencies: vec!["us-xx/one".to_owned()],
    };
    let before = told(&desk).await.len();
    let tries = (0..8).map(|number| {
        let (accounts, new) = (desk.accounts.clone(), new(number));
        // A caller that goes away in the middle leaves both or neither.
        tokio::spawn(async move {
            let wait = std::time::Duration::from_millis(3);
            let _ = tokio::time::timeout(wait, accounts.invite(&new, "test")).await;
        })
    });
    for each in tries.collect::<Vec<_>>() {
        each.await.expect("it ends");
    }
    // What a caller left behind may still be on its way to the disk, between the two looks.
    let mut seen = (0, 1);
    for _ in 0..100 {
        let links = desk.count("SELECT COUNT(*) FROM invitations").await;
        seen = (links, i64::try_from(told(&desk).await.len() - before).expect("few"));
        if seen.0 == seen.1 {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    assert_eq!(seen.0, seen.1);
    assert!(!entries(&desk).await.iter().any(|it| matches!(it.body, Readable::Damaged(_))));
}
