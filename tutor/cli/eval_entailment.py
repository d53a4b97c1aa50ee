"""`python -m tutor eval support | check | answers`: does a text say something, and do answers say what is right?"""

import argparse
import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from tutor.assembly import Tutor
from tutor.cli.lines import log
from tutor.domain import Answer, Document
from tutor.settings import ROOT

if TYPE_CHECKING:
    from tutor.chat.answer import AnswerChain

_PAGE = ROOT / "docs" / "measurements" / "contradictions.md"
_MEASURED = re.compile(r"(<!-- measured -->\n).*?(<!-- end -->)", re.DOTALL)


def add_parsers(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    support = commands.add_parser("support", help="supported or not, on the bank's key points and mistakes")
    support.add_argument("--write", action="store_true", help="replace the shipped parameters")
    support.set_defaults(handler=eval_support)
    check = commands.add_parser("check", help="statements that contradict the bank, on rewordings and on documents")
    check.add_argument("--seeds", type=Path, metavar="FOLDER", help="documents whose faults are listed")
    check.add_argument("--faults", type=Path, metavar="FILE.jsonl", help="the list")
    check.add_argument("--inventory", type=Path, metavar="FILE.jsonl", help="items (default: beside the list)")
    check.add_argument("--write", action="store_true", help="replace the shipped parameters and the measured page")
    check.set_defaults(handler=eval_check)
    answers = commands.add_parser("answers", help="answers with the real model, held against expected facts")
    answers.add_argument("--limit", type=int, metavar="N", help="only the first N questions of each path")
    answers.add_argument("--replies", type=Path, metavar="FILE", help="keep what the model writes there, and reuse it")
    answers.add_argument("--write", action="store_true", help="replace docs/measurements/answers-sample.md")
    answers.set_defaults(handler=eval_answers)


def eval_support(args: argparse.Namespace, tutor: Tutor) -> int:
    """Fits on two thirds of the bank's entries and reports on the rest."""
    from tutor.evaluation.entailment.fit_support import measure_support, write_support

    entries = tutor.bank.entries
    parameters, report = measure_support(entries, tutor.embeddings)
    print(json.dumps(report, indent=2))
    if args.write:
        name = tutor.embeddings.name
        log(f"written: {write_support(parameters, report, embedder=name, entries=len(entries))}")
    return 0


def eval_check(args: argparse.Namespace, tutor: Tutor) -> int:
    """Fits on the tune part, reports on both; then runs what ships over the documents."""
    from tutor.entailment.claims import Claims
    from tutor.evaluation.entailment.fit_contradiction import measure_check, write_check
    from tutor.evaluation.entailment.measure_contradiction import check_markdown

    entries = tutor.bank.entries
    models, report = measure_check(entries, Claims(entries, tutor.embeddings))
    print(json.dumps(report, indent=2))
    if args.write:
        log(f"written: {write_check(models, report, embedder=tutor.embeddings.name, entries=len(entries))}")
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
        attribute_findings,
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
    attributions = attribute_findings(checked, listed, tutor.bank.entries)
    for line in shortened(attributions):
        log(json.dumps(line, ensure_ascii=False))
    return measure_documents(checked, listed, attributions)


def eval_answers(args: argparse.Namespace, tutor: Tutor) -> int:
    """Asks the committed questions: those that one entry answers as anybody asks, all of them also of the model."""
    from tutor.evaluation.entailment.measure_answers import load_expectations, read_answers, sample_markdown, summarise

    written = _writing_chain(tutor, args.replies)
    expectations = load_expectations()
    entry = [item for item in expectations if item.path == "entry"][: args.limit]
    others = [item for item in expectations if item.path == "written"][: args.limit]
    groups = {
        "one entry, as asked": read_answers(entry, lambda item: _answer(tutor.answers, item.question)),
        "several entries, written": read_answers(others, lambda item: _answer(written, item.question)),
        "one entry, written all the same": read_answers(entry, lambda item: _answer(written, item.question)),
    }
    print(json.dumps({name: summarise(judged) for name, judged in groups.items()}, indent=2))
    if args.write:
        page = ROOT / "docs" / "measurements" / "answers-sample.md"
        today = datetime.now(UTC).date().isoformat()
        judged = groups["several entries, written"] + groups["one entry, written all the same"]
        page.write_text(sample_markdown(judged, today), encoding="utf-8")
        log(f"written: {page}")
    return 0


def _writing_chain(tutor: Tutor, replies: Path | None) -> "AnswerChain":
    """The chain with a bank that knows no question, so that the model writes every answer."""
    from tutor.bank.load import Bank
    from tutor.evaluation.entailment.replies import RecordedReplies

    model = RecordedReplies(file=replies, open_model=lambda: tutor.chat_model) if replies else None
    return tutor.build_answers(Bank(()), lambda: model or tutor.chat_model)


def _answer(chain: "AnswerChain", question: str) -> Answer:
    log(question)
    events = list(chain.chain.stream(chain.start(question, ())))
    final = events[-1]
    assert isinstance(final, Answer)
    return final
