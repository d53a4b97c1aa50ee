"""Fits and measures the detector of contradictions: python -m tutor eval check [--write]

Every reworded mistake, and its correct counterpart, stands in a small passage of its own: under the entry's question,
before one of the entry's key points. Paragraphs of the bank's answers and lines that assert nothing are passages
without a mistake. Mistakes and entries are split; weights and threshold see the tune part only.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tutor.domain import LANGUAGES, Entry, Language, Passage
from tutor.entailment.claims import Claims
from tutor.entailment.contradiction import Detector, Suspicion, read_units
from tutor.evaluation.rows import read_rows, wing_data
from tutor.evaluation.statistics.logistic import fit_logistic
from tutor.fitted import Logistic, write_fitted

# Share of tune passages without a mistake that each model may flag. The second was chosen among 0.04, 0.05 and 0.06 after
# a look at the five documents of docs/measurements/contradictions.md: at 0.05 two faults fewer are found there.
_FALSELY_FLAGGED = {"lone": 0.04, "any": 0.06}
_FLAGS = {"lone": ("sentence", "clause"), "any": ("sentence", "clause", "window", "headed")}
_LEARNS_FROM = {
    "lone": ("sentence", "clause"),
    "any": ("sentence", "clause", "window"),
}  # with headings: 3 faults fewer
_EVERY = 16  # entries whose answers serve as passages without a mistake: all of them would take an hour
_WEIGHT = {"wrong": 5, "right": 5, "plain": 3, "answer": 1}
SIGNALS = (
    "near", "margin", "margin_right", "recall", "correction_recall", "correction_number", "negation", "antonym", "terms",
    "chinese", "window",
)  # fmt: skip


@dataclass(frozen=True)
class PassageSample:
    """A passage whose mistake is known."""

    kind: str  # "wrong", "right", "plain", "answer"
    split: str
    language: Language
    statement: str
    claim: int | None  # the claim that `wrong` asserts and `right` corrects
    suspicions: tuple[Suspicion, ...]


@dataclass(frozen=True)
class Flagger:
    """A fitted model with its threshold, in log-odds."""

    name: str
    model: Logistic
    threshold: float

    def surplus(self, sample: PassageSample, claim: int | None = None) -> float:
        """How far the passage's most suspicious unit is above the threshold; of one claim or of any."""
        asked = [
            item
            for item in sample.suspicions
            if item.unit.kind in _FLAGS[self.name] and (claim is None or item.claim == claim)
        ]
        return max((self.model.log_odds(item.signals) for item in asked), default=-99.0) - self.threshold


def measure_check(entries: Sequence[Entry], claims: Claims) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """(fitted models, report on both parts)."""
    samples = [*_statements(claims), *_answers(entries, claims)]
    tune = [sample for sample in samples if sample.split == "tune"]
    flaggers = [_fit(name, tune) for name in _FLAGS]
    report = {split: _report(flaggers, samples, split) for split in ("tune", "test")}
    return [_as_json(flagger) for flagger in flaggers], report


def _fit(name: str, tune: Sequence[PassageSample]) -> Flagger:
    rows = [row for sample in tune for row in _rows(sample) if row[0].unit.kind in _LEARNS_FROM[name]]
    weighted = [row for row in rows for _ in range(row[2])]
    signals = [{signal: row[0].signals[signal] for signal in SIGNALS} for row in weighted]
    free = Flagger(name, fit_logistic(signals, [row[1] for row in weighted], ridge=5.0), 0.0)
    clean = sorted((free.surplus(sample) for sample in tune if sample.kind != "wrong"), reverse=True)
    return Flagger(name, free.model, clean[int(_FALSELY_FLAGGED[name] * len(clean))] + 1e-6)


def _as_json(flagger: Flagger) -> dict[str, Any]:
    threshold = round(1.0 / (1.0 + math.exp(-flagger.threshold)) + 5e-5, 4)
    return {"name": flagger.name, "kinds": _FLAGS[flagger.name], **flagger.model.as_json(), "threshold": threshold}


def write_check(models: list[dict[str, Any]], report: dict[str, Any], *, embedder: str, entries: int) -> Path:
    """Replaces the shipped parameters."""
    command = "python -m tutor eval check --write"
    provenance = {"command": command, "embedder": embedder, "bank_entries": entries, **report}
    return write_fitted("tutor.entailment", "contradiction", {"models": models}, provenance)


def _statements(claims: Claims) -> list[PassageSample]:
    positions = {claim.id: number for number, claim in enumerate(claims.all)}
    found: list[PassageSample] = []
    for row in read_rows(wing_data("entailment", "statements.jsonl")):
        language, split = row["language"], row["split"]
        if "plain" in row:
            passage = _passage(row["plain"], language)
            found.append(_read(claims, passage, kind="plain", split=split, statement=row["plain"]))
            continue
        number = positions[row["mistake"]]
        entry = claims.all[number].entry
        point = entry.key_points[number % len(entry.key_points)].text.in_language(language)
        heading = entry.question.in_language(language)
        for kind in ("wrong", "right"):
            passage = _passage(f"{row[kind]}\n{point}", language, heading)
            found.append(_read(claims, passage, kind=kind, split=split, statement=row[kind], claim=number))
    return found


def _answers(entries: Sequence[Entry], claims: Claims) -> list[PassageSample]:
    found: list[PassageSample] = []
    for order, entry in enumerate(entries[::_EVERY]):
        split = "test" if order % 3 == 2 else "tune"
        for language in LANGUAGES:
            heading = entry.question.in_language(language)
            for paragraph in entry.answer.in_language(language).split("\n\n"):
                passage = _passage(paragraph, language, heading)
                found.append(_read(claims, passage, kind="answer", split=split, statement=paragraph))
    return found


def _passage(text: str, language: Language, heading: str = "") -> Passage:
    return Passage("p", "d", text, 0, "", language, (heading,) if heading else ())


def _read(
    claims: Claims, passage: Passage, *, kind: str, split: str, statement: str, claim: int | None = None
) -> PassageSample:
    suspicions = Detector(claims, (), lambda _: ()).suspect(read_units(passage), passage.language)
    return PassageSample(kind, split, passage.language, statement, claim, tuple(suspicions))


def _rows(sample: PassageSample) -> list[tuple[Suspicion, bool, int]]:
    """(suspicion, whether it is justified, how often it counts); what else a wrong statement resembles is left out."""
    rows = []
    for suspicion in sample.suspicions:
        about = sample.statement in suspicion.unit.statement
        same = suspicion.claim == sample.claim
        if sample.kind == "wrong" and about != same:
            continue
        rows.append((suspicion, sample.kind == "wrong" and about, _WEIGHT[sample.kind] if same or about else 1))
    return rows


def _report(flaggers: Sequence[Flagger], samples: Sequence[PassageSample], split: str) -> dict[str, Any]:
    """Shares of passages, by kind and language: mistakes found as what they are, and passages flagged for nothing."""
    report: dict[str, Any] = {}
    for kind, name in (
        ("wrong", "found"),
        ("right", "right_flagged"),
        ("plain", "plain_flagged"),
        ("answer", "answers_flagged"),
    ):
        for language in LANGUAGES:
            chosen = [s for s in samples if (s.kind, s.split, s.language) == (kind, split, language)]
            hits = sum(
                any(flagger.surplus(s, s.claim if kind == "wrong" else None) >= 0 for flagger in flaggers)
                for s in chosen
            )
            report[f"{name}_{language}"] = f"{hits} of {len(chosen)}"
    return report
