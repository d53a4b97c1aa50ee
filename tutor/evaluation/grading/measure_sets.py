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
from tutor.evaluation.grading.measurement import WITH_MODEL, Measurement, ask_sample
from tutor.evaluation.grading.readings import Reading, SampleReader
from tutor.evaluation.grading.samples import Sample
from tutor.evaluation.statistics.agreement import Rating, left_out_line, straight_line
from tutor.grading.calibration import Calibration, load_calibration
from tutor.grading.grader import Grader
from tutor.grading.judge import Probes, StateReader, load_probes
from tutor.grading.topic import Topics


def measure_known_set(
    scored: Mapping[str, Sequence[Reading]],
    name: str,
    embeddings: Embeddings,
    states: StateReader | None = None,
    model: BaseChatModel | None = None,
) -> list[Measurement]:
    """The set `name` of `scored`, everything fitted on the other sets; `model` is the one that is asked for a number."""
    others = {other: readings for other, readings in scored.items() if other != name}
    samples = [reading.sample for reading in scored[name]]
    calibration, probes = calibration_on(others)
    return [
        *_graders(name, samples, embeddings, states, calibration, probes),
        *_baselines(scored[name], name, [reading for readings in others.values() for reading in readings]),
        *_asked(name, samples, model),
    ]


def measure_unseen_set(
    samples: Sequence[Sample],
    name: str,
    embeddings: Embeddings,
    states: StateReader | None = None,
    model: BaseChatModel | None = None,
    topics: Topics | None = None,
) -> list[Measurement]:
    """A set that took part in no fit, by the shipped grader.

    What it is compared with is fitted on the set itself, other questions only, which is in favour of these.
    """
    reader = SampleReader(embeddings, None)
    signals = [reader.bare_signals(_right_answer(sample), sample.attempt) for sample in samples]
    questions, truth = [sample.kind for sample in samples], [sample.score for sample in samples]
    columns = {
        "constant mean": [0.0] * len(samples),
        "term recall": [recall for _, recall in signals],
        "e5 cosine": [cosine for cosine, _ in signals],
    }
    return [
        *_graders(name, samples, embeddings, states, load_calibration(), load_probes(), topics),
        *(
            Measurement(name, method, _ratings(samples, left_out_line(questions, truth, values)))
            for method, values in columns.items()
        ),
        *_asked(name, samples, model),
    ]


def _graders(
    name: str,
    samples: Sequence[Sample],
    embeddings: Embeddings,
    states: StateReader | None,
    calibration: Calibration,
    probes: Probes,
    topics: Topics | None = None,
) -> list[Measurement]:
    ways = {**({WITH_MODEL: states} if states else {}), "grader": None}
    measured = []
    for method, way in ways.items():
        grader = Grader(embeddings, way, calibration, probes, topics)
        grades = [grader.grade(sample.rubric, sample.attempt) for sample in samples]
        bands = tuple((grade.band[0] / 10, grade.band[1] / 10) for grade in grades)
        measured.append(Measurement(name, method, _ratings(samples, [grade.score / 10 for grade in grades]), bands))
    return measured


def _baselines(readings: Sequence[Reading], name: str, elsewhere: Sequence[Reading]) -> list[Measurement]:
    mean = statistics.mean(reading.sample.score for reading in elsewhere)
    methods: dict[str, Callable[[Reading], float]] = {
        "constant mean": lambda _: mean,
        "term recall": _line(elsewhere, "recall"),
        "e5 cosine": _line(elsewhere, "cosine"),
    }
    samples = [reading.sample for reading in readings]
    return [
        Measurement(name, method, _ratings(samples, [give(r) for r in readings])) for method, give in methods.items()
    ]


def _line(readings: Sequence[Reading], signal: str) -> Callable[[Reading], float]:
    given = straight_line([r.sample.score for r in readings], [(r.whole or {})[signal] for r in readings])
    return lambda reading: given((reading.whole or {})[signal])


def _right_answer(sample: Sample) -> str:
    """What simpler methods hold an attempt against: the reference, else the key points one after the other."""
    return sample.rubric.reference or " ".join(point.statement for point in sample.rubric.key_points)


def _asked(name: str, samples: Sequence[Sample], model: BaseChatModel | None) -> list[Measurement]:
    texts = [(sample.rubric.question, _right_answer(sample), sample.attempt) for sample in samples]
    return ask_sample(name, [(sample.kind, sample.score) for sample in samples], texts, model)


def _ratings(samples: Sequence[Sample], given: Sequence[float]) -> tuple[Rating, ...]:
    return tuple(Rating(sample.kind, sample.score, value) for sample, value in zip(samples, given, strict=True))
