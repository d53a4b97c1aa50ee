"""Parameter counts equal, to the last one, those of published checkpoints.

Configurations are the `config.json` of each model on Hugging Face (the repository is named beside it); the totals are
those of the published weights (`total_size` of the safetensors index over bytes per value, or the model card).
"""

import pytest

from tutor.drills.parameters import (
    lora_parameters,
    moe_active_parameters,
    moe_parameters,
    transformer_parameters,
)

# name, layers, d_model, d_ff, heads, kv_heads, vocabulary, options, parameters
LLAMA_LIKE = [
    ("meta-llama/Llama-2-7b-hf", 32, 4096, 11008, 32, 32, 32000, {}, 6_738_415_616),
    ("meta-llama/Llama-2-13b-hf", 40, 5120, 13824, 40, 40, 32000, {}, 13_015_864_320),
    ("meta-llama/Llama-2-70b-hf", 80, 8192, 28672, 64, 8, 32000, {}, 68_976_648_192),
    ("meta-llama/Meta-Llama-3-8B", 32, 4096, 14336, 32, 8, 128256, {}, 8_030_261_248),
    ("meta-llama/Meta-Llama-3-70B", 80, 8192, 28672, 64, 8, 128256, {}, 70_553_706_496),
    ("meta-llama/Llama-3.2-1B", 16, 2048, 8192, 32, 8, 128256, {"tied": True}, 1_235_814_400),
    ("meta-llama/Llama-3.2-3B", 28, 3072, 8192, 24, 8, 128256, {"tied": True}, 3_212_749_824),
    ("mistralai/Mistral-7B-v0.1", 32, 4096, 14336, 32, 8, 32000, {}, 7_241_732_096),
    ("mistralai/Mistral-Nemo-Base-2407", 40, 5120, 14336, 32, 8, 131072, {"head_dim": 128}, 12_247_782_400),
    ("TinyLlama/TinyLlama-1.1B", 22, 2048, 5632, 32, 4, 32000, {}, 1_100_048_384),
    ("Qwen/Qwen2.5-0.5B", 24, 896, 4864, 14, 2, 151936, {"tied": True, "qkv_biases": True}, 494_032_768),
    ("Qwen/Qwen2.5-1.5B", 28, 1536, 8960, 12, 2, 151936, {"tied": True, "qkv_biases": True}, 1_543_714_304),
    ("Qwen/Qwen2.5-7B", 28, 3584, 18944, 28, 4, 152064, {"qkv_biases": True}, 7_615_616_512),
]
# name, layers, d_model, heads, parameters; d_ff is 4 * d_model, 1024 positions, 50257 tokens, tied, biases everywhere
GPT2 = [
    ("openai-community/gpt2", 12, 768, 12, 124_439_808),
    ("openai-community/gpt2-medium", 24, 1024, 16, 354_823_168),
    ("openai-community/gpt2-large", 36, 1280, 20, 774_030_080),
    ("openai-community/gpt2-xl", 48, 1600, 25, 1_557_611_200),
]
MIXTRAL = {
    "layers": 32, "d_model": 4096, "d_ff": 14336, "heads": 32, "kv_heads": 8, "vocabulary": 32000, "experts": 8,
}  # fmt: skip


@pytest.mark.parametrize(
    ("name", "layers", "d_model", "d_ff", "heads", "kv_heads", "vocabulary", "options", "published"), LLAMA_LIKE
)
def test_llama_like_models_have_the_published_number(
    name: str,
    layers: int,
    d_model: int,
    d_ff: int,
    heads: int,
    kv_heads: int,
    vocabulary: int,
    options: dict[str, int],
    published: int,
) -> None:
    counted = transformer_parameters(
        layers=layers,
        d_model=d_model,
        d_ff=d_ff,
        heads=heads,
        kv_heads=kv_heads,
        vocabulary=vocabulary,
        gated=True,
        **{"tied": False, **options},
    )
    assert counted == published, name


@pytest.mark.parametrize(("name", "layers", "d_model", "heads", "published"), GPT2)
def test_gpt2_with_biases_and_positions_has_the_published_number(
    name: str, layers: int, d_model: int, heads: int, published: int
) -> None:
    counted = transformer_parameters(
        layers=layers,
        d_model=d_model,
        d_ff=4 * d_model,
        heads=heads,
        kv_heads=heads,
        vocabulary=50257,
        gated=False,
        tied=True,
        positions=1024,
        biases=True,
    )
    assert counted == published, name


def test_mixtral_holds_47_billion_and_uses_13_billion_per_token() -> None:
    """mistralai/Mixtral-8x7B-v0.1; the paper (arXiv 2401.04088) says 47B total and 13B active."""
    assert moe_parameters(**MIXTRAL) == 46_702_792_704
    assert moe_active_parameters(**MIXTRAL, experts_per_token=2) == 12_879_925_248


def test_a_mixture_of_one_expert_is_the_dense_model_and_its_router() -> None:
    one = {**MIXTRAL, "experts": 1}
    dense = transformer_parameters(
        **{key: value for key, value in MIXTRAL.items() if key != "experts"}, gated=True, tied=False
    )
    assert moe_parameters(**one) == dense + 32 * 4096
    assert moe_active_parameters(**one, experts_per_token=1) == moe_parameters(**one)


def test_shared_experts_count_in_both_totals() -> None:
    expert = 32 * 3 * 4096 * 14336
    assert moe_parameters(**MIXTRAL, shared_experts=1) - moe_parameters(**MIXTRAL) == expert
    active = moe_active_parameters(**MIXTRAL, experts_per_token=2, shared_experts=1)
    assert active - moe_active_parameters(**MIXTRAL, experts_per_token=2) == expert


def test_lora_of_rank_8_on_a_4096_square_has_65536() -> None:
    assert lora_parameters(d_in=4096, d_out=4096, rank=8) == 65_536


def test_lora_on_query_and_value_of_gpt3_is_the_4_7_million_of_the_paper() -> None:
    """arXiv 2106.09685, table 4: r_q = r_v = 1 on GPT-3 175B (96 layers of 12288) trains 4.7M parameters."""
    adapters = lora_parameters(d_in=12288, d_out=12288, rank=1, matrices=96 * 2)
    assert adapters == pytest.approx(4.7e6, rel=0.01)
