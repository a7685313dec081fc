//! Columns of plain facts: the host has found the latest qualifying conviction of each request, as
//! for the engines that cannot; and the same from a file. The act is the hold by the police.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use arrow_array::{ArrayRef, BooleanArray, Int64Array, RecordBatch};
use brightline_law::clock::Day;
use brightline_law::ir::{AsKnown, Corpus, FactId, PackId};
use brightline_law::{Column, Law, Outcome as Ends, RequestColumns, Scope};
use brightline_replay::{ActLaws, Choices, Known, Table as Past, replay};
use parquet::arrow::ArrowWriter;
use parquet::basic::Compression;
use parquet::file::properties::WriterProperties;

use crate::policy::{Input, Race, WINDOW};
use crate::table::{Table, clock_of_all, median, median_by};
use crate::{Outcome, brightline};

const SECTION: &str = "one act, columns of plain facts, 1,000,000 rows";
const FROM_FILE: &str = "one act, from Parquet, 10,000,000 rows";
const NO_CONVICTION: i64 = 99_999;
/// The window of the later edition.
const WINDOW_LATER: i64 = 1095;
/// So many times the inputs.
const REPEATS: usize = 100;
/// So many times the rows in memory.
const ROW_GROUPS: usize = 10;
const PASS: Duration = Duration::from_secs(1);

