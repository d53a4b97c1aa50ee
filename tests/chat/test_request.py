"""How a learner wants an answer is read from the words, in both languages, and from nothing else."""

import pytest

from tutor.chat.request import read_comparison, read_request


@pytest.mark.parametrize(
    ("question", "core", "manner"),
    [
        ("用一句话解释 KV Cache", "KV Cache", "one sentence"),
        ("KV Cache 是什么？一句话", "KV Cache 是什么？", "one sentence"),
        ("What is LoRA, in one sentence?", "What is LoRA?", "one sentence"),
        ("通俗一点解释 LoRA", "LoRA", "simpler"),
        ("用大白话讲讲注意力机制", "注意力机制", "simpler"),
        ("explain LoRA like I'm new", "explain LoRA", "simpler"),
        ("What is RoPE in simple terms?", "What is RoPE?", "simpler"),
        ("结合例子说明 BM25", "BM25", "example"),
        ("give me an example of RRF", "RRF", "example"),
        ("How does RRF work? Give an example.", "How does RRF work?", "example"),
        ("请详细解释 Transformer 编码器的结构。", "Transformer 编码器的结构。", "detail"),
        ("Describe LangChain in detail", "Describe LangChain", "detail"),
    ],
)
def test_the_manner_is_read_and_leaves_the_topic(question: str, core: str, manner: str) -> None:
    request = read_request(question)
    assert (request.core, request.manner) == (core, manner)
    assert not request.is_bare


@pytest.mark.parametrize(
    "question",
    [
        *("举个例子", "一句话总结", "能再通俗一点吗？", "说简单点", "详细点", "再详细讲讲", "没看懂"),
        *("for example?", "Can you give me an example?", "explain it in simple terms", "more detail please", "ELI5"),
        *("explain it like I'm five", "I don't get it", "in one sentence please", "tl;dr"),
    ],
)
def test_a_bare_request_names_no_topic(question: str) -> None:
    assert read_request(question).is_bare


@pytest.mark.parametrize(
    "question",
    [
        "few-shot 例子的顺序重要吗",
        "模型一直重复同一句话怎么办？",
        "老板想用大白话查报表，Text-to-SQL 怎么落地？",
        "给几个例子它就会了，凭什么？",
        "How many tokens are in a sentence?",
        "Executives want to ask the database in plain language, how do you build that?",
        "What are adversarial examples?",
    ],
)
def test_words_that_only_look_like_a_request_are_left_alone(question: str) -> None:
    assert read_request(question).manner is None
    assert read_request(question).core == question


@pytest.mark.parametrize(
    ("question", "things"),
    [
        ("LoRA 和全量微调的区别", ("LoRA", "全量微调")),
        ("KV Cache 和 FlashAttention 有什么区别？", ("KV Cache", "FlashAttention")),
        ("对比一下 DPO 和 PPO", ("DPO", "PPO")),
        ("compare LoRA and full fine-tuning", ("LoRA", "full fine-tuning")),
        ("How do AWQ and GPTQ differ?", ("AWQ", "GPTQ")),
        ("How does layer norm differ from batch norm?", ("layer norm", "batch norm")),
        ("What is the difference between RAG and fine-tuning?", ("RAG", "fine-tuning")),
        ("DPO vs PPO", ("DPO", "PPO")),
    ],
)
def test_the_two_sides_of_a_comparison_are_read(question: str, things: tuple[str, str]) -> None:
    assert read_comparison(question) == things


@pytest.mark.parametrize("question", ["KV Cache 的原理是什么？", "How does LoRA work?", "和 MQA 比呢"])
def test_what_has_no_two_sides_is_no_comparison(question: str) -> None:
    assert read_comparison(question) is None
