"""Answers are read strictly in what they mean and kindly in how they are written."""

import random
from typing import get_args

import pytest

from tutor.drills.reading import Doubt, read_answer
from tutor.drills.units import Measure, Quantity, measure

READABLE = [
    ("4.3 GB", "GB", 4.3, "GB"),
    ("4GiB", "GB", 4, "GiB"),
    ("4 gb", "GB", 4, "GB"),
    ("4 Gbit", "GB", 4, "Gbit"),
    ("80G", "GB", 80, "GB"),
    ("4,300 MB", "GB", 4300, "MB"),
    ("4294967296 B", "GB", 4294967296, "B"),
    ("4294967296 字节", "GB", 4294967296, "B"),
    ("１２ GB", "GB", 12, "GB"),
    ("大约 4.29GB 左右", "GB", 4.29, "GB"),
    ("about 4.3 GB", "GB", 4.3, "GB"),
    ("-4 GB", "GB", -4, "GB"),
    ("约40天", "days", 40, "days"),
    ("四十天", "days", 40, "days"),
    ("Approximately 39 days.", "days", 39, "days"),
    ("答案是 39 天。", "days", 39, "days"),
    ("1.3个月", "days", 1.3, "months"),
    ("935 小时", "days", 935, "h"),
    ("6.9毫秒", "ms", 6.9, "ms"),
    ("6.9 ms", "ms", 6.9, "ms"),
    ("1.2e23 FLOPs", "FLOP", 1.2e23, "FLOP"),
    ("1.2×10^23", "FLOP", 1.2e23, "FLOP"),
    ("3.15x10²³ FLOPs", "FLOP", 3.15e23, "FLOP"),
    (r"1.2\times10^{23} FLOP", "FLOP", 1.2e23, "FLOP"),
    ("315 ZFLOPs", "FLOP", 315, "ZFLOP"),
    ("1.2e23 FLOP/s", "FLOP", 1.2e23, "FLOP/s"),
    ("350亿参数", "parameters", 3.5e10, "parameters"),
    ("三百五十亿", "parameters", 3.5e10, "parameters"),
    ("一点五亿个参数", "parameters", 1.5e8, "parameters"),
    ("3千万", "parameters", 3e7, "parameters"),
    ("35B", "parameters", 3.5e10, "parameters"),
    ("7 billion parameters", "parameters", 7e9, "parameters"),
    ("1.4 万亿 tokens", "tokens", 1.4e12, "tokens"),
    ("146 tokens/s", "tokens/s", 146, "tokens/s"),
    ("146 tok/s", "tokens/s", 146, "tokens/s"),
    ("295 条", "sequences", 295, "sequences"),
    ("295", "sequences", 295, "sequences"),
    ("$0.46", "USD", 0.46, "USD"),
    ("0.46 美元", "USD", 0.46, "USD"),
    ("18%", "share", 18, "percent"),
    ("0.18", "share", 0.18, "share"),
    ("5/6", "share", 5 / 6, "share"),
    ("-0.3", "number", -0.3, "number"),
    ("0.1 rad", "rad", 0.1, "rad"),
    ("5.73°", "rad", 5.73, "degrees"),
]
UNREADABLE = [
    ("", "GB", "No answer yet", "还没有答案"),
    ("4.3", "GB", "a unit after the number", "数后面要有单位"),
    ("many GB", "GB", "one number with its unit", "一个数加单位"),
    ("2-3 GB", "GB", "one number with its unit", "一个数加单位"),
    ("4.3 GB = 4 GiB", "GB", "one number with its unit", "一个数加单位"),
    ("4 furlongs", "GB", "4.3 GB", "4.3 GB"),
    ("1,5 GB", "GB", "one number", "一个数"),
    ("40", "days", "40 days", "40 days"),
    ("高", "share", "expected one number, such as 0.18", "要一个数"),
    ("1×10^400 GB", "GB", "one number", "一个数"),
    ("9" * 400 + " GB", "GB", "one number", "一个数"),
    ("1/0", "share", "one number", "一个数"),
]


@pytest.mark.parametrize(("text", "unit", "value", "read_unit"), READABLE, ids=[row[0] for row in READABLE])
def test_an_answer_is_read(text: str, unit: str, value: float, read_unit: str) -> None:
    read = read_answer(text, unit)
    assert read == Quantity(pytest.approx(value), read_unit)


@pytest.mark.parametrize(("text", "unit", "en", "zh"), UNREADABLE, ids=[row[0] for row in UNREADABLE])
def test_what_cannot_be_read_is_told_with_an_example(text: str, unit: str, en: str, zh: str) -> None:
    doubt = read_answer(text, unit)
    assert isinstance(doubt, Doubt)
    assert en in doubt.told.in_language("en")
    assert zh in doubt.told.in_language("zh")


UNITS = (
    "B",
    "s",
    "FLOP",
    "FLOP/s",
    "B/s",
    "parameters",
    "tokens",
    "tokens/s",
    "sequences",
    "USD",
    "share",
    "number",
    "rad",
)


def test_every_measure_has_an_example() -> None:
    assert {measure(unit) for unit in UNITS} == set(get_args(Measure))
    assert all(isinstance(read_answer("?", unit), Doubt) for unit in UNITS)


def test_nothing_that_can_be_typed_breaks_the_reading() -> None:
    """Seeded noise of the signs that answers are made of."""
    rng = random.Random(3)
    signs = ["4", "0.5", ",", ".", "×", "10^", "e", "亿", "万", "点", "十", "约", "GB", "GiB", "/s", "%", "$", "-", "/", " ", "{", "}", "²", "天"]  # fmt: skip
    for _ in range(2000):
        text = "".join(rng.choices(signs, k=rng.randint(0, 7)))
        for unit in ("GB", "days", "share", "FLOP"):
            assert isinstance(read_answer(text, unit), Quantity | Doubt), text
