"""An interview from the first question to the end, and everything that may interrupt it."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from tests.fakes import FixedClock
from tests.interview.material import ScriptedGrader, bank, entry
from tutor.domain import Entry, Grade, Interview, Plan, Rubric, RubricMisconception, RubricPoint
from tutor.errors import AttemptError, HistoryError, InterviewError, ModelError
from tutor.grading.rubric import rubric_from_entry
from tutor.interview.followup import SKIPPED
from tutor.interview.session import Interviewer
from tutor.learning.history import History

PLAN = Plan(groups=(), levels=(), questions=2, language="en", seed=1, entry_ids=("kv", "lora"))
ENTRIES = bank(entry("kv"), entry("lora", group="training", level=2))
PERFECT = {name: f"{name} point0, {name} point1, {name} point2" for name in ("kv", "lora")}


@pytest.fixture
def history(history_url: str) -> Iterator[History]:
    history = History(history_url)
    yield history
    history.close()


def interviewer(
    history: History, grade: Callable[[Rubric, str], Grade] | None = None, entries: dict[str, Entry] | None = None
) -> Interviewer:
    return Interviewer(
        ENTRIES if entries is None else entries,
        grade or ScriptedGrader(),
        history,
        clock=FixedClock(),
    )


def questions(interview: Interview) -> list[str]:
    return [turn.question for turn in interview.turns]


def broken(rubric: Rubric, attempt: str) -> Grade:
    raise ModelError("models.too_slow", model="m", where="`http://host`")


# --- the ordinary course


def test_one_question_at_a_time_until_the_end(history: History) -> None:
    examiner = interviewer(history)
    interview = examiner.start(PLAN)
    assert questions(interview) == ["What is kv?"]
    interview = examiner.attempt(interview.id, PERFECT["kv"])
    assert questions(interview) == ["What is kv?", "What is lora?"]
    assert interview.turns[0].grade is not None
    assert interview.turns[0].grade.score == 10
    assert interview.finished_at is None
    waiting = examiner.current_turn(interview)
    assert waiting is not None
    assert (waiting.number, waiting.attempt) == (2, None)
    interview = examiner.attempt(interview.id, PERFECT["lora"])
    assert interview.finished_at == "2026-01-01T09:00:00.000+00:00"
    assert examiner.current_turn(interview) is None
    assert history.interview(interview.id) == interview


def test_two_follow_ups_aim_at_what_was_missed_and_then_the_next_question_comes(history: History) -> None:
    examiner = interviewer(history)
    started = examiner.start(PLAN)
    for attempt in ("kv point2", "no idea", "kv point1"):
        interview = examiner.attempt(started.id, attempt)
    assert questions(interview) == [
        "What is kv?",
        "Follow-up 0: kv point0?",
        "Follow-up 1: kv point1?",
        "What is lora?",
    ]
    assert [(turn.follow_up_to, turn.probes) for turn in interview.turns] == [
        (None, None),
        (1, "p0"),
        (1, "p1"),
        (None, None),
    ]


def test_a_follow_up_is_held_against_its_key_point_alone_and_the_misconceptions_of_the_entry(history: History) -> None:
    grader = ScriptedGrader()
    examiner = interviewer(history, grader)
    started = examiner.start(PLAN)
    examiner.attempt(started.id, "kv point1 and kv point2")
    interview = examiner.attempt(started.id, "kv point0, and kv is magic")
    rubric, attempt = grader.calls[1]
    assert rubric.question == "Follow-up 0: kv point0?"
    assert rubric.key_points == (RubricPoint("p0", "kv point0", 3),)
    assert rubric.misconceptions == (RubricMisconception("kv-wrong", "kv is magic", "It is not."),)
    assert attempt == "kv point0, and kv is magic"
    grade = interview.turns[1].grade
    assert grade is not None
    assert grade.score == 10
    assert [item.claim for item in grade.misconceptions] == ["kv is magic"]
    assert interview.turns[2].question == "What is lora?"


def test_an_interview_in_chinese_asks_and_grades_in_chinese(history: History) -> None:
    grader = ScriptedGrader()
    examiner = interviewer(history, grader)
    started = examiner.start(replace(PLAN, language="zh"))
    interview = examiner.attempt(started.id, "kv 要点0、kv 要点1")
    assert questions(interview) == ["什么是 kv？", "追问2：kv 要点2？"]
    assert grader.calls[0][0].language == "zh"


def test_a_plan_without_entries_is_filled_and_the_next_interview_asks_others(history: History) -> None:
    entries = bank(*(entry(f"e{n}") for n in range(6)))
    examiner = interviewer(history, entries=entries)
    plan = replace(PLAN, entry_ids=(), questions=3)
    first, second = examiner.start(plan), None
    while (turn := examiner.current_turn(first)) is not None:
        first = examiner.attempt(first.id, " ".join(point.text.en for point in entries[turn.entry_id].key_points))
    second = examiner.start(plan)
    assert len(first.plan.entry_ids) == len(second.plan.entry_ids) == 3
    assert not set(first.plan.entry_ids) & set(second.plan.entry_ids)


def test_a_plan_that_does_not_fit_starts_nothing(history: History) -> None:
    with pytest.raises(InterviewError, match="found 2 that fit"):
        interviewer(history).start(replace(PLAN, entry_ids=(), questions=5))
    with pytest.raises(InterviewError, match="expected entries of the bank, found gone"):
        interviewer(history).start(replace(PLAN, entry_ids=("gone",)))
    assert history.interview_titles() == []


def test_an_attempt_is_held_against_the_rubric_of_the_bank(history: History) -> None:
    grader = ScriptedGrader()
    examiner = Interviewer(ENTRIES, grader, history)
    examiner.attempt(examiner.start(PLAN).id, PERFECT["kv"])
    assert grader.calls[0][0] == rubric_from_entry(ENTRIES["kv"], "en")


# --- skipping and finishing


def test_a_skipped_question_counts_nothing_and_brings_the_next_main_question(history: History) -> None:
    examiner = interviewer(history)
    interview = examiner.skip(examiner.start(PLAN).id, number=1)
    skipped = interview.turns[0]
    assert skipped.attempt == ""
    assert skipped.grade is not None
    assert (skipped.grade.guard, skipped.grade.score) == (SKIPPED, 0.0)
    assert [point.verdict for point in skipped.grade.key_points] == ["missed"] * 3
    assert questions(interview) == ["What is kv?", "What is lora?"]
    assert examiner.skip(interview.id).finished_at is not None


def test_a_skipped_follow_up_brings_the_next_main_question(history: History) -> None:
    examiner = interviewer(history)
    started = examiner.start(PLAN)
    examiner.attempt(started.id, "nothing")
    assert questions(examiner.skip(started.id))[-1] == "What is lora?"


def test_finishing_early_keeps_what_was_answered(history: History) -> None:
    examiner = interviewer(history)
    started = examiner.start(PLAN)
    examiner.attempt(started.id, PERFECT["kv"])
    interview = examiner.finish(started.id)
    assert interview.finished_at is not None
    assert [turn.attempt for turn in interview.turns] == [PERFECT["kv"], None]
    assert examiner.finish(started.id) == interview
    assert examiner.resume(started.id) == interview
    for late in (lambda: examiner.attempt(started.id, "late"), lambda: examiner.skip(started.id)):
        with pytest.raises(InterviewError, match=r"found one that is finished\. See its report"):
            late()
    assert history.interview(started.id) == interview


def test_an_unknown_interview_is_reported(history: History) -> None:
    with pytest.raises(HistoryError, match="expected interview `nope`"):
        interviewer(history).resume("nope")


# --- clicks that come twice, threads


def test_a_second_click_on_submit_is_told_and_changes_nothing(history: History) -> None:
    examiner = interviewer(history)
    started = examiner.start(PLAN)
    interview = examiner.attempt(started.id, PERFECT["kv"], number=1)
    with pytest.raises(InterviewError, match="expected question 1 to wait for an answer, found question 2"):
        examiner.attempt(started.id, PERFECT["kv"], number=1)
    with pytest.raises(InterviewError, match="expected question 1 to wait"):
        examiner.skip(started.id, number=1)
    assert history.interview(started.id) == interview


def test_of_many_clicks_at_once_one_attempt_is_stored_and_graded_once(history: History) -> None:
    grader = ScriptedGrader()
    examiner = interviewer(history, grader)
    started = examiner.start(PLAN)
    gate = threading.Barrier(6)

    def click(number: int) -> str:
        gate.wait()
        try:
            examiner.attempt(started.id, f"{PERFECT['kv']} {number}", number=1)
        except InterviewError:
            return "told"
        return "stored"

    with ThreadPoolExecutor(6) as pool:
        outcomes = list(pool.map(click, range(6)))
    interview = history.interview(started.id)
    assert sorted(outcomes) == ["stored"] + ["told"] * 5
    assert interview.turns[0].attempt == f"{PERFECT['kv']} {outcomes.index('stored')}"
    assert len(grader.calls) == 1
    assert questions(interview) == ["What is kv?", "What is lora?"]


def test_a_page_reloaded_while_an_attempt_is_graded_waits_for_that_grade(history: History) -> None:
    is_grading, may_go_on = threading.Event(), threading.Event()

    def wait(rubric: Rubric, attempt: str) -> None:
        is_grading.set()
        assert may_go_on.wait(10)

    grader = ScriptedGrader(before=wait)
    examiner = interviewer(history, grader)
    started = examiner.start(PLAN)
    with ThreadPoolExecutor(2) as pool:
        submitted = pool.submit(examiner.attempt, started.id, PERFECT["kv"])
        assert is_grading.wait(10)
        assert history.interview(started.id).turns[0].attempt == PERFECT["kv"]  # stored before it is graded
        with pytest.raises(InterviewError, match="one that was saved before and is kept"):
            examiner.attempt(started.id, "another text", number=1)
        reloaded = pool.submit(examiner.resume, started.id)
        may_go_on.set()
        assert submitted.result(10) == reloaded.result(10)
    assert len(grader.calls) == 1


def test_an_interview_finished_while_an_attempt_is_graded_gets_the_grade_but_no_new_question(history: History) -> None:
    def finish(rubric: Rubric, attempt: str) -> None:
        interviewer(history).finish(started.id)

    examiner = interviewer(history, ScriptedGrader(before=finish))
    started = examiner.start(PLAN)
    interview = examiner.attempt(started.id, PERFECT["kv"])
    assert interview.turns[0].grade is not None
    assert len(interview.turns) == 1
    assert interview.finished_at is not None


def test_two_processes_that_grade_the_same_attempt_agree_on_the_first_grade(history: History, history_url: str) -> None:
    other_history = History(history_url)

    def other_grades_first(rubric: Rubric, attempt: str) -> None:
        interviewer(other_history).resume(started.id)

    def late_and_different(rubric: Rubric, attempt: str) -> Grade:
        other_grades_first(rubric, attempt)
        return ScriptedGrader()(rubric, "nothing")

    examiner = interviewer(history, late_and_different)
    started = examiner.start(PLAN)
    interview = examiner.attempt(started.id, PERFECT["kv"])
    assert interview.turns[0].grade is not None
    assert interview.turns[0].grade.score == 10
    assert questions(interview) == ["What is kv?", "What is lora?"]
    other_history.close()


# --- a grader that does not work


def test_an_attempt_is_kept_when_the_model_fails_and_graded_when_it_works_again(history: History) -> None:
    started = interviewer(history).start(PLAN)
    with pytest.raises(ModelError, match=r"did not answer in time\..* Your answer is saved"):
        interviewer(history, broken).attempt(started.id, PERFECT["kv"])
    stored = history.interview(started.id)
    assert (stored.turns[0].attempt, stored.turns[0].grade) == (PERFECT["kv"], None)
    waiting = Interviewer.current_turn(stored)
    assert waiting is not None
    assert waiting.attempt == PERFECT["kv"]
    with pytest.raises(ModelError):
        interviewer(history, broken).resume(started.id)
    with pytest.raises(InterviewError, match="saved before and is kept"):
        interviewer(history).attempt(started.id, "another")
    interview = interviewer(history).resume(started.id)
    assert interview.turns[0].grade is not None
    assert questions(interview) == ["What is kv?", "What is lora?"]


def test_a_learner_need_not_wait_for_the_model_and_the_grade_comes_later(history: History) -> None:
    started = interviewer(history).start(PLAN)
    without_model = interviewer(history, broken)
    with pytest.raises(ModelError):
        without_model.attempt(started.id, "kv point0")
    passed = without_model.skip(started.id)
    assert questions(passed) == ["What is kv?", "What is lora?"]
    assert without_model.resume(started.id) == passed  # a question is open, so the failure is no obstacle
    with pytest.raises(ModelError):
        without_model.attempt(started.id, "lora point0")
    done = without_model.skip(started.id)
    assert done.finished_at is not None
    with pytest.raises(ModelError):
        without_model.resume(started.id)
    graded = interviewer(history).resume(started.id)
    assert [turn.grade.score if turn.grade else None for turn in graded.turns] == [5.0, 5.0]
    assert graded.finished_at == done.finished_at
    assert len(graded.turns) == 2


def test_an_attempt_that_cannot_be_graded_at_all_does_not_block_the_interview(history: History) -> None:
    def refuses(rubric: Rubric, attempt: str) -> Grade:
        raise AttemptError("grading.no_text", field="answer", found="odd")

    started = interviewer(history).start(PLAN)
    with pytest.raises(AttemptError, match="found odd"):
        interviewer(history, refuses).attempt(started.id, "odd")
    assert questions(interviewer(history, refuses).skip(started.id))[-1] == "What is lora?"


def test_an_attempt_survives_a_crash_of_the_grader(history: History) -> None:
    def crashes(rubric: Rubric, attempt: str) -> Grade:
        raise ZeroDivisionError

    started = interviewer(history).start(PLAN)
    with pytest.raises(ZeroDivisionError):
        interviewer(history, crashes).attempt(started.id, PERFECT["kv"])
    assert history.interview(started.id).turns[0].attempt == PERFECT["kv"]
    assert len(interviewer(history).resume(started.id).turns) == 2


def test_odd_characters_are_graded_as_they_are_stored(history: History) -> None:
    grader = ScriptedGrader()
    examiner = interviewer(history, grader)
    interview = examiner.attempt(examiner.start(PLAN).id, "kv\x00 point0 \ud800")
    assert interview.turns[0].attempt == "kv point0 ?"
    assert grader.calls[0][1] == "kv point0 ?"


# --- a bank that changed meanwhile


def test_planned_entries_that_left_the_bank_are_passed_over(history: History) -> None:
    started = interviewer(history).start(PLAN)
    shrunk = bank(ENTRIES["kv"])
    interview = interviewer(history, entries=shrunk).attempt(started.id, PERFECT["kv"])
    assert interview.finished_at is not None
    assert questions(interview) == ["What is kv?"]


def test_the_waiting_question_can_be_answered_although_its_entry_left_the_bank(history: History) -> None:
    started = interviewer(history).start(PLAN)
    shrunk = bank(ENTRIES["lora"])
    reopened = interviewer(history, entries=shrunk).resume(started.id)
    assert questions(reopened) == ["What is kv?"]
    interview = interviewer(history, entries=shrunk).attempt(started.id, "my answer")
    assert (interview.turns[0].attempt, interview.turns[0].grade) == ("my answer", None)
    assert questions(interview) == ["What is kv?", "What is lora?"]
    assert interviewer(history).resume(started.id).turns[0].grade is not None  # the entry is back


def test_a_follow_up_whose_key_point_left_the_bank_is_passed_over(history: History) -> None:
    started = interviewer(history).start(PLAN)
    interviewer(history).attempt(started.id, "kv point1 kv point2")
    without_p0 = replace(ENTRIES["kv"], key_points=ENTRIES["kv"].key_points[1:])
    changed = bank(without_p0, ENTRIES["lora"])
    interview = interviewer(history, entries=changed).attempt(started.id, "kv point0")
    assert interview.turns[1].grade is None
    assert questions(interview)[-1] == "What is lora?"


def test_skipping_a_question_whose_entry_left_the_bank_works(history: History) -> None:
    started = interviewer(history).start(PLAN)
    interview = interviewer(history, entries=bank(ENTRIES["lora"])).skip(started.id)
    assert questions(interview)[-1] == "What is lora?"
