//! Many at once: two people on one case, two processes on one store, a clock that goes back.

use std::sync::atomic::Ordering;

use brightline_desk::Request;
use brightline_docket::LogPlace;
use brightline_ledger::{SignerKey, TileFiles};
use serde_json::json;
use sqlx::Row;

use crate::desk::{Desk, HOUR, MORNING, counsel, new_case, officer, records_officer, told};
use crate::places::on_both;

#[test]
fn of_two_who_change_one_case_at_once_one_is_told_to_look_again() {
    on_both(|place| async move {
        let one = Desk::open(&place).await.office;
        let other = Desk::open(&place).await.office;
        let view = one.receive(&officer(), new_case(&["request"], vec![])).await.unwrap();
        for round in 0..10 {
            let version = one.case(&officer(), &view.reference, "a test").await.unwrap().version;
            let set = |office: brightline_docket::Office, hour: u32| {
                let reference = view.reference.clone();
                tokio::spawn(async move {
                    let fact = told("asked_at", json!(format!("2025-03-04 {hour:02}:00")));
                    office.set_facts(&officer(), (&reference, version), vec![fact]).await
                })
            };
            let (first, second) = (set(one.clone(), round), set(other.clone(), round + 10));
            let outcomes = [first.await.unwrap(), second.await.unwrap()];
            let won = outcomes.iter().filter(|it| it.is_ok()).count();
            assert_eq!(won, 1, "{outcomes:?}");
            let lost = outcomes.into_iter().find_map(Result::err).unwrap();
            assert!(lost.is_stale(), "{lost:?}");
        }
    });
}

#[test]
fn many_requests_through_two_processes_are_all_there_once_and_in_order() {
    on_both(|place| async move {
        let offices = [Desk::open(&place).await.office, Desk::open(&place).await.office];
        let mut asking = Vec::new();
        for number in 0..200 {
            let office = offices[number % 2].clone();
            asking.push(tokio::spawn(async move {
                let text = r#"{"jurisdiction": "zz-office", "agency": "jail", "on": "2025-03-04",
                               "papers": ["request"], "facts": {"asked_at": "2025-03-04 10:00"}}"#;
                let request = Request::read(text).unwrap();
                office.record_decision(&officer(), &request, "jail book").await.unwrap().reference
            }));
        }
        let mut references = Vec::new();
        for one in asking {
            references.push(one.await.unwrap());
        }
        references.sort();
        let wanted: Vec<String> = (1..=200).map(|it| format!("JAIL-2025-{it:06}")).collect();
        assert_eq!(references, wanted);
        let sql = "SELECT position, at FROM entries ORDER BY position";
        let rows = sqlx::query(sql).fetch_all(offices[0].store().read()).await.unwrap();
        let mut last = 0;
        for (at, row) in rows.iter().enumerate() {
            assert_eq!(row.get::<i64, _>(0), i64::try_from(at).unwrap());
            assert!(row.get::<i64, _>(1) >= last);
            last = row.get::<i64, _>(1);
        }
        let signer = SignerKey::generate("office.example/log").unwrap();
        let verifier = signer.verifier();
        let folder = place.folder().join("log");
        let log = LogPlace { folder: folder.clone(), origin: "office.example/log".into(), signer };
        assert_eq!(offices[1].publish_log(&log).await.unwrap(), 600);
        TileFiles::new(&folder).verify(&verifier).unwrap();
    });
}

#[test]
fn a_hold_placed_at_the_same_time_as_a_sealing_is_never_lost() {
    on_both(|place| async move {
        let one = Desk::open(&place).await.office;
        let other = Desk::open(&place).await.office;
        for _ in 0..12 {
            let view = one.receive(&officer(), new_case(&["request"], vec![])).await.unwrap();
            let (held, sealed) = {
                let (one, other) = (one.clone(), other.clone());
                let (first, second) = (view.clone(), view.clone());
                let hold = tokio::spawn(async move {
                    let seen = (first.reference.as_str(), first.version);
                    one.place_hold(&counsel(), seen, "Doe v. Office".into()).await
                });
                let seal = tokio::spawn(async move {
                    let seen = (second.reference.as_str(), second.version);
                    other.seal(&records_officer(), seen, "order").await
                });
                (hold.await.unwrap(), seal.await.unwrap())
            };
            assert_ne!(held.is_ok(), sealed.is_ok(), "{held:?} {sealed:?}");
            let read = one.case(&officer(), &view.reference, "a test").await;
            assert_eq!(read.is_ok(), held.is_ok());
        }
    });
}

#[test]
fn a_clock_that_goes_back_does_not_take_the_record_with_it() {
    on_both(|place| async move {
        let desk = Desk::open(&place).await;
        let first = desk.office.receive(&officer(), new_case(&["request"], vec![])).await.unwrap();
        desk.clock.store(MORNING - 5 * HOUR, Ordering::Relaxed);
        let second = desk.office.receive(&officer(), new_case(&["request"], vec![])).await.unwrap();
        assert!(second.received_at >= first.received_at);
        let again = Desk::open(&place).await;
        again.clock.store(MORNING - 50 * HOUR, Ordering::Relaxed);
        let third = again.office.receive(&officer(), new_case(&["request"], vec![])).await.unwrap();
        assert!(third.received_at >= second.received_at);
    });
}
