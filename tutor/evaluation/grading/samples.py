"""Labelled rows for fitting the grader: attempts written for this project, and rows derived from the bank itself.

Derived rows need no hand work: an entry's answer states its key points; the answer of another entry, or a circulating
mistake, does not; a misconception's claim repeats it, its correction does not. Texts also cross languages.
"""

import json
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib.resources import files
from itertools import islice
from pathlib import Path

import yaml

from tutor.domain import LANGUAGES, Entry, Language, Rubric
from tutor.errors import SettingsError, TutorError
from tutor.evaluation.grading.composed import composed_attempts
from tutor.evaluation.grading.rated import Rated
from tutor.grading.attempt import read_attempt, split_spans
from tutor.grading.rubric import rubric_from_entry, rubric_from_request

COMPOSED_ATTEMPTS = 100  # at 50 entries: reading them takes 20 minutes on two cores, and more of them teach little
MISPLACED_ATTEMPTS = 30  # reading them takes some seven minutes
ELSEWHERE = 3  # other questions at which each rated attempt is read to learn what is off topic


@dataclass(frozen=True)
class Row:
    """An attempt with what an examiner hears in it; labels are 0, 0.5 or 1 per key point."""

    rubric: Rubric
    attempt: str
    labels: tuple[float, ...]
    kind: str
    against: tuple[bool, ...] = ()  # per key point: the attempt says the opposite
    repeats: tuple[bool, ...] = ()  # per misconception of the rubric
    split: str = "tune"
    mark: float | None = None  # what examiners gave the whole, 0..1, where they did
    written_for: str = ""  # the entry whose question the attempt was written for, where that matters

    @property
    def score(self) -> float:
        """The examiners' mark, else the weighted share of the key points, 0..1."""
        if self.mark is not None:
            return self.mark
        weights = [weight for _, weight in self.rubric.key_points]
        return sum(w * label for w, label in zip(weights, self.labels, strict=True)) / sum(weights)


def written_rows(entries: Mapping[str, Entry]) -> Iterator[Row]:
    """data/attempts.yaml: attempts as candidates talk, labelled by hand."""
    text = files("tutor.evaluation.grading").joinpath("data", "attempts.yaml").read_text(encoding="utf-8")
    for group in yaml.safe_load(text):
        entry = entries[group["entry"]]
        for attempt in group["attempts"]:
            covers, partly = set(attempt.get("covers", [])), set(attempt.get("partly", []))
            against, repeats = set(attempt.get("contradicts", [])), set(attempt.get("repeats", []))
            yield Row(
                rubric_from_entry(entry, attempt["language"]),
                attempt["text"],
                tuple(1.0 if p.id in covers else 0.5 if p.id in partly else 0.0 for p in entry.key_points),
                attempt["kind"],
                tuple(point.id in against for point in entry.key_points),
                tuple(item.id in repeats for item in entry.misconceptions),
                group["split"],
            )


def rated_rows(entries: Mapping[str, Entry], rated: Sequence[Rated]) -> Iterator[Row]:
    """data/rated.jsonl: labels are the examiners' means; against and repeated is what both heard."""
    for item in rated:
        entry = entries[item.entry]
        heard = set.intersection(*(set(rating.wrong) for rating in item.ratings))
        yield Row(
            rubric_from_entry(entry, item.language),
            item.attempt,
            tuple(item.point(point.id) for point in entry.key_points),
            item.style,
            tuple(point.id in heard for point in entry.key_points),
            tuple(wrong.id in heard for wrong in entry.misconceptions),
            mark=item.score,
        )


def composed_rows(entries: Mapping[str, Entry]) -> Iterator[Row]:
    """Attempts composed of right and wrong statements (the first of data/composed.jsonl) at those of the entries that have some."""
    for item in islice(composed_attempts(), COMPOSED_ATTEMPTS):
        entry = entries.get(item.entry)
        if entry is None or not item.attempt:
            continue
        heard = [item.heard[point.id] for point in entry.key_points]
        yield Row(
            rubric_from_entry(entry, item.language),
            item.attempt,
            tuple(float(label == "stated") for label in heard),
            "composed",
            tuple(label == "denied" for label in heard),
            (False,) * len(entry.misconceptions),
        )


def misplaced_rows(entries: Mapping[str, Entry], rated: Sequence[Rated]) -> Iterator[Row]:
    """The best attempt at each of the first questions of data/rated.jsonl, handed in at the next one of another group: it
    states nothing of that one's key points, however right it sounds."""
    best = {item.entry: item for item in sorted(rated, key=lambda item: item.score)}
    asked = sorted(best)
    for at, name in enumerate(asked[:MISPLACED_ATTEMPTS]):
        others = [*asked[at + 1 :], *asked[:at]]
        entry = entries[next(other for other in others if entries[other].group != entries[name].group)]
        yield _placed(entry, best[name], "misplaced", best[name].attempt)


