"""What a formula accepts for a parameter: the kinds of values, and reading one from what a bank file or a learner gives.

Knows values only, no formula.
"""

import math
import re
from dataclasses import dataclass
from typing import Annotated, Literal

from tutor.drills.parameter_names import load_parameters
from tutor.drills.reading import read_answer
from tutor.drills.units import Quantity, measure
from tutor.errors import DrillError
from tutor.messages import Message

Value = float | str | tuple[float, ...] | tuple[tuple[float, ...], ...] | tuple[str, ...]
_FLAGS = {"true": 1, "yes": 1, "是": 1, "false": 0, "no": 0, "否": 0}
_GAPS = re.compile(r"[,，、\s]+")


@dataclass(frozen=True)
class Kind:
    """A range of numbers; `whole` leaves no fractions, `zero` lets 0 in, `signed` anything finite.

    `form`: one number, numbers ("2, 1, 0.5"), rows of numbers ("1 0; 0 1"), or words.
    """

    words: Message  # "a number above 0"
    whole: bool = False
    zero: bool = False
    most: float = math.inf
    signed: bool = False
    form: Literal["number", "numbers", "rows", "words"] = "number"

    def accepts(self, value: float) -> bool:
        enough = self.signed or (value >= 0 if self.zero else value > 0)
        return math.isfinite(value) and enough and value <= self.most and (not self.whole or value == int(value))


# For annotations of formulas: what the parameter accepts is said once, where it is declared.
Positive = Annotated[float, Kind(Message("drills.above_0"))]
NotNegative = Annotated[float, Kind(Message("drills.from_0"), zero=True)]
Share = Annotated[float, Kind(Message("drills.share"), most=1)]
Fraction = Annotated[float, Kind(Message("drills.share_or_0"), zero=True, most=1)]
Count = Annotated[int, Kind(Message("drills.count"), whole=True)]
CountOrZero = Annotated[int, Kind(Message("drills.count_or_0"), whole=True, zero=True)]
Flag = Annotated[bool, Kind(Message("drills.flag"), whole=True, zero=True, most=1)]
Stage = Annotated[int, Kind(Message("drills.stage"), whole=True, zero=True, most=3)]
Numbers = Annotated[tuple[float, ...], Kind(Message("drills.numbers"), signed=True, form="numbers")]
Shares = Annotated[tuple[float, ...], Kind(Message("drills.shares"), most=1, form="numbers")]
Counts = Annotated[tuple[float, ...], Kind(Message("drills.counts"), whole=True, zero=True, form="numbers")]
Ranks = Annotated[tuple[float, ...], Kind(Message("drills.ranks"), whole=True, form="numbers")]
Rows = Annotated[tuple[tuple[float, ...], ...], Kind(Message("drills.rows"), signed=True, form="rows")]
Words = Annotated[tuple[str, ...], Kind(Message("drills.words"), form="words")]


def read_value(formula: str, parameter: str, kind: Kind, value: object) -> Value:
    """`value` as this kind has it ("1e9", "7B" and "40%" are numbers); raises DrillError otherwise."""
    read = _read(kind, value)
    if read is None:
        label = load_parameters()[parameter].label
        raise DrillError(
            "drills.value", formula=formula, parameter=parameter, label=label, expected=kind.words, found=value
        )
    return read


def _read(kind: Kind, value: object) -> Value | None:
    if kind.form == "number":
        return _number(kind, value)
    if kind.form == "words":
        return tuple(map(str, value)) if isinstance(value, list | tuple) else tuple(str(value).split()) or None
    if kind.form == "numbers":
        return _numbers(kind, value)
    rows = [
        _numbers(kind, row) for row in (value if isinstance(value, list | tuple) else re.split("[;；]", str(value)))
    ]
    if None in rows or len({len(row) for row in rows if row}) != 1:
        return None
    return tuple(row for row in rows if row)


def _numbers(kind: Kind, value: object) -> tuple[float, ...] | None:
    items = value if isinstance(value, list | tuple) else [item for item in _GAPS.split(str(value)) if item]
    numbers = [_number(kind, item) for item in items]
    return tuple(number for number in numbers if number is not None) if numbers and None not in numbers else None


def _number(kind: Kind, value: object) -> float | None:
    number = _as_float(value)
    if number is None or not kind.accepts(number):
        return None
    return int(number) if kind.whole else number


def _as_float(value: object) -> float | None:
    if isinstance(value, int | float):
        return float(value)
    text = str(value).strip()
    if text.lower() in _FLAGS:
        return float(_FLAGS[text.lower()])
    try:
        return float(text)
    except ValueError:
        return _as_written(text)


def _as_written(text: str) -> float | None:
    """As an answer to a drill is read: 7b, 70亿, 1/8, 40% and, for memory, 80 GB; nothing of another measure."""
    read = read_answer(text, "number")
    return (
        read.base_value if isinstance(read, Quantity) and measure(read.unit) in ("number", "share", "memory") else None
    )
