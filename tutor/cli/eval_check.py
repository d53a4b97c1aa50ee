"""`python -m tutor eval check`: fits the detector of contradictions, and measures it on documents with listed faults."""

import argparse
import json
import re
from datetime import UTC, datetime
from pathlib import Path

from tutor.assembly import Tutor
from tutor.cli.lines import log
from tutor.domain import Document
from tutor.settings import ROOT

_PAGE = ROOT / "docs" / "measurements" / "contradictions.md"
_MEASURED = re.compile(r"(<!-- measured -->\n).*?(<!-- end -->)", re.DOTALL)


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = commands.add_parser("check", help="statements that contradict the bank, on rewordings and on documents")
    parser.add_argument("--seeds", type=Path, metavar="FOLDER", help="documents whose faults are listed")
    parser.add_argument("--faults", type=Path, metavar="FILE.jsonl", help="the list")
    parser.add_argument("--inventory", type=Path, metavar="FILE.jsonl", help="items (default: beside the list)")
    parser.add_argument("--write", action="store_true", help="replace the shipped parameters and the measured page")
    parser.set_defaults(handler=eval_check)


def eval_check(args: argparse.Namespace, tutor: Tutor) -> int:
    """Fits on the tune part, reports on both; then runs what ships over the documents."""
    from tutor.evaluation.entailment.fit_contradiction import measure_check, write_check
    from tutor.evaluation.entailment.measure_contradiction import check_markdown
    from tutor.grading.claims import Claims
    from tutor.grading.contradiction import load_models

    entries = tutor.bank.entries
    models, report = measure_check(entries, Claims(entries, tutor.embeddings))
    print(json.dumps(report, indent=2))
    if args.write:
        log(f"written: {write_check(models, report, embedder=tutor.embeddings.name, entries=len(entries))}")
        load_models.cache_clear()
    if args.seeds is None or args.faults is None:
        return 0
    documents = measure_seeds(tutor, args.seeds, args.faults, args.inventory)
    print(json.dumps(documents, indent=2))
    if args.write:
        page = _PAGE.read_text(encoding="utf-8")
        table = check_markdown(report, documents, datetime.now(UTC).date().isoformat())
        _PAGE.write_text(_MEASURED.sub(lambda match: match[1] + table + match[2], page), encoding="utf-8")
        log(f"written: {_PAGE}")
    return 0


def measure_seeds(tutor: Tutor, seeds: Path, faults: Path, inventory: Path | None) -> dict[str, object]:
    """The documents checked as `python -m tutor check` does, against their listed faults."""
    from tutor.evaluation.entailment.measure_contradiction import (
        Checked,
        judge_findings,
        load_faults,
        measure_documents,
        shortened,
    )

    checked = [
        Checked(Path(document.origins[0]).name, passages, found)
        for document, passages, found in tutor.check([seeds])
        if isinstance(document, Document)
    ]
    listed = load_faults(faults, inventory or faults.with_name("seed_inventory.jsonl"))
    verdicts = judge_findings(checked, listed, tutor.bank.entries)
    for line in shortened(verdicts):
        log(json.dumps(line, ensure_ascii=False))
    return measure_documents(checked, listed, verdicts)
