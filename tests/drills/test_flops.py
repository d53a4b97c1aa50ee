"""Compute and training time against published figures; the paper is named in each test."""

import pytest

from tutor.drills import flops

PALM = {"layers": 118, "heads": 48, "head_dim": 256, "context_tokens": 2048}


def test_gpt3_took_3_14e23_operations() -> None:
    """arXiv 2005.14165, table D.1: 174.6B parameters, 300B tokens, 3.14e23 FLOP."""
    assert flops.training_flops(parameters=174.6e9, tokens=300e9) == pytest.approx(3.14e23, rel=0.002)


def test_llama_3_405b_took_3_8e25_operations() -> None:
    """arXiv 2407.21783, section 1: 405B parameters, 15.6T tokens, 3.8e25 FLOP."""
    assert flops.training_flops(parameters=405e9, tokens=15.6e12) == pytest.approx(3.8e25, rel=0.003)


def test_palm_reached_46_2_percent_of_the_peak() -> None:
    """arXiv 2204.02311, appendix B: 540B parameters, 238.3K tokens/s on 6144 TPU v4 of 275 TFLOP/s."""
    used = flops.model_flops_utilization(
        parameters=540.35e9, **PALM, tokens_per_second=238.3e3, gpus=6144, peak_flops=275e12
    )
    assert used == pytest.approx(0.462, abs=0.0005)


def test_recomputation_adds_a_third() -> None:
    once = flops.training_flops_with_attention(parameters=540e9, tokens=1e9, **PALM)
    again = flops.training_flops_with_attention(parameters=540e9, tokens=1e9, **PALM, recomputed=True)
    assert again == pytest.approx(once * 4 / 3)
    assert once > flops.training_flops(parameters=540e9, tokens=1e9)


def test_attention_operations_grow_with_the_square_of_the_context() -> None:
    assert flops.attention_flops(context_tokens=4096, d_model=4096) == 4 * 4096**3
    quadrupled = flops.attention_flops(context_tokens=8192, d_model=4096)
    assert quadrupled == 4 * flops.attention_flops(context_tokens=4096, d_model=4096)


def test_attention_of_a_sequence_is_the_attention_term_of_training_over_three() -> None:
    """12*L*H*Q*T per token of training is three times the forward 4*n*n*d of a layer over n tokens."""
    with_attention = flops.training_flops_with_attention(parameters=1, tokens=2048, **PALM)
    attention = with_attention - flops.training_flops(parameters=1, tokens=2048)
    layer = flops.attention_flops(context_tokens=2048, d_model=48 * 256)
    assert attention == pytest.approx(3 * 118 * layer, rel=1e-9)


def test_the_training_time_of_the_175b_example_is_39_days() -> None:
    """A circulating answer misses this by far: 300B tokens, 1000 A100 at 312 TFLOP/s, 30 % used."""
    seconds = flops.training_days(parameters=175e9, tokens=300e9, gpus=1000, peak_flops=312e12, mfu=0.3)
    assert seconds / 86_400 == pytest.approx(38.95, abs=0.01)


def test_inference_takes_two_operations_per_parameter_and_token() -> None:
    assert flops.inference_flops(parameters=7e9, tokens=1) == 14e9


def test_gophers_budget_gives_chinchilla() -> None:
    """arXiv 2203.15556: 70B parameters and 1.4T tokens for the budget of Gopher, 5.76e23 FLOP."""
    assert flops.chinchilla_parameters(flops=5.76e23) == pytest.approx(70e9, rel=0.02)
    assert flops.chinchilla_tokens(flops=5.76e23) == pytest.approx(1.4e12, rel=0.02)


def test_optimal_size_and_tokens_spend_the_budget() -> None:
    for ratio in (10, 20, 200):
        size = flops.chinchilla_parameters(flops=1e22, tokens_per_parameter=ratio)
        tokens = flops.chinchilla_tokens(flops=1e22, tokens_per_parameter=ratio)
        assert flops.training_flops(parameters=size, tokens=tokens) == pytest.approx(1e22)
        assert tokens / size == pytest.approx(ratio)
