//! What tables there are, and their rows as bytes.

use sqlx::any::AnyRow;
use sqlx::{Any, AssertSqlSafe, Row, Transaction};

use super::{Column, ColumnKind, MigrationStamp, Table};
use crate::error::Error;
use crate::store::Engine;

/// The record of what ran; it is written by what runs.
const MIGRATIONS: &str = "migrations";

/// Returns the tables that hold something of ours, by name.
pub(super) async fn list(
    reading: &mut Transaction<'static, Any>,
    engine: Engine,
) -> Result<Vec<Table>, Error> {
    let sql = match engine {
        Engine::Sqlite => {
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' \
             ORDER BY name"
        }
        Engine::Postgres => {
            "SELECT table_name::text FROM information_schema.tables \
             WHERE table_schema = current_schema() AND table_type = 'BASE TABLE' ORDER BY 1"
        }
    };
    let mut tables = Vec::new();
    for row in sqlx::query(sql).fetch_all(&mut **reading).await? {
        let name: String = row.try_get(0)?;
        if name != MIGRATIONS {
            let columns = columns(reading, engine, &name).await?;
            tables.push(Table { name, columns });
        }
    }
    Ok(tables)
}

async fn columns(
    reading: &mut Transaction<'static, Any>,
    engine: Engine,
    table: &str,
) -> Result<Vec<Column>, Error> {
    let sql = match engine {
        Engine::Sqlite => "SELECT name, type FROM pragma_table_info($1) ORDER BY cid",
        Engine::Postgres => {
            "SELECT column_name::text, data_type::text FROM information_schema.columns \
             WHERE table_schema = current_schema() AND table_name = $1 ORDER BY ordinal_position"
        }
    };
    let rows = sqlx::query(sql).bind(table.to_owned()).fetch_all(&mut **reading).await?;
    let mut columns = Vec::new();
    for row in rows {
        let (name, kind): (String, String) = (row.try_get(0)?, row.try_get(1)?);
        let kind = match kind.to_ascii_lowercase().as_str() {
            "integer" | "bigint" => ColumnKind::Number,
            "text" => ColumnKind::Text,
            "blob" | "bytea" => ColumnKind::Bytes,
            other => {
                let what = format!("`{table}.{name}` is of the type `{other}`, which none has");
                return Err(Error::corrupt(what));
            }
        };
        columns.push(Column { name, kind });
    }
    Ok(columns)
}

/// Returns the migrations that ran.
pub(super) async fn migrations(
    reading: &mut Transaction<'static, Any>,
) -> Result<Vec<MigrationStamp>, Error> {
    let sql = "SELECT number, name, digest FROM migrations ORDER BY number";
    let mut stamps = Vec::new();
    for row in sqlx::query(sql).fetch_all(&mut **reading).await? {
        let number = u32::try_from(row.try_get::<i64, _>(0)?);
        let number = number.map_err(|_| Error::corrupt("a migration has no number"))?;
        stamps.push(MigrationStamp { number, name: row.try_get(1)?, digest: row.try_get(2)? });
    }
    Ok(stamps)
}

/// One value of a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Value {
    Number(Option<i64>),
    Text(Option<String>),
    Bytes(Option<Vec<u8>>),
}

const NOTHING: u8 = 0;
const SOMETHING: u8 = 1;

impl Table {
    /// Returns the statement that reads all rows, in the order of their first column.
    pub(super) fn select(&self) -> String {
        format!("SELECT {} FROM {} ORDER BY 1", self.names(), self.name)
    }

    /// Looks whether these are names of tables, and not statements.
    pub(super) fn require_names(&self) -> Result<(), Error> {
        let is_plain = |name: &str| {
            let rest = |it: u8| it.is_ascii_lowercase() || it.is_ascii_digit() || it == b'_';
            !name.is_empty() && name.bytes().all(rest)
        };
        if is_plain(&self.name) && self.columns.iter().all(|it| is_plain(&it.name)) {
            return Ok(());
        }
        Err(super::frame::damaged("a table of it has no name that a table has"))
    }

