"""Values across the pipe: what goes in comes out, and nothing malformed gets past."""

from typing import Any

import numpy as np
import pytest

from tutor.exercises.child.wire import decode, encode
from tutor.exercises.compare import Tolerance, describe_value, find_difference

EXACT = Tolerance(0, 0, same_dtype=True)
BOMB: Any = []
for _ in range(50):
    BOMB = [BOMB]


@pytest.mark.parametrize(
    "value",
    [
        None, True, 3, 2.5, float("inf"), "é\ud800", [1, [2, "x"]], {"a": [1], 2: None, (1, 2): "pair"},
        np.arange(6, dtype=np.int8).reshape(2, 3), np.array(2.5), np.zeros((0, 4)), np.array([True, False]),
        np.array([1, 2], dtype=">i4"), np.array([[0.5]], dtype=np.float16), np.arange(8)[::2],
    ],
    ids=lambda value: type(value).__name__,
)  # fmt: skip
def test_a_value_comes_back_as_it_went(value: Any) -> None:
    assert find_difference(decode(encode(value)), value, Tolerance(0, 0)) is None


def test_a_tuple_comes_back_as_a_list_and_a_numpy_number_as_a_number() -> None:
    assert decode(encode((1, np.float64(2.5), np.str_("x")))) == [1, 2.5, "x"]


@pytest.mark.parametrize(
    "value",
    [object(), {1}, b"x", 1j, np.array([object()]), np.array(["x"]), np.array([1j])],
    ids=lambda value: type(value).__name__,
)
def test_other_types_are_refused_by_name(value: Any) -> None:
    with pytest.raises(TypeError, match=r"\w+"):
        encode(value)


@pytest.mark.parametrize(
    "form",
    [
        {"pickle": "gASV"}, {"array": ["|O8", [1], "AAAAAAAAAAA="]}, {"array": ["<f8", [2], "AAAAAAAAAAA="]},
        {"array": ["<f8", [-1], ""]}, {"array": ["<f8", [10**12], ""]}, {"array": ["<f8", [True], "AAAAAAAAAAA="]},
        {"array": ["<f8", [1], "no base64!"]}, {"array": [1, 2, 3]}, {"array": "x"}, {"record": [[1]]}, {"record": 1},
        {"record": [[{"record": []}, 1]]}, {"record": [[[[1]], 1]]}, {"array": ["<i3", [1], "AAAA"]}, BOMB,
    ],
    ids=lambda form: str(form)[:40],
)  # fmt: skip
def test_malformed_forms_are_refused(form: Any) -> None:
    with pytest.raises(ValueError):
        decode(form)


@pytest.mark.parametrize(
    ("found", "expected", "words"),
    [
        (np.zeros((2, 3)), np.zeros((3, 2)), "expected shape (3, 2), found shape (2, 3)"),
        ([1.0, 2.0], np.array([1.0, 2.0]), "expected array float64 (2,) [1., 2.], found [1, 2]"),
        (10**400, 1, "expected 1, found 1000"),
        (10**30, 1, "expected 1, found 1000"),
        ("1", 1, "expected 1, found '1'"),
        (None, 1.0, "expected 1, found None"),
        (1, "a", "expected 'a', found 1"),
        (True, False, "expected False, found True"),
        ([1], [1, 2], "expected 2 items, found 1: [1]"),
        ([1, [2, 4]], [1, [2, 3]], "`result[1][1]`: expected 3, found 4"),
        ({"a": 1}, {"b": 1}, "expected keys ['b'], found ['a']"),
        ({"a": 1}, {"a": 2}, "`result['a']`: expected 2, found 1"),
        (np.array([1, 2]), [1, 3], "`result[1]`: expected 3, found 2"),
        (np.array([[True, False]]), np.array([[True, True]]), "`result[0, 1]`: expected True, found False"),
    ],
)
def test_a_difference_is_told_with_its_place(found: Any, expected: Any, words: str) -> None:
    difference = find_difference(found, expected, Tolerance())
    assert difference is not None
    assert words in difference.en


def test_the_dtype_matters_only_where_a_case_says_so() -> None:
    found, expected = np.array([1, 2]), np.array([1, 2], dtype=np.int8)
    assert find_difference(found, expected, Tolerance()) is None
    assert find_difference(found, expected, EXACT) is not None


def test_a_long_value_is_described_in_one_short_line() -> None:
    assert describe_value(np.zeros((100, 100))) == "array float64 (100, 100)"
    assert len(describe_value([["x" * 500] * 50] * 50)) <= 160
