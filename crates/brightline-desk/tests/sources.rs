//! Every source that a pack lists has something resting on it, or says what it was read for.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use brightline_desk::{CoverageEntry, Packs};
use brightline_law::{coverage, read};

#[test]
fn every_source_is_needed() {
    let packs = Packs::embedded().unwrap();
    let corpus = read(&packs.sources).corpus;
    let covered = coverage(&corpus);
    assert_eq!(covered.len(), packs.sources.packs.len());
    for it in &covered {
        let entry = CoverageEntry::of(&corpus, it);
        let named = entry.sources.iter().filter(|it| it.source.is_some()).count();
        assert_eq!(named, packs.pack(&entry.pack).unwrap().references.len(), "{}", entry.pack);
        for source in &entry.sources {
            let place = format!("{}: {:?}", entry.pack, source.source);
            assert!(!source.read.is_empty() || source.purpose.is_some(), "{place} has no use");
            assert!(
                source.read.is_empty() || source.purpose.is_none(),
                "{place}: a needless `for`"
            );
        }
    }
}
