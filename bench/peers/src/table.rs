//! The table: every row checked, timed, compared.

use std::hint::black_box;
use std::path::Path;
use std::sync::LazyLock;
use std::time::{Duration, Instant};

use crate::Outcome;

/// Passes over all inputs; the median counts.
const PASSES: usize = 5;
/// A pass is slow that takes longer; then there are fewer.
const SLOW: Duration = Duration::from_secs(2);
const PASSES_SLOW: usize = 3;
/// The least time of a pass; many ticks of the clock.
const PASS: Duration = Duration::from_millis(200);
/// The engine that the others are compared with.
const OWN: &str = "Brightline";

/// One line of the table.
struct Row {
    section: String,
    engine: String,
    encoding: String,
    nanoseconds: f64,
}

/// All lines.
pub struct Table {
    rows: Vec<Row>,
}

impl Table {
    /// An empty table.
    pub fn new() -> Self {
        Self { rows: Vec::new() }
    }

    /// Checks all answers and times an engine; a wrong answer ends the program.
    pub fn run<A: PartialEq + std::fmt::Debug>(
        &mut self,
        section: &str,
        (engine, encoding): (&str, &str),
        want: &[A],
        mut answer: impl FnMut(usize) -> A,
    ) {
        check(section, (engine, encoding), want, &mut answer);
        let spent = median(|| {
            for at in 0..want.len() {
                black_box(answer(at));
            }
        });
        self.add(section, engine, encoding, spent / want.len() as f64);
    }

    /// As [`Table::run`] for an engine that writes its answer as text: the text is read again to
    /// be checked, and only its making is timed.
    pub fn run_text<A: PartialEq + std::fmt::Debug>(
        &mut self,
        section: &str,
        name: (&str, &str),
        want: &[A],
        make: impl Fn(usize) -> String,
        read: impl Fn(&str) -> A,
    ) {
        check(section, name, want, |at| read(&make(at)));
        let spent = median(|| {
            for at in 0..want.len() {
                black_box(make(at));
            }
        });
        self.add(section, name.0, name.1, spent / want.len() as f64);
    }

    /// Times how a policy is made ready.
    pub fn start<T>(
        &mut self,
        section: &str,
        (engine, encoding): (&str, &str),
        make: impl Fn() -> Outcome<T>,
    ) -> Outcome<T> {
        let made = make()?;
        let spent = median(|| {
            let _ = black_box(make());
        });
        self.add(section, engine, encoding, spent);
        Ok(made)
    }

    /// Adds a row measured elsewhere.
    pub fn add(&mut self, section: &str, engine: &str, encoding: &str, nanoseconds: f64) {
        eprintln!("{section:32} {engine:12} {encoding:60} {nanoseconds:>14.1} ns");
        self.rows.push(Row {
            section: section.to_owned(),
            engine: engine.to_owned(),
            encoding: encoding.to_owned(),
            nanoseconds,
        });
    }

    /// Adds the rows that Axiom and OpenFisca left in `rows-*.tsv`.
    pub fn add_others(&mut self, folder: &Path) -> Outcome<()> {
        for name in ["rows-axiom.tsv", "rows-openfisca.tsv"] {
            let Ok(text) = std::fs::read_to_string(folder.join(name)) else {
                continue;
            };
            for line in text.lines() {
                let cells: Vec<&str> = line.split('\t').collect();
                if let [section, engine, encoding, nanoseconds] = cells[..] {
                    self.add(section, engine, encoding, nanoseconds.parse()?);
                }
            }
        }
        Ok(())
    }

