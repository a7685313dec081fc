//! Bytes in order: an append-only log that nobody can rewrite unseen.
//!
//! An *entry* is any string of bytes. Entries are the leaves of a Merkle tree as in RFC 6962, so
//! that 32 bytes, the root, stand for all of them and their order. A *checkpoint* is the size and
//! the root of the tree as a signed note. A *proof* is a short list of hashes: of inclusion, that
//! an entry stands at its place under a checkpoint; of consistency, that a later checkpoint only
//! adds. Whoever keeps a checkpoint finds out any later change.
//!
//! All formats are public: checkpoints, tiles, cosignatures of witnesses and proofs as C2SP writes
//! them down (`tlog-checkpoint`, `tlog-tiles`, `tlog-cosignature`, `tlog-proof`).
//!
//! ```
//! use brightline_ledger::{Checkpoint, Frontier, SignerKey, leaf_hash};
//!
//! let key = SignerKey::generate("records.example/log")?;
//! let mut frontier = Frontier::new();
//! for entry in ["received", "decided", "done"] {
//!     frontier.append(leaf_hash(entry.as_bytes()));
//! }
//! let checkpoint = Checkpoint::new("records.example/log", frontier.head())?;
//! let note = checkpoint.signed_by(&key)?;
//! let read = Checkpoint::open(&note.to_string(), &key.verifier())?;
//! assert_eq!(read.head().size, 3);
//! # Ok::<(), brightline_ledger::Error>(())
//! ```
//!
//! Not here: law, databases, the network, and any secret but the signing key. What an entry says
//! is for its writer to encrypt; the log only fixes that it was there.

mod bundle;
mod checkpoint;
mod consistency_file;
mod cosignature;
mod directory;
mod edge;
mod error;
mod frontier;
mod hash;
mod home;
mod key;
mod key_file;
mod note;
mod proof;
mod proof_file;
mod text;
mod tile;
mod tree;
mod verify;
mod write;

pub use checkpoint::Checkpoint;
pub use consistency_file::ConsistencyFile;
pub use cosignature::{Cosigned, cosign};
pub use directory::{TileDirectory, TileFiles};
pub use error::Error;
pub use frontier::{Frontier, TreeHead};
pub use hash::{HASH_BYTES, Hash, leaf_hash, node_hash};
pub use home::{LedgerHome, read_verifier};
pub use key::{KeyKind, SignerKey, VerifierKey};
pub use note::{Note, NoteSignature};
pub use proof::{verify_consistency, verify_inclusion};
pub use proof_file::ProofFile;
pub use tile::{Tile, TileKind};
pub use tree::TileTree;
pub use verify::Verified;
