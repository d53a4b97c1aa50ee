"""The score of a grade and its band: signals of the whole attempt, and arithmetic on what they are worth.

Where an examiner wrote key points, the score starts from what is covered and falls with every sign that something wrong
is claimed: one such sign proves little, but many of them tell a confident falsehood from a truth in the same words.

A reference that code cut into sentences is a poor rubric: a good answer need not touch each of them. So its score is
read off the whole, and the sentences only tell the learner what was said and what was not.
"""

import math
from collections.abc import Mapping, Sequence
from statistics import fmean

from tutor.domain import KeyPointGrade
from tutor.grading.calibration import Regime
from tutor.grading.compare import Evidence

_OPPOSED = ("antonym", "negation", "number_rivalled")
CONTRADICTED = "contradicted"
_DOUBTFUL_GAP = 2.5  # points of ten
_STRAYING_GAP = 1.0


def read_written(
    weights: Sequence[float],
    covered: Sequence[float],
    against: Sequence[float],
    claimed: Sequence[float],
    found: Sequence[Evidence],
    *,
    proven: float | None,
) -> Mapping[str, float]:
    """Signals of an attempt at a question with key points, each 0..1.

    Per key point its weight, the probability that it is stated, the probability that it is denied, its evidence; per
    misconception the probability that it is repeated. `proven` is the probability from which on a denial is shown, where the
    language model took part; then the score follows the verdicts, and only what is shown costs points. Without it (None)
    each suspected denial costs a little.
    """
    share = sum(w * c for w, c in zip(weights, covered, strict=True)) / sum(weights)
    if proven is not None:
        return {"covered": share, CONTRADICTED: fmean(chance >= proven for chance in against)}
    return {
        "covered": share,
        "claimed": max(claimed, default=0.0),
        "against": fmean(against),
        **{name: fmean(evidence.signals[name] for evidence in found) for name in _OPPOSED},
    }


def total(regime: Regime, signals: Mapping[str, float], kept: float, *, judged: bool) -> float:
    """0..10 from the signals of the whole attempt (`read_written`, `tutor.grading.compare.read_whole`); `judged`: the language model's are among them.

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
