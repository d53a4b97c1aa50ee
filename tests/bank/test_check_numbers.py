"""Worked numbers are computed and placed; what cannot be computed or placed, or is typed after all, is reported."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.bank.folder import BankFolder

Make = Callable[..., dict[str, Any]]
WEIGHTS = {"id": "weights", "formula": "weights_memory", "values": {"parameters": "7e9", "bits": 16}}
TIME = {
    "id": "time",
    "formula": "training_days",
    "values": {"parameters": 175e9, "tokens": 3e11, "gpus": 1000, "peak_flops": 312e12, "mfu": 0.3},
}


@pytest.fixture
def with_weights(entry: Make) -> Callable[..., dict[str, Any]]:
    """An entry with one calculation whose result stands in both answers."""

    def make(place: str = "{{calc:weights|0|GB}} GB", **changes: Any) -> dict[str, Any]:
        data = entry(calculations=[{**WEIGHTS, **changes}])
        data["answer"]["zh"] += f"共 {place}。"
        data["answer"]["en"] += f"That is {place}."
        return data

    return make


@pytest.mark.parametrize(
    "place", ["{{calc:weights|0|GB}} GB", "{{calc:weights|3|TB}} TB", "{{ calc:weights | 2 | GiB }} GiB"]
)
def test_a_placed_number_is_fine(bank: BankFolder, with_weights: Make, place: str) -> None:
    bank.write(with_weights(place))
    assert bank.problems() == []


@pytest.mark.parametrize(
    ("place", "told"),
    [
        ("{{calc:weight|0|GB}}", "`weight` is no calculation of this entry"),
        ("{{calc:weights|0|GigaB}}", "Unit `GigaB`: expected a unit such as GB"),
        ("{{calc:weights|0|days}}", "Unit `days`: expected a unit of memory, found one of time"),
        ("{{calc:weights|GB}}", "`{{calc:weights|GB}}` cannot be read"),
        ("{{calc:weights|two|GB}}", "cannot be read"),
        ("{{calc weights|2|GB}}", "cannot be read"),
        ("{{calc:weights|2|GB}", "a {{calc without its }}"),
        ("{{calc:weights|0|GiB}} GB", "`weights` is placed in GiB and followed by GB"),
        ("{{calc:weights|1|TB}}", "`weights` is 0.014 TB and shows as 0.0"),
    ],
)
def test_a_place_with_a_slip_is_reported_in_its_field(
    bank: BankFolder, with_weights: Make, place: str, told: str
) -> None:
    data = with_weights()
    data["key_points"][1]["en"] = f"A model of this kind takes {place} of memory for its weights."
    bank.write(data)
    problems = [problem for problem in bank.problems() if "other language" not in problem.problem]
    assert len(problems) == 1
    assert told in problems[0].problem
    assert problems[0].next_step
    assert (problems[0].field, problems[0].line) == ("key_points.1.en", bank.line_with("A model of this kind"))


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"formula": "weight_memory"}, "`weight_memory`: expected one of"),
        ({"values": {"parameters": 7e9}}, "missing `bits`"),
    ],
)
def test_unknown_formulas_and_missing_values_are_reported_once(
    bank: BankFolder, with_weights: Make, changes: dict[str, Any], told: str
) -> None:
    bank.write(with_weights(**changes))
    assert told in bank.the_problem().problem
    assert bank.the_problem().field == "calculations.2"


def test_a_result_is_not_written_into_the_calculation(bank: BankFolder, with_weights: Make) -> None:
    bank.write(with_weights(result=14))
    assert bank.the_problem().field == "calculations.2.result"


def test_a_calculation_that_no_text_uses_is_reported(bank: BankFolder, entry: Make) -> None:
    bank.write(entry(calculations=[WEIGHTS]))
    problem = bank.the_problem()
    assert (problem.problem, problem.line) == ("no text uses `weights`", bank.line_with("id: weights"))


def test_two_calculations_of_one_id_are_reported(bank: BankFolder, with_weights: Make) -> None:
    data = with_weights()
    data["calculations"].append({**WEIGHTS, "values": {"parameters": 1e9, "bits": 8}})
    bank.write(data)
    assert bank.the_problem().field == "calculations.3.id"


@pytest.mark.parametrize(
    "typed", ["14 GB", "14.0 GB", "0.014 TB", "13.04 GiB", r"$7\times10^9\times2=1.4\times10^{10}$"]
)
def test_a_result_that_is_typed_is_to_be_placed(bank: BankFolder, with_weights: Make, typed: str) -> None:
    data = with_weights()
    data["hints"][2]["en"] += f" In all {typed}."
    bank.write(data)
    problem = bank.the_problem()
    assert problem.field == "hints.2.en"
    assert "is the result of `weights` and is typed" in problem.problem
    assert "Place it by code" in problem.next_step


@pytest.mark.parametrize("other", ["7e9", "16 bits", "14%", "140 GB", "13.9 GB", "GPT-14"])
def test_inputs_and_other_numbers_may_be_typed(bank: BankFolder, with_weights: Make, other: str) -> None:
    data = with_weights()
    data["hints"][2]["en"] += f" Think of {other}."
    bank.write(data)
    assert bank.problems() == []


def test_a_rounded_result_that_is_typed_is_found(bank: BankFolder, entry: Make) -> None:
    data = entry(calculations=[TIME])
    data["hints"][2] = {"zh": "约 {{calc:time|2|days}} 天，即 39 天。", "en": "About {{calc:time|2|days}} days, or 39."}
    bank.write(data)
    assert [(problem.field, problem.problem[:4]) for problem in bank.problems()] == [
        ("hints.2.zh", "`39`"),
        ("hints.2.en", "`39`"),
    ]


def test_a_calculation_entry_has_worked_numbers(bank: BankFolder, entry: Make) -> None:
    data = entry(kind="calculation")
    del data["calculations"]
    bank.write(data)
    assert bank.the_problem().field == "kind"
