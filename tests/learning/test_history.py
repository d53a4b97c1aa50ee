"""What is stored is there after a restart: chats and interviews."""

from dataclasses import replace

import pytest

from tests.fakes import FixedClock
from tests.learning.material import ANSWER, GRADE, WAITING, interview
from tutor.domain import Turn
from tutor.errors import HistoryError
from tutor.learning.history import History
from tutor.learning.titles import InterviewTitle

LATER = "2026-01-01T10:00:00.000+00:00"


# --- chats


def test_memory_of_a_chat_survives_a_restart(history: History, history_url: str) -> None:
    chat_id = history.create_chat("KV cache")
    second = replace(ANSWER, question="它有多大？", standalone_question="KV cache 有多大？")
    history.add_exchange(chat_id, ANSWER)
    history.add_exchange(chat_id, second)
    history.close()
    again = History(history_url)
    assert again.exchanges(chat_id) == [ANSWER, second]
    assert again.chat(chat_id).messages == 2
    again.close()


def test_chats_are_listed_with_the_one_used_last_first(history: History, clock: FixedClock) -> None:
    first = history.create_chat("first")
    clock.advance(minutes=1)
    second = history.create_chat("second")
    assert [chat.id for chat in history.chats()] == [second, first]
    clock.advance(minutes=1)
    history.add_exchange(first, ANSWER)
    listed = history.chats()
    assert [(chat.id, chat.messages) for chat in listed] == [(first, 1), (second, 0)]
    assert listed[0].created_at == "2026-01-01T09:00:00.000+00:00"
    assert listed[0].updated_at == "2026-01-01T09:02:00.000+00:00"


def test_a_chat_can_be_renamed(history: History) -> None:
    chat_id = history.create_chat("untitled")
    history.rename_chat(chat_id, "  显存\n估算  ")
    assert history.chat(chat_id).title == "显存 估算"


def test_a_deleted_chat_takes_its_exchanges_with_it_and_leaves_the_others(history: History) -> None:
    gone, kept = history.create_chat("gone"), history.create_chat("kept")
    history.add_exchange(gone, ANSWER)
    history.add_exchange(kept, ANSWER)
    history.delete_chat(gone)
    history.delete_chat(gone)
    assert [chat.id for chat in history.chats()] == [kept]
    assert history.exchanges(kept) == [ANSWER]
    with pytest.raises(HistoryError, match=f"expected chat `{gone}`, found none"):
        history.exchanges(gone)


def test_an_answer_for_a_chat_deleted_meanwhile_is_refused(history: History) -> None:
    chat_id = history.create_chat("short-lived")
    history.delete_chat(chat_id)
    with pytest.raises(HistoryError, match="deleted in another window"):
        history.add_exchange(chat_id, ANSWER)
    with pytest.raises(HistoryError, match="deleted in another window"):
        history.rename_chat(chat_id, "x")


def test_a_new_chat_has_no_exchanges(history: History) -> None:
    assert history.exchanges(history.create_chat("new")) == []


@pytest.mark.parametrize("title", ["", "  \n", "\x00"])
def test_a_blank_title_is_refused(history: History, title: str) -> None:
    with pytest.raises(HistoryError, match="Give it a name"):
        history.create_chat(title)


def test_a_long_title_is_cut(history: History) -> None:
    assert len(history.chat(history.create_chat("长" * 900)).title) == 200


def test_text_with_characters_that_no_database_holds_is_stored_without_them(history: History) -> None:
    chat_id = history.create_chat("a\x00b\ud800")
    history.add_exchange(chat_id, replace(ANSWER, text="x\x00y 🙂"))
    assert history.chat(chat_id).title == "ab?"
    assert history.exchanges(chat_id)[0].text == "xy 🙂"


# --- interviews


def test_an_interview_survives_a_restart_turn_by_turn(history: History, history_url: str) -> None:
    history.save_interview(interview())
    graded = replace(WAITING, attempt="it keeps keys", grade=GRADE)
    follow_up = Turn(2, "kv-cache", "How large is it?", follow_up_to=1, probes="size")
    assert history.save_turn("i1", replace(WAITING, attempt="it keeps keys"))
    assert history.save_turns("i1", [graded, follow_up]) == 2
    history.close()
    again = History(history_url)
    assert again.interview("i1") == interview("i1", "2026-01-01T09:00:00.000+00:00", graded, follow_up)
    again.close()


