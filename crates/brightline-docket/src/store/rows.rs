//! Many rows in one statement.

use sqlx::{Any, AssertSqlSafe, Transaction};

use crate::error::Error;

/// Rows that go into one statement. Rows are written in statements of 256, 128, 64 and so on, so
/// that each table has few statements and all of them are kept prepared.
const ROWS_MAX: usize = 256;

/// One value of a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Slot {
    Number(i64),
    Text(String),
    Bytes(Vec<u8>),
}

impl From<i64> for Slot {
    fn from(number: i64) -> Self {
        Self::Number(number)
    }
}

impl From<String> for Slot {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<&str> for Slot {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<Vec<u8>> for Slot {
    fn from(bytes: Vec<u8>) -> Self {
        Self::Bytes(bytes)
    }
}

/// Rows for one table, gathered to be written together.
#[derive(Debug, Clone)]
pub(crate) struct Rows {
    /// `INSERT INTO t (a, b)`, without the values.
    insert: &'static str,
    /// What follows the values: `ON CONFLICT …`, or nothing.
    conflict: &'static str,
    columns: usize,
    slots: Vec<Slot>,
}

impl Rows {
    pub(crate) fn new(insert: &'static str, conflict: &'static str, columns: usize) -> Self {
        Self { insert, conflict, columns, slots: Vec::new() }
    }

    pub(crate) fn push<const N: usize>(&mut self, row: [Slot; N]) {
        debug_assert_eq!(N, self.columns);
        self.slots.extend(row);
    }

    /// Returns the rows, one after another.
    pub(crate) fn each(&self) -> impl Iterator<Item = &[Slot]> {
        self.slots.chunks(self.columns)
    }

    pub(crate) async fn write(self, writing: &mut Transaction<'static, Any>) -> Result<(), Error> {
        let mut slots = self.slots.into_iter();
        while slots.len() > 0 {
            let rows = share(slots.len() / self.columns);
            // SQLite looks up each numbered place among all, so there they stand in order.
            let marks = match writing.backend_name() {
                "SQLite" => places(rows, self.columns),
                _ => marks(rows, self.columns),
            };
            let sql = format!("{} VALUES {marks} {}", self.insert, self.conflict);
            let mut query = sqlx::query(AssertSqlSafe(sql));
            for slot in slots.by_ref().take(rows * self.columns) {
                query = match slot {
                    Slot::Number(it) => query.bind(it),
                    Slot::Text(it) => query.bind(it),
                    Slot::Bytes(it) => query.bind(it),
                };
            }
            query.execute(&mut **writing).await?;
        }
        Ok(())
    }
}

/// Returns how many of the rows that are left go into the next statement: a power of two.
fn share(left: usize) -> usize {
    1 << left.clamp(1, ROWS_MAX).ilog2()
}

/// Returns `($1,$2),($3,$4)`.
pub(crate) fn marks(rows: usize, columns: usize) -> String {
    let mut out = String::with_capacity(rows * columns * 5);
    for row in 0..rows {
        out.push_str(if row == 0 { "(" } else { "),(" });
        for column in 0..columns {
            let comma = if column == 0 { "" } else { "," };
            out.push_str(&format!("{comma}${}", row * columns + column + 1));
        }
    }
    out.push(')');
    out
}

/// Returns `(?,?),(?,?)`.
fn places(rows: usize, columns: usize) -> String {
    let row = format!("({})", vec!["?"; columns].join(","));
    vec![row; rows].join(",")
}

#[cfg(test)]
mod tests {
    use super::{marks, places, share};

    #[test]
    fn rows_are_written_in_few_kinds_of_statements() {
        let mut left = 64 + 32 + 4 + 1;
        let mut shares = Vec::new();
        while left > 0 {
            shares.push(share(left));
            left -= share(left);
        }
        assert_eq!(shares, [64, 32, 4, 1]);
        assert_eq!((share(1000), share(63)), (256, 32));
    }

    #[test]
    fn places_are_numbered_through() {
        assert_eq!(marks(2, 3), "($1,$2,$3),($4,$5,$6)");
        assert_eq!(places(2, 3), "(?,?,?),(?,?,?)");
    }
}
