"""Samples that need no hand work: made from the bank itself, and from rated attempts handed in at other questions.

An entry's answer states its key points; the answer of another entry, or a circulating mistake, does not; a
misconception's claim repeats it, its correction does not. Texts also cross languages.
"""

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from tutor.domain import LANGUAGES, Entry, Language
from tutor.evaluation.grading.samples import Sample
from tutor.evaluation.rows import wing_data
from tutor.grading.rubric import rubric_from_entry
from tutor.text.spans import clean_with_origins, split_spans

MISPLACED_ATTEMPTS = 30  # reading them takes some seven minutes
ELSEWHERE = 3  # other questions at which each rated attempt is read to learn what is off topic


def derived_samples(entries: Sequence[Entry], count: int, seed: int = 0) -> Iterator[Sample]:
    """Samples of `count` entries drawn at random."""
    choose = random.Random(seed)  # noqa: S311 - reproducible, nothing secret
    for entry in choose.sample(list(entries), min(count, len(entries))):
        other = choose.choice([item for item in entries if item.id != entry.id])
        for language in LANGUAGES:
            yield from _samples_of(entry, other, language, choose)


def _samples_of(entry: Entry, other: Entry, language: Language, choose: random.Random) -> Iterator[Sample]:
    rubric = rubric_from_entry(entry, language)
    count, wrong = len(entry.key_points), len(entry.misconceptions)
    foreign: Language = "en" if language == "zh" else "zh"
    quiet, calm = (False,) * count, (False,) * wrong
    yield Sample(rubric, entry.answer.in_language(language), (1.0,) * count, "full", quiet, calm)
    some = sorted(choose.sample(range(count), count // 2))
    crossed = " ".join(entry.key_points[i].text.in_language(foreign) for i in some)
    yield Sample(rubric, crossed, tuple(float(i in some) for i in range(count)), "crossed", quiet, calm)
    yield Sample(rubric, other.answer.in_language(language), (0.0,) * count, "other", quiet, calm)
    for number, item in enumerate(entry.misconceptions):
        repeated = tuple(i == number for i in range(wrong))
        yield Sample(rubric, item.claim.in_language(language), (0.0,) * count, "mistake", quiet, repeated)


def misplaced_samples(entries: Mapping[str, Entry], rated: Sequence[Sample]) -> Iterator[Sample]:
    """The best attempt at each of the first questions of `rated`, handed in at the next one of another group: it states
    nothing of that one's key points, however right it sounds."""
    best = {item.entry_id: item for item in sorted(rated, key=lambda item: item.score)}
    asked = sorted(best)
    for at, name in enumerate(asked[:MISPLACED_ATTEMPTS]):
        others = [*asked[at + 1 :], *asked[:at]]
        entry = entries[next(other for other in others if entries[other].group != entries[name].group)]
        yield _placed(entry, best[name], "misplaced", best[name].attempt)


def topic_samples(entries: Mapping[str, Entry], rated: Sequence[Sample], seed: int = 0) -> Iterator[Sample]:
    """Every rated attempt, one sentence of it and two, and some key points in the other language, at its own question and
    at some of other groups; and at each question a text of data/everyday.txt, which is about none."""
    text = wing_data("grading", "everyday.txt").read_text(encoding="utf-8")
    everyday = text.splitlines()
    choose, asked = random.Random(seed), sorted({item.entry_id for item in rated})  # noqa: S311
    for number, item in enumerate(rated):
        own = entries[item.entry_id]
        others = [name for name in asked if entries[name].group != own.group]
        for kind, part in _parts(own, item, choose).items():
            for name in (own.id, *choose.sample(others, min(ELSEWHERE, len(others)))):
                yield _placed(entries[name], item, kind, part)
        yield replace(_placed(own, item, "everyday", everyday[number % len(everyday)]), written_for="")


def _parts(entry: Entry, item: Sample, choose: random.Random) -> dict[str, str]:
    read = clean_with_origins(item.attempt)
    spans = split_spans(read)
    foreign: Language = "en" if item.rubric.language == "zh" else "zh"
    points = choose.sample(entry.key_points, max(1, len(entry.key_points) // 2))
    parts = {"whole": item.attempt, "crossed": " ".join(point.text.in_language(foreign) for point in points)}
    for count in (1, 2):
        if len(spans) > count:
            first = choose.randrange(len(spans) - count + 1)
            parts[f"{count} sentences"] = read.text[spans[first].start : spans[first + count - 1].end]
    return parts


def _placed(entry: Entry, item: Sample, kind: str, text: str) -> Sample:
    """A text of the attempt at the entry's question, of which it states nothing when it was written for another."""
    count = len(entry.key_points)
    return Sample(
        rubric_from_entry(entry, item.rubric.language),
        text,
        (0.0,) * count,
        kind,
        (False,) * count,
        (False,) * len(entry.misconceptions),
        written_for=item.entry_id,
    )
