"""Attempts of other hands: is the grader right when it tells a learner that something is wrong? `python -m tutor eval accusations`

data/hands.jsonl holds attempts by hands that have not read the bank, with the exact words of each wrong claim in them. An
accusation is a key point called contradicted or a misconception called repeated; it is right when what it quotes touches
such a claim. Two raters who did not know what was meant to be wrong marked each attempt; their means stand beside the scores.
The tune part weighs the model's opinions (`eval grading --only hands`); nothing was fitted on the test part.
"""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean
from typing import Any

import numpy as np

from tutor.domain import Entry, Grade, Language
from tutor.errors import SettingsError
from tutor.evaluation.grading.samples import touches
from tutor.evaluation.rows import wing_data
from tutor.evaluation.statistics.agreement import pearson
from tutor.grading.grader import Grader
from tutor.grading.rubric import rubric_from_entry


@dataclass(frozen=True)
class Hand:
    """An attempt with the wrong claims in it, as they stand there."""

    entry: str
    language: Language
    quality: str
    split: str
    attempt: str
    claims: tuple[str, ...]
    marks: tuple[float, ...]  # of the raters, 0..10; none where nobody rated


def load_hands(known: Collection[str], file: Path | None = None) -> list[Hand]:
    """The rows of a file, else of data/hands.jsonl; raises SettingsError naming the first line that is no such row, or is
    at none of the entries that are `known` by id."""
    place = file or wing_data("grading", "hands.jsonl")
    lines = place.read_text(encoding="utf-8").splitlines()
    return [_hand(line, known, f"{place}, line {number}") for number, line in enumerate(lines, start=1) if line.strip()]


def _hand(line: str, known: Collection[str], place: str) -> Hand:
    try:
        row: Mapping[str, Any] = json.loads(line)
        claims = tuple(claim["said"] for claim in row["claims"])
        hand = Hand(
            entry=row["entry"],
            language="zh" if row["language"] == "zh" else "en",
            quality=row["quality"],
            split=row.get("split", "given"),
            attempt=row["attempt"],
            claims=claims,
            marks=tuple(float(rating["score"]) for rating in row.get("ratings", ())),
        )
        if not all(claim in hand.attempt for claim in claims):
            raise ValueError("a claim that does not stand in the attempt")
        if hand.entry not in known:
            raise ValueError(f"no entry of the bank: {hand.entry}")
        return hand
    except (ValueError, KeyError, TypeError) as error:
        raise SettingsError("evaluation.no_hand_row", place=place, found=repr(error)) from error


def measure_accusations(
    hands: Sequence[Hand], grader: Grader, entries: Sequence[Entry]
) -> dict[str, dict[str, object]]:
    """Figures of each split: shares 0..1, scores 0..10."""
    known = {entry.id: entry for entry in entries}
    graded = []
    for hand in hands:
        rubric = rubric_from_entry(known[hand.entry], hand.language)
        graded.append((hand, grader.grade(rubric, hand.attempt)))
    return {
        split: _figures([item for item in graded if item[0].split == split])
        for split in sorted({h.split for h in hands})
    }


def _figures(graded: Sequence[tuple[Hand, Grade]]) -> dict[str, object]:
    judged = [
        (hand, [touches(hand.attempt, quote, hand.claims) for quote in accusations(grade)]) for hand, grade in graded
    ]
    all_of_them = [right for _, found in judged for right in found]
    wrong, right = ([found for hand, found in judged if bool(hand.claims) == has] for has in (True, False))
    qualities = sorted({hand.quality for hand, _ in graded})
    return {
        "attempts": len(graded),
        "accusations": len(all_of_them),
        "precision": _share(all_of_them),
        "wrong attempts rightly accused": _share([any(found) for found in wrong]),
        "right attempts accused": _share([bool(found) for found in right]),
        "score r": _agreement(graded),
        "score r, middling": _agreement([(hand, grade) for hand, grade in graded if hand.quality == "middling"]),
        "mean score": {
            q: round(fmean(grade.score for hand, grade in graded if hand.quality == q), 2) for q in qualities
        },
    }


def _agreement(graded: Sequence[tuple[Hand, Grade]]) -> float | None:
    """Pearson's r of scores and the raters' mean; None where fewer than two attempts are rated."""
    rated = [(grade.score, fmean(hand.marks)) for hand, grade in graded if hand.marks]
    if len(rated) < 2:
        return None
    scores, marks = np.array(rated).T
    return round(pearson(marks, scores), 3)


def accusations(grade: Grade) -> list[str]:
    """What the grade quotes as wrong, each stretch once."""
    denied = [point.evidence or "" for point in grade.key_points if point.verdict == "contradicted"]
    return list(dict.fromkeys([*denied, *(item.evidence for item in grade.misconceptions)]))


def _share(values: Sequence[bool]) -> float | None:
    return round(fmean(values), 3) if values else None
