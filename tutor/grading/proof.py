"""What of the reference answer proves a key point, and what of an attempt is said in the reference's own sentences.

Reference and key points were written by one hand, so wording tells; both are curated, so what they say is right whatever a
signal makes of it. Knows no model.
"""

import math
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass

from tutor.domain import Rubric
from tutor.text.reading import Text
from tutor.text.sentences import split_sentences
from tutor.text.spans import Span, clean
from tutor.text.wording import pair_recall, term_recall

# Of two: the shares of the key point's terms and of its pairs. Of 20 sentences read by hand below it, 8 spoke of something else.
_ENOUGH = 0.35
_OPPOSED = 0.5
_READABLE = (
    0.8  # a sentence in plain words with this share of the best one's likeness is taken before a formula or a table
)
_MARKS = "-*•> \t"


def find_proofs(rubric: Rubric, points: Sequence[Text], weights: Mapping[str, float]) -> tuple[str | None, ...]:
    """For each key point the sentence of the reference, as it stands there, that says the same; None where none does.

    `points` are the cleaned key points, `weights` say what each of their terms proves. None throughout where the key
    points are pieces of the reference themselves.
    """
    sentences = [] if rubric.from_reference else [s for s in split_sentences(rubric.reference) if "```" not in s]
    cleaned = [Text(clean(sentence)) for sentence in sentences]
    return tuple(_choose(sentences, [_likeness(point, other, weights) for other in cleaned]) for point in points)


def _likeness(point: Text, sentence: Text, weights: Mapping[str, float]) -> float:
    """Of wording, 0..2; what denies the point, or stands at the other pole, proves it less."""
    wanted, found = point.wording, sentence.wording
    shared = term_recall(wanted, found, weights, crossed=False) + pair_recall(wanted, found, weights)
    opposed = point.negation_mismatch(sentence), point.antonym_mismatch(sentence)
    return shared * math.prod(1.0 - _OPPOSED * mismatch for mismatch in opposed)


def _choose(sentences: list[str], scores: list[float]) -> str | None:
    best = max(scores, default=0.0)
    if best < _ENOUGH:
        return None
    near = [number for number, score in enumerate(scores) if score >= max(_ENOUGH, _READABLE * best)]
    readable = [number for number in near if "$" not in sentences[number] and not sentences[number].startswith("|")]
    return sentences[max(readable or near, key=lambda number: scores[number])]


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


def plain_sentences(reference: str) -> frozenset[str]:
    """The sentences of a reference without marks and case: what an attempt can recite."""
    return frozenset(_plain(clean(sentence)) for sentence in split_sentences(reference))


def find_recited(known: Set[str], proofs: Sequence[str | None], sentences: Sequence[Span]) -> Recited:
    """Sentence for sentence: a sentence of the reference within a longer one may be denied there.

    `known` are `plain_sentences` of the reference, `proofs` those of the key points.
    """
    recited = frozenset(span for span in sentences if _plain(span.text) in known)
    said = {_plain(span.text) for span in recited}
    points = frozenset(number for number, proof in enumerate(proofs) if proof and _plain(clean(proof)) in said)
    return Recited(recited, frozenset(sentences) - recited, points)


def _plain(cleaned: str) -> str:
    return " ".join(cleaned.lower().split()).strip(_MARKS)
