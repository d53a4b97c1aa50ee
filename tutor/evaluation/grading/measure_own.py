"""The grader and simpler methods on the project's own rated attempts: python -m tutor eval grading --measure --set own

Attempts are graded as the product grades them, but by parameters that were fitted without their questions.
"""

import math
import statistics
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy
from langchain_core.embeddings import Embeddings
from langchain_core.language_models import BaseChatModel

from tutor.domain import Entry, Grade
from tutor.evaluation.grading.measured import WITH_MODEL, Measured, ask_sample, with_range
from tutor.evaluation.grading.rated import Rated, load_rated
from tutor.evaluation.grading.readings import RowReader
from tutor.evaluation.grading.samples import misplaced_rows
from tutor.evaluation.statistics.agreement import Scored, bootstrap, group_by, left_out_line, pearson
from tutor.evaluation.statistics.logistic import area_under_curve
from tutor.grading.attempt import clean
from tutor.grading.calibration import Calibration
from tutor.grading.grader import Grader
from tutor.grading.judge import StateReader
from tutor.grading.probes import Probes
from tutor.grading.rubric import rubric_from_entry
from tutor.grading.topic import bank_topics

Fits = Iterable[tuple[Collection[str], Calibration, Probes]]  # entries, and what was fitted without them
_BINS = 10  # of probabilities, for the calibration error


@dataclass(frozen=True)
class Graded:
    """An attempt of the project's own set with its ratings and its grade."""

    rated: Rated
    entry: Entry
    grade: Grade


def grade_own(
    entries: Sequence[Entry],
    embeddings: Embeddings,
    states: StateReader | None,
    fits: Fits,
) -> list[Graded]:
    """Every rated attempt, graded as the product grades it, by parameters that were fitted without its entry."""
    known, graded, topics = {entry.id: entry for entry in entries}, [], bank_topics(entries)
    for held, calibration, probes in fits:
        grader = Grader(embeddings, states, calibration, probes, topics)
        for item in load_rated():
            if item.entry in held:
                grade = grader.grade(rubric_from_entry(known[item.entry], item.language), item.attempt)
                graded.append(Graded(item, known[item.entry], grade))
    return graded


def grade_misplaced(
    entries: Sequence[Entry],
    embeddings: Embeddings,
    states: StateReader | None,
    fits: Fits,
) -> list[Scored]:
    """Right attempts at the wrong question, graded by parameters that were fitted without that question."""
    rows, topics = list(misplaced_rows({entry.id: entry for entry in entries}, load_rated())), bank_topics(entries)
    return [
        Scored(row.rubric.entry_id or "", row.score, grader.grade(row.rubric, row.attempt).score / 10)
        for held, calibration, probes in fits
        for grader in [Grader(embeddings, states, calibration, probes, topics)]
        for row in rows
        if row.rubric.entry_id in held
    ]


def misplaced_line(graded: Mapping[str, Sequence[Scored]]) -> dict[str, str]:
    """Mean score (0..1) of each method where examiners would give nothing, as a row beside `detail_lines`."""

    def mean(questions: Sequence[Sequence[Scored]]) -> dict[str, float]:
        return {"score": statistics.mean(row.given for group in questions for row in group)}

    groups = {method: group_by(rows, lambda row: row.question) for method, rows in graded.items()}
    shown = {m: with_range(mean(found)["score"], *bootstrap(found, mean)["score"]) for m, found in groups.items()}
    return {"measure": "score of a right answer to another question", **shown}


def measure_own(
    graded: Sequence[Graded],
    embeddings: Embeddings,
    model: BaseChatModel | None = None,
    judged: Sequence[Graded] = (),
) -> list[Measured]:
    """The grader, a second examiner, and the baselines, whose straight lines are fitted leaving the question out.

    `judged` are the same attempts graded with the language model.
    """
    truth, questions = [item.rated.score for item in graded], [item.entry.id for item in graded]
    signals = _own_signals(graded, embeddings)
    columns: dict[str, list[float]] = {
        **({WITH_MODEL: [item.grade.score / 10 for item in judged]} if judged else {}),
        "grader": [item.grade.score / 10 for item in graded],
        "second examiner": [item.rated.ratings[1].score / 10 for item in graded],
        "constant mean": left_out_line(questions, truth, [0.0] * len(graded)),
        **{name: left_out_line(questions, truth, values) for name, values in signals.items()},
    }
    against = {"second examiner": [item.rated.ratings[0].score / 10 for item in graded]}
    asked = [(item.entry.question, item.entry.answer, item.rated) for item in graded]
    texts = [(q.in_language(r.language), a.in_language(r.language), r.attempt) for q, a, r in asked]
    measured = [
        Measured("own", method, _scored(graded, against.get(method, truth), values))
        for method, values in columns.items()
    ]
    return [*measured, *ask_sample("own", [(item.entry.id, item.rated.score) for item in graded], texts, model)]


