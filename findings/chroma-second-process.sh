#!/usr/bin/env bash
# chromadb: a client that has queried once counts what another process adds, but never finds it, and
# still finds what another one deleted. A second client of the same process is no better, a new process is.
# Exit status 0: it behaves as described; 1: it behaves otherwise; 2: it could not be tried.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv" || exit 2
"$work/venv/bin/pip" install --quiet chromadb==1.5.9 || exit 2
cat >"$work/try.py" <<'PY'
import subprocess
import sys

import chromadb

folder = sys.argv[1]
ADD = """
import sys, chromadb
first, last = int(sys.argv[2]), int(sys.argv[3])
ids = [str(number) for number in range(first, last)]
vectors = [[1.0, float(number)] for number in range(first, last)]
collection = chromadb.PersistentClient(path=sys.argv[1]).get_or_create_collection("vectors", embedding_function=None)
collection.delete(ids=ids) if len(sys.argv) > 4 else collection.add(ids=ids, embeddings=vectors, documents=ids)
"""


def elsewhere(*arguments):
    subprocess.run([sys.executable, "-c", ADD, folder, *arguments], check=True)


def nearest(collection):
    return collection.query(query_embeddings=[[1.0, 55.0]], n_results=1, include=["distances"])["ids"][0]


elsewhere("0", "50")
collection = chromadb.PersistentClient(path=folder).get_collection("vectors", embedding_function=None)
print("nearest to 55, of 0-49:", nearest(collection))
elsewhere("50", "60")
count, stale = collection.count(), nearest(collection)
again = chromadb.PersistentClient(path=folder).get_collection("vectors", embedding_function=None)
print(f"after another process added 50-59: count {count}, nearest {stale}, of a second client {nearest(again)}")
elsewhere("40", "50", "delete")
deleted = nearest(collection)
print(f"after another process deleted 40-49: count {collection.count()}, nearest {deleted}")
fresh = subprocess.run(
    [sys.executable, "-c", f"""
import chromadb
collection = chromadb.PersistentClient(path={folder!r}).get_collection("vectors", embedding_function=None)
print(collection.query(query_embeddings=[[1.0, 55.0]], n_results=1, include=["distances"])["ids"][0])
"""], check=True, capture_output=True, text=True).stdout.strip()
print("a client in a new process:", fresh)
as_described = (count, stale, nearest(again), deleted, fresh) == (60, ["49"], ["49"], ["49"], "['55']")
print("package chromadb", chromadb.__version__, "- as described" if as_described else "- NOT as described")
sys.exit(0 if as_described else 1)
PY
"$work/venv/bin/python" "$work/try.py" "$work/data"
