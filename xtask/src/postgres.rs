//! A PostgreSQL server of the tests' own: installed when it is missing, started on a socket in a
//! temporary folder, thrown away at the end.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::cargo::{printed, succeed};
use crate::debian;

/// The environment variable by which tests find the server; without it they skip themselves.
pub const VARIABLE: &str = "BRIGHTLINE_TEST_POSTGRES";
/// The account that runs the server: PostgreSQL refuses to be run by root.
const ACCOUNT: &str = "postgres";
/// Where Debian keeps the programs.
const DEBIAN: &str = "/usr/lib/postgresql";
/// Tests open many small pools at once.
const SETTINGS: &str = "-c listen_addresses='' -c max_connections=400 -c shared_buffers=128MB";

/// A running server; it is stopped when dropped.
pub struct Server {
    /// What the tests connect to.
    pub url: String,
    stop: Option<(PathBuf, PathBuf)>,
    keeps_data: bool,
}

/// Returns a server that answers: the one that the environment names, or one of our own.
///
/// # Errors
///
/// Returns a message when there is none and none can be had.
pub fn start() -> Result<Server, String> {
    if let Ok(url) = std::env::var(VARIABLE) {
        return Ok(Server { url, stop: None, keeps_data: true });
    }
    let home = std::env::temp_dir().join(format!("brightline-postgres-{}", std::process::id()));
    start_in(&home)
}

/// Returns a server of our own whose data stay in a folder, and are used again the next time.
///
/// # Errors
///
/// Returns a message when none can be had, or the folder cannot be used.
pub fn start_kept(home: &Path) -> Result<Server, String> {
    let mut server = start_in(home)?;
    server.keeps_data = true;
    Ok(server)
}

fn start_in(home: &Path) -> Result<Server, String> {
    let programs = programs()?;
    let data = home.join("data");
    if !data.join("PG_VERSION").exists() {
        init(&programs, home, &data)?;
    }
    let control = programs.join("pg_ctl");
    let mut run = as_account(&control);
    let settings = format!("-k {} {SETTINGS}", home.display());
    run.arg("-D").arg(&data).arg("-l").arg(home.join("log")).args(["-w", "-o", &settings, "start"]);
    succeed(run.stdout(Stdio::null()))?;
    let url = format!("postgres://{ACCOUNT}@localhost/postgres?host={}", home.display());
    Ok(Server { url, stop: Some((control, data)), keeps_data: false })
}

fn init(programs: &Path, home: &Path, data: &Path) -> Result<(), String> {
    std::fs::create_dir_all(home).map_err(|error| format!("{}: {error}", home.display()))?;
    if is_root() {
        succeed(Command::new("chown").arg(ACCOUNT).arg(home))?;
    }
    let mut init = as_account(&programs.join("initdb"));
    init.arg("-D").arg(data).args(["-U", ACCOUNT, "--auth=trust", "--no-sync", "-E", "UTF8"]);
    printed(&mut init).map(drop)
}

/// Starts a server and leaves it running; prints how to use and how to stop it.
///
/// # Errors
///
/// Returns a message when none can be had.
pub fn print() -> Result<(), String> {
    let mut server = start()?;
    println!("{VARIABLE}={}", server.url);
    if let Some((control, data)) = server.stop.take() {
        println!("# stop it: {} -D {} -m immediate stop", control.display(), data.display());
    }
    Ok(())
}

impl Drop for Server {
    fn drop(&mut self) {
        let Some((control, data)) = &self.stop else { return };
        let mut stop = as_account(control);
        let mode = if self.keeps_data { "fast" } else { "immediate" };
        stop.arg("-D").arg(data).args(["-m", mode, "stop"]);
        let _ = stop.stdout(Stdio::null()).status();
        if let Some(home) = data.parent().filter(|_| !self.keeps_data) {
            let _ = std::fs::remove_dir_all(home);
        }
    }
}

/// The folder of the programs; on Debian they are installed when they are missing.
fn programs() -> Result<PathBuf, String> {
    if let Some(found) = installed() {
        return Ok(found);
    }
    if !is_root() || !Path::new("/etc/debian_version").exists() {
        return Err("PostgreSQL is not installed; its `initdb` and `pg_ctl` are needed".into());
    }
    debian::install(&["postgresql"])?;
    installed().ok_or_else(|| "PostgreSQL was installed, and is not found".into())
}

fn installed() -> Option<PathBuf> {
    let has_both =
        |folder: &PathBuf| folder.join("initdb").is_file() && folder.join("pg_ctl").is_file();
    let versions = std::fs::read_dir(DEBIAN).into_iter().flatten().filter_map(Result::ok);
    let mut debian: Vec<PathBuf> = versions.map(|it| it.path().join("bin")).collect();
    debian.sort();
    let path = std::env::var_os("PATH").unwrap_or_default();
    debian.into_iter().rev().chain(std::env::split_paths(&path)).find(has_both)
}

fn is_root() -> bool {
    printed(Command::new("id").arg("-u")).is_ok_and(|id| id.trim() == "0")
}

/// Returns a call of a program under an account that may run it.
fn as_account(program: &Path) -> Command {
    if !is_root() {
        return Command::new(program);
    }
    let mut command = Command::new("runuser");
    command.args(["-u", ACCOUNT, "--"]).arg(program);
    command
}
