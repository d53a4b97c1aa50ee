"""data/rated.jsonl: attempts written for this project as candidates talk, each rated by two examiners independently."""

import json
import statistics
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files

from tutor.domain import Language

WRONG_STYLES = ("negated", "misconception")


@dataclass(frozen=True)
class Rating:
    """What one examiner gave."""

    score: float  # 0..10
    points: Mapping[str, float]  # key-point id: 0, 0.5 or 1
    wrong: tuple[str, ...]  # misconception ids repeated, and key-point ids contradicted


@dataclass(frozen=True)
class Rated:
    """One attempt with its two ratings."""

    id: str
    entry: str
    language: Language
    style: str
    attempt: str
    ratings: tuple[Rating, Rating]

    @property
    def score(self) -> float:
        """The examiners' mean, 0..1."""
        return statistics.mean(rating.score for rating in self.ratings) / 10

    def point(self, point_id: str) -> float:
        """The examiners' mean for one key point, 0..1."""
        return statistics.mean(rating.points[point_id] for rating in self.ratings)

    @property
    def says_wrong(self) -> bool:
        """Whether any examiner heard a wrong claim."""
        return any(rating.wrong for rating in self.ratings)

    @property
    def is_wrong(self) -> bool:
        """Whether it was written to be wrong and both examiners heard a wrong claim."""
        return self.style in WRONG_STYLES and all(rating.wrong for rating in self.ratings)


def load_rated() -> list[Rated]:
    """All of them, in the file's order."""
    lines = files("tutor.evaluation.grading").joinpath("data", "rated.jsonl").read_text(encoding="utf-8").splitlines()
    return [_rated(json.loads(line)) for line in lines]


def _rated(row: Mapping[str, object]) -> Rated:
    values = dict(row)
    first, second = (
        Rating(float(r["score"]), r["points"], tuple(r["wrong"]))
        for r in values.pop("ratings")  # type: ignore[attr-defined]
    )
    return Rated(**values, ratings=(first, second))  # type: ignore[arg-type]
