"""Holds an attempt against its rubric: for each key point where it is spoken of and how strongly, for each misconception
whether it is repeated. The signals get calibrated.

Compares vectors, wording and polarity; knows no chat model and no scores.
"""

import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from tutor.entailment.likeness import Vectors
from tutor.fitted import Logistic
from tutor.grading.misconceptions import ClaimEvidence, barred_units, chance, contradicted_points, find_claims
from tutor.grading.reading import Reading, Statements, Units
from tutor.text.language import han_count
from tutor.text.reading import Text
from tutor.text.spans import Span, split_clauses
from tutor.text.tokens import estimate_tokens
from tutor.text.wording import number_agreement, pair_recall, room, term_recall

_AVERAGED = ("similarity", "recall", "room")
WHOLE_SIGNALS = ("cosine", "question_cosine", "gram_recall", "shortfall", *_AVERAGED)
_NO_WORD = re.compile(r"[^\w]+")
_LONG_ATTEMPT = 400.0  # spoken length of the longest rated attempts; whoever says more has shown no less
MAX_SAID = 32  # tokens; with the question about them they are read in a second on two cores
_SENTENCES = 2  # a point is often made in one sentence and justified, or taken back, in another
_MAX_CLAUSE = 200  # characters of one without any punctuation


@dataclass(frozen=True)
class Evidence:
    """Where the attempt comes nearest to one statement, and the signals of it."""

    span: Span | None  # None when the attempt has nothing to offer
    signals: Mapping[str, float]
    said: str = ""  # the sentences that come nearest, as they stand in the attempt: what the language model reads
    accused: Span | None = None  # of these the one that is quoted where they are wrong


@dataclass(frozen=True)
class Comparison:
    """An attempt held against its rubric."""

    reading: Reading
    plain: tuple[Evidence, ...]  # for each key point, from all that was said
    found: tuple[Evidence, ...]  # the same without what asserts a wrong claim
    claimed: tuple[float, ...]  # for each misconception, the probability that it is repeated
    repeated: Mapping[int, ClaimEvidence]  # the misconceptions that are, by their position in the rubric
    against: Mapping[int, Span]  # by key point, what the attempt says against it with a misconception
    whole: Mapping[str, float]  # signals of the whole attempt, where there is only a reference; else none


def compare(reading: Reading, claims: Logistic) -> Comparison:
    """`claims` weighs the signals of a misconception. A sentence of the reference repeats none."""
    statements, units = reading.statements, reading.units
    told = find_claims(statements, units)
    claimed = tuple(0.0 if reading.recited.holds(claim.span) else chance(claims, claim.signals) for claim in told)
    repeated = {number: claim for number, claim in enumerate(told) if claimed[number] >= claims.threshold}
    plain = find_evidence(statements, units)
    barred = barred_units(units, list(repeated.values()))
    found = find_evidence(statements, units, barred) if barred else plain
    has_whole = len(statements.reference_vector) > 0
    whole = read_whole(statements, units, found, reading.whole_vector) if has_whole else {}
    against = contradicted_points(statements, repeated)
    return Comparison(reading, tuple(plain), tuple(found), claimed, repeated, against, whole)


def find_evidence(
    statements: Statements, units: Units, barred: Mapping[int, Sequence[int]] | None = None
) -> list[Evidence]:
    """The evidence for each key point. `barred` names units that must not count for a key point (wrong claims)."""
    shared = {
        "crossed": float(units.language != statements.language),
        "chinese": float(statements.language == "zh"),
        **units.topic,
        "length": math.log(1.0 + min(units.length, _LONG_ATTEMPT)),
    }
    points = range(len(statements.vectors))
    return [_read_point(statements, units, shared, number, (barred or {}).get(number, ())) for number in points]


