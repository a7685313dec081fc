//! Proofs verified, RFC 9162 sections 2.1.3.2 and 2.1.4.2: without the tree, from hashes alone.

use crate::{Error, Hash, TreeHead, node_hash};

/// Verifies that the entry with the hash `leaf` stands at `index` under `head`.
///
/// # Errors
///
/// Returns an error for which [`Error::is_corrupt`] holds if the proof proves something else.
pub fn verify_inclusion(
    leaf: &Hash,
    index: u64,
    head: &TreeHead,
    proof: &[Hash],
) -> Result<(), Error> {
    if index >= head.size {
        return Err(wrong("inclusion"));
    }
    let (mut node, mut last) = (index, head.size - 1);
    let mut root = *leaf;
    for hash in proof {
        if last == 0 {
            return Err(wrong("inclusion"));
        }
        if node & 1 == 1 || node == last {
            root = node_hash(hash, &root);
            while node & 1 == 0 && node != 0 {
                (node, last) = (node >> 1, last >> 1);
            }
        } else {
            root = node_hash(&root, hash);
        }
        (node, last) = (node >> 1, last >> 1);
    }
    if last == 0 && root == head.root { Ok(()) } else { Err(wrong("inclusion")) }
}

/// Verifies that the tree at `new` only adds to the tree at `old`.
///
/// # Errors
///
/// Returns an error for which [`Error::is_corrupt`] holds if the proof proves something else; a
/// log that is forked or rewritten has no proof that passes.
pub fn verify_consistency(old: &TreeHead, new: &TreeHead, proof: &[Hash]) -> Result<(), Error> {
    let failed = || wrong("consistency");
    if old.size > new.size {
        return Err(failed());
    }
    if old.size == new.size || old.size == 0 {
        let fits = if old.size == 0 { Hash::of_nothing() } else { new.root };
        return if proof.is_empty() && old.root == fits { Ok(()) } else { Err(failed()) };
    }
    let mut hashes = proof.iter();
    let first =
        if old.size.is_power_of_two() { old.root } else { *hashes.next().ok_or_else(failed)? };
    let up = (old.size - 1).trailing_ones();
    let (mut node, mut last) = ((old.size - 1) >> up, (new.size - 1) >> up);
    let (mut old_root, mut new_root) = (first, first);
    for hash in hashes {
        if last == 0 {
            return Err(failed());
        }
        if node & 1 == 1 || node == last {
            old_root = node_hash(hash, &old_root);
            new_root = node_hash(hash, &new_root);
            while node & 1 == 0 && node != 0 {
                (node, last) = (node >> 1, last >> 1);
            }
        } else {
            new_root = node_hash(&new_root, hash);
        }
        (node, last) = (node >> 1, last >> 1);
    }
    let proved = last == 0 && old_root == old.root && new_root == new.root;
    if proved { Ok(()) } else { Err(failed()) }
}

fn wrong(what: &str) -> Error {
    Error::corrupt(format!("the proof of {what} does not lead to the root"))
}