    /// Prints the table as Markdown, section by section, the fastest first.
    pub fn print(&self) {
        let mut sections: Vec<&str> = Vec::new();
        for row in &self.rows {
            if !sections.contains(&row.section.as_str()) {
                sections.push(&row.section);
            }
        }
        for section in sections {
            let mut rows: Vec<&Row> =
                self.rows.iter().filter(|row| row.section == section).collect();
            rows.sort_by(|a, b| a.nanoseconds.total_cmp(&b.nanoseconds));
            let own = rows.iter().find(|row| row.engine == OWN).map(|row| row.nanoseconds);
            println!("\n| {section} | encoding | median | of Brightline's |\n|---|---|---:|---:|");
            for row in rows {
                let ratio = own.map_or_else(String::new, |own| ratio(row.nanoseconds / own));
                let time = duration(row.nanoseconds);
                println!("| {} | {} | {time} | {ratio} |", row.engine, row.encoding);
            }
        }
    }
}

/// Ends the program where an answer is wrong.
fn check<A: PartialEq + std::fmt::Debug>(
    section: &str,
    (engine, encoding): (&str, &str),
    want: &[A],
    mut answer: impl FnMut(usize) -> A,
) {
    let is_wrong = |at: &usize| answer(*at) != want[*at];
    let wrong: Vec<usize> = (0..want.len()).filter(is_wrong).collect();
    let Some(first) = wrong.first() else {
        return;
    };
    let found = answer(*first);
    let asked = &want[*first];
    eprintln!(
        "{section}: {engine}, {encoding}: {} answers differ; of input {first} the answer is \
         {found:?} and not {asked:?}",
        wrong.len()
    );
    std::process::exit(1);
}

fn ratio(times: f64) -> String {
    match times {
        it if it < 10.0 => format!("{it:.2} ×"),
        it => format!("{it:.0} ×"),
    }
}

/// Writes nanoseconds as people read them.
pub fn duration(nanoseconds: f64) -> String {
    match nanoseconds {
        it if it < 1e3 => format!("{it:.1} ns"),
        it if it < 1e6 => format!("{:.2} µs", it / 1e3),
        it if it < 1e9 => format!("{:.2} ms", it / 1e6),
        it => format!("{:.2} s", it / 1e9),
    }
}

/// Returns the nanoseconds that a run takes: the median of five passes, or of three where they are
/// slow, each of as many runs as the clock needs.
pub fn median(run: impl FnMut()) -> f64 {
    median_by(clock, PASS, run)
}

/// As [`median`], by a clock and the least time of a pass.
pub fn median_by(clock: fn() -> Duration, least: Duration, mut run: impl FnMut()) -> f64 {
    let mut rounds = 1;
    let mut pass = |rounds: u32| {
        let start = clock();
        for _ in 0..rounds {
            run();
        }
        clock() - start
    };
    let mut first = pass(rounds);
    while first < least {
        rounds *= 2;
        first = pass(rounds);
    }
    let count = if first > SLOW { PASSES_SLOW } else { PASSES };
    let mut passes = vec![first];
    passes.extend((1..count).map(|_| pass(rounds)));
    passes.sort_unstable();
    passes[count / 2].as_secs_f64() * 1e9 / f64::from(rounds)
}

/// The time that this thread has spent on a processor, so that others at work do not count; where
/// the system does not tell, the time on the clock. Linux tells it in ticks of some milliseconds.
fn clock() -> Duration {
    static START: LazyLock<Instant> = LazyLock::new(Instant::now);
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    match told.split(' ').next().and_then(|first| first.parse().ok()) {
        Some(nanoseconds) => Duration::from_nanos(nanoseconds),
        None => START.elapsed(),
    }
}

/// The time that all threads of this process, also those that have ended, have spent on a
/// processor, in ticks of a hundredth of a second; where the system does not tell, the time on the
/// clock.
pub fn clock_of_all() -> Duration {
    static START: LazyLock<Instant> = LazyLock::new(Instant::now);
    let told = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let after_name = told.rsplit(')').next().unwrap_or_default();
    let field = |at: usize| after_name.split_whitespace().nth(at)?.parse::<u64>().ok();
    match (field(11), field(12)) {
        (Some(user), Some(system)) => Duration::from_millis((user + system) * 10),
        _ => START.elapsed(),
    }
}
