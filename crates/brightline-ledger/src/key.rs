//! Keys of notes: a name, an Ed25519 key, and what its signatures say.

use std::fmt;
use std::str::FromStr;

use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use crate::{Error, text};

const SECRET_PREFIX: &str = "PRIVATE+KEY+";
/// The length of an Ed25519 key, secret or public.
const KEY_BYTES: usize = 32;

/// What a signature of a key says; each has its own byte in the keys' text form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyKind {
    /// "This is my text": the log itself.
    Note,
    /// "At this time I saw the log only grow": a witness, `cosignature/v1`.
    Cosignature,
}

impl KeyKind {
    const fn byte(self) -> u8 {
        match self {
            Self::Note => 1,
            Self::Cosignature => 4,
        }
    }

    fn of_byte(byte: u8) -> Result<Self, Error> {
        match byte {
            1 => Ok(Self::Note),
            4 => Ok(Self::Cosignature),
            other => Err(Error::corrupt(format!("keys of type {other} are not known here"))),
        }
    }
}

/// A key that signs. Its text form is a secret; it is wiped from memory when dropped.
pub struct SignerKey {
    name: String,
    kind: KeyKind,
    secret: SigningKey,
}

/// A key that verifies what the signer of the same name signed. It prints as
/// `name+id+base64`, the form that witnesses and monitors are configured with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerifierKey {
    name: String,
    kind: KeyKind,
    public: VerifyingKey,
}

impl SignerKey {
    /// Makes a new key of a log. The name is that of the log, by custom an address without a
    /// scheme.
    ///
    /// # Errors
    ///
    /// Returns an error if the name is empty or contains spaces or `+`, or the operating system
    /// gives no randomness.
    pub fn generate(name: &str) -> Result<Self, Error> {
        Self::generate_kind(name, KeyKind::Note)
    }

    /// Makes a new key of a witness.
    ///
    /// # Errors
    ///
    /// As [`generate`](Self::generate).
    pub fn generate_witness(name: &str) -> Result<Self, Error> {
        Self::generate_kind(name, KeyKind::Cosignature)
    }

    fn generate_kind(name: &str, kind: KeyKind) -> Result<Self, Error> {
        let mut seed = Zeroizing::new([0; KEY_BYTES]);
        getrandom::fill(seed.as_mut())
            .map_err(|error| Error::misuse(format!("no randomness: {error}")))?;
        Self::from_seed(name, kind, &seed)
    }

    fn from_seed(name: &str, kind: KeyKind, seed: &[u8; KEY_BYTES]) -> Result<Self, Error> {
        check_name(name)?;
        Ok(Self { name: name.to_owned(), kind, secret: SigningKey::from_bytes(seed) })
    }

    /// Returns the key that verifies.
    #[must_use]
    pub fn verifier(&self) -> VerifierKey {
        let public = self.secret.verifying_key();
        VerifierKey { name: self.name.clone(), kind: self.kind, public }
    }

    /// Returns the name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns what its signatures say.
    #[must_use]
    pub const fn kind(&self) -> KeyKind {
        self.kind
    }

    /// Returns the text form, which is a secret.
    #[must_use]
    pub fn to_secret(&self) -> Zeroizing<String> {
        let mut bytes = Zeroizing::new(vec![self.kind.byte()]);
        bytes.extend(self.secret.as_bytes());
        let id = self.verifier().id();
        let body = Zeroizing::new(text::encode(&bytes));
        Zeroizing::new(format!("{SECRET_PREFIX}{}+{id:08x}+{}", self.name, *body))
    }

