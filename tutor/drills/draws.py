"""What a drill is about: values of a formula drawn from the cards, so that every question is realistic.

One function per kind of drill, named as its formula. Numbers are drawn as they will be shown, so that nothing is lost to
rounding. Calculations by hand are in `draws_by_hand`.
"""

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tutor.domain import Bilingual
from tutor.drills.cards import Cards, Gpu, Model, card_values
from tutor.drills.formulas import FORMULAS
from tutor.drills.memory import kv_cache as kv_cache_bytes

_PRECISIONS = ((32, "FP32"), (16, "BF16"), (16, "FP16"), (8, "INT8"), (4, "INT4"))
_HALVES = ((2, "BF16"), (2, "FP16"), (1, "FP8"))
_CONTEXTS = (1024, 2048, 4096, 8192, 16384, 32768)
_TOKENS = (300e9, 500e9, 1e12, 1.5e12, 2e12, 3e12, 5e12, 8e12, 15e12)


@dataclass(frozen=True)
class Draw:
    """Values of the formula; facts that the question states besides (slips may use them); words for its gaps."""

    values: Mapping[str, Any]
    facts: Mapping[str, float] = field(default_factory=dict)
    words: Mapping[str, str | Bilingual] = field(default_factory=dict)


Drawing = Callable[[random.Random, Cards], Draw]


def _from_card(formula: str, model: Model, **more: Any) -> dict[str, Any]:
    said = {name: int(value) for name, value in card_values(list(FORMULAS[formula].parameters), model, None).items()}
    return {**said, **({"parameters": model.rounded} if "parameters" in said else {}), **more}


def _rounded(value: float, digits: int = 3) -> float:
    return float(f"{value:.{digits}g}")


def _context(rng: random.Random, model: Model, among: tuple[int, ...] = _CONTEXTS) -> int:
    """A context that the model was made for."""
    return rng.choice([context for context in among if context <= model.context_tokens] or among[:1])


def _trainer(rng: random.Random, cards: Cards) -> Gpu:
    return rng.choice([gpu for gpu in cards.gpus if gpu.sparsity and gpu.memory_gb >= 40])


def weights_memory(rng: random.Random, cards: Cards) -> Draw:
    model, (bits, precision) = rng.choice(cards.models), rng.choice(_PRECISIONS)
    return Draw({"parameters": model.rounded, "bits": bits}, words={"model": model.name, "precision": precision})


def weights_memory_mixed(rng: random.Random, cards: Cards) -> Draw:
    model = rng.choice(cards.mixtures)
    in_experts = _rounded(model.layers * model.experts * 3 * model.d_model * model.d_ff)
    kept = _rounded(model.parameters - in_experts)
    values = {"parameters": in_experts, "bits": rng.choice((2, 3, 4)), "kept_parameters": kept, "kept_bits": 16}
    return Draw(values, words={"model": model.name})


def quantized_weights_memory(rng: random.Random, cards: Cards) -> Draw:
    model, zero = rng.choice(cards.dense), rng.choice((0, 4))
    values = {
        "parameters": model.rounded,
        "bits": rng.choice((3, 4)),
        "group_size": 32,
        "scale_bits": 16,
        "zero_bits": zero,
    }
    return Draw(values, words={"model": model.name})


def kv_cache(rng: random.Random, cards: Cards) -> Draw:
    model, (size, precision) = rng.choice(cards.grouped), rng.choice(_HALVES)
    values = _from_card(
        "kv_cache",
        model,
        context_tokens=_context(rng, model),
        batch=rng.choice((3, 5, 6, 10, 12, 24)),
        bytes_per_value=size,
    )
    return Draw(values, {"heads": model.heads}, {"model": model.name, "precision": precision})


def kv_cache_paged(rng: random.Random, cards: Cards) -> Draw:
    model, (size, precision) = rng.choice(cards.grouped), rng.choice(_HALVES)
    more = {"context_tokens": rng.choice((70, 90, 140, 150, 210, 270)), "block_tokens": rng.choice((64, 128))}
    values = _from_card("kv_cache_paged", model, **more, batch=rng.choice((24, 48, 96, 200)), bytes_per_value=size)
    return Draw(values, {"heads": model.heads}, {"model": model.name, "precision": precision})


