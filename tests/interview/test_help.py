"""Help on the waiting question: hints are kept, and the grader reads ahead."""

import gc
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from tests.fakes import FixedClock
from tests.interview.material import ScriptedGrader, bank, entry
from tutor.domain import Entry, Interview, Plan, Rubric
from tutor.errors import InterviewError, ModelError
from tutor.interview.session import Interviewer
from tutor.learning.history import History

PLAN = Plan(groups=(), levels=(), questions=2, language="en", seed=1, entry_ids=("kv", "lora"))
ENTRIES = bank(entry("kv", hints=("what grows?", "keys and ...")), entry("lora"))
PERFECT = "kv point0, kv point1, kv point2"


@pytest.fixture
def history(history_url: str) -> Iterator[History]:
    history = History(history_url)
    yield history
    history.close()


def interviewer(
    history: History,
    entries: dict[str, Entry] | None = None,
    read_ahead: Callable[[Rubric, str], None] | None = None,
    clock: FixedClock | None = None,
) -> Interviewer:
    return Interviewer(
        ENTRIES if entries is None else entries,
        ScriptedGrader(),
        history,
        clock=clock or FixedClock(),
        read_ahead=read_ahead,
    )


# --- hints


def test_hints_come_one_by_one_and_are_still_taken_after_a_restart(history: History, history_url: str) -> None:
    examiner = interviewer(history)
    started = examiner.start(PLAN)
    assert examiner.hints_taken(started) == ()
    assert examiner.hint(started.id, number=1) == "Hint: what grows?"
    again = History(history_url)
    reopened = interviewer(again).resume(started.id)
    assert interviewer(again).hints_taken(reopened) == ("Hint: what grows?",)
    assert interviewer(again).hint(started.id, number=1) == "Hint: keys and ..."
    again.close()
    assert examiner.hint(started.id) is None
    assert examiner.hints_taken(history.interview(started.id)) == ("Hint: what grows?", "Hint: keys and ...")


def test_the_outcome_knows_the_hints_and_the_next_question_starts_with_none(history: History) -> None:
    examiner = interviewer(history)
    started = examiner.start(replace(PLAN, language="zh"))
    assert examiner.hint(started.id) == "提示：what grows?"
    interview = examiner.attempt(started.id, "kv 要点0、kv 要点1、kv 要点2")
    assert [(turn.entry_id, turn.hints) for turn in interview.turns] == [("kv", 1), ("lora", 0)]
    assert [(outcome.item, outcome.hints) for outcome in history.outcomes()] == [("kv", 1)]
    assert examiner.hints_taken(interview) == ()
    assert examiner.hint(interview.id) is None, "the bank has no hint on it"


def test_a_hint_on_a_question_that_waits_no_more_is_told_and_not_counted(history: History) -> None:
    examiner = interviewer(history)
    started = examiner.start(PLAN)
    examiner.attempt(started.id, PERFECT)
    with pytest.raises(InterviewError, match="expected question 1 to wait for an answer, found question 2"):
        examiner.hint(started.id, number=1)
    examiner.finish(started.id)
    with pytest.raises(InterviewError, match="found one that is finished"):
        examiner.hint(started.id)
    assert [turn.hints for turn in history.interview(started.id).turns] == [0, 0]


def test_a_question_whose_entry_left_the_bank_has_no_hints(history: History) -> None:
    started = interviewer(history).start(PLAN)
    shrunk = interviewer(history, entries=bank(ENTRIES["lora"]))
    assert shrunk.hint(started.id) is None
    assert shrunk.hints_taken(history.interview(started.id)) == ()


def test_clicks_at_once_give_each_hint_once(history: History) -> None:
    examiner = interviewer(history)
    started = examiner.start(PLAN)
    with ThreadPoolExecutor(6) as pool:
        given = list(pool.map(lambda _: examiner.hint(started.id), range(6)))
    assert sorted(given, key=str) == ["Hint: keys and ...", "Hint: what grows?"] + [None] * 4


# --- times


def test_turns_know_when_they_were_asked_and_answered(history: History) -> None:
    clock = FixedClock()
    examiner = interviewer(history, clock=clock)
    started = examiner.start(PLAN)
    clock.advance(minutes=3)
    examiner.attempt(started.id, PERFECT)
    clock.advance(minutes=2)
    interview = examiner.skip(started.id)
    assert [(turn.asked_at, turn.answered_at) for turn in interview.turns] == [
        ("2026-01-01T09:00:00.000+00:00", "2026-01-01T09:03:00.000+00:00"),
        ("2026-01-01T09:03:00.000+00:00", "2026-01-01T09:05:00.000+00:00"),
    ]
    assert [(outcome.share, outcome.grader_version) for outcome in history.outcomes()] == [
        (1.0, "scripted-1"),
        (0.0, "skipped"),
    ]


# --- reading ahead


def test_the_grader_reads_ahead_what_the_waiting_question_asks_and_what_is_typed(history: History) -> None:
    read: list[tuple[str, str]] = []
    examiner = interviewer(history, read_ahead=lambda rubric, draft: read.append((rubric.question, draft)))
    started = examiner.start(PLAN)
    examiner.prepare(started.id)
    examiner.prepare(started.id, "It keeps")
    examiner.finish(started.id)
    examiner.prepare(started.id, "nothing waits")
    assert read == [("What is kv?", ""), ("What is kv?", "It keeps")]


def test_what_keeps_the_grader_from_reading_ahead_is_not_the_learners_trouble_yet(history: History) -> None:
    def fails(rubric: Rubric, draft: str) -> None:
        raise ModelError("Model: does not answer. Start it.")

    examiner = interviewer(history, read_ahead=fails)
    examiner.prepare(examiner.start(PLAN).id, "draft")
    examiner.prepare("no such interview")
    interviewer(history).prepare(examiner.start(PLAN).id, "nothing reads ahead here")


# --- one thread at a time


def test_locks_of_interviews_are_kept_only_while_somebody_holds_them(history: History) -> None:
    examiner = interviewer(history)
    held, may_go_on = threading.Event(), threading.Event()

    def hold() -> Interview:
        with examiner._alone("held"):
            held.set()
            assert may_go_on.wait(10)
        return examiner.start(PLAN)

    with ThreadPoolExecutor(1) as pool:
        holding = pool.submit(hold)
        assert held.wait(10)
        for _ in range(20):
            examiner.resume(examiner.start(PLAN).id)
        gc.collect()
        assert set(examiner._locks) == {"held"}
        assert examiner._alone("held").locked()
        may_go_on.set()
        holding.result(10)
    gc.collect()
    assert not examiner._locks
