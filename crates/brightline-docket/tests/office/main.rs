//! The office on both databases: the same tests run on SQLite and on PostgreSQL.

#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod places;
mod store;
