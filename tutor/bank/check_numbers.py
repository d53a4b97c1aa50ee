"""Worked numbers: each calculation can be computed, is placed in a text, and no text types what could be placed.

The worksheet has computed and placed them; this tells what it found.
"""

import re
from collections.abc import Iterable

from tutor.bank.bank_file import PlacedEntry
from tutor.bank.problems import Problem
from tutor.text.numbers import Number, find_numbers

_TELLING_DIGITS = 2  # a single digit is in every text


def check_calculations(placed: PlacedEntry) -> list[Problem]:
    """What the worksheet could not compute or place, calculations that no text uses, and typed results."""
    entry, sheet = placed.entry, placed.sheet
    if entry.kind == "calculation" and not sheet.forms:
        step = "Add `calculations:` with formula and values."
        return [placed.problem("kind", "a calculation without worked numbers", step)]
    problems = [placed.problem(slip.field, slip.problem, slip.next_step) for slip in sheet.slips]
    for number, name in enumerate(sheet.forms):
        if name not in sheet.used:
            step = f"Place it where it is told, {{{{calc:{name}|2|UNIT}}}}, or remove it."
            problems.append(placed.problem(f"calculations.{number}", f"no text uses `{name}`", step))
    return [*problems, *_typed_results(placed)]


def _typed_results(placed: PlacedEntry) -> Iterable[Problem]:
    sheet = placed.sheet
    inputs = [value for form in sheet.forms.values() for given in form.values.values() if (value := _number(given))]
    for field, text in sheet.typed.items():
        for number in find_numbers(text.replace("\\approx", " ").replace("{,}", ",")):
            if any(_is_told(number, value) for value in inputs):
                continue
            for name, result in sheet.results.items():
                if (number.unit != "%" or result.unit == "share") and _is_told(number, result.value):
                    told = f"`{number.text}` is the result of `{name}` and is typed"
                    step = f"Place it by code, say {{{{calc:{name}|{_decimals(number)}|{result.unit}}}}}."
                    yield placed.problem(field, told, step)


def _is_told(number: Number, value: float) -> bool:
    """Whether a number says `value` with all the digits it has, in any decimal multiple of a thousand ("1.6 TB" for 1600)."""
    mantissa = _mantissa(number)
    if len(mantissa.replace(".", "").strip("0")) < _TELLING_DIGITS:
        return False
    last_digit = number.value / float(mantissa) * 10.0 ** -_decimals(number)
    readings = (value * 1000.0**power for power in range(-3, 5))
    return any(abs(number.value - reading) <= 0.5000001 * last_digit for reading in readings)


def _mantissa(number: Number) -> str:
    found = re.match(r"[\d,]+(?:\.\d+)?", number.text)
    return found[0].replace(",", "") if found else "0"


def _decimals(number: Number) -> int:
    """Digits behind the point, as written."""
    return len(_mantissa(number).partition(".")[2])


def _number(given: float | str) -> float | None:
    try:
        return float(given)
    except ValueError:
        return None
