"""Fitted parameters as readable data: from signals to probabilities, verdicts, scores and bands.

The numbers live in calibration.json with their provenance; `python -m tutor eval grading --write` writes them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tutor.domain import Rubric, Verdict
from tutor.fitted import Logistic, load_fitted, read_logistic

# Signals that are the language model's opinion: of a key point, in log-odds, and of a whole attempt (tutor.grading.judge).
STATED, DENIED, AGREED = "stated", "denied", "agreed"
# The same of the attempt's other key points, in the mean: who is wrong in one is often wrong in the next.
OTHERS_STATED, OTHERS_DENIED = "others_stated", "others_denied"
CLAIMED = "claimed"  # the likeliest of the misconceptions


@dataclass(frozen=True)
class Band:
    """How far the true score may lie from the computed one."""

    floor: float  # standard error that no attempt goes below, on 0..1
    factor: float  # multiplies the standard error so that the stated share of examiners' scores lies inside


@dataclass(frozen=True)
class Regime:
    """Parameters for one kind of rubric, with and without the language model's opinion."""

    without_model: Logistic
    with_model: Logistic
    credit_from: float  # a probability up to here earns nothing
    credit_to: float  # and from here the full weight
    band_without_model: Band
    band_with_model: Band
    whole: Logistic  # the score from the whole attempt
    whole_with_model: Logistic
    is_written: bool  # by an examiner; else the statements are sentences of a reference, and the score no sum of them

    @property
    def asks_model(self) -> bool:
        """Whether the language model's opinion has a weight."""
        return STATED in self.with_model.weights or AGREED in self.whole_with_model.weights

    def credit(self, probability: float) -> float:
        """Share of a key point's weight that a probability earns."""
        return max(0.0, min(1.0, (probability - self.credit_from) / (self.credit_to - self.credit_from)))


@dataclass(frozen=True)
class Topic:
    """Whether an attempt is about the question (tutor.grading.topic)."""

    model: Logistic
    off_below: float  # a probability below this: it is not
    on_from: float  # and from here on it is

    def share(self, signals: Mapping[str, float]) -> float:
        """What the attempt keeps of its score and key points, 0..1; a part of it between the two marks."""
        return max(0.0, min(1.0, (self.model.probability(signals) - self.off_below) / (self.on_from - self.off_below)))


@dataclass(frozen=True)
class OffTopic:
    """From which cosine on an attempt at a bare reference is about its subject; texts in two languages are less alike."""

    same_language: float
    crossed_language: float

    def below(self, *, crossed: bool) -> float:
        """Below this cosine of attempt and reference it is not."""
        return self.crossed_language if crossed else self.same_language


@dataclass(frozen=True)
class Calibration:
    """Everything that was fitted or chosen on data."""

    fitted: str  # date
    key_points: Regime  # statements written as key points
    reference: Regime  # sentences of a reference answer, split by code
    off_topic: OffTopic  # beside a bare reference
    claims: Logistic
    contradiction: Logistic
    contradiction_with_model: Logistic
    covered_from: float
    partial_from: float
    topic: Topic

    @property
    def asks_model(self) -> bool:
        """Whether the language model's opinion has a weight anywhere."""
        return any(regime.asks_model for regime in (self.key_points, self.reference))

    def regime(self, rubric: Rubric) -> Regime:
        return self.reference if rubric.from_reference else self.key_points

    def verdict(self, probability: float) -> Verdict:
        if probability >= self.covered_from:
            return "covered"
        return "partial" if probability >= self.partial_from else "missed"


def load_calibration() -> Calibration:
    """The shipped parameters."""
    return read_calibration(load_fitted("tutor.grading", "calibration"))


def read_calibration(data: Mapping[str, Any]) -> Calibration:
    """Parameters from the form that calibration.json has; raises KeyError when one is missing."""
    return Calibration(
        fitted=data["provenance"]["fitted"],
        key_points=_regime(data["key_points"], is_written=True),
        off_topic=OffTopic(data["reference"]["off_below"], data["reference"]["crossed_off_below"]),
        reference=_regime(data["reference"], is_written=False),
        claims=read_logistic(data["claims"]),
        contradiction=read_logistic(data["contradiction"]),
        contradiction_with_model=read_logistic(data["contradiction_with_model"]),
        covered_from=data["verdicts"]["covered_from"],
        partial_from=data["verdicts"]["partial_from"],
        topic=Topic(read_logistic(data["topic"]), data["topic"]["off_below"], data["topic"]["on_from"]),
    )


def _regime(data: Mapping[str, Any], *, is_written: bool) -> Regime:
    return Regime(
        without_model=read_logistic(data["without_model"]),
        with_model=read_logistic(data["with_model"]),
        credit_from=data["credit_from"],
        credit_to=data["credit_to"],
        band_without_model=Band(**data["band_without_model"]),
        band_with_model=Band(**data["band_with_model"]),
        whole=read_logistic(data["whole"]),
        whole_with_model=read_logistic(data["whole_with_model"]),
        is_written=is_written,
    )
