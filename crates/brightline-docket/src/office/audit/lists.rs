//! The lists: their rows must follow from the cases, and nothing else may stand in them.

use std::collections::BTreeSet;

use sha2::{Digest, Sha256};
use sqlx::any::AnyRow;
use sqlx::{Any, AssertSqlSafe, Row, Transaction};

use super::{Audited, Sums};
use crate::error::Error;
use crate::store::Slot;

/// Rows read at a time.
const PAGE: i64 = 8192;

/// A table that follows from the entries: its columns with their types, `n`, `t` or `b`, the
/// column of the case, and the columns by which it is ordered.
struct List {
    name: &'static str,
    columns: &'static str,
    types: &'static str,
    case: usize,
}

const CASES: List = List {
    name: "cases",
    columns: "id, reference, jurisdiction, agency, version, entries, stage, is_open, \
         received_at, changed_at, due_at, channel, facility, assigned, acts, open_facts, \
         departures, record_class, is_held, expires_at",
    types: "nttt nntn nnnt tttn ntnn",
    case: 0,
};
const ACTS: List = List {
    name: "case_acts",
    columns: "case_id, act, agency, outcome, received_at",
    types: "ntttn",
    case: 0,
};
const TASKS: List = List {
    name: "tasks",
    columns: "case_id, task, agency, owner, stage, due_at, escalated",
    types: "nttttnn",
    case: 0,
};
const TOKENS: List =
    List { name: "name_tokens", columns: "agency, token, case_id", types: "tbn", case: 2 };

/// Returns a number for a row; those of all rows of a case are added up.
pub(super) fn digest(table: &str, row: &[Slot]) -> u128 {
    let mut hasher = Sha256::new();
    let mut part = |mark: u8, bytes: &[u8]| {
        hasher.update([mark]);
        hasher.update((bytes.len() as u64).to_be_bytes());
        hasher.update(bytes);
    };
    part(b'T', table.as_bytes());
    for slot in row {
        match slot {
            Slot::Number(it) => part(b'n', &it.to_be_bytes()),
            Slot::Text(it) => part(b't', it.as_bytes()),
            Slot::Bytes(it) => part(b'b', it),
        }
    }
    let hash: [u8; 32] = hasher.finalize().into();
    let (half, _) = hash.split_first_chunk::<16>().unwrap_or((&[0; 16], &[]));
    u128::from_be_bytes(*half)
}

/// Takes what is in the lists from what should be; what is left over is a fault.
pub(super) async fn compare(
    reading: &mut Transaction<'static, Any>,
    sealed: &BTreeSet<i64>,
    mut sums: Sums,
    found: &mut Audited,
) -> Result<(), Error> {
    for list in [CASES, ACTS, TASKS, TOKENS] {
        let taken = take(reading, &list, sealed, &mut sums).await;
        found.damage(&format!("the list `{}`", list.name), taken)?;
    }
    for (id, _) in sums.into_iter().filter(|(_, sum)| *sum != 0) {
        found.fault(format!("what is listed of the case {id} does not follow from its entries"));
    }
    Ok(())
}

async fn take(
    reading: &mut Transaction<'static, Any>,
    list: &List,
    sealed: &BTreeSet<i64>,
    sums: &mut Sums,
) -> Result<(), Error> {
    let (name, columns) = (list.name, list.columns);
    let case = if list.case == 0 { columns.split(',').next() } else { Some("case_id") };
    let case = case.unwrap_or_default();
    let is_sealable = name == CASES.name || name == ACTS.name;
    let mut from = i64::MIN;
    loop {
        // Pages end between cases: the rows of the last case of a full page are read again.
        let sql =
            format!("SELECT {columns} FROM {name} WHERE {case} >= $1 ORDER BY {case} LIMIT $2");
        let rows = sqlx::query(AssertSqlSafe(sql)).bind(from).bind(PAGE);
        let rows = rows.fetch_all(&mut **reading).await?;
        let is_last = rows.len() < usize::try_from(PAGE).unwrap_or(usize::MAX);
        let mut page = Vec::with_capacity(rows.len());
        for row in &rows {
            page.push((row.try_get::<i64, _>(list.case)?, slots(row, list.types)?));
        }
        let end = page.last().map_or(i64::MAX, |it| it.0);
        if !is_last && page.first().is_some_and(|it| it.0 == end) {
            return Err(Error::corrupt(format!("the case {end} has too many rows")));
        }
        for (id, row) in page.iter().filter(|it| is_last || it.0 < end) {
            if is_sealable && sealed.contains(id) {
                continue;
            }
            let sum = sums.entry(*id).or_default();
            *sum = sum.wrapping_sub(digest(name, row));
        }
        if is_last {
            return Ok(());
        }
        from = end;
    }
}

fn slots(row: &AnyRow, types: &str) -> Result<Vec<Slot>, Error> {
    let mut slots = Vec::new();
    for (at, kind) in types.chars().filter(|it| *it != ' ').enumerate() {
        slots.push(match kind {
            'n' => Slot::Number(row.try_get(at)?),
            't' => Slot::Text(row.try_get(at)?),
            _ => Slot::Bytes(row.try_get(at)?),
        });
    }
    Ok(slots)
}
