//! Master keys in a file for its owner's eyes only, or held by a key service.
//!
//! ```text
//! brightline master keys 1
//! 3f9a1c20 plain 8d1e…
//! 77b0e4d1 wrapped 01a7…
//! ```
//!
//! The last line is the key that wraps new keys; those above it still open what they wrapped.
//! A `plain` line holds the key itself; a `wrapped` line holds what a key service made of it, and
//! is opened by an external program, once at start.

use std::fs::{self, OpenOptions};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use zeroize::Zeroizing;

use super::{SecretKey, from_hexadecimal, hexadecimal};
use crate::error::Error;

const HEADER: &str = "brightline master keys 1";
/// A key file that is longer is none: 64 KiB.
const FILE_BYTES_MAX: u64 = 64 << 10;

/// A program that speaks for a key service.
///
/// It reads one line, `wrap HEX` or `unwrap HEX`, and answers with one line, `ok HEX` or
/// `error WORDS`.
/// The bytes of `wrap` are a master key of 32 bytes; those of `unwrap` are what `wrap` answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyProgram {
    /// What is run, without arguments.
    pub path: PathBuf,
}

impl KeyProgram {
    pub(super) fn ask(&self, verb: &str, bytes: &[u8]) -> Result<Zeroizing<Vec<u8>>, Error> {
        let shown = self.path.display();
        let failed = |what: String| {
            Error::unavailable(format!("the key program `{shown}` {what}"))
                .help("nothing was changed; see that the key service can be reached")
        };
        let mut child = Command::new(&self.path)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|error| failed(format!("cannot be started: {error}")))?;
        let line = Zeroizing::new(format!("{verb} {}\n", hexadecimal(bytes)));
        if let Some(mut stdin) = child.stdin.take() {
            let wrote = stdin.write_all(line.as_bytes());
            wrote.map_err(|error| failed(format!("does not read: {error}")))?;
        }
        let output = child.wait_with_output().map_err(|error| failed(error.to_string()))?;
        let answer = Zeroizing::new(String::from_utf8_lossy(&output.stdout).into_owned());
        match answer.trim().split_once(' ') {
            Some(("ok", hex)) if output.status.success() => {
                from_hexadecimal(hex).ok_or_else(|| failed("answers no hexadecimal".into()))
            }
            Some(("error", words)) => Err(failed(format!("refuses: {words}"))),
            _ => Err(failed(format!("gives no answer ({})", output.status))),
        }
    }
}

/// One line of the file.
pub(super) struct Line {
    pub(super) id: String,
    pub(super) key: SecretKey,
    /// As it stands in the file.
    held: Zeroizing<String>,
}

impl Line {
    /// Makes a new key, held as the file will hold it.
    pub(super) fn generate(program: Option<&KeyProgram>) -> Result<Self, Error> {
        let key = SecretKey::generate()?;
        let id = hexadecimal(super::random::<4>()?.as_slice());
        let held = match program {
            None => format!("plain {}", hexadecimal(key.as_bytes())),
            Some(program) => {
                format!("wrapped {}", hexadecimal(&program.ask("wrap", key.as_bytes())?))
            }
        };
        Ok(Self { id, key, held: Zeroizing::new(held) })
    }

    fn parse(line: &str, program: Option<&KeyProgram>) -> Result<Self, Error> {
        let words: Vec<&str> = line.split_whitespace().collect();
        let damaged = || Error::corrupt("a line of the master key file is damaged");
        let &[id, form, hex] = words.as_slice() else { return Err(damaged()) };
        let bytes = from_hexadecimal(hex).ok_or_else(damaged)?;
        let bytes = match (form, program) {
            ("plain", _) => bytes,
            ("wrapped", Some(program)) => program.ask("unwrap", &bytes)?,
            ("wrapped", None) => {
                let message = "the master keys are held by a key service";
                return Err(Error::unavailable(message).help("name the program that speaks for it"));
            }
            _ => return Err(damaged()),
        };
        let key = SecretKey::from_slice(&bytes).ok_or_else(damaged)?;
        let held = Zeroizing::new(format!("{form} {hex}"));
        Ok(Self { id: id.to_owned(), key, held })
    }
}

pub(super) fn read(path: &Path, program: Option<&KeyProgram>) -> Result<Vec<Line>, Error> {
    let shown = path.display();
    let lost = |error: std::io::Error| {
        let help = match error.kind() {
            std::io::ErrorKind::PermissionDenied => {
                "it belongs to another account of the machine; run this as its owner"
            }
            _ => {
                "put it back from where it is kept; without it nothing recorded can be read, and \
                 nothing was destroyed or made in its place"
            }
        };
        Error::unavailable(format!("the master key file `{shown}` cannot be read: {error}"))
            .help(help)
    };
    let file = fs::File::open(path).map_err(lost)?;
    refuse_readable_by_others(path, &file)?;
    let mut text = Zeroizing::new(String::new());
    file.take(FILE_BYTES_MAX).read_to_string(&mut text).map_err(lost)?;
    let mut lines = text.lines();
    if lines.next() != Some(HEADER) {
        let error = Error::corrupt(format!("`{shown}` is no file of master keys"));
        return Err(error.help("put it back from where it is kept; nothing was destroyed"));
    }
    let read: Result<Vec<Line>, Error> = lines.map(|line| Line::parse(line, program)).collect();
    let lines = read?;
    if lines.is_empty() {
        return Err(Error::corrupt(format!("`{shown}` holds no key")));
    }
    Ok(lines)
}

#[cfg(unix)]
fn refuse_readable_by_others(path: &Path, file: &fs::File) -> Result<(), Error> {
    use std::os::unix::fs::PermissionsExt as _;
    let mode = file.metadata().map(|it| it.permissions().mode());
    if mode.is_ok_and(|mode| mode & 0o077 == 0) {
        return Ok(());
    }
    let shown = path.display();
    Err(Error::unavailable(format!("`{shown}` can be read by others than its owner"))
        .help(format!("chmod 600 {shown}")))
}

#[cfg(not(unix))]
fn refuse_readable_by_others(_: &Path, _: &fs::File) -> Result<(), Error> {
    Ok(())
}

/// Writes a file that was not there.
pub(super) fn create(path: &Path, lines: &[Line]) -> Result<(), Error> {
    write_new(path, lines).map_err(|error| {
        let shown = path.display();
        Error::unavailable(format!("the master key file `{shown}` cannot be made: {error}"))
            .help("a key file that is there is never overwritten")
    })
}

/// Puts a file in the place of the one that is there; a crash leaves one of the two whole.
pub(super) fn replace(path: &Path, lines: &[Line]) -> Result<(), Error> {
    let beside = path.with_extension("new");
    let failed = |error: std::io::Error| {
        let shown = path.display();
        Error::unavailable(format!("the master key file `{shown}` cannot be changed: {error}"))
    };
    match fs::remove_file(&beside) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(failed(error)),
        _ => {}
    }
    write_new(&beside, lines).map_err(failed)?;
    fs::rename(&beside, path).map_err(failed)?;
    let folder = path.parent().filter(|it| !it.as_os_str().is_empty());
    let folder = fs::File::open(folder.unwrap_or(Path::new(".")));
    folder.and_then(|folder| folder.sync_all()).map_err(failed)
}

fn write_new(path: &Path, lines: &[Line]) -> std::io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    let mut text = Zeroizing::new(format!("{HEADER}\n"));
    for line in lines {
        text.push_str(&line.id);
        text.push(' ');
        text.push_str(&line.held);
        text.push('\n');
    }
    let mut file = options.open(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}
