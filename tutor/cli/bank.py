"""`python -m tutor bank list | show ID | check`: the question bank on the command line."""

import argparse

from tutor.assembly import Tutor
from tutor.bank.schema import GROUPS
from tutor.cli.lines import print_json
from tutor.domain import LANGUAGES, Entry


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = subparsers.add_parser("bank", help="look at the question bank")
    commands = parser.add_subparsers(dest="bank_command", required=True, metavar="list|show|check")
    listing = commands.add_parser("list", help="one line per entry")
    listing.add_argument("--json", action="store_true", help="one JSON object a line")
    listing.set_defaults(handler=list_entries)
    showing = commands.add_parser("show", help="one entry, both languages")
    showing.add_argument("id")
    showing.set_defaults(handler=show_entry)


def list_entries(args: argparse.Namespace, tutor: Tutor) -> int:
    for entry in tutor.bank.entries:
        if args.json:
            print_json(entry_json(entry))
        else:
            print(f"{entry.id:40} {entry.group:14} {entry.kind:12} {entry.level}  {entry.question.zh}")
    return 0


def show_entry(args: argparse.Namespace, tutor: Tutor) -> int:
    entry = tutor.bank.get(args.id)
    print(f"{entry.id}  ({GROUPS[entry.group][1]}, {entry.kind}, level {entry.level})")
    for language in LANGUAGES:
        print(f"\n# {entry.question.in_language(language)}\n\n{entry.answer.in_language(language)}\n")
        for point in entry.key_points:
            print(f"- ({point.weight:g}) {point.text.in_language(language)}")
    return 0


def entry_json(entry: Entry) -> dict[str, object]:
    return {
        "id": entry.id,
        "group": entry.group,
        "kind": entry.kind,
        "level": entry.level,
        "seeds": list(entry.seeds),
        "question": {"zh": entry.question.zh, "en": entry.question.en},
    }
