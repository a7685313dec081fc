//! Replay: all rows of a table under a law before and a law after.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::thread;

use arrow_array::cast::AsArray;
use arrow_array::{Array, RecordBatch};
use brightline_law::{BLOCK_ROWS, Law, RequestColumns};

use crate::column::{columns, group, text};
use crate::error::{Error, Fault};
use crate::layout::Known;
use crate::offense::Names;
use crate::table::{Part, Table};
use crate::tally::{Counts, Tally, by_outcome};

/// So many threads read and decide.
pub const THREAD_COUNT: usize = 2;

/// The laws of one act.
pub struct ActLaws {
    /// Before.
    pub before: Law,
    /// After.
    pub after: Law,
}

/// What the threads share.
struct Shared<'a> {
    known: Known<'a>,
    table: &'a Table,
    acts: &'a [ActLaws],
    parts: Vec<Part>,
    next: AtomicUsize,
    rows_done: AtomicU64,
    has_failed: AtomicBool,
    progress: &'a (dyn Fn(u64) + Sync),
}

/// Decides every row of a table under the laws of each act, before and after.
///
/// `progress` is called now and then, by any thread, with how many rows are done.
///
/// # Errors
///
/// When the file cannot be read to its end, or a value in it is none that its fact can have.
pub fn replay(
    known: Known<'_>,
    table: &Table,
    acts: &[ActLaws],
    progress: &(dyn Fn(u64) + Sync),
) -> Result<Tally, Error> {
    let shared = Shared {
        known,
        table,
        acts,
        parts: table.parts(THREAD_COUNT),
        next: AtomicUsize::new(0),
        rows_done: AtomicU64::new(0),
        has_failed: AtomicBool::new(false),
        progress,
    };
    let thread_count = THREAD_COUNT.min(shared.parts.len()).max(1);
    let tallies: Vec<Result<Tally, Fault>> = thread::scope(|scope| {
        let work = || scope.spawn(|| work(&shared));
        let threads: Vec<_> = (0..thread_count).map(|_| work()).collect();
        let lost = |_| Err(Fault::new("", "a thread was lost"));
        threads.into_iter().map(|thread| thread.join().unwrap_or_else(lost)).collect()
    });
    let mut all = Tally::new(acts.len());
    for tally in tallies {
        all.merge(tally?)?;
    }
    Ok(all)
}

/// Takes parts until there are none.
fn work(shared: &Shared<'_>) -> Result<Tally, Fault> {
    let mut tally = Tally::new(shared.acts.len());
    let mut names = Names::new(shared.known.corpus);
    while let Some(part) = shared.parts.get(shared.next.fetch_add(1, Ordering::Relaxed)) {
        for batch in shared.table.batches(*part)? {
            if shared.has_failed.load(Ordering::Relaxed) {
                return Ok(tally);
            }
            let counted = batch.and_then(|batch| count(shared, &batch, &mut names, &mut tally));
            if let Err(fault) = counted {
                shared.has_failed.store(true, Ordering::Relaxed);
                return Err(fault);
            }
        }
    }
    Ok(tally)
}

fn count(
    shared: &Shared<'_>,
    batch: &RecordBatch,
    names: &mut Names<'_>,
    tally: &mut Tally,
) -> Result<(), Fault> {
    let columns = columns(batch, &shared.table.layout, names)?;
    let array = shared.table.layout.group_by.as_ref().and_then(|name| batch.column_by_name(name));
    let groups = array.map(|array| Groups::of(array));
    for (index, laws) in shared.acts.iter().enumerate() {
        let mut by_group = vec![Counts::default(); groups.as_ref().map_or(0, |it| it.values.len())];
        let mut all = Counts::default();
        count_act(shared, laws, &columns, |block, before, after| {
            add(before, after, &mut all);
            if let Some(groups) = &groups {
                groups.add(block, before, after, &mut by_group);
            }
        });
        if let Some(own) = tally.acts.get_mut(index) {
            own.merge(&all);
        }
        let values = groups.iter().flat_map(|groups| &groups.values);
        let some = |(_, counts): &(&Option<String>, &Counts)| **counts != Counts::default();
        for (value, counts) in values.zip(&by_group).filter(some) {
            if let Some(own) = tally.group(value.clone())?.get_mut(index) {
                own.merge(counts);
            }
        }
    }
    let rows = batch.num_rows() as u64;
    tally.row_count += rows;
    (shared.progress)(shared.rows_done.fetch_add(rows, Ordering::Relaxed) + rows);
    Ok(())
}

