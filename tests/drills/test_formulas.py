"""The registry: every formula is documented, values are checked, results come in the formula's unit."""

import pytest

from tutor.drills.formulas import FORMULAS, Formula, compute
from tutor.drills.units import Quantity, base_unit
from tutor.errors import DrillError


@pytest.mark.parametrize("formula", FORMULAS.values(), ids=FORMULAS)
def test_every_formula_says_intent_units_derivation_and_source(formula: Formula) -> None:
    text = formula.function.__doc__ or ""
    assert all(word in text for word in ("Units:", "Derivation:", "Source:")), text
    assert base_unit(formula.unit)
    assert formula.parameters


@pytest.mark.parametrize("formula", FORMULAS.values(), ids=FORMULAS)
def test_every_formula_computes_a_finite_number_from_ones(formula: Formula) -> None:
    ones = {name: 2 if name == "bits" else 1 for name in formula.parameters}
    result = compute(formula.name, ones)
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
    with pytest.raises(
        DrillError, match=r"`weights_memory`, parameter `bits` \(bits per value\): expected a number above 0"
    ):
        compute("weights_memory", {"parameters": 7e9, "bits": value})


@pytest.mark.parametrize(("name", "value"), [("gpus", 1.5), ("stage", 4)])
def test_counts_are_whole_and_stages_end_at_three(name: str, value: float) -> None:
    with pytest.raises(DrillError, match=f"parameter `{name}`"):
        compute("zero_memory", {"parameters": 7e9, "gpus": 8, "stage": 1} | {name: value})


def test_an_error_names_the_parameter_as_the_learner_calls_it() -> None:
    with pytest.raises(DrillError) as refused:
        compute(
            "kv_cache",
            {"layers": -1, "kv_heads": 8, "head_dim": 128, "context_tokens": 1, "batch": 1, "bytes_per_value": 2},
        )
    assert "的参数“层数”（`layers`）：应为大于 0 的整数，实际是 -1" in refused.value.in_language("zh")
    with pytest.raises(DrillError) as refused:
        compute("kv_cache", {})
    assert "缺少“层数”（`layers`）；缺少“KV 头数”（`kv_heads`）" in refused.value.in_language("zh")


def test_more_than_the_whole_peak_cannot_be_used() -> None:
    values = {"parameters": 1e9, "tokens": 1e9, "gpus": 1, "peak_flops": 1e15, "mfu": 1.2}
    with pytest.raises(DrillError, match="at most 1"):
        compute("training_days", values)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("7B", 7e9),
        ("70亿", 7e9),
        ("6.74e9", 6.74e9),
        ("7,000 million", 7e9),
        ("7b", 7e9),
        ("七十亿", 7e9),
        ("7*10^9", 7e9),
    ],
)
def test_numbers_may_be_written_as_people_write_them(written: str, read: float) -> None:
    assert compute("weights_memory", {"parameters": written, "bits": 8}).value == pytest.approx(read / 1e9)


@pytest.mark.parametrize(("written", "share"), [("40%", 0.4), ("0.4", 0.4), (0.4, 0.4)])
def test_a_share_may_be_a_percentage(written: str, share: float) -> None:
    values = {"parameters": 1e9, "tokens": 1e9, "gpus": 1, "peak_flops": 1e15, "mfu": written}
    assert compute("training_days", values) == compute("training_days", {**values, "mfu": share})


def test_a_flag_may_be_a_word() -> None:
    values = dict.fromkeys(FORMULAS["transformer_parameters"].parameters, 1)
    assert (
        compute("transformer_parameters", {**values, "tied": "false"}).value
        > compute("transformer_parameters", {**values, "tied": "true"}).value
    )


def test_vectors_rows_and_words_are_read_from_text() -> None:
    assert compute("softmax_probability", {"scores": "0, 0", "position": 1}).value == 0.5
    assert compute("attention_weight", {"query": "1 0", "keys": "1 0; 1 0", "position": 2}).value == 0.5
    assert compute("rouge_n", {"candidate": "a b", "reference": "a c"}).value == 0.5


@pytest.mark.parametrize(
    ("name", "values", "expected"),
    [
        ("softmax_probability", {"scores": "1, x", "position": 1}, "numbers such as"),
        ("softmax_probability", {"scores": "1, 2", "position": 3}, "expected 1 to 2, found 3"),
        ("attention_weight", {"query": "1 0", "keys": "1 0; 1", "position": 1}, "rows of numbers"),
        ("attention_weight", {"query": "1 0", "keys": "1; 1", "position": 1}, "as long as the query"),
        ("weights_memory", {"parameters": "7×10^400", "bits": 8}, "a number above 0"),
        ("perplexity", {"probabilities": "0.5, 0"}, "shares above 0"),
        ("bleu", {"candidate": " ", "reference": "a"}, "words with spaces"),
    ],
)
def test_a_malformed_vector_is_told_with_what_was_expected(name: str, values: dict[str, object], expected: str) -> None:
    with pytest.raises(DrillError, match=expected):
        compute(name, values)
