"""Fits tutor/retrieval/scope.json: python -m tutor.evaluation.fit_scope [--write]

Uses the tune part of data/scope_queries.jsonl on the current index (the shipped corpus, bundled embedder) and
reports on the test part, which nothing is tuned on.
"""

import argparse
import json
import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy

from tutor.assembly import Tutor
from tutor.retrieval.scope import FEATURE_NAMES
from tutor.settings import load_settings

_RIDGE = 0.5  # keeps weights small where features say the same
_STEPS = 200
_TARGET_REFUSED = 0.03  # of in-scope questions, on the tune part
Array = numpy.ndarray[Any, numpy.dtype[numpy.float64]]


@dataclass(frozen=True)
class Sample:
    query: str
    in_scope: bool
    split: str
    features: dict[str, float]


def main() -> None:
    parser = argparse.ArgumentParser(description="Fit the scope model on the current index.")
    parser.add_argument("--write", action="store_true", help="replace tutor/retrieval/scope.json")
    args = parser.parse_args()
    tutor = Tutor(load_settings())
    samples = load_samples(tutor)
    tune = [sample for sample in samples if sample.split == "tune"]
    test = [sample for sample in samples if sample.split == "test"]
    model = fit(tune)
    threshold = pick_threshold(model, tune)
    model |= {"threshold": threshold, "weak_below": weak_below(model, tune, threshold)}
    report = {"tune": evaluate(model, tune), "test": evaluate(model, test)}
    print(json.dumps(report, indent=2))
    for sample in test:
        wrong = (probability(model, sample) >= threshold) != sample.in_scope
        if wrong:
            print(f"  wrong on test: {probability(model, sample):.3f} {sample.query}")
    if args.write:
        write(model, tutor, report)


def load_samples(tutor: Tutor) -> list[Sample]:
    lines = files("tutor.evaluation").joinpath("data", "scope_queries.jsonl").read_text(encoding="utf-8").splitlines()
    rows = [json.loads(line) for line in lines]
    return [
        Sample(row["query"], row["in_scope"], row["split"], asdict(tutor.retriever.search(row["query"]).features))
        for row in rows
    ]


def fit(samples: Sequence[Sample]) -> dict[str, Any]:
    """Logistic regression with a ridge, by Newton's method, over standardised features."""
    raw = numpy.array([[sample.features[name] for name in FEATURE_NAMES] for sample in samples])
    labels = numpy.array([float(sample.in_scope) for sample in samples])
    mean, scale = raw.mean(axis=0), raw.std(axis=0)
    scale[scale == 0] = 1.0
    inputs = numpy.hstack([(raw - mean) / scale, numpy.ones((len(raw), 1))])
    weights = _newton(inputs, labels)
    return {
        "mean": dict(zip(FEATURE_NAMES, mean.tolist(), strict=True)),
        "scale": dict(zip(FEATURE_NAMES, scale.tolist(), strict=True)),
        "weights": dict(zip(FEATURE_NAMES, weights[:-1].tolist(), strict=True)),
        "intercept": float(weights[-1]),
    }


def _newton(inputs: Array, labels: Array) -> Array:
    weights = numpy.zeros(inputs.shape[1])
    penalty = numpy.full(inputs.shape[1], _RIDGE)
    penalty[-1] = 0.0
    for _ in range(_STEPS):
        chance = 1.0 / (1.0 + numpy.exp(-inputs @ weights))
        gradient = inputs.T @ (chance - labels) + penalty * weights
        curvature = inputs.T @ (inputs * (chance * (1 - chance))[:, None]) + numpy.diag(penalty + 1e-9)
        step = numpy.linalg.solve(curvature, gradient)
        weights = weights - step
        if numpy.abs(step).max() < 1e-10:
            break
    return weights


def probability(model: dict[str, Any], sample: Sample) -> float:
    logit = model["intercept"] + sum(
        model["weights"][name] * (sample.features[name] - model["mean"][name]) / model["scale"][name]
        for name in FEATURE_NAMES
    )
    return float(1.0 / (1.0 + math.exp(-logit)))


def pick_threshold(model: dict[str, Any], samples: Sequence[Sample]) -> float:
    """The highest threshold that refuses at most 3 % of the in-scope questions, but never above one half."""
    inside = sorted(probability(model, sample) for sample in samples if sample.in_scope)
    allowed = int(_TARGET_REFUSED * len(inside))
    return round(min(0.5, inside[allowed] - 1e-4), 4)


def weak_below(model: dict[str, Any], samples: Sequence[Sample], threshold: float) -> float:
    """Above the highest of the out-of-scope questions but the top 2 %: there the evidence is no longer weak."""
    outside = sorted(probability(model, sample) for sample in samples if not sample.in_scope)
    return round(max(threshold, outside[int(0.98 * (len(outside) - 1))]), 4)


def evaluate(model: dict[str, Any], samples: Sequence[Sample]) -> dict[str, float]:
    inside = [probability(model, sample) for sample in samples if sample.in_scope]
    outside = [probability(model, sample) for sample in samples if not sample.in_scope]
    pairs = [(a > b) + 0.5 * (a == b) for a in inside for b in outside]
    return {
        "in_scope": len(inside),
        "out_of_scope": len(outside),
        "auc": round(sum(pairs) / len(pairs), 4),
        "refused_in_scope": round(sum(value < model["threshold"] for value in inside) / len(inside), 4),
        "answered_out_of_scope": round(sum(value >= model["threshold"] for value in outside) / len(outside), 4),
    }


def write(model: dict[str, Any], tutor: Tutor, report: dict[str, Any]) -> None:
    path = Path(str(files("tutor.retrieval").joinpath("scope.json")))
    known = json.loads(path.read_text(encoding="utf-8"))["known_question"]
    provenance = {
        "fitted": datetime.now(UTC).date().isoformat(),
        "script": "python -m tutor.evaluation.fit_scope --write",
        "embedder": tutor.index.manifest().embedder,
        "bank_entries": len(tutor.bank.entries),
        **report,
    }
    rounded = {
        key: {name: round(value, 6) for name, value in part.items()} if isinstance(part, dict) else round(part, 6)
        for key, part in model.items()
    }
    data = {"provenance": provenance, **rounded, "known_question": known}
    path.write_text(json.dumps(data, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
