"""Logistic regression with a ridge, by Newton's method: enough for a handful of features, and reproducible."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy

from tutor.fitted import Logistic

Array = numpy.ndarray[Any, numpy.dtype[numpy.float64]]
_STEPS = 200


def mean_of(wide: Logistic, narrow: Logistic) -> Logistic:
    """The model of the mean log-odds of both; `narrow` was fitted on the same rows, on some of the same features."""
    weights = {name: (weight + narrow.weights.get(name, 0.0)) / 2 for name, weight in wide.weights.items()}
    return replace(wide, weights=weights, intercept=(wide.intercept + narrow.intercept) / 2)


def stack(inner: Logistic, name: str, outer: Logistic) -> Logistic:
    """`outer`, whose feature `name` is the log-odds of `inner`, as one model over all features."""
    slope = outer.weights[name] / outer.scale[name]
    others = {key: weight for key, weight in outer.weights.items() if key != name}
    return Logistic(
        {**{key: weight * slope for key, weight in inner.weights.items()}, **others},
        {**inner.mean, **{key: outer.mean[key] for key in others}},
        {**inner.scale, **{key: outer.scale[key] for key in others}},
        outer.intercept + slope * (inner.intercept - outer.mean[name]),
    )


def fit_logistic(
    rows: Sequence[Mapping[str, float]],
    labels: Sequence[float],
    *,
    ridge: float = 0.5,
    shares: Sequence[float] | None = None,
) -> Logistic:
    """Fits P(label) from feature rows that share their names, labels 0..1.

    `ridge` keeps weights small where features agree; `shares` say how much each row counts (1 when left out).
    """
    names = list(rows[0])
    raw = numpy.array([[row[name] for name in names] for row in rows], dtype=numpy.float64)
    mean, scale = raw.mean(axis=0), raw.std(axis=0)
    scale[scale == 0] = 1.0
    inputs = numpy.hstack([(raw - mean) / scale, numpy.ones((len(raw), 1))])
    counts = numpy.ones(len(raw)) if shares is None else numpy.array(shares, dtype=numpy.float64)
    weights = fit_weights(inputs, numpy.array(labels, dtype=numpy.float64), counts, ridge)
    return Logistic(
        dict(zip(names, weights[:-1].tolist(), strict=True)),
        dict(zip(names, mean.tolist(), strict=True)),
        dict(zip(names, scale.tolist(), strict=True)),
        float(weights[-1]),
    )


def fit_weights(inputs: Array, labels: Array, counts: Array, ridge: float) -> Array:
    """(features + 1,) weights for inputs (rows, features + 1) whose last column is 1 and goes without penalty."""
    weights = numpy.zeros(inputs.shape[1])
    penalty = numpy.full(inputs.shape[1], ridge)
    penalty[-1] = 0.0
    for _ in range(_STEPS):
        chance = 1.0 / (1.0 + numpy.exp(-inputs @ weights))
        gradient = inputs.T @ (counts * (chance - labels)) + penalty * weights
        curvature = inputs.T @ (inputs * (counts * chance * (1 - chance))[:, None]) + numpy.diag(penalty + 1e-9)
        step = numpy.linalg.solve(curvature, gradient)
        weights = weights - step
        if numpy.abs(step).max() < 1e-10:
            break
    return weights


def area_under_curve(positive: Sequence[float], negative: Sequence[float]) -> float:
    """Probability that a positive scores above a negative; ties count half. Raises ValueError when one side is empty."""
    if not len(positive) or not len(negative):
        raise ValueError("area under the curve: expected rows of both kinds")
    ordered = numpy.sort(numpy.asarray(negative, dtype=numpy.float64))
    below = numpy.searchsorted(ordered, positive, side="left") + numpy.searchsorted(ordered, positive, side="right")
    return float(below.mean() / (2 * len(ordered)))
