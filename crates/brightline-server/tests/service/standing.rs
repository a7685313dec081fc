//! How the records stand: the published log and the last backup.

use brightline_docket::BackupHeader;
use brightline_server::{Role, note_backup};

use crate::desk::Desk;
use crate::{json, text};

const DAY_SECONDS: i64 = 24 * 3600;

#[tokio::test]
async fn an_administrator_learns_how_old_the_last_backup_is() {
    let mut desk = Desk::open().await;
    let admin = desk.somebody("admin", &[Role::Administrator], "").await;
    let standing = json(desk.get("/api/v1/standing", Some(&admin)).await).await;
    let entries = standing["log"]["entries"].as_u64().expect("a number");
    assert_eq!(
        (&standing["log"]["published"], &standing["log"]["waiting"]),
        (&0.into(), &entries.into())
    );
    assert!(standing["backup"].is_null());
    let metrics = text(desk.get("/metrics", None).await).await;
    assert!(metrics.contains("brightline_backup_last_time 0\n"), "{metrics}");
    assert!(metrics.contains(&format!("brightline_log_waiting_entries {entries}\n")), "{metrics}");

    let header = BackupHeader {
        program: "0".to_owned(),
        made_at: desk.office().now(),
        entries,
        root: "root".to_owned(),
        signed_by: String::new(),
        migrations: vec![],
    };
    note_backup(desk.office().store(), &header).await.expect("noted");
    let _keeper = desk.keep_log();
    desk.wait(DAY_SECONDS);
    let again = desk.sign_in_again("admin").await;
    let waited = std::time::Instant::now();
    let standing = loop {
        let standing = json(desk.get("/api/v1/standing", Some(&again)).await).await;
        if standing["log"]["waiting"] == 0 {
            break standing;
        }
        assert!(waited.elapsed().as_secs() < 30, "the log is published: {standing}");
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    };
    assert_eq!(standing["log"]["waiting_seconds"], 0);
    let backup = &standing["backup"];
    assert_eq!((&backup["entries"], &backup["entries_since"]), (&entries.into(), &1.into()));
    let age = backup["age_seconds"].as_i64().expect("seconds");
    assert!((DAY_SECONDS..DAY_SECONDS + 600).contains(&age), "{age}");
    let metrics = text(desk.get("/metrics", None).await).await;
    let time = header.made_at / 1_000_000;
    assert!(metrics.contains(&format!("brightline_backup_last_time {time}\n")), "{metrics}");
}
