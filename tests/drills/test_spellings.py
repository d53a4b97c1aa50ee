"""Numbers as people type them are read with the right value, or refused with the doubtful part named: never read wrongly."""

import json
from pathlib import Path
from typing import Any

import pytest

from tutor.drills.reading import Doubt, read_answer
from tutor.drills.units import Quantity, measure
from tutor.drills.words import plain_text
from tutor.text.read_yaml import read_yaml

GROUPS: list[dict[str, Any]] = [
    group
    for name in ("spellings.yaml", "spellings_later.yaml")
    for group in read_yaml(Path(__file__).with_name(name).read_text(encoding="utf-8"))
]

# Written by people who had not seen the parser: `hand` says who. `refused_or` may be read, with that value, or refused.
HANDS: list[dict[str, Any]] = [
    json.loads(line) for line in Path(__file__).with_name("spellings_of_hands.jsonl").read_text("utf-8").splitlines()
]


def rows(verdict: str) -> list[tuple[str, str, Any]]:
    """(asked unit, text, value or part) of all groups."""
    return [(group["asked"], text, said) for group in GROUPS for text, said in group.get(verdict, {}).items()]


@pytest.mark.parametrize(("asked", "text", "value"), rows("read"))
def test_a_spelling_is_read_with_its_value(asked: str, text: str, value: str | float) -> None:
    read = read_answer(text, asked)
    assert isinstance(read, Quantity), read
    assert {measure(read.unit), measure(asked)} in ({measure(asked)}, {"number", "share"})
    assert read.base_value == pytest.approx(float(value), rel=1e-9)


@pytest.mark.parametrize(("asked", "text", "part"), rows("refused"))
def test_a_doubtful_spelling_is_refused_and_the_doubtful_part_named(asked: str, text: str, part: str) -> None:
    read = read_answer(text, asked)
    if isinstance(read, Quantity):
        assert measure(read.unit) != measure(asked), f"read as {read}"
        return
    part = plain_text(part)
    assert read.part == part or (read.part and (part in read.part or read.part in part)), read
    for language in ("zh", "en"):
        assert read.part in read.told.in_language(language)


@pytest.mark.parametrize("row", HANDS, ids=lambda row: row["text"])
def test_a_spelling_of_another_hand_is_read_rightly_or_refused(row: dict[str, Any]) -> None:
    unit = row.get("unit", "number")
    read = read_answer(row["text"], unit)
    if isinstance(read, Doubt):
        assert "value" not in row, read
        assert read.part in plain_text(row["text"])
    else:
        assert "refused" not in row, read
        value = row["value"] if "value" in row else row["refused_or"]
        assert read.base_value == pytest.approx(Quantity(value, unit).base_value, rel=1e-6)


def test_there_are_enough_spellings_in_both_languages() -> None:
    texts = {text for verdict in ("read", "refused") for _, text, _ in rows(verdict)}
    assert len(texts) >= 600
    assert sum(any("\u3400" <= sign <= "\u9fff" for sign in text) for text in texts) >= 150


def test_a_refusal_names_the_part_and_not_the_whole_answer() -> None:
    read = read_answer("about 34 Gb of memory", "GB")
    assert isinstance(read, Doubt)
    assert read.part == "Gb"
    assert "“Gb”的大小写有歧义（b 是比特，B 是字节），请写明是 bit 还是 byte" in read.told.in_language("zh")
