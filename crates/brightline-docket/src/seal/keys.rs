//! The master keys: they wrap the keys of cases, and nothing else.

use std::path::{Path, PathBuf};

use super::SecretKey;
use super::file::{self, KeyProgram, Line};
use crate::error::Error;

/// What a master key encrypts so that it is recognized later.
const PROOF: &[u8] = b"brightline master key";
const PROOF_PLACE: &str = "masters/proof";

/// The master keys of one installation.
///
/// There is no way to make a store's keys by accident: [`Keys::create`] is called once, by hand,
/// and [`Keys::open`] never makes anything.
///
/// ```
/// use brightline_docket::Keys;
///
/// let folder = tempfile::tempdir().unwrap();
/// let path = folder.path().join("master.keys");
/// assert!(Keys::open(&path, None).unwrap_err().is_unavailable());
/// let mut keys = Keys::create(&path, None)?;
/// let first = keys.current().to_owned();
/// keys.rotate()?;
/// assert_ne!(keys.current(), first);
/// # Ok::<(), brightline_docket::Error>(())
/// ```
pub struct Keys {
    path: PathBuf,
    program: Option<KeyProgram>,
    /// The last one is current.
    lines: Vec<Line>,
}

/// The key of a case as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Wrapped {
    pub(crate) master: String,
    pub(crate) bytes: Vec<u8>,
}

impl Keys {
    /// Makes the first master key and its file, which only its owner may read.
    ///
    /// # Errors
    ///
    /// When the file is there already, cannot be made, or the key program refuses.
    pub fn create(path: &Path, program: Option<KeyProgram>) -> Result<Self, Error> {
        let lines = vec![Line::generate(program.as_ref())?];
        file::create(path, &lines)?;
        Ok(Self { path: path.to_owned(), program, lines })
    }

    /// Reads the master keys; where a key service holds them, its program is asked once for each.
    ///
    /// # Errors
    ///
    /// When the file is missing, damaged or can be read by others, or the program refuses.
    pub fn open(path: &Path, program: Option<KeyProgram>) -> Result<Self, Error> {
        let lines = file::read(path, program.as_ref())?;
        Ok(Self { path: path.to_owned(), program, lines })
    }

    /// Adds a master key, which wraps from now on; the others still open what they wrapped.
    ///
    /// # Errors
    ///
    /// When the file cannot be changed, or the key program refuses.
    pub fn rotate(&mut self) -> Result<(), Error> {
        self.lines.push(Line::generate(self.program.as_ref())?);
        file::replace(&self.path, &self.lines).inspect_err(|_| {
            self.lines.pop();
        })
    }

    /// Takes a master key out of the file; do so once nothing is wrapped by it any more.
    ///
    /// # Errors
    ///
    /// When it is the current one, or the file cannot be changed.
    pub fn retire(&mut self, id: &str) -> Result<(), Error> {
        if id == self.current() {
            return Err(Error::forbidden(format!("`{id}` is the current master key")));
        }
        let Some(at) = self.lines.iter().position(|line| line.id == id) else {
            return Err(Error::not_found(format!("there is no master key `{id}`")));
        };
        let line = self.lines.remove(at);
        file::replace(&self.path, &self.lines).inspect_err(|_| self.lines.insert(at, line))
    }

    /// Reads the file again, for what another process added to it.
    pub(crate) fn read_again(&mut self) -> Result<(), Error> {
        self.lines = file::read(&self.path, self.program.as_ref())?;
        Ok(())
    }

    /// Returns the id of the key that wraps new keys.
    #[must_use]
    pub fn current(&self) -> &str {
        self.lines.last().map_or("", |line| &line.id)
    }

    /// Returns the ids of all keys, the oldest first.
    pub fn ids(&self) -> impl Iterator<Item = &str> {
        self.lines.iter().map(|line| line.id.as_str())
    }

    pub(crate) fn wrap(&self, place: &str, key: &SecretKey) -> Result<Wrapped, Error> {
        let Some(line) = self.lines.last() else {
            return Err(Error::unavailable("there is no master key"));
        };
        Ok(Wrapped { master: line.id.clone(), bytes: line.key.seal(place, key.as_bytes())? })
    }

    pub(crate) fn unwrap(&self, place: &str, wrapped: &Wrapped) -> Result<SecretKey, Error> {
        let line = self.line(&wrapped.master)?;
        let bytes = line.key.open(place, &wrapped.bytes)?;
        let damaged = || Error::corrupt(format!("`{place}` is no key"));
        SecretKey::from_slice(&bytes).ok_or_else(damaged)
    }

