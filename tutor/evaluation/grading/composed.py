"""data/composed.jsonl: for key points of the bank, what candidates say rightly and wrongly; and attempts made of them.

Written for this project, for fitting only, about entries that data/rated.jsonl does not touch. A wrong statement
is as fluent, as long and as technical as a right one, so that only its content tells them apart.
"""

import json
import random
from collections.abc import Iterator, Mapping
from importlib.resources import files
from itertools import islice
from typing import Literal

from tutor.domain import LANGUAGES, Entry, Language
from tutor.evaluation.grading.samples import Sample
from tutor.grading.rubric import rubric_from_entry

Stance = Literal["stated", "denied", "left out"]
Statements = Mapping[Language, Mapping[str, str]]  # {"right": ..., "wrong": ...} in each language

_OPENINGS: Mapping[Language, tuple[str, ...]] = {
    "zh": ("嗯，", "我觉得", "这个我了解一些。", "好的，", "我说说我的理解。", "", "", ""),
    "en": ("So, ", "Sure. ", "Well, ", "Okay, here is how I see it. ", "From what I know, ", "", "", ""),
}
_ENDS = ("。", "！", "？", "!", "?", ".")
_LEFT_OUT = 0.25  # share of the key points that an attempt does not speak of


def load_statements() -> dict[str, dict[str, Statements]]:
    """entry -> key point -> its statements."""
    statements: dict[str, dict[str, Statements]] = {}
    text = files("tutor.evaluation.grading").joinpath("data", "composed.jsonl").read_text(encoding="utf-8")
    for line in text.splitlines():
        row = json.loads(line)
        statements.setdefault(row["entry"], {})[row["point"]] = {language: row[language] for language in LANGUAGES}
    return statements


def composed_samples(entries: Mapping[str, Entry], count: int | None = None, seed: int = 7) -> Iterator[Sample]:
    """Two attempts for every entry with statements (of the first `count` attempts, those at `entries`), in languages by
    turns: what the first states, the second denies if it speaks of it."""
    for entry_id, language, stances, attempt in islice(_compose_all(seed), count):
        entry = entries.get(entry_id)
        if entry is None or not attempt:
            continue
        heard = [stances[point.id] for point in entry.key_points]
        yield Sample(
            rubric_from_entry(entry, language),
            attempt,
            tuple(float(stance == "stated") for stance in heard),
            "composed",
            tuple(stance == "denied" for stance in heard),
            (False,) * len(entry.misconceptions),
        )


def _compose_all(seed: int) -> Iterator[tuple[str, Language, dict[str, Stance], str]]:
    choose = random.Random(seed)  # noqa: S311 - reproducible, nothing secret
    for number, (entry, points) in enumerate(load_statements().items()):
        language = LANGUAGES[number % len(LANGUAGES)]
        states = {point: choose.random() < 0.5 for point in points}
        for turned in (False, True):
            stances = {point: _take_stance(states[point] != turned, choose) for point in points}
            yield entry, language, stances, _compose(points, language, stances, choose)


def _take_stance(states: bool, choose: random.Random) -> Stance:
    if choose.random() < _LEFT_OUT:
        return "left out"
    return "stated" if states else "denied"


def _compose(
    points: Mapping[str, Statements], language: Language, stances: Mapping[str, Stance], choose: random.Random
) -> str:
    """The statements in random order, with an opening."""
    spoken = [point for point in points if stances[point] != "left out"]
    choose.shuffle(spoken)
    parts = [points[point][language]["right" if stances[point] == "stated" else "wrong"] for point in spoken]
    stop, gap = ("。", "") if language == "zh" else (".", " ")
    closed = [part if part.endswith(_ENDS) else part + stop for part in parts]
    return choose.choice(_OPENINGS[language]) + gap.join(closed)
