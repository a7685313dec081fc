//! Signed notes, as in C2SP `signed-note`: a text, and lines with signatures below it.

use std::fmt;
use std::str::FromStr;

use crate::key::check_name;
use crate::{Error, KeyKind, SignerKey, VerifierKey, cosignature, text};

/// Longer notes are not read.
const NOTE_BYTES_MAX: usize = 1 << 20;
/// Notes with more signatures are not read.
const SIGNATURE_COUNT_MAX: usize = 64;
const DASH: &str = "— ";
const ID_BYTES: usize = 4;

/// A text with signatures. What is parsed prints again to the same bytes.
///
/// Nothing may be believed of a note that is only parsed; see [`signed_by`](Self::signed_by).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    text: String,
    signatures: Vec<NoteSignature>,
}

/// One signature line: whose key, and the bytes that key made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoteSignature {
    name: String,
    id: u32,
    bytes: Vec<u8>,
}

impl NoteSignature {
    pub(crate) fn new(key: &VerifierKey, bytes: Vec<u8>) -> Self {
        Self { name: key.name().to_owned(), id: key.id(), bytes }
    }

    /// Returns the name of the key.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    fn is_of(&self, key: &VerifierKey) -> bool {
        self.name == key.name() && self.id == key.id()
    }
}

impl Note {
    /// Signs a text, which ends with a newline.
    ///
    /// # Errors
    ///
    /// Returns an error if the text cannot be told from its signatures, or holds control
    /// characters, or the key is one of a witness.
    pub fn sign(text: &str, key: &SignerKey) -> Result<Self, Error> {
        check_text(text)?;
        if key.kind() != KeyKind::Note {
            return Err(Error::misuse("the key of a witness signs no notes, it cosigns them"));
        }
        let signature = NoteSignature::new(&key.verifier(), key.sign(text.as_bytes()).to_vec());
        Ok(Self { text: text.to_owned(), signatures: vec![signature] })
    }

    /// Returns the text, signatures left out.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Returns the signatures, in their order.
    #[must_use]
    pub fn signatures(&self) -> &[NoteSignature] {
        &self.signatures
    }

    /// Adds a signature; one of the same key is replaced.
    pub fn add(&mut self, signature: NoteSignature) {
        let same = |it: &NoteSignature| it.name == signature.name && it.id == signature.id;
        match self.signatures.iter_mut().find(|it| same(it)) {
            Some(found) => *found = signature,
            None => self.signatures.push(signature),
        }
    }

    /// Returns whether the key signed this text. Signatures of other keys are passed over.
    ///
    /// # Errors
    ///
    /// Returns an error if there is no signature of the key, or one that is not good.
    pub fn signed_by(&self, key: &VerifierKey) -> Result<&NoteSignature, Error> {
        let mut found = None;
        for signature in self.signatures.iter().filter(|it| it.is_of(key)) {
            let is_good = match key.kind() {
                KeyKind::Note => key.verifies(self.text.as_bytes(), &signature.bytes),
                KeyKind::Cosignature => cosignature::is_good(&self.text, signature, key),
            };
            if !is_good {
                let message = format!("the signature of `{}` is not good", key.name());
                return Err(Error::corrupt(message));
            }
            found = Some(signature);
        }
        found.ok_or_else(|| Error::corrupt(format!("there is no signature of `{}`", key.name())))
    }
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.text)?;
        for signature in &self.signatures {
            let mut bytes = signature.id.to_be_bytes().to_vec();
            bytes.extend(&signature.bytes);
            writeln!(f, "{DASH}{} {}", signature.name, text::encode(&bytes))?;
        }
        Ok(())
    }
}

impl FromStr for Note {
    type Err = Error;

    /// Reads a note; whatever would not be printed in the same bytes is refused.
    fn from_str(text: &str) -> Result<Self, Error> {
        if text.len() > NOTE_BYTES_MAX {
            return Err(Error::corrupt("the note is too long"));
        }
        let at = text.rfind("\n\n").ok_or_else(|| Error::corrupt("the note has no signatures"))?;
        let (body, lines) = (text.get(..=at), text.get(at + 2..));
        let (Some(body), Some(lines)) = (body, lines) else {
            return Err(Error::corrupt("the note has no signatures"));
        };
        check_text(body)?;
        let lines =
            lines.strip_suffix('\n').ok_or_else(|| Error::corrupt("the note is cut off"))?;
        let signatures: Vec<NoteSignature> = lines
            .split('\n')
            .take(SIGNATURE_COUNT_MAX + 1)
            .map(signature)
            .collect::<Result<_, _>>()?;
        if signatures.len() > SIGNATURE_COUNT_MAX {
            return Err(Error::corrupt("the note has too many signatures"));
        }
        Ok(Self { text: body.to_owned(), signatures })
    }
}

fn signature(line: &str) -> Result<NoteSignature, Error> {
    let wrong = || Error::corrupt(format!("`{}` is no signature line", text::short(line)));
    let (name, bytes) =
        line.strip_prefix(DASH).and_then(|rest| rest.split_once(' ')).ok_or_else(wrong)?;
    check_name(name)?;
    let bytes = text::decode(bytes)?;
    let (id, bytes) = bytes.split_first_chunk::<ID_BYTES>().ok_or_else(wrong)?;
    if bytes.is_empty() {
        return Err(wrong());
    }
    Ok(NoteSignature { name: name.to_owned(), id: u32::from_be_bytes(*id), bytes: bytes.to_vec() })
}

fn check_text(text: &str) -> Result<(), Error> {
    if !text.ends_with('\n') || text == "\n" {
        return Err(Error::corrupt("the text of a note ends with a line"));
    }
    if text.contains(|it: char| it < ' ' && it != '\n') {
        return Err(Error::corrupt("the text of a note has no control characters"));
    }
    Ok(())
}
