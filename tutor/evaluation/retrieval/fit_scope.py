"""Fits and measures the scope decision: python -m tutor eval scope [--write]

Uses the tune parts of data/scope_queries.jsonl (short questions) and data/questions.jsonl (as people talk) on the current index (the shipped corpus, bundled embedder) and
reports on the test part, which nothing is tuned on.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy

from tutor.evaluation.retrieval.measure import load_questions
from tutor.evaluation.rows import read_rows, wing_data
from tutor.evaluation.statistics.logistic import Array, area_under_curve, fit_logistic
from tutor.fitted import Logistic, write_fitted
from tutor.retrieval.hybrid import HybridRetriever

# What is allowed at most; the threshold is where both errors take the same part of it on the tune part, left out one by one.
_REFUSED = 0.03
_ANSWERED = 0.05


@dataclass(frozen=True)
class ScopeSample:
    query: str
    in_scope: bool
    split: str
    features: dict[str, float]


def measure_scope(retriever: HybridRetriever) -> tuple[dict[str, Any], dict[str, Any], list[str]]:
    """(fitted parameters, report on both parts, the test questions that went wrong)."""
    samples = load_samples(retriever)
    tune = [sample for sample in samples if sample.split == "tune"]
    test = [sample for sample in samples if sample.split == "test"]
    model = fit_logistic([sample.features for sample in tune], [sample.in_scope for sample in tune])
    inside, outside = left_out(tune)
    threshold = pick_threshold(inside, outside)
    report = {"tune": evaluate(model, tune, threshold), "test": evaluate(model, test, threshold)}
    wrong = [
        f"{chance:.3f} {sample.query}"
        for sample in test
        if ((chance := model.probability(sample.features)) >= threshold) != sample.in_scope
    ]
    limits = {"threshold": threshold, "weak_below": weak_below(outside, threshold)}
    return {**model.as_json(), **limits}, report, wrong


def load_samples(retriever: HybridRetriever) -> list[ScopeSample]:
    """Each question twice: as it is found, and as in a learner's own documents, which have no bank questions."""
    shipped = read_rows(wing_data("retrieval", "scope_queries.jsonl"))
    rows = [(row["query"], row["in_scope"], row["split"]) for row in shipped]
    rows += [(item.query, bool(item.entries), item.split) for item in load_questions()]
    samples: list[ScopeSample] = []
    for query, in_scope, split in rows:
        samples.append(ScopeSample(query, in_scope, split, asdict(retriever.search(query).features)))
        samples.append(ScopeSample(query, in_scope, split, asdict(retriever.features_without_questions(query))))
    return samples


def left_out(samples: Sequence[ScopeSample]) -> tuple[Array, Array]:
    """Probabilities of the in-scope and of the out-of-scope samples, each by a model fitted without its question."""
    chances: dict[bool, list[float]] = {True: [], False: []}
    for query in sorted({sample.query for sample in samples}):
        rest = [sample for sample in samples if sample.query != query]
        model = fit_logistic([sample.features for sample in rest], [sample.in_scope for sample in rest])
        for sample in samples:
            if sample.query == query:
                chances[sample.in_scope].append(model.probability(sample.features))
    return numpy.array(chances[True]), numpy.array(chances[False])


def pick_threshold(inside: Array, outside: Array) -> float:
    """The middle of the thresholds with the least of the worse error, each error taken as a part of what is allowed."""
    tried = numpy.linspace(0.02, 0.98, 1921)
    worse = numpy.array([max((inside < t).mean() / _REFUSED, (outside >= t).mean() / _ANSWERED) for t in tried])
    return round(float(tried[worse <= worse.min() + 1e-9].mean()), 4)


def weak_below(outside: Array, threshold: float) -> float:
    """Where all but the top 1 % of the out-of-scope questions lie below: there the evidence is no longer weak."""
    ordered = sorted(float(chance) for chance in outside)
    return round(max(threshold, ordered[int(0.99 * (len(ordered) - 1))]), 4)


def evaluate(model: Logistic, samples: Sequence[ScopeSample], threshold: float) -> dict[str, float]:
    inside = [model.probability(sample.features) for sample in samples if sample.in_scope]
    outside = [model.probability(sample.features) for sample in samples if not sample.in_scope]
    return {
        "in_scope": len(inside),
        "out_of_scope": len(outside),
        "auc": round(area_under_curve(inside, outside), 4),
        "refused_in_scope": round(sum(value < threshold for value in inside) / len(inside), 4),
        "answered_out_of_scope": round(sum(value >= threshold for value in outside) / len(outside), 4),
    }


def write_scope(parameters: dict[str, Any], report: dict[str, Any], *, embedder: str, bank_entries: int) -> Path:
    """Replaces the shipped parameters; the thresholds for known questions stay."""
    command = "python -m tutor eval scope --write"
    provenance = {"command": command, "embedder": embedder, "bank_entries": bank_entries, **report}
    return write_fitted("tutor.retrieval", "scope", parameters, provenance)
