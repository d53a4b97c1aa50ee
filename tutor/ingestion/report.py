"""What an ingestion did: the report as a value, as text for a terminal and as JSON for scripts."""

from collections import Counter
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

from tutor.domain import Language
from tutor.messages import Message


@dataclass(frozen=True)
class Failure:
    """A path that could not be ingested, and why (with the next step)."""

    path: str
    error: Message


@dataclass(frozen=True)
class Doubt:
    """A file of this run that was read, but not all of it as it should be."""

    path: str
    doubt: Message


@dataclass(frozen=True)
class Refuted:
    """A document of this run that states what the bank refutes."""

    title: str
    statements: int


@dataclass(frozen=True)
class Report:
    """Counts of documents (one a file; one an entry of a bank file), not of paths."""

    added: int = 0
    updated: int = 0  # new content under a known path or entry id, or the same content cut anew by a newer program
    unchanged: int = 0
    removed: int = 0
    failed: tuple[Failure, ...] = ()
    passages: int = 0  # in the index after the run
    seconds: float = 0.0
    skipped: tuple[str, ...] = ()  # files in the given folders that are of no kind that can be read
    refuted: tuple[Refuted, ...] = ()
    doubts: tuple[Doubt, ...] = ()


_WORDS = {
    "en": {
        "title": "Ingestion finished in {seconds:.1f} s",
        "documents": "documents: {added} added, {updated} updated, {unchanged} unchanged, {removed} removed, {failed} failed",
        "passages": "passages in the index: {passages}",
        "skipped": "skipped, not a kind that can be read: {skipped}",
        "refuted": "{title}: {count} {statements} the bank (`python -m tutor check PATH` lists them)",
        "one": "statement contradicts",
        "many": "statements contradict",
        "failed": "failed:",
    },
    "zh": {
        "title": "导入完成，用时 {seconds:.1f} 秒",
        "documents": "文档：新增 {added}，更新 {updated}，未变 {unchanged}，移除 {removed}，失败 {failed}",
        "passages": "索引中的段落：{passages}",
        "skipped": "已跳过（不支持的类型）：{skipped}",
        "refuted": "{title}：{count} {statements}（用 `python -m tutor check PATH` 列出）",
        "one": "处说法与题库相矛盾",
        "many": "处说法与题库相矛盾",
        "failed": "失败：",
    },
}


def render_report(report: Report, language: Language = "en") -> str:
    """A few lines for people; every failure with its reason."""
    words = _WORDS[language]
    lines = [
        words["title"].format(seconds=report.seconds),
        "  " + words["documents"].format(
            added=report.added,
            updated=report.updated,
            unchanged=report.unchanged,
            removed=report.removed,
            failed=len(report.failed),
        ),
        "  " + words["passages"].format(passages=report.passages),
    ]  # fmt: skip
    if report.skipped:
        kinds = Counter(PurePath(path).suffix.lower() or PurePath(path).name for path in report.skipped)
        counts = ", ".join(f"{count} {kind}" for kind, count in sorted(kinds.items()))
        lines.append("  " + words["skipped"].format(skipped=counts))
    for item in report.refuted:
        verb = words["one" if item.statements == 1 else "many"]
        lines.append("  ⚠ " + words["refuted"].format(title=item.title, count=item.statements, statements=verb))
    lines += [f"  ⚠ {PurePath(item.path).name}: {item.doubt.in_language(language)}" for item in report.doubts]
    if report.failed:
        lines.append(words["failed"])
        lines += [f"  - {failure.path}\n    {failure.error.in_language(language)}" for failure in report.failed]
    return "\n".join(lines)


def report_json(report: Report) -> dict[str, Any]:
    """The object that `ingest.py --json` prints."""
    return {
        "documents": {
            "added": report.added,
            "updated": report.updated,
            "unchanged": report.unchanged,
            "removed": report.removed,
            "failed": [{"path": failure.path, **failure.error.as_json("error")} for failure in report.failed],
        },
        "doubts": [{"path": item.path, **item.doubt.as_json("doubt")} for item in report.doubts],
        "refuted": [{"title": item.title, "statements": item.statements} for item in report.refuted],
        "skipped": list(report.skipped),
        "passages": report.passages,
        "seconds": round(report.seconds, 3),
    }
