"""Reads the public data, which is not part of this repository, and checks that it is the data that was trained on."""

import gzip
import hashlib
import json
import pathlib

INPUTS = pathlib.Path(__file__).with_name("inputs.json")


def read(folder, name):
    """The records of one file. Stops where the file is another than the one that `inputs.json` names."""
    raw = (pathlib.Path(folder) / name).read_bytes()
    known = json.loads(INPUTS.read_text())
    found = hashlib.sha256(raw).hexdigest()
    if known.get(name) != found:
        raise SystemExit(f"{name} has the SHA-256 {found}, and should have {known.get(name)}")
    text = (gzip.decompress(raw) if name.endswith(".gz") else raw).decode("utf-8")
    return [json.loads(line) for line in text.split("\n") if line]
