"""Follow-ups get their subject back; courtesies and complete questions are left alone."""

from dataclasses import replace

import pytest

from tests.samples import answer
from tests.samples import entry as sample_entry
from tutor.bank.load import Bank
from tutor.chat.condense import Conversation, Subject, subjects_of
from tutor.chat.recognise import Recogniser
from tutor.retrieval.hybrid import HybridRetriever

KV = "KV Cache 的原理是什么？"


@pytest.fixture
def conversation(retriever: HybridRetriever) -> Conversation:
    return Conversation(retriever, Recogniser(Bank((sample_entry(),)), retriever.search))


@pytest.mark.parametrize(
    "question",
    [
        "它的代价呢？",
        "那 70B 呢？",
        "为什么？",
        "and for 70B?",
        "What does it cost?",
        "why?",
        "那它和 MQA 比呢",
        "跟 GPTQ 比呢",
    ],
)
def test_a_follow_up_carries_the_last_subject(conversation: Conversation, question: str) -> None:
    condensed = conversation.condense(question, subjects_of([answer(KV)]))
    assert condensed.is_follow_up
    assert question in condensed.question
    assert KV in condensed.question
    assert KV in condensed.search_text


@pytest.mark.parametrize("question", ["LoRA 和全量微调有什么区别？", "什么是 GraphRAG？", "今天北京天气怎么样", "RLHF"])
def test_a_complete_question_stays_as_it_is(conversation: Conversation, question: str) -> None:
    condensed = conversation.condense(question, subjects_of([answer(KV)]))
    assert condensed.question == question
    assert not condensed.is_follow_up


def test_without_memory_nothing_is_added(conversation: Conversation) -> None:
    assert conversation.condense("它的代价呢？", []).question == "它的代价呢？"


def test_an_earlier_subject_comes_back_when_it_is_named(conversation: Conversation) -> None:
    subjects = [Subject("MoE 的门控怎么训练？"), Subject(KV)]
    assert conversation.condense("回到 KV Cache，它费显存吗", subjects).subject == subjects[1]
    assert conversation.condense("它的代价呢？", subjects).subject == subjects[0]


def test_refusals_and_remarks_give_no_footing() -> None:
    thanks = replace(answer("谢谢"), kind="remark")
    earlier = [answer("LoRA 的原理？"), answer("今天天气如何？", refused=True), thanks]
    assert [subject.question for subject in subjects_of(earlier)] == ["LoRA 的原理？"]


def test_subjects_do_not_pile_up_over_a_chain_of_follow_ups(conversation: Conversation) -> None:
    second = conversation.condense("它的代价呢？", subjects_of([answer(KV)]))
    earlier = [answer(KV), answer("它的代价呢？", standalone=second.question)]
    third = conversation.condense("那怎么优化呢？", subjects_of(earlier))
    assert third.question == f"那怎么优化呢？（承接：{KV}）"


def test_the_subject_is_the_topic_without_the_manner_it_was_asked_in() -> None:
    assert subjects_of([answer("用一句话解释 KV Cache")]) == [Subject("KV Cache")]
