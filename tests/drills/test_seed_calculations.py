"""The calculations of the interview texts that the project grew from, several of them wrong or garbled there, computed anew."""

import pytest

from tutor.drills.formulas import compute

SEVEN_B = {"layers": 32, "kv_heads": 32, "head_dim": 128, "context_tokens": 2048, "batch": 4, "bytes_per_value": 2}
TRAINING = {"parameters": 175e9, "tokens": 300e9, "gpus": 1000, "peak_flops": 312e12, "mfu": 0.3}
LLAMA_7B = 6_738_415_616


def test_the_kv_cache_is_4_29_gb_where_a_text_says_2() -> None:
    """It forgets the bytes per value."""
    assert compute("kv_cache", SEVEN_B).value == pytest.approx(4.294967296)
    assert compute("kv_cache", {**SEVEN_B, "bytes_per_value": 1}).value == pytest.approx(2.147, abs=1e-3)


def test_inference_of_7b_takes_19_to_20_gb_in_all() -> None:
    weights = compute("weights_memory", {"parameters": 7e9, "bits": 16}).value
    assert weights + compute("kv_cache", SEVEN_B).value + 1 == pytest.approx(19.29, abs=0.01)


def test_the_kv_cache_takes_the_kv_heads_where_texts_take_all_heads() -> None:
    grouped = compute("kv_cache", {**SEVEN_B, "kv_heads": 8}).value
    assert grouped == compute("kv_cache", SEVEN_B).value / 4 == pytest.approx(2**30 / 1e9)


@pytest.mark.parametrize(("changed", "days"), [({}, 38.95), ({"mfu": 0.45}, 25.97), ({"mfu": 0.1298}, 90.0)])
def test_training_175b_takes_39_days_where_a_text_says_3_to_4_months(changed: dict[str, float], days: float) -> None:
    assert compute("training_days", {**TRAINING, **changed}).value == pytest.approx(days, abs=0.05)


def test_even_full_recomputation_takes_52_days() -> None:
    assert compute("training_days", TRAINING).value * 8 / 6 == pytest.approx(51.93, abs=0.01)


def test_adamw_takes_16_bytes_a_parameter_where_a_text_lost_a_multiplication_sign() -> None:
    assert compute("training_state_memory", {"parameters": 7e9, "bytes_per_parameter": 2 + 4 + 2 + 2 * 4}).value == 112


def test_the_optimiser_holds_12_bytes_a_parameter_where_a_text_says_2_to_4_times_the_parameters() -> None:
    whole = compute("zero_memory", {"parameters": 7e9, "gpus": 1, "stage": 0}).value
    assert (
        whole - compute("weights_memory", {"parameters": 7e9, "bits": 32}).value == 84
    )  # weights and gradients: 28 GB


@pytest.mark.parametrize(
    ("rank", "sides", "matrices", "share"), [(8, 8192, 64, 0.0622), (8, 8192, 128, 0.1245), (256, 8192, 64, 1.992)]
)
def test_lora_trains_well_below_one_percent_at_usual_ranks(rank: int, sides: int, matrices: int, share: float) -> None:
    values = {"d_in": sides // 2, "d_out": sides // 2, "rank": rank, "matrices": matrices}
    assert 100 * compute("lora_parameters", values).value / LLAMA_7B == pytest.approx(share, abs=1e-3)


def test_int4_saves_75_percent_of_fp16_where_a_text_says_90() -> None:
    whole = compute("weights_memory", {"parameters": 7e9, "bits": 16}).value
    assert compute("weights_memory", {"parameters": 7e9, "bits": 4}).value == whole * 0.25
    grouped = {"parameters": 7e9, "bits": 4, "group_size": 128, "scale_bits": 16, "zero_bits": 4}
    assert 1 - compute("quantized_weights_memory", grouped).value / whole == pytest.approx(0.7402, abs=1e-4)


def test_attention_over_10k_tokens_is_28_percent_of_the_forward_pass_where_a_text_saves_70() -> None:
    attention = 32 * compute("attention_flops", {"context_tokens": 10_000, "d_model": 4096}).value
    linear = compute("inference_flops", {"parameters": LLAMA_7B - 32_000 * 4096, "tokens": 10_000}).value
    assert attention / (attention + linear) == pytest.approx(0.284, abs=0.001)
