"""Ties each sentence of an answer to the passage sentence that supports it, or says that none does.

The model's own citation marks are never read.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from langchain_core.embeddings import Embeddings

from tutor.domain import Citation, Hit
from tutor.grading.support import Checker

_MARK = re.compile(r"\s*[\[［【]\s*\d+(?:\s*[,，、]\s*\d+)*\s*[\]］】]")


@dataclass(frozen=True)
class Support:
    """A sentence of the answer with the passage sentence that carries it (hit is None where nothing does)."""

    sentence: str
    hit: Hit | None
    evidence: str = ""


class Supporter:
    """Checks sentences against the passages an answer was written from."""

    def __init__(self, embeddings: Embeddings, hits: Sequence[Hit]) -> None:
        self._hits = hits
        self._checker = Checker(embeddings, [hit.passage.text for hit in hits])

    def check(self, sentence: str) -> Support:
        """The best supporting passage sentence of `sentence`, or none."""
        finding = self._checker.check(sentence)
        if finding is None or not finding.is_supported:
            return Support(sentence, None)
        return Support(sentence, self._hits[finding.source], finding.evidence)


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
        contradictions=hit.contradictions,
    )
