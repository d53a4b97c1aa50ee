"""Worked numbers are recomputed and must be said in the answers."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.bank.folder import BankFolder

Make = Callable[..., dict[str, Any]]
WEIGHTS = {
    "id": "weights",
    "formula": "weights_memory",
    "values": {"parameters": "7e9", "bits": 16},
    "result": 14,
    "unit": "GB",
}


@pytest.fixture
def with_weights(entry: Make) -> Callable[..., dict[str, Any]]:
    """An entry with one calculation, said in both answers."""

    def make(zh: str = "共 14 GB。", en: str = "That is 14 GB.", **changes: Any) -> dict[str, Any]:
        data = entry(calculations=[{**WEIGHTS, **changes}])
        data["answer"]["zh"] += zh
        data["answer"]["en"] += en
        return data

    return make


def test_a_result_that_the_formula_gives_is_fine(bank: BankFolder, with_weights: Make) -> None:
    bank.write(with_weights())
    assert bank.problems() == []
    bank.write(with_weights(zh="共 0.014 TB。", en="That is 0.014 TB."))
    assert bank.problems() == []


def test_a_result_rounded_to_four_digits_is_fine(bank: BankFolder, with_weights: Make) -> None:
    values = {"parameters": 1234567, "bits": 8000}
    text = {"zh": "约 1.23 GB。", "en": "About 1.23 GB."}
    bank.write(with_weights(**text, values=values, result=1.235))
    assert bank.problems() == []
    bank.write(with_weights(**text, values=values, result=1.236))
    assert "the formula gives 1.235 GB, found 1.236" in bank.the_problem().problem


def test_a_wrong_result_is_reported_at_its_line(bank: BankFolder, with_weights: Make) -> None:
    bank.write(with_weights(result=28))
    problem = bank.the_problem()
    assert (problem.field, problem.line) == ("calculations.0.result", bank.line_with("result: 28"))


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"formula": "weight_memory"}, "`weight_memory`: expected one of"),
        ({"values": {"parameters": 7e9}}, "missing `bits`"),
        ({"unit": "GiB"}, "expected GB, found GiB"),
    ],
)
def test_unknown_formulas_missing_values_and_wrong_units_are_reported(
    bank: BankFolder, with_weights: Make, changes: dict[str, Any], told: str
) -> None:
    bank.write(with_weights(**changes))
    assert told in bank.the_problem().problem


def test_a_result_that_an_answer_does_not_say_is_reported(bank: BankFolder, with_weights: Make) -> None:
    bank.write(with_weights(zh="显存不少。", en="That is much."))
    assert [problem.field for problem in bank.problems()] == ["answer.zh", "answer.en"]


def test_a_calculation_entry_has_worked_numbers(bank: BankFolder, entry: Make) -> None:
    bank.write(entry(kind="calculation"))
    assert bank.the_problem().field == "kind"
