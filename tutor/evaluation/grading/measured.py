"""One method on one set of examined attempts, as a row of the table."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean

from langchain_core.language_models import BaseChatModel

from tutor.evaluation.grading.ask_number import ask_numbers, sample_positions
from tutor.evaluation.statistics.agreement import Scored, bootstrap, group_by, intervals, measures

WITH_MODEL = "grader with model"


@dataclass(frozen=True)
class Measured:
    """One method on one set."""

    name: str
    method: str
    rows: tuple[Scored, ...]
    bands: tuple[tuple[float, float], ...] = ()  # of each row, 0..1, where the method has some

    def line(self) -> dict[str, object]:
        """A row of the table: each measure with its 95 % interval."""
        ranges = intervals(self.rows)
        shown = {measure: with_range(value, *ranges[measure]) for measure, value in measures(self.rows).items()}
        return {
            "set": self.name,
            "method": self.method,
            "attempts": len(self.rows),
            **shown,
            "in_band": self._in_band(),
        }

    def _in_band(self) -> str:
        if not self.bands:
            return "-"

        def coverage(questions: Sequence[Sequence[tuple[Scored, bool]]]) -> dict[str, float]:
            return {"in_band": fmean(within for question in questions for _, within in question)}

        held = [(row, low <= row.truth <= high) for row, (low, high) in zip(self.rows, self.bands, strict=True)]
        questions = group_by(held, lambda pair: pair[0].question)
        return with_range(coverage(questions)["in_band"], *bootstrap(questions, coverage)["in_band"])


def with_range(value: float, low: float, high: float) -> str:
    """A measure with its interval; a dash where too few questions have it."""
    return "-" if math.isnan(value + low + high) else f"{value:.3f} [{low:.3f}, {high:.3f}]"


def ask_sample(
    name: str, truth: Sequence[tuple[str, float]], texts: Sequence[tuple[str, str, str]], model: BaseChatModel | None
) -> list[Measured]:
    """A sample, since each takes seconds; nothing where no model is set."""
    if model is None:
        return []
    positions = sample_positions(len(texts))
    given = ask_numbers(model, [texts[position] for position in positions])
    rows = [Scored(*truth[position], value) for position, value in zip(positions, given, strict=True)]
    return [Measured(name, "model's number", tuple(rows))]