def kv_cache_mla(rng: random.Random, cards: Cards) -> Draw:
    model, (size, precision) = rng.choice(cards.latent), rng.choice(_HALVES)
    more = {"context_tokens": _context(rng, model), "batch": rng.choice((3, 5, 6, 12, 24)), "bytes_per_value": size}
    facts = {"heads": model.heads, "head_dim": model.head_dim}
    return Draw(_from_card("kv_cache_mla", model, **more), facts, {"model": model.name, "precision": precision})


def _activations(formula: str) -> Drawing:
    def draw(rng: random.Random, cards: Cards) -> Draw:
        model = rng.choice(cards.dense)
        more = {"context_tokens": _context(rng, model, _CONTEXTS[:4]), "batch": rng.choice((2, 3, 4, 6))}
        return Draw(_from_card(formula, model, **more), words={"model": model.name})

    return draw


def training_state_memory(rng: random.Random, cards: Cards) -> Draw:
    model = rng.choice(cards.models)
    size, optimizer = rng.choice(
        (
            (16, Bilingual("混合精度 AdamW（FP32 主权重与两个矩）", "mixed-precision AdamW (FP32 master weights and two moments)")),
            (10, Bilingual("混合精度 8 位 AdamW（FP32 主权重，两个矩各 1 字节）", "mixed-precision 8-bit AdamW (FP32 master weights, two moments of 1 byte each)")),
        )
    )  # fmt: skip
    values = {"parameters": model.rounded, "bytes_per_parameter": size}
    return Draw(values, words={"model": model.name, "optimizer": optimizer})


def zero_memory(rng: random.Random, cards: Cards) -> Draw:
    model = rng.choice(cards.dense)
    values = {"parameters": model.rounded, "gpus": rng.choice((8, 16, 32, 64)), "stage": rng.choice((1, 2, 3))}
    return Draw({**values, "weight_bytes": 2, "gradient_bytes": 2, "optimizer_bytes": 12}, words={"model": model.name})


def lora_memory(rng: random.Random, cards: Cards) -> Draw:
    model, (bits, precision) = rng.choice(cards.dense), rng.choice(_PRECISIONS[1:4])
    values = {
        "parameters": model.rounded,
        "adapter_parameters": _rounded(model.parameters * rng.choice((0.02, 0.03, 0.05)), 2),
        "bits": bits,
        "bytes_per_adapter_parameter": 16,
    }
    return Draw(values, words={"model": model.name, "precision": precision})


def qlora_memory(rng: random.Random, cards: Cards) -> Draw:
    drawn = lora_memory(rng, cards)
    values = {name: value for name, value in drawn.values.items() if name != "bits"}
    return Draw(values, words={"model": drawn.words["model"]})


def transformer_parameters(rng: random.Random, cards: Cards) -> Draw:
    plain = [model for model in cards.grouped if model.gated and not model.biases and not model.qkv_biases]
    model = rng.choice(plain)
    tied = Bilingual("输入输出嵌入共享", "tied embeddings")
    untied = Bilingual("输入输出嵌入不共享", "untied embeddings")
    words: dict[str, str | Bilingual] = {"model": model.name, "embeddings": tied if model.tied else untied}
    return Draw(_from_card("transformer_parameters", model), words=words)


def moe_parameters(rng: random.Random, cards: Cards) -> Draw:
    model = rng.choice(cards.mixtures)
    facts = {"experts_per_token": model.experts_per_token}
    return Draw(_from_card("moe_parameters", model, shared_experts=0), facts, {"model": model.name})


def moe_active_parameters(rng: random.Random, cards: Cards) -> Draw:
    model = rng.choice(cards.mixtures)
    values = _from_card("moe_active_parameters", model, shared_experts=0)
    return Draw(values, {"total_parameters": model.rounded}, {"model": model.name})


def lora_parameters(rng: random.Random, cards: Cards) -> Draw:
    square = [model for model in cards.dense if model.heads * model.head_dim == model.d_model]
    model = rng.choice(square)
    sides = {"d_in": model.d_model, "d_out": model.d_model}
    values = {**sides, "rank": rng.choice((4, 8, 16, 32, 64)), "matrices": 2 * model.layers}
    return Draw(values, {"layers": model.layers}, {"model": model.name})


