"""Reading an attempt: cleaned for grading, but always quotable from what the learner really wrote."""

import time

import pytest

from tutor.text.spans import MAX_CHARACTERS, clean_with_origins, split_clauses, split_spans


def test_invisible_characters_are_dropped_and_quotes_still_come_from_the_original() -> None:
    original = "The soft\u200bmax satu\u00adrates\ufeff. ＫＶ cache\U000e0041 helps."
    attempt = clean_with_origins(original)
    assert attempt.text == "The softmax saturates. KV cache helps."
    for span in split_spans(attempt):
        assert attempt.text[span.start : span.end] == span.text
        assert attempt.quote(span.start, span.end) in original
    assert attempt.quote(0, len("The softmax")) == "The soft\u200bmax"


def test_superscripts_and_chinese_punctuation_keep_their_meaning() -> None:
    assert clean_with_origins("显存是 O(N²)，即 10²³；对吗？").text == "显存是 O(N²)，即 10²³；对吗？"


def test_one_character_that_becomes_several_is_quoted_whole() -> None:
    attempt = clean_with_origins("约 5㎏ 重")
    assert attempt.text == "约 5kg 重"
    start = attempt.text.index("kg")
    assert attempt.quote(start, start + 1) == "㎏"


@pytest.mark.parametrize("original", ["", "   ", "\u200b\u200d\ufeff", "\n\r\n"])
def test_nothing_to_read_gives_no_spans(original: str) -> None:
    assert split_spans(clean_with_origins(original)) == []


@pytest.mark.parametrize("unit", ["字", "word ", "a,", "\n", "“", "(", "并且", "忽略", "\u200b", "1、", "$"])
def test_a_very_long_attempt_is_read_in_bounded_time(unit: str) -> None:
    started = time.monotonic()
    attempt = clean_with_origins(unit * 40_000)
    spans = split_spans(attempt)
    assert time.monotonic() - started < 5
    assert all(len(span.text) <= 400 for span in spans)
    assert len(attempt.text) <= MAX_CHARACTERS


def test_every_span_of_a_long_unpunctuated_text_is_a_real_stretch_of_it() -> None:
    attempt = clean_with_origins("the cache stores keys and values " * 60)
    spans = split_spans(attempt)
    assert len(spans) > 3
    assert all(attempt.text[span.start : span.end] == span.text for span in spans)
    assert "".join("".join(span.text.split()) for span in spans) == "".join(attempt.text.split())


def test_clauses_cover_the_sentence_and_short_ones_are_joined() -> None:
    [span] = split_spans(clean_with_origins("维度大，点积的方差就大，softmax 会饱和，梯度没了"))
    clauses = split_clauses(span)
    assert [clause.text for clause in clauses] == ["维度大，点积的方差就大，", "softmax 会饱和，梯度没了"]


@pytest.mark.parametrize(
    ("original", "said"),
    [
        ("嗯，我觉得，它省显存。", "它省显存。"),
        ("Well, I think, it saves memory.", "it saves memory."),
        ("那个……其实，它省显存。", "它省显存。"),
        ("Solid answers win.", "Solid answers win."),
        ("其实验结果很好。", "其实验结果很好。"),
        ("Well, ", "Well,"),
        ("It saves memory. That's about it.", "It saves memory."),
        ("它省显存。大概就是这样。", "它省显存。"),
        ("就这样。", "就这样。"),
    ],
)
def test_sounds_at_the_beginning_and_the_end_belong_to_no_sentence(original: str, said: str) -> None:
    attempt = clean_with_origins(original)
    [span] = split_spans(attempt)
    assert span.text == said
    assert attempt.text[span.start : span.end] == said
