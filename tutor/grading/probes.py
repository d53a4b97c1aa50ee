"""Linear probes on what a truncated language model has understood, fitted on examiners' marks, as readable data.

The numbers live in probes.json with their provenance; `python -m tutor eval grading --write` writes them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tutor.fitted import load_fitted

MOST = 8.0  # on either side; beyond that a probe says nothing more


@dataclass(frozen=True)
class Probe:
    """A linear model over a state, or over the difference of two."""

    intercept: float
    weights: tuple[float, ...]

    def weigh(self, state: Sequence[float]) -> float:
        """-8..8; 0 says nothing. Raises ValueError when the state has another size."""
        total = self.intercept + sum(w * value for w, value in zip(self.weights, state, strict=True))
        return round(max(-MOST, min(MOST, total)), 3)


@dataclass(frozen=True)
class Probes:
    """What is asked of the states of one model."""

    model: str  # its name in the catalogue
    blocks: int  # how many of its blocks read
    stated: Probe  # the attempt states the key point correctly; in log-odds
    denied: Probe  # it says something that contradicts the key point; in log-odds
    whole: Probe  # of what an attempt changes beside a whole reference: how right it is, in standard deviations


def load_probes() -> Probes:
    """The shipped probes."""
    return read_probes(load_fitted("tutor.grading", "probes"))


def read_probes(data: Mapping[str, Any]) -> Probes:
    """From the form that probes.json has; raises KeyError when a part is missing."""
    stated, denied, whole = (
        Probe(data[name]["intercept"], tuple(data[name]["weights"])) for name in ("stated", "denied", "whole")
    )
    return Probes(data["model"], data["blocks"], stated, denied, whole)
