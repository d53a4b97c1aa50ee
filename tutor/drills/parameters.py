"""How many parameters a transformer, a mixture of experts or an adapter has, counted from its configuration.

All results are counts. Knows no bytes: for memory see `memory`.
"""

from tutor.drills.kinds import Count, CountOrZero, Flag


def transformer_parameters(
    *,
    layers: Count,
    d_model: Count,
    d_ff: Count,
    heads: Count,
    kv_heads: Count,
    vocabulary: Count,
    gated: Flag,
    tied: Flag,
    head_dim: CountOrZero = 0,
    positions: CountOrZero = 0,
    biases: Flag = False,
    qkv_biases: Flag = False,
) -> int:
    """Parameters of a decoder-only transformer.

    Units: a count. `head_dim` 0 means d_model / heads; `positions` counts learned position vectors (0 for RoPE);
    `biases` puts a bias on every linear layer and norm (GPT-2), `qkv_biases` on q, k and v alone (Qwen2.5).
    Derivation: per layer, attention has W_q and W_o of d_model x heads*head_dim each and W_k, W_v of
    d_model x kv_heads*head_dim each; the feed-forward has 3 matrices d_model x d_ff when gated (SwiGLU), else 2;
    two norms have d_model each. Then the token embedding, the output head when not tied, and the last norm.
    Source: Vaswani et al. 2017, arXiv 1706.03762; grouped KV heads: Ainslie et al. 2023, arXiv 2305.13245;
    gated feed-forward: Shazeer 2020, arXiv 2002.05202.
    """
    attention = _attention(d_model, heads, kv_heads, head_dim)
    linear = attention + (3 if gated else 2) * d_model * d_ff
    width = head_dim or d_model // heads
    bias = (heads + 2 * kv_heads) * width if biases or qkv_biases else 0
    if biases:
        bias += d_model + (2 if gated else 1) * d_ff + d_model
    norm = d_model * (2 if biases else 1)
    embeddings = (vocabulary * (1 if tied else 2) + positions) * d_model
    return layers * (linear + bias + 2 * norm) + norm + embeddings


def moe_parameters(
    *,
    layers: Count,
    d_model: Count,
    d_ff: Count,
    heads: Count,
    kv_heads: Count,
    vocabulary: Count,
    experts: Count,
    tied: Flag = False,
    shared_experts: CountOrZero = 0,
    head_dim: CountOrZero = 0,
) -> int:
    """Parameters that a mixture-of-experts transformer must hold in memory: all experts count.

    Units: a count. `d_ff` is the width of one expert; `shared_experts` always run; experts are gated (SwiGLU), norms
    have no bias, every layer is a mixture.
    Derivation: as `transformer_parameters`, with `experts + shared_experts` feed-forwards per layer and a router of
    d_model x experts.
    Source: Jiang et al. 2024, Mixtral of Experts, arXiv 2401.04088; shared experts: Dai et al. 2024, arXiv 2401.06066.
    """
    return _moe(layers, d_model, d_ff, heads, kv_heads, vocabulary, experts, tied, experts + shared_experts, head_dim)


def moe_active_parameters(
    *,
    layers: Count,
    d_model: Count,
    d_ff: Count,
    heads: Count,
    kv_heads: Count,
    vocabulary: Count,
    experts: Count,
    experts_per_token: Count,
    tied: Flag = False,
    shared_experts: CountOrZero = 0,
    head_dim: CountOrZero = 0,
) -> int:
    """Parameters that one token meets in a mixture of experts; compute follows these, memory follows the total.

    Units: a count. Derivation: as `moe_parameters`, with only `experts_per_token + shared_experts` feed-forwards per
    layer; router, attention, norms and embeddings always count.
    Source: Jiang et al. 2024, Mixtral of Experts, arXiv 2401.04088.
    """
    active = experts_per_token + shared_experts
    return _moe(layers, d_model, d_ff, heads, kv_heads, vocabulary, experts, tied, active, head_dim)


def lora_parameters(*, d_in: Count, d_out: Count, rank: Count, matrices: Count = 1) -> int:
    """Trainable parameters of the low-rank adapters of a number of d_out x d_in matrices.

    Units: a count; `matrices` is layers times adapted matrices per layer. Derivation: the update of a matrix is B A with
    A of rank x d_in and B of d_out x rank, so rank * (d_in + d_out) each.
    Source: Hu et al. 2021, LoRA, arXiv 2106.09685, section 4.1.
    """
    return matrices * rank * (d_in + d_out)


def _attention(d_model: int, heads: int, kv_heads: int, head_dim: int) -> int:
    width = head_dim or d_model // heads
    return 2 * d_model * heads * width + 2 * d_model * kv_heads * width


def _moe(
    layers: int,
    d_model: int,
    d_ff: int,
    heads: int,
    kv_heads: int,
    vocabulary: int,
    experts: int,
    tied: bool,
    counted_experts: int,
    head_dim: int,
) -> int:
    attention = _attention(d_model, heads, kv_heads, head_dim)
    per_layer = attention + counted_experts * 3 * d_model * d_ff + d_model * experts + 2 * d_model
    return layers * per_layer + d_model + vocabulary * (1 if tied else 2) * d_model
