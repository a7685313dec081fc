"""Reads our logs, and makes one for us to read, with a package that shares no code with ours.

second.py verify FOLDER LOG_KEY WITNESS_KEY OLD_SIZE OLD_ROOT
second.py make FOLDER ORIGIN SIZE        prints the key of the log
"""

import base64
import sys
from pathlib import Path

import aics_tlog as tlog
from aics_tlog.verified import audit_tiles
from aics_tlog.writer import DirectoryTileStore, IncrementalTileWriter
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey


def check(holds, what):
    if not holds:
        sys.exit(f"does not hold: {what}")


def verify(folder, log_key, witness_key, old_size, old_root):
    note = tlog.parse_note((Path(folder) / "checkpoint").read_text())
    keys = tlog.parse_vkey(log_key), [tlog.parse_vkey(witness_key)]
    found = tlog.verify_checkpoint(note, *keys, quorum=1)
    check(found.ok, f"the checkpoint: {found.error}")
    files = tlog.FileSystemTileReader(folder)
    report = audit_tiles(files, found.size, found.root)
    size, root = found.size, found.root
    for index in {0, size // 2, size - 1}:
        entry = tlog.read_entry(files, index, size)
        proof = tlog.inclusion_proof_from_tiles(files, index, size)
        check(tlog.verify_leaf_inclusion(entry, index, size, proof, root), f"entry {index}")
    proof = tlog.consistency_proof_from_tiles(files, old_size, size)
    check(tlog.verify_consistency(old_size, size, old_root, root, proof), "that it only grew")
    for name in sys.stdin.read().split():
        proof_file(Path(name).read_text(), found, files)
    print(f"{size} entries, {report.tiles} tiles, {report.bundles} bundles")


def proof_file(text, found, files):
    """Checks a proof that we wrote, line by line."""
    head, note = text.split("\n\n", 1)
    first, index, *hashes = head.split("\n")
    check(first == "c2sp.org/tlog-proof@v1", "the first line")
    check(note == (files.root / "checkpoint").read_text(), "the checkpoint of the proof")
    index = int(index.removeprefix("index "))
    entry = tlog.read_entry(files, index, found.size)
    hashes = [base64.b64decode(it, validate=True) for it in hashes]
    holds = tlog.verify_leaf_inclusion(entry, index, found.size, hashes, found.root)
    check(holds, f"the proof of entry {index}")


def make(folder, origin, size):
    key = Ed25519PrivateKey.generate()
    store = DirectoryTileStore(folder)
    writer = IncrementalTileWriter(store, size=0)
    writer.append([b"entry %d" % number for number in range(size)])
    checkpoint = tlog.Checkpoint(origin, writer.size, writer.root())
    store.write_checkpoint(tlog.sign_checkpoint(checkpoint, key, origin).to_bytes())
    print(tlog.format_vkey(tlog.vkey_from_ed25519(origin, key.public_key())))


if sys.argv[1] == "verify":
    _, _, folder, log_key, witness_key, old_size, old_root = sys.argv
    verify(folder, log_key, witness_key, int(old_size), base64.b64decode(old_root))
else:
    make(sys.argv[2], sys.argv[3], int(sys.argv[4]))
