"""`python -m tutor grade`: a stable form on standard output, and a bad line never stops the rest."""

import argparse
import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from tests.fakes import WordHashEmbeddings
from tests.grading.calibrations import PROBES, hand_made
from tests.grading.samples import GOOD_EN
from tutor.assembly import Tutor
from tutor.bank.load import Bank
from tutor.cli.grade import grade
from tutor.grading.grader import Grader

QUESTION = "Why does attention scale its scores?"
POINTS = ["Large scores saturate the softmax and its gradient vanishes."]


def run(lines: list[str], folder: Path, capsys: pytest.CaptureFixture[str]) -> tuple[int, list[dict[str, Any]]]:
    file = folder / "attempts.jsonl"
    file.write_text("\n".join(lines), encoding="utf-8")
    tutor = cast(Tutor, SimpleNamespace(bank=Bank(()), grader=Grader(WordHashEmbeddings(), None, hand_made(), PROBES)))
    status = grade(argparse.Namespace(file=str(file), json=True), tutor)
    return status, [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_a_grade_has_the_promised_fields(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    line = json.dumps({"id": "a", "question": QUESTION, "key_points": POINTS, "answer": GOOD_EN})
    status, [result] = run([line], tmp_path, capsys)
    assert status == 0
    assert {
        "id",
        "score",
        "band",
        "key_points",
        "misconceptions",
        "feedback",
        "spoken",
        "grader_version",
        "milliseconds",
    } <= result.keys()
    assert result["band"][0] <= result["score"] <= result["band"][1]
    assert set(result["key_points"][0]) == {"text", "covered", "verdict", "evidence", "proof"}
    assert result["key_points"][0]["evidence"] in GOOD_EN


def test_malformed_lines_yield_an_error_with_their_id_and_the_rest_goes_on(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    good = json.dumps({"id": 7, "question": QUESTION, "reference": POINTS[0], "answer": GOOD_EN})
    lines = [
        "{not json", "[1, 2]", "", json.dumps({"id": "no-answer"}), json.dumps({"id": "null", "answer": None}),
        json.dumps({"id": "no-rubric", "answer": "x"}), json.dumps({"id": "unknown", "entry_id": "nowhere", "answer": "x"}),
        json.dumps({"id": {"x": 1}, "answer": "x"}), json.dumps({"id": "refs", "references": "one", "answer": "x"}), good,
    ]  # fmt: skip
    status, results = run(lines, tmp_path, capsys)
    assert status == 1
    assert [result["id"] for result in results] == [
        None,
        None,
        "no-answer",
        "null",
        "no-rubric",
        "unknown",
        None,
        "refs",
        7,
    ]
    assert all(set(result) == {"id", "error", "key", "fields"} for result in results[:-1])
    assert results[2]["key"] == "cli.no_text"
    assert results[2]["fields"] == {"line": 4, "field": "answer", "found": None}
    assert results[2]["error"] == "line 4: expected a text in `answer`, found None."
    assert "score" in results[-1]


def test_an_empty_answer_is_graded_and_not_malformed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, [result] = run(
        [json.dumps({"id": 1, "question": QUESTION, "key_points": POINTS, "answer": ""})], tmp_path, capsys
    )
    assert (status, result["score"], result["guard"]) == (0, 0.0, "empty")
