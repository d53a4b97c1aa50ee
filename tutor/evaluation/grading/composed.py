"""data/composed.jsonl: for key points of the bank, what candidates say rightly and wrongly; and attempts made of them.

Written for this project, for fitting only, about entries that data/rated.jsonl does not touch. A wrong statement
is as fluent, as long and as technical as a right one, so that only its content tells them apart.
"""

import json
import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Literal

from tutor.domain import LANGUAGES, Language

Hearing = Literal["stated", "denied", "left out"]

_OPENINGS: Mapping[Language, tuple[str, ...]] = {
    "zh": ("嗯，", "我觉得", "这个我了解一些。", "好的，", "我说说我的理解。", "", "", ""),
    "en": ("So, ", "Sure. ", "Well, ", "Okay, here is how I see it. ", "From what I know, ", "", "", ""),
}
_ENDS = ("。", "！", "？", "!", "?", ".")
_LEFT_OUT = 0.25  # share of the key points that an attempt does not speak of


@dataclass(frozen=True)
class Composed:
    """An attempt put together from statements, with what it says of each key point of its entry."""

    entry: str
    language: Language
    attempt: str
    heard: Mapping[str, Hearing]


def load_said() -> dict[str, dict[str, dict[Language, dict[str, str]]]]:
    """entry -> key point -> language -> {"right": ..., "wrong": ...}."""
    said: dict[str, dict[str, dict[Language, dict[str, str]]]] = {}
    text = files("tutor.evaluation.grading").joinpath("data", "composed.jsonl").read_text(encoding="utf-8")
    for line in text.splitlines():
        row = json.loads(line)
        said.setdefault(row["entry"], {})[row["point"]] = {language: row[language] for language in LANGUAGES}
    return said


def composed_attempts(seed: int = 7) -> Iterator[Composed]:
    """Two attempts for every entry, in languages by turns: what the first states, the second denies if it speaks of it."""
    choose = random.Random(seed)  # noqa: S311 - reproducible, nothing secret
    for number, (entry, points) in enumerate(load_said().items()):
        language = LANGUAGES[number % len(LANGUAGES)]
        states = {point: choose.random() < 0.5 for point in points}
        for turned in (False, True):
            heard = {point: _hear(states[point] != turned, choose) for point in points}
            yield _compose(entry, points, language, heard, choose)


def _hear(states: bool, choose: random.Random) -> Hearing:
    if choose.random() < _LEFT_OUT:
        return "left out"
    return "stated" if states else "denied"


def _compose(
    entry: str,
    points: Mapping[str, Mapping[Language, Mapping[str, str]]],
    language: Language,
    heard: Mapping[str, Hearing],
    choose: random.Random,
) -> Composed:
    """The statements in random order, with an opening."""
    spoken = [point for point in points if heard[point] != "left out"]
    choose.shuffle(spoken)
    parts = [points[point][language]["right" if heard[point] == "stated" else "wrong"] for point in spoken]
    return Composed(entry, language, _join(parts, language, choose), heard)


def _join(parts: list[str], language: Language, choose: random.Random) -> str:
    stop, gap = ("。", "") if language == "zh" else (".", " ")
    closed = [part if part.endswith(_ENDS) else part + stop for part in parts]
    return choose.choice(_OPENINGS[language]) + gap.join(closed)
