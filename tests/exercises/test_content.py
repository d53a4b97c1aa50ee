"""The exercises themselves: each reference passes its own tests in the real sandbox, each wrong solution does not."""

import ast
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.exercises.conftest import EXERCISES
from tutor.bank.load import load_bank
from tutor.drills.formulas import compute
from tutor.errors import ExerciseError
from tutor.exercises.judge import Judge
from tutor.exercises.load import load_exercise, load_exercises
from tutor.exercises.result import Result
from tutor.exercises.sandbox import Sandbox
from tutor.exercises.schema import Exercise
from tutor.text.language import detect_language

ALL = load_exercises(EXERCISES).all
JUDGE = Judge(Sandbox(bubblewrap=False))  # Landlock and seccomp start faster; the abuse tests cover every layer
ASKED_FOR = 27


def verdict(exercise: Exercise, code: str) -> Result:
    return JUDGE.judge(exercise, code)


@pytest.fixture(scope="module")
def verdicts() -> Iterator[dict[str, Future[list[Result]]]]:
    """Of every reference solution and then its slips, two processes at a time."""
    assert JUDGE.sandbox.protection.layers
    with ThreadPoolExecutor(2) as pool:
        yield {
            exercise.id: pool.submit(
                lambda e: [verdict(e, code) for code in (e.solution, *(slip.code for slip in e.wrong))], exercise
            )
            for exercise in ALL
        }


@pytest.mark.parametrize("exercise", ALL, ids=lambda exercise: exercise.id)
def test_the_reference_passes_and_every_plausible_slip_is_caught(
    exercise: Exercise, verdicts: dict[str, Future[list[Result]]]
) -> None:
    result, *slipped = verdicts[exercise.id].result()
    assert result.passed, [(case.name.en, case.why) for case in result.cases if case.why] or result.problem
    for slip, result in zip(exercise.wrong, slipped, strict=True):
        assert result.problem is None, f"{slip.reason.en}: it must run, found {result.problem}"
        faults = [case.why.en for case in result.cases if case.why]
        assert faults, f"no case catches: {slip.reason.en}"
        assert not all(" raised " in fault for fault in faults), f"{slip.reason.en}: it only crashes"


def test_an_unwritten_starter_fails_but_loads() -> None:
    result = verdict(ALL[0], ALL[0].starter)
    assert result.problem is None
    assert result.passed_count == 0


def test_there_are_enough_and_they_lead_to_the_bank() -> None:
    bank = load_bank(EXERCISES.parent / "bank", compute)
    assert len(ALL) >= ASKED_FOR
    assert [exercise.id for exercise in ALL if exercise.entry not in bank] == []
    assert {exercise.level for exercise in ALL} == {1, 2, 3}


@pytest.mark.parametrize("exercise", ALL, ids=lambda exercise: exercise.id)
def test_an_exercise_is_whole(exercise: Exercise) -> None:
    words = [exercise.statement, *exercise.hints, exercise.complexity, exercise.title]
    words += [slip.reason for slip in exercise.wrong] + [case.name for case in exercise.cases]
    assert all(detect_language(text.en) == "en" for text in words)
    assert len({case.name.en for case in exercise.cases}) == len(exercise.cases)
    assert any(case.expect is not None for case in exercise.cases), "one case at least is worked out by hand"
    assert signature(exercise.starter, exercise.function) == signature(exercise.solution, exercise.function)
    assert exercise.function in exercise.statement.zh
    assert exercise.function in exercise.statement.en


def signature(code: str, name: str) -> str:
    (function,) = [n for n in ast.parse(code).body if isinstance(n, ast.FunctionDef) and n.name == name]
    return f"{ast.unparse(function.args)} -> {ast.unparse(function.returns) if function.returns else ''}"


def softmax_data() -> dict[str, Any]:
    data: dict[str, Any] = yaml.safe_load((EXERCISES / "stable-softmax.yaml").read_text(encoding="utf-8"))
    return data


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"hints": []}, "field hints"),
        ({"colour": "red"}, "field colour"),
        ({"solution": "def softmax(x:\n    pass\n"}, "found a slip on line 1"),
        ({"starter": "def other(x): pass\n"}, "expected a function `softmax`"),
        ({"id": "another"}, "expected id `stable-softmax`"),
        ({"cases": [{"name": {"zh": "名称", "en": "name"}}] * 3}, "cases.0.arguments"),
    ],
)
def test_a_slip_in_a_file_is_told_with_file_and_field(tmp_path: Path, change: dict[str, Any], words: str) -> None:
    file = tmp_path / "stable-softmax.yaml"
    file.write_text(yaml.safe_dump({**softmax_data(), **change}, allow_unicode=True), encoding="utf-8")
    with pytest.raises(ExerciseError, match="stable-softmax.yaml") as slip:
        load_exercise(file)
    assert words in str(slip.value)


def test_broken_yaml_is_told_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "x.yaml").write_text("id: x\nlevel: [\n", encoding="utf-8")
    with pytest.raises(ExerciseError, match=r"x\.yaml, line \d"):
        load_exercises(tmp_path)


def test_an_unknown_id_and_an_empty_folder_say_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(ExerciseError, match="exercises list"):
        load_exercises(EXERCISES).get("no-such-thing")
    with pytest.raises(ExerciseError, match="found none"):
        load_exercises(tmp_path)


def test_an_input_that_is_no_array_is_refused() -> None:
    data = softmax_data()
    data["id"], data["cases"][0]["arguments"] = "odd", [{"normall": [2]}]
    with pytest.raises(ExerciseError, match="expected one of"):
        verdict(Exercise.model_validate(data), data["solution"])
