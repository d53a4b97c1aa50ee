"""A question is kept from the moment it is asked, until its answer takes its place."""

from dataclasses import replace

from tests.fakes import FixedClock
from tests.learning.material import ANSWER
from tutor.domain import Answer
from tutor.learning.history import History
from tutor.learning.questions import Question


def said(history: History, chat_id: str) -> list[str]:
    return [what.question if isinstance(what, Answer) else f"{what.text}?" for what in history.conversation(chat_id)]


def test_a_question_survives_a_restart_without_its_answer(history: History, history_url: str) -> None:
    chat_id = history.create_chat("RoPE")
    kept = history.ask_question(chat_id, "为什么是旋转？")
    history.close()
    again = History(history_url)
    assert again.conversation(chat_id) == [Question(kept, "为什么是旋转？", "2026-01-01T09:00:00.000+00:00", False)]
    assert again.exchanges(chat_id) == []
    again.close()


def test_its_answer_takes_its_place_and_keeps_the_time_of_asking(history: History, clock: FixedClock) -> None:
    chat_id = history.create_chat("KV")
    first = history.ask_question(chat_id, "first")
    clock.advance(minutes=1)
    history.ask_question(chat_id, "second")
    clock.advance(minutes=1)
    history.add_exchange(chat_id, replace(ANSWER, question="first"), first)
    assert said(history, chat_id) == ["first", "second?"], "in the order of asking, not of answering"
    clock.advance(minutes=1)
    history.add_exchange(chat_id, replace(ANSWER, question="third"))
    assert said(history, chat_id) == ["first", "second?", "third"]


def test_asked_again_it_waits_once_and_is_no_longer_stopped(history: History, clock: FixedClock) -> None:
    chat_id = history.create_chat("KV")
    history.stop_question(chat_id, history.ask_question(chat_id, "same words"))
    assert [question.is_stopped for question in history.conversation(chat_id) if isinstance(question, Question)] == [
        True
    ]
    clock.advance(minutes=1)
    again = history.ask_question(chat_id, "same words")
    assert history.conversation(chat_id) == [Question(again, "same words", "2026-01-01T09:01:00.000+00:00", False)]


def test_a_deleted_session_takes_its_questions_with_it_and_stopping_one_is_fine(history: History) -> None:
    chat_id, other = history.create_chat("gone"), history.create_chat("kept")
    kept, stays = history.ask_question(chat_id, "one"), history.ask_question(other, "two")
    history.delete_chat(chat_id)
    history.stop_question(chat_id, kept)
    history.stop_question(chat_id, stays)
    assert said(history, other) == ["two?"]
    assert [what.is_stopped for what in history.conversation(other) if isinstance(what, Question)] == [False]


def test_another_learner_stops_no_question(history: History) -> None:
    chat_id = history.create_chat("mine")
    kept = history.ask_question(chat_id, "mine")
    history.of("grace").stop_question(chat_id, kept)
    assert [what.is_stopped for what in history.conversation(chat_id) if isinstance(what, Question)] == [False]
