"""The rules and the fitted model by which a message continues the last question, on evidence as retrieval gives it."""

from dataclasses import replace

import pytest

from tutor.chat.leaning import Standing, decide, is_small_talk, leans, load_leaning, signals
from tutor.chat.message import read_words
from tutor.retrieval.scope import Features

_SEEN = Features(
    top_similarity=0.6,
    is_question=0.0,
    margin=0.03,
    coverage=0.6,
    pool_coverage=0.8,
    unknown_share=0.0,
    agreement=0.5,
    term_score=3.0,
    term_count=0.375,
    is_chinese=1.0,
    foreign=0.5,
)
_NO_NAMES: frozenset[str] = frozenset()
OF_THE_SUBJECT = Standing(0.4, _SEEN, 0.0, 0.59, 0.5, 0.9, _NO_NAMES, _NO_NAMES)
OF_ELSEWHERE = Standing(
    0.01, replace(_SEEN, unknown_share=0.5, coverage=0.2, foreign=0.7), 0.0, 0.4, 0.0, 0.0, _NO_NAMES, _NO_NAMES
)
SUBJECT = "KV Cache 的原理是什么？"


def named(*names: str) -> Standing:
    """One of the bank's questions, in other words."""
    known = replace(_SEEN, top_similarity=0.9, is_question=1.0, margin=0.2, coverage=1.0, agreement=1.0, term_score=6.0)
    return Standing(0.98, known, 1.0, 0.5, 0.0, 0.1, frozenset(names), frozenset(names))


def is_glued(message: str, standing: Standing) -> bool:
    return leans(load_leaning(), read_words(message), standing, SUBJECT)[0]


@pytest.mark.parametrize(
    "message",
    [
        "为什么？",
        "它的代价呢？",
        "缺点",
        "那 70B 呢？",
        "formula",
        "Does it need more memory?",
    ],
)
def test_what_cannot_stand_alone_leans(message: str) -> None:
    assert is_glued(message, OF_THE_SUBJECT)


@pytest.mark.parametrize(
    ("message", "standing"),
    [
        ("RLHF", named("rlhf")),
        ("什么是 GraphRAG？", named("graphrag")),
        ("What is label smoothing?", named("smoothing", "label")),
        ("BPE 和 WordPiece 有什么区别", named("bpe", "wordpiece")),
        ("对了，MoE 的门控怎么训练", named("moe")),
        ("？？？", OF_THE_SUBJECT),
        ("🙂", OF_THE_SUBJECT),
        ("今天北京天气怎么样", OF_ELSEWHERE),
        ("Any tips for renting a flat?", OF_ELSEWHERE),
    ],
)
def test_what_stands_alone_is_not_glued(message: str, standing: Standing) -> None:
    assert not is_glued(message, standing)


def test_a_name_alone_is_certainly_a_topic_of_its_own_except_beside_a_question_for_a_number() -> None:
    assert decide(read_words("LoRA"), named("lora"), SUBJECT) is False
    assert decide(read_words("LoRA"), named("lora"), "7B 推理要多少显存？") is None
    assert decide(read_words("那 LoRA 呢"), named("lora"), SUBJECT) is None


def test_the_shipped_model_has_a_weight_for_every_signal() -> None:
    assert set(load_leaning().weights) == set(signals(read_words("LoRA"), OF_THE_SUBJECT))


def test_a_remark_on_ones_own_day_is_small_talk_unless_it_asks() -> None:
    assert is_small_talk(read_words("我喝口水"), OF_ELSEWHERE)
    assert is_small_talk(read_words("my battery is at five percent"), OF_ELSEWHERE)
    assert not is_small_talk(read_words("我该怎么准备面试？"), OF_ELSEWHERE)
    assert not is_small_talk(read_words("my model is overfitting"), named())
