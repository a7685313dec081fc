//! Many rows in one statement.

use sqlx::{Any, AssertSqlSafe, Transaction};

use crate::error::Error;

/// Rows that go into one statement; the text of a full statement is kept prepared.
const ROWS_MAX: usize = 64;

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
        loop {
            let chunk: Vec<Slot> = slots.by_ref().take(ROWS_MAX * self.columns).collect();
            if chunk.is_empty() {
                return Ok(());
            }
            let rows = chunk.len() / self.columns;
            let sql =
                format!("{} VALUES {} {}", self.insert, marks(rows, self.columns), self.conflict);
            let is_kept = rows == ROWS_MAX || rows == 1;
            let mut query = sqlx::query(AssertSqlSafe(sql)).persistent(is_kept);
            for slot in chunk {
                query = match slot {
                    Slot::Number(it) => query.bind(it),
                    Slot::Text(it) => query.bind(it),
                    Slot::Bytes(it) => query.bind(it),
                };
            }
            query.execute(&mut **writing).await?;
        }
    }
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

#[cfg(test)]
mod tests {
    use super::marks;

    #[test]
    fn places_are_numbered_through() {
        assert_eq!(marks(2, 3), "($1,$2,$3),($4,$5,$6)");
    }
}
