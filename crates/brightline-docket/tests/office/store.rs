//! The store by itself: opening, migrating, who may write.

use brightline_docket::{Engine, Migration, Store};
use sqlx::Row;

use crate::places::on_both;

const NOTES: Migration = Migration {
    number: 190,
    name: "notes",
    sql: "CREATE TABLE notes (id BIGINT PRIMARY KEY, words TEXT, bytes BYTEA);
          CREATE INDEX notes_by_words ON notes (words);",
};

#[test]
fn a_store_is_opened_again_with_what_was_written() {
    on_both(|place| async move {
        let store = place.open().await;
        store.migrate(&[NOTES]).await.unwrap();
        let mut writing = store.write().await.unwrap();
        sqlx::query("INSERT INTO notes (id, words, bytes) VALUES ($1, $2, $3)")
            .bind(7_i64)
            .bind(None::<String>)
            .bind(vec![0_u8, 255])
            .execute(&mut *writing)
            .await
            .unwrap();
        writing.commit().await.unwrap();
        store.close().await;

        let store = place.open().await;
        store.migrate(&[NOTES]).await.unwrap();
        let row = sqlx::query("SELECT id, words, bytes FROM notes WHERE id = $1")
            .bind(7_i64)
            .fetch_one(store.read())
            .await
            .unwrap();
        assert_eq!(row.get::<i64, _>(0), 7);
        assert_eq!(row.get::<Option<String>, _>(1), None);
        assert_eq!(row.get::<Vec<u8>, _>(2), [0, 255]);
    });
}

#[test]
fn what_is_not_committed_was_never_there() {
    on_both(|place| async move {
        let store = place.open().await;
        store.migrate(&[NOTES]).await.unwrap();
        let mut writing = store.write().await.unwrap();
        sqlx::query("INSERT INTO notes (id) VALUES (1)").execute(&mut *writing).await.unwrap();
        drop(writing);
        let writing = store.write().await.unwrap();
        drop(writing);
        let row = sqlx::query("SELECT COUNT(*) FROM notes").fetch_one(store.read()).await.unwrap();
        assert_eq!(row.get::<i64, _>(0), 0);
    });
}

#[test]
fn a_migration_that_was_changed_after_it_ran_is_refused() {
    on_both(|place| async move {
        let store = place.open().await;
        store.migrate(&[NOTES]).await.unwrap();
        let changed = Migration { sql: "CREATE TABLE notes (id BIGINT)", ..NOTES };
        let error = store.migrate(&[changed]).await.unwrap_err();
        assert!(error.is_corrupt());
        assert_eq!(error.to_string(), "migration 190, notes, was changed after it ran");
    });
}

#[test]
fn a_store_of_a_newer_program_is_refused() {
    on_both(|place| async move {
        let store = place.open().await;
        store.migrate(&[Migration { number: 99, name: "what comes", ..NOTES }]).await.unwrap();
        store.close().await;
        let error = Store::open(&place.url).await.unwrap_err();
        assert!(error.is_unavailable());
        let told = "this store was brought up to date by a newer program: what comes";
        assert_eq!(error.to_string(), told);
    });
}

#[test]
fn several_processes_open_an_empty_database_at_once() {
    on_both(|place| async move {
        let opened = (0..4).map(|_| {
            let url = place.url.clone();
            tokio::spawn(async move { Store::open(&url).await.map(|_| ()) })
        });
        for opening in opened.collect::<Vec<_>>() {
            opening.await.unwrap().unwrap();
        }
    });
}

#[test]
fn readers_cannot_write_on_sqlite() {
    on_both(|place| async move {
        let store = place.open().await;
        let wrote = sqlx::query("DELETE FROM entries").execute(store.read()).await;
        assert_eq!(wrote.is_err(), store.engine() == Engine::Sqlite);
    });
}

#[tokio::test]
async fn a_url_that_is_none_is_refused_with_the_right_form() {
    let error = Store::open("mysql://localhost/x").await.unwrap_err();
    assert!(error.is_unavailable());
    assert_eq!(error.help_text(), Some("write sqlite:FILE or postgres://USER@HOST/DATABASE"));
    let error = Store::open("sqlite::memory:").await.unwrap_err();
    assert_eq!(error.to_string(), "a store in memory would lose its records");
}

#[tokio::test]
async fn what_the_database_says_to_a_stranger_is_passed_on() {
    let Ok(server) = std::env::var("BRIGHTLINE_TEST_POSTGRES") else {
        println!("skipped: BRIGHTLINE_TEST_POSTGRES names no server");
        return;
    };
    let (start, query) = server.split_once('?').unwrap_or((&server, ""));
    let (start, _) = start.rsplit_once('/').unwrap();
    let error = Store::open(&format!("{start}/no_such_records?{query}")).await.unwrap_err();
    let help = error.help_text().unwrap();
    assert_eq!(help, "the database says: database \"no_such_records\" does not exist");
}
