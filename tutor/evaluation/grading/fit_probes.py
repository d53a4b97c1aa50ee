"""Fits the probes on what the truncated model understood: of key points by what examiners heard, of wholes by their marks.

Whatever is fitted on a probe's output must not see outputs about rows that the probe was fitted on: such models take
theirs from `opinions_left_out`, where each question (or set) is weighed by probes of the others.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy

from tutor.evaluation.statistics.logistic import Array, fit_weights
from tutor.grading.judge import Opinion, Probe, WholeStates, weigh_whole

FOLDS = 8
# Chosen with questions and sets left out (0012, 0013).
_RIDGE = 20.0
_WHOLE_RIDGE = 100_000.0


@dataclass(frozen=True)
class PointExample:
    """What the probes of key points are fitted on: the state of a model that has read an attempt and then the key point."""

    group: str  # the question; everything about one question is left out together
    state: Sequence[float]
    stated: float  # 0..1, what examiners heard
    denied: float
    share: float = 1.0  # how much it counts


def fit_probe(
    states: Sequence[Sequence[float]], labels: Sequence[float], shares: Sequence[float], ridge: float
) -> Probe:
    """A probe of labels 0..1; `shares` say how much each row counts.

    The views are not standardised: rounding adds the same error to each, so the ridge holds against that error.
    """
    raw = numpy.asarray(states, dtype=numpy.float64)
    mean = raw.mean(axis=0)
    inputs = numpy.hstack([raw - mean, numpy.ones((len(raw), 1))])
    weights = fit_weights(inputs, numpy.asarray(labels), numpy.asarray(shares), ridge)
    slopes = weights[:-1]
    return Probe(float(weights[-1] - slopes @ mean), tuple(float(f"{slope:.5g}") for slope in slopes))


def fit_point_probes(examples: Sequence[PointExample]) -> tuple[Probe, Probe]:
    """(stated, denied)."""
    states, shares = [row.state for row in examples], [row.share for row in examples]
    return (
        fit_probe(states, [row.stated for row in examples], shares, _RIDGE),
        fit_probe(states, [row.denied for row in examples], shares, _RIDGE),
    )


def opinions_left_out(examples: Sequence[PointExample], asked: Sequence[PointExample]) -> list[Opinion]:
    """On each of `asked`, by probes fitted on those of `examples` that belong to other questions (in folds)."""
    ordered = sorted({row.group for row in asked})
    folds = [frozenset(ordered[fold::FOLDS]) for fold in range(FOLDS)]
    probes = {held: fit_point_probes([row for row in examples if row.group not in held]) for held in folds if held}
    opinions = []
    for row in asked:
        stated, denied = next(pair for held, pair in probes.items() if row.group in held)
        opinions.append(Opinion(stated.weigh(row.state), denied.weigh(row.state)))
    return opinions


@dataclass(frozen=True)
class WholeExample:
    """What the probe of wholes is fitted on: what an attempt at a bare reference has changed in a model that read it."""

    group: str  # the question
    states: WholeStates
    mark: float  # 0..1, by examiners
    share: float = 1.0


def fit_whole_probe(examples: Sequence[WholeExample]) -> Probe:
    """What, within a question, goes with a better mark; in standard deviations of the examples.

    That one question is harder than another, or comes from another subject, is no sign of a right answer.
    """
    shares, groups = numpy.asarray([row.share for row in examples])[:, None], [row.group for row in examples]
    raw = numpy.asarray([row.states.attempt for row in examples], dtype=numpy.float64)
    contrasts, marks = _within(groups, raw), _within(groups, numpy.asarray([[row.mark] for row in examples]))
    scale = numpy.sqrt((shares * contrasts**2).sum(axis=0) / shares.sum())
    scale[scale == 0] = 1.0
    inputs = contrasts / scale
    curvature = inputs.T @ (shares * inputs) + _WHOLE_RIDGE * numpy.eye(inputs.shape[1])
    slopes = numpy.linalg.solve(curvature, inputs.T @ (shares * marks))[:, 0] / scale
    slopes /= numpy.std(raw @ slopes) or 1.0
    return Probe(0.0, tuple(float(f"{slope:.5g}") for slope in slopes))


def _within(groups: Sequence[str], values: Array) -> Array:
    """Each row less the mean of its group."""
    named = numpy.asarray(groups)
    centred = values.copy()
    for group in set(groups):
        centred[named == group] -= values[named == group].mean(axis=0)
    return centred


def agreed_left_out(sets: Mapping[str, Sequence[WholeExample]]) -> dict[str, list[float]]:
    """For each set what a probe of the other sets makes of its examples."""
    agreed = {}
    for name, examples in sets.items():
        probe = fit_whole_probe([row for other, rest in sets.items() if other != name for row in rest])
        agreed[name] = [weigh_whole(probe, row.states) for row in examples]
    return agreed
