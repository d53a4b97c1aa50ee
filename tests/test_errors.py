"""Whatever may go wrong is told in both languages, with its values; tests/test_house.py holds the source to the templates."""

import json
import pickle
import re
from pathlib import Path

import pytest

from tests.messages_of_source import ROOMS, TEMPLATES, field_names
from tutor.domain import Bilingual
from tutor.errors import DrillError, ModelError, TutorError, WeightsError
from tutor.messages import Message

HAN = re.compile(r"[\u4e00-\u9fff]")
SAME_IN_BOTH = {"models.hugging_face", "models.modelscope", "ingestion.a_pdf"}  # names


@pytest.mark.parametrize("key", TEMPLATES)
def test_a_template_says_the_same_in_both_languages(key: str) -> None:
    told = TEMPLATES[key]
    assert list(told) == ["en", "zh"]
    assert field_names(told["en"]) == field_names(told["zh"])
    chinese = re.sub(r"\{.*?\}", "", told["zh"])
    assert not HAN.search(told["en"])
    assert HAN.search(chinese) or key in SAME_IN_BOTH or not re.search("[A-Za-z]", chinese)
    assert not re.search(r"[\u4e00-\u9fff][,;:?!]", chinese), "Chinese takes Chinese punctuation"


def test_a_key_stands_once() -> None:
    """YAML would keep the last of two without a word."""
    lines = [line for room in ROOMS for line in room.read_text(encoding="utf-8").splitlines()]
    assert len([line for line in lines if re.match(r"\w+:", line)]) == len(TEMPLATES)


# --- telling it


def test_a_message_is_told_in_either_language_and_keeps_its_values() -> None:
    error = DrillError("drills.level", level=4)
    assert str(error) == "Level `4`: expected 1, 2 or 3. Correct the level."
    assert error.in_language("zh") == "难度 `4`：应为 1、2 或 3。请改正难度。"
    assert (error.key, error.fields) == ("drills.level", {"level": 4})


def test_what_a_message_holds_is_told_in_its_language() -> None:
    refused = ConnectionRefusedError(111, "Connection refused")
    source = Message("models.hugging_face", repository="owner/tiny")
    failures = [
        Message("models.cache_failed", reason=WeightsError("models.unreadable", file="a.gguf", reason=refused)),
        Message("models.source_failed", source=source, reason=Message("models.http_status", status="404 Not Found")),
    ]
    error = WeightsError("models.no_source", model="tiny", file="tiny.gguf", failures=failures)
    assert str(error).splitlines()[1:3] == [
        "  - cache: `a.gguf`: Connection refused",
        "  - Hugging Face `owner/tiny`: HTTP status 404 Not Found",
    ]
    assert error.in_language("zh").splitlines()[:3] == [
        "模型权重 `tiny` 从哪个来源都没能取到：",
        "  - 缓存：`a.gguf`：连接被拒绝",
        "  - Hugging Face `owner/tiny`：HTTP 状态 404 Not Found",
    ]


def test_lists_are_joined_as_the_language_joins_them() -> None:
    error = DrillError("drills.unknown_formula", formula="x", known=["a", "b"])
    assert "one of a, b." in str(error)
    assert "以下之一：a、b。" in error.in_language("zh")
    found = [
        Message("drills.unknown_parameter", parameter="n"),
        Message("drills.missing_parameter", parameter="layers", label=Bilingual("层数", "layers")),
    ]
    error = DrillError("drills.parameters", formula="x", expected=["m"], found=found)
    assert "found unknown `n`; missing `layers` (layers)." in str(error)
    assert "实际：没有参数 `n`；缺少“层数”（`layers`）。" in error.in_language("zh")


def test_json_has_key_values_and_text() -> None:
    inner = ModelError("models.closed", model="m")
    error = ModelError("interview.saved_ungraded", reason=inner)
    data = json.loads(json.dumps(error.as_json("error")))
    assert data["error"] == str(error)
    assert data["key"] == "interview.saved_ungraded"
    assert data["fields"]["reason"] == {"message": str(inner), "key": "models.closed", "fields": {"model": "m"}}
    room = Message("models.no_room", model="m", needed_gigabytes=1.5, folder=Path("cache"), free_gigabytes=0)
    assert room.as_json()["fields"] == {"model": "m", "needed_gigabytes": 1.5, "folder": "cache", "free_gigabytes": 0}


def test_an_error_survives_another_process() -> None:
    error = pickle.loads(pickle.dumps(DrillError("drills.level", level=4)))
    assert (type(error), str(error)) == (DrillError, "Level `4`: expected 1, 2 or 3. Correct the level.")


@pytest.mark.parametrize("key", ["drills.no_such_key", "no_such_room.key", "free text", "drills.another_measure"])
def test_a_message_that_nothing_tells_is_a_defect_and_still_shows_its_values(key: str) -> None:
    error = TutorError(key, file="notes.pdf")
    with pytest.warns(RuntimeWarning, match="no template tells"):
        assert str(error) == f"{key}: file = notes.pdf"
