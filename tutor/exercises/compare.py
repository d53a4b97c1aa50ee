"""Is a returned value the expected one? If not, where and how does it differ, in words."""

from dataclasses import dataclass
from itertools import islice
from typing import Any

import numpy as np

from tutor.domain import Bilingual
from tutor.exercises.child.wire import NUMERIC_KINDS

SHOWN_CHARACTERS = 160
SHOWN_ELEMENTS = 12


@dataclass(frozen=True)
class Tolerance:
    """|found - expected| <= atol + rtol * |expected|."""

    rtol: float = 1e-6
    atol: float = 1e-8
    same_dtype: bool = False


def find_difference(found: Any, expected: Any, tolerance: Tolerance, path: str = "") -> Bilingual | None:
    """The first difference, or None. A list stands for a tuple; a scalar for an array without axes."""
    if isinstance(expected, np.ndarray) or is_number(expected):
        return _compare_numbers(found, expected, tolerance, path)
    if isinstance(expected, list | tuple):
        return _compare_sequences(found, expected, tolerance, path)
    if isinstance(expected, dict):
        return _compare_records(found, expected, tolerance, path)
    if type(found) is type(expected) and found == expected:
        return None
    return _told(path, describe_value(expected), describe_value(found))


def describe_value(value: Any) -> str:
    """A value in one short line: small arrays in full, large ones by dtype and shape."""
    if isinstance(value, np.ndarray):
        head = f"{value.dtype} {value.shape}"
        if value.size > SHOWN_ELEMENTS:
            return f"array {head}"
        return f"array {head} {np.array2string(value, precision=6, separator=', ').replace(chr(10), '')}"
    if isinstance(value, list | tuple):
        return _short(f"[{', '.join(map(describe_value, value[: SHOWN_ELEMENTS + 1]))}]")
    if isinstance(value, dict):
        shown = islice(value.items(), SHOWN_ELEMENTS + 1)
        return _short("{" + ", ".join(f"{key!r}: {describe_value(item)}" for key, item in shown) + "}")
    return _short(_number_text(value) if is_number(value) else repr(value))


def _compare_numbers(found: Any, expected: Any, tolerance: Tolerance, path: str) -> Bilingual | None:
    wants_array = isinstance(expected, np.ndarray) and expected.ndim > 0
    if not isinstance(found, np.ndarray) and (wants_array or not is_number(found)):
        return _told(path, describe_value(expected), describe_value(found))
    left, right = np.asarray(found), np.asarray(expected)
    if left.dtype.kind not in NUMERIC_KINDS:  # an integer beyond 64 bits
        return _told(path, describe_value(expected), describe_value(found))
    if left.shape != right.shape:
        return _told(path, f"shape {right.shape}", f"shape {left.shape}")
    if tolerance.same_dtype and left.dtype != right.dtype:
        return _told(path, f"dtype {right.dtype}", f"dtype {left.dtype}")
    close = np.isclose(left, right, tolerance.rtol, tolerance.atol, equal_nan=True)
    if close.all():
        return None
    where = tuple(int(axis) for axis in np.argwhere(~close)[0])
    place = f"{path}[{', '.join(map(str, where))}]" if where else path
    return _told(place, _number_text(right[where].item()), _number_text(left[where].item()))


def _compare_sequences(found: Any, expected: Any, tolerance: Tolerance, path: str) -> Bilingual | None:
    if isinstance(found, np.ndarray) and found.ndim > 0:
        found = found.tolist() if found.ndim == 1 else list(found)
    if not isinstance(found, list | tuple):
        return _told(path, describe_value(list(expected)), describe_value(found))
    if len(found) != len(expected):
        return Bilingual(
            f"{_at(path).zh}应有 {len(expected)} 项，得到 {len(found)} 项：{describe_value(found)}",
            f"{_at(path).en}expected {len(expected)} items, found {len(found)}: {describe_value(found)}",
        )
    for number, (left, right) in enumerate(zip(found, expected, strict=True)):
        if difference := find_difference(left, right, tolerance, f"{path}[{number}]"):
            return difference
    return None


def _compare_records(found: Any, expected: dict[Any, Any], tolerance: Tolerance, path: str) -> Bilingual | None:
    if not isinstance(found, dict) or set(found) != set(expected):
        keys = describe_value(list(found)) if isinstance(found, dict) else describe_value(found)
        return _told(path, f"keys {describe_value(list(expected))}", keys)
    for key, right in expected.items():
        if difference := find_difference(found[key], right, tolerance, f"{path}[{key!r}]"):
            return difference
    return None


def is_number(value: Any) -> bool:
    """A plain number, or an array without axes."""
    return isinstance(value, bool | int | float) or (isinstance(value, np.ndarray) and value.ndim == 0)


def _number_text(value: Any) -> str:
    return f"{value:.8g}" if isinstance(value, float) else repr(value)[:SHOWN_CHARACTERS]


def _at(path: str) -> Bilingual:
    return Bilingual(f"`result{path}`：", f"`result{path}`: ") if path else Bilingual("", "")


def _told(path: str, expected: str, found: str) -> Bilingual:
    return Bilingual(
        f"{_at(path).zh}应为 {expected}，得到 {found}", f"{_at(path).en}expected {expected}, found {found}"
    )


def _short(text: str) -> str:
    return text if len(text) <= SHOWN_CHARACTERS else text[: SHOWN_CHARACTERS - 1] + "…"
