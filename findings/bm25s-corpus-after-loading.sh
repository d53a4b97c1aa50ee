#!/usr/bin/env bash
# bm25s: what retrieve returns depends on whether the index was saved in between: a corpus of strings gives the strings,
# the same corpus saved and loaded gives {"id": ..., "text": ...} for each.
# Exit status 0: it behaves as described; 1: it behaves otherwise; 2: it could not be tried.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv" || exit 2
"$work/venv/bin/pip" install --quiet bm25s==0.3.16 || exit 2
cat >"$work/try.py" <<'PY'
import sys
import tempfile
from importlib.metadata import version

import bm25s

corpus = ["kv cache", "attention head", "kv head kv"]
index = bm25s.BM25(corpus=corpus)
index.index([text.split() for text in corpus], show_progress=False)
before = index.retrieve([["kv"]], k=1, show_progress=False).documents.tolist()
with tempfile.TemporaryDirectory() as folder:
    index.save(folder, corpus=corpus)
    after = bm25s.BM25.load(folder, load_corpus=True).retrieve([["kv"]], k=1, show_progress=False).documents.tolist()
print("built:", before)
print("loaded:", after)
as_described = before == [["kv head kv"]] and after == [[{"id": 2, "text": "kv head kv"}]]
name = "bm25s"
print(f"package {name}", version(name), "- as described" if as_described else "- NOT as described")
sys.exit(0 if as_described else 1)
PY
"$work/venv/bin/python" "$work/try.py"
