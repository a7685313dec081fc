//! What records officers and auditors do over HTTP.

use std::time::Duration;

use axum::http::header;
use brightline_ledger::{LedgerHome, ProofFile, TileFiles, read_verifier};
use brightline_server::Role;
use serde_json::{Value, json};

use crate::desk::{Caller, Desk};
use crate::json as body_of;

const AGENCY: &str = "us-ny-nyc/doc";

async fn received(desk: &mut Desk, officer: &Caller) -> String {
    let case = json!({
        "asked": {"jurisdiction": "us-ny-nyc", "agency": "doc", "on": "2025-01-20",
                  "papers": ["I-247A", "I-200"],
                  "acts": ["hold_past_release", "notify_release"]},
        "subject": {"name": "Canary Longfeather"},
        "channel": "form",
    });
    let made = desk.post("/api/v1/cases", officer, &case.to_string()).await;
    made.headers()[header::LOCATION].to_str().expect("text").to_owned()
}

/// Changes a case as it stands now.
async fn change(desk: &mut Desk, caller: &Caller, (path, verb): (&str, &str), body: &Value) -> u16 {
    let read = desk.get(path, Some(caller)).await;
    let tag = read.headers()[header::ETAG].to_str().expect("text").to_owned();
    let path = format!("{path}/{verb}");
    desk.post_seen(&path, caller, &tag, &body.to_string()).await.status().as_u16()
}

#[tokio::test]
async fn a_case_that_is_held_is_not_sealed_and_a_sealed_one_is_gone() {
    let mut desk = Desk::open().await;
    let officer = desk.somebody("officer", &[Role::Officer], AGENCY).await;
    let keeper = desk.somebody("keeper", &[Role::RecordsOfficer], AGENCY).await;
    let path = received(&mut desk, &officer).await;
    let matter = json!({"matter": "25-cv-1"});
    assert_eq!(change(&mut desk, &keeper, (&path, "holds"), &matter).await, 200);
    let order = json!({"order": "an order of the court"});
    assert_eq!(change(&mut desk, &keeper, (&path, "seal"), &order).await, 409);
    assert_eq!(change(&mut desk, &keeper, (&path, "lift-hold"), &matter).await, 200);
    assert_eq!(change(&mut desk, &officer, (&path, "seal"), &order).await, 403);
    assert_eq!(change(&mut desk, &keeper, (&path, "seal"), &json!({"order": ""})).await, 422);
    assert_eq!(change(&mut desk, &keeper, (&path, "seal"), &order).await, 204);
    assert_eq!(desk.get(&path, Some(&officer)).await.status(), 404);
    let proofs = desk.get(&format!("{path}/proofs"), Some(&keeper)).await;
    assert_eq!(proofs.status(), 200, "what proves that it was recorded stays");
}

#[tokio::test]
async fn each_entry_of_a_case_has_a_proof_that_others_can_check() {
    let mut desk = Desk::open().await;
    let officer = desk.somebody("officer", &[Role::Officer], AGENCY).await;
    let stranger = desk.somebody("stranger", &[Role::Auditor], "us-ny-nyc/nypd").await;
    let path = received(&mut desk, &officer).await + "/proofs";
    assert_eq!(desk.get(&path, Some(&stranger)).await.status(), 404);
    let early = body_of(desk.get(&path, Some(&officer)).await).await;
    assert!(early["items"][0].get("proof").is_none(), "no checkpoint counts it yet");
    let _keeper = desk.keep_log();
    let mut items = Vec::new();
    for _ in 0..100 {
        let page = body_of(desk.get(&path, Some(&officer)).await).await;
        items = page["items"].as_array().expect("a list").clone();
        if items.iter().all(|item| item["proof"].is_string()) {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    assert!(items.len() >= 2, "received and determined");
    let home = LedgerHome::new(desk.data_folder());
    let key = read_verifier(&home.public_key_path()).expect("the key of the log");
    let files = TileFiles::new(home.folder());
    for item in items {
        let text = item["proof"].as_str().expect("a proof");
        let proof: ProofFile = text.parse().expect("a proof that can be read");
        assert_eq!(item["position"], proof.index);
        let size =
            proof.checkpoint.text().lines().nth(1).expect("a size").parse().expect("a number");
        let leaf = files.tree(size).leaf(proof.index).expect("the leaf");
        assert!(proof.verify(&leaf, &key).is_ok());
    }
}

#[tokio::test]
async fn a_finding_is_made_by_whoever_holds_the_role_of_the_vocabulary() {
    let mut desk = Desk::open().await;
    let admin = desk.somebody("admin", &[Role::Administrator], "").await;
    let form = |role: &str| {
        let name = role.replace('_', "-");
        json!({"name": name, "person": "Some One", "roles": ["officer", role],
               "agencies": [AGENCY]})
    };
    let made = desk.post("/api/v1/accounts", &admin, &form("privacy_officer").to_string()).await;
    assert_eq!(made.status(), 201);
    let path = body_of(made).await["path"].as_str().expect("a link").to_owned();
    let link = path.rsplit('/').next().expect("its end").to_owned();
    let person = desk.enrol(&link, "privacy-officer").await;
    let finder = desk.sign_in(&person).await;
    let own = body_of(desk.get("/api/v1/account", Some(&finder)).await).await;
    assert_eq!(own["roles"], json!(["officer", "privacy_officer"]));

    let path = received(&mut desk, &finder).await;
    let value =
        json!({"value": true, "by": "privacy_officer", "reason": "for a crime in progress"});
    let found = json!({"facts": [{"fact": "furthers_agency_purpose", "value": value,
                                  "evidence": {"system": "files"}}]});
    let officer = desk.somebody("officer", &[Role::Officer], AGENCY).await;
    assert_eq!(change(&mut desk, &officer, (&path, "facts"), &found).await, 403);
    assert_eq!(change(&mut desk, &finder, (&path, "facts"), &found).await, 200);

    let odd = desk.post("/api/v1/accounts", &admin, &form("privacy_oficer").to_string()).await;
    assert_eq!(odd.status(), 422);
    let problem = body_of(odd).await;
    assert_eq!(problem["errors"][0]["help"], "did you mean `privacy_officer`?");
}
