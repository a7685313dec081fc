//! Answers that everybody agrees on: the tree that the authors of RFC 6962 test with.

use brightline_ledger::{
    Frontier, Hash, Tile, TileKind, TreeHead, leaf_hash, verify_consistency, verify_inclusion,
};

const LEAVES: [&str; 8] = [
    "",
    "00",
    "10",
    "2021",
    "3031",
    "40414243",
    "5051525354555657",
    "606162636465666768696a6b6c6d6e6f",
];

/// After one entry, two, and so on.
const ROOTS: [&str; 8] = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
];

fn unhex(text: &str) -> Vec<u8> {
    let digits: Vec<u8> = text.chars().map(|it| it.to_digit(16).unwrap() as u8).collect();
    digits.chunks(2).map(|pair| pair[0] << 4 | pair[1]).collect()
}

fn hash(text: &str) -> Hash {
    Hash::from_slice(&unhex(text)).unwrap()
}

#[test]
fn roots_are_those_of_the_authors() {
    let nothing = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    let mut frontier = Frontier::new();
    assert_eq!(frontier.root(), hash(nothing));
    for (leaf, root) in LEAVES.iter().zip(ROOTS) {
        frontier.append(leaf_hash(&unhex(leaf)));
        assert_eq!(frontier.root(), hash(root));
    }
}

#[test]
fn proofs_of_the_authors_are_accepted() {
    let head = |size: usize| TreeHead { size: size as u64, root: hash(ROOTS[size - 1]) };
    let inclusion = [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ];
    let inclusion = inclusion.map(hash);
    verify_inclusion(&leaf_hash(&unhex(LEAVES[0])), 0, &head(8), &inclusion).unwrap();
    assert!(verify_inclusion(&leaf_hash(&unhex(LEAVES[1])), 0, &head(8), &inclusion).is_err());

    let consistency = [
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ];
    let consistency = consistency.map(hash);
    verify_consistency(&head(6), &head(8), &consistency).unwrap();
    assert!(verify_consistency(&head(5), &head(8), &consistency).is_err());
}

#[test]
fn tiles_stand_where_readers_look_for_them() {
    let path = |level, index, width| {
        let kind = TileKind::Hashes { level };
        Tile { kind, index, width }.path()
    };
    assert_eq!(path(0, 0, 256), "tile/0/000");
    assert_eq!(path(0, 273, 112), "tile/0/273.p/112");
    assert_eq!(path(1, 1_234_067, 256), "tile/1/x001/x234/067");
    assert_eq!(path(2, 1000, 1), "tile/2/x001/000.p/1");
    let entries = Tile { kind: TileKind::Entries, index: 1001, width: 255 };
    assert_eq!(entries.path(), "tile/entries/x001/001.p/255");
}
