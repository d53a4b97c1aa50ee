"""The command line: python -m tutor COMMAND. Results on standard output, everything for people on standard error."""

import argparse
import importlib
import logging
import sys
from collections.abc import Sequence

from tutor.cli.program import run_program
from tutor.settings import load_settings

COMMANDS = (
    "ask",
    "bank",
    "calc",
    "check",
    "doctor",
    "drill",
    "eval",
    "exercises",
    "export",
    "grade",
    "library",
    "models",
    "search",
    "vectors",
)


def build_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tutor", description="Interview tutor for LLM and NLP engineers.")
    subparsers = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name in COMMANDS:
        importlib.import_module(f"tutor.cli.{name}").add_parser(subparsers)
    return parser


def main(argv: Sequence[str] | None = None) -> int:
    """Runs one command; a TutorError becomes one line on standard error (with --json an object, too) and exit status 2."""
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    args = build_parser().parse_args(argv)
    return run_program(
        load_settings, lambda tutor: int(args.handler(args, tutor)), as_json=getattr(args, "json", False)
    )


if __name__ == "__main__":
    sys.exit(main())
