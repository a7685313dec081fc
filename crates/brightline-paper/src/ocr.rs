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

/// The words of the table: `level page block par line word left top width height conf text`.
fn words(table: &str, page: u32, picture: &Picture, size: (f32, f32)) -> Vec<Segment> {
    let scale = size.0 / picture.width.max(1) as f32;
    let mut words = Vec::new();
    for line in table.lines().skip(1) {
        let cells: Vec<&str> = line.split('\t').collect();
        let number = |at: usize| cells.get(at).and_then(|it| it.parse::<f32>().ok());
        let (Some(left), Some(top), Some(width), Some(height), Some(sure), Some(text)) =
            (number(6), number(7), number(8), number(9), number(10), cells.get(11))
        else {
            continue;
        };
        if sure < 0.0 || text.trim().is_empty() {
            continue;
        }
        words.push(Segment {
            page,
            left: left * scale,
            foot: (top + height) * scale,
            width: width * scale,
            size: (height * scale).max(8.0),
            text: (*text).to_owned(),
            // A letter read from a picture is never taken as certain.
            sure: sure.min(88.0) as u8,
        });
    }
    words
}
