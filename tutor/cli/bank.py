"""`python -m tutor bank list | show ID | check | new GROUP`: the question bank on the command line."""

import argparse
from dataclasses import asdict

from langchain_core.embeddings import Embeddings

from tutor.assembly import Tutor
from tutor.bank.check import check_bank
from tutor.bank.check_questions import CALIBRATED_FOR
from tutor.bank.new_entry import new_entry
from tutor.bank.problems import Problem
from tutor.bank.schema import GROUPS
from tutor.cli.lines import log, print_json
from tutor.domain import LANGUAGES, Calculation, Entry
from tutor.drills.formulas import compute
from tutor.errors import ModelError


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = subparsers.add_parser("bank", help="look at the question bank, check it, add to it")
    commands = parser.add_subparsers(dest="bank_command", required=True, metavar="list|show|check|new")
    listing = commands.add_parser("list", help="one line per entry")
    listing.add_argument("--json", action="store_true", help="one JSON object a line")
    listing.set_defaults(handler=list_entries)
    showing = commands.add_parser("show", help="one entry, both languages")
    showing.add_argument("id")
    showing.set_defaults(handler=show_entry)
    checking = commands.add_parser("check", help="every slip with file, line and next step; exit status 1 when any")
    checking.add_argument("--json", action="store_true", help="one JSON object")
    checking.add_argument("--fast", action="store_true", help="without the search for near-duplicate questions")
    checking.set_defaults(handler=check)
    template = commands.add_parser("new", help="print a filled-in entry to overwrite")
    template.add_argument("group", metavar="GROUP", help=", ".join(GROUPS))
    template.set_defaults(handler=print_new_entry)


def list_entries(args: argparse.Namespace, tutor: Tutor) -> int:
    for entry in tutor.bank.entries:
        if args.json:
            print_json(entry_json(entry))
        else:
            print(f"{entry.id:40} {entry.group:14} {entry.kind:12} {entry.level}  {entry.question.zh}")
    return 0


def show_entry(args: argparse.Namespace, tutor: Tutor) -> int:
    entry = tutor.bank.get(args.id)
    print(f"{entry.id}  ({GROUPS[entry.group].en}, {entry.kind}, level {entry.level})")
    for language in LANGUAGES:
        print(f"\n# {entry.question.in_language(language)}\n\n{entry.answer.in_language(language)}\n")
        for point in entry.key_points:
            print(f"- ({point.weight:g}) {point.text.in_language(language)}")
    if entry.calculations:
        print("\n# Calculations\n")
    for item in entry.calculations:
        print(f"- {calculation_line(item)}")
    return 0


def check(args: argparse.Namespace, tutor: Tutor) -> int:
    embeddings = None if args.fast else _embeddings(tutor)
    report = check_bank(tutor.settings.bank_folder, compute, embeddings)
    if args.json:
        print_json(asdict(report))
    else:
        for problem in report.problems:
            print(problem_line(problem))
        seeds = f"{report.seed_items_covered} of {report.seed_items_total} seed items covered"
        print(f"{report.entries} entries, {seeds}, {len(report.problems)} problems")
    return 1 if report.problems else 0


def print_new_entry(args: argparse.Namespace, _tutor: Tutor) -> int:
    print(new_entry(args.group), end="")
    return 0


def problem_line(problem: Problem) -> str:
    """ "training.yaml:12: entry `lora`, field answer.zh: what is wrong. What to do." """
    place = [f"entry `{problem.entry}`"] if problem.entry else []
    place += [f"field {problem.field}"] if problem.field else []
    return f"{problem.file}:{problem.line}: {', '.join(place) or 'file'}: {problem.problem}. {problem.next_step}"


def calculation_line(item: Calculation) -> str:
    """ "kv: 2.147 GB = kv_cache(layers=32, ...)"."""
    written = {key: f"{value:.12g}" if isinstance(value, float) else value for key, value in item.values.items()}
    values = ", ".join(f"{key}={value}" for key, value in written.items())
    return f"{item.id}: {item.result:.4g} {item.unit} = {item.formula}({values})"


def _embeddings(tutor: Tutor) -> Embeddings | None:
    """The embedder, if it is the one whose cosines the check knows."""
    try:
        embeddings = tutor.embeddings
    except ModelError as error:
        log(f"near-duplicate questions not checked: {error}")
        return None
    if CALIBRATED_FOR not in embeddings.name:
        log(f"near-duplicate questions not checked: needs {CALIBRATED_FOR}, found {embeddings.name}")
        return None
    return embeddings


def entry_json(entry: Entry) -> dict[str, object]:
    return {
        "id": entry.id,
        "group": entry.group,
        "kind": entry.kind,
        "level": entry.level,
        "seeds": list(entry.seeds),
        "question": {"zh": entry.question.zh, "en": entry.question.en},
    }
