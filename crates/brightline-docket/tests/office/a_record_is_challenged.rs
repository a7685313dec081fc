//! A record is challenged in court: it is read, proved, corrected, and nothing is overwritten.

use brightline_docket::{Correction, LogPlace, Readable, Reopening, Stage};
use brightline_ledger::{SignerKey, TileFiles};
use serde_json::json;

use crate::desk::{Desk, counsel, new_case, officer, person, told};
use crate::places::on_both;

#[test]
fn a_record_is_challenged_and_corrected_and_the_first_answer_stays() {
    on_both(|place| async move {
        let Desk { office, .. } = Desk::open(&place).await;
        let wrong = told("asked_at", json!("2025-03-04 10:00"));
        let view = office.receive(&officer(), new_case(&["request"], vec![wrong])).await.unwrap();
        let seen = view.reference.clone();
        let view = office
            .reopen(
                &counsel(),
                (&seen, view.version),
                Reopening::CourtOrder,
                "order of May 2".into(),
            )
            .await
            .unwrap();
        let right = told("asked_at", json!("2025-03-03 10:00"));
        let correction = Correction {
            entry: 2,
            note: "the day was wrong".into(),
            facts: vec![right],
            asked: None,
        };
        let view = office.correct(&counsel(), (&seen, view.version), correction).await.unwrap();
        let asked_at = &view.facts["asked_at"];
        assert_eq!(asked_at.value, json!("2025-03-03 10:00"));
        assert_eq!(asked_at.statements[0].set.value, json!("2025-03-04 10:00"));
        assert_eq!(view.tasks[0].due.as_deref(), Some("2025-03-04 10:00"));
        assert_eq!(view.decided.as_ref().unwrap().determination, 2);
        assert_eq!(view.stage, Stage::Open);
    });
}

#[test]
fn the_log_is_published_from_the_entries_and_verifies_without_the_office() {
    on_both(|place| async move {
        let Desk { office, .. } = Desk::open(&place).await;
        let signer = SignerKey::generate("office.example/log").unwrap();
        let verifier = signer.verifier();
        let folder = place.folder().join("log");
        let log = LogPlace { folder: folder.clone(), origin: "office.example/log".into(), signer };
        for round in 1..=3_u64 {
            office.receive(&officer(), new_case(&["request"], vec![])).await.unwrap();
            assert_eq!(office.publish_log(&log).await.unwrap(), round * 2);
            TileFiles::new(&folder).verify(&verifier).unwrap();
        }
        std::fs::remove_dir_all(&folder).unwrap();
        assert_eq!(office.publish_log(&log).await.unwrap(), 6, "tiles are made again");
        TileFiles::new(&folder).verify(&verifier).unwrap();
    });
}

#[test]
fn a_changed_byte_in_the_store_is_found_when_the_case_is_opened() {
    on_both(|place| async move {
        let Desk { office, .. } = Desk::open(&place).await;
        let view = office.receive(&officer(), new_case(&["request"], vec![])).await.unwrap();
        let mut writing = office.store().write().await.unwrap();
        let sql = "SELECT body FROM entries WHERE position = 1";
        let row = sqlx::query(sql).fetch_one(&mut *writing).await.unwrap();
        let mut body: Vec<u8> = sqlx::Row::get(&row, 0);
        body[20] ^= 1;
        sqlx::query("UPDATE entries SET body = $1 WHERE position = 1")
            .bind(body)
            .execute(&mut *writing)
            .await
            .unwrap();
        writing.commit().await.unwrap();
        let error = office.case(&officer(), &view.reference, "a test").await.unwrap_err();
        assert!(error.is_corrupt());
        let auditor = person("Ito", &["auditor"]);
        let inspected = office.inspect(&auditor, 0, 10).await.unwrap();
        assert!(matches!(inspected[0].body, Readable::Whole(_)));
        assert!(matches!(inspected[1].body, Readable::Damaged(_)));
    });
}

#[test]
fn every_read_is_in_the_log_and_another_agency_finds_nothing() {
    on_both(|place| async move {
        let Desk { office, .. } = Desk::open(&place).await;
        let view = office.receive(&officer(), new_case(&["request"], vec![])).await.unwrap();
        let mut stranger = person("Ruiz", &["counsel"]);
        stranger.agencies = std::iter::once("zz-office/shelter".to_owned()).collect();
        let error = office.case(&stranger, &view.reference, "a look").await.unwrap_err();
        assert!(error.is_not_found());
        let missing = office.case(&stranger, "JAIL-2025-999999", "a look").await.unwrap_err();
        assert_eq!(
            error.to_string().replace("000001", ""),
            missing.to_string().replace("999999", ""),
            "what exists and what does not look alike"
        );
        let list = office.list(&stranger, &Default::default(), None).await.unwrap();
        assert!(list.items.is_empty());
        assert!(office.find(&stranger, "Doe", "a look").await.unwrap().items.is_empty());
        let read = office.case(&officer(), &view.reference, "at the counter").await.unwrap();
        assert_eq!(read.timeline.last().unwrap().kind, "read");
        assert_eq!(read.version, view.version, "reading changes nothing");
        let (happenings, last) = office.events(&officer(), None).await.unwrap();
        let kinds: Vec<&str> = happenings.iter().map(|it| it.kind.as_str()).collect();
        assert_eq!(kinds, ["received", "determined", "read"]);
        assert_eq!(office.events(&officer(), last).await.unwrap().0, []);
        assert_eq!(office.events(&stranger, None).await.unwrap().0, []);
    });
}
