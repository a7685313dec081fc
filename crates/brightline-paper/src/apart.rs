//! Reading in a process of its own, so that a hostile file brings down nothing else.

use std::io::{self, Read as _, Write as _};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::thread;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::beside::Beside;
use crate::draw::{NotDrawn, draw, pictures};
use crate::limits::Limits;
use crate::mail::attached;
use crate::ocr::wait;
use crate::papers::Papers;
use crate::pdf::is_pdf;
use crate::reading::{Reading, read};
use crate::refused::Refused;

/// A reading is never longer: 16 MiB.
const ANSWER_BYTES_MAX: u64 = 16 << 20;
/// How much longer than the reading itself its process may take.
const START: Duration = Duration::from_secs(2);
/// The word that asks the other process to draw, and not to read.
const DRAW: &str = "--draw";

/// Reads files in a process of its own, under limits of time and memory.
#[derive(Debug, Clone)]
pub struct Reader {
    program: PathBuf,
    arguments: Vec<String>,
    limits: Limits,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Answer {
    Read(Box<Reading>),
    Refused(Refused),
}

impl Reader {
    /// Reads with a program that calls [`serve_one`] when it is started with these arguments.
    #[must_use]
    pub fn new(program: PathBuf, arguments: Vec<String>, limits: Limits) -> Self {
        Self { program, arguments, limits }
    }

    /// Reads a file.
    ///
    /// # Errors
    ///
    /// When it is no paper, beyond a limit, broken, or brings the reader down.
    pub fn read(&self, bytes: &[u8]) -> Result<Reading, Refused> {
        let answer = self.run(&[], bytes)?;
        match serde_json::from_slice(&answer) {
            Ok(Answer::Read(reading)) => Ok(*reading),
            Ok(Answer::Refused(refused)) => Err(refused),
            Err(_) => Err(Refused::Hostile),
        }
    }

    /// Draws the first pages of a file as pictures (PNG), for a person to compare with what was
    /// read.
    ///
    /// # Errors
    ///
    /// When nothing on this machine draws pages, or the file cannot be drawn within the limits.
    pub fn draw(&self, bytes: &[u8]) -> Result<Vec<Vec<u8>>, NotDrawn> {
        let answer = self.run(&[DRAW], bytes).map_err(|_| NotDrawn::Failed)?;
        pictures(&answer)
    }

    /// Starts the other process, gives it the file, and returns what it prints.
    fn run(&self, more: &[&str], bytes: &[u8]) -> Result<Vec<u8>, Refused> {
        if bytes.len() > self.limits.bytes_max {
            return Err(Refused::TooLong);
        }
        let started = Command::new(&self.program)
            .args(&self.arguments)
            .args(more)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn();
        let mut child = started.map_err(|_| Refused::NoReader)?;
        let (mut stdin, stdout) = (child.stdin.take(), child.stdout.take());
        let input = bytes.to_vec();
        let writer = thread::spawn(move || stdin.as_mut().map(|it| it.write_all(&input).is_ok()));
        let reader = thread::spawn(move || {
            let mut answer = Vec::new();
            let read = stdout.map(|it| it.take(ANSWER_BYTES_MAX).read_to_end(&mut answer));
            read.and_then(Result::ok).map(|_| answer)
        });
        let in_time = wait(&mut child, self.limits.time_max + START);
        drop(writer.join());
        let answer = reader.join().ok().flatten().unwrap_or_default();
        if in_time { Ok(answer) } else { Err(Refused::TooSlow) }
    }
}

/// Reads one file from standard input and writes the reading to standard output.
///
/// It first gives up the right to use more memory and time than the limits say, for good: call it
/// in a process that does nothing else.
///
/// # Errors
///
/// When standard input or output breaks.
pub fn serve_one(beside: &Beside, limits: &Limits) -> io::Result<()> {
    let bytes = confined(limits)?;
    let papers = Papers::of(beside).map_err(io::Error::other)?;
    let answer = match read(&bytes, &papers, limits) {
        Ok(reading) => Answer::Read(Box::new(reading)),
        Err(refused) => Answer::Refused(refused),
    };
    serde_json::to_writer(io::stdout().lock(), &answer)?;
    Ok(())
}

/// Draws the first pages of one file from standard input, and writes the pictures to standard
/// output; under the same limits as [`serve_one`].
///
/// # Errors
///
/// When standard input or output breaks.
pub fn draw_one(beside: &Beside, limits: &Limits) -> io::Result<()> {
    let bytes = confined(limits)?;
    let papers = Papers::of(beside).map_err(io::Error::other)?;
    let chosen = match is_pdf(&bytes) {
        true => read(&bytes, &papers, limits).map(|reading| (reading, bytes)),
        false => attached(&bytes, &papers, limits),
    };
    match chosen {
        Ok((reading, file)) => draw(&file, (&reading, &papers), limits, &mut io::stdout().lock()),
        Err(_) => Ok(()),
    }
}

/// Gives up the right to more than the limits say, and reads standard input.
fn confined(limits: &Limits) -> io::Result<Vec<u8>> {
    let seconds = limits.time_max.as_secs().max(1);
    rlimit::Resource::AS.set(limits.memory_bytes_max, limits.memory_bytes_max)?;
    rlimit::Resource::CPU.set(seconds, seconds + 1)?;
    let most = u64::try_from(limits.bytes_max).unwrap_or(u64::MAX).saturating_add(1);
    let mut bytes = Vec::new();
    io::stdin().lock().take(most).read_to_end(&mut bytes)?;
    Ok(bytes)
}
