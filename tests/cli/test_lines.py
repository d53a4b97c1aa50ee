"""JSON lines: a malformed line is named and the rest goes on; errors are one line, never a traceback."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tutor.__main__ import main
from tutor.cli.lines import open_lines, read_objects
from tutor.errors import AttemptError

ROOT = Path(__file__).resolve().parents[2]


def test_good_and_bad_lines_come_back_in_order() -> None:
    lines = ['{"id": 1, "query": "a"}', "", "nonsense", "[1]", '{"id": 2}', '{"id": 3, "query": "  "}']
    rows = list(read_objects(lines, "query"))
    assert [row.get("id") for row, _ in rows] == [1, None, None, 2, 3]
    assert [error is None for _, error in rows] == [True, False, False, False, False]
    assert "line 3" in str(rows[1][1])


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(AttemptError, match=r"absent\.jsonl"):
        open_lines(str(tmp_path / "absent.jsonl"))


def test_a_command_that_can_do_nothing_says_so_in_json_where_json_was_asked_for(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["search", "--json", "-k", "0", "x"]) == 2
    told = capsys.readouterr()
    assert json.loads(told.out) == {
        "error": "search: expected -k of at least 1, found 0.",
        "key": "cli.too_few_results",
        "fields": {"found": 0},
    }
    assert told.err == "error: search: expected -k of at least 1, found 0.\n"
    assert main(["search", "-k", "0", "x"]) == 2
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(
    ("args", "expected"),
    [
        (["search"], "either a QUERY or --queries"),
        (["search", "-k", "0", "x"], "-k of at least 1"),
        (["ask"], "either a QUESTION or --questions"),
        (["search", "--queries", "absent.jsonl"], "absent.jsonl"),
        (["bank", "show", "no-such-entry"], "no-such-entry"),
        (["eval", "grading", "--measure", "--set", "none-such"], "--set: expected one of own, sprag_ml"),
    ],
)
def test_wrong_calls_get_one_line_and_no_traceback(args: list[str], expected: str, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tutor", *args],
        cwd=ROOT, env={"TUTOR_HOME": str(tmp_path), "PATH": ""}, capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    assert done.returncode == 2
    assert expected in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


def test_bank_list_is_one_object_a_line(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tutor", "bank", "list", "--json"],
        cwd=ROOT, env={"TUTOR_HOME": str(tmp_path), "PATH": ""}, capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 0
    assert len(rows) >= 25
    assert all(set(row) == {"id", "group", "kind", "level", "seeds", "question"} for row in rows)
    assert all(row["question"]["zh"] and row["question"]["en"] for row in rows)
    assert len({row["group"] for row in rows}) >= 10
