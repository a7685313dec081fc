//! Files that are there whole or not at all, whatever happens in between.

use std::fs::{self, File, OpenOptions};
use std::io::Write as _;
use std::path::{Path, PathBuf};

use crate::Error;

/// Writes a file in place of whatever stands there: readers see the old bytes or the new ones.
/// The name is durable after [`sync_folder`] of its folder.
pub(crate) fn replace(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    let temporary = temporary(path);
    write_and_sync(&temporary, bytes, OpenOptions::new().write(true).create(true).truncate(true))?;
    fs::rename(&temporary, path).map_err(|error| Error::io(path, error))
}

/// Makes what was created, renamed or removed in a folder durable.
pub(crate) fn sync_folder(folder: &Path) -> Result<(), Error> {
    let opened = File::open(folder).map_err(|error| Error::io(folder, error))?;
    opened.sync_all().map_err(|error| Error::io(folder, error))
}

/// Makes a folder and what is above it, durably.
pub(crate) fn create_folder(folder: &Path) -> Result<(), Error> {
    if folder.is_dir() {
        return Ok(());
    }
    let above = folder_of(folder);
    create_folder(&above)?;
    match fs::create_dir(folder) {
        Err(error) if error.kind() != std::io::ErrorKind::AlreadyExists => {
            Err(Error::io(folder, error))
        }
        _ => sync_folder(&above),
    }
}

/// Writes a new file for its owner's eyes only; fails if a file of that name is there.
pub(crate) fn create_secret(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    let temporary = temporary(path);
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let _ = fs::remove_file(&temporary);
    write_and_sync(&temporary, bytes, &options)?;
    // A link to a name that is taken fails, where a rename would overwrite.
    let linked = fs::hard_link(&temporary, path).map_err(|error| Error::io(path, error));
    let removed = fs::remove_file(&temporary).map_err(|error| Error::io(&temporary, error));
    linked.and(removed).and_then(|()| sync_folder(&folder_of(path)))
}

pub(crate) fn folder_of(path: &Path) -> PathBuf {
    match path.parent() {
        Some(folder) if folder != Path::new("") => folder.to_owned(),
        _ => PathBuf::from("."),
    }
}

fn temporary(path: &Path) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".new");
    path.with_file_name(name)
}

fn write_and_sync(path: &Path, bytes: &[u8], options: &OpenOptions) -> Result<(), Error> {
    let written = options.open(path).and_then(|mut file| {
        file.write_all(bytes)?;
        file.sync_all()
    });
    written.map_err(|error| Error::io(path, error))
}
