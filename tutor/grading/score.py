"""The score of a grade and its band: arithmetic on what the findings and the whole attempt have shown."""

import math
from collections.abc import Mapping, Sequence

from tutor.domain import KeyPointGrade
from tutor.grading.calibration import Regime

_DOUBTFUL_GAP = 2.5  # points of ten
_STRAYING_GAP = 1.0


def total(regime: Regime, signals: Mapping[str, float], kept: float, *, judged: bool) -> float:
    """0..10 from the signals of the whole attempt (tutor.grading.whole); `judged`: the language model's are among them.

    `kept`, 0..1, is what the attempt keeps for being about the question (tutor.grading.topic).
    """
    model = regime.whole_with_model if judged else regime.whole
    return round(10.0 * model.probability(signals) * kept, 1)


def band(score: float, points: Sequence[KeyPointGrade], regime: Regime, *, judged: bool) -> tuple[float, float]:
    """Score plus and minus the calibrated multiple of its standard error, within 0 and 10."""
    fitted = regime.band_with_model if judged else regime.band_without_model
    variance = _variance(points) if regime.is_written else 0.0  # a score off a whole reference is no sum of verdicts
    half = 10.0 * fitted.factor * math.sqrt(fitted.floor**2 + variance)
    return round(max(0.0, score - half), 1), round(min(10.0, score + half), 1)


def is_doubtful(score: float, points: Sequence[KeyPointGrade], regime: Regime) -> bool:
    """Whether the score lies so far below what the key points earn that the learner must be told why."""
    return regime.is_written and 10.0 * _credited(points, regime) - score >= _DOUBTFUL_GAP


def strays(regime: Regime, signals: Mapping[str, float], kept: float, *, judged: bool) -> bool:
    """Whether `total` takes off so much for what is not about the question that the learner must be told."""
    lost = total(regime, signals, 1.0, judged=judged) - total(regime, signals, kept, judged=judged)
    return lost >= _STRAYING_GAP


def _credited(points: Sequence[KeyPointGrade], regime: Regime) -> float:
    """Share of the weights that the verdicts earn, 0..1."""
    return sum(point.weight * _credit(point, regime) for point in points) / sum(point.weight for point in points)


def _credit(point: KeyPointGrade, regime: Regime) -> float:
    return 0.0 if point.verdict == "contradicted" else regime.credit(point.covered)


def _variance(points: Sequence[KeyPointGrade]) -> float:
    """Of the weighted mean of independent yes/no verdicts."""
    total = sum(point.weight for point in points)
    return sum((point.weight / total) ** 2 * point.covered * (1.0 - point.covered) for point in points)
