"""Fits and measures when a question counts as a bank question: python -m tutor eval known [--write]

Every alias of the bank is asked while its own passage is left out of sight: the question or another alias of the same
entry should then be nearest. Thresholds are chosen on two thirds of the entries so that a wrong entry is rare among the
questions taken as known, and measured on the rest.
"""

import itertools
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path
from typing import Any

from tutor.domain import LANGUAGES, Entry
from tutor.retrieval.hybrid import HybridRetriever

_PRECISION = 0.97
_SIMILARITIES = [0.86 + 0.005 * step for step in range(20)]
_LEADS = [0.002 * step for step in range(20)]
_NEIGHBOURS = 40


@dataclass(frozen=True)
class Sample:
    """An alias asked as a question: how near the nearest entry is, how far ahead, and whether it is the right one."""

    query: str
    similarity: float
    lead: float
    is_right: bool
    split: str


def measure_known(retriever: HybridRetriever, entries: Sequence[Entry]) -> tuple[dict[str, float], dict[str, Any]]:
    """(thresholds, report on both parts)."""
    samples = [
        sample
        for number, entry in enumerate(entries)
        for language in LANGUAGES
        for alias in entry.aliases[language]
        if (sample := _ask(retriever, entry.id, alias, "test" if number % 3 == 2 else "tune"))
    ]
    tune = [sample for sample in samples if sample.split == "tune"]
    test = [sample for sample in samples if sample.split == "test"]
    certain = min((s for s in _SIMILARITIES if _precision(_taken(tune, s, 0.0)) >= _PRECISION), default=1.0)
    pairs = list(itertools.product(_SIMILARITIES, _LEADS))
    reliable = [pair for pair in pairs if _precision(_taken(tune, *pair)) >= _PRECISION] or pairs[-1:]
    similarity, lead = max(reliable, key=lambda pair: len(_taken(tune, *pair)))
    limits = {"similarity": round(similarity, 4), "lead": round(lead, 4), "certain_similarity": round(certain, 4)}
    return limits, {"tune": _report(tune, limits), "test": _report(test, limits)}


def write_known(limits: dict[str, float], report: dict[str, Any]) -> Path:
    """Replaces the thresholds in scope.json, everything else stays."""
    path = Path(str(files("tutor.retrieval").joinpath("scope.json")))
    data = json.loads(path.read_text(encoding="utf-8"))
    provenance = {
        "fitted": datetime.now(UTC).date().isoformat(),
        "command": "python -m tutor eval known --write",
        **report,
    }
    data["known_question"] = {**data["known_question"], **limits}
    data["known_question_provenance"] = provenance
    path.write_text(json.dumps(data, indent=2) + "\n", encoding="utf-8")
    return path


def _ask(retriever: HybridRetriever, entry_id: str, alias: str, split: str) -> Sample | None:
    snapshot = retriever.index.snapshot()
    best: dict[str, float] = {}
    for passage_id, similarity in retriever.index.nearest(retriever.embeddings.embed_query(alias), _NEIGHBOURS):
        passage = snapshot.passages[passage_id]
        if passage.entry_id and passage.part == "question" and passage.text != alias:
            best[passage.entry_id] = max(similarity, best.get(passage.entry_id, 0.0))
    ordered = sorted(best.items(), key=lambda item: -item[1])
    if not ordered:
        return None
    second = ordered[1][1] if len(ordered) > 1 else 0.0
    return Sample(alias, ordered[0][1], ordered[0][1] - second, ordered[0][0] == entry_id, split)


def _taken(samples: Sequence[Sample], similarity: float, lead: float) -> list[Sample]:
    return [sample for sample in samples if sample.similarity >= similarity and sample.lead >= lead]


def _precision(samples: Sequence[Sample]) -> float:
    return sum(sample.is_right for sample in samples) / len(samples) if samples else 0.0


def _report(samples: Sequence[Sample], limits: dict[str, float]) -> dict[str, float]:
    clear = _taken(samples, limits["similarity"], limits["lead"])
    taken = {id(sample): sample for sample in [*clear, *_taken(samples, limits["certain_similarity"], 0.0)]}
    return {
        "aliases": len(samples),
        "right_entry_nearest": round(_precision(samples), 4),
        "taken_as_known": round(len(taken) / len(samples), 4),
        "right_among_known": round(_precision(list(taken.values())), 4),
    }
