"""`python -m tutor eval grading | accusations | rounding`: grades beside examiners' marks, and the fit of what decides them."""

import argparse
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from tutor.assembly import Tutor
from tutor.cli.lines import log
from tutor.errors import ModelError, SettingsError
from tutor.settings import ROOT

if TYPE_CHECKING:
    from langchain_core.embeddings import Embeddings

    from tutor.grading.judge import StateReader


def add_parsers(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    grading = commands.add_parser("grading", help="grades, on attempts written for this project and human-scored sets")
    grading.add_argument("--write", action="store_true", help="replace the shipped parameters")
    grading.add_argument(
        "--only",
        choices=("key-points", "reference", "hands"),
        help="fit only that kind of rubric, or what weighs the shipped probes",
    )
    grading.add_argument("--measure", action="store_true", help="agreement with examiners, beside simpler methods")
    grading.add_argument(
        "--set",
        metavar="NAME",
        action="append",
        default=[],
        help="with --measure: only this set, also a file NAME.jsonl of FOLDER; may be repeated",
    )
    grading.add_argument("--skip-number", action="store_true", help="with --measure: do not ask the model for marks")
    grading.add_argument(
        "--sets",
        type=Path,
        metavar="FOLDER",
        help="of human-scored sets (docs/measurements/human-scored-sets.md); not needed for `--only key-points` and `--set own`",
    )
    grading.set_defaults(handler=eval_grading)
    accused = commands.add_parser(
        "accusations", help="how often the grader is right when it says that something is wrong"
    )
    accused.add_argument("--file", type=Path, metavar="FILE.jsonl", help="other attempts with their wrong claims")
    accused.set_defaults(handler=eval_accusations)
    rounding = commands.add_parser("rounding", help="how far grades move where a processor rounds in another order")
    rounding.set_defaults(handler=eval_rounding)


def eval_grading(args: argparse.Namespace, tutor: Tutor) -> int:
    """Fits on the tune parts and reports on the test parts; asks the language model where one is set."""
    from tutor.evaluation.grading.fit import measure_grading, write_fit
    from tutor.grading.judge import load_probes

    if args.measure:
        return _eval_agreement(args, tutor)
    if args.sets is None and args.only not in ("key-points", "hands"):
        raise SettingsError("evaluation.no_folder_to_fit")
    fit = measure_grading(tutor.bank.entries, _vectors(tutor), args.sets, _states(tutor), args.only)
    print(json.dumps(fit.report, indent=2))
    if args.write:
        probes = load_probes()
        for file in write_fit(fit, embedder=tutor.embeddings.name, model=probes.model, blocks=probes.blocks):
            log(f"written: {file}")
    return 0


def _states(tutor: Tutor) -> "StateReader | None":
    """The model's states, remembered on disk: reading all attempts takes an hour and a half on two cores."""
    from tutor.evaluation.grading.stored import Stored, StoredStates
    from tutor.grading.judge import load_probes

    states, probes = tutor.states, load_probes()
    stored = Stored(tutor.settings.home / "states.sqlite")
    return StoredStates(states, stored, f"{probes.model}:{probes.blocks}") if states else None


def _vectors(tutor: Tutor) -> "Embeddings":
    """The embedder's vectors, remembered on disk: every fold reads the same sentences, thousands of them."""
    from tutor.evaluation.grading.stored import Stored, StoredVectors

    return StoredVectors(tutor.embeddings, Stored(tutor.settings.home / "states.sqlite"), tutor.embeddings.name)


def _eval_agreement(args: argparse.Namespace, tutor: Tutor) -> int:
    """How well grades agree with examiners; --write brings the measured sets' part of docs/measurements/grading.md up to date."""
    from tutor.evaluation.grading.page import Conditions, keep, measure_all, page, require_sets

    require_sets(args.set, args.sets, write=args.write)
    model = tutor.chat_model if tutor.has_chat_model() and not args.skip_number else None
    measured, details = measure_all(tutor.bank.entries, _vectors(tutor), args.sets, args.set, _states(tutor), model)
    print(json.dumps({"agreement": [item.line() for item in measured], "own": details}, indent=2))
    if args.write:
        place = ROOT / "docs" / "measurements" / "grading.md"
        how = Conditions(datetime.now(UTC).date().isoformat(), tutor.embeddings.name, tutor.settings.llm)
        known = keep(place.with_suffix(".json"), measured, details, how)
        place.write_text(page(known), encoding="utf-8")
        log(f"written: {place}")
    return 0


def eval_accusations(args: argparse.Namespace, tutor: Tutor) -> int:
    """Grades as the product does, with what was read of the attempts remembered on disk."""
    from tutor.evaluation.grading.accusations import load_hands, measure_accusations
    from tutor.grading.calibration import load_calibration
    from tutor.grading.grader import Grader
    from tutor.grading.topic import bank_topics

    entries = tutor.bank.entries
    hands = load_hands({entry.id for entry in entries}, args.file)
    grader = Grader(_vectors(tutor), _states(tutor), load_calibration(), tutor.probes, bank_topics(entries))
    print(json.dumps(measure_accusations(hands, grader, entries), indent=2, ensure_ascii=False))
    return 0


def eval_rounding(_: argparse.Namespace, tutor: Tutor) -> int:
    """The same attempts graded twice, with the model's sums in two orders."""
    from tutor.evaluation.grading.rounding import measure_rounding

    states = tutor.states
    if states is None:
        raise ModelError("evaluation.another_model", model=tutor.settings.llm)
    print(json.dumps(measure_rounding(tutor.embeddings, states, tutor.bank.entries), indent=2))
    return 0
