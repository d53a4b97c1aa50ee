"""Shipped fakes: real subclasses of the interfaces they stand for, deterministic, without weights or clocks."""

import hashlib
import math

from langchain_core.embeddings import Embeddings

from tutor.text.terms import terms


class WordHashEmbeddings(Embeddings):
    """Texts that share terms are similar: each term adds one direction, chosen by its hash; unit length."""

    name = "word-hash"

    def __init__(self, dimensions: int = 256) -> None:
        self.dimensions = dimensions
        self.embedded: list[str] = []

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        self.embedded.extend(texts)
        return [self._vector(text) for text in texts]

    def embed_query(self, text: str) -> list[float]:
        return self._vector(text)

    def _vector(self, text: str) -> list[float]:
        vector = [0.0] * self.dimensions
        for term in terms(text) or [text]:
            digest = hashlib.sha256(term.encode()).digest()
            vector[int.from_bytes(digest[:4], "big") % self.dimensions] += 1.0
        length = math.sqrt(sum(value * value for value in vector))
        return [value / length for value in vector] if length else vector
