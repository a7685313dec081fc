//! Scanned pages, read letter by letter by a program of the system.

use std::io::{Read as _, Write as _};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use crate::limits::Limits;
use crate::pdf::{Opened, Picture};
use crate::refused::Refused;
use crate::words::{Segment, in_lines};

/// What it prints is cut here: 8 MiB.
const OUTPUT_BYTES_MAX: u64 = 8 << 20;
/// How a page lies is told by so many lines at least.
const LINES_MIN: usize = 3;
/// Each as long as this many times its height.
const LENGTH_MIN: f32 = 8.0;

pub(crate) enum Outcome {
    Read,
    /// It could not be read; why, as a clause.
    Failed(String),
}

/// Reads every page that is a picture; the words go where the text of pages goes.
pub(crate) fn read(opened: &mut Opened, limits: &Limits) -> Result<Outcome, Refused> {
    let program = limits.ocr_program.as_str();
    if program.is_empty() {
        return Ok(Outcome::Failed(
            "this is a scanned page, and scans are not read here: type the fields in".to_owned(),
        ));
    }
    let mut segments = Vec::new();
    for (page, picture) in &opened.pictures {
        let Some(left) = limits.time_max.checked_sub(opened.started.elapsed()) else {
            return Err(Refused::TooSlow);
        };
        let Some(table) = run(program, picture, left)? else {
            return Ok(Outcome::Failed(format!(
                "this is a scanned page, and the program `{program}` that would read it is not \
                 installed: type the fields in"
            )));
        };
        let at = usize::try_from(*page).unwrap_or(1).saturating_sub(1);
        let size = opened.sizes.get(at).copied().unwrap_or((612.0, 792.0));
        segments.extend(words(&table, *page, picture, size));
    }
    opened.segments = in_lines(segments);
    Ok(Outcome::Read)
}

/// Returns the table of words; none where there is no such program.
fn run(program: &str, picture: &Picture, left: Duration) -> Result<Option<String>, Refused> {
    let started = Command::new(program)
        .args(["stdin", "stdout", "-l", "eng", "--psm", "4", "tsv"])
        .env("OMP_THREAD_LIMIT", "1")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn();
    let Ok(mut child) = started else {
        return Ok(None);
    };
    let file = picture.file.clone();
    let mut stdin = child.stdin.take();
    // The program may print before it has read everything; each side has a thread of its own.
    let writer = thread::spawn(move || stdin.as_mut().map(|it| it.write_all(&file).is_ok()));
    let stdout = child.stdout.take();
    let reader = thread::spawn(move || {
        let mut text = Vec::new();
        let read = stdout.map(|it| it.take(OUTPUT_BYTES_MAX).read_to_end(&mut text));
        read.and_then(Result::ok).map(|_| text)
    });
    let done = wait(&mut child, left);
    drop(writer.join());
    let text = reader.join().ok().flatten().unwrap_or_default();
    if done { Ok(Some(String::from_utf8_lossy(&text).into_owned())) } else { Err(Refused::TooSlow) }
}

/// Waits for a program to end, and ends it when its time is up.
pub(crate) fn wait(child: &mut Child, left: Duration) -> bool {
    let until = Instant::now() + left;
    loop {
        match child.try_wait() {
            Ok(Some(_)) => return true,
            Ok(None) if Instant::now() < until => thread::sleep(Duration::from_millis(10)),
            _ => {
                drop(child.kill());
                drop(child.wait());
                return false;
            }
        }
    }
}

/// A word of the table, in dots of the picture.
struct Word<'t> {
    /// Block, paragraph and line.
    line: [&'t str; 3],
    left: f32,
    foot: f32,
    width: f32,
    height: f32,
    sure: f32,
    text: &'t str,
}

impl<'t> Word<'t> {
    /// Reads `level page block par line word left top width height conf text`.
    fn of(row: &'t str) -> Option<Self> {
        let cells: Vec<&str> = row.split('\t').collect();
        let number = |at: usize| cells.get(at).and_then(|it| it.parse::<f32>().ok());
        let (top, height) = (number(7)?, number(9)?);
        let text: &str = cells.get(11)?;
        let word = Self {
            line: [cells.get(2)?, cells.get(3)?, cells.get(4)?],
            left: number(6)?,
            foot: top + height,
            width: number(8)?,
            height,
            sure: number(10)?,
            text,
        };
        (word.sure >= 0.0 && !text.trim().is_empty()).then_some(word)
    }

    /// Whether the lowest ink of the word is where its line stands.
    fn stands(&self) -> bool {
        !self.text.contains(|it: char| "gjpqyQ,;()[]/_-–—'\"*".contains(it))
    }
}

/// How much lower a line stands for each dot to the right: a page rarely lies straight on a
/// scanner, and half a degree takes the end of a line into the next one. The middle of all lines
/// that are long enough to tell; 0 where there are too few.
fn slant(lines: &[Vec<Word<'_>>]) -> f32 {
    let mut slants: Vec<f32> = lines.iter().filter_map(|line| slant_of_line(line)).collect();
    slants.sort_by(f32::total_cmp);
    match slants.len() {
        0..LINES_MIN => 0.0,
        count => slants.get(count / 2).copied().unwrap_or(0.0),
    }
}

/// By least squares, over the words that stand on their line.
fn slant_of_line(line: &[Word<'_>]) -> Option<f32> {
    let points: Vec<(f32, f32)> = line
        .iter()
        .filter(|it| it.stands())
        .map(|it| (it.left + it.width / 2.0, it.foot))
        .collect();
    let (first, last) = (points.first()?, points.last()?);
    let height = line.iter().map(|it| it.height).fold(0.0, f32::max);
    if last.0 - first.0 < LENGTH_MIN * height {
        return None;
    }
    let count = points.len() as f32;
    let across = points.iter().map(|it| it.0).sum::<f32>() / count;
    let down = points.iter().map(|it| it.1).sum::<f32>() / count;
    let both: f32 = points.iter().map(|it| (it.0 - across) * (it.1 - down)).sum();
    let square: f32 = points.iter().map(|it| (it.0 - across) * (it.0 - across)).sum();
    Some(both / square)
}

/// The words of a table, laid straight, in points.
fn words(table: &str, page: u32, picture: &Picture, size: (f32, f32)) -> Vec<Segment> {
    let mut lines: Vec<Vec<Word<'_>>> = Vec::new();
    for word in table.lines().skip(1).filter_map(Word::of) {
        match lines.last_mut().filter(|it| it.last().is_some_and(|it| it.line == word.line)) {
            Some(line) => line.push(word),
            None => lines.push(vec![word]),
        }
    }
    let slant = slant(&lines);
    let scale = size.0 / picture.width.max(1) as f32;
    let mut segments = Vec::new();
    for line in &lines {
        let straight = |word: &Word<'_>| word.foot - slant * (word.left + word.width / 2.0);
        let mut feet: Vec<f32> = line.iter().filter(|it| it.stands()).map(straight).collect();
        feet.sort_by(f32::total_cmp);
        let foot = feet.get(feet.len() / 2).copied();
        segments.extend(line.iter().map(|word| Segment {
            page,
            left: word.left * scale,
            foot: foot.unwrap_or_else(|| straight(word)) * scale,
            width: word.width * scale,
            size: (word.height * scale).max(8.0),
            text: word.text.to_owned(),
            // A letter read from a picture is never taken as certain.
            sure: word.sure.min(88.0) as u8,
        }));
    }
    segments
}
