"""What an attempt says in the reference's own sentences. These are curated, so they are right whatever a signal makes of them."""

from collections.abc import Sequence
from dataclasses import dataclass

from tutor.domain import Rubric
from tutor.grading.proof import find_proofs
from tutor.text.sentences import split_sentences
from tutor.text.spans import Span, clean

_MARKS = "-*•> \t"


@dataclass(frozen=True)
class Recited:
    """The sentences of an attempt that stand in the reference, and the key points that they prove."""

    sentences: frozenset[Span]
    others: frozenset[Span]  # the rest of the attempt
    points: frozenset[int]  # by position in the rubric

    def holds(self, span: Span | None) -> bool:
        """Whether the span lies in recited sentences and touches nothing else of the attempt."""
        return (
            span is not None
            and any(span.overlaps(sentence) for sentence in self.sentences)
            and not any(span.overlaps(sentence) for sentence in self.others)
        )


def find_recited(rubric: Rubric, sentences: Sequence[Span]) -> Recited:
    """Sentence for sentence: a sentence of the reference within a longer one may be denied there."""
    known = {_plain(sentence) for sentence in split_sentences(rubric.reference)}
    recited = frozenset(span for span in sentences if _plain(span.text) in known)
    said = {_plain(span.text) for span in recited}
    proofs = enumerate(find_proofs(rubric))
    points = frozenset(number for number, proof in proofs if proof and _plain(proof) in said)
    return Recited(recited, frozenset(sentences) - recited, points)


def _plain(text: str) -> str:
    return " ".join(clean(text).lower().split()).strip(_MARKS)