/// The rows of a block by outcome.
type ByOutcome = [[u64; 8]; brightline_law::Outcome::ALL.len()];

fn count_act(
    shared: &Shared<'_>,
    laws: &ActLaws,
    columns: &RequestColumns,
    mut visit: impl FnMut(usize, &ByOutcome, &ByOutcome),
) {
    let corpus = shared.known.corpus;
    let mut before: Vec<ByOutcome> = Vec::with_capacity(columns.row_count().div_ceil(BLOCK_ROWS));
    laws.before.settle_all(corpus, columns, |_, found| before.push(by_outcome(found)));
    laws.after.settle_all(corpus, columns, |block, found| {
        if let Some(before) = before.get(block) {
            visit(block, before, &by_outcome(found));
        }
    });
}

fn add(before: &ByOutcome, after: &ByOutcome, counts: &mut Counts) {
    for (from, left) in before.iter().enumerate().filter(|(_, rows)| **rows != [0; 8]) {
        for (to, right) in after.iter().enumerate().filter(|(_, rows)| **rows != [0; 8]) {
            let both = left.iter().zip(right).map(|(left, right)| left & right);
            counts.add(from, to, both.map(|word| u64::from(word.count_ones())).sum());
        }
    }
}

/// The groups of the rows of a batch.
struct Groups {
    /// By row.
    codes: Vec<u32>,
    values: Vec<Option<String>>,
}

impl Groups {
    fn of(array: &dyn Array) -> Self {
        let number = |index: usize| u32::try_from(index).unwrap_or(u32::MAX);
        if let Some(dictionary) = array.as_any_dictionary_opt() {
            let values = dictionary.values();
            let mut texts: Vec<Option<String>> =
                (0..values.len()).map(|at| text(values, at).map(str::to_owned)).collect();
            texts.push(None);
            let none = number(values.len());
            let keys = dictionary.normalized_keys();
            let code = |(row, key): (usize, &usize)| {
                if array.is_null(row) { none } else { number(*key) }
            };
            return Self { codes: keys.iter().enumerate().map(code).collect(), values: texts };
        }
        let mut places: BTreeMap<Option<String>, u32> = BTreeMap::new();
        let mut values = Vec::new();
        let mut code = |row: usize| {
            let value = group(array, row);
            *places.entry(value).or_insert_with_key(|value| {
                values.push(value.clone());
                number(values.len() - 1)
            })
        };
        Self { codes: (0..array.len()).map(&mut code).collect(), values }
    }

    fn add(&self, block: usize, before: &ByOutcome, after: &ByOutcome, counts: &mut [Counts]) {
        let codes = self.codes.iter().skip(block * BLOCK_ROWS).take(BLOCK_ROWS);
        let (before, after) = (places(before), places(after));
        for ((code, before), after) in codes.zip(&before).zip(&after) {
            if let Some(own) = counts.get_mut(*code as usize) {
                own.add((*before).into(), (*after).into(), 1);
            }
        }
    }
}

/// The place of the outcome of each row; one past the last where there is none.
fn places(found: &ByOutcome) -> [u8; BLOCK_ROWS] {
    let mut places = [u8::MAX; BLOCK_ROWS];
    for (place, rows) in (0u8..).zip(found) {
        for (slots, word) in places.chunks_mut(64).zip(rows) {
            let mut left = *word;
            while left != 0 {
                if let Some(slot) = slots.get_mut(left.trailing_zeros() as usize) {
                    *slot = place;
                }
                left &= left - 1;
            }
        }
    }
    places
}
