"""Fits the score of attempts at questions with key points, on what examiners gave (tune half of data/rated.jsonl).

A few rows derived from the bank hold the ends in place: an entry's own answer has the full score, another entry's none.
"""

import math
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy

from tutor.evaluation.grading.samples import Row
from tutor.evaluation.statistics.logistic import Logistic, fit_logistic
from tutor.grading.calibration import DENIED, STATED
from tutor.grading.evidence import Evidence
from tutor.grading.judge import Opinion
from tutor.grading.misconceptions import chance
from tutor.grading.whole import SURELY_AGAINST, read_written

_RATED_COUNTS = 5.0  # as much as so many derived rows
_ENDS = {"full": 1.0, "other": 0.0}
_RIDGE, _RIDGE_JUDGED = 4.0, 1.0


@dataclass(frozen=True)
class Models:
    """What reads signals: whether a key point is stated, whether it is denied, whether a misconception is repeated."""

    stated: Logistic
    denied: Logistic
    claimed: Logistic


@dataclass(frozen=True)
class Written:
    """An attempt with the signals of its score and what it deserves, 0..1."""

    question: str
    signals: Mapping[str, float]
    kept: float  # what the attempt keeps of its score for being about the question, 0..1
    score: float
    is_rated: bool
    variance: float  # of the weighted share of independent key points, as the grader's band has it


def read_row(
    row: Row,
    points: Sequence[Mapping[str, float]],
    claims: Sequence[Mapping[str, float]],
    models: Models,
    opinions: Sequence[Opinion] = (),
    *,
    kept: float = 1.0,
) -> Written | None:
    """The row as the grader reads it, with the language model's opinions where there are any; None if it holds no end."""
    if row.mark is None and row.kind not in _ENDS:
        return None
    if opinions:
        points = [{**s, STATED: o.stated, DENIED: o.denied} for s, o in zip(points, opinions, strict=True)]
    chances = [_chance(models.stated, signals) for signals in points]
    weights = [weight for _, weight in row.rubric.key_points]
    return Written(
        row.rubric.question,
        read_written(
            weights,
            chances,
            [_chance(models.denied, signals) for signals in points],
            [chance(models.claimed, signals) for signals in claims],
            [Evidence(None, signals) for signals in points],
            judged=bool(opinions),
        ),
        kept,
        row.mark if row.mark is not None else _ENDS[row.kind],
        row.mark is not None,
        sum((w / sum(weights)) ** 2 * p * (1.0 - p) for w, p in zip(weights, chances, strict=True)),
    )


def fit_written(rows: Sequence[Written]) -> Logistic:
    """The score from its signals, which all rows share; rated rows count more than derived ones."""
    return fit_logistic(
        [row.signals for row in rows],
        [row.score for row in rows],
        ridge=_RIDGE_JUDGED if SURELY_AGAINST in rows[0].signals else _RIDGE,
        shares=[_RATED_COUNTS if row.is_rated else 1.0 for row in rows],
    )


def written_score(model: Logistic, row: Written) -> float:
    """0..1, as the grader gives it."""
    return model.probability(row.signals) * row.kept


def left_out(rows: Sequence[Written]) -> tuple[list[Written], list[float]]:
    """(rated rows, their scores), each by a fit without its question."""
    tested, given = [], []
    for question in sorted({row.question for row in rows if row.is_rated}):
        model = fit_written([row for row in rows if row.question != question])
        for row in rows:
            if row.question == question and row.is_rated:
                tested.append(row)
                given.append(written_score(model, row))
    return tested, given


def band(rows: Sequence[Written], given: Sequence[float], share: float) -> dict[str, float]:
    """Half the examiners' scores lie within the floor; the factor is what `share` of them need of the standard error."""
    errors = [abs(row.score - score) for row, score in zip(rows, given, strict=True)]
    floor = max(0.05, round(statistics.median(errors), 4))
    needed = [error / math.sqrt(floor**2 + row.variance) for error, row in zip(errors, rows, strict=True)]
    return {"floor": floor, "factor": round(float(numpy.quantile(needed, share)), 3)}


def _chance(model: Logistic, signals: Mapping[str, float]) -> float:
    return model.probability({name: signals[name] for name in model.weights})
