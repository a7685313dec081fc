//! The tree from its entries, against the head, the checkpoints and what is published.

use brightline_ledger::{Checkpoint, Frontier, TileFiles, TreeHead, VerifierKey, leaf_hash};
use sqlx::{Any, Row, Transaction};

use super::Audited;
use crate::error::Error;

/// Entries read at a time.
const PAGE: i64 = 8192;

/// A head that was signed, and where it stands.
struct Signed {
    head: TreeHead,
    /// The time that the store gives it: that of its last entry.
    at: Option<i64>,
    place: String,
}

pub(super) async fn check(
    reading: &mut Transaction<'static, Any>,
    log: Option<&(TileFiles, VerifierKey)>,
    found: &mut Audited,
) -> Result<(), Error> {
    let mut signed = checkpoints(reading, log.map(|log| &log.1), found).await?;
    if let Some((files, key)) = log {
        signed.extend(published(files, key, found));
    }
    signed.sort_by_key(|it| it.head.size);
    let mut waiting = signed.into_iter().peekable();
    let mut frontier = Frontier::new();
    let mut last_at = 0;
    while let Some(signed) = waiting.next_if(|it| it.head.size == 0) {
        compare(&signed, (&frontier, last_at), found);
    }
    loop {
        let from = i64::try_from(frontier.size()).unwrap_or(i64::MAX);
        let sql = "SELECT position, commitment, at FROM entries WHERE position >= $1 \
                   ORDER BY position LIMIT $2";
        let rows = sqlx::query(sql).bind(from).bind(PAGE).fetch_all(&mut **reading).await?;
        if rows.is_empty() {
            break;
        }
        for row in rows {
            let position = row.try_get::<i64, _>(0)?.unsigned_abs();
            if position != frontier.size() {
                let message = format!("the entry {} is missing", frontier.size());
                return Err(Error::corrupt(message));
            }
            frontier.append(leaf_hash(&row.try_get::<Vec<u8>, _>(1)?));
            let at: i64 = row.try_get(2)?;
            if at < last_at {
                found.fault(format!("the entry {position} is earlier than the one before it"));
            }
            last_at = last_at.max(at);
            while let Some(signed) = waiting.next_if(|it| it.head.size <= frontier.size()) {
                compare(&signed, (&frontier, at), found);
            }
        }
    }
    for signed in waiting {
        compare(&signed, (&frontier, last_at), found);
    }
    (found.entries, found.root) = (frontier.size(), frontier.root());
    head(reading, &frontier, last_at, found).await
}

fn compare(signed: &Signed, (frontier, at): (&Frontier, i64), found: &mut Audited) {
    let (size, place) = (signed.head.size, &signed.place);
    if size > frontier.size() {
        let count = size - frontier.size();
        found.fault(format!("{place}: {count} entries are missing that were signed"));
    } else if size == frontier.size() && signed.head.root != frontier.root() {
        found.fault(format!("{place}: the entries are not those that were signed"));
    } else if size == frontier.size() && signed.at.is_some_and(|it| it != at) {
        found.fault(format!("{place}: its time is not that of its last entry"));
    }
}

async fn head(
    reading: &mut Transaction<'static, Any>,
    frontier: &Frontier,
    last_at: i64,
    found: &mut Audited,
) -> Result<(), Error> {
    let sql = "SELECT one, size, frontier, last_at FROM head";
    let rows = sqlx::query(sql).fetch_all(&mut **reading).await?;
    let [row] = rows.as_slice() else {
        return Err(Error::corrupt("there is not one head"));
    };
    let size = row.try_get::<i64, _>(1)?.unsigned_abs();
    let is_same = row.try_get::<i64, _>(0)? == 1
        && size == frontier.size()
        && row.try_get::<Vec<u8>, _>(2)? == frontier.to_bytes()
        && row.try_get::<i64, _>(3)? == last_at;
    if !is_same {
        let count = frontier.size();
        found.fault(format!("the head of the tree is not that of the {count} entries"));
    }
    Ok(())
}

/// The checkpoints that are kept beside the entries.
async fn checkpoints(
    reading: &mut Transaction<'static, Any>,
    key: Option<&VerifierKey>,
    found: &mut Audited,
) -> Result<Vec<Signed>, Error> {
    let sql = "SELECT size, note, at FROM checkpoints ORDER BY size";
    let mut signed = Vec::new();
    for row in sqlx::query(sql).fetch_all(&mut **reading).await? {
        let size = row.try_get::<i64, _>(0)?.unsigned_abs();
        let note: String = row.try_get(1)?;
        let at = Some(row.try_get::<i64, _>(2)?);
        let place = format!("the checkpoint of size {size}");
        let opened = match key {
            Some(key) => Checkpoint::open(&note, key),
            None => note.parse().and_then(|note: brightline_ledger::Note| note.text().parse()),
        };
        match opened {
            Ok(checkpoint) if checkpoint.head().size == size => {
                signed.push(Signed { head: checkpoint.head(), at, place });
            }
            Ok(_) => found.fault(format!("{place}: it is of another size")),
            Err(error) => found.fault(format!("{place}: {error}")),
        }
    }
    Ok(signed)
}

/// The published folder: whole in itself, and its checkpoint to be compared.
fn published(files: &TileFiles, key: &VerifierKey, found: &mut Audited) -> Option<Signed> {
    match files.verify(key) {
        Ok(verified) => {
            for fault in verified.faults {
                found.fault(format!("the published log: {fault}"));
            }
            Some(Signed { head: verified.head, at: None, place: "the published log".to_owned() })
        }
        Err(error) => {
            found.fault(format!("the published log: {error}"));
            None
        }
    }
}
