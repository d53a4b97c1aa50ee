"""Fits and measures the support check: python -m tutor eval support [--write]

Labels come from two places. The bank's own, without hand work: a key point is supported by the answer of its entry; a
circulating mistake of the entry is not, and neither is a key point of the next entry. And sentences that the model wrote
for data/facts.jsonl, judged by hand against the passage found for them (data/judged_sentences.jsonl). Both are split, by entry and
by question; the threshold is set on the tune part.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from langchain_core.embeddings import Embeddings

from tutor.domain import LANGUAGES, Entry
from tutor.entailment.support import Checker, SupportFeatures, load_support_model
from tutor.evaluation.rows import read_rows, wing_data
from tutor.evaluation.statistics.logistic import area_under_curve, fit_logistic
from tutor.fitted import Logistic, write_fitted

# A wrong statement shown as proven costs more than a right one marked "without support".
_FALSELY_SUPPORTED = 0.05  # of the bank's wrong statements
_PRECISION = 0.97  # of the written sentences that pass
_LOST = 0.02  # of the supported written sentences may be so unlike the passages that they are not even shown
_WRITTEN_COUNTS = 10.0  # as much as so many of the bank's statements: written sentences are what the check is for
_EVERY = 5  # entries: embedding every sentence of the whole bank would take a quarter of an hour


@dataclass(frozen=True)
class StatementSample:
    statement: str
    kind: str  # "key point", "mistake", "foreign", "written right", "written wrong"
    split: str
    features: SupportFeatures
    is_grounded: bool  # its numbers and names stand in the text, and nothing denies it

    @property
    def is_supported(self) -> bool:
        return self.kind in ("key point", "written right")


def measure_support(entries: Sequence[Entry], embeddings: Embeddings) -> tuple[dict[str, Any], dict[str, Any]]:
    """(fitted parameters, report on the test part)."""
    chosen = range(0, len(entries), _EVERY)
    samples = [s for order, number in enumerate(chosen) for s in _samples(entries, number, order, embeddings)]
    samples += written_samples(embeddings)
    tune = [sample for sample in samples if sample.split == "tune"]
    test = [sample for sample in samples if sample.split == "test"]
    model = fit_logistic(
        [asdict(sample.features) for sample in tune],
        [sample.is_supported for sample in tune],
        shares=[_WRITTEN_COUNTS if sample.kind.startswith("written") else 1.0 for sample in tune],
    )
    threshold = _threshold(model, tune)
    right = sorted(_chance(model, sample) for sample in tune if sample.kind == "written right")
    hopeless = round(min(right[int(_LOST * len(right))], threshold) * 0.999, 4)
    return {**model.as_json(), "threshold": threshold, "hopeless_below": hopeless}, {
        "tune": _report(model, tune, threshold),
        "test": _report(model, test, threshold),
    }


def _threshold(model: Logistic, tune: Sequence[StatementSample]) -> float:
    """The lowest that keeps both limits: of the bank's wrong statements, and of the written ones that pass."""
    wrong = sorted((_chance(model, s) for s in tune if s.kind in ("mistake", "foreign")), reverse=True)
    floor = wrong[int(_FALSELY_SUPPORTED * len(wrong))]
    written = [(_chance(model, s), s.is_supported) for s in tune if s.kind.startswith("written") and s.is_grounded]
    candidates = sorted({floor, *(chance for chance, _ in written if chance > floor)})
    for threshold in candidates:
        passing = [supported for chance, supported in written if chance >= threshold]
        if not passing or sum(passing) / len(passing) >= _PRECISION:
            return round(threshold, 4)
    return round(candidates[-1], 4)


def written_samples(embeddings: Embeddings) -> list[StatementSample]:
    """The sentences read by hand."""
    samples, shipped = [], load_support_model()
    for row in read_rows(wing_data("entailment", "judged_sentences.jsonl")):
        finding = Checker(embeddings, [row["passage"]], shipped).check(row["sentence"])
        if finding is not None:
            kind = "written right" if row["supported"] else "written wrong"
            samples.append(StatementSample(row["sentence"], kind, row["split"], finding.features, finding.is_grounded))
    return samples


def write_support(parameters: dict[str, Any], report: dict[str, Any], *, embedder: str, entries: int) -> Path:
    """Replaces the shipped parameters."""
    command = "python -m tutor eval support --write"
    provenance = {"command": command, "embedder": embedder, "bank_entries": entries, **report}
    return write_fitted("tutor.entailment", "support", parameters, provenance)


def _samples(entries: Sequence[Entry], number: int, order: int, embeddings: Embeddings) -> list[StatementSample]:
    entry, other = entries[number], entries[(number + 1) % len(entries)]
    split = "test" if order % 3 == 2 else "tune"
    samples: list[StatementSample] = []
    for language in LANGUAGES:
        checker = Checker(embeddings, [entry.answer.in_language(language)], load_support_model())
        statements = [
            *((point.text, "key point") for point in entry.key_points),
            *((item.claim, "mistake") for item in entry.misconceptions),
            *((point.text, "foreign") for point in other.key_points[:2]),
        ]
        for text, kind in statements:
            finding = checker.check(text.in_language(language))
            if finding is not None:
                samples.append(
                    StatementSample(text.in_language(language), kind, split, finding.features, finding.is_grounded)
                )
    return samples


def _chance(model: Logistic, sample: StatementSample) -> float:
    return model.probability(asdict(sample.features))


def _report(model: Logistic, samples: Sequence[StatementSample], threshold: float) -> dict[str, float]:
    groups = {kind: [s for s in samples if s.kind == kind] for kind in dict.fromkeys(s.kind for s in samples)}
    right = [_chance(model, sample) for sample in samples if sample.is_supported]
    wrong = [_chance(model, sample) for sample in samples if not sample.is_supported]
    passing = [s for s in samples if s.kind.startswith("written") and s.is_grounded and _chance(model, s) >= threshold]
    shares = {
        f"supported_{kind.replace(' ', '_')}": round(
            sum(s.is_grounded and _chance(model, s) >= threshold for s in group) / len(group), 4
        )
        for kind, group in groups.items()
    }
    return {
        "statements": len(samples),
        "auc": round(area_under_curve(right, wrong), 4),
        **shares,
        "written_passing": len(passing),
        "written_precision": round(sum(s.is_supported for s in passing) / len(passing), 4) if passing else 0.0,
    }