    /// Reads the text form.
    ///
    /// # Errors
    ///
    /// Returns an error if it is of another form or its id is not that of the key. No message
    /// repeats any of it.
    pub fn from_secret(secret: &str) -> Result<Self, Error> {
        let wrong = || Error::corrupt("this is no secret key of a log");
        let rest = secret.trim_end_matches('\n').strip_prefix(SECRET_PREFIX).ok_or_else(wrong)?;
        let (name, id, bytes) = parts(rest).map_err(|_| wrong())?;
        let bytes = Zeroizing::new(bytes);
        let (kind, seed) = bytes.split_first().ok_or_else(wrong)?;
        let seed: &[u8; KEY_BYTES] = seed.try_into().map_err(|_| wrong())?;
        let key = Self::from_seed(name, KeyKind::of_byte(*kind)?, seed)?;
        if key.verifier().id() != id {
            return Err(Error::corrupt("the id of the secret key is not that of its name and key"));
        }
        Ok(key)
    }

    pub(crate) fn sign(&self, message: &[u8]) -> [u8; Signature::BYTE_SIZE] {
        self.secret.sign(message).to_bytes()
    }
}

impl fmt::Debug for SignerKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SignerKey({}, secret)", self.name)
    }
}

impl VerifierKey {
    /// Returns the name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns what its signatures say.
    #[must_use]
    pub const fn kind(&self) -> KeyKind {
        self.kind
    }

    /// Returns the short name of the key, by which its signatures are found.
    #[must_use]
    pub fn id(&self) -> u32 {
        let mut digest = Sha256::new_with_prefix(self.name.as_bytes());
        digest.update([b'\n', self.kind.byte()]);
        digest.update(self.public.as_bytes());
        let hash: [u8; 32] = digest.finalize().into();
        let [first, second, third, fourth, ..] = hash;
        u32::from_be_bytes([first, second, third, fourth])
    }

    pub(crate) fn verifies(&self, message: &[u8], signature: &[u8]) -> bool {
        let Ok(signature) = Signature::from_slice(signature) else {
            return false;
        };
        self.public.verify_strict(message, &signature).is_ok()
    }
}

impl fmt::Display for VerifierKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut bytes = vec![self.kind.byte()];
        bytes.extend(self.public.as_bytes());
        write!(f, "{}+{:08x}+{}", self.name, self.id(), text::encode(&bytes))
    }
}

impl FromStr for VerifierKey {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let (name, id, bytes) = parts(text)?;
        check_name(name)?;
        let wrong = || Error::corrupt(format!("`{}` has no Ed25519 key", text::short(text)));
        let (kind, public) = bytes.split_first().ok_or_else(wrong)?;
        let public: &[u8; KEY_BYTES] = public.try_into().map_err(|_| wrong())?;
        let public = VerifyingKey::from_bytes(public).map_err(|_| wrong())?;
        // Such keys verify what nobody signed.
        if public.is_weak() {
            return Err(wrong());
        }
        let key = Self { name: name.to_owned(), kind: KeyKind::of_byte(*kind)?, public };
        if key.id() != id {
            return Err(Error::corrupt(format!("the id of the key `{name}` is not its own")));
        }
        Ok(key)
    }
}

/// Splits `name+id+base64`.
fn parts(text: &str) -> Result<(&str, u32, Vec<u8>), Error> {
    let wrong = || Error::corrupt("a key is written `name+id+base64`");
    let (name, rest) = text.split_once('+').ok_or_else(wrong)?;
    let (id, bytes) = rest.split_once('+').ok_or_else(wrong)?;
    let is_hex = id.len() == 8 && id.bytes().all(|it| matches!(it, b'0'..=b'9' | b'a'..=b'f'));
    let id = u32::from_str_radix(id, 16).ok().filter(|_| is_hex).ok_or_else(wrong)?;
    Ok((name, id, text::decode(bytes)?))
}

/// Names stand between spaces in notes and between `+` in keys.
pub(crate) fn check_name(name: &str) -> Result<(), Error> {
    let is_bad = |it: char| it.is_whitespace() || it.is_control() || it == '+';
    if name.is_empty() || name.contains(is_bad) {
        let message = format!("`{}` is no name of a key", text::short(name));
        return Err(Error::corrupt(format!("{message}: it must not have spaces or `+`")));
    }
    Ok(())
}
