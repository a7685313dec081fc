//! Checkpoints, cosignatures and the two text forms of proofs.

use brightline_ledger::{
    Checkpoint, ConsistencyFile, Cosigned, Note, ProofFile, SignerKey, TileDirectory, cosign,
    leaf_hash,
};

use crate::scratch::{ORIGIN, Scratch, entry, frontier, key, log};

#[test]
fn a_checkpoint_is_of_one_log_and_one_key() {
    let key = key();
    let checkpoint = Checkpoint::new(ORIGIN, frontier(5).head()).unwrap();
    let note = checkpoint.signed_by(&key).unwrap().to_string();
    assert_eq!(Checkpoint::open(&note, &key.verifier()).unwrap(), checkpoint);
    let stranger = SignerKey::generate(ORIGIN).unwrap();
    assert!(Checkpoint::open(&note, &stranger.verifier()).unwrap_err().is_corrupt());
    let other = SignerKey::generate("other.example").unwrap();
    assert!(checkpoint.signed_by(&other).is_err());
    // A good signature by a key of another name does not make it this log's.
    let foreign = Note::sign(&checkpoint.to_string(), &other).unwrap().to_string();
    assert!(Checkpoint::open(&foreign, &other.verifier()).unwrap_err().is_corrupt());
}

#[test]
fn a_checkpoint_that_would_print_otherwise_is_refused() {
    let root = "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=";
    let good = format!("a.example\n7\n{root}\n");
    assert_eq!(good.parse::<Checkpoint>().unwrap().to_string(), good);
    let extended = format!("{good}more\n");
    assert_eq!(extended.parse::<Checkpoint>().unwrap().to_string(), extended);
    for bad in [
        format!("a.example\n7\n{root}"),
        format!("\n7\n{root}\n"),
        format!("a.example\n07\n{root}\n"),
        format!("a.example\n+7\n{root}\n"),
        format!("a.example\n18446744073709551616\n{root}\n"),
        "a.example\n7\n".to_owned(),
        format!("a.example\n7\n{}\n", &root[4..]),
        format!("a.example\n7\n{root}\n\n"),
        format!("a.example\n7\n{root}\r\n"),
    ] {
        assert!(bad.parse::<Checkpoint>().unwrap_err().is_corrupt(), "{bad:?}");
    }
}

#[test]
fn witnesses_cosign_and_are_verified() {
    let (key, witness) = (key(), SignerKey::generate_witness("witness.example/w1").unwrap());
    let checkpoint = Checkpoint::new(ORIGIN, frontier(5).head()).unwrap();
    let mut note = checkpoint.signed_by(&key).unwrap();
    assert!(Cosigned::open(&note, &witness.verifier()).is_err());
    note.add(cosign(&note, &witness, 1_700_000_000).unwrap());
    let read: Note = note.to_string().parse().unwrap();
    let cosigned = Cosigned::open(&read, &witness.verifier()).unwrap();
    assert_eq!(
        (cosigned.name.as_str(), cosigned.unix_seconds),
        ("witness.example/w1", 1_700_000_000)
    );
    Checkpoint::of_note(&read, &key.verifier()).unwrap();
    // A later one takes its place.
    note.add(cosign(&note, &witness, 1_700_000_060).unwrap());
    assert_eq!(note.signatures().len(), 2);
    assert!(cosign(&note, &key, 0).is_err());
    assert!(Note::sign("text\n", &witness).is_err());
    assert!(cosign(&Note::sign("text\n", &key).unwrap(), &witness, 0).is_err());
}

#[test]
fn the_time_of_a_cosignature_cannot_be_changed() {
    let (key, witness) = (key(), SignerKey::generate_witness("witness.example/w1").unwrap());
    let checkpoint = Checkpoint::new(ORIGIN, frontier(5).head()).unwrap();
    let mut note = checkpoint.signed_by(&key).unwrap();
    note.add(cosign(&note, &witness, 1_700_000_000).unwrap());
    let text = note.to_string();
    let line = text.lines().last().unwrap();
    let (head, body) = line.rsplit_once(' ').unwrap();
    for at in 6..16 {
        let mut body: Vec<char> = body.chars().collect();
        body[at] = if body[at] == 'A' { 'B' } else { 'A' };
        let body: String = body.into_iter().collect();
        let changed = text.replace(line, &format!("{head} {body}"));
        let note: Note = changed.parse().unwrap();
        assert!(Cosigned::open(&note, &witness.verifier()).unwrap_err().is_corrupt());
    }
}

fn proof(log: &TileDirectory, size: u64, index: u64) -> ProofFile {
    let hashes = log.files().tree(size).inclusion(index).unwrap();
    ProofFile { extra: None, index, hashes, checkpoint: log.checkpoint().clone() }
}

#[test]
fn proofs_as_files_read_what_they_print_and_prove_it() {
    let (scratch, key) = (Scratch::new(), key());
    let log = log(&scratch.path("log"), &key, &[300]);
    for (index, extra) in [(0, None), (7, Some(b"salt".to_vec())), (299, Some(Vec::new()))] {
        let file = ProofFile { extra, ..proof(&log, 300, index) };
        let read: ProofFile = file.to_string().parse().unwrap();
        assert_eq!(read, file);
        let checkpoint = read.verify(&leaf_hash(&entry(index)), &key.verifier()).unwrap();
        assert_eq!(checkpoint.head(), frontier(300).head());
        assert!(read.verify(&leaf_hash(b"another"), &key.verifier()).is_err());
        assert!(read.verify(&leaf_hash(&entry(index)), &self::key().verifier()).is_err());
    }
    let text = proof(&log, 300, 7).to_string();
    for (from, to) in
        [("@v1", "@v2"), ("index 7", "index 07"), ("index 7\n", "index 7\n\n"), ("index", "Index")]
    {
        assert!(text.replacen(from, to, 1).parse::<ProofFile>().is_err(), "{to:?}");
    }
}

#[test]
fn consistency_as_a_file_shows_a_log_that_only_grew() {
    let (scratch, key) = (Scratch::new(), key());
    let log = log(&scratch.path("log"), &key, &[300]);
    let hashes = log.files().tree(300).consistency(200).unwrap();
    let file = ConsistencyFile { old_size: 200, hashes, checkpoint: log.checkpoint().clone() };
    let read: ConsistencyFile = file.to_string().parse().unwrap();
    assert_eq!(read, file);
    read.verify(&frontier(200).head(), &key.verifier()).unwrap();
    assert!(read.verify(&frontier(199).head(), &key.verifier()).unwrap_err().is_corrupt());
    let mut other = frontier(199);
    other.append(leaf_hash(b"another"));
    assert!(read.verify(&other.head(), &key.verifier()).unwrap_err().is_corrupt());
}
