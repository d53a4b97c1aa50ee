"""One parameter varied while the others stay: the points of a plot and of a table.

Knows no chart and no page.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from tutor.drills.formulas import Formula, compute, read_values
from tutor.drills.kinds import Kind
from tutor.errors import DrillError

_REACH = 8  # a plot goes from an eighth to eight times the value


@dataclass(frozen=True)
class Range:
    """Where a parameter runs, ends included."""

    low: float
    high: float
    whole: bool


def sweepable(formula: Formula) -> tuple[str, ...]:
    """Parameters that a plot may vary: single numbers that are more than a switch."""
    return tuple(
        name
        for name, kind in formula.parameters.items()
        if kind.form == "number" and not (kind.whole and kind.most <= 3)
    )


def sweep_range(kind: Kind, value: float) -> Range:
    """A range around `value` that the kind accepts."""
    least = (0.0 if kind.zero else 1.0) if kind.whole else value / _REACH
    low = max(value // _REACH, least) if kind.whole else value / _REACH
    high = min(max(value * _REACH, 16 if kind.whole else value), kind.most)
    if kind.signed or value <= 0:
        return Range(0, max(value, 16), kind.whole)
    return Range(low, high, kind.whole)


def sweep(
    formula: Formula, values: Mapping[str, object], parameter: str, reach: Range, count: int = 33
) -> list[tuple[float, float]]:
    """(value of the parameter, result) in rising order; points that the formula refuses are left out. Raises DrillError
    when the other values are wrong."""
    read_values(formula, {**values, parameter: values[parameter]})
    points = []
    for place in _places(reach, count):
        try:
            points.append((place, compute(formula.name, {**values, parameter: place}).value))
        except DrillError:
            continue
    return points


def doublings(
    formula: Formula, values: Mapping[str, object], parameter: str, value: float
) -> list[tuple[float, float]]:
    """The result at an eighth to eight times the value, in steps of two: what grows how becomes plain."""
    places = [value * 2.0**power for power in range(-3, 4)]
    whole = formula.parameters[parameter].whole
    points = []
    for place in places:
        if whole and place != int(place):
            continue
        try:
            points.append((place, compute(formula.name, {**values, parameter: place}).value))
        except DrillError:
            continue
    return points


def _places(reach: Range, count: int) -> list[float]:
    """Evenly spread, by factors where the range allows, so that a curve is smooth at its steep end."""
    if reach.low > 0:
        places = [reach.low * (reach.high / reach.low) ** (number / (count - 1)) for number in range(count)]
    else:
        places = [reach.high * number / (count - 1) for number in range(count)]
    places[-1] = reach.high
    return sorted({float(round(place)) for place in places}) if reach.whole else places
