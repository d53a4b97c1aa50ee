"""JSON lines in and out: one object a line, a malformed line is reported and the rest goes on."""

import json
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from tutor.errors import AttemptError, TutorError


def print_json(value: dict[str, Any]) -> None:
    """One object on one line of standard output."""
    print(json.dumps(value, ensure_ascii=False), flush=True)


def print_error(line_id: object, error: TutorError) -> None:
    """What went wrong with one line: its id, the text, and the key and values that the text was made of."""
    print_json({"id": line_id, **error.as_json("error")})


def log(text: str) -> None:
    """For people: standard error, so that standard output stays JSON."""
    print(text, file=sys.stderr, flush=True)


def read_objects(lines: Iterable[str], required: str) -> Iterator[tuple[dict[str, Any], TutorError | None]]:
    """(object, None) per line, or ({"id": ... or None}, error) for a line that is no object or lacks `required`."""
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            value = json.loads(line)
        except ValueError as error:
            yield {"id": None}, AttemptError("cli.unreadable_line", line=number, reason=error)
            continue
        if not isinstance(value, dict):
            yield {"id": None}, AttemptError("cli.no_object", line=number, found=type(value).__name__)
        elif not isinstance(value.get(required), str) or not value[required].strip():
            yield value, AttemptError("cli.no_text", line=number, field=required, found=value.get(required))
        else:
            yield value, None


def open_lines(path: str) -> list[str]:
    """Lines of a UTF-8 file, `-` for standard input. Raises AttemptError when it cannot be read."""
    try:
        text = sys.stdin.read() if path == "-" else Path(path).read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise AttemptError("cli.no_json_lines", file=path, reason=error) from error
    return text.splitlines()
