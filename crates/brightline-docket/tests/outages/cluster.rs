//! A PostgreSQL server of one test's own, which can be restarted without disturbing others.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use tempfile::TempDir;

use crate::places::VARIABLE;

/// A running server; it is stopped when dropped.
pub struct Cluster {
    pub url: String,
    programs: PathBuf,
    home: TempDir,
}

impl Cluster {
    /// Starts a server; nothing where tests on PostgreSQL are not asked for or its programs are not
    /// there.
    pub fn start() -> Option<Self> {
        if std::env::var_os(VARIABLE).is_none() {
            println!("skipped on PostgreSQL: {VARIABLE} is not set");
            return None;
        }
        let Some(programs) = programs() else {
            println!("skipped: the programs of PostgreSQL are not on this machine");
            return None;
        };
        let home = tempfile::tempdir().unwrap();
        if is_root() {
            run(Command::new("chown").arg("postgres").arg(home.path()));
        }
        let url = format!("postgres://postgres@localhost/postgres?host={}", home.path().display());
        let cluster = Self { url, programs, home };
        let data = cluster.data();
        let mut init = cluster.program("initdb");
        run(init.arg("-D").arg(&data).args(["-U", "postgres", "--auth=trust", "-E", "UTF8"]));
        cluster.control(&["start"]);
        Some(cluster)
    }

    /// Restarts it: `fast` ends what is under way, `immediate` is a crash.
    pub fn restart(&self, way: &str) {
        self.control(&["-m", way, "restart"]);
    }

    fn control(&self, words: &[&str]) {
        let settings = format!("-k {} -c listen_addresses=''", self.home.path().display());
        let mut control = self.program("pg_ctl");
        control.arg("-D").arg(self.data()).arg("-l").arg(self.home.path().join("log"));
        run(control.args(["-w", "-o", &settings]).args(words));
    }

    fn data(&self) -> PathBuf {
        self.home.path().join("data")
    }

    /// A program under an account that may run it: the server refuses to be run by root.
    fn program(&self, name: &str) -> Command {
        let path = self.programs.join(name);
        if !is_root() {
            return Command::new(path);
        }
        let mut command = Command::new("runuser");
        command.args(["-u", "postgres", "--"]).arg(path);
        command
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        let mut stop = self.program("pg_ctl");
        stop.arg("-D").arg(self.data()).args(["-m", "immediate", "stop"]);
        let _ = stop.stdout(Stdio::null()).status();
    }
}

fn run(command: &mut Command) {
    let status = command.stdout(Stdio::null()).stderr(Stdio::null()).status().unwrap();
    assert!(status.success(), "{command:?}");
}

fn is_root() -> bool {
    let told = Command::new("id").arg("-u").output();
    told.is_ok_and(|it| it.stdout.trim_ascii() == b"0")
}

fn programs() -> Option<PathBuf> {
    let debian = Path::new("/usr/lib/postgresql");
    let versions = std::fs::read_dir(debian).into_iter().flatten().filter_map(Result::ok);
    let mut folders: Vec<PathBuf> = versions.map(|it| it.path().join("bin")).collect();
    folders.sort();
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut all = folders.into_iter().rev().chain(std::env::split_paths(&path));
    all.find(|folder| folder.join("pg_ctl").is_file() && folder.join("initdb").is_file())
}
