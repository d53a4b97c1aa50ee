"""`python -m tutor doctor`: one line per check, with the next step where something is wrong."""

import argparse

from tutor.assembly import Tutor
from tutor.cli.lines import print_json
from tutor.cli.locale import user_language
from tutor.doctor import Check, examine

_MARKS = {"ok": "ok  ", "warning": "warn", "failure": "FAIL"}


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = subparsers.add_parser("doctor", help="check that everything the tutor needs is there and works")
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    parser.set_defaults(handler=doctor)


def doctor(args: argparse.Namespace, tutor: Tutor) -> int:
    """0 when nothing failed, else 1."""
    language = user_language(tutor.settings.language)
    failed = False
    for check in examine(tutor):
        failed |= check.state == "failure"
        if args.json:
            print_json(_json(check))
            continue
        print(f"{_MARKS[check.state]}  {check.name:11} {check.line.in_language(language)}", flush=True)
        if check.next_step:
            print(f"{'':6}{'':12}-> {check.next_step.in_language(language)}", flush=True)
    return 1 if failed else 0


def _json(check: Check) -> dict[str, object]:
    step = check.next_step
    return {
        "name": check.name,
        "state": check.state,
        "line": {"zh": check.line.zh, "en": check.line.en},
        "next_step": {"zh": step.zh, "en": step.en} if step else None,
    }
