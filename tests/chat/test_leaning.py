"""The rules by which a message continues the last question, each on evidence as retrieval gives it."""

from dataclasses import replace

import pytest

from tutor.chat.leaning import Standing, is_small_talk, leans
from tutor.chat.message import read_words

OF_THE_FIELD = Standing(confidence=0.98, is_other=False, unknown=0.0, held=0.1, new_names=frozenset())
OF_THE_SUBJECT = replace(OF_THE_FIELD, confidence=0.4, held=0.9)
OF_ELSEWHERE = Standing(confidence=0.01, is_other=False, unknown=0.5, held=0.0, new_names=frozenset())


def named(*names: str) -> Standing:
    return replace(OF_THE_FIELD, new_names=frozenset(names))


@pytest.mark.parametrize(
    ("message", "standing"),
    [
        ("为什么？", OF_THE_SUBJECT),
        ("它的代价呢？", OF_THE_SUBJECT),
        ("缺点", OF_THE_SUBJECT),
        ("formula", OF_THE_SUBJECT),
        ("那 LoRA 呢？", named("lora")),
        ("vs GPTQ", named("gptq")),
        ("Does it need a reward model?", OF_THE_FIELD),
        ("为什么不直接用小一点的模型", OF_THE_SUBJECT),
        ("刚才那个缓存能压缩吗", named("缓存")),
    ],
)
def test_what_cannot_stand_alone_leans(message: str, standing: Standing) -> None:
    assert leans(read_words(message), standing, "KV Cache 的原理是什么？")


@pytest.mark.parametrize(
    ("message", "standing"),
    [
        ("RLHF", named("rlhf")),
        ("什么是 GraphRAG？", named("graphrag")),
        ("What is label smoothing?", named("smoothing", "label")),
        ("BPE 和 WordPiece 有什么区别", named("bpe", "wordpiece")),
        ("那 GPT 为什么要用掩码", named("gpt")),
        ("Is dropout still used in LLMs?", named("dropout")),
        ("对了，MoE 的门控怎么训练", named("moe")),
        ("？？？", OF_THE_SUBJECT),
        ("🙂", OF_THE_SUBJECT),
        ("今天北京天气怎么样", OF_ELSEWHERE),
        ("Any tips for renting a flat?", OF_ELSEWHERE),
    ],
)
def test_what_stands_alone_is_not_glued(message: str, standing: Standing) -> None:
    assert not leans(read_words(message), standing, "KV Cache 的原理是什么？")


def test_a_bare_number_is_another_part_only_of_a_question_for_a_number() -> None:
    words = read_words("int4")
    assert leans(words, OF_THE_FIELD, "7B 推理要多少显存？")
    assert not leans(words, OF_THE_FIELD, "KV Cache 的原理是什么？")


def test_a_remark_on_ones_own_day_is_small_talk_unless_it_asks() -> None:
    assert is_small_talk(read_words("我喝口水"), OF_ELSEWHERE)
    assert is_small_talk(read_words("my battery is at five percent"), OF_ELSEWHERE)
    assert not is_small_talk(read_words("我该怎么准备面试？"), OF_ELSEWHERE)
    assert not is_small_talk(read_words("my model is overfitting"), OF_THE_FIELD)
