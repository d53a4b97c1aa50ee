"""`python -m tutor export`: contested verdicts leave as JSON lines, whatever the folder is called."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from tests.learning.material import GRADE, WAITING, interview
from tutor.__main__ import main
from tutor.assembly import Tutor
from tutor.settings import load_settings


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("TUTOR_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def contest(home: Path) -> None:
    tutor = Tutor(load_settings(home=home))
    turn = replace(WAITING, attempt="它保存键", grade=GRADE)
    tutor.history.save_interview(interview("secret-id", "2026-01-01T09:00:00.000+00:00", turn))
    tutor.history.contest("secret-id", 1, 0, "missed")
    tutor.close()


def test_a_contest_leaves_as_one_line_without_session_or_time(home: Path, tmp_path: Path) -> None:
    contest(home)
    file = tmp_path / "rows.jsonl"
    assert main(["export", "--contested", str(file)]) == 0
    text = file.read_text(encoding="utf-8")
    (row,) = map(json.loads, text.splitlines())
    assert (row["entry_id"], row["attempt"], row["verdict"], row["learner_verdict"]) == (
        "kv-cache", "它保存键", "covered", "missed",
    )  # fmt: skip
    assert "secret-id" not in text
    assert len(row["day"]) == len("2026-01-01")


def test_no_contests_are_an_empty_output(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["export", "--contested", "-"]) == 0
    assert capsys.readouterr().out == ""


def test_a_file_that_cannot_be_written_is_named(home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["export", "--contested", str(tmp_path / "none" / "rows.jsonl")]) == 2
    assert "expected one that can be written" in capsys.readouterr().err
