"""Measures the detector on documents whose faults were listed by hand: python -m tutor eval check --seeds --faults

A finding is right when the mistake it names is one of the faults listed for this place of this document; everything
else is a false alarm, even where a reader would agree with it. Knows the lists only as data; no text of them is kept.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tutor.domain import Bilingual, Contradiction, Entry, Passage
from tutor.evaluation.rows import read_rows

_SEVERE = ("wrong", "misleading")
_KEY = 12  # letters of an item's question that tell its place


@dataclass(frozen=True)
class Checked:
    """A document with what was found in it."""

    name: str  # file name
    passages: Sequence[Passage]
    found: Sequence[Contradiction]


@dataclass(frozen=True)
class Fault:
    """A fault that somebody listed."""

    id: str
    document: str
    question: str  # of the item it stands in
    severity: str


@dataclass(frozen=True)
class Attribution:
    """A finding and the faults it names; none: a false alarm."""

    document: str
    finding: Contradiction
    faults: tuple[str, ...]


def load_faults(faults: Path, inventory: Path) -> list[Fault]:
    """The listed faults with the item each stands in."""
    items = {item["id"]: item for item in read_rows(inventory)}
    found = []
    for row in read_rows(faults):
        fault = row["id"]
        item = items[fault.split("/")[0]]
        severity = item["error_severity"] or "" if fault in items else ""
        found.append(Fault(fault, item["seed"], item["text"], severity))
    return found


def attribute_findings(
    checked: Sequence[Checked], faults: Sequence[Fault], entries: Sequence[Entry]
) -> list[Attribution]:
    """Every finding with the faults it names."""
    named = {item.claim: set(item.seeds) for entry in entries for item in entry.misconceptions}
    by_entry = {entry.id: {seed for item in entry.misconceptions for seed in item.seeds} for entry in entries}
    attributions = []
    for document in checked:
        passages = {passage.id: passage for passage in document.passages}
        own = [fault for fault in faults if fault.document == document.name]
        for finding in document.found:
            meant = named.get(finding.problem, by_entry.get(finding.entry_id, set()))
            here = [fault for fault in own if _stands_in(fault, passages[finding.passage_id], document.passages)]
            hits = tuple(fault.id for fault in here if fault.id in meant)
            attributions.append(Attribution(document.name, finding, hits))
    return attributions


def measure_documents(
    checked: Sequence[Checked], faults: Sequence[Fault], attributions: Sequence[Attribution]
) -> dict[str, Any]:
    """Faults found and passages flagged for nothing, in all and by document."""
    severe = {fault.id for fault in faults if fault.severity in _SEVERE}
    found = {fault for attribution in attributions for fault in attribution.faults}
    alarms = {attribution.finding.passage_id for attribution in attributions if not attribution.faults}
    passages = sum(len(document.passages) for document in checked)
    return {
        "severe_faults": len(severe),
        "severe_found": len(severe & found),
        "recall": round(len(severe & found) / len(severe), 3),
        "missed": sorted(severe - found),
        "other_faults": len(faults) - len(severe),
        "other_found": len(found - severe),
        "passages": passages,
        "false_alarm_passages": len(alarms),
        "false_alarm_rate": round(len(alarms) / passages, 3),
        "findings": len(attributions),
        "false_findings": sum(not attribution.faults for attribution in attributions),
    }


def check_markdown(report: dict[str, Any], documents: dict[str, Any], today: str) -> str:
    """The measured part of the page: one table for the rewordings, one for the documents."""
    names = ("found", "right_flagged", "plain_flagged", "answers_flagged")
    rows = [
        f"| {split} | {language} | " + " | ".join(report[split][f"{name}_{language}"] for name in names) + " |"
        for split in ("tune", "test")
        for language in ("zh", "en")
    ]
    return "\n".join([
        f"Measured on {today}.",
        "",
        "| part | language | mistakes found | correct counterparts flagged | empty lines flagged | bank paragraphs flagged |",
        "|---|---|---|---|---|---|",
        *rows,
        "",
        "| five documents | |",
        "|---|---|",
        f"| wrong or misleading faults found | {documents['severe_found']} of {documents['severe_faults']} ({documents['recall']:.1%}) |",
        f"| other faults found | {documents['other_found']} of {documents['other_faults']} |",
        f"| passages with a false alarm | {documents['false_alarm_passages']} of {documents['passages']} ({documents['false_alarm_rate']:.1%}) |",
        f"| findings, of them false | {documents['findings']}, {documents['false_findings']} |",
        f"| missed | {', '.join(documents['missed']) or 'none'} |",
        "",
    ])  # fmt: skip


def _stands_in(fault: Fault, passage: Passage, passages: Sequence[Passage]) -> bool:
    """Whether the passage is the fault's place; where no passage shows the item's question, all are."""
    key = _squeeze(fault.question)[:_KEY]
    return key in _text(passage) or not any(key in _text(other) for other in passages)


def _text(passage: Passage) -> str:
    return _squeeze(" ".join([*passage.heading_path, passage.text]))


def _squeeze(text: str) -> str:
    return re.sub(r"[\W_]+", "", text).lower()


def shortened(attributions: Sequence[Attribution]) -> list[dict[str, Any]]:
    """The findings as lines to read; for the terminal, never stored."""

    def line(attribution: Attribution) -> dict[str, Any]:
        finding = attribution.finding
        problem: Bilingual = finding.problem
        return {
            "faults": attribution.faults,
            "confidence": finding.confidence,
            "statement": finding.statement[:100],
            "problem": problem.zh,
        }

    return [line(attribution) for attribution in attributions]
