"""Questions of other fields: what lies near them is no question for the bank, however alike its words are.

foreign.txt holds them, one a line: neighbouring engineering, words that mean something else elsewhere ("transformer",
"attention"), offices, kitchens, nonsense. They are compared as questions with questions, which is where the bundled
embedder tells fields apart.
"""

from collections.abc import Callable, Sequence
from functools import lru_cache
from importlib.resources import files

import numpy

_NEAREST = 3


class ForeignQuestions:
    """Embeds its questions at the first use (those of the bundled embedder ship with the corpus)."""

    def __init__(self, embed: Callable[[Sequence[str]], list[list[float]]]) -> None:
        """`embed` gives the vectors of texts as queries, each of unit length."""
        self._embed = embed
        self._vectors: numpy.ndarray[tuple[int, int], numpy.dtype[numpy.float32]] | None = None

    def nearness(self, vector: Sequence[float]) -> float:
        """Mean cosine of a query with the three nearest of them."""
        if self._vectors is None:
            self._vectors = numpy.asarray(self._embed(foreign_questions()), dtype=numpy.float32)
        similarities = self._vectors @ numpy.asarray(vector, dtype=numpy.float32)
        return float(numpy.sort(similarities)[-_NEAREST:].mean())


@lru_cache(maxsize=1)
def foreign_questions() -> tuple[str, ...]:
    """The list that ships with the program."""
    text = files("tutor.retrieval").joinpath("foreign.txt").read_text(encoding="utf-8")
    return tuple(line for line in text.splitlines() if line.strip())
