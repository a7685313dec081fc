//! Backups: everything that the store holds at one moment, in one file, from either database into
//! either database.
//!
//! ```text
//! brightline backup 1
//! H  program, moment, head of the log, migrations
//! F  a file beside the store, such as the settings      (each)
//! T  a table: its name and columns                      (each)
//! R  rows of it                                         (many)
//! E  how many rows each table has
//! S  the digest of all this, signed by the key of the log
//! ```
//!
//! A frame is a letter, four bytes of length, big end first, and its bytes.
//! No secret key is in a backup: bodies are encrypted as they are in the store, the keys of cases
//! are wrapped, and whoever restores needs the master keys beside it.

mod frame;
mod read;
mod tables;
mod write;

use std::collections::BTreeMap;

use brightline_ledger::SignerKey;
use serde::{Deserialize, Serialize};

pub use read::Backup;

/// The first line of the file.
const MAGIC: &[u8] = b"brightline backup 1\n";
/// The first line of what is signed, so that it is taken for nothing else.
const SIGNED: &str = "brightline backup";

/// What goes into a backup besides the store.
pub struct BackupParts<'p> {
    /// Files that are no secrets, by name.
    pub files: BTreeMap<String, Vec<u8>>,
    /// The key of the log, which signs the backup; left out, only damage is found, no forgery.
    pub signer: Option<&'p SignerKey>,
    /// When, in microseconds since 1970 in UTC.
    pub at: i64,
}

/// What a backup says of itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BackupHeader {
    /// The version of the program that made it.
    pub program: String,
    /// When, in microseconds since 1970 in UTC.
    pub made_at: i64,
    /// Entries of the log.
    pub entries: u64,
    /// The root of the tree, made again from the entries of the backup.
    pub root: String,
    /// The public key that signed it, as in `ledger.pub`; empty where it is not signed.
    pub signed_by: String,
    /// The changes of the schema that its tables have.
    pub migrations: Vec<MigrationStamp>,
}

/// A change of the schema, as it ran.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MigrationStamp {
    /// Its number.
    pub number: u32,
    /// Its name.
    pub name: String,
    /// The digest of its statements.
    pub digest: String,
}

/// A table, before its rows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Table {
    name: String,
    columns: Vec<Column>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Column {
    name: String,
    kind: ColumnKind,
}

/// The three types that tables have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum ColumnKind {
    Number,
    Text,
    Bytes,
}

/// How many rows each table has.
type Counts = BTreeMap<String, u64>;
