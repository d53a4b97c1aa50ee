"""States and vectors that were read once are kept in a file: a fit takes hours, can be stopped and gone on with, and
reads the same texts in every fold."""

import hashlib
import sqlite3
from collections.abc import Sequence
from pathlib import Path

import numpy
from langchain_core.embeddings import Embeddings

from tutor.grading.judge import StateReader


class Stored:
    """Lists of numbers in single precision, by the text that they were read from."""

    def __init__(self, file: Path) -> None:
        file.parent.mkdir(parents=True, exist_ok=True)
        self._file = sqlite3.connect(file)
        self._file.execute("CREATE TABLE IF NOT EXISTS states (prompt TEXT PRIMARY KEY, state BLOB NOT NULL)")

    def find(self, text: str) -> list[float] | None:
        found = self._file.execute("SELECT state FROM states WHERE prompt = ?", (_key(text),)).fetchone()
        return None if found is None else numpy.frombuffer(found[0], dtype=numpy.float32).tolist()

    def keep(self, text: str, numbers: Sequence[float]) -> list[float]:
        """The numbers, rounded as they are kept."""
        kept = numpy.asarray(numbers, dtype=numpy.float32)
        with self._file:
            self._file.execute("INSERT OR REPLACE INTO states VALUES (?, ?)", (_key(text), kept.tobytes()))
        return [float(number) for number in kept]


class StoredStates:
    """A StateReader over another one; states are kept by `model`, which names weights and blocks, and prompt."""

    def __init__(self, states: StateReader, stored: Stored, model: str) -> None:
        self._states = states
        self._stored = stored
        self._model = model

    def read(self, beginning: str, rest: str) -> Sequence[float]:
        """As kept, else from the model. Raises ModelError when the model cannot be asked."""
        text = f"{self._model}\n{beginning}{rest}"
        known = self._stored.find(text)
        return self._stored.keep(text, self._states.read(beginning, rest)) if known is None else known


class StoredVectors(Embeddings):
    """Embeddings over others, whose `name` says which vectors are kept."""

    def __init__(self, inner: Embeddings, stored: Stored, name: str) -> None:
        self._inner = inner
        self._stored = stored
        self._name = name

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        known = {text: self._stored.find(self._place(text)) for text in texts}
        missing = [text for text, vector in known.items() if vector is None]
        fresh = self._inner.embed_documents(missing) if missing else []
        known |= {text: self._stored.keep(self._place(text), v) for text, v in zip(missing, fresh, strict=True)}
        return [known[text] or [] for text in texts]

    def embed_query(self, text: str) -> list[float]:
        return self._inner.embed_query(text)

    def _place(self, text: str) -> str:
        return f"{self._name}\n{text}"


def _key(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
