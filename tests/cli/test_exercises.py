"""`python -m tutor exercises`, parsed as a user types it."""

import argparse
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tutor.assembly import Tutor
from tutor.cli.exercises import add_parser
from tutor.errors import ExerciseError
from tutor.exercises.load import load_exercises
from tutor.settings import load_settings

CORPUS = Path(__file__).resolve().parents[2] / "corpus"


@pytest.fixture
def run(tmp_path: Path) -> Callable[..., int]:
    def run_command(*words: str) -> int:
        parser = argparse.ArgumentParser()
        add_parser(parser.add_subparsers())
        args = parser.parse_args(["exercises", *words])
        handler: Callable[[argparse.Namespace, Tutor], int] = args.handler
        return handler(args, Tutor(load_settings(home=tmp_path, corpus=CORPUS, language="en")))

    return run_command


@pytest.fixture
def solution(tmp_path: Path) -> Path:
    file = tmp_path / "mine.py"
    file.write_text(load_exercises(CORPUS / "exercises").get("token-f1").solution, encoding="utf-8")
    return file


def test_the_list_has_one_line_each(run: Callable[..., int], capsys: pytest.CaptureFixture[str]) -> None:
    assert run("list") == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == len(load_exercises(CORPUS / "exercises").all)
    assert run("list", "--json") == 0
    assert json.loads(capsys.readouterr().out.splitlines()[0])["id"] in lines[0]


def test_hints_and_solution_are_shown_only_when_asked_for(
    run: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("show", "token-f1", "--language", "zh") == 0
    shown = capsys.readouterr().out
    assert "多重集合" in shown
    assert "提示" not in shown
    assert "Counter" not in shown
    assert run("show", "token-f1", "--hints", "--solution") == 0
    shown = capsys.readouterr().out
    assert "Hint 3" in shown
    assert "from collections import Counter" in shown
    assert run("show", "token-f1", "--json") == 0
    assert not {"solution", "wrong", "cases", "hints"} & set(json.loads(capsys.readouterr().out))


def test_a_right_solution_passes(
    run: Callable[..., int], solution: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("run", "token-f1", str(solution)) == 0
    assert "7 of 7 passed" in capsys.readouterr().out
    assert run("run", "token-f1", str(solution), "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert told["passed"] is True
    kept = Tutor(load_settings(home=tmp_path)).history.outcomes()
    assert [(outcome.item, outcome.share) for outcome in kept] == [("token-f1", 1.0)] * 2
    assert "limits" in told["protection"]


def test_a_wrong_one_fails_with_reasons(
    run: Callable[..., int], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "mine.py"
    file.write_text("def token_f1(prediction, reference):\n    print('here')\n    return 1.0\n", encoding="utf-8")
    assert run("run", "token-f1", str(file), "--language", "zh") == 1
    shown = capsys.readouterr().out
    assert "✗ 没有重叠：" in shown.replace(": ", "：")
    assert "应为 0，得到 1" in shown
    assert "here" in shown


def test_a_file_that_cannot_be_read_says_so(run: Callable[..., int], tmp_path: Path) -> None:
    with pytest.raises(ExerciseError, match="expected Python in UTF-8"):
        run("run", "token-f1", str(tmp_path / "missing.py"))
