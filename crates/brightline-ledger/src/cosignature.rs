//! Cosignatures of witnesses, as in C2SP `tlog-cosignature`, version 1: "at this time I saw the
//! log only grow".

use ed25519_dalek::Signature;

use crate::{Checkpoint, Error, KeyKind, Note, NoteSignature, SignerKey, VerifierKey};

const TIME_BYTES: usize = 8;

/// A cosignature that was verified.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cosigned {
    /// The witness.
    pub name: String,
    /// When it saw the checkpoint, in seconds since 1970-01-01 00:00 UTC.
    pub unix_seconds: u64,
}

impl Cosigned {
    /// Verifies the cosignature of a witness below a note.
    ///
    /// # Errors
    ///
    /// Returns an error if there is none, or it is not good, or the key is not one of a witness.
    pub fn open(note: &Note, witness: &VerifierKey) -> Result<Self, Error> {
        if witness.kind() != KeyKind::Cosignature {
            return Err(Error::misuse(format!("`{}` is not the key of a witness", witness.name())));
        }
        let signature = note.signed_by(witness)?;
        let unix_seconds = time(signature.bytes()).map(|(seconds, _)| seconds).unwrap_or_default();
        Ok(Self { name: witness.name().to_owned(), unix_seconds })
    }
}

/// Cosigns a checkpoint. That the log only grew is for the caller to have verified.
///
/// # Errors
///
/// Returns an error if the note is no checkpoint or the key is not one of a witness.
pub fn cosign(note: &Note, witness: &SignerKey, unix_seconds: u64) -> Result<NoteSignature, Error> {
    if witness.kind() != KeyKind::Cosignature {
        return Err(Error::misuse(format!("`{}` is not the key of a witness", witness.name())));
    }
    note.text().parse::<Checkpoint>()?;
    let mut bytes = unix_seconds.to_be_bytes().to_vec();
    bytes.extend(witness.sign(message(note.text(), unix_seconds).as_bytes()));
    Ok(NoteSignature::new(&witness.verifier(), bytes))
}

pub(crate) fn is_good(text: &str, signature: &NoteSignature, witness: &VerifierKey) -> bool {
    let Some((seconds, signed)) = time(signature.bytes()) else {
        return false;
    };
    let is_length = signed.len() == Signature::BYTE_SIZE && i64::try_from(seconds).is_ok();
    is_length && witness.verifies(message(text, seconds).as_bytes(), signed)
}

fn time(bytes: &[u8]) -> Option<(u64, &[u8])> {
    let (seconds, signed) = bytes.split_first_chunk::<TIME_BYTES>()?;
    Some((u64::from_be_bytes(*seconds), signed))
}

fn message(text: &str, unix_seconds: u64) -> String {
    format!("cosignature/v1\ntime {unix_seconds}\n{text}")
}
