#!/usr/bin/env bash
# langchain-chroma: what was stored without metadata is found by search but cannot be fetched by its id: get_by_ids hands
# the missing metadata to Document as None and raises a ValidationError.
# Exit status 0: it behaves as described; 1: it behaves otherwise; 2: it could not be tried.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv" || exit 2
"$work/venv/bin/pip" install --quiet langchain-chroma==1.1.0 chromadb==1.5.9 || exit 2
cat >"$work/try.py" <<'PY'
import sys
from importlib.metadata import version

from langchain_chroma import Chroma
from langchain_core.embeddings import DeterministicFakeEmbedding

store = Chroma("passages", DeterministicFakeEmbedding(size=8))
store.add_texts(["A KV cache keeps keys and values."], ids=["kv"])
searched = store.similarity_search("cache", k=1)
print("search:", searched)
try:
    fetched = repr(store.get_by_ids(["kv"]))
except ValueError as error:
    fetched = type(error).__name__
print("get_by_ids:", fetched)
as_described = searched[0].id == "kv" and searched[0].metadata == {} and fetched == "ValidationError"
name = "langchain-chroma"
print(f"package {name}", version(name), "- as described" if as_described else "- NOT as described")
sys.exit(0 if as_described else 1)
PY
"$work/venv/bin/python" "$work/try.py"
