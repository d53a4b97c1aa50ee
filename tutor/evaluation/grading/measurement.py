"""One method on one set of examined attempts, as a row of the table."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean

from langchain_core.language_models import BaseChatModel

from tutor.evaluation.grading.ask_number import ask_numbers, sample_positions
from tutor.evaluation.statistics.agreement import Rating, bootstrap, group_by, intervals, measures

WITH_MODEL = "grader with model"


@dataclass(frozen=True)
class Measurement:
    """What one method gave the samples of one set."""

    name: str
    method: str
    ratings: tuple[Rating, ...]
    bands: tuple[tuple[float, float], ...] = ()  # of each rating, 0..1, where the method has some

    def line(self) -> dict[str, object]:
        """A row of the table: each measure with its 95 % interval."""
        ranges = intervals(self.ratings)
        shown = {measure: with_range(value, *ranges[measure]) for measure, value in measures(self.ratings).items()}
        return {
            "set": self.name,
            "method": self.method,
            "attempts": len(self.ratings),
            **shown,
            "in_band": self._in_band(),
        }

    def _in_band(self) -> str:
        if not self.bands:
            return "-"

        def coverage(questions: Sequence[Sequence[tuple[Rating, bool]]]) -> dict[str, float]:
            return {"in_band": fmean(within for question in questions for _, within in question)}

        held = [(row, low <= row.truth <= high) for row, (low, high) in zip(self.ratings, self.bands, strict=True)]
        questions = group_by(held, lambda pair: pair[0].question)
        return with_range(coverage(questions)["in_band"], *bootstrap(questions, coverage)["in_band"])


def with_range(value: float, low: float, high: float) -> str:
    """A measure with its interval; a dash where too few questions have it."""
    return "-" if math.isnan(value + low + high) else f"{value:.3f} [{low:.3f}, {high:.3f}]"


def ask_sample(
    name: str, truth: Sequence[tuple[str, float]], texts: Sequence[tuple[str, str, str]], model: BaseChatModel | None
) -> list[Measurement]:
    """A sample, since each takes seconds; nothing where no model is set."""
    if model is None:
        return []
    positions = sample_positions(len(texts))
    given = ask_numbers(model, [texts[position] for position in positions])
    rows = [Rating(*truth[position], value) for position, value in zip(positions, given, strict=True)]
    return [Measurement(name, "model's number", tuple(rows))]
