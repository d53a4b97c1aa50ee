"""Speed limits and costs; hardware figures are from NVIDIA's data sheets (A100 80GB SXM, H100 SXM, dense peaks)."""

import pytest

from tutor.drills import speed

A100 = {"peak_flops": 312e12, "bandwidth_bytes_per_second": 2.039e12}
H100 = {"peak_flops": 989e12, "bandwidth_bytes_per_second": 3.35e12}


def test_decoding_14_gb_on_an_a100_stays_below_146_tokens_per_second() -> None:
    limit = speed.decode_tokens_per_second(weight_bytes=14e9, bandwidth_bytes_per_second=2.039e12)
    assert limit == pytest.approx(145.6, abs=0.05)
    assert speed.decode_seconds_per_token(weight_bytes=14e9, bandwidth_bytes_per_second=2.039e12) * limit == 1


def test_a_batch_shares_the_reading_of_the_weights_but_not_of_the_caches() -> None:
    def limit(batch: int, cache: float) -> float:
        return speed.batch_decode_tokens_per_second(
            weight_bytes=14e9, kv_bytes_per_sequence=cache, batch=batch, bandwidth_bytes_per_second=2.039e12
        )

    one = speed.decode_tokens_per_second(weight_bytes=14e9, bandwidth_bytes_per_second=2.039e12)
    assert limit(1, 0) == one
    assert limit(16, 0) == pytest.approx(16 * one)
    assert limit(10_000, 2e9) == pytest.approx(2.039e12 / 2e9, rel=0.001)


def test_prefill_of_a_thousand_tokens_by_a_7b_on_an_a100() -> None:
    taken = speed.prefill_seconds(parameters=7e9, prompt_tokens=1000, gpus=1, peak_flops=312e12, mfu=0.5)
    assert taken == pytest.approx(14e12 / 156e12)


@pytest.mark.parametrize(("gpu", "ridge"), [(A100, 153.0), (H100, 295.2)])
def test_the_ridge_of_16_bit_decoding(gpu: dict[str, float], ridge: float) -> None:
    assert speed.ridge_batch(**gpu, bytes_per_parameter=2) == pytest.approx(ridge, abs=0.1)


def test_at_the_ridge_bandwidth_and_compute_give_the_same_speed() -> None:
    batch = speed.ridge_batch(**H100, bytes_per_parameter=2)
    by_bandwidth = batch * speed.decode_tokens_per_second(weight_bytes=14e9, bandwidth_bytes_per_second=3.35e12)
    by_compute = 1 / speed.prefill_seconds(parameters=7e9, prompt_tokens=1, gpus=1, peak_flops=989e12, mfu=1)
    assert by_bandwidth == pytest.approx(by_compute)


def test_a_ring_sends_the_message_almost_twice() -> None:
    two = speed.all_reduce_seconds(message_bytes=14e9, gpus=2, link_bytes_per_second=300e9)
    many = speed.all_reduce_seconds(message_bytes=14e9, gpus=1024, link_bytes_per_second=300e9)
    assert two == pytest.approx(14e9 / 300e9)
    assert many == pytest.approx(2 * two, rel=0.001)
    assert speed.all_reduce_seconds(message_bytes=14e9, gpus=1, link_bytes_per_second=300e9) == 0


def test_the_bubble_shrinks_with_micro_batches_and_interleaving() -> None:
    """GPipe (arXiv 1811.06965) finds it negligible from m = 4 * p on: below a fifth of the step."""
    assert speed.pipeline_bubble(stages=4, micro_batches=1) == 0.75
    assert speed.pipeline_bubble(stages=8, micro_batches=32) == pytest.approx(7 / 39)
    assert speed.pipeline_bubble(stages=8, micro_batches=32, interleaved_chunks=4) == pytest.approx(7 / 135)
    assert speed.pipeline_bubble(stages=1, micro_batches=5) == 0


def test_a_gpu_at_3_6_dollars_and_1000_tokens_per_second_costs_a_dollar_per_million() -> None:
    assert speed.cost_per_million_tokens(dollars_per_gpu_hour=3.6, gpus=1, tokens_per_second=1000) == 1
