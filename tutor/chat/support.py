"""Ties each sentence of an answer to the passage sentence that supports it, or says that none does.

The model's own citation marks are never read. A sentence is supported when a passage sentence is close in meaning,
shares enough of its rare terms, and contains every number the sentence states.
"""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

from langchain_core.embeddings import Embeddings

from tutor.domain import Citation, Hit
from tutor.text.numbers import find_numbers
from tutor.text.sentences import split_sentences
from tutor.text.terms import terms

# Calibrated on generated answers, see docs/measurements/support.md
_MIN_SIMILARITY = 0.84
_MIN_SHARED = 0.25
_SURE_SIMILARITY = 0.90
_MARK = re.compile(r"\s*[\[［【]\s*\d+(?:\s*[,，、]\s*\d+)*\s*[\]］】]")


@dataclass(frozen=True)
class Support:
    """A sentence of the answer with the passage sentence that carries it (hit is None where nothing does)."""

    sentence: str
    hit: Hit | None
    evidence: str
    similarity: float


class Supporter:
    """Checks sentences against the passages an answer was written from."""

    def __init__(self, embeddings: Embeddings, hits: Sequence[Hit]) -> None:
        self._embeddings = embeddings
        self._pieces = [(hit, sentence) for hit in hits for sentence in split_sentences(hit.passage.text)]
        texts = [sentence for _, sentence in self._pieces]
        self._vectors = embeddings.embed_documents(texts) if texts else []
        self._numbers = {round(n.value, 9) for hit in hits for n in find_numbers(hit.passage.text)}

    def check(self, sentence: str) -> Support:
        """The best supporting passage sentence of `sentence`, or none."""
        if not self._pieces:
            return Support(sentence, None, "", 0.0)
        vector = self._embeddings.embed_documents([sentence])[0]
        similarities = [_dot(vector, other) for other in self._vectors]
        wanted = set(terms(sentence))
        shares = [_share(wanted, set(terms(piece))) for _, piece in self._pieces]
        best = max(range(len(similarities)), key=lambda i: similarities[i] + 0.1 * shares[i])
        hit, piece = self._pieces[best]
        pooled = _share(wanted, set(terms(hit.passage.text)))
        close = similarities[best] >= _SURE_SIMILARITY or (
            similarities[best] >= _MIN_SIMILARITY and max(shares[best], pooled) >= _MIN_SHARED
        )
        numbers_known = all(_is_known(number.value, self._numbers) for number in find_numbers(sentence))
        return Support(sentence, hit if close and numbers_known else None, piece, similarities[best])


def strip_marks(text: str) -> str:
    """Text without the citation marks that a model made up."""
    return _MARK.sub("", text)


def cite(text: str, supports: Sequence[Support]) -> tuple[str, tuple[Citation, ...], tuple[str, ...]]:
    """(text with [n] after each supported sentence, citations in order of first use, unsupported sentences).

    `supports` are those of the sentences of `text`, in order. One number per passage sentence, so that each number
    opens at the sentence that supports it.
    """
    citations: dict[tuple[str, str], Citation] = {}
    pieces: list[str] = []
    done = 0
    for support in supports:
        end = text.index(support.sentence, done) + len(support.sentence)
        pieces.append(text[done:end])
        done = end
        if support.hit is None:
            continue
        key = (support.hit.passage.id, support.evidence)
        if key not in citations:
            citations[key] = citation(len(citations) + 1, support.hit, support.evidence)
        pieces.append(f" [{citations[key].number}]")
    unsupported = tuple(support.sentence for support in supports if support.hit is None)
    return "".join(pieces) + text[done:], tuple(citations.values()), unsupported


def citation(number: int, hit: Hit, sentence: str) -> Citation:
    """A citation of `hit`, opening at `sentence`."""
    passage = hit.passage
    return Citation(
        number=number,
        passage_id=passage.id,
        document=passage.document_id,
        entry_id=passage.entry_id,
        title=passage.title,
        text=passage.text,
        sentence=sentence if sentence in passage.text else "",
        heading_path=passage.heading_path,
        origins=hit.origins,
    )


def _share(wanted: set[str], held: set[str]) -> float:
    return len(wanted & held) / len(wanted) if wanted else 0.0


def _is_known(value: float, known: set[float]) -> bool:
    # Small counts ("two parts", "3 steps") are the speaker's own; anything larger must stand in a passage.
    if value in (0, 1, 2, 3, 4):
        return True
    return any(math.isclose(value, other, rel_tol=1e-6) for other in known)


def _dot(left: Sequence[float], right: Sequence[float]) -> float:
    return math.fsum(a * b for a, b in zip(left, right, strict=True))
