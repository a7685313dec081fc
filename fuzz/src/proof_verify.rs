//! A proof passes for what it proves and for nothing else, whatever its bytes.

use brightline_ledger::{
    Frontier, Hash, TreeHead, leaf_hash, node_hash, verify_consistency, verify_inclusion,
};

use crate::bytes::Choices;

/// Checks one input.
pub fn run(bytes: &[u8]) {
    let mut choices = Choices::new(bytes);
    let leaves: Vec<Hash> =
        (0..1 + choices.below(40)).map(|number| leaf_hash(&[number as u8])).collect();
    let (at, old) = (choices.below(leaves.len()), 1 + choices.below(leaves.len()));
    let (head, old_head) = (head(&leaves), head(&leaves[..old]));
    let right = path(at, &leaves);
    verify_inclusion(&leaves[at], at as u64, &head, &right).expect("the right proof passes");

    let proof = hashes(&right, &leaves, &mut choices);
    let (leaf, index) = (*choices.one(&leaves), choices.below(leaves.len() + 2) as u64);
    if verify_inclusion(&leaf, index, &head, &proof).is_ok() {
        assert_eq!(leaves.get(index as usize), Some(&leaf), "an entry that is not there");
        assert_eq!(proof, path(index as usize, &leaves), "a second proof of one thing");
    }
    let other = TreeHead { size: choices.below(42) as u64, root: old_head.root };
    if verify_consistency(&other, &head, &proof).is_ok() {
        assert_eq!(other, old_head, "a tree that never was");
    }
}

fn head(leaves: &[Hash]) -> TreeHead {
    let mut frontier = Frontier::new();
    for leaf in leaves {
        frontier.append(*leaf);
    }
    frontier.head()
}

/// The right path with some hashes changed, left out or added.
fn hashes(right: &[Hash], leaves: &[Hash], choices: &mut Choices<'_>) -> Vec<Hash> {
    let mut proof = right.to_vec();
    for _ in 0..choices.below(4) {
        let at = choices.below(proof.len() + 1);
        let hash = if choices.below(2) == 0 {
            *choices.one(leaves)
        } else {
            root(&leaves[..1 + choices.below(leaves.len())])
        };
        match choices.below(3) {
            0 => proof.insert(at, hash),
            1 if at < proof.len() => drop(proof.remove(at)),
            _ => proof.iter_mut().skip(at).take(1).for_each(|it| *it = hash),
        }
    }
    proof
}

fn root(leaves: &[Hash]) -> Hash {
    match leaves {
        [leaf] => *leaf,
        more => {
            let (left, right) = more.split_at(split(more.len()));
            node_hash(&root(left), &root(right))
        }
    }
}

fn path(at: usize, leaves: &[Hash]) -> Vec<Hash> {
    if leaves.len() == 1 {
        return Vec::new();
    }
    let k = split(leaves.len());
    let (left, right) = leaves.split_at(k);
    let (mut proof, other) =
        if at < k { (path(at, left), root(right)) } else { (path(at - k, right), root(left)) };
    proof.push(other);
    proof
}

fn split(length: usize) -> usize {
    length.next_power_of_two() / 2
}
