"""`python -m tutor check`: what files state that the bank or the calculator refutes. Changes nothing."""

import argparse
import json
from typing import Any

from tutor.assembly import Tutor
from tutor.cli.lines import log
from tutor.domain import Contradiction, Document, Language


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = subparsers.add_parser("check", help="find statements in files that contradict the question bank")
    parser.add_argument("paths", nargs="+", metavar="PATH", help="files, folders or globs")
    parser.add_argument("--json", action="store_true", help="one JSON list")
    parser.set_defaults(handler=check)


def check(args: argparse.Namespace, tutor: Tutor) -> int:
    """Status 0 whether or not something is found; 1 when a file cannot be read."""
    rows: list[dict[str, Any]] = []
    failed = 0
    for document, passages, found in tutor.check(args.paths):
        if not isinstance(document, Document):
            failed += 1
            log(f"error: {document.error}")
            continue
        languages = {passage.id: passage.language for passage in passages}
        rows += [row(document.title, item, languages[item.passage_id]) for item in found]
    if args.json:
        print(json.dumps(rows, ensure_ascii=False, indent=1))
    else:
        print("\n\n".join(map(_lines, rows)) or "Nothing found that contradicts the bank.")
    return 1 if failed else 0


def row(document: str, found: Contradiction, language: Language) -> dict[str, Any]:
    """One finding, in the language of its passage."""
    return {
        "document": document,
        "passage_id": found.passage_id,
        "statement": found.statement,
        "problem": found.problem.in_language(language),
        "correction": found.correction.in_language(language),
        "entry_id": found.entry_id,
        "confidence": found.confidence,
        "source": found.source,
    }


def _lines(item: dict[str, Any]) -> str:
    statement = " ".join(item["statement"].split())
    return (
        f"{item['document']} ({item['confidence']:.2f})\n  ! {statement}\n  -> {item['correction']}"
        f"\n     [{item['entry_id']}] {item['source']}"
    )
