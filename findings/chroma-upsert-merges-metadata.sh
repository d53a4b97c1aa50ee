#!/usr/bin/env bash
# chromadb: upsert replaces the vector and the document of an id, but not its metadata: keys that the new one lacks stay, so
# that a filter still finds a passage by what it no longer is. (add of a known id changes nothing and says nothing.)
# Exit status 0: it behaves as described; 1: it behaves otherwise; 2: it could not be tried.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv" || exit 2
"$work/venv/bin/pip" install --quiet chromadb==1.5.9 || exit 2
cat >"$work/try.py" <<'PY'
import sys
from importlib.metadata import version

import chromadb

passages = chromadb.EphemeralClient().create_collection("passages", embedding_function=None)
passages.add(ids=["1"], embeddings=[[1, 0]], documents=["old"], metadatas=[{"part": "answer", "entry": "kv"}])
passages.upsert(ids=["1"], embeddings=[[0, 1]], documents=["new"], metadatas=[{"part": "text"}])
held = passages.get(include=["documents", "metadatas"])
print("after the upsert:", held["documents"], held["metadatas"])
by_old = passages.get(where={"entry": "kv"})["ids"]
print("found by the key that the new metadata lack:", by_old)
passages.add(ids=["1"], embeddings=[[1, 1]], documents=["third"])
added = passages.get()["documents"]
print("after an add of the same id:", added)
as_described = (
    held["documents"] == ["new"]
    and held["metadatas"] == [{"part": "text", "entry": "kv"}]
    and by_old == ["1"]
    and added == ["new"]
)
name = "chromadb"
print(f"package {name}", version(name), "- as described" if as_described else "- NOT as described")
sys.exit(0 if as_described else 1)
PY
"$work/venv/bin/python" "$work/try.py"
