//! Backups: made while the office works, put into either database, and refused when damaged.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use brightline_desk::Request;
use brightline_docket::{
    Backup, BackupHeader, BackupParts, Error, LogPlace, Migration, Office, Store,
};
use brightline_ledger::{ProofFile, SignerKey, TileFiles, leaf_hash};
use sqlx::Row;

use crate::audit::audited;
use crate::desk::{Desk, new_case, officer, records_officer};
use crate::places::{Place, on_both};

const ASKED: &str = r#"{"jurisdiction": "zz-office", "agency": "jail", "on": "2025-03-04",
    "papers": ["request"], "facts": {"asked_at": "2025-03-04 10:00"}}"#;
const NOTES: Migration = Migration {
    number: 190,
    name: "notes",
    sql: "CREATE TABLE notes (id BIGINT PRIMARY KEY, words TEXT, bytes BYTEA, size BIGINT)",
};

async fn back_up(
    store: &Store,
    to: &Path,
    signer: Option<&SignerKey>,
) -> Result<BackupHeader, Error> {
    let files = BTreeMap::from([("office.toml".to_owned(), b"# settings".to_vec())]);
    store.back_up(to, BackupParts { files, signer, at: 7 }).await
}

/// Works until the flag falls; returns how much was recorded.
fn work(office: &Office, goes_on: &Arc<AtomicBool>) -> tokio::task::JoinHandle<u32> {
    let (office, goes_on) = (office.clone(), Arc::clone(goes_on));
    tokio::spawn(async move {
        let mut count = 0;
        while goes_on.load(Ordering::Relaxed) {
            let request = Request::read(ASKED).unwrap();
            office.record_decision(&officer(), &request, "jail book").await.unwrap();
            count += 1;
        }
        count
    })
}

/// A small office with one sealed case, closed, and a backup of it.
async fn kept(place: &Place, signer: Option<&SignerKey>) -> (PathBuf, PathBuf) {
    let desk = Desk::open(place).await;
    for _ in 0..3 {
        let request = Request::read(ASKED).unwrap();
        desk.office.record_decision(&officer(), &request, "jail book").await.unwrap();
    }
    let view = desk.office.receive(&officer(), new_case(&["request"], vec![])).await.unwrap();
    desk.office.seal(&records_officer(), (&view.reference, view.version), "order").await.unwrap();
    let file = place.folder().join("kept.backup");
    back_up(desk.office.store(), &file, signer).await.unwrap();
    (file, desk.key_file.clone())
}

#[test]
fn a_backup_made_under_load_is_restored_into_either_database_and_holds() {
    on_both(|place| async move {
        let desk = Desk::open(&place).await;
        let signer = SignerKey::generate("office.example/log").unwrap();
        let goes_on = Arc::new(AtomicBool::new(true));
        let working: Vec<_> = (0..4).map(|_| work(&desk.office, &goes_on)).collect();
        while desk.office.size().await.unwrap() < 60 {
            tokio::task::yield_now().await;
        }
        let file = place.folder().join("now.backup");
        let header = back_up(desk.office.store(), &file, Some(&signer)).await.unwrap();
        let during = desk.office.size().await.unwrap();
        goes_on.store(false, Ordering::Relaxed);
        for one in working {
            assert!(one.await.unwrap() > 0);
        }
        assert!(header.entries >= 60 && header.entries <= during, "{header:?}");

        let backup = Backup::open(&file).unwrap();
        assert_eq!(backup.header(), &header);
        backup.require_signer(&signer.verifier()).unwrap();
        let other = SignerKey::generate("office.example/log").unwrap();
        assert!(backup.require_signer(&other.verifier()).unwrap_err().is_corrupt());
        let targets = [Some(Place::sqlite()), Place::postgres().await];
        for target in targets.into_iter().flatten() {
            backup.restore(&target.url, &[]).await.unwrap();
            let audited = audited(&target.url, &desk.key_file).await;
            assert!(audited.holds(), "{:?}", audited.faults);
            assert_eq!(audited.entries, header.entries);
            assert_eq!(audited.root.to_string(), header.root);
            assert_eq!(audited.cases * 3, header.entries, "every case is whole");
            let again = backup.restore(&target.url, &[]).await.unwrap_err();
            assert!(again.is_conflict(), "{again:?}");
        }
    });
}

