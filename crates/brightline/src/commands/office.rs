//! Commands of the office: handed over, as they were typed, to the program `brightline-office`.
//!
//! The desk and the office are two programs, so that whoever reads the law needs neither a service
//! nor a database, and need not wait for them when the program is built.

use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use brightline_desk::Fault;
use clap::Args;

use crate::output;
use crate::trouble::{Ending, Trouble};

const OFFICE: &str = "brightline-office";

/// Under the help that this program gives of a command which the other one does.
pub(super) const MORE: &str = "The program `brightline-office` does this: the command with --help \
                               behind it tells its options.";

/// Words that only the other program understands.
#[derive(Debug, Args)]
pub(crate) struct HandedOver {
    #[arg(trailing_var_arg = true, allow_hyphen_values = true, hide = true)]
    words: Vec<OsString>,
}

/// Becomes the program of the office, with the same arguments.
pub(super) fn hand_over() -> Result<Ending, Trouble> {
    let own = env::current_exe().map_err(|error| Trouble::internal(error.to_string()))?;
    if let Some(build) = Build::of_this_run(&own) {
        build.run()?;
    }
    let program = own.with_file_name(format!("{OFFICE}{}", env::consts::EXE_SUFFIX));
    if !program.is_file() {
        let message = format!("the program `{OFFICE}` is not there, which does this");
        let fault = Fault::new(program.display().to_string(), message);
        let help = format!("put it beside this one; from the source: cargo build -p {OFFICE}");
        return Err(Trouble::of(fault.help(help)));
    }
    become_program(Command::new(&program).args(env::args_os().skip(1)))
}

#[cfg(unix)]
fn become_program(program: &mut Command) -> Result<Ending, Trouble> {
    use std::os::unix::process::CommandExt;
    // It only comes back when it could not be done.
    Err(Trouble::internal(program.exec().to_string()))
}

#[cfg(not(unix))]
fn become_program(program: &mut Command) -> Result<Ending, Trouble> {
    let ended = program.status().map_err(|error| Trouble::internal(error.to_string()))?;
    Ok(match ended.code() {
        Some(0) => Ending::Done,
        Some(1) => Ending::Negative,
        Some(2) => Ending::BadInput,
        _ => Ending::Internal,
    })
}

/// How to build the office beside this program, where `cargo run` has started it.
struct Build {
    cargo: PathBuf,
    manifest: PathBuf,
    profile: String,
    target: PathBuf,
}

impl Build {
    /// Returns how; nothing where the program was not started by `cargo run` from its source.
    fn of_this_run(own: &Path) -> Option<Self> {
        let cargo = PathBuf::from(env::var_os("CARGO")?);
        let package = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR")?);
        let manifest = package.parent()?.join(OFFICE).join("Cargo.toml");
        let folder = own.parent()?;
        let profile = match folder.file_name()?.to_str()? {
            "debug" => "dev".to_owned(),
            other => other.to_owned(),
        };
        let target = folder.parent()?.to_owned();
        manifest.is_file().then_some(Self { cargo, manifest, profile, target })
    }

    fn run(&self) -> Result<(), Trouble> {
        let program = self.target.join(&self.profile).join(OFFICE);
        if !program.is_file() {
            output::aside("building the office first, once; this takes some minutes\n");
        }
        let mut command = Command::new(&self.cargo);
        command.args(["build", "--package", OFFICE, "--profile", &self.profile]);
        command.arg("--manifest-path").arg(&self.manifest);
        command.arg("--target-dir").arg(&self.target);
        let ended = command.status().map_err(|error| Trouble::internal(error.to_string()))?;
        if ended.success() {
            return Ok(());
        }
        Err(Trouble::internal(format!("the program `{OFFICE}` could not be built")))
    }
}
