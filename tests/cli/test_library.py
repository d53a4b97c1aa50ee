"""`python -m tutor library`: what is in it, what comes in, what goes out."""

import argparse
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.fakes import WordHashTutor
from tutor.cli.library import add_parser
from tutor.errors import DocumentError
from tutor.settings import load_settings


@pytest.fixture
def run(tmp_path: Path) -> Callable[..., int]:
    tutor = WordHashTutor(load_settings(home=tmp_path / "home", llm="none"))

    def run_command(*words: str) -> int:
        parser = argparse.ArgumentParser()
        add_parser(parser.add_subparsers())
        args = parser.parse_args(["library", *words])
        handler: Callable[[argparse.Namespace, WordHashTutor], int] = args.handler
        return handler(args, tutor)

    return run_command


def test_a_file_comes_in_is_listed_and_goes_out(
    run: Callable[..., int], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    notes = tmp_path / "notes.md"
    notes.write_text("# Zebra stripes\n\nThe zebra notation marks alternating layers.\n", encoding="utf-8")
    assert run("add", str(notes), "--json") == 0
    assert json.loads(capsys.readouterr().out)["documents"]["added"] == 1
    assert run("list", "--json") == 0
    (line,) = capsys.readouterr().out.splitlines()
    row = json.loads(line)
    assert (row["title"], row["own"], row["passages"]) == ("Zebra stripes", True, 1)
    assert run("remove", row["id"], "--json") == 0
    assert json.loads(capsys.readouterr().out) == {"id": row["id"], "title": "Zebra stripes", "removed": True}
    assert run("list") == 0
    assert capsys.readouterr().out == ""


def test_a_file_that_is_refused_is_exit_status_one_and_an_unknown_name_an_error(
    run: Callable[..., int], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("add", str(tmp_path / "gone.md")) == 1
    assert "gone.md" in capsys.readouterr().out
    with pytest.raises(DocumentError, match="library list"):
        run("remove", "gone.md")