def chinchilla_parameters(rng: random.Random, _: Cards) -> Draw:
    return Draw({"flops": rng.choice((1, 2, 3, 5, 6, 8)) * 10.0 ** rng.randint(20, 25), "tokens_per_parameter": 20})


def training_flops(rng: random.Random, cards: Cards) -> Draw:
    model = rng.choice(cards.dense)
    return Draw({"parameters": model.rounded, "tokens": rng.choice(_TOKENS)}, words={"model": model.name})


def training_flops_with_attention(rng: random.Random, cards: Cards) -> Draw:
    long = [model for model in cards.dense if model.context_tokens >= 8192]
    model, recomputed = rng.choice(long), rng.choice((0, 1))
    more = {
        "tokens": rng.choice(_TOKENS),
        "context_tokens": _context(rng, model, _CONTEXTS[3:]),
        "recomputed": recomputed,
    }
    once = Bilingual("不重算激活", "without recomputation")
    again = Bilingual("激活全量重算", "with full recomputation")
    words: dict[str, str | Bilingual] = {"model": model.name, "recomputation": again if recomputed else once}
    return Draw(_from_card("training_flops_with_attention", model, **more), words=words)


def attention_flops(rng: random.Random, cards: Cards) -> Draw:
    model = rng.choice(cards.dense)
    values = {"context_tokens": _context(rng, model), "d_model": model.d_model}
    return Draw(values, words={"model": model.name})


def inference_flops(rng: random.Random, cards: Cards) -> Draw:
    model = rng.choice(cards.dense)
    return Draw(
        {"parameters": model.rounded, "tokens": rng.choice((100, 200, 500, 1000, 2000))}, words={"model": model.name}
    )


def training_days(rng: random.Random, cards: Cards) -> Draw:
    model, gpu, tokens, mfu = (
        rng.choice(cards.dense),
        _trainer(rng, cards),
        rng.choice(_TOKENS),
        rng.choice((0.3, 0.35, 0.4, 0.45, 0.5)),
    )
    days = 6 * model.rounded * tokens / (gpu.peak_flops * mfu) / 86_400
    gpus = next((count for count in (8, 64, 256, 1024, 2048, 4096, 8192) if days / count < 90), 16_384)
    values = {"parameters": model.rounded, "tokens": tokens, "gpus": gpus, "peak_flops": gpu.peak_flops, "mfu": mfu}
    return Draw(values, {"sparse_flops": 2 * gpu.peak_flops}, {"model": model.name, "gpu": gpu.name})


def model_flops_utilization(rng: random.Random, cards: Cards) -> Draw:
    model, gpu, gpus = rng.choice(cards.dense), _trainer(rng, cards), rng.choice((8, 64, 256, 1024))
    used = rng.choice((0.25, 0.31, 0.36, 0.4))
    tokens = _rounded(gpus * gpu.peak_flops * used / (6 * model.rounded))
    more = {
        "context_tokens": _context(rng, model, _CONTEXTS[:4]),
        "tokens_per_second": tokens,
        "gpus": gpus,
        "peak_flops": gpu.peak_flops,
    }
    values = _from_card("model_flops_utilization", model, **more)
    return Draw(values, {"sparse_flops": 2 * gpu.peak_flops}, {"model": model.name, "gpu": gpu.name})


def _fitting(rng: random.Random, cards: Cards) -> tuple[Model, Gpu, int, str]:
    """A model whose weights fit into the memory of one GPU."""
    pairs = [
        (model, gpu, bits, precision)
        for model in cards.dense
        for gpu in cards.gpus
        for bits, precision in _PRECISIONS[1:]
        if model.parameters * bits / 8 < 0.8e9 * gpu.memory_gb
    ]
    return rng.choice(pairs)


def decode_tokens_per_second(rng: random.Random, cards: Cards) -> Draw:
    model, gpu, bits, precision = _fitting(rng, cards)
    values = {"weight_bytes": model.rounded * bits / 8, "bandwidth_bytes_per_second": gpu.bandwidth_bytes_per_second}
    words = {"model": model.name, "gpu": gpu.name, "precision": precision}
    return Draw(values, {"model_parameters": model.rounded}, words)


