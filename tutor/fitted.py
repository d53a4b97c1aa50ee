"""What was fitted on data: a logistic model over named signals, and the JSON files that ship such models with their provenance.

Knows no signal by name and fits nothing; who fits is tutor.evaluation, who decides is where the file lies.
"""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path
from typing import Any

EVEN = 0.5  # the threshold of a model that nobody chose one for
_MOST = 30.0  # log-odds on either side; beyond that a probability is 0 or 1 to any reader


@dataclass(frozen=True)
class Logistic:
    """A logistic model over named signals, each of which is first standardised by its mean and scale."""

    weights: Mapping[str, float]  # per standard deviation of the signal
    mean: Mapping[str, float]
    scale: Mapping[str, float]
    intercept: float
    threshold: float = EVEN  # the probability from which on the answer is yes, where there is a yes

    def log_odds(self, signals: Mapping[str, float]) -> float:
        """-30..30; raises KeyError when a signal is missing."""
        total = self.intercept + sum(
            weight * (signals[name] - self.mean[name]) / self.scale[name] for name, weight in self.weights.items()
        )
        return max(-_MOST, min(_MOST, total))

    def probability(self, signals: Mapping[str, float]) -> float:
        """0..1; raises KeyError when a signal is missing."""
        return 1.0 / (1.0 + math.exp(-self.log_odds(signals)))

    def as_json(self) -> dict[str, Any]:
        """The form that `read_logistic` reads, rounded; without the threshold where nobody chose one."""
        parts = {"mean": self.mean, "scale": self.scale, "weights": self.weights}
        rounded = {key: {name: round(value, 6) for name, value in part.items()} for key, part in parts.items()}
        chosen = {"threshold": self.threshold} if self.threshold != EVEN else {}
        return {**rounded, "intercept": round(self.intercept, 6), **chosen}


def read_logistic(data: Mapping[str, Any]) -> Logistic:
    """A model from its JSON form; raises KeyError when a part is missing."""
    return Logistic(data["weights"], data["mean"], data["scale"], data["intercept"], data.get("threshold", EVEN))


def load_fitted(package: str, name: str) -> dict[str, Any]:
    """The fitted parameters NAME.json that ship with a package, and under "provenance" how they came about."""
    return dict(json.loads(_place(package, name).read_text(encoding="utf-8")))


def write_fitted(
    package: str,
    name: str,
    parameters: Mapping[str, Any],
    provenance: Mapping[str, Any],
    *,
    indent: int | None = 2,
) -> Path:
    """Replaces these parameters of NAME.json and the provenance, which gets today's date; other parameters stay."""
    place = _place(package, name)
    known = json.loads(place.read_text(encoding="utf-8"))
    dated = {"fitted": datetime.now(UTC).date().isoformat(), **provenance}
    data = {**known, **parameters, "provenance": dated}
    place.write_text(json.dumps(data, indent=indent) + "\n", encoding="utf-8")
    return place


def _place(package: str, name: str) -> Path:
    return Path(str(files(package).joinpath(f"{name}.json")))
