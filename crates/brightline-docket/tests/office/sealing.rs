//! Records end: sealed by order or at the end of their time; holds stop it; proofs go on.

use brightline_docket::{ActDone, CaseView, Did, Filter, Inspected, LogPlace, Office, Readable};
use brightline_ledger::{SignerKey, TileFiles};
use sqlx::Row;

use crate::audit::audited;
use crate::desk::{Desk, HOUR, RULES, counsel, new_case, officer, person, records_officer, told};
use crate::places::on_both;

pub async fn closed(office: &Office) -> CaseView {
    let mut view = office.receive(&officer(), new_case(&["request"], vec![])).await.unwrap();
    let seen = view.reference.clone();
    for act in ["keep", "tell"] {
        let done = ActDone {
            act: act.into(),
            did: Did::Refrained,
            how: "refused".into(),
            when: "2025-03-04 18:00".into(),
            note: String::new(),
        };
        view = office.record_act(&officer(), (&seen, view.version), done).await.unwrap();
    }
    let task = view.tasks[0].task.clone();
    let view = office
        .complete_duty(&officer(), (&seen, view.version), task, "receipt".into())
        .await
        .unwrap();
    office.close(&officer(), (&seen, view.version), "done".into()).await.unwrap()
}

#[test]
fn a_sealed_case_can_be_read_by_nobody_and_is_still_proved() {
    on_both(|place| async move {
        let Desk { office, .. } = Desk::open(&place).await;
        let signer = SignerKey::generate("office.example/log").unwrap();
        let verifier = signer.verifier();
        let folder = place.folder().join("log");
        let log = LogPlace { folder: folder.clone(), origin: "office.example/log".into(), signer };
        let view = office.receive(&officer(), new_case(&["request"], vec![])).await.unwrap();
        let seen = (view.reference.as_str(), view.version);
        let key = |office: &Office| {
            let office = office.clone();
            async move {
                let sql = "SELECT wrapped FROM keys WHERE case_id = 1";
                let row = sqlx::query(sql).fetch_optional(office.store().read()).await.unwrap();
                row.map(|row| row.get::<Vec<u8>, _>(0))
            }
        };
        let wrapped = key(&office).await.unwrap();
        assert!(office.seal(&officer(), seen, "order").await.unwrap_err().is_forbidden());
        office.seal(&records_officer(), seen, "order of June 1").await.unwrap();

        let error = office.case(&counsel(), &view.reference, "a look").await.unwrap_err();
        assert!(error.is_not_found());
        let fact = vec![told("asked_at", serde_json::json!("2025-03-04 10:00"))];
        assert!(office.set_facts(&officer(), seen, fact).await.is_err());
        assert!(office.find(&officer(), "Doe", "a look").await.unwrap().items.is_empty());
        assert_eq!(key(&office).await, None);
        let sql = "SELECT COUNT(*), SUM(length(body)) FROM entries WHERE case_id = 1";
        let row = sqlx::query(sql).fetch_one(office.store().read()).await.unwrap();
        assert_eq!((row.get::<i64, _>(0), row.get::<i64, _>(1)), (2, 0), "no body is left");
        let listed = office.list(&officer(), &Filter::default(), None).await.unwrap();
        assert_eq!(
            (listed.items[0].stage.as_str(), listed.items[0].facility.as_str()),
            ("sealed", "")
        );
        if let Some(file) = place.url.strip_prefix("sqlite:") {
            for file in [file.to_owned(), format!("{file}-wal")] {
                let bytes = std::fs::read(file).unwrap();
                let is_there = bytes.windows(wrapped.len()).any(|it| it == wrapped);
                assert!(!is_there, "the destroyed key is still in the file");
            }
        }
        let auditor = person("Ito", &["auditor"]);
        let inspected = office.inspect(&auditor, 0, 10).await.unwrap();
        let destroyed = |it: &&Inspected| it.body == Readable::Destroyed;
        assert_eq!(inspected.iter().filter(destroyed).count(), 2, "receipt and determination");
        assert_eq!(office.publish_log(&log).await.unwrap(), 4);
        TileFiles::new(&folder).verify(&verifier).unwrap();
    });
}

#[test]
fn years_that_are_set_later_hold_for_what_was_closed_before() {
    on_both(|place| async move {
        let unset = RULES.replace("years = 6\n", "");
        let desk = Desk::open_with(&place, &unset).await;
        assert_eq!(
            desk.office.rules().retention(),
            ["requests, all agencies: not set: nothing expires"]
        );
        let ended = closed(&desk.office).await;
        let years = 7 * 366 * 24 * HOUR;
        desk.clock.fetch_add(years, std::sync::atomic::Ordering::Relaxed);
        assert_eq!(desk.office.expire(&records_officer()).await.unwrap(), 0);
        let other = audited(&place.url, &desk.key_file).await;
        assert_eq!(
            other.faults[0],
            "the lists were made under other settings of how long records are kept"
        );

        let desk = Desk::open(&place).await;
        let told = ["requests, all agencies: 6 years after the case was closed"];
        assert_eq!(desk.office.rules().retention(), told);
        let same = audited(&place.url, &desk.key_file).await;
        assert!(same.holds(), "{:?}", same.faults);
        desk.clock.fetch_add(years, std::sync::atomic::Ordering::Relaxed);
        assert_eq!(desk.office.expire(&records_officer()).await.unwrap(), 1);
        assert!(desk.office.case(&officer(), &ended.reference, "a look").await.is_err());
        let after = audited(&place.url, &desk.key_file).await;
        assert!(after.holds(), "{:?}", after.faults);
    });
}

#[test]
fn records_expire_by_their_class_and_a_hold_stops_it() {
    on_both(|place| async move {
        let desk = Desk::open(&place).await;
        let office = &desk.office;
        let expiring = closed(office).await;
        let held = closed(office).await;
        let open = office.receive(&officer(), new_case(&["request"], vec![])).await.unwrap();
        let seen = (held.reference.as_str(), held.version);
        assert!(office.place_hold(&officer(), seen, "Doe v. Office".into()).await.is_err());
        let held = office.place_hold(&counsel(), seen, "Doe v. Office".into()).await.unwrap();
        let years = 6 * 366 * 24;
        assert_eq!(office.expire(&records_officer()).await.unwrap(), 0);
        desk.clock.fetch_add(years * HOUR, std::sync::atomic::Ordering::Relaxed);
        assert!(office.expire(&person("Nobody", &[])).await.is_err());
        assert_eq!(office.expire(&records_officer()).await.unwrap(), 1);
        assert!(office.case(&officer(), &expiring.reference, "a look").await.is_err());
        office.case(&officer(), &open.reference, "a look").await.unwrap();
        let seen = (held.reference.as_str(), held.version);
        assert!(office.seal(&records_officer(), seen, "order").await.unwrap_err().is_conflict());
        let held = office.lift_hold(&counsel(), seen, "Doe v. Office".into()).await.unwrap();
        assert_eq!(held.holds, Vec::<String>::new());
        desk.clock.fetch_add(years * HOUR, std::sync::atomic::Ordering::Relaxed);
        assert_eq!(office.expire(&records_officer()).await.unwrap(), 1);
    });
}