def batch_decode_tokens_per_second(rng: random.Random, cards: Cards) -> Draw:
    model, gpu, bits, _ = _fitting(rng, cards)
    cache = kv_cache_bytes(layers=model.layers, kv_heads=model.kv_heads, head_dim=model.head_dim, context_tokens=4096, batch=1, bytes_per_value=2)  # fmt: skip
    values = {
        "weight_bytes": _rounded(model.parameters * bits / 8),
        "kv_bytes_per_sequence": _rounded(cache),
        "batch": rng.choice((4, 8, 16, 32)),
        "bandwidth_bytes_per_second": gpu.bandwidth_bytes_per_second,
    }
    return Draw(values, words={"model": model.name, "gpu": gpu.name})


def prefill_seconds(rng: random.Random, cards: Cards) -> Draw:
    model, gpu = rng.choice(cards.dense), _trainer(rng, cards)
    values = {
        "parameters": model.rounded,
        "prompt_tokens": rng.choice((1000, 2000, 4000, 8000)),
        "gpus": rng.choice((2, 4, 8)),
        "peak_flops": gpu.peak_flops,
        "mfu": rng.choice((0.4, 0.5, 0.6)),
    }
    return Draw(values, {"sparse_flops": 2 * gpu.peak_flops}, {"model": model.name, "gpu": gpu.name})


def ridge_batch(rng: random.Random, cards: Cards) -> Draw:
    gpu = rng.choice([gpu for gpu in cards.gpus if gpu.sparsity])
    peak, size, precision = rng.choice(
        [(gpu.peak_flops, 2, "BF16"), *([(gpu.fp8_flops, 1, "FP8")] if gpu.fp8_flops else [])]
    )
    values = {
        "peak_flops": peak,
        "bandwidth_bytes_per_second": gpu.bandwidth_bytes_per_second,
        "bytes_per_parameter": size,
    }
    return Draw(values, {"sparse_flops": 2 * peak}, {"gpu": gpu.name, "precision": precision})


def all_reduce_seconds(rng: random.Random, cards: Cards) -> Draw:
    model, gpu = rng.choice(cards.dense), rng.choice(cards.gpus)
    values = {
        "message_bytes": 2 * model.rounded,
        "gpus": rng.choice((4, 8, 16)),
        "link_bytes_per_second": gpu.link_bytes_per_second,
    }
    return Draw(values, words={"gpu": gpu.name})


def pipeline_bubble(rng: random.Random, _: Cards) -> Draw:
    stages = rng.choice((4, 8, 16))
    return Draw(
        {"stages": stages, "micro_batches": stages * rng.choice((1, 2, 4)), "interleaved_chunks": rng.choice((1, 2, 4))}
    )


def cost_per_million_tokens(rng: random.Random, cards: Cards) -> Draw:
    gpu = _trainer(rng, cards)
    values = {"dollars_per_gpu_hour": rng.choice((1.8, 2.5, 3.2, 4)), "gpus": rng.choice((2, 4, 8)), "tokens_per_second": rng.choice((1500, 4000, 9000, 20000))}  # fmt: skip
    return Draw(values, words={"gpu": gpu.name})


DRAWS: Mapping[str, Drawing] = {
    **{name: _activations(name) for name in FORMULAS if name.startswith("activations_memory")},
    **{
        draw.__name__: draw
        for draw in (
            weights_memory, weights_memory_mixed, quantized_weights_memory, kv_cache, kv_cache_paged, kv_cache_mla,
            training_state_memory, zero_memory, lora_memory, qlora_memory, transformer_parameters, moe_parameters,
            moe_active_parameters, lora_parameters, chinchilla_parameters, training_flops, training_flops_with_attention,
            attention_flops, inference_flops, training_days, model_flops_utilization, decode_tokens_per_second,
            batch_decode_tokens_per_second, prefill_seconds, ridge_batch, all_reduce_seconds, pipeline_bubble,
            cost_per_million_tokens,
        )
    },
    "chinchilla_tokens": chinchilla_parameters,
    "decode_seconds_per_token": decode_tokens_per_second,
}  # fmt: skip
