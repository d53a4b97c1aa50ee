"""What of an attempt the language model reads beside a key point: little, because each token takes its time."""

from collections.abc import Sequence

from tutor.text.spans import Span, split_clauses
from tutor.text.tokens import estimate_tokens

MAX_SAID = 32  # tokens; with the question about them they are read in a second on two cores
_SENTENCES = 2  # a point is often made in one sentence and justified, or taken back, in another
_MAX_CLAUSE = 200  # characters of one without any punctuation


def choose_said(sentences: Sequence[Span], units: Sequence[Span], scores: Sequence[float]) -> str:
    """The sentences nearest to the key point, as far as they fit into MAX_SAID; of a longer one the clauses around the
    nearest clause.

    `scores` are the similarities of the units, of which the sentences are the first.
    """
    order = sorted(range(len(sentences)), key=lambda number: -scores[number])[:_SENTENCES]
    taken: list[int] = []
    for number in order:
        if estimate_tokens(" ".join(sentences[other].text for other in (*taken, number))) <= MAX_SAID:
            taken.append(number)
    if order[0] not in taken:
        return _nearest_clauses(sentences[order[0]], dict(zip(units, scores, strict=True)))
    return " ".join(sentences[number].text for number in sorted(taken))


def _nearest_clauses(sentence: Span, scores: dict[Span, float]) -> str:
    """The clauses of a long sentence from the nearest one on, then those before it, as many as fit; at least one."""
    clauses = split_clauses(sentence, at_least=12)
    start = max(range(len(clauses)), key=lambda number: scores.get(clauses[number], -1.0))
    end = start + 1

    def text(start: int, end: int) -> str:
        return sentence.text[clauses[start].start - sentence.start : clauses[end - 1].end - sentence.start]

    while end < len(clauses) and estimate_tokens(text(start, end + 1)) <= MAX_SAID:
        end += 1
    while start and estimate_tokens(text(start - 1, end)) <= MAX_SAID:
        start -= 1
    return text(start, end)[:_MAX_CLAUSE]
