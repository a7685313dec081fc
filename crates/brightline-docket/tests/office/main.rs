//! The office on both databases: the same tests run on SQLite and on PostgreSQL.

#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod a_law_is_amended;
mod a_record_is_challenged;
mod a_request_arrives;
mod audit;
mod backup;
mod chronicle;
mod clock;
mod desk;
mod duties;
mod fold;
mod keys;
mod lists;
mod places;
mod races;
mod sealing;
mod store;
mod tending;
