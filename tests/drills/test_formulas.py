"""The registry: every formula is documented, values are checked, results come in the formula's unit."""

import pytest

from tutor.drills.formulas import FORMULAS, UNITS, Formula, Quantity, compute
from tutor.errors import DrillError


@pytest.mark.parametrize("formula", FORMULAS.values(), ids=FORMULAS)
def test_every_formula_says_intent_units_derivation_and_source(formula: Formula) -> None:
    text = formula.function.__doc__ or ""
    assert all(word in text for word in ("Units:", "Derivation:", "Source:")), text
    assert formula.unit in UNITS
    assert formula.parameters


@pytest.mark.parametrize("formula", FORMULAS.values(), ids=FORMULAS)
def test_every_formula_computes_a_finite_number_from_ones(formula: Formula) -> None:
    result = compute(formula.name, dict.fromkeys(formula.parameters, 1))
    assert result.unit == formula.unit
    assert 0 <= result.value < 1e6


def test_bytes_become_gigabytes_and_seconds_days() -> None:
    assert compute("weights_memory", {"parameters": 7e9, "bits": 16}) == Quantity(14, "GB")
    values = {"parameters": 1e9, "tokens": 1e9, "gpus": 1, "peak_flops": 6e18 / 86_400, "mfu": 1}
    assert compute("training_days", values) == Quantity(pytest.approx(1), "days")


def test_numbers_that_yaml_reads_as_text_are_numbers() -> None:
    assert compute("training_flops", {"parameters": "7e9", "tokens": "1e12"}).value == pytest.approx(4.2e22)


def test_an_optional_parameter_may_be_left_out() -> None:
    assert compute("pipeline_bubble", {"stages": 4, "micro_batches": 1}).value == 0.75


def test_an_unknown_formula_is_named_with_the_known_ones() -> None:
    with pytest.raises(DrillError, match=r"`kv_cash`.*kv_cache"):
        compute("kv_cash", {})


def test_unknown_and_missing_parameters_are_named() -> None:
    with pytest.raises(DrillError, match=r"unknown `params`; missing `parameters`"):
        compute("weights_memory", {"params": 7e9, "bits": 16})


@pytest.mark.parametrize("value", [0, -1, "many", float("nan"), float("inf")])
def test_a_value_out_of_range_is_refused(value: float | str) -> None:
    with pytest.raises(DrillError, match=r"`weights_memory`, parameter `bits`: expected a number above 0"):
        compute("weights_memory", {"parameters": 7e9, "bits": value})


@pytest.mark.parametrize(("name", "value"), [("gpus", 1.5), ("stage", 4)])
def test_counts_are_whole_and_stages_end_at_three(name: str, value: float) -> None:
    with pytest.raises(DrillError, match=f"parameter `{name}`"):
        compute("zero_memory", {"parameters": 7e9, "gpus": 8, "stage": 1} | {name: value})


def test_more_than_the_whole_peak_cannot_be_used() -> None:
    values = {"parameters": 1e9, "tokens": 1e9, "gpus": 1, "peak_flops": 1e15, "mfu": 1.2}
    with pytest.raises(DrillError, match="at most 1"):
        compute("training_days", values)
