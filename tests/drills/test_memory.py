"""Memory formulas against published figures; the paper or configuration is named in each test."""

import pytest

from tutor.drills import memory

LLAMA2_7B = {"layers": 32, "kv_heads": 32, "head_dim": 128, "bytes_per_value": 2}


def test_weights_of_seven_billion_parameters_by_precision() -> None:
    sizes = {bits: memory.weights_memory(parameters=7e9, bits=bits) for bits in (32, 16, 8, 4)}
    assert sizes == {32: 28e9, 16: 14e9, 8: 7e9, 4: 3.5e9}


def test_a_part_kept_at_16_bits_weighs_four_times_its_share_of_a_4_bit_model() -> None:
    """Mixtral 8x7B with its 45.1B expert parameters in 4 bits and the other 1.6B in 16."""
    mixed = memory.weights_memory_mixed(parameters=45.1e9, bits=4, kept_parameters=1.6e9)
    assert mixed == 25.75e9
    assert memory.weights_memory_mixed(parameters=1e9, bits=8, kept_parameters=1e9, kept_bits=8) == 2e9


def test_group_scales_add_their_share_of_bits() -> None:
    """4 bits, groups of 128, a 16-bit scale and a 4-bit zero point: 4.15625 bits a weight (GPTQ, AWQ)."""
    grouped = memory.quantized_weights_memory(parameters=7e9, bits=4, group_size=128, zero_bits=4)
    assert grouped == memory.weights_memory(parameters=7e9, bits=4.15625)
    assert grouped == pytest.approx(3.637e9, rel=1e-4)


@pytest.mark.parametrize(
    ("name", "layers", "kv_heads", "head_dim", "bytes_per_token"),
    [
        ("Llama 2 7B (MHA)", 32, 32, 128, 524_288),
        ("Llama 2 13B (MHA): the 800 KB of the OPT-13B example in arXiv 2309.06180", 40, 40, 128, 819_200),
        ("Llama 2 70B (GQA)", 80, 8, 128, 327_680),
        ("Llama 3 8B (GQA)", 32, 8, 128, 131_072),
        ("Mistral 7B (GQA)", 32, 8, 128, 131_072),
        ("Qwen2.5 7B (GQA)", 28, 4, 128, 57_344),
        ("GPT-3 175B (MHA)", 96, 96, 128, 4_718_592),
    ],
)
def test_kv_bytes_per_token_in_16_bits(
    name: str, layers: int, kv_heads: int, head_dim: int, bytes_per_token: int
) -> None:
    size = memory.kv_cache(
        layers=layers, kv_heads=kv_heads, head_dim=head_dim, context_tokens=1, batch=1, bytes_per_value=2
    )
    assert size == bytes_per_token, name


def test_the_kv_cache_of_the_7b_example_is_4_29_gb() -> None:
    """A circulating answer misses this by a factor: batch 4, 2048 tokens, 16 bits."""
    assert memory.kv_cache(**LLAMA2_7B, context_tokens=2048, batch=4) == 4_294_967_296


def test_pages_waste_less_than_one_block_per_sequence() -> None:
    exact = memory.kv_cache(**LLAMA2_7B, context_tokens=1000, batch=3)
    paged = memory.kv_cache_paged(**LLAMA2_7B, context_tokens=1000, batch=3, block_tokens=16)
    assert paged - exact == memory.kv_cache(**LLAMA2_7B, context_tokens=8, batch=3)
    full = memory.kv_cache_paged(**LLAMA2_7B, context_tokens=1024, batch=3, block_tokens=16)
    assert full == memory.kv_cache(**LLAMA2_7B, context_tokens=1024, batch=3)


def test_latent_attention_of_deepseek_v2_keeps_what_grouped_attention_with_2_25_groups_would() -> None:
    """arXiv 2405.04434: d_c = 512, 64 RoPE dimensions, 60 layers, head_dim 128; "equal to GQA with 2.25 groups"."""
    latent = memory.kv_cache_mla(layers=60, latent_dim=512, rope_dim=64, context_tokens=1, batch=1, bytes_per_value=2)
    one_group = memory.kv_cache(layers=60, kv_heads=1, head_dim=128, context_tokens=1, batch=1, bytes_per_value=2)
    assert latent == 69_120
    assert latent / one_group == 2.25


@pytest.mark.parametrize(("d_model", "heads", "saved"), [(12288, 96, 0.70), (20480, 128, 0.65)])
def test_recomputing_attention_saves_what_the_paper_says(d_model: int, heads: int, saved: float) -> None:
    """arXiv 2205.05198, section 5: 70 % for GPT-3 175B, 65 % for MT-NLG 530B, sequences of 2048."""
    shape = {"layers": 1, "context_tokens": 2048, "batch": 1, "d_model": d_model}
    all_kept = memory.activations_memory(**shape, heads=heads)
    selective = memory.activations_memory_selective(**shape)
    assert 1 - selective / all_kept == pytest.approx(saved, abs=0.005)


def test_a_checkpoint_per_layer_keeps_a_seventeenth_of_the_selective_activations() -> None:
    shape = {"layers": 32, "context_tokens": 4096, "batch": 2, "d_model": 4096}
    assert memory.activations_memory_selective(**shape) == 17 * memory.activations_memory_checkpointed(**shape)
    assert memory.activations_memory_checkpointed(**shape) == 2 * 32 * 4096 * 2 * 4096


@pytest.mark.parametrize(("stage", "published_gb"), [(0, 120.0), (1, 31.4), (2, 16.6), (3, 1.9)])
def test_zero_gives_the_figure_of_its_paper(stage: int, published_gb: float) -> None:
    """arXiv 1910.02054, figure 1: 7.5B parameters on 64 GPUs."""
    assert memory.zero_memory(parameters=7.5e9, gpus=64, stage=stage) / 1e9 == pytest.approx(published_gb, abs=0.06)


def test_training_states_of_seven_billion_parameters() -> None:
    assert memory.training_state_memory(parameters=7e9, bytes_per_parameter=16) == 112e9
    assert memory.zero_memory(parameters=7e9, gpus=8, stage=0) == 112e9


def test_a_16_bit_base_dominates_lora_memory() -> None:
    assert memory.lora_memory(parameters=7e9, adapter_parameters=20e6) == 14e9 + 0.32e9


def test_double_quantisation_takes_0_127_bits_for_constants() -> None:
    """arXiv 2305.14314, section 3: from 0.5 to 8/64 + 32/(64*256) = 0.127 bits a parameter."""
    constants = memory.NF4_DOUBLE_QUANTISED_BITS - 4
    assert constants == pytest.approx(0.127, abs=5e-4)
    assert memory.qlora_memory(parameters=65e9, adapter_parameters=0) / 1e9 == pytest.approx(33.5, abs=0.1)
