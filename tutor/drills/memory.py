"""Memory of weights, KV caches, activations and training states.

All results are bytes; 1 GB is 10^9 bytes. Knows nothing of time: for that see `flops` and `speed`.
"""

import math

from tutor.drills.kinds import Count, CountOrZero, NotNegative, Positive, Stage

# QLoRA: NF4 with a constant per 64 weights, itself quantised to 8 bits in blocks of 256 with 32-bit constants.
NF4_DOUBLE_QUANTISED_BITS = 4 + 8 / 64 + 32 / (64 * 256)


def weights_memory(*, parameters: Positive, bits: Positive) -> float:
    """Bytes of a model's weights at a given precision.

    Units: bytes. `bits` per parameter may be a fraction where it includes scales (4.125 for 4 bits with one 16-bit
    scale per 128 weights). Derivation: parameters * bits / 8. Source: IEEE 754 and the definition of a byte.
    """
    return parameters * bits / 8


def weights_memory_mixed(
    *, parameters: Positive, bits: Positive, kept_parameters: Positive, kept_bits: Positive = 16
) -> float:
    """Bytes of weights of which one part is quantised and the rest kept at a higher precision.

    Units: bytes. Derivation: parameters * bits / 8 + kept_parameters * kept_bits / 8; scales are left out (see
    `quantized_weights_memory`). Source: Kim et al. 2023, Mixture of Quantized Experts, arXiv 2310.02410.
    """
    return (parameters * bits + kept_parameters * kept_bits) / 8


def quantized_weights_memory(
    *, parameters: Positive, bits: Positive, group_size: Count, scale_bits: Positive = 16, zero_bits: NotNegative = 0
) -> float:
    """Bytes of weights quantised in groups, with the scale (and zero point) that each group keeps.

    Units: bytes. Derivation: each weight takes `bits` plus its share (scale_bits + zero_bits) / group_size.
    Source: Frantar et al. 2022, GPTQ, arXiv 2210.17323; Lin et al. 2023, AWQ, arXiv 2306.00978.
    """
    return parameters * (bits + (scale_bits + zero_bits) / group_size) / 8


def kv_cache(
    *,
    layers: Count,
    kv_heads: Count,
    head_dim: Count,
    context_tokens: Count,
    batch: Count,
    bytes_per_value: Positive,
) -> float:
    """Bytes of the keys and values that a decoder keeps.

    Units: bytes. Derivation: 2 (K and V) * layers * kv_heads * head_dim values per token, times tokens and sequences.
    kv_heads equals the number of heads for MHA, the number of groups for GQA, 1 for MQA.
    Source: Pope et al. 2022, arXiv 2211.05102; grouped heads: Ainslie et al. 2023, arXiv 2305.13245.
    """
    return 2 * layers * kv_heads * head_dim * context_tokens * batch * bytes_per_value


def kv_cache_paged(
    *,
    layers: Count,
    kv_heads: Count,
    head_dim: Count,
    context_tokens: Count,
    batch: Count,
    bytes_per_value: Positive,
    block_tokens: Count,
) -> float:
    """Bytes of a KV cache in pages: each sequence fills whole blocks, so at most one block per sequence is part empty.

    Units: bytes. Derivation: as `kv_cache`, with the tokens of a sequence rounded up to a multiple of block_tokens.
    Source: Kwon et al. 2023, PagedAttention, arXiv 2309.06180.
    """
    held = math.ceil(context_tokens / block_tokens) * block_tokens
    return 2 * layers * kv_heads * head_dim * held * batch * bytes_per_value


def kv_cache_mla(
    *,
    layers: Count,
    latent_dim: Count,
    rope_dim: Count,
    context_tokens: Count,
    batch: Count,
    bytes_per_value: Positive,
) -> float:
    """Bytes that multi-head latent attention keeps: one latent vector and one shared RoPE key per token and layer.

    Units: bytes. Derivation: (latent_dim + rope_dim) * layers values per token; no factor 2, K and V share the latent.
    Source: DeepSeek-AI 2024, DeepSeek-V2, arXiv 2405.04434, table 1.
    """
    return (latent_dim + rope_dim) * layers * context_tokens * batch * bytes_per_value


