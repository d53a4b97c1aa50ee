"""The grader and simpler methods on the project's own rated attempts: python -m tutor eval grading --measure --set own

Attempts are graded as the product grades them, but by parameters that were fitted without their questions.
"""

import math
import statistics
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

import numpy
from langchain_core.embeddings import Embeddings
from langchain_core.language_models import BaseChatModel

from tutor.domain import Entry, Grade
from tutor.evaluation.grading.measurement import WITH_MODEL, Measurement, ask_sample, with_range
from tutor.evaluation.grading.readings import SampleReader
from tutor.evaluation.grading.samples import Sample
from tutor.evaluation.statistics.agreement import Rating, bootstrap, group_by, left_out_line, pearson
from tutor.evaluation.statistics.logistic import area_under_curve
from tutor.grading.calibration import Calibration
from tutor.grading.grader import Grader
from tutor.grading.judge import Probes, StateReader
from tutor.grading.topic import bank_topics
from tutor.text.spans import clean

Fits = Iterable[tuple[Collection[str], Calibration, Probes]]  # entries, and what was fitted without them
Graded = tuple[Sample, Grade]  # an attempt of the project's own set with its grade
_BINS = 10  # of probabilities, for the calibration error


def grade_left_out(
    samples: Sequence[Sample],
    entries: Sequence[Entry],
    embeddings: Embeddings,
    states: StateReader | None,
    fits: Fits,
) -> list[Graded]:
    """Every sample, graded as the product grades it, by parameters that were fitted without its entry."""
    topics = bank_topics(entries)
    return [
        (sample, grader.grade(sample.rubric, sample.attempt))
        for held, calibration, probes in fits
        for grader in [Grader(embeddings, states, calibration, probes, topics)]
        for sample in samples
        if sample.entry_id in held
    ]


def misplaced_line(graded: Mapping[str, Sequence[Graded]]) -> dict[str, str]:
    """Mean score (0..1) of each method where examiners would give nothing, as a row beside `detail_lines`."""

    def mean(questions: Sequence[Sequence[Graded]]) -> dict[str, float]:
        return {"score": statistics.mean(score for question in questions for score in _scores(question))}

    groups = {method: group_by(items, lambda item: item[0].entry_id) for method, items in graded.items()}
    shown = {m: with_range(mean(found)["score"], *bootstrap(found, mean)["score"]) for m, found in groups.items()}
    return {"measure": "score of a right answer to another question", **shown}


def measure_own(
    graded: Sequence[Graded],
    embeddings: Embeddings,
    model: BaseChatModel | None = None,
    with_model: Sequence[Graded] = (),
) -> list[Measurement]:
    """The grader, a second examiner, and the baselines, whose straight lines are fitted leaving the question out.

    `with_model` are the same attempts graded with the language model.
    """
    samples = [sample for sample, _ in graded]
    truth, questions = [sample.score for sample in samples], [sample.entry_id for sample in samples]
    first, second = ([sample.marks[examiner].score / 10 for sample in samples] for examiner in (0, 1))
    columns: dict[str, list[float]] = {
        **({WITH_MODEL: _scores(with_model)} if with_model else {}),
        "grader": _scores(graded),
        "second examiner": second,
        "constant mean": left_out_line(questions, truth, [0.0] * len(samples)),
        **{name: left_out_line(questions, truth, s) for name, s in _bare_signals(samples, embeddings).items()},
    }
    measured = [
        Measurement(
            "own", method, tuple(map(Rating, questions, first if method == "second examiner" else truth, given))
        )
        for method, given in columns.items()
    ]
    texts = [(sample.rubric.question, sample.rubric.reference, sample.attempt) for sample in samples]
    return [*measured, *ask_sample("own", list(zip(questions, truth, strict=True)), texts, model)]


def _scores(graded: Sequence[Graded]) -> list[float]:
    return [grade.score / 10 for _, grade in graded]


def _bare_signals(samples: Sequence[Sample], embeddings: Embeddings) -> dict[str, list[float]]:
    reader = SampleReader(embeddings, None)
    signals = [reader.bare_signals(clean(sample.rubric.reference), clean(sample.attempt)) for sample in samples]
    return {"term recall": [recall for _, recall in signals], "e5 cosine": [cosine for cosine, _ in signals]}


def own_details(graded: Sequence[Graded]) -> dict[str, float]:
    """Key points, wrong claims, bands and length on the project's own set; shares and correlations, see the page."""
    points = [
        (point.covered, label, point.verdict)
        for sample, grade in graded
        for label, point in zip(sample.labels, grade.key_points, strict=True)
    ]
    sure = [(chance, truth == 1.0, verdict) for chance, truth, verdict in points if truth in (0.0, 1.0)]
    scores, truth = numpy.array(_scores(graded)), numpy.array([sample.score for sample, _ in graded])
    lengths = numpy.array([math.log(len(sample.attempt)) for sample, _ in graded])
    first, second = (numpy.array([sample.marks[at].score for sample, _ in graded]) for at in (0, 1))
    return {
        "key_point_auc": area_under_curve([c for c, yes, _ in sure if yes], [c for c, yes, _ in sure if not yes]),
        "key_point_accuracy": _share((verdict == "covered") == yes for _, yes, verdict in sure if verdict != "partial"),
        "key_point_undecided": _share(verdict == "partial" for _, _, verdict in sure),
        "calibration_error": calibration_error([(chance, yes) for chance, yes, _ in sure]),
        "band_coverage": _share(grade.band[0] <= 10 * sample.score <= grade.band[1] for sample, grade in graded),
        "band_width": statistics.mean(grade.band[1] - grade.band[0] for _, grade in graded),
        "wrong_attempts_caught": _share(_is_caught(*item) for item in graded if item[0].is_wrong),
        "right_attempts_accused": _share(_is_accused(grade) for sample, grade in graded if not sample.says_wrong),
        "length_beyond_examiners": pearson(scores - truth, lengths),
        "examiners_pearson": pearson(first, second),
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
    questions = group_by(graded, lambda item: item[0].entry_id)
    return bootstrap(questions, lambda drawn: own_details([item for group in drawn for item in group]))


def _is_accused(grade: Grade) -> bool:
    return bool(grade.misconceptions) or any(point.verdict == "contradicted" for point in grade.key_points)


def _is_caught(sample: Sample, grade: Grade) -> bool:
    """The grader names the wrong claim, or gives no credit for any key point that both examiners denied."""
    denied = [
        point.verdict in ("missed", "contradicted")
        for label, point in zip(sample.labels, grade.key_points, strict=True)
        if label == 0.0
    ]
    return _is_accused(grade) or (bool(denied) and all(denied))


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