def test_interviews_are_listed_with_the_latest_first(history: History) -> None:
    history.save_interview(interview("old"))
    history.save_interview(interview("new", LATER, replace(WAITING, attempt="x")))
    history.save_turns("old", (), finished_at="2026-01-01T11:00:00.000+00:00")
    assert history.interview_titles() == [
        InterviewTitle("new", LATER, None, questions=1, entry_ids=("kv-cache",)),
        InterviewTitle("old", "2026-01-01T09:00:00.000+00:00", "2026-01-01T11:00:00.000+00:00", 1, ("kv-cache",)),
    ]


def test_a_draft_is_kept_as_it_is_typed_until_the_question_is_answered(history: History, history_url: str) -> None:
    history.save_interview(interview())
    for typed in ("It ke", "It keeps\x00 keys"):
        history.keep_draft("i1", 1, typed)
    again = History(history_url)
    (turn,) = again.interview("i1").turns
    assert (turn.draft, turn.attempt) == ("It keeps keys", None)
    history.save_turn("i1", replace(WAITING, attempt="It keeps keys and values"))
    history.keep_draft("i1", 1, "typed a moment too late")
    (turn,) = again.interview("i1").turns
    assert (turn.draft, turn.attempt) == (None, "It keeps keys and values")
    again.close()


def test_the_draft_of_a_question_that_is_skipped_or_left_at_the_end_stays(history: History) -> None:
    history.save_interview(interview("i1", LATER, WAITING, replace(WAITING, number=2)))
    history.keep_draft("i1", 1, "half")
    history.save_turn("i1", replace(WAITING, attempt="", grade=GRADE))
    history.keep_draft("i1", 2, "begun")
    history.save_turns("i1", (), finished_at=LATER)
    assert [turn.draft for turn in history.interview("i1").turns] == ["half", "begun"]


def test_asked_entries_are_the_main_questions_of_the_latest_interviews_latest_first(history: History) -> None:
    def hold(day: int, *names: str) -> None:
        turns = [Turn(n, name, "?", None, None) for n, name in enumerate(names, start=1)]
        turns.append(Turn(len(turns) + 1, names[-1], "more?", follow_up_to=len(turns), probes="p0"))
        history.save_interview(interview(f"i{day}", f"2026-01-0{day}T09:00:00.000+00:00", *turns))

    assert history.asked_entries(3) == ()
    for day, names in ((1, "a"), (4, "de"), (2, "b"), (3, "cd")):
        hold(day, *names)
    assert history.asked_entries(3) == ("e", "d", "c", "b")
    assert history.asked_entries(1) == ("e", "d")


def test_an_interview_that_is_not_there_is_reported(history: History) -> None:
    with pytest.raises(HistoryError, match="expected interview `gone`, found none"):
        history.interview("gone")
    with pytest.raises(HistoryError, match="expected interview `gone`, found none"):
        history.save_turn("gone", WAITING)


def test_a_stored_attempt_is_never_replaced(history: History) -> None:
    history.save_interview(interview())
    assert history.save_turn("i1", replace(WAITING, attempt="first"))
    assert not history.save_turn("i1", replace(WAITING, attempt="second"))
    assert not history.save_turn("i1", WAITING)
    assert history.interview("i1").turns[0].attempt == "first"


def test_a_grade_is_stored_only_with_the_attempt_it_was_made_for_and_only_once(history: History) -> None:
    history.save_interview(interview())
    history.save_turn("i1", replace(WAITING, attempt="first"))
    assert not history.save_turn("i1", replace(WAITING, attempt="second", grade=GRADE))
    assert history.interview("i1").turns[0].grade is None
    assert history.save_turn("i1", replace(WAITING, attempt="first", grade=GRADE))
    assert not history.save_turn("i1", replace(WAITING, attempt="first", grade=replace(GRADE, score=0.0)))
    assert history.interview("i1").turns[0].grade == GRADE


def test_a_finished_interview_takes_late_grades_but_no_new_questions(history: History) -> None:
    history.save_interview(interview())
    history.save_turn("i1", replace(WAITING, attempt="late"))
    history.save_turns("i1", (), finished_at=LATER)
    following = Turn(2, "lora", "What is LoRA?", follow_up_to=None, probes=None)
    changed = history.save_turns("i1", [replace(WAITING, attempt="late", grade=GRADE), following], finished_at="9999")
    assert changed == 1
    stored = history.interview("i1")
    assert stored.finished_at == LATER
    assert stored.turns == (replace(WAITING, attempt="late", grade=GRADE),)


def test_saving_an_interview_again_fills_in_what_was_missing(history: History) -> None:
    history.save_interview(interview())
    done = replace(interview("i1", "2026-01-01T09:00:00.000+00:00", replace(WAITING, attempt="x")), finished_at=LATER)
    history.save_interview(done)
    assert history.interview("i1") == done
