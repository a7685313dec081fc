//! Reading in a process of its own, so that a hostile file brings down nothing else.

use std::io::{self, Read as _, Write as _};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::thread;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::beside::Beside;
use crate::limits::Limits;
use crate::ocr::wait;
use crate::papers::Papers;
use crate::reading::{Reading, read};
use crate::refused::Refused;

/// A reading is never longer: 16 MiB.
const ANSWER_BYTES_MAX: u64 = 16 << 20;
/// How much longer than the reading itself its process may take.
const START: Duration = Duration::from_secs(2);

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
        if bytes.len() > self.limits.bytes_max {
            return Err(Refused::TooLong);
        }
        let started = Command::new(&self.program)
            .args(&self.arguments)
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
        if !in_time {
            return Err(Refused::TooSlow);
        }
        match serde_json::from_slice(&answer) {
            Ok(Answer::Read(reading)) => Ok(*reading),
            Ok(Answer::Refused(refused)) => Err(refused),
            Err(_) => Err(Refused::Hostile),
        }
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
    let seconds = limits.time_max.as_secs().max(1);
    rlimit::Resource::AS.set(limits.memory_bytes_max, limits.memory_bytes_max)?;
    rlimit::Resource::CPU.set(seconds, seconds + 1)?;
    let most = u64::try_from(limits.bytes_max).unwrap_or(u64::MAX).saturating_add(1);
    let mut bytes = Vec::new();
    io::stdin().lock().take(most).read_to_end(&mut bytes)?;
    let papers = Papers::of(beside).map_err(io::Error::other)?;
    let answer = match read(&bytes, &papers, limits) {
        Ok(reading) => Answer::Read(Box::new(reading)),
        Err(refused) => Answer::Refused(refused),
    };
    serde_json::to_writer(io::stdout().lock(), &answer)?;
    Ok(())
}
