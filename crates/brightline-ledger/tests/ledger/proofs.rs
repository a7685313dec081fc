//! Roots and proofs against the naive tree and against a published crate.

use brightline_ledger::{
    Error, Frontier, Hash, Tile, TileKind, TileTree, TreeHead, leaf_hash, verify_consistency,
    verify_inclusion,
};
use ct_merkle::mem_backed_tree::MemoryBackedTree;
use ct_merkle::{ConsistencyProof, InclusionProof, RootHash};
use proptest::prelude::*;
use sha2::Sha256;

use crate::naive;
use crate::scratch::entry;

fn entries(size: u64) -> Vec<Vec<u8>> {
    (0..size).map(entry).collect()
}

/// Reads tiles from the entries by the definition of a tile.
fn tile(entries: &[Vec<u8>], tile: Tile) -> Result<Vec<u8>, Error> {
    let TileKind::Hashes { level } = tile.kind else { panic!("no proof needs entries") };
    let span = 256_usize.pow(u32::from(level));
    let first = tile.index as usize * 256;
    let hash = |at: usize| naive::root(&entries[(first + at) * span..(first + at + 1) * span]);
    Ok((0..usize::from(tile.width)).flat_map(|at| *hash(at).as_bytes()).collect())
}

fn head(entries: &[Vec<u8>]) -> TreeHead {
    TreeHead { size: entries.len() as u64, root: naive::root(entries) }
}

fn check(entries: &[Vec<u8>], old: usize, index: usize) {
    let new = head(entries);
    let mut tree = TileTree::new(new.size, |it| tile(entries, it));
    assert_eq!(tree.root().unwrap(), new.root);

    let inclusion = tree.inclusion(index as u64).unwrap();
    assert_eq!(inclusion, naive::path(index, entries));
    let leaf = leaf_hash(&entries[index]);
    verify_inclusion(&leaf, index as u64, &new, &inclusion).unwrap();

    let consistency = tree.consistency(old as u64).unwrap();
    if old > 0 {
        assert_eq!(consistency, naive::consistency(old, entries));
    }
    verify_consistency(&head(&entries[..old]), &new, &consistency).unwrap();
}

#[test]
fn every_size_up_to_the_second_tile_is_right() {
    let all = entries(270);
    let mut frontier = Frontier::new();
    for size in 1..=all.len() {
        frontier.append(leaf_hash(&all[size - 1]));
        assert_eq!(frontier.head(), head(&all[..size]));
        assert_eq!(Frontier::from_bytes(&frontier.to_bytes()).unwrap(), frontier);
        check(&all[..size], size / 3, size / 2);
        check(&all[..size], size, size - 1);
        check(&all[..size], 0, 0);
    }
}

#[test]
fn every_pair_of_sizes_and_every_index_of_small_trees_is_right() {
    let all = entries(40);
    for size in 1..=all.len() {
        for old in 0..=size {
            check(&all[..size], old, old.min(size - 1));
        }
    }
}

#[test]
fn no_proof_passes_for_anything_else() {
    let all = entries(37);
    let new = head(&all);
    let mut tree = TileTree::new(new.size, |it| tile(&all, it));
    for index in 0..new.size {
        let proof = tree.inclusion(index).unwrap();
        let leaf = leaf_hash(&all[index as usize]);
        for other in (0..=new.size).filter(|other| *other != index) {
            assert!(verify_inclusion(&leaf, other, &new, &proof).is_err());
        }
        for (proof, _) in damaged(&proof) {
            assert!(verify_inclusion(&leaf, index, &new, &proof).is_err());
        }
    }
    for old in 1..new.size {
        let old = head(&all[..old as usize]);
        let proof = tree.consistency(old.size).unwrap();
        for (proof, _) in damaged(&proof) {
            assert!(verify_consistency(&old, &new, &proof).is_err());
        }
        let other = TreeHead { root: leaf_hash(b"another"), ..old };
        assert!(verify_consistency(&other, &new, &proof).is_err());
        assert!(verify_consistency(&new, &old, &proof).is_err());
    }
}

/// A proof with one hash changed, left out, doubled or added; and what was done.
fn damaged(proof: &[Hash]) -> Vec<(Vec<Hash>, &'static str)> {
    let mut all = Vec::new();
    for at in 0..proof.len() {
        let mut changed = proof.to_vec();
        changed[at] = leaf_hash(b"another");
        all.push((changed, "changed"));
        let mut short = proof.to_vec();
        short.remove(at);
        all.push((short, "left out"));
        let mut double = proof.to_vec();
        double.insert(at, proof[at]);
        all.push((double, "doubled"));
    }
    let mut long = proof.to_vec();
    long.push(leaf_hash(b"another"));
    all.push((long, "added"));
    all
}

#[test]
fn a_published_crate_agrees() {
    let all = entries(700);
    for size in [1, 2, 3, 7, 8, 255, 256, 257, 511, 512, 513, 700] {
        let mut theirs = MemoryBackedTree::<Sha256, Vec<u8>>::new();
        all[..size].iter().for_each(|entry| theirs.push(entry.clone()));
        let new = head(&all[..size]);
        assert_eq!(theirs.root().as_bytes().as_slice(), new.root.as_bytes());
        let mut ours = TileTree::new(size as u64, |it| tile(&all[..size], it));
        for index in [0, size / 3, size - 1] {
            let proof = ours.inclusion(index as u64).unwrap();
            let bytes: Vec<u8> = proof.iter().flat_map(|hash| *hash.as_bytes()).collect();
            let proof = InclusionProof::<Sha256>::from_bytes(bytes);
            theirs.root().verify_inclusion(&all[index], index as u64, &proof).unwrap();
        }
        for old in [1, size / 2, size].into_iter().filter(|old| *old > 0) {
            let proof = ours.consistency(old as u64).unwrap();
            let bytes: Vec<u8> = proof.iter().flat_map(|hash| *hash.as_bytes()).collect();
            let proof = ConsistencyProof::<Sha256>::try_from_bytes(bytes).unwrap();
            let root = *naive::root(&all[..old]).as_bytes();
            let old = RootHash::<Sha256>::new(root.into(), old as u64);
            theirs.root().verify_consistency(&old, &proof).unwrap();
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn trees_of_any_size_are_right(size in 1_usize..3000, old in any::<u32>(), at in any::<u32>()) {
        let all = entries(size as u64);
        check(&all, old as usize % (size + 1), at as usize % size);
    }

    #[test]
    fn a_frontier_reads_only_what_it_writes(bytes in prop::collection::vec(any::<u8>(), 0..90)) {
        if let Ok(frontier) = Frontier::from_bytes(&bytes) {
            prop_assert_eq!(frontier.to_bytes(), bytes);
        }
    }
}
