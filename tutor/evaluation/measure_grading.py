"""Measures the grader against examiners: python -m tutor eval grading --measure [--set NAME] [--write]

Human-scored sets are scored by a model fitted on the other sets (a learner's own questions are another set, too), the
project's own attempts by the grader as it ships, but fitted without their questions. Beside it, in the same run, what simpler methods reach.
"""

import math
import statistics
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy
from langchain_core.embeddings import Embeddings
from langchain_core.language_models import BaseChatModel

from tutor.domain import Entry, Grade
from tutor.evaluation.agreement import Scored, bootstrap, group_by, intervals, measures, pearson, straight_line
from tutor.evaluation.ask_number import ask_numbers, sample_positions
from tutor.evaluation.fit_whole import fit_judged, fit_whole, unseen_band, whole_score
from tutor.evaluation.grading_reads import Read, RowReader, have_states
from tutor.evaluation.grading_rows import misplaced_rows
from tutor.evaluation.logistic import area_under_curve
from tutor.evaluation.rated import Rated, load_rated
from tutor.grading.attempt import clean
from tutor.grading.calibration import Calibration
from tutor.grading.grader import Grader
from tutor.grading.judge import StateReader
from tutor.grading.probes import Probes
from tutor.grading.rubric import rubric_from_entry

WITH_MODEL = "grader with model"
Fits = Iterable[tuple[Collection[str], Calibration, Probes]]  # entries, and what was fitted without them
_BINS = 10  # of probabilities, for the calibration error


@dataclass(frozen=True)
class Measured:
    """One method on one set."""

    name: str
    method: str
    rows: tuple[Scored, ...]
    half_band: float = math.nan  # how far on either side of a score its band reaches, where that is one number for all

    def line(self) -> dict[str, object]:
        """A row of the table: each measure with its 95 % interval."""
        ranges = intervals(self.rows)
        shown = {measure: _with_range(value, *ranges[measure]) for measure, value in measures(self.rows).items()}
        return {
            "set": self.name,
            "method": self.method,
            "attempts": len(self.rows),
            **shown,
            "in_band": self._in_band(),
        }

    def _in_band(self) -> str:
        if math.isnan(self.half_band):
            return "-"

        def coverage(questions: Sequence[Sequence[Scored]]) -> dict[str, float]:
            return {"in_band": _share(abs(r.truth - r.given) <= self.half_band for group in questions for r in group)}

        questions = group_by(self.rows, lambda row: row.question)
        return _with_range(coverage(questions)["in_band"], *bootstrap(questions, coverage)["in_band"])


def _with_range(value: float, low: float, high: float) -> str:
    """A measure with its interval; a dash where too few questions have it."""
    return "-" if math.isnan(value + low + high) else f"{value:.3f} [{low:.3f}, {high:.3f}]"


def measure_sets(
    scored: Mapping[str, Sequence[Read]],
    names: Sequence[str],
    model: BaseChatModel | None = None,
) -> list[Measured]:
    """The grader and the baselines on each named set, everything fitted on the other sets.

    With the language model's opinion where the sets were read with it; `model` is the one that is asked for a number.
    """
    return [
        measured
        for name in names
        for measured in [
            *_measure_judged(scored, name),
            *_measure_set(scored, name),
            *_numbers_of_set(scored[name], name, model),
        ]
    ]


def _measure_judged(scored: Mapping[str, Sequence[Read]], name: str) -> list[Measured]:
    if not have_states(scored):
        return []
    others = {other: reads for other, reads in scored.items() if other != name}
    model, probe = fit_judged(others)
    rows = tuple(Scored(read.row.kind, read.row.score, whole_score(model, read, probe)) for read in scored[name])
    return [Measured(name, WITH_MODEL, rows, unseen_band(others, fit_judged)["floor"])]


def _numbers_of_set(reads: Sequence[Read], name: str, model: BaseChatModel | None) -> list[Measured]:
    texts = [(read.row.rubric.question, read.row.rubric.reference, read.row.attempt) for read in reads]
    return _numbers(name, [(read.row.kind, read.row.score) for read in reads], texts, model)


