"""`python -m tutor calc` and `drill`, parsed as a user types them."""

import argparse
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tutor.assembly import Tutor
from tutor.cli import calc, drill
from tutor.drills.formulas import FORMULAS
from tutor.drills.generate import generate_drill
from tutor.errors import DrillError
from tutor.settings import load_settings

ROOT = Path(__file__).resolve().parents[2]
KV = ["layers=32", "kv_heads=32", "head_dim=128", "context_tokens=2048", "batch=4", "bytes_per_value=2"]
Run = Callable[..., int]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    def run_command(*words: str) -> int:
        parser = argparse.ArgumentParser()
        subparsers = parser.add_subparsers()
        calc.add_parser(subparsers)
        drill.add_parser(subparsers)
        args = parser.parse_args(words)
        return int(args.handler(args, Tutor(load_settings(home=tmp_path, language="en"))))

    return run_command


def settings(pairs: list[str]) -> list[str]:
    return [word for pair in pairs for word in ("--set", pair)]


def test_calc_as_json_gives_value_unit_and_steps(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("calc", "kv_cache", *settings(KV), "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert set(told) == {"formula", "value", "unit", "values", "steps", "source"}
    assert (told["value"], told["unit"]) == (4.294967296, "GB")
    assert told["steps"][-1] == {"text": "Convert the unit", "math": "4.29497 × 10^9 B = 4.295 GB = 4 GiB"}
    assert "2211.05102" in told["source"]


def test_calc_for_people_shows_steps_in_their_language(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("calc", "kv_cache", *settings(KV), "--language", "zh") == 0
    shown = capsys.readouterr().out
    assert "KV 缓存显存" in shown
    assert shown.splitlines()[-1] == "= 4.295 GB"


def test_cards_fill_in_what_they_know(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    more = settings(["context_tokens=8192", "batch=1", "bytes_per_value=2"])
    assert run("calc", "kv_cache", "--model", "Llama 3 8B", *more, "--json") == 0
    assert json.loads(capsys.readouterr().out)["value"] == pytest.approx(1.0737, abs=1e-4)
    words = ["--gpu", "A100 SXM 80GB", *settings(["parameters=175B", "tokens=300B", "gpus=1000", "mfu=30%"])]
    assert run("calc", "training_days", *words, "--json") == 0
    assert json.loads(capsys.readouterr().out)["value"] == pytest.approx(38.95, abs=0.01)


def test_calc_without_a_name_lists_the_formulas(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("calc", "--json") == 0
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [row["formula"] for row in rows] == list(FORMULAS)
    assert rows[0]["parameters"]["bits"] == {
        "label": "bits per value",
        "expects": "a number above 0",
        "optional": False,
    }
    assert run("calc", "--language", "zh") == 0
    assert "权重显存" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["calc", "kv"], "`kv`: expected one of"),
        (["calc", "kv_cache"], "missing `layers`"),
        (["calc", "kv_cache", "--set", "batch"], "expected KEY=VALUE"),
        (["calc", "kv_cache", "--set", "batch=1", "--set", "batch=2"], "`batch` twice"),
        (["calc", "kv_cache", *settings([*KV[:4], "batch=x", KV[5]])], "expected a whole number above 0, found 'x'"),
        (["calc", "kv_cache", "--model", "Llama 9"], "Model `Llama 9`: expected one of"),
        (["calc", "ridge_batch", "--gpu", "A1"], "GPU `A1`: expected one of"),
        (["drill", "--kind", "kv"], "expected one of"),
        (["drill", "--kind", "kv_cache", "--level", "1"], "Correct the kind or the level"),
    ],
)
def test_wrong_calls_name_what_was_expected(words: list[str], expected: str, run: Run) -> None:
    with pytest.raises(DrillError, match=expected):
        run(*words)


def test_a_drill_is_asked_and_judged(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    asked = generate_drill(7, kind="kv_cache")
    assert run("drill", "--kind", "kv_cache", "--seed", "7", "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert told["question"] == asked.question.en
    assert "value" not in told
    assert run("drill", "--kind", "kv_cache", "--seed", "7", "--json", "--answer", f"{asked.answer.value:.4g} GB") == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["verdict"], told["passed"]) == ("right", True)
    assert told["steps"]
    assert run("drill", "--kind", "kv_cache", "--seed", "7", "--json", "--answer", f"{asked.answer.value / 2} GB") == 1
    assert "k-and-v" in json.loads(capsys.readouterr().out)["slips"]


def test_an_answer_to_a_drill_is_kept_in_the_history_and_a_question_is_not(run: Run, tmp_path: Path) -> None:
    run("drill", "--kind", "kv_cache", "--seed", "7", "--json")
    assert not (tmp_path / "history.db").exists()
    run("drill", "--kind", "kv_cache", "--seed", "7", "--answer", "1 B")
    (outcome,) = Tutor(load_settings(home=tmp_path)).history.outcomes()
    assert (outcome.kind, outcome.item, outcome.detail, outcome.share) == ("drill", "kv_cache", "7", 0.0)


def test_a_drill_for_people(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("drill", "--level", "1", "--language", "zh") == 0
    shown = capsys.readouterr()
    assert "？" in shown.out or "少" in shown.out
    assert "--seed" in shown.err
    assert run("drill", "--seed", "3", "--answer", "nonsense") == 1
    assert "Cannot read" in capsys.readouterr().out


def test_the_commands_are_registered(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tutor", "calc", "weights_memory", "--set", "parameters=7B", "--set", "bits=16", "--json"],
        cwd=ROOT, env={"TUTOR_HOME": str(tmp_path), "PATH": ""}, capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["value"] == 14
