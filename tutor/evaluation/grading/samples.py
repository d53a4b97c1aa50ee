"""Samples: attempts with what examiners hear in them, written for this project or taken from human-scored sets.

data/attempts.yaml is labelled by hand; the attempts of data/rated.jsonl and data/hands.jsonl were rated by two examiners
independently. What is made from these and from the bank is in `derived` and `composed`.
"""

import json
import random
import statistics
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib.resources import files
from pathlib import Path
from typing import Any

import yaml

from tutor.domain import Entry, Rubric
from tutor.errors import SettingsError, TutorError
from tutor.evaluation.rows import read_rows, wing_data
from tutor.grading.rubric import rubric_from_entry, rubric_from_request

WRONG_STYLES = ("negated", "misconception")


@dataclass(frozen=True)
class ExaminersMark:
    """One examiner's mark of an attempt."""

    score: float  # 0..10
    points: Mapping[str, float]  # key-point id: 0, 0.5 or 1
    wrong: tuple[str, ...]  # misconception ids repeated, and key-point ids contradicted


@dataclass(frozen=True)
class Sample:
    """An attempt with what an examiner hears in it; labels are 0 to 1 per key point."""

    rubric: Rubric
    attempt: str
    labels: tuple[float, ...]
    kind: str  # of the attempt ("good", "negated", ...); in a human-scored set, its question
    against: tuple[bool, ...] = ()  # per key point: the attempt says the opposite
    repeats: tuple[bool, ...] = ()  # per misconception of the rubric
    split: str = "tune"
    mark: float | None = None  # what examiners gave the whole, 0..1, where they did
    written_for: str = ""  # the entry whose question the attempt was written for, where that matters
    id: str = ""
    marks: tuple[ExaminersMark, ...] = ()  # of each examiner, where that is known
    wrong_claims: tuple[str, ...] = ()  # as they stand in the attempt, where that is known

    @property
    def entry_id(self) -> str:
        """Entry of the question; empty in a human-scored set."""
        return self.rubric.entry_id or ""

    @property
    def score(self) -> float:
        """The examiners' mark, else the weighted share of the key points, 0..1."""
        if self.mark is not None:
            return self.mark
        weights = [point.weight for point in self.rubric.key_points]
        return sum(w * label for w, label in zip(weights, self.labels, strict=True)) / sum(weights)

    @property
    def says_wrong(self) -> bool:
        """Whether any examiner heard a wrong claim."""
        return any(mark.wrong for mark in self.marks)

    @property
    def is_wrong(self) -> bool:
        """Whether it was written to be wrong and every examiner heard a wrong claim."""
        return self.kind in WRONG_STYLES and all(mark.wrong for mark in self.marks)


def labelled_samples(entries: Mapping[str, Entry]) -> Iterator[Sample]:
    """data/attempts.yaml: attempts as candidates talk, labelled by hand."""
    text = files("tutor.evaluation.grading").joinpath("data", "attempts.yaml").read_text(encoding="utf-8")
    for group in yaml.safe_load(text):
        entry = entries[group["entry"]]
        for attempt in group["attempts"]:
            covers, partly = set(attempt.get("covers", [])), set(attempt.get("partly", []))
            against, repeats = set(attempt.get("contradicts", [])), set(attempt.get("repeats", []))
            yield Sample(
                rubric_from_entry(entry, attempt["language"]),
                attempt["text"],
                tuple(1.0 if p.id in covers else 0.5 if p.id in partly else 0.0 for p in entry.key_points),
                attempt["kind"],
                tuple(point.id in against for point in entry.key_points),
                tuple(item.id in repeats for item in entry.misconceptions),
                group["split"],
            )


def rated_samples(entries: Mapping[str, Entry]) -> list[Sample]:
    """data/rated.jsonl in its order: labels and mark are the examiners' means; against and repeats is what both heard."""
    return [_rated(entries[line["entry"]], line) for line in rated_lines()]


def rated_lines(name: str = "rated") -> list[dict[str, Any]]:
    """data/NAME.jsonl as it is, for what needs no bank."""
    return list(read_rows(wing_data("grading", f"{name}.jsonl")))


def hand_samples(entries: Mapping[str, Entry]) -> list[Sample]:
    """The tune part of data/hands.jsonl, by hands that have not read the bank; as `rated_samples`, with the wrong claims."""
    return [
        replace(
            _rated(entries[line["entry"]], {**line, "style": line["quality"]}),
            wrong_claims=tuple(claim["said"] for claim in line["claims"]),
        )
        for line in rated_lines("hands")
        if line["split"] == "tune"
    ]


def touches(attempt: str, quote: str, claims: Sequence[str]) -> bool:
    """Whether a stretch of the attempt overlaps one of the claims in it."""
    start, places = attempt.find(quote), [(attempt.index(claim), len(claim)) for claim in claims]
    return bool(quote) and start >= 0 and any(start < at + size and at < start + len(quote) for at, size in places)


def _rated(entry: Entry, line: Mapping[str, Any]) -> Sample:
    marks = tuple(ExaminersMark(float(mark["score"]), mark["points"], tuple(mark["wrong"])) for mark in line["ratings"])
    heard = set.intersection(*(set(mark.wrong) for mark in marks))
    return Sample(
        rubric_from_entry(entry, line["language"]),
        line["attempt"],
        tuple(statistics.mean(mark.points[point.id] for mark in marks) for point in entry.key_points),
        line["style"],
        tuple(point.id in heard for point in entry.key_points),
        tuple(wrong.id in heard for wrong in entry.misconceptions),
        mark=statistics.mean(mark.score for mark in marks) / 10,
        id=line["id"],
        marks=marks,
    )


def scored_samples(file: Path, count: int, seed: int = 0) -> list[Sample]:
    """`count` human-scored answers of a set, drawn at random; measuring and fitting only, none of their text is kept.

    Those at one question are together, so that the model reads question and reference once. One JSON object a line:
    question, reference or key_points, answer, score_human from 0 to 1; perhaps question_id and all_references, answers that
    are accepted, too. Lines that say nothing of what is right are left out. Raises SettingsError naming the first line that
    is none, or the file when it has none at all.
    """
    lines = enumerate(file.read_text(encoding="utf-8").splitlines(), start=1)
    found = [sample for number, line in lines if line.strip() and (sample := _scored(line, f"{file}, line {number}"))]
    if not found:
        raise SettingsError("evaluation.no_answers", file=file)
    drawn = random.Random(seed).sample(found, min(count, len(found)))  # noqa: S311
    return sorted(drawn, key=lambda sample: sample.kind)


def _scored(line: str, place: str) -> Sample | None:
    try:
        data = json.loads(line)
        question, answer, score = data["question"], data["answer"], float(data["score_human"])
        reference, points = data.get("reference") or "", data.get("key_points") or ()
        if not reference.strip() and not points:
            return None
        rubric = rubric_from_request(question, points, reference, data.get("all_references") or ())
        if not 0.0 <= score <= 1.0:
            raise ValueError(f"score_human {score}")
    except (ValueError, KeyError, TypeError, AttributeError, TutorError) as error:
        found = error if isinstance(error, TutorError) else repr(error)
        raise SettingsError("evaluation.no_answer_row", place=place, found=found) from error
    return Sample(rubric, answer, (score,) * len(rubric.key_points), str(data.get("question_id", question)), mark=score)
