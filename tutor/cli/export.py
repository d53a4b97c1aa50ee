"""`python -m tutor export --contested FILE`: contested verdicts as anonymised calibration rows, JSON lines."""

import argparse
import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from tutor.assembly import Tutor
from tutor.cli.lines import log
from tutor.errors import HistoryError
from tutor.learning.contests import calibration_rows


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = subparsers.add_parser(
        "export",
        help="write contested verdicts as calibration rows",
        description="One JSON object a line: entry_id, language, question, key_point, attempt, verdict, covered, "
        "learner_verdict, grader_version, day. No ids of sessions, no times; the attempt is as it was typed.",
    )
    parser.add_argument("--contested", metavar="FILE", required=True, help="where to write; - for standard output")
    parser.set_defaults(handler=export)


def export(args: argparse.Namespace, tutor: Tutor) -> int:
    """Always 0; no contest is an empty file."""
    contests = tutor.history.contests()
    contested = dict.fromkeys(contest.interview_id for contest in contests)
    rows = calibration_rows([tutor.history.interview(interview_id) for interview_id in contested], contests)
    _write(args.contested, rows)
    log(f"{len(rows)} contested verdicts")
    return 0


def _write(name: str, rows: Iterable[dict[str, Any]]) -> None:
    text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    if name == "-":
        sys.stdout.write(text)
        return
    try:
        Path(name).write_text(text, encoding="utf-8")
    except OSError as error:
        raise HistoryError("cli.unwritable", file=name, reason=error) from error
