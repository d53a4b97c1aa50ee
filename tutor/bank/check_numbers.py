"""Worked numbers: each calculation is computed again and must stand in the answer.

Knows no formula: they come in as a function, so that the bank does not depend on the drills.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Protocol

from tutor.bank.problems import Problem
from tutor.bank.written import WrittenEntry
from tutor.domain import LANGUAGES, Calculation
from tutor.errors import TutorError
from tutor.text.numbers import find_numbers

_ROUNDED = 5e-4  # results are kept with four significant digits
_TOLD = 0.02  # "about 39 days" for 38.95


class Computed(Protocol):
    """A number with its unit."""

    @property
    def value(self) -> float: ...

    @property
    def unit(self) -> str: ...


Compute = Callable[[str, Mapping[str, float | str]], Computed]


def check_calculations(written: WrittenEntry, compute: Compute) -> list[Problem]:
    """Results that differ from the formula's, wrong units, unknown formulas, and numbers the answers do not show.

    `compute` takes a formula's name and values; it raises a TutorError that names what is wrong with them.
    """
    entry = written.entry
    if entry.kind == "calculation" and not entry.calculations:
        step = "Add `calculations:` with formula, values, result and unit."
        return [written.problem("kind", "a calculation without worked numbers", step)]
    problems: list[Problem] = []
    for number, calculation in enumerate(entry.calculations):
        field = f"calculations.{number}"
        try:
            computed = compute(calculation.formula, calculation.values)
        except TutorError as error:
            problems.append(written.problem(field, str(error), "See tutor/drills/formulas.py."))
            continue
        problems += _compare(written, field, calculation, computed)
    return problems


def _compare(written: WrittenEntry, field: str, calculation: Calculation, computed: Computed) -> Iterable[Problem]:
    if calculation.unit != computed.unit:
        told = f"expected {computed.unit}, found {calculation.unit}"
        yield written.problem(f"{field}.unit", told, "Use the unit of the formula.")
        return
    if abs(calculation.result - computed.value) > _ROUNDED * abs(computed.value):
        told = f"the formula gives {computed.value:.4g} {computed.unit}, found {calculation.result:g}"
        yield written.problem(f"{field}.result", told, "Correct the values, or the result and the texts that use it.")
        return
    for language in LANGUAGES:
        if not _is_told(computed.value, written.entry.answer.in_language(language)):
            told = f"the result {calculation.result:g} {calculation.unit} of `{calculation.id}` is not in this answer"
            yield written.problem(f"answer.{language}", told, "Say the number, or remove the calculation.")


def _is_told(value: float, text: str) -> bool:
    """Whether a number of the text is `value`, in any decimal multiple of a thousand ("1.6 TB" for 1600 GB)."""
    told = [number.value for number in find_numbers(text.replace("\\approx", " ").replace("{,}", ","))]
    readings = [value * 1000.0**power for power in range(-3, 5)]
    return any(abs(number - reading) <= _TOLD * reading for number in told for reading in readings)