def _numbers(
    name: str, truth: Sequence[tuple[str, float]], texts: Sequence[tuple[str, str, str]], model: BaseChatModel | None
) -> list[Measured]:
    """A sample, since each takes seconds; nothing where no model is set."""
    if model is None:
        return []
    positions = sample_positions(len(texts))
    given = ask_numbers(model, [texts[position] for position in positions])
    rows = [Scored(*truth[position], value) for position, value in zip(positions, given, strict=True)]
    return [Measured(name, "model's number", tuple(rows))]


def _measure_set(scored: Mapping[str, Sequence[Read]], name: str) -> list[Measured]:
    others = [reads for other, reads in scored.items() if other != name]
    elsewhere = [read for reads in others for read in reads]
    model = fit_whole(others)
    mean = statistics.mean(read.row.score for read in elsewhere)
    methods: dict[str, Callable[[Read], float]] = {
        "grader": lambda read: whole_score(model, read),
        "constant mean": lambda _: mean,
        "term recall": _line(elsewhere, "recall"),
        "e5 cosine": _line(elsewhere, "cosine"),
    }
    return [
        Measured(name, method, tuple(Scored(r.row.kind, r.row.score, give(r)) for r in scored[name]))
        for method, give in methods.items()
    ]


def _line(reads: Sequence[Read], signal: str) -> Callable[[Read], float]:
    given = straight_line([r.row.score for r in reads], [(r.whole or {})[signal] for r in reads])
    return lambda read: given((read.whole or {})[signal])


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
    known, graded = {entry.id: entry for entry in entries}, []
    for held, calibration, probes in fits:
        grader = Grader(embeddings, states, calibration, probes)
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
    rows = list(misplaced_rows({entry.id: entry for entry in entries}, load_rated()))
    return [
        Scored(row.rubric.entry_id or "", row.score, grader.grade(row.rubric, row.attempt).score / 10)
        for held, calibration, probes in fits
        for grader in [Grader(embeddings, states, calibration, probes)]
        for row in rows
        if row.rubric.entry_id in held
    ]


def misplaced_line(graded: Mapping[str, Sequence[Scored]]) -> dict[str, str]:
    """Mean score (0..1) of each method where examiners would give nothing, as a row beside `detail_lines`."""

    def mean(questions: Sequence[Sequence[Scored]]) -> dict[str, float]:
        return {"score": statistics.mean(row.given for group in questions for row in group)}

    groups = {method: group_by(rows, lambda row: row.question) for method, rows in graded.items()}
    shown = {m: _with_range(mean(found)["score"], *bootstrap(found, mean)["score"]) for m, found in groups.items()}
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
    truth = [item.rated.score for item in graded]
    signals = _own_signals(graded, embeddings)
    columns: dict[str, list[float]] = {
        **({WITH_MODEL: [item.grade.score / 10 for item in judged]} if judged else {}),
        "grader": [item.grade.score / 10 for item in graded],
        "second examiner": [item.rated.ratings[1].score / 10 for item in graded],
        "constant mean": _left_out(graded, [0.0] * len(graded)),
        **{name: _left_out(graded, values) for name, values in signals.items()},
    }
    against = {"second examiner": [item.rated.ratings[0].score / 10 for item in graded]}
    asked = [(item.entry.question, item.entry.answer, item.rated) for item in graded]
    texts = [(q.in_language(r.language), a.in_language(r.language), r.attempt) for q, a, r in asked]
    measured = [
        Measured("own", method, _scored(graded, against.get(method, truth), values))
        for method, values in columns.items()
    ]
    return [*measured, *_numbers("own", [(item.entry.id, item.rated.score) for item in graded], texts, model)]


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


def _left_out(graded: Sequence[Graded], signal: Sequence[float]) -> list[float]:
    """Each attempt's score by a straight line fitted on the attempts at other questions."""
    given = []
    for item, value in zip(graded, signal, strict=True):
        rest = [(g.rated.score, s) for g, s in zip(graded, signal, strict=True) if g.entry.id != item.entry.id]
        truth, seen = [t for t, _ in rest], [s for _, s in rest]
        varies = max(seen) > min(seen)
        given.append(straight_line(truth, seen)(value) if varies else statistics.mean(truth))
    return given


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
            **{method: _with_range(found[name], *ranges[method][name]) for method, found in values.items()},
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
