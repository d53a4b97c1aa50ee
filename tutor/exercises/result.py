"""What the judge found: a verdict per case and for the whole, with reasons in both languages."""

from dataclasses import dataclass

from tutor.domain import Bilingual
from tutor.exercises.protection import Protection

JUDGE_VERSION = "exercise-1"  # of the judge and of what a verdict is worth


@dataclass(frozen=True)
class CaseResult:
    """One hidden test; `why` says what differed, None when it passed."""

    name: Bilingual
    why: Bilingual | None
    inputs: str  # the arguments in short, so that the learner can try them

    @property
    def passed(self) -> bool:
        return self.why is None


@dataclass(frozen=True)
class Result:
    """One run of a learner's code against all cases of an exercise."""

    exercise_id: str
    cases: tuple[CaseResult, ...]
    problem: Bilingual | None  # what stopped the whole run: a syntax error, the time limit
    printed: str
    seconds: float
    protection: Protection

    @property
    def passed(self) -> bool:
        """All cases, and the program ended in good order."""
        return self.problem is None and bool(self.cases) and all(case.passed for case in self.cases)

    @property
    def passed_count(self) -> int:
        return sum(case.passed for case in self.cases)

    @property
    def share(self) -> float:
        """Of the cases, 0..1, 1 only where the run is passed; 0 where something stopped the run (decision 0015)."""
        return self.passed_count / len(self.cases) if self.cases and self.problem is None else 0.0
