"""`python -m tutor eval scope | support | grading | speed`: measures, and with --write fits, what data decides."""

import argparse
import json
from pathlib import Path

from tutor.assembly import Tutor
from tutor.cli.lines import log
from tutor.settings import ROOT


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = subparsers.add_parser("eval", help="measure what the tutor decides")
    commands = parser.add_subparsers(dest="eval_command", required=True, metavar="scope|support|grading|speed")
    scope = commands.add_parser("scope", help="in or out of scope, on the committed questions")
    scope.add_argument("--write", action="store_true", help="replace the shipped parameters")
    scope.set_defaults(handler=eval_scope)
    support = commands.add_parser("support", help="supported or not, on the bank's key points and mistakes")
    support.add_argument("--write", action="store_true", help="replace the shipped parameters")
    support.set_defaults(handler=eval_support)
    grading = commands.add_parser("grading", help="grades, on attempts written for this project and human-scored sets")
    grading.add_argument("--write", action="store_true", help="replace the shipped parameters")
    grading.add_argument("--sets", type=Path, default=ROOT.parent / "shared" / "data" / "asag", metavar="FOLDER")
    grading.set_defaults(handler=eval_grading)
    speed = commands.add_parser("speed", help="how fast the parts are on this machine")
    speed.set_defaults(handler=eval_speed)


def eval_scope(args: argparse.Namespace, tutor: Tutor) -> int:
    """Fits on the tune part of the current index and reports on the test part."""
    from tutor.evaluation.fit_scope import measure_scope, write_scope

    parameters, report, wrong = measure_scope(tutor.retriever)
    print(json.dumps(report, indent=2))
    for line in wrong:
        log(f"wrong on the test part: {line}")
    if args.write:
        embedder = tutor.index.manifest().embedder
        log(f"written: {write_scope(parameters, report, embedder=embedder, bank_entries=len(tutor.bank.entries))}")
    return 0


def eval_support(args: argparse.Namespace, tutor: Tutor) -> int:
    """Fits on two thirds of the bank's entries and reports on the rest."""
    from tutor.evaluation.fit_support import measure_support, write_support

    entries = tutor.bank.entries
    parameters, report = measure_support(entries, tutor.embeddings)
    print(json.dumps(report, indent=2))
    if args.write:
        name = tutor.embeddings.name
        log(f"written: {write_support(parameters, report, embedder=name, entries=len(entries))}")
    return 0


def eval_grading(args: argparse.Namespace, tutor: Tutor) -> int:
    """Fits on the tune parts and reports on the test parts; asks the language model where one is set."""
    from tutor.evaluation.fit_grading import measure_grading, write_calibration

    model = tutor.chat_model() if tutor.has_chat_model() else None
    parameters, report = measure_grading(tutor.bank.entries, tutor.embeddings, args.sets, model)
    print(json.dumps(report, indent=2))
    if args.write:
        name = tutor.embeddings.name
        log(f"written: {write_calibration(parameters, report, embedder=name, model=tutor.settings.llm)}")
    return 0


def eval_speed(_: argparse.Namespace, tutor: Tutor) -> int:
    """Embedder (without its cache), search, and language model."""
    from tutor.evaluation.speed import measure_embeddings, measure_model, measure_search
    from tutor.models.embedder import open_embeddings

    figures = measure_embeddings(open_embeddings(tutor.settings.embeddings)) | measure_search(tutor.retriever)
    if tutor.has_chat_model():
        figures |= measure_model(tutor.chat_model())
    print(json.dumps(figures, indent=2))
    return 0