/// The rows, fact by fact; the second of each pair is what tells whether it is so.
struct Facts {
    row_count: usize,
    flags: [(&'static str, Vec<bool>); 4],
    days: (&'static str, Vec<i64>),
}

impl Facts {
    fn of(race: &Race) -> Self {
        let rows = || (0..REPEATS).flat_map(|_| &race.inputs);
        let flag = |of: &dyn Fn(&Input) -> bool| rows().map(of).collect::<Vec<bool>>();
        let days = rows().map(|input| race.latest(input).unwrap_or(NO_CONVICTION));
        Self {
            row_count: race.inputs.len() * REPEATS,
            flags: [
                ("judicial_warrant", flag(&|input| input.judicial_warrant)),
                ("terrorist_match", flag(&|input| input.terrorist_match)),
                ("reentered_after_removal", flag(&|input| input.reentered_after_removal)),
                ("has_qualifying", flag(&|input| race.latest(input).is_some())),
            ],
            days: ("days_since_qualifying", days.collect()),
        }
    }

    fn columns(&self, corpus: &Corpus, pack: PackId) -> Outcome<RequestColumns> {
        let fact = |name: &str| -> Outcome<FactId> {
            corpus.fact(pack, name).ok_or_else(|| format!("no fact {name}").into())
        };
        let mut columns = RequestColumns::new(self.row_count);
        let known = vec![u64::MAX; self.row_count.div_ceil(64)];
        for (name, values) in &self.flags {
            let word =
                |bits: &[bool]| bits.iter().rev().fold(0, |word, bit| word << 1 | u64::from(*bit));
            let words: Vec<u64> = values.chunks(64).map(word).collect();
            columns.set_bitmap(fact(name)?, &known, &words);
        }
        let (name, days) = &self.days;
        columns.set_column(fact(name)?, Column::numbers(days.iter().map(|days| Some(*days))));
        Ok(columns)
    }

    fn by_hand(&self, window: i64) -> Vec<bool> {
        let [warrant, matched, back, convicted] = &self.flags;
        let one = |at: usize| {
            let recent = convicted.1[at] && self.days.1[at] <= window;
            warrant.1[at] && (recent || matched.1[at]) || back.1[at] && convicted.1[at]
        };
        (0..self.row_count).map(one).collect()
    }

    /// Writes the rows as other programs do by default, several times over.
    fn write(&self, path: &Path) -> Outcome<()> {
        let flags = self.flags.iter().map(|(name, values)| {
            (*name, Arc::new(BooleanArray::from(values.clone())) as ArrayRef)
        });
        let days: ArrayRef = Arc::new(Int64Array::from(self.days.1.clone()));
        let batch = RecordBatch::try_from_iter(flags.chain([(self.days.0, days)]))?;
        let properties = WriterProperties::builder()
            .set_compression(Compression::SNAPPY)
            .set_max_row_group_row_count(Some(self.row_count))
            .build();
        let file = std::fs::File::create(path)?;
        let mut writer = ArrowWriter::try_new(file, batch.schema(), Some(properties))?;
        for _ in 0..ROW_GROUPS {
            writer.write(&batch)?;
        }
        writer.close()?;
        Ok(())
    }
}

/// The rows of plain columns, in memory and from a file.
pub fn rows(race: &Race, table: &mut Table) -> Outcome<()> {
    let library = brightline::open(&race.folder.join("packs/projected"))?;
    let corpus = library.corpus();
    let pack = corpus.pack("projected").ok_or("no such pack")?;
    let [before, after] = [law(corpus, pack, "2025-12-31")?, law(corpus, pack, "2026-11-24")?];
    let facts = Facts::of(race);
    in_memory(&facts, (corpus, pack, &before), table)?;
    from_file(race, &facts, (corpus, pack), [before, after], table)
}

fn law(corpus: &Corpus, jurisdiction: PackId, day: &str) -> Outcome<Law> {
    let agency = corpus.agency(jurisdiction, "nypd").ok_or("no such agency")?;
    let act = corpus.act_name(jurisdiction, "hold").and_then(|name| name.acts.first());
    let act = *act.ok_or("no such act")?;
    let at = AsKnown { on: day_of(day)?, known: Day::MAX };
    Ok(Law::compile(corpus, Scope { jurisdiction, agency, act, at })?)
}

fn day_of(day: &str) -> Outcome<Day> {
    Day::parse(day).map_err(|error| error.to_string().into())
}

fn in_memory(
    facts: &Facts,
    (corpus, pack, law): (&Corpus, PackId, &Law),
    table: &mut Table,
) -> Outcome<()> {
    let count = facts.row_count as f64;
    let columns = facts.columns(corpus, pack)?;
    let answers = facts.by_hand(WINDOW);
    let told = law.outcomes_all(corpus, &columns);
    let is_right = |(told, permitted): (&Ends, &bool)| (*told == Ends::Permitted) == *permitted;
    if told.contains(&Ends::Open) || !told.iter().zip(&answers).all(is_right) {
        return Err(format!("{SECTION}: Brightline: a row differs").into());
    }
    let spent = median(|| {
        law.determine_all(corpus, &columns, |_, found| {
            std::hint::black_box(found);
        });
    });
    table.add(SECTION, "Brightline", "bitmaps and numbers, unknown facts allowed", spent / count);
    let spent = median(|| {
        std::hint::black_box(facts.by_hand(WINDOW));
    });
    table.add(SECTION, "by hand", "a Rust loop over the same arrays, a byte a flag", spent / count);
    let spent = median(|| {
        let _ = std::hint::black_box(facts.columns(corpus, pack));
    });
    let section = format!("{SECTION}, columns built");
    table.add(&section, "Brightline", "from arrays, a byte a flag", spent / count);
    Ok(())
}

fn from_file(
    race: &Race,
    facts: &Facts,
    (corpus, jurisdiction): (&Corpus, PackId),
    [before, after]: [Law; 2],
    table: &mut Table,
) -> Outcome<()> {
    let path = race.folder.join("past.parquet");
    facts.write(&path)?;
    let days = [before.scope().at.on, after.scope().at.on];
    let known = Known { corpus, jurisdiction, days: &days };
    let past = Past::open(&path, &known, &Choices::default()).map_err(|error| error.to_string())?;
    let laws = [ActLaws { before, after }];
    let run =
        |laws: &[ActLaws]| replay(known, &past, laws, &|_| {}).map_err(|error| error.to_string());
    let tally = run(&laws)?;
    let counts = tally.acts.first().ok_or("no act was counted")?;
    let (early, late) = (facts.by_hand(WINDOW), facts.by_hand(WINDOW_LATER));
    for (was, is) in [(true, true), (true, false), (false, true), (false, false)] {
        let want = early.iter().zip(&late).filter(|pair| *pair == (&was, &is)).count();
        let ends = |permitted| if permitted { Ends::Permitted } else { Ends::Prohibited };
        if counts.rows(ends(was), ends(is)) != (want * ROW_GROUPS) as u64 {
            return Err(format!("{FROM_FILE}: Brightline: the counts differ").into());
        }
    }
    let count = tally.row_count as f64;
    for (laws, encoding) in [
        (&laws[..], "read, decided under two editions and counted"),
        (&laws[..0], "read alone, into columns"),
    ] {
        let spent = median_by(clock_of_all, PASS, || {
            let _ = std::hint::black_box(run(laws));
        });
        table.add(FROM_FILE, "Brightline", encoding, spent / count);
    }
    std::fs::remove_file(&path)?;
    Ok(())
}
