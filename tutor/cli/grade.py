"""`python -m tutor grade --json < attempts.jsonl`: grades attempts for scripts, one JSON object a line."""

import argparse
import json
import time
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from tutor.cli.lines import open_lines, print_error, print_json
from tutor.domain import LANGUAGES, Grade, Language, Rubric
from tutor.errors import AttemptError, TutorError
from tutor.grading.rubric import read_request, rubric_from_entry
from tutor.text.language import detect_language

if TYPE_CHECKING:
    from tutor.assembly import Tutor


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = subparsers.add_parser(
        "grade",
        help="grade attempts",
        description="Reads lines with id, answer, and either entry_id or question with key_points, reference, or references "
        "(a list of answers that are all accepted); writes one grade a line. A malformed line yields its id and an error, and the rest goes on.",
    )
    parser.add_argument("file", nargs="?", default="-", help="JSON lines; - for standard input (default)")
    parser.add_argument("--json", action="store_true", help="one JSON object a line (the only form there is)")
    parser.set_defaults(handler=grade)


def grade(args: argparse.Namespace, tutor: "Tutor") -> int:
    """0 when every line got its grade, 1 when some could not be graded."""
    failed = 0
    for line_id, line, problem in _read_lines(open_lines(args.file)):
        try:
            if problem:
                raise problem
            print_json(_grade_line(tutor, line_id, line))
        except TutorError as error:
            failed += 1
            print_error(line_id, error)
    return 1 if failed else 0


def _read_lines(lines: Sequence[str]) -> Iterator[tuple[Any, Mapping[str, Any], AttemptError | None]]:
    """(id or None, object, None) per line that is not blank, or (id, {}, problem)."""
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            value = json.loads(line)
        except (ValueError, RecursionError) as error:
            yield None, {}, AttemptError("cli.unreadable_line", line=number, reason=error)
            continue
        if not isinstance(value, dict):
            yield None, {}, AttemptError("cli.no_object", line=number, found=type(value).__name__)
            continue
        line_id = value.get("id")
        if isinstance(line_id, dict | list):
            yield None, {}, AttemptError("cli.no_id", line=number, found=type(line_id).__name__)
            continue
        if not isinstance(value.get("answer"), str):
            yield line_id, {}, AttemptError("cli.no_text", line=number, field="answer", found=value.get("answer"))
            continue
        yield line_id, value, None


def _grade_line(tutor: "Tutor", line_id: Any, line: Mapping[str, Any]) -> dict[str, Any]:
    started = time.monotonic()
    result = tutor.grader.grade(_rubric(tutor, line), line["answer"])
    return grade_json(line_id, result, (time.monotonic() - started) * 1_000)


def _rubric(tutor: "Tutor", line: Mapping[str, Any]) -> Rubric:
    entry_id = line.get("entry_id")
    if entry_id is None:
        return read_request(line)
    if not isinstance(entry_id, str):
        raise AttemptError("cli.no_entry_id", found=entry_id)
    return rubric_from_entry(tutor.bank.get(entry_id), _language(line))


def _language(line: Mapping[str, Any]) -> Language:
    """Of the rubric: as asked for, else that of the answer, so that like is compared with like."""
    asked = line.get("language")
    if asked is None:
        return detect_language(line["answer"])
    for language in LANGUAGES:
        if asked == language:
            return language
    raise AttemptError("cli.unknown_language", known=LANGUAGES, found=asked)


def grade_json(line_id: Any, result: Grade, milliseconds: float) -> dict[str, Any]:
    """A grade in the form that scripts rely on."""
    return {
        "id": line_id,
        "score": result.score,
        "band": list(result.band),
        "key_points": [
            {
                "text": point.text,
                "covered": round(point.covered, 4),
                "verdict": point.verdict,
                "evidence": point.evidence,
                "proof": point.proof,
            }
            for point in result.key_points
        ],
        "misconceptions": [
            {"claim": item.claim, "correction": item.correction, "evidence": item.evidence}
            for item in result.misconceptions
        ],
        "feedback": result.feedback,
        "spoken": result.spoken,
        "grader_version": result.grader_version,
        "guard": result.guard,
        "milliseconds": round(milliseconds, 1),
    }
