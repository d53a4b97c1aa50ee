"""A session refuses what is no question before anything is computed or stored."""

import threading
from pathlib import Path

import pytest

from tests.fakes import ScriptedChatModel
from tests.samples import entry as sample_entry
from tutor.bank.load import Bank
from tutor.chat.answer import AnswerChain
from tutor.chat.session import Chat
from tutor.domain import Answer
from tutor.entailment.support import load_support_model
from tutor.errors import AttemptError, ModelError
from tutor.learning.history import History
from tutor.learning.questions import Question
from tutor.retrieval.hybrid import HybridRetriever, SearchResult


@pytest.fixture
def history(tmp_path: Path) -> History:
    return History(f"sqlite:///{tmp_path / 'history.sqlite'}")


@pytest.fixture
def chat(retriever: HybridRetriever, history: History) -> Chat:
    model = ScriptedChatModel(replies=["never"])
    return Chat(AnswerChain(retriever, Bank((sample_entry(),)), lambda: model, load_support_model()), history)


@pytest.mark.parametrize("question", ["", "  ", "长" * 20_000])
def test_nothing_and_a_pasted_text_are_refused_and_leave_no_session(
    chat: Chat, history: History, monkeypatch: pytest.MonkeyPatch, question: str
) -> None:
    monkeypatch.setattr(HybridRetriever, "search", lambda *_: pytest.fail("searched"))
    with pytest.raises(AttemptError):
        chat.ask(question)
    with pytest.raises(AttemptError):
        chat.start(question)
    assert history.chats() == []


def test_a_question_is_stored_before_anything_is_computed_and_its_answer_takes_its_place(
    chat: Chat, history: History
) -> None:
    session = chat.start("KV Cache 的原理是什么？")
    events = chat.ask("KV Cache 的原理是什么？", session)
    assert [said.text for said in history.conversation(session) if isinstance(said, Question)] == [
        "KV Cache 的原理是什么？"
    ]
    assert history.exchanges(session) == []
    list(events)
    assert [type(said) for said in history.conversation(session)] == [Answer]


def test_an_answer_that_nobody_follows_is_stored_and_one_at_a_time_is_written(chat: Chat, history: History) -> None:
    session = chat.start("KV Cache 的原理是什么？")
    answering = chat.begin("KV Cache 的原理是什么？", session)
    assert isinstance(list(answering.follow())[-1], Answer)
    assert len(history.exchanges(session)) == 1
    assert chat.answering(session) is None
    assert chat.answering(None) is None


def test_a_second_question_waits_for_the_first_and_a_stopped_one_is_kept_as_such(
    chat: Chat, history: History, monkeypatch: pytest.MonkeyPatch
) -> None:
    searching = threading.Event()

    def search(*_: object) -> SearchResult:
        assert searching.wait(10)
        raise ModelError("chat.no_passages_yet")

    monkeypatch.setattr(HybridRetriever, "search", search)
    session = chat.start("什么是一个很长的问题？")
    answering = chat.begin("什么是一个很长的问题？", session)
    with pytest.raises(AttemptError, match="still being answered"):
        chat.begin("另一个问题？", session)
    assert chat.answering(session) is answering
    chat.stop(session)
    chat.stop(None)
    assert chat.answering(session) is None
    assert list(answering.follow()) == []
    searching.set()
    kept = [said for said in history.conversation(session) if isinstance(said, Question)]
    assert [(said.text, said.is_stopped) for said in kept] == [("什么是一个很长的问题？", True)]


def test_a_stored_conversation_keeps_what_was_thanks_and_what_was_asked(chat: Chat, history: History) -> None:
    session = chat.start("KV Cache 的原理是什么？")
    for message in ("KV Cache 的原理是什么？", "谢谢", "in English please", "它的代价呢？"):
        list(chat.ask(message, session))
    answers = history.exchanges(session)
    assert [answer.kind for answer in answers[:3]] == ["answer", "remark", "answer"]
    assert [answer.language for answer in answers[:3]] == ["zh", "zh", "en"]
    assert isinstance(answers[3], Answer)
    assert answers[3].standalone_question == "它的代价呢？（承接：KV Cache 的原理是什么？）"
