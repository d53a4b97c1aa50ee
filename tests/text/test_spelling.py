"""What reads the same has one spelling; what means something else keeps another."""

import pytest

from tutor.text.spelling import one_spelling
from tutor.text.terms import character_grams, terms


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("10²", "102"),
        ("10⁻³", "10-3"),
        ("x²", "x2"),
        ("2¹⁰", "210"),
        ("A B", "AB"),
        ("1.5", "15"),
        ("KV cache", "kv cache"),
        ("有?", "有"),
    ],
)
def test_texts_that_mean_different_things_stay_apart(one: str, other: str) -> None:
    assert one_spelling(one) != one_spelling(other)


@pytest.mark.parametrize(
    ("typed", "spelling"),
    [
        ("  two\r\n words\t", "two words"),
        ("ＧＰＴ－４　１０％", "GPT-4 10%"),
        ("ｶﾅ", "カナ"),
        ("e\u0301te\u0301", "été"),
        ("\ufeff注\u200b意\u200d力\u00ad", "注意力"),
        ("10²·10⁻³", "10²·10⁻³"),
        ("a\0b\x07c", "a b c"),
        ("lone \ud800", "lone ?"),
        (" \u200b\n", ""),
        ("", ""),
    ],
)
def test_a_text_is_written_in_one_line_without_what_nobody_sees(typed: str, spelling: str) -> None:
    assert one_spelling(typed) == spelling
    assert one_spelling(spelling) == spelling


def test_a_huge_text_takes_a_moment() -> None:
    assert len(one_spelling("注意力 ｘ２\r\n" * 100_000)) == len("注意力 x2 ") * 100_000 - 1


def test_words_are_found_through_invisible_characters() -> None:
    assert terms("什\u200b么是投\u200b机解\u200d码") == terms("什么是投机解码")
    assert character_grams("atten\u00adtion") == character_grams("attention")
