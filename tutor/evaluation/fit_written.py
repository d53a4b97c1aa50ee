"""Fits the score of attempts at questions with key points, on what examiners gave (tune half of data/rated.jsonl).

A few rows derived from the bank hold the ends in place: an entry's own answer has the full score, another entry's none.
"""

import math
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy

from tutor.evaluation.grading_rows import Row
from tutor.evaluation.logistic import Logistic, fit_logistic
from tutor.grading.calibration import JUDGE
from tutor.grading.evidence import Evidence
from tutor.grading.whole import read_written

_RATED_COUNTS = 5.0  # as much as so many derived rows
_ENDS = {"full": 1.0, "other": 0.0}
_RIDGE = 4.0
TOUCHED_FROM = 0.5


@dataclass(frozen=True)
class Written:
    """An attempt with the signals of its score and what it deserves, 0..1."""

    question: str
    signals: Mapping[str, float]
    likeliest: float  # probability of the key point that is most probably stated
    opinion: float | None  # the chat model's mean log-odds
    score: float
    is_rated: bool
    variance: float  # of the weighted share of independent key points, as the grader's band has it


def read_row(
    row: Row,
    points: Sequence[Mapping[str, float]],
    claims: Sequence[Mapping[str, float]],
    opinions: Sequence[float | None],
    models: tuple[Logistic, Logistic, Logistic],
) -> Written | None:
    """The row as the grader reads it, by the models of key points, contradictions and claims; None if it holds no end."""
    if row.mark is None and row.kind not in _ENDS:
        return None
    covered, against, claimed = models
    chances = [_chance(covered, signals) for signals in points]
    heard = [odds for odds in opinions if odds is not None]
    weights = [weight for _, weight in row.rubric.key_points]
    return Written(
        row.rubric.question,
        read_written(
            weights,
            chances,
            [_chance(against, signals) for signals in points],
            [_chance(claimed, signals) for signals in claims],
            [Evidence(None, signals) for signals in points],
        ),
        max(chances),
        statistics.fmean(heard) if heard else None,
        row.mark if row.mark is not None else _ENDS[row.kind],
        row.mark is not None,
        sum((w / sum(weights)) ** 2 * p * (1.0 - p) for w, p in zip(weights, chances, strict=True)),
    )


def fit_written(rows: Sequence[Written]) -> tuple[Logistic, Logistic]:
    """The score without and with the chat model's opinion; the second is the first where no row has one."""
    first = fit_logistic(
        [row.signals for row in rows],
        [row.score for row in rows],
        ridge=_RIDGE,
        shares=[_RATED_COUNTS if row.is_rated else 1.0 for row in rows],
    )
    heard = [row for row in rows if row.opinion is not None and row.is_rated]
    if len(heard) < 20:
        return first, first
    stacked = [{"first": first.log_odds(row.signals), JUDGE: row.opinion or 0.0} for row in heard]
    return first, first.stacked("first", fit_logistic(stacked, [row.score for row in heard], ridge=1.0))


def written_score(model: Logistic, row: Written) -> float:
    """0..1, as the grader gives it."""
    signals = {**row.signals, JUDGE: row.opinion or 0.0}
    return model.probability({name: signals[name] for name in model.weights}) * min(1.0, row.likeliest / TOUCHED_FROM)


def left_out(rows: Sequence[Written]) -> tuple[list[Written], list[float], list[float]]:
    """(rated rows, their scores without and with the model), each by a fit without its question."""
    tested, without, judged = [], [], []
    for question in sorted({row.question for row in rows if row.is_rated}):
        first, second = fit_written([row for row in rows if row.question != question])
        for row in rows:
            if row.question == question and row.is_rated:
                tested.append(row)
                without.append(written_score(first, row))
                judged.append(written_score(second if row.opinion is not None else first, row))
    return tested, without, judged


def band(rows: Sequence[Written], given: Sequence[float], share: float) -> dict[str, float]:
    """Half the examiners' scores lie within the floor; the factor is what `share` of them need of the standard error."""
    errors = [abs(row.score - score) for row, score in zip(rows, given, strict=True)]
    floor = max(0.05, round(statistics.median(errors), 4))
    needed = [error / math.sqrt(floor**2 + row.variance) for error, row in zip(errors, rows, strict=True)]
    return {"floor": floor, "factor": round(float(numpy.quantile(needed, share)), 3)}


def _chance(model: Logistic, signals: Mapping[str, float]) -> float:
    return model.probability({name: signals[name] for name in model.weights})
