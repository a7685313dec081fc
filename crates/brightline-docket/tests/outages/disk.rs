//! A small file system in memory, mounted for one test.

use std::path::Path;
use std::process::Command;

use tempfile::TempDir;

/// A disk of a known size; it is unmounted when dropped.
pub struct Disk {
    folder: TempDir,
}

impl Disk {
    /// Mounts a disk; nothing where the machine does not let this account do so.
    pub fn mount(size: &str) -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let size = format!("size={size},mode=700");
        let mut mount = Command::new("mount");
        mount.args(["-t", "tmpfs", "-o", &size, "none"]).arg(folder.path());
        if mount.output().is_ok_and(|it| it.status.success()) {
            return Some(Self { folder });
        }
        println!("skipped: no disk can be mounted here");
        None
    }

    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    pub fn remount(&self, option: &str) {
        let options = format!("remount,{option}");
        let told = Command::new("mount").args(["-o", &options]).arg(self.path()).output().unwrap();
        assert!(told.status.success(), "{}", String::from_utf8_lossy(&told.stderr));
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        // Lazily: a test that failed may still have files open on it.
        let _ = Command::new("umount").arg("-l").arg(self.path()).status();
    }
}
