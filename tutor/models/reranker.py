"""Opens an optional reranker from one setting: none, or a sentence-transformers CrossEncoder."""

from typing import Protocol

from tutor.errors import ModelError
from tutor.models.named import SENTENCE_TRANSFORMERS


class Reranker(Protocol):
    """Scores how well each text answers the query."""

    name: str

    def scores(self, query: str, texts: list[str]) -> list[float]:
        """One score per text, higher is better; comparable within one query."""
        ...


def open_reranker(spec: str = "") -> Reranker | None:
    """None for an empty spec, else `sentence-transformers:NAME_OR_PATH`; raises ModelError."""
    if not spec:
        return None
    if spec.startswith(SENTENCE_TRANSFORMERS):
        from tutor.models.sentence_models import SentenceReranker

        return SentenceReranker(spec.removeprefix(SENTENCE_TRANSFORMERS))
    raise ModelError("models.unknown_reranker", reranker=spec)
