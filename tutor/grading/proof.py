"""Which sentence of the reference answer proves a key point. Both were written by one hand, so wording tells; knows no model."""

import math
from collections.abc import Mapping
from functools import lru_cache

from tutor.domain import Rubric
from tutor.text.polarity import antonym_mismatch, negation_mismatch
from tutor.text.sentences import split_sentences
from tutor.text.spans import clean
from tutor.text.wording import pair_recall, read_wording, term_recall, weigh_terms

# Of two: the shares of the key point's terms and of its pairs. Of 20 sentences read by hand below it, 8 spoke of something else.
_ENOUGH = 0.35
_OPPOSED = 0.5
_READABLE = (
    0.8  # a sentence in plain words with this share of the best one's likeness is taken before a formula or a table
)


@lru_cache(maxsize=128)
def find_proofs(rubric: Rubric) -> tuple[str | None, ...]:
    """For each key point the sentence of the reference, as it stands there, that says the same; None where none does.

    None throughout where the key points are pieces of the reference themselves.
    """
    sentences = [] if rubric.from_reference else [s for s in split_sentences(rubric.reference) if "```" not in s]
    points, cleaned = [clean(text) for text, _ in rubric.key_points], [clean(sentence) for sentence in sentences]
    weights = weigh_terms([read_wording(point) for point in points], read_wording(clean(rubric.question)))
    return tuple(_choose(sentences, [_likeness(point, other, weights) for other in cleaned]) for point in points)


def _likeness(point: str, sentence: str, weights: Mapping[str, float]) -> float:
    """Of wording, 0..2; what denies the point, or stands at the other pole, proves it less."""
    wanted, found = read_wording(point), read_wording(sentence)
    shared = term_recall(wanted, found, weights, crossed=False) + pair_recall(wanted, found, weights)
    opposed = negation_mismatch(point, sentence), antonym_mismatch(point, sentence)
    return shared * math.prod(1.0 - _OPPOSED * mismatch for mismatch in opposed)


def _choose(sentences: list[str], scores: list[float]) -> str | None:
    best = max(scores, default=0.0)
    if best < _ENOUGH:
        return None
    near = [number for number, score in enumerate(scores) if score >= max(_ENOUGH, _READABLE * best)]
    readable = [number for number in near if "$" not in sentences[number] and not sentences[number].startswith("|")]
    return sentences[max(readable or near, key=lambda number: scores[number])]
