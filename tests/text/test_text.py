"""Sentences of behaviour for the text functions that everything else stands on."""

import pytest

from tutor.text.language import detect_language
from tutor.text.numbers import find_numbers
from tutor.text.sentences import split_sentences
from tutor.text.terms import character_grams, terms
from tutor.text.tokens import estimate_tokens


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("KV Cache 的原理是什么？", "zh"),
        ("How does the KV cache work?", "en"),
        ("LoRA 和 QLoRA 有啥区别", "zh"),
        ("What does 注意力 mean in the paper Attention Is All You Need?", "en"),
        ("", "en"),
        ("12345", "en"),
    ],
)
def test_language_is_that_of_the_sentence_not_of_its_terms(text: str, language: str) -> None:
    assert detect_language(text) == language


def test_sentences_are_substrings_and_keep_decimals_and_abbreviations_whole() -> None:
    text = "It needs 4.29 GB, e.g. for Llama. See Fig. 2! 为什么？因为 softmax 会饱和。"
    sentences = split_sentences(text)
    assert sentences == ["It needs 4.29 GB, e.g. for Llama.", "See Fig. 2!", "为什么？", "因为 softmax 会饱和。"]
    assert all(sentence in text for sentence in sentences)


def test_code_and_display_formulas_are_never_cut() -> None:
    text = "Look:\n```python\na = 1.\nb = 2\n```\nand\n$$x = 1.\ny$$\ndone."
    assert "```python\na = 1.\nb = 2\n```" in split_sentences(text)
    assert "$$x = 1.\ny$$" in split_sentences(text)


def test_terms_join_languages_and_spellings() -> None:
    assert "注意力" in terms("多头注意力机制")
    assert {"kv-cache", "kv", "cache"} <= set(terms("What is a KV-Cache?"))
    assert terms("the gradients of losses")[0] == "gradient"
    assert terms("这个是什么？") == []


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("about 4.29 GB", 4.29e9, "byte"),
        ("2 GiB", 2**31, "byte"),
        ("175B parameters", 175e9, ""),
        ("训练 3000 亿 token", 3e11, ""),
        ("3.15×10²³ FLOPs", 3.15e23, ""),
        (r"$3.15 \times 10^{23}$", 3.15e23, ""),
        ("1.2e23", 1.2e23, ""),
        ("1,024 tokens", 1024, ""),
        ("saves 90%", 0.9, "%"),
        ("万亿 2 万亿", 2e12, ""),
    ],
)
def test_numbers_are_read_in_base_units(text: str, value: float, unit: str) -> None:
    numbers = find_numbers(text)
    assert len(numbers) == 1
    assert numbers[0].value == pytest.approx(value)
    assert numbers[0].unit == unit


def test_digits_inside_names_are_no_numbers() -> None:
    assert find_numbers("GPT-3 on an H100 with int8, Llama2") == []


@pytest.mark.parametrize(
    ("text", "values", "unit"),
    [
        ("高达45TB的文本", [45e12], "byte"),
        ("可减少90%以上", [0.9], "%"),
        ("浪费了60%-80%的显存", [0.6, 0.8], "%"),
        ("共80层", [80.0], ""),
    ],
)
def test_numbers_stand_next_to_chinese_without_a_space(text: str, values: list[float], unit: str) -> None:
    numbers = find_numbers(text)
    assert [number.value for number in numbers] == pytest.approx(values)
    assert {number.unit for number in numbers} == {unit}


def test_numbers_too_large_for_a_float_are_no_numbers() -> None:
    assert find_numbers("1e999, 1.5 × 10^400, " + "9" * 400) == []
    assert [number.value for number in find_numbers("1e999 or 1e300")] == [1e300]
    assert find_numbers("1e-999")[0].value == 0


def test_token_estimate_grows_with_text_in_both_languages() -> None:
    assert 5 <= estimate_tokens("自注意力的复杂度") <= 10
    assert 8 <= estimate_tokens("Self-attention costs quadratic time in length.") <= 14
    assert estimate_tokens("") == 0


def test_pieces_of_words_overlap_and_never_cross_words_or_scripts() -> None:
    assert character_grams("KV 缓存") == ["^kv", "kv$", "^kv$", "缓", "存", "缓存"]
    assert character_grams("a b，中。文") == ["^a$", "^b$", "中", "文"]
    assert set(character_grams("attention")) & set(character_grams("atention")) >= {"^at", "tent", "ion$"}
    assert character_grams("！？ …") == []
