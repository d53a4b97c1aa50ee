"""The command line: python -m tutor COMMAND. Results on standard output, everything for people on standard error."""

import argparse
import importlib
import logging
import sys
from collections.abc import Sequence

from tutor.assembly import Tutor
from tutor.cli.lines import log
from tutor.errors import TutorError
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
    """Runs one command; a TutorError becomes one line on standard error and exit status 2."""
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    args = build_parser().parse_args(argv)
    try:
        tutor = Tutor(load_settings())
        try:
            return int(args.handler(args, tutor))
        finally:
            tutor.close()
    except TutorError as error:
        log(f"error: {error}")
        return 2
    except KeyboardInterrupt:
        log("stopped")
        return 130


if __name__ == "__main__":
    sys.exit(main())
