"""Whatever is graded leaves one outcome, stored together with its grade."""

from dataclasses import replace

import pytest

from tests.learning.material import GRADE, WAITING, interview
from tests.learning.test_together import at_once
from tutor.domain import Outcome, Turn
from tutor.errors import HistoryError
from tutor.learning.history import History

ANSWERED = "2026-01-01T09:05:00.000+00:00"
NOW = "2026-01-01T09:00:00.000+00:00"
ATTEMPTED = replace(WAITING, attempt="it keeps keys", answered_at=ANSWERED)


def test_a_graded_attempt_leaves_an_outcome_at_the_time_of_its_answer(history: History) -> None:
    history.save_interview(interview())
    history.take_hint("i1", 1, most=3)
    history.take_hint("i1", 1, most=3)
    history.save_turn("i1", ATTEMPTED)
    assert history.outcomes() == []
    history.save_turn("i1", replace(ATTEMPTED, grade=GRADE))
    assert history.outcomes() == [
        Outcome("local", "attempt", "kv-cache", "", 0.65, ANSWERED, hints=2, revealed=False, grader_version="1")
    ]


def test_a_follow_up_names_its_entry_and_the_key_point_it_probes(history: History) -> None:
    follow_up = Turn(2, "kv-cache", "How large is it?", follow_up_to=1, probes="size")
    history.save_interview(interview("i1", NOW, replace(ATTEMPTED, grade=GRADE), follow_up))
    history.save_turn("i1", replace(follow_up, attempt="2 GB", answered_at=ANSWERED, grade=replace(GRADE, score=10.0)))
    _, outcome = history.outcomes()
    assert (outcome.kind, outcome.item, outcome.detail, outcome.share) == ("follow_up", "kv-cache", "size", 1.0)


def test_a_turn_has_one_outcome_however_often_it_is_graded(history: History) -> None:
    history.save_interview(interview("i1", NOW, ATTEMPTED))
    graded = at_once(lambda number: history.save_turn("i1", replace(ATTEMPTED, grade=replace(GRADE, score=number))))
    (outcome,) = history.outcomes()
    assert graded.count(True) == 1
    assert outcome.share == graded.index(True) / 10
    history.save_interview(interview("i1", NOW, replace(ATTEMPTED, grade=GRADE)))
    assert history.outcomes() == [outcome]


def test_a_grade_for_another_attempt_leaves_none(history: History) -> None:
    history.save_interview(interview("i1", NOW, ATTEMPTED))
    history.save_turn("i1", replace(WAITING, attempt="another", grade=GRADE))
    assert history.outcomes() == []


def test_a_grade_that_cannot_be_stored_leaves_neither_grade_nor_outcome(history: History) -> None:
    history.save_interview(interview("i1", NOW, ATTEMPTED))
    with pytest.raises(HistoryError):
        history.save_turn("i1", replace(ATTEMPTED, grade=replace(GRADE, score=11.0)))
    assert history.interview("i1").turns[0].grade is None
    assert history.outcomes() == []


def test_an_answer_at_no_known_time_counts_when_it_is_graded(history: History) -> None:
    history.save_interview(interview("i1", NOW, replace(WAITING, attempt="old")))
    history.save_turn("i1", replace(WAITING, attempt="old", grade=GRADE))
    assert [outcome.at for outcome in history.outcomes()] == [NOW]


def test_outcomes_of_work_outside_interviews_stand_beside_them_oldest_first(history: History) -> None:
    history.save_interview(interview("i1", NOW, replace(ATTEMPTED, grade=GRADE)))
    made = history.add_outcome("drill", "kv_cache", 0.5, "drill-1", detail="7", hints=1, revealed=True)
    assert made == Outcome("local", "drill", "kv_cache", "7", 0.5, NOW, 1, True, "drill-1")
    assert [outcome.kind for outcome in history.outcomes()] == ["drill", "attempt"]


@pytest.mark.parametrize("share", [-0.1, 1.01, float("nan")])
def test_a_share_is_between_none_and_all(history: History, share: float) -> None:
    with pytest.raises(HistoryError):
        history.add_outcome("drill", "kv_cache", share, "drill-1")
    assert history.outcomes() == []


# --- hints


def test_hints_are_counted_up_to_what_there_is_and_until_the_answer(history: History) -> None:
    history.save_interview(interview())
    assert [history.take_hint("i1", 1, most=2) for _ in range(3)] == [1, 2, None]
    assert history.interview("i1").turns[0].hints == 2
    history.save_turn("i1", ATTEMPTED)
    assert history.take_hint("i1", 1, most=3) is None
    assert history.interview("i1").turns[0].hints == 2


def test_clicks_at_once_count_each_hint_once(history: History) -> None:
    history.save_interview(interview())
    taken = at_once(lambda _: history.take_hint("i1", 1, most=3))
    assert sorted(str(number) for number in taken) == ["1", "2", "3"] + ["None"] * 5
    assert history.interview("i1").turns[0].hints == 3
