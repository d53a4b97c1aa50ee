"""States that were read once are kept in a file, so that a fit that takes hours can be stopped and gone on with."""

import hashlib
import sqlite3
from collections.abc import Sequence
from pathlib import Path

import numpy

from tutor.grading.judge import StateReader


class StoredStates:
    """A StateReader over another one; the file holds states by `model`, which names weights and blocks, and prompt."""

    def __init__(self, states: StateReader, file: Path, model: str) -> None:
        self._states = states
        self._file = sqlite3.connect(file)
        self._file.execute("CREATE TABLE IF NOT EXISTS states (prompt TEXT PRIMARY KEY, state BLOB NOT NULL)")
        self._model = model

    def read(self, beginning: str, rest: str) -> Sequence[float]:
        """From the file, else from the model. Raises ModelError when the model cannot be asked."""
        key = hashlib.sha256(f"{self._model}\n{beginning}{rest}".encode()).hexdigest()
        found = self._file.execute("SELECT state FROM states WHERE prompt = ?", (key,)).fetchone()
        if found is None:
            state = numpy.asarray(self._states.read(beginning, rest), dtype=numpy.float32)
            with self._file:
                self._file.execute("INSERT OR REPLACE INTO states VALUES (?, ?)", (key, state.tobytes()))
        else:
            state = numpy.frombuffer(found[0], dtype=numpy.float32)
        return tuple(state.tolist())
