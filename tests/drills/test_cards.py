"""The cards agree with themselves: published parameter counts and KV bytes follow from the configurations."""

import re

import pytest

from tutor.drills.cards import Gpu, Model, card_values, load_cards
from tutor.drills.formulas import FORMULAS, compute
from tutor.errors import DrillError

CARDS = load_cards()
COUNTED = [model for model in CARDS.models if model.d_ff]


def count(formula: str, model: Model) -> float:
    return compute(formula, card_values(list(FORMULAS[formula].parameters), model, None)).value


@pytest.mark.parametrize("model", COUNTED, ids=lambda model: model.name)
def test_the_published_parameters_follow_from_the_configuration(model: Model) -> None:
    counted = count("moe_parameters" if model.experts else "transformer_parameters", model)
    if model.qk_norms:  # Qwen3 normalises queries and keys: two vectors of head_dim per layer
        counted += 2 * model.layers * model.head_dim
    if model.checkpoint:
        assert counted == model.parameters
    else:
        assert counted == pytest.approx(model.parameters, rel=1e-3)


@pytest.mark.parametrize("model", CARDS.mixtures, ids=lambda model: model.name)
def test_the_published_active_parameters_follow_from_the_configuration(model: Model) -> None:
    assert count("moe_active_parameters", model) == pytest.approx(model.active_parameters, rel=0.02)


def test_the_parameters_of_deepseek_v3_follow_from_its_report() -> None:
    """arXiv 2412.19437, section 4.2: 3 dense layers of 18432, then 256 routed experts of 2048 and 1 shared, 8 active."""
    model = CARDS.model("DeepSeek-V3")
    attention = 7168 * 1536 + 1536 * 128 * 192 + 7168 * 576 + 512 * 128 * 256 + 128 * 128 * 7168
    expert, embeddings = 3 * 7168 * 2048, 2 * model.vocabulary * 7168
    rest = model.layers * attention + 3 * 3 * 7168 * 18432 + embeddings + 58 * 7168 * 256
    assert rest + 58 * 257 * expert == pytest.approx(model.parameters, rel=1e-3)
    assert rest + 58 * 9 * expert == pytest.approx(model.active_parameters, rel=0.02)


@pytest.mark.parametrize(
    ("name", "bytes_per_token"),
    [
        ("Llama 3.1 405B", 516_096),  # the three of arXiv 2505.09343, table 1
        ("Qwen2.5 72B", 327_680),
        ("DeepSeek-V3", 70_272),
        ("GPT-3 175B", 4_718_592),
        ("Llama 2 7B", 524_288),
        ("Llama 2 13B", 819_200),
        ("Llama 2 70B", 327_680),
        ("Llama 3 8B", 131_072),
        ("Llama 3 70B", 327_680),
        ("Mistral 7B", 131_072),
        ("Qwen2.5 7B", 57_344),
        ("Gemma 2B", 18_432),
    ],
)
def test_kv_bytes_per_token_follow_from_the_configuration(name: str, bytes_per_token: int) -> None:
    model = CARDS.model(name)
    formula = "kv_cache_mla" if model.latent_dim else "kv_cache"
    one = {"context_tokens": 1, "batch": 1, "bytes_per_value": 2}
    size = compute(formula, {**card_values(list(FORMULAS[formula].parameters), model, None), **one})
    assert size.value * 1e9 == pytest.approx(bytes_per_token)
    assert model.kv_bytes_per_token in (0, bytes_per_token)


def test_there_are_enough_cards_each_with_a_source_and_a_name_of_its_own() -> None:
    assert len(CARDS.models) >= 14
    assert len(CARDS.gpus) >= 8
    for cards in (CARDS.models, CARDS.gpus):
        assert len({card.name for card in cards}) == len(cards)
        assert all(card.source for card in cards)


@pytest.mark.parametrize("card", [*CARDS.models, *CARDS.gpus], ids=lambda card: card.name)
def test_a_card_names_the_file_that_it_was_held_against_or_says_that_there_is_none(card: Model | Gpu) -> None:
    assert re.search(r"[\w-]+/[\w./-]+|not re-checked", card.checked)


def test_few_models_are_not_held_against_a_public_configuration() -> None:
    unchecked = {model.name for model in CARDS.models if model.checked.startswith("from ")}
    assert unchecked <= {"Yi 34B"}


@pytest.mark.parametrize("gpu", CARDS.gpus, ids=lambda gpu: gpu.name)
def test_the_figures_of_a_gpu_have_plausible_sizes(gpu: Gpu) -> None:
    assert f"{gpu.memory_gb:g}GB" in gpu.name
    assert 3e11 <= gpu.bandwidth_bytes_per_second <= 8e12
    assert 1e14 <= gpu.peak_flops <= 2.25e15
    assert gpu.fp8_flops == 0 or gpu.fp8_flops == pytest.approx(2 * gpu.peak_flops, rel=0.02)
    assert gpu.link_bytes_per_second < gpu.bandwidth_bytes_per_second


@pytest.mark.parametrize(
    ("name", "memory_gb", "peak_flops", "link"),
    [
        ("H20 96GB", 96, 148e12, 450e9),
        ("H800 SXM 80GB", 80, 989e12, 200e9),
        ("A800 SXM 80GB", 80, 312e12, 200e9),
        ("MI300X 192GB", 192, 1307.4e12, 448e9),
        ("Ascend 910B 64GB", 64, 320e12, 196e9),
    ],
)
def test_the_gpus_that_interviews_in_china_ask_about_are_there(
    name: str, memory_gb: float, peak_flops: float, link: float
) -> None:
    gpu = CARDS.gpu(name)
    assert (gpu.memory_gb, gpu.peak_flops, gpu.link_bytes_per_second) == (memory_gb, peak_flops, link)


def test_an_unknown_card_is_named_with_the_known_ones() -> None:
    with pytest.raises(DrillError, match=r"`GPT-9`.*Llama 3 8B"):
        CARDS.model("GPT-9")
    assert CARDS.gpu("h100 sxm 80gb").peak_flops == 989e12


def test_a_card_says_nothing_where_it_does_not_apply() -> None:
    assert card_values(["kv_heads", "layers", "tied"], CARDS.model("DeepSeek-V3"), None) == {"layers": 61, "tied": 0}
