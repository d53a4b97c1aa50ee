"""A session refuses what is no question before anything is computed or stored."""

from pathlib import Path

import pytest

from tests.fakes import ScriptedChatModel
from tests.samples import entry as sample_entry
from tutor.bank.load import Bank
from tutor.chat.answer import AnswerChain
from tutor.chat.session import Chat
from tutor.domain import Answer
from tutor.entailment.support import load_support_model
from tutor.errors import AttemptError
from tutor.learning.history import History
from tutor.retrieval.hybrid import HybridRetriever


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


def test_a_stored_conversation_keeps_what_was_thanks_and_what_was_asked(chat: Chat, history: History) -> None:
    session = chat.start("KV Cache 的原理是什么？")
    for message in ("KV Cache 的原理是什么？", "谢谢", "in English please", "它的代价呢？"):
        list(chat.ask(message, session))
    answers = history.exchanges(session)
    assert [answer.kind for answer in answers[:3]] == ["answer", "remark", "answer"]
    assert [answer.language for answer in answers[:3]] == ["zh", "zh", "en"]
    assert isinstance(answers[3], Answer)
    assert answers[3].standalone_question == "它的代价呢？（承接：KV Cache 的原理是什么？）"
