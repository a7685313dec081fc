//! Requests taken in on a small pack: places, messages, what is settled by papers and policy.

#![allow(missing_docs, clippy::unwrap_used)]

use std::path::Path;

use brightline_desk::{Library, Packs, RefusalKind, Request, Response};

fn library() -> Library {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/cli/packs");
    Library::open(Packs::from_directory(&folder).unwrap())
}

fn request(more: &str) -> String {
    let head = r#""jurisdiction": "zz-library", "agency": "library", "on": "2024-03-01""#;
    format!("{{{head}, {more}}}")
}

fn answer(more: &str) -> Response {
    library().answer(&Request::read(&request(more)).unwrap()).unwrap()
}

/// The places of all faults.
fn places(more: &str) -> Vec<String> {
    let text = request(more);
    let refusal = library().answer(&Request::read(&text).unwrap()).unwrap_err();
    assert_eq!(refusal.kind, RefusalKind::Request);
    refusal.faults.into_iter().map(|fault| fault.place).collect()
}

#[test]
fn an_act_that_includes_others_is_answered_act_by_act() {
    let response = answer(r#""acts": ["lend", "lend_book"], "facts": {}"#);
    let acts: Vec<&str> = response.determinations.iter().map(|it| it.act.as_str()).collect();
    assert_eq!(acts, ["lend_book", "lend_map"]);
}

#[test]
fn acts_left_out_are_those_that_the_papers_ask_for() {
    let response = answer(r#""papers": ["slip"]"#);
    let acts: Vec<&str> = response.determinations.iter().map(|it| it.act.as_str()).collect();
    assert_eq!(acts, ["lend_book", "lend_map"]);
}

#[test]
fn acts_left_out_without_papers_are_all_that_the_law_rules_on() {
    let response = answer(r#""facts": {}"#);
    assert_eq!(response.determinations.len(), 4);
}

#[test]
fn papers_settle_facts_and_may_leave_them_open() {
    let facts = r#""acts": ["lend_book"], "facts": {"member": true, "fines": []}"#;
    let outcome =
        |papers: &str| answer(&format!("{papers} {facts}")).determinations.remove(0).outcome;
    assert_eq!(outcome(r#""papers": ["slip"],"#), "permitted");
    assert_eq!(outcome(r#""papers": ["slip", "letter"],"#), "permitted");
    assert_eq!(outcome(r#""papers": ["letter"],"#), "open");
    assert_eq!(outcome(r#""papers": [],"#), "prohibited");
    assert_eq!(outcome(""), "open");
}

#[test]
fn the_agencys_own_policy_settles_what_it_prohibits() {
    let outcome = |policy: &str, on: &str| {
        let text = format!(
            r#"{{"jurisdiction": "zz-library", "agency": "library", "on": "{on}", {policy}
                "acts": ["appoint_map_keeper"]}}"#
        );
        let response = library().answer(&Request::read(&text).unwrap()).unwrap();
        response.determinations[0].outcome.clone()
    };
    assert_eq!(outcome("", "2024-03-01"), "open");
    assert_eq!(outcome(r#""policy": "zz-library-policy","#, "2024-03-01"), "required");
    assert_eq!(outcome(r#""policy": "zz-library-policy","#, "2022-03-01"), "silent");
    let more = r#""policy": "zz-library-policy", "acts": ["lend"],
        "facts": {"policy_prohibits_lend_map": false}"#;
    assert_eq!(places(more), ["facts.policy_prohibits_lend_map"]);
    assert_eq!(places(r#""policy": "zz-library", "acts": ["lend"]"#), ["policy"]);
}

#[test]
fn all_faults_come_at_once_in_the_order_of_the_request() {
    let found = places(
        r#""papers": ["slop"], "acts": ["lend_bok"], "facts": {"membr": 1, "kind": "x",
           "fines": [{"offense": 3}, {"fined_on": "2024-03-02"}, 5]}"#,
    );
    let expected = [
        "papers[0]",
        "facts.membr",
        "facts.kind",
        "facts.fines[0].offense",
        "facts.fines[1].fined_on",
        "facts.fines[2]",
        "acts[0]",
    ];
    assert_eq!(found, expected);
}

#[test]
fn an_answer_that_is_not_known_has_one_of_six_reasons() {
    for reason in brightline_desk::UNKNOWN_REASONS {
        let more = format!(r#""acts": ["lend"], "facts": {{"member": {{"unknown": "{reason}"}}}}"#);
        assert_eq!(answer(&more).determinations.len(), 2);
    }
    let more = r#""acts": ["lend"], "facts": {"member": {"unknown": "lost", "value": true}}"#;
    assert_eq!(places(more), ["facts.member"]);
}

#[test]
fn the_response_reads_back_as_it_was_written() {
    let response = answer(r#""acts": ["lend", "open_reading_room"], "facts": {"member": true}"#);
    let text = serde_json::to_string(&response).unwrap();
    assert_eq!(serde_json::from_str::<Response>(&text).unwrap(), response);
}

#[test]
fn a_request_reads_back_as_it_was_written() {
    let text = request(r#""papers":["slip"],"facts":{"member":true,"fines":{"known":[{}]}}"#);
    let read = Request::read(&text).unwrap();
    let written = serde_json::to_string(&read).unwrap();
    assert_eq!(Request::read(&written).unwrap(), read);
}

#[test]
fn the_digest_is_the_same_from_the_folder_and_from_the_binary() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packs");
    let (read, embedded) = (Packs::from_directory(&folder).unwrap(), Packs::embedded().unwrap());
    let ids: Vec<&str> = read.ids().collect();
    assert_eq!(ids, embedded.ids().collect::<Vec<_>>());
    for id in ids {
        assert_eq!(read.digest(id), embedded.digest(id));
    }
}

#[test]
fn a_digest_covers_the_packs_above() {
    let packs = Packs::embedded().unwrap();
    let mut ids: Vec<&str> = packs.ids().collect();
    ids.retain(|id| packs.pack(id).is_some_and(|pack| !pack.parents.is_empty()));
    let mut digests: Vec<String> = ids.iter().filter_map(|id| packs.digest(id)).collect();
    digests.sort();
    digests.dedup();
    assert_eq!(digests.len(), ids.len());
    assert!(digests.iter().all(|digest| digest.starts_with("sha256:") && digest.len() == 71));
}