def _scored(graded: Sequence[Graded], truth: Sequence[float], given: Sequence[float]) -> tuple[Scored, ...]:
    return tuple(Scored(item.entry.id, right, value) for item, right, value in zip(graded, truth, given, strict=True))


def _own_signals(graded: Sequence[Graded], embeddings: Embeddings) -> dict[str, list[float]]:
    reader = RowReader(embeddings, None)
    cosines, recalls = [], []
    for item in graded:
        answer = clean(item.entry.answer.in_language(item.rated.language))
        cosine, recall = reader.bare_signals(answer, clean(item.rated.attempt))
        cosines.append(cosine)
        recalls.append(recall)
    return {"term recall": recalls, "e5 cosine": cosines}


def own_details(graded: Sequence[Graded]) -> dict[str, float]:
    """Key points, wrong claims, bands and length on the project's own set; shares and correlations, see the page."""
    points = [
        (point.covered, item.rated.point(form.id), point.verdict)
        for item in graded
        for form, point in zip(item.entry.key_points, item.grade.key_points, strict=True)
    ]
    sure = [(chance, truth == 1.0, verdict) for chance, truth, verdict in points if truth in (0.0, 1.0)]
    scores = numpy.array([item.grade.score / 10 for item in graded])
    truth = numpy.array([item.rated.score for item in graded])
    lengths = numpy.array([math.log(len(item.rated.attempt)) for item in graded])
    return {
        "key_point_auc": area_under_curve([c for c, yes, _ in sure if yes], [c for c, yes, _ in sure if not yes]),
        "key_point_accuracy": _share((verdict == "covered") == yes for _, yes, verdict in sure if verdict != "partial"),
        "key_point_undecided": _share(verdict == "partial" for _, _, verdict in sure),
        "calibration_error": calibration_error([(chance, yes) for chance, yes, _ in sure]),
        "band_coverage": _share(item.grade.band[0] <= 10 * item.rated.score <= item.grade.band[1] for item in graded),
        "band_width": statistics.mean(item.grade.band[1] - item.grade.band[0] for item in graded),
        "wrong_attempts_caught": _share(_caught(item) for item in graded if item.rated.is_wrong),
        "right_attempts_accused": _share(_accused(item) for item in graded if not item.rated.says_wrong),
        "length_beyond_examiners": pearson(scores - truth, lengths),
        "examiners_pearson": pearson(
            numpy.array([item.rated.ratings[0].score for item in graded]),
            numpy.array([item.rated.ratings[1].score for item in graded]),
        ),
    }


def detail_lines(graded: Mapping[str, Sequence[Graded]]) -> list[dict[str, str]]:
    """`own_details` of each method with their intervals, as rows of a table."""
    values = {method: own_details(rows) for method, rows in graded.items()}
    ranges = {method: detail_intervals(rows) for method, rows in graded.items()}
    return [
        {
            "measure": name.replace("_", " "),
            **{method: with_range(found[name], *ranges[method][name]) for method, found in values.items()},
        }
        for name in next(iter(values.values()))
    ]


def detail_intervals(graded: Sequence[Graded]) -> dict[str, tuple[float, float]]:
    """95 % bootstrap intervals of `own_details`, drawing whole questions."""
    questions = group_by(graded, lambda item: item.entry.id)
    return bootstrap(questions, lambda drawn: own_details([item for group in drawn for item in group]))


def _accused(item: Graded) -> bool:
    return bool(item.grade.misconceptions) or any(point.verdict == "contradicted" for point in item.grade.key_points)


def _caught(item: Graded) -> bool:
    """The grader names the wrong claim, or gives no credit for any key point that both examiners denied."""
    denied = [
        point.verdict in ("missed", "contradicted")
        for form, point in zip(item.entry.key_points, item.grade.key_points, strict=True)
        if item.rated.point(form.id) == 0.0
    ]
    return _accused(item) or (bool(denied) and all(denied))


def calibration_error(pairs: Sequence[tuple[float, bool]]) -> float:
    """Mean distance between stated probability and frequency, over ten bins, weighted by their rows."""
    bins: dict[int, list[tuple[float, bool]]] = {}
    for chance, yes in pairs:
        bins.setdefault(min(int(chance * _BINS), _BINS - 1), []).append((chance, yes))
    gaps = [
        abs(statistics.mean(c for c, _ in rows) - statistics.mean(y for _, y in rows)) * len(rows)
        for rows in bins.values()
    ]
    return sum(gaps) / len(pairs)


def _share(values: Any) -> float:
    listed = [bool(value) for value in values]
    return sum(listed) / len(listed) if listed else 0.0
