"""A contested verdict is kept beside the one that was given, can be undone, and leaves the house without a name."""

from dataclasses import replace
from typing import Any

import pytest

from tests.fakes import FixedClock
from tests.learning.material import GRADE, WAITING, interview
from tutor.domain import VERDICTS
from tutor.errors import HistoryError
from tutor.learning.contests import calibration_rows, opposite
from tutor.learning.history import History

GRADED = replace(WAITING, attempt="it keeps keys", grade=GRADE)


@pytest.fixture
def history(history: History) -> History:
    history.save_interview(interview("i1", "2026-01-01T09:00:00.000+00:00", GRADED))
    return history


def test_a_contest_keeps_what_was_given_by_whom_and_when_across_a_restart(history: History, history_url: str) -> None:
    made = history.contest("i1", 1, 0, "missed")
    assert (made.turn, made.key_point, made.verdict) == (1, "Keys and values are kept.", "covered")
    assert (made.learner_verdict, made.grader_version) == ("missed", "1")
    assert made.contested_at == "2026-01-01T09:00:00.000+00:00"
    history.close()
    again = History(history_url)
    assert again.contests("i1") == [made]
    assert again.interview("i1").turns == (GRADED,), "the grade stays as it was"
    again.close()


def test_a_second_thought_replaces_the_first_and_undo_takes_it_back(history: History, clock: FixedClock) -> None:
    history.contest("i1", 1, 0, "missed")
    clock.advance(minutes=5)
    later = history.contest("i1", 1, 0, "partial")
    assert history.contests() == [later]
    history.withdraw_contest("i1", 1, 0)
    history.withdraw_contest("i1", 1, 0)
    assert history.contests() == []


@pytest.mark.parametrize(("turn", "point"), [(2, 0), (1, 1), (1, -1)])
def test_a_verdict_that_was_never_given_cannot_be_contested(history: History, turn: int, point: int) -> None:
    with pytest.raises(HistoryError, match="expected key point"):
        history.contest("i1", turn, point, "missed")


def test_a_skipped_question_and_the_same_verdict_cannot_be_contested(history: History) -> None:
    history.save_interview(interview("i2", "2026-01-01T09:00:00.000+00:00", replace(GRADED, attempt="")))
    with pytest.raises(HistoryError, match="of a graded answer"):
        history.contest("i2", 1, 0, "missed")
    with pytest.raises(HistoryError, match="another verdict"):
        history.contest("i1", 1, 0, "covered")


def rows_of(history: History) -> list[dict[str, Any]]:
    return calibration_rows([history.interview(title.id) for title in history.interview_titles()], history.contests())


def test_rows_hold_what_a_grader_learns_from_and_nothing_that_names_a_session(history: History) -> None:
    history.contest("i1", 1, 0, "missed")
    assert rows_of(history) == [
        {
            "entry_id": "kv-cache",
            "language": "en",
            "question": "What is a KV cache?",
            "key_point": "Keys and values are kept.",
            "attempt": "it keeps keys",
            "verdict": "covered",
            "covered": 0.9,
            "learner_verdict": "missed",
            "grader_version": "1",
            "day": "2026-01-01",
        }
    ]


def test_rows_are_in_no_order_of_sessions(history: History) -> None:
    history.save_interview(interview("i0", "2026-01-01T08:00:00.000+00:00", replace(GRADED, attempt="z")))
    history.contest("i0", 1, 0, "missed")
    history.contest("i1", 1, 0, "missed")
    rows = rows_of(history)
    assert [row["attempt"] for row in rows] == ["it keeps keys", "z"]


def test_who_just_says_no_means_the_other_side() -> None:
    assert {verdict: opposite(verdict) for verdict in VERDICTS} == {
        "covered": "missed",
        "partial": "covered",
        "missed": "covered",
        "contradicted": "covered",
    }