#[test]
fn work_goes_on_where_it_was_restored() {
    on_both(|place| async move {
        let (file, key_file) = kept(&place, None).await;
        let target = Place::sqlite();
        Backup::open(&file).unwrap().restore(&target.url, &[]).await.unwrap();
        std::fs::copy(&key_file, target.folder().join("master.keys")).unwrap();
        let desk = Desk::open(&target).await;
        let view = desk.office.case(&officer(), "JAIL-2025-000001", "a look").await.unwrap();
        assert!(view.decided.is_some());
        let sealed = desk.office.case(&officer(), "JAIL-2025-000004", "a look").await;
        assert!(sealed.unwrap_err().is_not_found(), "sealed before the backup");
        let next = desk.office.receive(&officer(), new_case(&["request"], vec![])).await.unwrap();
        assert_eq!(next.reference, "JAIL-2025-000005");
        let audited = audited(&target.url, &key_file).await;
        assert!(audited.holds(), "{:?}", audited.faults);
    });
}

#[test]
fn a_damaged_backup_is_refused_before_anything_is_written() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let place = Place::sqlite();
        let signer = SignerKey::generate("office.example/log").unwrap();
        for signer in [None, Some(&signer)] {
            let place = if signer.is_some() { &place } else { &Place::sqlite() };
            let (file, _) = kept(place, signer).await;
            let whole = std::fs::read(&file).unwrap();
            let copy = place.folder().join("copy.backup");
            let step = whole.len() / 400 + 1;
            let ends = (0..300).chain(whole.len() - 300..whole.len());
            for at in (0..whole.len()).step_by(step).chain(ends) {
                let mut damaged = whole.clone();
                damaged[at] ^= 1 << (at % 8);
                std::fs::write(&copy, damaged).unwrap();
                let error = Backup::open(&copy).err();
                let error = error.unwrap_or_else(|| panic!("byte {at} of {}", whole.len()));
                assert!(error.is_corrupt(), "byte {at}: {error}");
            }
            for length in (0..whole.len()).step_by(step * 8).chain([whole.len() - 1]) {
                std::fs::write(&copy, &whole[..length]).unwrap();
                let error = Backup::open(&copy).unwrap_err();
                assert!(error.to_string().contains("cut short"), "{length} bytes: {error}");
            }
            std::fs::write(&copy, [whole.as_slice(), b"x"].concat()).unwrap();
            let error = Backup::open(&copy).unwrap_err();
            assert_eq!(
                error.to_string(),
                "the backup is damaged or was cut short: something follows its end"
            );
            assert!(error.help_text().unwrap().starts_with("nothing was restored"));
        }
    });
}

#[test]
fn nothing_is_overwritten_and_a_backup_that_fails_leaves_no_file() {
    on_both(|place| async move {
        let (file, _) = kept(&place, None).await;
        let before = std::fs::read(&file).unwrap();
        let store = place.open().await;
        assert!(back_up(&store, &file, None).await.unwrap_err().is_conflict());
        assert_eq!(std::fs::read(&file).unwrap(), before);
        let nowhere = place.folder().join("missing").join("x.backup");
        let error = back_up(&store, &nowhere, None).await.unwrap_err();
        assert!(error.to_string().contains("cannot be written"), "{error}");

        let mut writing = store.write().await.unwrap();
        let sql = "UPDATE entries SET commitment = (SELECT commitment FROM entries \
                   WHERE position = 1) WHERE position = 0";
        sqlx::query(sql).execute(&mut *writing).await.unwrap();
        writing.commit().await.unwrap();
        let second = place.folder().join("second.backup");
        let error = back_up(&store, &second, None).await.unwrap_err();
        assert!(error.is_corrupt(), "{error}");
        let left: Vec<_> = std::fs::read_dir(place.folder())
            .unwrap()
            .map(|it| it.unwrap().file_name().into_string().unwrap())
            .filter(|name| name.contains("second"))
            .collect();
        assert_eq!(left, Vec::<String>::new());
    });
}