def activations_memory(*, layers: Count, context_tokens: Count, batch: Count, d_model: Count, heads: Count) -> float:
    """Bytes of activations that a backward pass needs when nothing is recomputed (16-bit, no tensor parallelism).

    Units: bytes. Derivation: a layer with sequence s, micro-batch b, width h and a heads keeps s*b*h*(34 + 5*a*s/h):
    11 sbh around attention, 19 sbh in a 4h feed-forward, 4 sbh in two norms, 5*a*s*s*b for scores, softmax and mask.
    Source: Korthikanti et al. 2022, arXiv 2205.05198, equation 1.
    """
    per_layer = context_tokens * batch * d_model * (34 + 5 * heads * context_tokens / d_model)
    return layers * per_layer


def activations_memory_selective(*, layers: Count, context_tokens: Count, batch: Count, d_model: Count) -> float:
    """Bytes of activations when only the attention scores are recomputed (or a fused kernel never stores them).

    Units: bytes. Derivation: the 5*a*s/h term of `activations_memory` goes, 34*s*b*h per layer stays.
    Source: Korthikanti et al. 2022, arXiv 2205.05198, section 5; Dao et al. 2022, FlashAttention, arXiv 2205.14135.
    """
    return layers * 34 * context_tokens * batch * d_model


def activations_memory_checkpointed(*, layers: Count, context_tokens: Count, batch: Count, d_model: Count) -> float:
    """Bytes of activations when each layer keeps its 16-bit input only and recomputes the rest.

    Units: bytes. Derivation: 2*s*b*h per layer; the layer being recomputed comes on top.
    Source: Chen et al. 2016, arXiv 1604.06174; Korthikanti et al. 2022, arXiv 2205.05198, table 2.
    """
    return layers * 2 * context_tokens * batch * d_model


def training_state_memory(*, parameters: Positive, bytes_per_parameter: Positive) -> float:
    """Bytes of weights, gradients and optimiser states, without activations.

    Units: bytes. Derivation: AdamW in mixed precision has 16 bytes per parameter: 2 weights + 2 gradients + 4 master
    weights + 4 first moment + 4 second moment; with 8-bit moments it has 10.
    Source: Rajbhandari et al. 2019, ZeRO, arXiv 1910.02054, section 3.1; 8 bits: Dettmers et al. 2021, arXiv 2110.02861.
    """
    return parameters * bytes_per_parameter


def zero_memory(
    *,
    parameters: Positive,
    gpus: Count,
    stage: Stage,
    weight_bytes: Positive = 2,
    gradient_bytes: Positive = 2,
    optimizer_bytes: Positive = 12,
) -> float:
    """Bytes of training states that one GPU holds under ZeRO (stage 3 is what FSDP's full sharding does).

    Units: bytes; the *_bytes are per parameter. Derivation: stage 0 replicates all, 1 splits the optimiser states over
    the GPUs, 2 the gradients too, 3 the weights too.
    Source: Rajbhandari et al. 2019, ZeRO, arXiv 1910.02054, figure 1.
    """
    optimizer = optimizer_bytes / (gpus if stage >= 1 else 1)
    gradients = gradient_bytes / (gpus if stage >= 2 else 1)
    weights = weight_bytes / (gpus if stage >= 3 else 1)
    return parameters * (weights + gradients + optimizer)


def lora_memory(
    *,
    parameters: Positive,
    adapter_parameters: Positive,
    bits: Positive = 16,
    bytes_per_adapter_parameter: Positive = 16,
) -> float:
    """Bytes of frozen base weights plus the training states of the adapters, without activations.

    Units: bytes. Derivation: the base has weights only (bits / 8 each), gradients and optimiser states belong to the
    adapters alone. Source: Hu et al. 2021, LoRA, arXiv 2106.09685, section 4.2.
    """
    return parameters * bits / 8 + adapter_parameters * bytes_per_adapter_parameter


def qlora_memory(
    *, parameters: Positive, adapter_parameters: CountOrZero, bytes_per_adapter_parameter: Positive = 16
) -> float:
    """Bytes of an NF4 base with double quantisation plus the training states of the adapters, without activations.

    Units: bytes. Derivation: 4 bits + 8/64 for the quantised constants + 32/(64*256) for their constants = 4.127 bits
    per base parameter. Source: Dettmers et al. 2023, QLoRA, arXiv 2305.14314, section 3.
    """
    return parameters * NF4_DOUBLE_QUANTISED_BITS / 8 + adapter_parameters * bytes_per_adapter_parameter
