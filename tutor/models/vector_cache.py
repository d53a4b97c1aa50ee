"""Vectors that need not be computed again: those that ship with the corpus, and those of this run.

The bundled engine reads one token after the other, so embedding the question bank on a learner's laptop would take many
minutes (docs/decisions/0004). The bank's vectors therefore ship with it, keyed by a hash of the text:
a text that changed is simply not found and gets embedded.
"""

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Sequence
from pathlib import Path

import numpy
from langchain_core.embeddings import Embeddings

from tutor.text.spelling import one_spelling

AS_QUERY = "query: "  # before a text whose vector is that of a query
_KEPT = 4_000  # vectors of 384 floats as Python lists: about 50 MB; the whole bank fits


class CachedEmbeddings(Embeddings):
    """Embeddings that look a text up before they compute it."""

    def __init__(self, inner: Embeddings, name: str, shipped: Path | None = None) -> None:
        """`shipped` is a file written by `write_vectors` for the same model; a missing one is no error."""
        self.name = name
        self._inner = inner
        self._shipped = read_vectors(shipped) if shipped else {}
        self._recent: OrderedDict[bytes, list[float]] = OrderedDict()
        self._lock = threading.Lock()

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        keys = [text_key(text) for text in texts]
        known = {key: vector for key in keys if (vector := self._known(key)) is not None}
        missing = {key: text for key, text in zip(keys, texts, strict=True) if key not in known}
        if missing:
            fresh = self._inner.embed_documents(list(missing.values()))
            known.update(zip(missing, fresh, strict=True))
            self._keep(zip(missing, fresh, strict=True))
        return [known[key] for key in keys]

    def embed_query(self, text: str) -> list[float]:
        return self._inner.embed_query(text)

    def embed_queries(self, texts: Sequence[str]) -> list[list[float]]:
        """As queries, for texts that are always the same: their vectors ship beside those of the passages."""
        return [self._known(text_key(AS_QUERY + text)) or self.embed_query(text) for text in texts]

    def missing(self, texts: Sequence[str]) -> list[str]:
        """The texts that have no shipped vector, in order."""
        return [text for text in texts if text_key(text) not in self._shipped]

    def _known(self, key: bytes) -> list[float] | None:
        with self._lock:
            recent = self._recent.get(key)
        if recent is not None:
            return recent
        shipped = self._shipped.get(key)
        return shipped.astype(numpy.float32).tolist() if shipped is not None else None

    def _keep(self, pairs: "zip[tuple[bytes, list[float]]]") -> None:
        with self._lock:
            self._recent.update(pairs)
            while len(self._recent) > _KEPT:
                self._recent.popitem(last=False)


def text_key(text: str) -> bytes:
    """16 bytes of SHA-256 of the text in its one spelling: what embedders give one vector has one key."""
    return hashlib.sha256(one_spelling(text).encode("utf-8")).digest()[:16]


def write_vectors(path: Path, texts: Sequence[str], vectors: Sequence[Sequence[float]]) -> None:
    """Stores vectors in half precision, sorted by key so that the same content gives the same file."""
    rows = sorted(dict(zip(map(text_key, texts), vectors, strict=True)).items())
    path.parent.mkdir(parents=True, exist_ok=True)
    keys = numpy.frombuffer(b"".join(key for key, _ in rows), dtype=numpy.uint8).reshape(-1, 16)
    numpy.savez(path, keys=keys, vectors=numpy.array([vector for _, vector in rows], dtype=numpy.float16))


def read_vectors(path: Path) -> dict[bytes, "numpy.ndarray[tuple[int], numpy.dtype[numpy.float16]]"]:
    """Vectors by text key; empty where there is no file."""
    if not path.is_file():
        return {}
    with numpy.load(path) as data:
        return {key.tobytes(): vector for key, vector in zip(data["keys"], data["vectors"], strict=True)}
