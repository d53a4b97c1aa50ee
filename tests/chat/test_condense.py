"""Follow-ups get their subject back; complete questions are left alone."""

import pytest

from tests.samples import answer
from tutor.chat.condense import condense


@pytest.mark.parametrize(
    "question",
    [
        "它的代价呢？",
        "那 70B 呢？",
        "为什么？",
        "举个例子",
        "and for 70B?",
        "What does it cost?",
        "why?",
        "那它和 MQA 比呢",
    ],
)
def test_a_follow_up_carries_the_last_subject(question: str) -> None:
    condensed = condense(question, [answer("KV Cache 的原理是什么？")])
    assert condensed.is_follow_up
    assert question in condensed.question
    assert "KV Cache 的原理是什么？" in condensed.question


@pytest.mark.parametrize(
    "question",
    [
        "LoRA 和全量微调有什么区别？",
        "How does FlashAttention reduce memory traffic?",
        "What is the difference between DPO and PPO in terms of their training cost and stability on large models?",
    ],
)
def test_a_complete_question_stays_as_it_is(question: str) -> None:
    condensed = condense(question, [answer("KV Cache 的原理是什么？")])
    assert condensed.question == question
    assert not condensed.is_follow_up


def test_without_memory_nothing_is_added() -> None:
    assert condense("它的代价呢？", []).question == "它的代价呢？"


def test_a_refused_question_gives_no_footing() -> None:
    earlier = [answer("LoRA 的原理？"), answer("今天天气如何？", refused=True)]
    assert "LoRA" in condense("它的代价呢？", earlier).question


def test_subjects_do_not_pile_up_over_a_chain_of_follow_ups() -> None:
    first = answer("KV Cache 的原理是什么？")
    second = condense("它的代价呢？", [first])
    third = condense("那怎么优化呢？", [first, answer("它的代价呢？", standalone=second.question)])
    assert third.question == "那怎么优化呢？（承接：KV Cache 的原理是什么？）"


@pytest.mark.parametrize(
    "question", ["那 ALiBi 和 RoPE 有什么区别？", "What is GraphRAG?", "再说说 BM25", "MCP 是什么？"]
)
def test_what_the_bank_has_an_entry_on_opens_a_new_topic(question: str) -> None:
    condensed = condense(question, [answer("KV Cache 的原理是什么？")], lambda _: True)
    assert not condensed.is_follow_up
    assert "KV Cache" not in condensed.search_text


@pytest.mark.parametrize(
    "question", ["跟 GPTQ 比呢", "那反向传播的时候呢", "and the difference from PPO?", "它和 LoRA 呢？"]
)
def test_half_a_comparison_and_a_pronoun_lean_even_on_what_is_known(question: str) -> None:
    assert condense(question, [answer("AWQ 是怎么做的？")], lambda _: True).is_follow_up


def test_the_subject_is_the_topic_without_the_manner_it_was_asked_in() -> None:
    assert condense("它的代价呢？", [answer("用一句话解释 KV Cache")]).search_text == "KV Cache 它的代价呢？"
