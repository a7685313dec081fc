//! A law is amended: two people publish it, requests go on, old determinations stay decidable.

use std::sync::Arc;

use brightline_desk::{PackFiles, Request};
use brightline_docket::{Haste, law_of};
use brightline_ledger::SignerKey;

use crate::desk::{Desk, new_case, officer, pack_files, person, told};
use crate::places::on_both;

pub fn amended() -> PackFiles {
    let mut files = pack_files();
    let page = files.get_mut("zz-office/office.law.md").unwrap();
    let text = String::from_utf8(page.clone()).unwrap();
    let changed = text.replace("jail may keep only when warrant", "jail must not keep");
    assert_ne!(text, changed);
    *page = changed.into_bytes();
    files
}

#[test]
fn a_law_is_amended_by_two_people_and_the_old_answers_can_be_given_again() {
    on_both(|place| async move {
        let Desk { office, .. } = Desk::open(&place).await;
        let signer = SignerKey::generate("office.example/law").unwrap();
        let before = office.receive(&officer(), new_case(&["request", "warrant"], vec![])).await;
        let before = before.unwrap();
        let outcome = |view: &brightline_docket::CaseView| view.acts()[0].outcome.clone();
        assert_eq!(outcome(&before), "permitted");

        let both = person("Eze", &["author", "publisher"]);
        let release = office.propose_release(&both, &amended(), "section 1 changed").await.unwrap();
        let publish = |who| {
            let (office, digest, signer) = (office.clone(), release.digest.clone(), &signer);
            async move { office.publish_release(&who, &digest, Haste::Ordinary, signer).await }
        };
        assert!(publish(both).await.unwrap_err().is_forbidden());
        let publisher = person("Hale", &["publisher"]);
        let published = publish(publisher.clone()).await.unwrap();
        assert_eq!(published.number, 1);
        assert!(published.signature.contains(&release.digest));
        assert!(publish(publisher).await.unwrap_err().is_conflict());

        let after = office.receive(&officer(), new_case(&["request", "warrant"], vec![])).await;
        let after = after.unwrap();
        assert_eq!(outcome(&after), "prohibited");
        let decided = before.decided.as_ref().unwrap();
        let law = law_of(office.store(), &decided.response.pack.digest).await.unwrap();
        assert_eq!(law.answer(&before.request()).unwrap(), *decided.response);
        let law =
            law_of(office.store(), &after.decided.unwrap().response.pack.digest).await.unwrap();
        assert_eq!(law.answer(&before.request()).unwrap().determinations[0].outcome, "prohibited");
    });
}

/// The height is no longer asked, and may not be kept.
fn without_height() -> PackFiles {
    let mut files = pack_files();
    let page = files.get_mut("zz-office/office.law.md").unwrap();
    let text = String::from_utf8(page.clone()).unwrap();
    let declared =
        "fact height is a number\n  ask \"How tall is the person, in inches?\"\n  cost 1\n";
    let rule = "rule (a) tall\n  jail must not measure when height at least 84\n";
    let forbidden =
        "never ask height by \"Rules of the office § 10\"\n  in force from 2020-01-01\n";
    assert!(text.contains(declared) && text.contains(rule));
    *page = text.replace(declared, forbidden).replace(rule, "").into_bytes();
    files
}

#[test]
fn a_fact_that_the_law_comes_to_forbid_is_no_longer_used_nor_shown() {
    on_both(|place| async move {
        let Desk { office, .. } = Desk::open(&place).await;
        let signer = SignerKey::generate("office.example/law").unwrap();
        let height = told("height", serde_json::json!(70));
        let mut case = new_case(&["request"], vec![height]);
        case.asked.acts = Some(vec!["keep".to_owned(), "measure".to_owned()]);
        let view = office.receive(&officer(), case).await.unwrap();
        assert!(view.facts.contains_key("height"));
        let author = person("Eze", &["author"]);
        let release = office.propose_release(&author, &without_height(), "privacy").await.unwrap();
        let publisher = person("Hale", &["publisher"]);
        office
            .publish_release(&publisher, &release.digest, Haste::Ordinary, &signer)
            .await
            .unwrap();

        let view = office.case(&officer(), &view.reference, "a test").await.unwrap();
        assert!(!view.facts.contains_key("height"));
        let seen = (view.reference.as_str(), view.version);
        let asked_at = told("asked_at", serde_json::json!("2025-03-04 10:00"));
        let view = office.set_facts(&officer(), seen, vec![asked_at]).await.unwrap();
        assert!(!view.facts.contains_key("height") && view.facts.contains_key("asked_at"));
        let seen = (view.reference.as_str(), view.version);
        let height = told("height", serde_json::json!(70));
        assert!(office.set_facts(&officer(), seen, vec![height]).await.is_err());
    });
}

#[test]
fn in_an_emergency_two_people_are_needed_all_the_same() {
    on_both(|place| async move {
        let Desk { office, .. } = Desk::open(&place).await;
        let signer = SignerKey::generate("office.example/law").unwrap();
        let both = person("Eze", &["author", "publisher"]);
        let release = office.propose_release(&both, &amended(), "order of today").await.unwrap();
        let alone = office.publish_release(&both, &release.digest, Haste::Emergency, &signer).await;
        assert!(alone.unwrap_err().is_forbidden());
    });
}

#[test]
fn a_pack_with_errors_is_not_even_proposed() {
    on_both(|place| async move {
        let Desk { office, .. } = Desk::open(&place).await;
        let mut files = pack_files();
        let page = files.get_mut("zz-office/office.law.md").unwrap();
        *page =
            String::from_utf8(page.clone()).unwrap().replace("when warrant", "when warant").into();
        let author = person("Eze", &["author"]);
        let error = office.propose_release(&author, &files, "a slip").await.unwrap_err();
        let told = error.to_string();
        assert!(
            told.contains("zz-office/office.law.md, line ") && told.contains("`warant`"),
            "{told}"
        );
    });
}

#[test]
fn no_request_is_lost_while_the_law_is_swapped() {
    on_both(|place| async move {
        let Desk { office, .. } = Desk::open(&place).await;
        let signer = SignerKey::generate("office.example/law").unwrap();
        let author = person("Eze", &["author"]);
        let release = office.propose_release(&author, &amended(), "changed").await.unwrap();
        let mut asking = Vec::new();
        for _ in 0..40 {
            let office = office.clone();
            asking.push(tokio::spawn(async move {
                let text = r#"{"jurisdiction": "zz-office", "agency": "jail", "on": "2025-03-04",
                               "papers": ["request", "warrant"], "acts": ["keep"]}"#;
                let request = Request::read(text).unwrap();
                office.record_decision(&officer(), &request, "jail book").await
            }));
        }
        let publisher = person("Hale", &["publisher"]);
        office
            .publish_release(&publisher, &release.digest, Haste::Ordinary, &signer)
            .await
            .unwrap();
        for answer in asking {
            let recorded = answer.await.unwrap().unwrap();
            let law = law_of(office.store(), &recorded.response.pack.digest).await.unwrap();
            let view = office.case(&officer(), &recorded.reference, "a test").await.unwrap();
            assert_eq!(law.answer(&view.request()).unwrap(), *recorded.response);
        }
        let held = Arc::clone(&office.library());
        assert!(!office.refresh_law().await.unwrap(), "the swap was made here already");
        assert!(Arc::ptr_eq(&held, &office.library()));
    });
}
