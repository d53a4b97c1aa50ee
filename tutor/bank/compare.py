"""Cheap signs that a Chinese and an English text say the same: their size and their numbers.

Knows nothing of meaning: two texts that pass may still differ.
"""

import math
import re

from tutor.domain import Bilingual
from tutor.text.numbers import Number, find_numbers

_FORMULA = re.compile(r"\$\$.*?\$\$|\$[^$]*\$", re.DOTALL)
_COMMAND = re.compile(r"\\(?!times|cdot)[A-Za-z]+")
_DENOMINATOR = re.compile(r"(?<=\d)/\d[\d,]*(?![\d.,eE])")
_COUNTING = 12  # whole numbers up to here are as often written as words
_ONES = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]
_TENS = ["ten", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_WORDS = {
    "a": 1,
    "half": 0.5,
    "fifteen": 15,
    "sixteen": 16,
    **{word: 10 * tens for tens, word in enumerate(_TENS, start=1)},
    **{word: one for one, word in enumerate(_ONES, start=1)},
}
_SCALES = {"hundred": 1e2, "thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12}
_HAN_DIGITS = {digit: value for value, digit in enumerate("零一二三四五六七八九")} | {"两": 2}
_HAN_SCALES = {"十": 10, "百": 100, "千": 1000}
_HAN_SPELLED = re.compile(r"[一二两三四五六七八九十百千][零一二两三四五六七八九十百千]*[万亿]*")
_SPELLED = re.compile(rf"\b({'|'.join(_WORDS)})\b(?:[ -]({'|'.join(_SCALES)})\b)?", re.IGNORECASE)


def english_words(text: str) -> int:
    """Words of an English text; a formula counts as one, table and list marks as none."""
    return len(re.findall(r"[^\W_]\S*", _FORMULA.sub(" x ", text)))


def chinese_characters(text: str) -> int:
    """Characters of a Chinese text as editors count them: a Latin word, a number and a formula count as one."""
    plain = _FORMULA.sub(" x ", text)
    return len(re.findall(r"[\u4e00-\u9fff]", plain)) + len(re.findall(r"[A-Za-z0-9][A-Za-z0-9_.\-]*", plain))


def unmatched_numbers(text: Bilingual) -> tuple[list[str], list[str]]:
    """Numbers that only the Chinese text has and numbers that only the English text has, as written.

    Small counts, powers of ten up to 10,000 and denominators are left out, since they are often words in one of the two
    ("1/50", "a fiftieth").
    """
    zh, en = _numbers(text.zh), _numbers(text.en)
    return _only_in(zh, en + _spelled(text.en)), _only_in(en, zh + _spelled_in_chinese(text.zh))


def _numbers(text: str) -> list[Number]:
    return find_numbers(_COMMAND.sub(" ", _DENOMINATOR.sub(" ", text)))


def _spelled(text: str) -> list[Number]:
    return [
        Number(_WORDS[match[1].lower()] * _SCALES.get((match[2] or "").lower(), 1.0), "", match.group())
        for match in _SPELLED.finditer(text)
    ]


def _spelled_in_chinese(text: str) -> list[Number]:
    return [Number(_han_value(match.group()), "", match.group()) for match in _HAN_SPELLED.finditer(text)]


def _han_value(written: str) -> float:
    """ "三百二十" -> 320, "千亿" -> 1e11."""
    total, digit = 0, 0
    for sign in written.rstrip("万亿"):
        if sign in _HAN_SCALES:
            total += (digit or 1) * _HAN_SCALES[sign]
            digit = 0
        else:
            digit = _HAN_DIGITS[sign]
    ends = written[len(written.rstrip("万亿")) :]
    return float((total + digit) * 10_000 ** ends.count("万") * 100_000_000 ** ends.count("亿"))


def _only_in(numbers: list[Number], others: list[Number]) -> list[str]:
    return [
        number.text for number in numbers if _matters(number) and not any(_is_same(number, other) for other in others)
    ]


def _is_same(one: Number, other: Number) -> bool:
    """Equal with their units, or as written where one of the two has none ("60 to 80%"): 70 亿 is not 70 billion."""
    if math.isclose(one.value, other.value, rel_tol=1e-9):
        return True
    bare_one, bare_other = _bare(one), _bare(other)
    has_no_unit = one.value == bare_one or other.value == bare_other
    return has_no_unit and math.isclose(bare_one, bare_other, rel_tol=1e-9)


def _matters(number: Number) -> bool:
    bare = number.value == int(number.value) and number.unit == ""
    return not (bare and (number.value <= _COUNTING or number.value in (1e2, 1e3, 1e4)))


def _bare(number: Number) -> float:
    """The number as written, without its unit."""
    written = re.match(r"\d[\d,.]*", number.text)
    return float(written[0].replace(",", "").rstrip(".")) if written else number.value