def topic_rows(entries: Mapping[str, Entry], rated: Sequence[Rated], seed: int = 0) -> Iterator[Row]:
    """Every rated attempt, one sentence of it and two, and some key points in the other language, at its own question and
    at some of other groups; and at each question a text of data/everyday.txt, which is about none."""
    everyday = (
        files("tutor.evaluation.grading").joinpath("data", "everyday.txt").read_text(encoding="utf-8").splitlines()
    )
    choose, asked = random.Random(seed), sorted({item.entry for item in rated})  # noqa: S311
    for number, item in enumerate(rated):
        others = [name for name in asked if entries[name].group != entries[item.entry].group]
        for kind, text in _parts(entries[item.entry], item, choose).items():
            for name in (item.entry, *choose.sample(others, min(ELSEWHERE, len(others)))):
                yield _placed(entries[name], item, kind, text)
        text = everyday[number % len(everyday)]
        yield replace(_placed(entries[item.entry], item, "everyday", text), written_for="")


def _parts(entry: Entry, item: Rated, choose: random.Random) -> dict[str, str]:
    read = read_attempt(item.attempt)
    spans = split_spans(read)
    foreign: Language = "en" if item.language == "zh" else "zh"
    points = choose.sample(entry.key_points, max(1, len(entry.key_points) // 2))
    parts = {"whole": item.attempt, "crossed": " ".join(point.text.in_language(foreign) for point in points)}
    for count in (1, 2):
        if len(spans) > count:
            first = choose.randrange(len(spans) - count + 1)
            parts[f"{count} sentences"] = read.text[spans[first].start : spans[first + count - 1].end]
    return parts


def _placed(entry: Entry, item: Rated, kind: str, text: str) -> Row:
    """A text of the attempt at the entry's question, of which it states nothing when it was written for another."""
    count = len(entry.key_points)
    return Row(
        rubric_from_entry(entry, item.language),
        text,
        (0.0,) * count,
        kind,
        (False,) * count,
        (False,) * len(entry.misconceptions),
        written_for=item.entry,
    )


def derived_rows(entries: Sequence[Entry], count: int, seed: int = 0) -> Iterator[Row]:
    """Rows of `count` entries drawn at random."""
    choose = random.Random(seed)  # noqa: S311 - reproducible, nothing secret
    for entry in choose.sample(list(entries), min(count, len(entries))):
        other = choose.choice([item for item in entries if item.id != entry.id])
        for language in LANGUAGES:
            yield from _rows_of(entry, other, language, choose)


def _rows_of(entry: Entry, other: Entry, language: Language, choose: random.Random) -> Iterator[Row]:
    rubric = rubric_from_entry(entry, language)
    count, wrong = len(entry.key_points), len(entry.misconceptions)
    foreign: Language = "en" if language == "zh" else "zh"
    quiet, calm = (False,) * count, (False,) * wrong
    yield Row(rubric, entry.answer.in_language(language), (1.0,) * count, "full", quiet, calm)
    some = sorted(choose.sample(range(count), count // 2))
    said = " ".join(entry.key_points[i].text.in_language(foreign) for i in some)
    yield Row(rubric, said, tuple(float(i in some) for i in range(count)), "crossed", quiet, calm)
    yield Row(rubric, other.answer.in_language(language), (0.0,) * count, "other", quiet, calm)
    for number, item in enumerate(entry.misconceptions):
        repeated = tuple(i == number for i in range(wrong))
        yield Row(rubric, item.claim.in_language(language), (0.0,) * count, "mistake", quiet, repeated)


def scored_rows(file: Path, count: int, seed: int = 0) -> Iterator[Row]:
    """`count` human-scored answers of a set, drawn at random; measuring and fitting only, none of their text is kept.

    One JSON object a line: question, reference or key_points, answer, score_human from 0 to 1; perhaps question_id and
    all_references, answers that are accepted, too. Lines that say nothing of what is right are left out. Raises SettingsError
    naming the first line that is none, or the file when it has none at all.
    """
    lines = enumerate(file.read_text(encoding="utf-8").splitlines(), start=1)
    rows = [row for number, line in lines if line.strip() and (row := _scored_row(line, f"{file}, line {number}"))]
    if not rows:
        raise SettingsError(f"{file}: expected examined answers, one JSON object a line, found none.")
    yield from random.Random(seed).sample(rows, min(count, len(rows)))  # noqa: S311


def _scored_row(line: str, place: str) -> Row | None:
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
        raise SettingsError(
            f"{place}: expected an object with `question`, `reference` or `key_points`, `answer` and `score_human` from 0 "
            f"to 1, found {error!r}."
        ) from error
    return Row(rubric, answer, (score,) * len(rubric.key_points), str(data.get("question_id", question)), mark=score)
