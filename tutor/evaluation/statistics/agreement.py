"""How well given scores agree with examiners' scores, all on 0..1: the measures and their bootstrap intervals."""

import math
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import Any, TypeVar

import numpy

Array = numpy.ndarray[Any, numpy.dtype[numpy.float64]]
Row = TypeVar("Row")
_BINS = 5  # of examiners' scores, for the weighted error
_MARKS = 6  # 0..5, for the weighted kappa
_DRAWS = 400
_ANSWERS_PER_QUESTION = 3  # a correlation within a question needs some; few questions have more in a sample


@dataclass(frozen=True)
class Rating:
    """An attempt's score by an examiner, the truth, beside the one a method has given, 0..1."""

    question: str
    truth: float
    given: float


def measures(rows: Sequence[Rating]) -> dict[str, float]:
    """Pearson, quadratic weighted kappa on 0..5, RMSE, RMSE weighted by score bins, median Pearson within questions."""
    truth, given = _columns(rows)
    return {
        "pearson": pearson(truth, given),
        "qwk": kappa(truth, given),
        "rmse": float(numpy.sqrt(((truth - given) ** 2).mean())),
        "weighted_rmse": weighted_rmse(truth, given),
        "within_question": within_question(rows),
    }


def intervals(rows: Sequence[Rating]) -> dict[str, tuple[float, float]]:
    """95 % bootstrap intervals of `measures`, drawing whole questions; one drawn twice counts as two."""

    def drawn(questions: Sequence[Sequence[Rating]]) -> dict[str, float]:
        return measures([Rating(f"{n}", r.truth, r.given) for n, group in enumerate(questions) for r in group])

    return bootstrap(group_by(rows, lambda row: row.question), drawn)


def group_by(rows: Sequence[Row], name: Callable[[Row], str]) -> list[list[Row]]:
    """The rows in groups of one name each, in the order of their first rows."""
    groups: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        groups[name(row)].append(row)
    return list(groups.values())


def bootstrap(
    groups: Sequence[Row], measure: Callable[[Sequence[Row]], dict[str, float]], seed: int = 0
) -> dict[str, tuple[float, float]]:
    """95 % intervals of what `measure` finds when whole groups are drawn with replacement."""
    choose = numpy.random.default_rng(seed)
    drawn = [measure([groups[at] for at in choose.integers(0, len(groups), len(groups))]) for _ in range(_DRAWS)]
    return {name: _middle([sample[name] for sample in drawn]) for name in drawn[0]}


def pearson(truth: Array, given: Array) -> float:
    """0 where one side does not vary: a constant agrees with nobody."""
    if truth.std() < 1e-9 or given.std() < 1e-9:
        return 0.0
    return float(numpy.corrcoef(truth, given)[0, 1])


def kappa(truth: Array, given: Array) -> float:
    """Cohen's kappa with quadratic weights on marks 0..5."""
    first, second = (numpy.rint(side * (_MARKS - 1)).astype(int) for side in (truth, given))
    seen = numpy.zeros((_MARKS, _MARKS))
    numpy.add.at(seen, (first, second), 1.0)
    chance = numpy.outer(seen.sum(axis=1), seen.sum(axis=0)) / seen.sum()
    marks = numpy.arange(_MARKS)
    distance = (marks[:, None] - marks[None, :]) ** 2
    expected = float((distance * chance).sum())
    return 1.0 - float((distance * seen).sum()) / expected if expected else 0.0


def weighted_rmse(truth: Array, given: Array) -> float:
    """Root of the mean, over the bins of examiners' scores that occur, of the mean squared error (ASAG2024)."""
    bins = numpy.minimum((truth * _BINS).astype(int), _BINS - 1)
    return math.sqrt(float(numpy.mean([((truth - given) ** 2)[bins == at].mean() for at in numpy.unique(bins)])))


def within_question(rows: Sequence[Rating]) -> float:
    """Median Pearson over the questions with enough answers of different scores; not a number where there is none."""
    found = []
    for group in group_by(rows, lambda row: row.question):
        truth, given = _columns(group)
        if len(group) >= _ANSWERS_PER_QUESTION and truth.std() > 1e-9:
            found.append(pearson(truth, given))
    return float(numpy.median(found)) if found else math.nan


def balance(truth: Sequence[float]) -> list[float]:
    """Weights that give every bin of examiners' scores the same sum; they sum to the number of rows."""
    bins = [min(int(score * _BINS), _BINS - 1) for score in truth]
    counts = {at: bins.count(at) for at in set(bins)}
    return [len(bins) / (len(counts) * counts[at]) for at in bins]


def straight_line(truth: Sequence[float], signal: Sequence[float]) -> Callable[[float], float]:
    """The best straight line from a signal to a score, cut at 0 and 1: what makes a bare similarity comparable."""
    slope, offset = numpy.polyfit(numpy.asarray(signal), numpy.asarray(truth), 1)
    return lambda value: float(min(1.0, max(0.0, slope * value + offset)))


def left_out_line(questions: Sequence[str], truth: Sequence[float], signal: Sequence[float]) -> list[float]:
    """Each row's score by a straight line fitted on the rows of other questions; their mean where nothing varies.

    A single question is fitted on itself.
    """
    lines = {}
    for held in dict.fromkeys(questions):
        rows = list(zip(questions, truth, signal, strict=True))
        rest = [(t, s) for question, t, s in rows if question != held] or [(t, s) for _, t, s in rows]
        marks, seen = [t for t, _ in rest], [s for _, s in rest]
        lines[held] = straight_line(marks, seen) if max(seen) > min(seen) else _always(fmean(marks))
    return [lines[question](value) for question, value in zip(questions, signal, strict=True)]


def _always(score: float) -> Callable[[float], float]:
    return lambda _: score


def _columns(rows: Sequence[Rating]) -> tuple[Array, Array]:
    return numpy.array([row.truth for row in rows]), numpy.array([row.given for row in rows])


def _middle(values: Sequence[float]) -> tuple[float, float]:
    low, high = numpy.quantile(values, [0.025, 0.975])
    return float(low), float(high)
