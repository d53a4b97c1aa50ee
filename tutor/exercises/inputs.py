"""Arguments as a case writes them -> values. Arrays are described, not listed: `{normal: [2, 3], seed: 1}`."""

from collections.abc import Callable
from typing import Any

import numpy as np

from tutor.errors import ExerciseError

Spec = dict[str, Any]


def build_value(form: Any) -> Any:
    """Plain values as they are; a mapping is one array (see _MAKERS) or `{record: {...}}`. Raises ExerciseError."""
    if isinstance(form, list):
        return [build_value(item) for item in form]
    if not isinstance(form, dict):
        return form
    if set(form) == {"record"}:
        return {key: build_value(item) for key, item in form["record"].items()}
    kinds = set(form) & set(_MAKERS)
    if len(kinds) != 1:
        raise ExerciseError("exercises.input_form", input=form, known=sorted([*_MAKERS, "record"]), found=sorted(form))
    kind = kinds.pop()
    try:
        array = _MAKERS[kind](form.get(kind), form)
        return array.astype(form["dtype"]) if "dtype" in form else array
    except (TypeError, ValueError, KeyError) as error:
        raise ExerciseError("exercises.no_array", input=form, reason=error) from error


def _random(form: Spec) -> np.random.Generator:
    return np.random.default_rng(form.get("seed", 0))


def _normal(shape: Any, form: Spec) -> np.ndarray:
    return np.asarray(_random(form).standard_normal(shape) * form.get("scale", 1.0) + form.get("shift", 0.0))


def _uniform(shape: Any, form: Spec) -> np.ndarray:
    return np.asarray(_random(form).uniform(form.get("low", 0.0), form.get("high", 1.0), shape))


def _integers(shape: Any, form: Spec) -> np.ndarray:
    return np.asarray(_random(form).integers(form.get("low", 0), form["high"], shape))


_MAKERS: dict[str, Callable[[Any, Spec], np.ndarray]] = {
    "array": lambda values, form: np.array(values, dtype=form.get("dtype")),
    "normal": _normal,
    "uniform": _uniform,
    "integers": _integers,
    "full": lambda shape, form: np.full(shape, form["value"], dtype=float),
    "arange": lambda stop, _form: np.arange(stop),
    "eye": lambda size, _form: np.eye(size),
    "lower_triangle": lambda size, _form: np.tril(np.ones((size, size), dtype=bool)),
}
