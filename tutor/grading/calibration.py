"""Fitted parameters as readable data: from signals to probabilities, verdicts, scores and bands.

The numbers live in calibration.json with their provenance; `python -m tutor.evaluation.fit_grading` writes them.
"""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

from tutor.domain import Rubric, Verdict
from tutor.grading.rubric import is_from_reference

JUDGE = "judge"  # the signal that is the chat model's opinion, in log-odds


@dataclass(frozen=True)
class Logistic:
    """A logistic model over named signals."""

    intercept: float
    weights: Mapping[str, float]  # per standard deviation of the signal
    mean: Mapping[str, float]
    scale: Mapping[str, float]

    def probability(self, signals: Mapping[str, float]) -> float:
        """Raises KeyError when a signal is missing."""
        logit = self.intercept + sum(
            weight * (signals[name] - self.mean[name]) / self.scale[name] for name, weight in self.weights.items()
        )
        return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, logit))))


@dataclass(frozen=True)
class Band:
    """How far the true score may lie from the computed one."""

    floor: float  # standard error that no attempt goes below, on 0..1
    factor: float  # multiplies the standard error so that the stated share of examiners' scores lies inside


@dataclass(frozen=True)
class Regime:
    """Parameters for one kind of rubric, with and without the chat model's opinion."""

    without_model: Logistic
    with_model: Logistic
    credit_from: float  # a probability up to here earns nothing
    credit_to: float  # and from here the full weight
    band_without_model: Band
    band_with_model: Band
    whole: Logistic | None = None  # the score from the whole attempt; without it the key points are added up
    whole_with_model: Logistic | None = None
    touched_from: float = 0.0  # the likeliest key point below this takes its share of the score; 0: it takes nothing

    @property
    def asks_model(self) -> bool:
        """Whether the chat model's opinion has a weight."""
        return JUDGE in self.with_model.weights or self.whole_with_model is not None

    def credit(self, probability: float) -> float:
        """Share of a key point's weight that a probability earns."""
        return max(0.0, min(1.0, (probability - self.credit_from) / (self.credit_to - self.credit_from)))


@dataclass(frozen=True)
class Calibration:
    """Everything that was fitted or chosen on data."""

    fitted: str  # date
    key_points: Regime  # statements written as key points
    reference: Regime  # sentences of a reference answer, split by code
    claims: Logistic
    claim_threshold: float
    contradiction: Logistic
    contradiction_threshold: float
    covered_from: float
    partial_from: float
    off_topic_below: float

    @property
    def asks_model(self) -> bool:
        """Whether the chat model's opinion has a weight anywhere."""
        return any(regime.asks_model for regime in (self.key_points, self.reference))

    def regime(self, rubric: Rubric) -> Regime:
        return self.reference if is_from_reference(rubric) else self.key_points

    def verdict(self, probability: float) -> Verdict:
        if probability >= self.covered_from:
            return "covered"
        return "partial" if probability >= self.partial_from else "missed"


@lru_cache(maxsize=1)
def load_calibration() -> Calibration:
    """The shipped parameters."""
    return read_calibration(json.loads(files("tutor.grading").joinpath("calibration.json").read_text(encoding="utf-8")))


def read_calibration(data: Mapping[str, Any]) -> Calibration:
    """Parameters from the form that calibration.json has; raises KeyError when one is missing."""
    return Calibration(
        fitted=data["provenance"]["fitted"],
        key_points=_regime(data["key_points"]),
        reference=_regime(data["reference"]),
        claims=_logistic(data["claims"]),
        claim_threshold=data["claims"]["threshold"],
        contradiction=_logistic(data["contradiction"]),
        contradiction_threshold=data["contradiction"]["threshold"],
        covered_from=data["verdicts"]["covered_from"],
        partial_from=data["verdicts"]["partial_from"],
        off_topic_below=data["off_topic_below"],
    )


def _regime(data: Mapping[str, Any]) -> Regime:
    return Regime(
        without_model=_logistic(data["without_model"]),
        with_model=_logistic(data["with_model"]),
        credit_from=data["credit_from"],
        credit_to=data["credit_to"],
        band_without_model=Band(**data["band_without_model"]),
        band_with_model=Band(**data["band_with_model"]),
        whole=_logistic(data["whole"]) if "whole" in data else None,
        whole_with_model=_logistic(data["whole_with_model"]) if "whole_with_model" in data else None,
        touched_from=data.get("touched_from", 0.0),
    )


def _logistic(data: Mapping[str, Any]) -> Logistic:
    return Logistic(data["intercept"], data["weights"], data["mean"], data["scale"])