#[test]
fn the_schema_is_that_of_the_backup_and_a_newer_one_is_refused() {
    on_both(|place| async move {
        Desk::open(&place).await;
        let store = place.open().await;
        store.migrate(&[NOTES]).await.unwrap();
        let mut writing = store.write().await.unwrap();
        let sql = "INSERT INTO notes (id, words, bytes) VALUES ($1, $2, $3)";
        let bytes = vec![0_u8, 255];
        let query = sqlx::query(sql).bind(-1_i64).bind(None::<String>).bind(bytes.clone());
        query.execute(&mut *writing).await.unwrap();
        writing.commit().await.unwrap();
        let file = place.folder().join("notes.backup");
        back_up(&store, &file, None).await.unwrap();
        let backup = Backup::open(&file).unwrap();
        assert_eq!(backup.files()["office.toml"], b"# settings");
        let target = Place::sqlite();
        let error = backup.restore(&target.url, &[]).await.unwrap_err();
        assert_eq!(error.to_string(), "this program does not know migration 190, notes");
        backup.restore(&target.url, &[NOTES]).await.unwrap();
        let restored = Store::open(&target.url).await.unwrap();
        restored.migrate(&[NOTES]).await.unwrap();
        let row = sqlx::query("SELECT id, words, bytes, size FROM notes");
        let row = row.fetch_one(restored.read()).await.unwrap();
        assert_eq!((row.get::<i64, _>(0), row.get::<Option<String>, _>(1)), (-1, None));
        assert_eq!((row.get::<Vec<u8>, _>(2), row.get::<Option<i64>, _>(3)), (bytes, None));
    });
}

#[test]
fn the_public_log_is_made_again_from_the_store() {
    on_both(|place| async move {
        let desk = Desk::open(&place).await;
        let office = &desk.office;
        let signer = SignerKey::generate("office.example/log").unwrap();
        let key = signer.verifier();
        let folder = place.folder().join("log");
        assert_eq!(office.store().last_checkpoint(&key).await.unwrap(), None);
        for _ in 0..100 {
            let request = Request::read(ASKED).unwrap();
            office.record_decision(&officer(), &request, "jail book").await.unwrap();
        }
        let log = LogPlace { folder, origin: "office.example/log".into(), signer };
        assert_eq!(office.publish_log(&log).await.unwrap(), 300);
        let request = Request::read(ASKED).unwrap();
        office.record_decision(&officer(), &request, "jail book").await.unwrap();

        let note = office.store().last_checkpoint(&key).await.unwrap().unwrap();
        let copy = place.folder().join("copy");
        assert_eq!(office.store().export_log(&copy, &note).await.unwrap(), 300);
        let files = TileFiles::new(&copy);
        let verified = files.verify(&key).unwrap();
        assert!(verified.faults.is_empty() && verified.head.size == 300, "{verified:?}");
        assert!(office.store().export_log(&copy, &note).await.unwrap_err().is_conflict());

        let places = office.store().entry_places("JAIL-2025-000050").await.unwrap();
        assert_eq!(places.len(), 3);
        for place in places {
            let entry = files.entry(place.position, 300).unwrap();
            let hashes = files.tree(300).inclusion(place.position).unwrap();
            let proof =
                ProofFile { extra: None, index: place.position, hashes, checkpoint: note.clone() };
            proof.verify(&leaf_hash(&entry), &key).unwrap();
        }
        assert!(office.store().entry_places("JAIL-2025-999999").await.unwrap_err().is_not_found());
    });
}
