//! Keys: rotated while the office works, lost, of another store.

use std::path::Path;

use brightline_docket::{Keys, Office, OfficeParts, OfficeRules, Rotation};
use sqlx::Row;

use crate::desk::{Desk, RULES, new_case, officer, pack_files, person};
use crate::places::{Place, on_both};

async fn reopen(place: &Place, key_file: &Path) -> Result<Office, brightline_docket::Error> {
    let parts = OfficeParts {
        store: place.open().await,
        built_in: pack_files(),
        keys: Keys::open(key_file, None)?,
        rules: OfficeRules::parse(RULES).unwrap(),
        clock: Office::system_clock(),
    };
    Office::open(parts).await
}

#[test]
fn keys_are_rotated_while_cases_are_read_and_written() {
    on_both(|place| async move {
        let desk = Desk::open(&place).await;
        let office = desk.office.clone();
        let mut references = Vec::new();
        for _ in 0..30 {
            let view = office.receive(&officer(), new_case(&["request"], vec![])).await.unwrap();
            references.push(view.reference);
        }
        // A second process, which read the key file before the rotation.
        let other = reopen(&place, &desk.key_file).await.unwrap();
        let working = {
            let (office, references) = (other.clone(), references.clone());
            tokio::spawn(async move {
                for reference in references.iter().cycle().take(60) {
                    office.case(&officer(), reference, "at work").await.unwrap();
                }
                office.receive(&officer(), new_case(&["request"], vec![])).await.unwrap()
            })
        };
        let administrator = person("Novak", &["administrator"]);
        let count = office.rotate_keys(&administrator, Rotation::New).await.unwrap();
        assert!(count >= 32, "{count} keys: those of the cases and two of the house");
        let late = working.await.unwrap().reference;
        office.rotate_keys(&administrator, Rotation::Resume).await.unwrap();
        let old = Keys::open(&desk.key_file, None).unwrap().ids().next().unwrap().to_owned();
        office.retire_key(&administrator, &old).await.unwrap();
        let office = reopen(&place, &desk.key_file).await.unwrap();
        for reference in references.iter().chain([&late]) {
            office.case(&officer(), reference, "after it").await.unwrap();
        }
    });
}

#[test]
fn a_process_that_was_running_wraps_by_the_key_of_today_before_the_old_one_is_retired() {
    on_both(|place| async move {
        let desk = Desk::open(&place).await;
        let running = reopen(&place, &desk.key_file).await.unwrap();
        running.receive(&officer(), new_case(&["request"], vec![])).await.unwrap();
        let old = running.master_keys().1;
        let administrator = person("Novak", &["administrator"]);
        desk.office.rotate_keys(&administrator, Rotation::New).await.unwrap();
        let new = desk.office.master_keys().1;
        // It has met no key of today yet, and would wrap this case by one that is about to go.
        let view = running.receive(&officer(), new_case(&["request"], vec![])).await.unwrap();
        assert_eq!(running.master_keys().1, new);
        let current = desk.office.retire_key(&administrator, &new).await.unwrap_err();
        assert!(current.is_conflict(), "{current:?}");
        desk.office.retire_key(&administrator, &old).await.unwrap();
        running.receive(&officer(), new_case(&["request"], vec![])).await.unwrap();
        let again = reopen(&place, &desk.key_file).await.unwrap();
        again.case(&officer(), &view.reference, "after it").await.unwrap();
        let audited = crate::audit::audited(&place.url, &desk.key_file).await;
        assert!(audited.holds(), "{:?}", audited.faults);
    });
}

#[test]
fn a_process_with_a_key_file_of_yesterday_records_nothing_by_a_retired_key() {
    on_both(|place| async move {
        let desk = Desk::open(&place).await;
        let copy = place.folder().join("yesterday.keys");
        std::fs::copy(&desk.key_file, &copy).unwrap();
        let elsewhere = reopen(&place, &copy).await.unwrap();
        let old = elsewhere.master_keys().1;
        let administrator = person("Novak", &["administrator"]);
        desk.office.rotate_keys(&administrator, Rotation::New).await.unwrap();
        elsewhere.receive(&officer(), new_case(&["request"], vec![])).await.unwrap();
        let early = desk.office.retire_key(&administrator, &old).await.unwrap_err();
        assert_eq!(early.to_string(), format!("the master key `{old}` still wraps keys"));
        desk.office.rotate_keys(&administrator, Rotation::Resume).await.unwrap();
        desk.office.retire_key(&administrator, &old).await.unwrap();
        let late = elsewhere.receive(&officer(), new_case(&["request"], vec![])).await;
        let late = late.unwrap_err();
        assert_eq!(late.to_string(), "the master key of this process was retired");
    });
}

#[test]
fn a_lost_key_file_stops_the_office_and_destroys_nothing() {
    on_both(|place| async move {
        let desk = Desk::open(&place).await;
        let view = desk.office.receive(&officer(), new_case(&["request"], vec![])).await.unwrap();
        let kept = std::fs::read(&desk.key_file).unwrap();
        std::fs::remove_file(&desk.key_file).unwrap();
        let error = reopen(&place, &desk.key_file).await.err().unwrap();
        assert!(error.is_unavailable());
        assert!(error.help_text().unwrap().contains("nothing was destroyed"), "{error:?}");
        assert!(!desk.key_file.exists(), "no key is made in its place");

        let strange = place.folder().join("strange.keys");
        Keys::create(&strange, None).unwrap();
        let error = reopen(&place, &strange).await.err().unwrap();
        assert!(error.is_unavailable(), "{error:?}");

        std::fs::write(&desk.key_file, kept).unwrap();
        let mut private = std::fs::metadata(&desk.key_file).unwrap().permissions();
        std::os::unix::fs::PermissionsExt::set_mode(&mut private, 0o600);
        std::fs::set_permissions(&desk.key_file, private).unwrap();
        let office = reopen(&place, &desk.key_file).await.unwrap();
        office.case(&officer(), &view.reference, "found again").await.unwrap();
    });
}

#[test]
fn no_name_stands_readable_anywhere_in_the_store() {
    on_both(|place| async move {
        let Desk { office, .. } = Desk::open(&place).await;
        office.receive(&officer(), new_case(&["request"], vec![])).await.unwrap();
        let found = office.find(&officer(), "doe JANE", "a relative called").await.unwrap();
        assert_eq!(found.items.len(), 1);
        assert!(
            office
                .find(&officer(), "doe john", "a relative called")
                .await
                .unwrap()
                .items
                .is_empty()
        );
        assert!(office.find(&officer(), "doe", " ").await.is_err(), "a reason is needed");
        for sql in ["SELECT body FROM entries", "SELECT token FROM name_tokens"] {
            for row in sqlx::query(sql).fetch_all(office.store().read()).await.unwrap() {
                let bytes: Vec<u8> = row.get(0);
                assert!(!String::from_utf8_lossy(&bytes).to_lowercase().contains("doe"));
            }
        }
        if let Some(file) = place.url.strip_prefix("sqlite:") {
            for file in [file.to_owned(), format!("{file}-wal")] {
                let bytes = std::fs::read(file).unwrap();
                assert!(!String::from_utf8_lossy(&bytes).to_lowercase().contains("jane"));
            }
        }
    });
}
