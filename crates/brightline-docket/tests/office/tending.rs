//! What falls due by itself happens without being asked, and once, however many processes tend.

use brightline_docket::{Haste, Tended};
use brightline_ledger::SignerKey;
use serde_json::json;

use crate::a_law_is_amended::amended;
use crate::desk::{Desk, HOUR, new_case, officer, person, told};
use crate::places::on_both;
use crate::sealing::closed;

const YEARS: i64 = 7 * 366 * 24;

#[test]
fn a_round_takes_up_the_law_brings_late_tasks_up_and_ends_records() {
    on_both(|place| async move {
        let desk = Desk::open(&place).await;
        let other = Desk::open(&place).await.office;
        let office = &desk.office;
        assert_eq!(office.tend().await.unwrap(), Tended::default());

        let signer = SignerKey::generate("office.example/law").unwrap();
        let author = person("Eze", &["author"]);
        let release = other.propose_release(&author, &amended(), "changed").await.unwrap();
        let publisher = person("Hale", &["publisher"]);
        other.publish_release(&publisher, &release.digest, Haste::Ordinary, &signer).await.unwrap();
        assert_eq!(office.tend().await.unwrap(), Tended { law_changed: true, ..Tended::default() });
        assert_eq!(other.tend().await.unwrap(), Tended::default(), "it was published there");
        let view = office.receive(&officer(), new_case(&["request", "warrant"], vec![])).await;
        assert_eq!(view.unwrap().acts()[0].outcome, "prohibited");

        let ended = closed(office).await;
        let facts = vec![told("asked_at", json!("2025-03-04 10:00"))];
        office.receive(&officer(), new_case(&["request"], facts)).await.unwrap();
        desk.pass(30 * 24);
        let late = office.tend().await.unwrap();
        assert_eq!((late.escalated > 0, late.expired), (true, 0));
        desk.clock.fetch_add(YEARS * HOUR, std::sync::atomic::Ordering::Relaxed);
        assert_eq!(office.tend().await.unwrap().expired, 1);
        assert!(office.case(&officer(), &ended.reference, "a look").await.is_err());
    });
}

#[test]
fn two_processes_that_tend_at_once_do_each_thing_once() {
    on_both(|place| async move {
        let desk = Desk::open(&place).await;
        let other = Desk::open(&place).await;
        for _ in 0..6 {
            closed(&desk.office).await;
        }
        for one in [&desk, &other] {
            one.clock.fetch_add(YEARS * HOUR, std::sync::atomic::Ordering::Relaxed);
        }
        let tend =
            |office: brightline_docket::Office| tokio::spawn(async move { office.tend().await });
        let (first, second) = (tend(desk.office.clone()), tend(other.office.clone()));
        let expired =
            first.await.unwrap().unwrap().expired + second.await.unwrap().unwrap().expired;
        assert_eq!(expired, 6);
    });
}
