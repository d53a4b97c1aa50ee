"""Dataclasses to JSON and back, whatever else is in the JSON."""

import json
from dataclasses import dataclass, replace
from typing import Any

import pytest

from tests.learning.material import ANSWER, CITATION, GRADE, interview
from tutor.domain import Answer, Bilingual, Calculation, Entry, Grade, Interview, KeyPoint, Turn
from tutor.learning.codec import from_data, storable_text, to_data

ENTRY = Entry(
    id="kv-cache",
    group="inference",
    kind="concept",
    level=2,
    frequency="high",
    question=Bilingual("什么是 KV cache？", "What is a KV cache?"),
    aliases={"zh": ("缓存",), "en": ()},
    answer=Bilingual("答", "answer"),
    key_points=(KeyPoint("a", Bilingual("甲", "a"), 2),),
    follow_ups=(),
    hints=(),
    misconceptions=(),
    sources=(),
    calculations=(Calculation("c", "kv_cache", {"layers": 32, "dtype": "fp16"}, 1.5, "GB"),),
)


@pytest.mark.parametrize(
    "value",
    [
        ANSWER,
        replace(ANSWER, refused=True, citations=(), nearest=(CITATION,), entry_id=None),
        GRADE,
        replace(GRADE, guard="empty", key_points=(), misconceptions=()),
        interview("i1", "2026-01-01T09:00:00.000+00:00", Turn(1, "kv", "?", None, None, "text", GRADE)),
        ENTRY,
    ],
)
def test_what_was_written_is_read_back_through_json(value: Any) -> None:
    assert from_data(type(value), json.loads(json.dumps(to_data(value)))) == value


def test_fields_of_a_newer_program_are_ignored_and_missing_ones_take_their_default() -> None:
    data = to_data(ANSWER)
    assert isinstance(data, dict)
    del data["confidence"], data["nearest"]
    assert from_data(Answer, {**data, "mood": "sunny"}) == replace(ANSWER, confidence=1.0)


@pytest.mark.parametrize(
    ("field", "wrong", "message"),
    [
        ("score", "high", r"Grade\.score: expected a valid number, found 'high'"),
        ("score", True, r"Grade\.score: expected a valid number"),
        ("band", [1.0], r"Grade\.band\[1\]: expected a value, found none"),
        ("band", None, r"Grade\.band: expected a valid array"),
        ("guard", 3, r"Grade\.guard: expected a valid string"),
        ("key_points", [{"text": "x"}], r"Grade\.key_points\[0\]\.weight: expected a value, found none"),
        ("key_points", ["x"], r"Grade\.key_points\[0\]: expected an object"),
    ],
)
def test_data_that_does_not_fit_names_the_field(field: str, wrong: Any, message: str) -> None:
    data = to_data(GRADE)
    assert isinstance(data, dict)
    with pytest.raises(ValueError, match=message):
        from_data(Grade, {**data, field: wrong})


def test_a_verdict_that_does_not_exist_is_refused() -> None:
    data: Any = to_data(GRADE)
    data["key_points"][0]["verdict"] = "brilliant"
    with pytest.raises(ValueError, match=r"key_points\[0\]\.verdict: expected 'covered', 'partial'"):
        from_data(Grade, data)


def test_a_level_given_as_text_is_refused() -> None:
    data: Any = to_data(interview())
    data["plan"]["levels"] = ["1"]
    with pytest.raises(ValueError, match=r"Interview\.plan\.levels\[0\]: expected a valid integer"):
        from_data(Interview, data)


def test_characters_that_no_database_holds_are_replaced() -> None:
    assert storable_text("a\x00b\ud800c 中文 🙂") == "ab?c 中文 🙂"
    assert to_data({"k": ("x\x00",)}) == {"k": ["x"]}


def test_an_object_that_is_no_data_is_refused() -> None:
    @dataclass
    class Odd:
        value: object

    with pytest.raises(TypeError, match="object"):
        to_data(Odd(object()))
