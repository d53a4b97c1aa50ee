"""The grader and simpler methods on human-scored sets: python -m tutor eval grading --measure [--set NAME] [--sets FOLDER]

A learner's own questions belong to no set we know. So a set that takes part in the fit is graded by parameters that were
fitted on the others only, and what it is compared with is fitted there, too. Any other set is graded by the grader as it
ships. Both are graded whole, guards and all, as the product grades.
"""

import statistics
from collections.abc import Callable, Mapping, Sequence

from langchain_core.embeddings import Embeddings
from langchain_core.language_models import BaseChatModel

from tutor.evaluation.grading.fit import calibration_on
from tutor.evaluation.grading.measured import WITH_MODEL, Measured, ask_sample
from tutor.evaluation.grading.readings import Read, RowReader
from tutor.evaluation.grading.samples import Row
from tutor.evaluation.statistics.agreement import Scored, left_out_line, straight_line
from tutor.grading.calibration import Calibration
from tutor.grading.grader import Grader
from tutor.grading.judge import StateReader
from tutor.grading.probes import Probes
from tutor.grading.topic import Topics


def measure_known_set(
    scored: Mapping[str, Sequence[Read]],
    name: str,
    embeddings: Embeddings,
    states: StateReader | None = None,
    model: BaseChatModel | None = None,
) -> list[Measured]:
    """The set `name` of `scored`, everything fitted on the other sets; `model` is the one that is asked for a number."""
    others = {other: reads for other, reads in scored.items() if other != name}
    rows = [read.row for read in scored[name]]
    calibration, probes = calibration_on(others)
    return [
        *_graders(name, rows, embeddings, states, calibration, probes),
        *_baselines(scored[name], name, [read for reads in others.values() for read in reads]),
        *_asked(name, rows, model),
    ]


def measure_unseen_set(
    rows: Sequence[Row],
    name: str,
    embeddings: Embeddings,
    states: StateReader | None = None,
    model: BaseChatModel | None = None,
    topics: Topics | None = None,
) -> list[Measured]:
    """A set that took part in no fit, by the shipped grader.

    What it is compared with is fitted on the set itself, other questions only, which is in favour of these.
    """
    reader = RowReader(embeddings, None)
    signals = [reader.bare_signals(_right_answer(row), row.attempt) for row in rows]
    questions, truth = [row.kind for row in rows], [row.score for row in rows]
    columns = {
        "constant mean": [0.0] * len(rows),
        "term recall": [recall for _, recall in signals],
        "e5 cosine": [cosine for cosine, _ in signals],
    }
    return [
        *_graders(name, rows, embeddings, states, topics=topics),
        *(
            Measured(name, method, _scored(rows, left_out_line(questions, truth, values)))
            for method, values in columns.items()
        ),
        *_asked(name, rows, model),
    ]


def _graders(
    name: str,
    rows: Sequence[Row],
    embeddings: Embeddings,
    states: StateReader | None,
    calibration: Calibration | None = None,
    probes: Probes | None = None,
    topics: Topics | None = None,
) -> list[Measured]:
    ways = {**({WITH_MODEL: states} if states else {}), "grader": None}
    measured = []
    for method, reads in ways.items():
        grader = Grader(embeddings, reads, calibration, probes, topics)
        grades = [grader.grade(row.rubric, row.attempt) for row in rows]
        bands = tuple((grade.band[0] / 10, grade.band[1] / 10) for grade in grades)
        measured.append(Measured(name, method, _scored(rows, [grade.score / 10 for grade in grades]), bands))
    return measured


def _baselines(reads: Sequence[Read], name: str, elsewhere: Sequence[Read]) -> list[Measured]:
    mean = statistics.mean(read.row.score for read in elsewhere)
    methods: dict[str, Callable[[Read], float]] = {
        "constant mean": lambda _: mean,
        "term recall": _line(elsewhere, "recall"),
        "e5 cosine": _line(elsewhere, "cosine"),
    }
    rows = [read.row for read in reads]
    return [Measured(name, method, _scored(rows, [give(r) for r in reads])) for method, give in methods.items()]


def _line(reads: Sequence[Read], signal: str) -> Callable[[Read], float]:
    given = straight_line([r.row.score for r in reads], [(r.whole or {})[signal] for r in reads])
    return lambda read: given((read.whole or {})[signal])


def _right_answer(row: Row) -> str:
    """What simpler methods hold an attempt against: the reference, else the key points one after the other."""
    return row.rubric.reference or " ".join(point for point, _ in row.rubric.key_points)


def _asked(name: str, rows: Sequence[Row], model: BaseChatModel | None) -> list[Measured]:
    texts = [(row.rubric.question, _right_answer(row), row.attempt) for row in rows]
    return ask_sample(name, [(row.kind, row.score) for row in rows], texts, model)


def _scored(rows: Sequence[Row], given: Sequence[float]) -> tuple[Scored, ...]:
    return tuple(Scored(row.kind, row.score, value) for row, value in zip(rows, given, strict=True))
