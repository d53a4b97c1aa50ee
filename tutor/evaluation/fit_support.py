"""Fits and measures the support check: python -m tutor eval support [--write]

Labels come from the bank itself, without hand work: a key point is supported by the answer of its entry; a circulating
mistake of the entry is not, and neither is a key point of the next entry. Entries are split, a third for testing.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path
from typing import Any

from langchain_core.embeddings import Embeddings

from tutor.domain import LANGUAGES, Entry
from tutor.evaluation.logistic import Logistic, area_under_curve, fit_logistic
from tutor.grading.support import Checker, SupportFeatures

# A wrong statement shown as proven costs more than a right one marked "without support".
_FALSELY_SUPPORTED = 0.10
_EVERY = 5  # entries: embedding every sentence of the whole bank would take a quarter of an hour


@dataclass(frozen=True)
class Sample:
    statement: str
    kind: str  # "key point", "mistake", "foreign"
    split: str
    features: SupportFeatures

    @property
    def is_supported(self) -> bool:
        return self.kind == "key point"


def measure_support(entries: Sequence[Entry], embeddings: Embeddings) -> tuple[dict[str, Any], dict[str, Any]]:
    """(fitted parameters, report on the test entries)."""
    chosen = range(0, len(entries), _EVERY)
    samples = [s for order, number in enumerate(chosen) for s in _samples(entries, number, order, embeddings)]
    tune = [sample for sample in samples if sample.split == "tune"]
    test = [sample for sample in samples if sample.split == "test"]
    model = fit_logistic([asdict(sample.features) for sample in tune], [sample.is_supported for sample in tune])
    wrong = sorted((_chance(model, sample) for sample in tune if not sample.is_supported), reverse=True)
    threshold = round(wrong[int(_FALSELY_SUPPORTED * len(wrong))], 4)
    return {**model.as_json(), "threshold": threshold}, {
        "tune": _report(model, tune, threshold),
        "test": _report(model, test, threshold),
    }


def write_support(parameters: dict[str, Any], report: dict[str, Any], *, embedder: str, entries: int) -> Path:
    """Replaces the shipped parameters."""
    provenance = {
        "fitted": datetime.now(UTC).date().isoformat(),
        "command": "python -m tutor eval support --write",
        "embedder": embedder,
        "bank_entries": entries,
        **report,
    }
    path = Path(str(files("tutor.grading").joinpath("support.json")))
    path.write_text(json.dumps({"provenance": provenance, **parameters}, indent=2) + "\n", encoding="utf-8")
    return path


def _samples(entries: Sequence[Entry], number: int, order: int, embeddings: Embeddings) -> list[Sample]:
    entry, other = entries[number], entries[(number + 1) % len(entries)]
    split = "test" if order % 3 == 2 else "tune"
    samples: list[Sample] = []
    for language in LANGUAGES:
        checker = Checker(embeddings, [entry.answer.in_language(language)])
        statements = [
            *((point.text, "key point") for point in entry.key_points),
            *((item.claim, "mistake") for item in entry.misconceptions),
            *((point.text, "foreign") for point in other.key_points[:2]),
        ]
        for text, kind in statements:
            finding = checker.check(text.in_language(language))
            if finding is not None:
                samples.append(Sample(text.in_language(language), kind, split, finding.features))
    return samples


def _chance(model: Logistic, sample: Sample) -> float:
    return model.probability(asdict(sample.features))


def _report(model: Logistic, samples: Sequence[Sample], threshold: float) -> dict[str, float]:
    by_kind = {
        kind: [_chance(model, sample) for sample in samples if sample.kind == kind]
        for kind in ("key point", "mistake", "foreign")
    }
    right, wrong = by_kind["key point"], by_kind["mistake"] + by_kind["foreign"]
    return {
        "statements": len(samples),
        "auc": round(area_under_curve(right, wrong), 4),
        **{
            f"supported_{kind.replace(' ', '_')}": round(sum(value >= threshold for value in values) / len(values), 4)
            for kind, values in by_kind.items()
        },
    }
