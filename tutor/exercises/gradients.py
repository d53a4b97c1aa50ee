"""Gradient check: central differences of the learner's own value, against the gradient it returned."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from tutor.domain import Bilingual
from tutor.exercises.compare import Tolerance, find_difference, is_number
from tutor.exercises.sandbox import Answer, Call
from tutor.exercises.schema import Gradient

# Central differences in float64 with a step of 1e-5 are good to about 1e-9; a wrong factor is off by far more.
LARGEST = 1e100
CLOSE = Tolerance(rtol=1e-4, atol=1e-6)


def gradient_calls(arguments: list[Any], check: Gradient) -> list[Call]:
    """Two calls per element of the argument, a step up and a step down."""
    return [Call([*arguments[: check.wrt], moved, *arguments[check.wrt + 1 :]]) for moved in _steps(arguments, check)]


def gradient_difference(check: Gradient, calls: list[Call], answers: list[Answer | None]) -> Bilingual | None:
    """Where the returned gradient differs from the slope of the returned value, or None. The first call is the base."""
    values = [_part(answer, check.value) for answer in answers[1:]]
    numbers = [np.asarray(value, dtype=float) for value in values if is_number(value) and abs(value) < LARGEST]
    if len(numbers) < len(values):
        return Bilingual("梯度检验时没有得到标量", "no scalar came back during the gradient check")
    slopes = (np.array(numbers[0::2]) - np.array(numbers[1::2])) / (2 * check.step)
    expected = slopes.reshape(np.shape(calls[0].arguments[check.wrt]))
    difference = find_difference(_part(answers[0], check.gradient), expected, CLOSE)
    if difference is None:
        return None
    return Bilingual(
        f"梯度与数值差分不符：{difference.zh}", f"the gradient differs from finite differences: {difference.en}"
    )


def _steps(arguments: list[Any], check: Gradient) -> Iterator[np.ndarray]:
    base = np.asarray(arguments[check.wrt], dtype=float)
    for place in np.ndindex(base.shape):
        for sign in (1, -1):
            moved = base.copy()
            moved[place] += sign * check.step
            yield moved


def _part(answer: Answer | None, position: int) -> Any:
    value = answer.value if answer else None
    return value[position] if isinstance(value, list) and position < len(value) else None
