"""Words are compared without marks, and found where they stand in a row."""

import pytest

from tutor.evaluation.reading.words import Words, words_of


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("**LoRA** and `lora`", ["lora", "and", "lora"]),
        ("10^{23} 个 Token", ["10", "23", "个", "token"]),
        ("x² and x_2", ["x", "2", "and", "x", "2"]),
        ("see https://example.org/a?b=c for more", ["see", "for", "more"]),
        ("&lt;pad&gt; self-attention", ["pad", "self", "attention"]),
        ("ｋｖ　缓存", ["kv", "缓", "存"]),
    ],
)
def test_marks_case_widths_and_addresses_do_not_count(text: str, words: list[str]) -> None:
    assert words_of(text) == words


def lost(source: str, output: str) -> list[str]:
    words = words_of(source)
    return [words[number] for number in Words(output).missing(words)]


def test_what_stands_elsewhere_in_long_runs_is_there() -> None:
    assert lost("first the query then the key", "then the key. Before that: first the query") == []


def test_a_word_between_others_is_missed() -> None:
    assert lost("the rank is eight in the end", "the rank is in the end") == ["eight"]


def test_a_short_word_far_away_does_not_stand_for_a_lost_one() -> None:
    filler = "many other words follow here " * 100
    assert lost("alpha beta", f"gamma {filler} alpha") == ["alpha", "beta"]


def test_glued_scripts_are_losses() -> None:
    assert lost("it took 10 23 FLOPs with d k of 64", "it took 1023 FLOPs with dk of 64") == ["10", "23", "d", "k"]


def test_words_cut_by_a_line_end_are_there() -> None:
    assert lost("the gen eralization gap of the 2 nd run", "the generalization gap of the 2nd run") == []
