//! The ledger against known answers, a naive tree, a published crate, and people who tamper.

#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests")]

mod checkpoints;
mod folders;
mod homes;
mod keys;
mod known;
mod naive;
mod notes;
mod proofs;
mod scratch;
mod second;
mod tampering;
