"""What a formula accepts for a parameter: the kinds of numbers, and reading one from what a bank file or a learner gives.

Knows numbers only, no formula.
"""

import math
from dataclasses import dataclass
from typing import Annotated

from tutor.errors import DrillError


@dataclass(frozen=True)
class Kind:
    """A range of numbers; `whole` leaves no fractions, `zero` lets 0 in."""

    words: str  # "a number above 0"
    whole: bool = False
    zero: bool = False
    most: float = math.inf

    def accepts(self, value: float) -> bool:
        enough = value >= 0 if self.zero else value > 0
        return math.isfinite(value) and enough and value <= self.most and (not self.whole or value == int(value))


# For annotations of formulas: what the parameter accepts is said once, where it is declared.
Positive = Annotated[float, Kind("a number above 0")]
NotNegative = Annotated[float, Kind("0 or more", zero=True)]
Share = Annotated[float, Kind("a share above 0, at most 1", most=1)]
Count = Annotated[int, Kind("a whole number above 0", whole=True)]
CountOrZero = Annotated[int, Kind("a whole number, 0 or more", whole=True, zero=True)]
Flag = Annotated[bool, Kind("true or false (1 or 0)", whole=True, zero=True, most=1)]
Stage = Annotated[int, Kind("0, 1, 2 or 3", whole=True, zero=True, most=3)]


def read_number(formula: str, parameter: str, kind: Kind, value: float | str) -> float:
    """`value` as a number of this kind ("1e9" is one, which YAML reads as text); raises DrillError otherwise."""
    try:
        number = float(value)
    except (TypeError, ValueError):
        number = math.nan
    if not kind.accepts(number):
        raise DrillError(
            f"Formula `{formula}`, parameter `{parameter}`: expected {kind.words}, found {value!r}. Correct the value."
        )
    return int(number) if kind.whole else number
