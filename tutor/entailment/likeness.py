"""How alike two texts are for an embedder: unit vectors, and cosines freed of what any two texts have in common."""

from collections.abc import Sequence
from functools import cached_property
from typing import Any

import numpy as np
from langchain_core.embeddings import Embeddings

Vectors = np.ndarray[Any, np.dtype[np.float64]]  # (n, dimensions), unit length

MAX_EMBEDDED = 1_500  # characters of one text that are embedded; the embedder reads no more tokens than that

# What any text is like to any other for this embedder: cosines of multilingual-e5 start at about 0.75.
_BACKGROUND = (
    "The train to the coast leaves at half past nine.", "My sister painted the kitchen door green.",
    "Add two eggs and stir until the sugar dissolves.", "The museum is closed on public holidays.",
    "昨天下午公园里有很多孩子在放风筝。", "这家餐馆的豆腐很好吃,价格也不贵。", "请把雨伞放在门口的架子上。", "他们打算明年春天去海边旅行。",
)  # fmt: skip


class Likeness:
    """Vectors of one embedder, with the background that its cosines stand out from."""

    def __init__(self, embeddings: Embeddings) -> None:
        self._embeddings = embeddings

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors; always as documents, so that equal texts have cosine 1."""
        if not texts:
            return np.zeros((0, 1))
        vectors = np.asarray(self._embeddings.embed_documents(list(texts)), dtype=np.float64)
        lengths: Vectors = np.linalg.norm(vectors, axis=1, keepdims=True)
        unit: Vectors = vectors / np.maximum(lengths, 1e-12)
        return unit

    @cached_property
    def background(self) -> Vectors:
        """(8, dimensions), of texts about nothing that is ever asked."""
        return self.embed(_BACKGROUND)


def similarity(texts: Vectors, target: Vectors, background: Vectors) -> Vectors:
    """Cosine of each text with the target, scaled so that 0 is "as near as anything" and 1 is equality."""
    floor = float((background @ target).mean())
    scaled: Vectors = (texts @ target - floor) / max(1.0 - floor, 1e-6)
    return scaled


def similarities(texts: Vectors, targets: Vectors, background: Vectors) -> Vectors:
    """(texts, targets): `similarity` of each text with each target."""
    columns = [similarity(texts, target, background) for target in targets]
    return np.stack(columns, axis=1) if columns else np.zeros((len(texts), 0))


def scaled(cosines: Vectors, floors: Vectors) -> Vectors:
    """Cosines over what any text has in common with the target: 0 is "as near as anything", 1 is equality."""
    return np.asarray((cosines - floors) / np.maximum(1.0 - floors, 1e-6))