def _read_point(
    statements: Statements, units: Units, shared: Mapping[str, float], number: int, barred: Sequence[int]
) -> Evidence:
    near = units.near_points[:, number]
    scores = near.copy()
    scores[list(barred)] = -1.0
    best = int(np.argmax(scores))
    point, span = statements.expected.points[number], units.spans[best]
    crossed = units.language != statements.language
    rivals = np.delete(units.near_points[best], number)
    signals = {
        **shared,
        "similarity": float(scores[best]),
        "beyond_question": float(scores[best] - statements.given[number]),
        "crossed_similarity": float(crossed) * float(scores[best]),
        "contest": _clip(float(scores[best] - rivals.max())) if len(rivals) else 0.0,
        "negation": point.negation_mismatch(span),
        "antonym": point.antonym_mismatch(span),
    }
    wording = _wording_signals(statements, point, _unbarred(units, barred), span, crossed)
    said = choose_said(units.sentences, units.spans, near.tolist())
    return Evidence(span, {**signals, **wording}, said, _most_of(said, units.sentences) or span)


def _clip(margin: float) -> float:
    """Beyond a tenth a margin says no more: whoever recites another key point word for word has not denied this one."""
    return max(-0.1, min(0.1, margin))


def _wording_signals(statements: Statements, point: Text, whole: Text, local: Text, crossed: bool) -> dict[str, float]:
    expected, wording = statements.expected, point.wording
    question, weights = expected.question.wording, expected.weights
    recall = term_recall(wording, whole.wording, weights, crossed=crossed)
    met, rivalled = number_agreement(wording, question, local.numbers)
    met_anywhere, _ = number_agreement(wording, question, whole.numbers)
    return {
        "recall": recall,
        "recall_root": recall**0.5,
        "local_recall": term_recall(wording, local.wording, weights, crossed=crossed),
        "pair_recall": 0.0 if crossed else pair_recall(wording, whole.wording, weights),
        "room": 1.0 if crossed else room(wording, whole.wording, question),
        "number_met": max(met, met_anywhere),
        "number_rivalled": rivalled if met_anywhere < 1.0 else 0.0,
    }


def _unbarred(units: Units, barred: Sequence[int]) -> Text:
    """The sentences that are not barred; they are the first units."""
    if not len(barred):
        return units.graded
    return Text("\n".join(span.text for number, span in enumerate(units.sentences) if number not in barred))


def read_whole(
    statements: Statements, units: Units, found: Sequence[Evidence], attempt: Vectors
) -> Mapping[str, float]:
    """Signals of a whole attempt, whose unit vector is given, at a bare reference.

    What was found per statement counts by the square root of the statement's length.
    """
    said = units.graded.text
    shares = [math.sqrt(len(point.text)) for point in statements.expected.points]
    averaged = {
        name: sum(share * evidence.signals[name] for share, evidence in zip(shares, found, strict=True)) / sum(shares)
        for name in _AVERAGED
    }
    reference = statements.expected.reference.text
    return {
        "cosine": float(attempt @ statements.reference_vector),
        "question_cosine": float(attempt @ statements.question_vector),
        "gram_recall": gram_recall(reference, said),
        # An attempt shorter than the reference says less; one that is longer has earned nothing by that.
        "shortfall": min(0.0, math.log((_words(said) + 1) / (_words(reference) + 1))),
        **averaged,
    }


def gram_recall(reference: str, attempt: str) -> float:
    """Share of the reference's character grams that the attempt has, 0..1: two characters of Chinese, 3 and 4 of English."""
    wanted = _grams(reference)
    found = _grams(attempt)
    return sum((wanted & found).values()) / max(1, sum(wanted.values()))


def _grams(text: str) -> Counter[str]:
    plain = _NO_WORD.sub(" ", text.lower())
    sizes = (2,) if han_count(plain) else (3, 4)
    return Counter(plain[at : at + size] for size in sizes for at in range(len(plain) - size + 1))


def _words(text: str) -> int:
    return han_count(text) + len(re.findall(r"[A-Za-z0-9_]+", text))


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


def _most_of(said: str, sentences: Sequence[Span]) -> Span | None:
    """The longest sentence of what was said, or the part of a sentence that it is: short ones rarely claim anything."""
    whole = [sentence for sentence in sentences if sentence.text in said]
    if whole:
        return max(whole, key=lambda sentence: len(sentence.text))
    cut = next((sentence for sentence in sentences if said in sentence.text), None)
    start = cut.start + cut.text.index(said) if cut else 0
    return Span(said, start, start + len(said)) if cut else None


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
