#!/usr/bin/env bash
# langchain-chroma: relevance scores are said to be 0 to 1, but the formula for the default space expects a distance and Chroma
# gives its square: of unit vectors, one at a right angle gets -0.41 and the opposite one -1.83. With cosine they are 0 and -1.
# Exit status 0: it behaves as described; 1: it behaves otherwise; 2: it could not be tried.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv" || exit 2
"$work/venv/bin/pip" install --quiet langchain-chroma==1.1.0 chromadb==1.5.9 || exit 2
cat >"$work/try.py" <<'PY'
import math
import sys
import warnings
from importlib.metadata import version

from langchain_chroma import Chroma
from langchain_core.embeddings import Embeddings

ANGLES = {"same": 0, "right angle": 90, "opposite": 180}


class OnTheCircle(Embeddings):
    def embed_documents(self, texts):
        return [self.embed_query(text) for text in texts]

    def embed_query(self, text):
        angle = math.radians(ANGLES[text])
        return [math.cos(angle), math.sin(angle)]


warnings.simplefilter("ignore")  # the wrapper warns that its own scores are out of range
found = {}
for space in ("l2", "cosine"):
    store = Chroma(f"space-{space}", OnTheCircle(), collection_configuration={"hnsw": {"space": space}})
    store.add_texts(list(ANGLES), ids=["1", "2", "3"])
    scores = store.similarity_search_with_relevance_scores("same", k=3)
    found[space] = {document.page_content: round(score, 2) for document, score in scores}
    print(space, found[space])
as_described = found == {
    "l2": {"same": 1.0, "right angle": -0.41, "opposite": -1.83},
    "cosine": {"same": 1.0, "right angle": 0.0, "opposite": -1.0},
}
name = "langchain-chroma"
print(f"package {name}", version(name), "- as described" if as_described else "- NOT as described")
sys.exit(0 if as_described else 1)
PY
"$work/venv/bin/python" "$work/try.py"
