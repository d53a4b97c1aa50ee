"""Fits the score of attempts at questions with key points, on what examiners gave (tune half of data/rated.jsonl).

A few samples derived from the bank hold the ends in place: an entry's own answer has the full score, another entry's none.
"""

import math
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy

from tutor.evaluation.grading.readings import Reading
from tutor.evaluation.statistics.logistic import fit_logistic
from tutor.fitted import Logistic
from tutor.grading.compare import Evidence
from tutor.grading.misconceptions import chance
from tutor.grading.score import CONTRADICTED, read_written
from tutor.grading.scorers import opinion_signals

_RATED_COUNTS = 5.0  # as much as so many derived samples, which only hold the ends in place
_ENDS = {"full": 1.0, "other": 0.0}
# Chosen with questions left out: without the model the signals are many and weak.
_RIDGE, _RIDGE_WITH_MODEL = 4.0, 1.0
_LEAST_FLOOR = 0.05  # of the band: examiners differ by more than half a mark of ten even where they agree


@dataclass(frozen=True)
class Models:
    """What reads signals: whether a key point is stated, whether it is denied, whether a misconception is repeated."""

    stated: Logistic
    denied: Logistic
    claimed: Logistic


@dataclass(frozen=True)
class ScoreExample:
    """What a score is fitted on: an attempt's signals with what it deserves, 0..1."""

    question: str
    signals: Mapping[str, float]
    kept: float  # what the attempt keeps of its score for being about the question, 0..1
    score: float
    is_rated: bool
    variance: float  # of the weighted share of independent key points, as the grader's band has it


def read_example(
    reading: Reading, models: Models, *, kept: float = 1.0, with_model: bool = False
) -> ScoreExample | None:
    """The reading as the grader makes a score of it, with the language model's opinions if asked.

    None for a sample that is neither rated nor at an end of the scale ("full" is 1, "other" is 0).
    """
    sample, points = reading.sample, reading.points
    if sample.mark is None and sample.kind not in _ENDS:
        return None
    claimed = [chance(models.claimed, signals) for signals in reading.claims]
    if with_model:
        heard = opinion_signals(dict(enumerate(reading.opinions)), claimed)
        points = tuple({**signals, **heard[number]} for number, signals in enumerate(points))
    chances = [_chance(models.stated, signals) for signals in points]
    weights = [point.weight for point in sample.rubric.key_points]
    return ScoreExample(
        sample.rubric.question,
        read_written(
            weights,
            chances,
            [_chance(models.denied, signals) for signals in points],
            claimed,
            [Evidence(None, signals) for signals in points],
            proven=models.denied.threshold if with_model else None,
        ),
        kept,
        sample.mark if sample.mark is not None else _ENDS[sample.kind],
        sample.mark is not None,
        sum((w / sum(weights)) ** 2 * p * (1.0 - p) for w, p in zip(weights, chances, strict=True)),
    )


def fit_score(examples: Sequence[ScoreExample]) -> Logistic:
    """The score from its signals, which all examples share; rated ones count more than derived ones."""
    return fit_logistic(
        [example.signals for example in examples],
        [example.score for example in examples],
        ridge=_RIDGE_WITH_MODEL if CONTRADICTED in examples[0].signals else _RIDGE,
        shares=[_RATED_COUNTS if example.is_rated else 1.0 for example in examples],
    )


def give_score(model: Logistic, example: ScoreExample) -> float:
    """0..1, as the grader gives it."""
    return model.probability(example.signals) * example.kept


def left_out(examples: Sequence[ScoreExample]) -> tuple[list[ScoreExample], list[float]]:
    """(rated examples, their scores), each by a fit without its question."""
    tested, given = [], []
    for question in sorted({example.question for example in examples if example.is_rated}):
        model = fit_score([example for example in examples if example.question != question])
        for example in examples:
            if example.question == question and example.is_rated:
                tested.append(example)
                given.append(give_score(model, example))
    return tested, given


def band(examples: Sequence[ScoreExample], given: Sequence[float], share: float) -> dict[str, float]:
    """Half the examiners' scores lie within the floor; the factor is what `share` of them need of the standard error."""
    errors = [abs(example.score - score) for example, score in zip(examples, given, strict=True)]
    floor = max(_LEAST_FLOOR, round(statistics.median(errors), 4))
    needed = [error / math.sqrt(floor**2 + example.variance) for error, example in zip(errors, examples, strict=True)]
    return {"floor": floor, "factor": round(float(numpy.quantile(needed, share)), 3)}


def _chance(model: Logistic, signals: Mapping[str, float]) -> float:
    return model.probability({name: signals[name] for name in model.weights})
