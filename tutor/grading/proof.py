"""Which sentence of the reference answer proves a key point. Both were written by one hand, so wording tells; knows no model."""

from functools import lru_cache

from tutor.domain import Rubric
from tutor.grading.attempt import clean
from tutor.grading.wording import Wording, pair_recall, read_wording, term_recall, weigh_terms
from tutor.text.sentences import split_sentences

# Of two: the shares of the key point's terms and of its pairs. Of 20 sentences read by hand below it, 8 spoke of something else.
_ENOUGH = 0.35
_READABLE = (
    0.8  # a sentence in plain words with this share of the best one's likeness is taken before a formula or a table
)


@lru_cache(maxsize=128)
def find_proofs(rubric: Rubric) -> tuple[str | None, ...]:
    """For each key point the sentence of the reference, as it stands there, that says the same; None where none does.

    None throughout where the key points are pieces of the reference themselves.
    """
    sentences = [] if rubric.from_reference else [s for s in split_sentences(rubric.reference) if "```" not in s]
    question = read_wording(clean(rubric.question))
    points = [read_wording(clean(text)) for text, _ in rubric.key_points]
    weights = weigh_terms(points, question)
    wordings = [read_wording(clean(sentence)) for sentence in sentences]

    def likeness(point: Wording, number: int) -> float:
        wording = wordings[number]
        return term_recall(point, wording, weights, crossed=False) + pair_recall(point, wording, weights)

    return tuple(_choose(sentences, [likeness(point, number) for number in range(len(sentences))]) for point in points)


def _choose(sentences: list[str], scores: list[float]) -> str | None:
    best = max(scores, default=0.0)
    if best < _ENOUGH:
        return None
    near = [number for number, score in enumerate(scores) if score >= max(_ENOUGH, _READABLE * best)]
    readable = [number for number in near if "$" not in sentences[number] and not sentences[number].startswith("|")]
    return sentences[max(readable or near, key=lambda number: scores[number])]
