"""How far a grade moves when the model's sums are rounded in another order, as on a processor of another make."""

import statistics
from collections.abc import Sequence

from langchain_core.embeddings import Embeddings

from tutor.domain import Entry
from tutor.evaluation.grading.samples import rated_samples
from tutor.grading.calibration import load_calibration
from tutor.grading.grader import Grader
from tutor.grading.judge import load_probes
from tutor.grading.topic import bank_topics
from tutor.models.hidden_state import HiddenStates

_EVERY = 40  # of the 240 rated attempts: 6, some four minutes on two cores


class _AtOnce:
    """A StateReader that reads each prompt from its first token on, and saves no beginning."""

    def __init__(self, states: HiddenStates) -> None:
        self._states = states

    def read(self, beginning: str, rest: str) -> tuple[float, ...]:
        return self._states.read_at_once(beginning + rest)


def measure_rounding(embeddings: Embeddings, states: HiddenStates, entries: Sequence[Entry]) -> dict[str, float]:
    """Shifts of the score (0..10) and of verdicts between two orders of the same sums."""
    samples = rated_samples({entry.id: entry for entry in entries})[::_EVERY]
    fitted = load_calibration(), load_probes(), bank_topics(entries)
    usual, other = (Grader(embeddings, way, *fitted) for way in (states, _AtOnce(states)))
    pairs = [(usual.grade(item.rubric, item.attempt), other.grade(item.rubric, item.attempt)) for item in samples]
    shifts = [abs(first.score - second.score) for first, second in pairs]
    verdicts = [
        one.verdict == another.verdict
        for first, second in pairs
        for one, another in zip(first.key_points, second.key_points, strict=True)
    ]
    return {
        "attempts": len(pairs),
        "mean_shift": round(statistics.mean(shifts), 2),
        "largest_shift": round(max(shifts), 2),
        "moved_by_less_than_half_a_point": round(statistics.mean(shift < 0.5 for shift in shifts), 2),
        "key_points": len(verdicts),
        "verdicts_changed": verdicts.count(False),
    }
