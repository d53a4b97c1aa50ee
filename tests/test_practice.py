"""Drills and exercises outside of any tab: the verdict, and the Outcome that it leaves."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fakes import FixedClock
from tutor.domain import Bilingual, Outcome
from tutor.drills.generate import Drill, generate_drill
from tutor.errors import ExerciseError
from tutor.exercises.protection import Protection
from tutor.exercises.result import CaseResult, Result
from tutor.exercises.workshop import Workshop
from tutor.learning.history import History
from tutor.practice import Practice

EXERCISES = Path(__file__).resolve().parents[1] / "corpus" / "exercises"
NOW = "2026-01-01T09:00:00.000+00:00"


@pytest.fixture
def history(tmp_path: Path) -> Iterator[History]:
    history = History(f"sqlite:///{tmp_path}/history.db", learner_id="ada", clock=FixedClock())
    yield history
    history.close()


@pytest.fixture
def practice(history: History) -> Practice:
    return Practice(history, Workshop(EXERCISES, strangers=False))


@pytest.fixture
def drill() -> Drill:
    return generate_drill(7, kind="kv_cache")


@pytest.mark.parametrize(
    ("factor", "unit", "verdict", "share"),
    [
        (1, "GB", "right", 1.0),
        (1.02, "GB", "rounded", 1.0),
        (1, "GiB", "binary", 0.5),
        (0.5, "GB", "slip", 0.5),
        (1.4, "GB", "magnitude", 0.5),
        (70, "GB", "wrong", 0.0),
        (1, "days", "unit", 0.0),
    ],
)
def test_an_answer_to_a_drill_leaves_what_was_right_of_the_way(
    practice: Practice, history: History, drill: Drill, factor: float, unit: str, verdict: str, share: float
) -> None:
    mark = practice.answer(drill, f"{drill.answer.to('GB').value * factor:.4g} {unit}", revealed=unit == "GiB")
    assert mark.verdict == verdict
    assert history.outcomes() == [Outcome("ada", "drill", "kv_cache", "7", share, NOW, 0, unit == "GiB", "drill-1")]


def test_an_answer_that_cannot_be_read_does_not_count(practice: Practice, history: History, drill: Drill) -> None:
    assert practice.answer(drill, "about so much").verdict == "unreadable"
    assert history.outcomes() == []


def test_every_try_is_kept_and_the_seed_tells_the_numbers_apart(
    practice: Practice, history: History, drill: Drill
) -> None:
    practice.answer(drill, "1 B")
    practice.answer(drill, f"{drill.answer.value} {drill.answer.unit}")
    practice.answer(generate_drill(8, kind="kv_cache"), "1 B")
    assert [(outcome.detail, outcome.share) for outcome in history.outcomes()] == [("7", 0.0), ("7", 1.0), ("8", 0.0)]


def test_code_that_passes_all_cases_and_code_that_passes_some(practice: Practice, history: History) -> None:
    solution = Workshop(EXERCISES, strangers=False).exercises.get("token-f1").solution
    assert practice.run("token-f1", solution, hints=2).passed
    half = practice.run("token-f1", "def token_f1(prediction, reference):\n    return 1.0", revealed=True)
    stopped = practice.run("token-f1", "def token_f1(prediction, reference)")
    assert 0 < half.share == half.passed_count / len(half.cases) < 1
    assert stopped.problem is not None
    assert history.outcomes() == [
        Outcome("ada", "exercise", "token-f1", "", 1.0, NOW, 2, False, "exercise-1"),
        Outcome("ada", "exercise", "token-f1", "", half.share, NOW, 0, True, "exercise-1"),
        Outcome("ada", "exercise", "token-f1", "", 0.0, NOW, 0, False, "exercise-1"),
    ]


def test_only_a_run_that_is_passed_has_all(practice: Practice) -> None:
    case = CaseResult(Bilingual("例", "case"), None, "1")
    stopped = Result("x", (case, case), Bilingual("超时", "out of time"), "", 1.0, Protection(frozenset()))
    assert (stopped.passed, stopped.share) == (False, 0.0)
    assert Result("x", (), None, "", 1.0, Protection(frozenset())).share == 0.0


def test_what_was_not_judged_leaves_nothing(history: History) -> None:
    practice = Practice(history, Workshop(EXERCISES, strangers=False))
    with pytest.raises(ExerciseError):
        practice.run("no-such-exercise", "pass")
    assert history.outcomes() == []