    /// Returns what is stored so that a key is recognized.
    pub(crate) fn proof(&self, id: &str) -> Result<Vec<u8>, Error> {
        self.line(id)?.key.seal(PROOF_PLACE, PROOF)
    }

    /// Returns whether a key is the one that was used here under its id.
    pub(crate) fn require_proof(&self, id: &str, proof: &[u8]) -> Result<(), Error> {
        let wrong = |_| {
            Error::unavailable(format!("the master key `{id}` is not the one of this store"))
                .help("the key file belongs to another store; nothing was changed")
        };
        self.line(id)?.key.open(PROOF_PLACE, proof).map(drop).map_err(wrong)
    }

    fn line(&self, id: &str) -> Result<&Line, Error> {
        self.lines.iter().find(|line| line.id == id).ok_or_else(|| {
            let path = self.path.display();
            Error::unavailable(format!("the master key `{id}` is not in `{path}`"))
                .help("put the key file back from where it is kept; nothing was destroyed")
        })
    }
}

impl std::fmt::Debug for Keys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Keys").field("ids", &self.ids().collect::<Vec<_>>()).finish()
    }
}

/// Where the key of a case stands.
pub(crate) fn key_place(case_id: i64) -> String {
    format!("keys/wrapped/{case_id}")
}

#[cfg(test)]
mod tests {
    use super::{Keys, SecretKey};
    use crate::seal::hexadecimal;

    #[test]
    fn a_key_wrapped_before_a_rotation_opens_after_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("master.keys");
        let mut keys = Keys::create(&path, None).unwrap();
        let key = SecretKey::generate().unwrap();
        let old = keys.wrap("keys/wrapped/1", &key).unwrap();
        keys.rotate().unwrap();
        let new = keys.wrap("keys/wrapped/1", &key).unwrap();
        let read = Keys::open(&path, None).unwrap();
        for wrapped in [&old, &new] {
            let opened = read.unwrap("keys/wrapped/1", wrapped).unwrap();
            assert_eq!(hexadecimal(opened.as_bytes()), hexadecimal(key.as_bytes()));
        }
        assert!(read.unwrap("keys/wrapped/2", &old).is_err());
        assert_eq!(read.current(), new.master);
        keys.retire(&old.master).unwrap();
        let lost = Keys::open(&path, None).unwrap().unwrap("keys/wrapped/1", &old).err();
        assert!(lost.unwrap().is_unavailable());
    }

    #[test]
    fn a_key_file_is_never_overwritten_and_never_made_by_opening() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("master.keys");
        assert!(Keys::open(&path, None).is_err());
        assert!(!path.exists());
        Keys::create(&path, None).unwrap();
        let before = std::fs::read(&path).unwrap();
        assert!(Keys::create(&path, None).is_err());
        assert_eq!(std::fs::read(&path).unwrap(), before);
    }

    #[cfg(unix)]
    #[test]
    fn a_key_file_that_others_can_read_is_refused() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("master.keys");
        Keys::create(&path, None).unwrap();
        assert_eq!(path.metadata().unwrap().permissions().mode() & 0o777, 0o600);
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).unwrap();
        assert!(Keys::open(&path, None).unwrap_err().to_string().contains("by others"));
    }

    #[cfg(unix)]
    #[test]
    fn a_key_service_wraps_and_unwraps_through_a_program() {
        use super::KeyProgram;
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        // A service that turns digits around: enough to see that it is asked both ways.
        let script = "#!/bin/sh\nread verb hex\n\
             echo ok \"$(printf %s \"$hex\" | tr 0123456789abcdef fedcba9876543210)\"\n";
        let program = folder.path().join("service");
        std::fs::write(&program, script).unwrap();
        std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o700)).unwrap();
        let program = KeyProgram { path: program };
        let path = folder.path().join("master.keys");
        let keys = Keys::create(&path, Some(program.clone())).unwrap();
        let key = SecretKey::generate().unwrap();
        let wrapped = keys.wrap("place", &key).unwrap();
        let again = Keys::open(&path, Some(program)).unwrap();
        assert_eq!(again.unwrap("place", &wrapped).unwrap().as_bytes(), key.as_bytes());
        assert!(Keys::open(&path, None).unwrap_err().to_string().contains("key service"));
        let deaf = KeyProgram { path: "/bin/false".into() };
        assert!(Keys::open(&path, Some(deaf)).unwrap_err().is_unavailable());
    }
}