    /// Returns the columns as a statement lists them.
    pub(super) fn names(&self) -> String {
        let names: Vec<&str> = self.columns.iter().map(|it| it.name.as_str()).collect();
        names.join(", ")
    }

    pub(super) fn index_of(&self, column: &str) -> Option<usize> {
        self.columns.iter().position(|it| it.name == column)
    }

    /// Adds a row to the bytes of a frame.
    pub(super) fn push(&self, row: &AnyRow, to: &mut Vec<u8>) -> Result<(), Error> {
        for (at, column) in self.columns.iter().enumerate() {
            match column.kind {
                ColumnKind::Number => {
                    let number = row.try_get::<Option<i64>, _>(at)?;
                    push_some(number.as_ref().map(|it| it.to_be_bytes()).as_ref(), to);
                }
                ColumnKind::Text => {
                    let text = row.try_get::<Option<String>, _>(at)?;
                    push_long(text.as_deref().map(str::as_bytes), to)?;
                }
                ColumnKind::Bytes => {
                    let bytes = row.try_get::<Option<Vec<u8>>, _>(at)?;
                    push_long(bytes.as_deref(), to)?;
                }
            }
        }
        Ok(())
    }

    /// Reads the next row from the bytes of a frame; nothing at the end.
    pub(super) fn read(&self, from: &mut &[u8]) -> Option<Result<Vec<Value>, Error>> {
        if from.is_empty() {
            return None;
        }
        let short = || super::frame::damaged("a row of it is too short");
        let values = self.columns.iter().map(|column| {
            let is_there = take(from, 1).ok_or_else(short)? == [SOMETHING];
            Ok(match column.kind {
                ColumnKind::Number => Value::Number(match is_there {
                    true => Some(number(from).ok_or_else(short)?),
                    false => None,
                }),
                ColumnKind::Text => Value::Text(match is_there {
                    true => {
                        let bytes = long(from).ok_or_else(short)?;
                        Some(String::from_utf8(bytes.to_vec()).map_err(|_| short())?)
                    }
                    false => None,
                }),
                ColumnKind::Bytes => Value::Bytes(match is_there {
                    true => Some(long(from).ok_or_else(short)?.to_vec()),
                    false => None,
                }),
            })
        });
        Some(values.collect())
    }

    /// Returns whether the table of the store has a row.
    pub(super) async fn has_rows(
        &self,
        writing: &mut Transaction<'static, Any>,
    ) -> Result<bool, Error> {
        let sql = AssertSqlSafe(format!("SELECT 1 FROM {} LIMIT 1", self.name));
        Ok(sqlx::query(sql).fetch_optional(&mut **writing).await?.is_some())
    }
}

fn push_some(bytes: Option<&[u8; 8]>, to: &mut Vec<u8>) {
    to.push(if bytes.is_some() { SOMETHING } else { NOTHING });
    to.extend(bytes.into_iter().flatten());
}

fn push_long(bytes: Option<&[u8]>, to: &mut Vec<u8>) -> Result<(), Error> {
    let Some(bytes) = bytes else {
        to.push(NOTHING);
        return Ok(());
    };
    let length = u32::try_from(bytes.len());
    let length = length.map_err(|_| Error::corrupt("a value of the store is too long"))?;
    to.push(SOMETHING);
    to.extend(length.to_be_bytes());
    to.extend(bytes);
    Ok(())
}

fn take<'b>(from: &mut &'b [u8], count: usize) -> Option<&'b [u8]> {
    let (taken, rest) = from.split_at_checked(count)?;
    *from = rest;
    Some(taken)
}

fn number(from: &mut &[u8]) -> Option<i64> {
    take(from, 8)?.try_into().ok().map(i64::from_be_bytes)
}

fn long<'b>(from: &mut &'b [u8]) -> Option<&'b [u8]> {
    let length = take(from, 4)?.try_into().ok().map(u32::from_be_bytes)?;
    take(from, usize::try_from(length).ok()?)
}
