"""How much computing training and inference take, and how long that is on given hardware.

Results are floating-point operations (one multiply-add is two), seconds or tokens. Knows no memory.
"""

import math

from tutor.drills.kinds import Count, Flag, Positive, Share


def training_flops(*, parameters: Positive, tokens: Positive) -> float:
    """Operations to train a dense model once over the tokens; for a mixture of experts use its active parameters.

    Units: FLOP. Derivation: 2ND forward (one multiply-add per parameter and token), twice that backward: 6ND.
    Leaves out attention over the context. Source: Kaplan et al. 2020, arXiv 2001.08361, section 2.1.
    """
    return 6 * parameters * tokens


def training_flops_with_attention(
    *,
    parameters: Positive,
    tokens: Positive,
    layers: Count,
    heads: Count,
    head_dim: Count,
    context_tokens: Count,
    recomputed: Flag = False,
) -> float:
    """Training operations with the scores and weighted sums of attention, and with full recomputation if wanted.

    Units: FLOP. Derivation: per token 6N + 12*layers*heads*head_dim*context (2 products of 2*context*heads*head_dim
    operations per layer, times 3 for forward and backward; causal skipping is not counted). Recomputation runs the
    forward pass again: 8/6 of all. Source: Chowdhery et al. 2022, PaLM, arXiv 2204.02311, appendix B.
    """
    per_token = 6 * parameters + 12 * layers * heads * head_dim * context_tokens
    return per_token * tokens * (4 / 3 if recomputed else 1)


def attention_flops(*, context_tokens: Count, d_model: Count) -> float:
    """Operations of the scores and the weighted sum of one attention layer, forward, over a whole sequence.

    Units: FLOP. Derivation: Q K^T is n*n dot products of length d (2*n*n*d over all heads together), the weighted sum
    of V the same: 4*n*n*d. Projections and causal skipping are left out.
    Source: Vaswani et al. 2017, arXiv 1706.03762, table 1 (the order n^2 d).
    """
    return 4 * context_tokens**2 * d_model


def inference_flops(*, parameters: Positive, tokens: Positive) -> float:
    """Operations of the forward pass over `tokens` (read or written), without attention over the context.

    Units: FLOP. Derivation: one multiply-add per (active) parameter and token: 2ND.
    Source: Kaplan et al. 2020, arXiv 2001.08361, table 1.
    """
    return 2 * parameters * tokens


def training_days(*, parameters: Positive, tokens: Positive, gpus: Count, peak_flops: Positive, mfu: Share) -> float:
    """How long training takes (seconds, shown in days).

    Units: seconds. `peak_flops` is one GPU's dense peak at the precision used; `mfu` is the share of it that does
    useful work. Derivation: 6ND / (gpus * peak_flops * mfu).
    Source: 6ND: Kaplan et al. 2020, arXiv 2001.08361; MFU: Chowdhery et al. 2022, arXiv 2204.02311, appendix B.
    """
    return training_flops(parameters=parameters, tokens=tokens) / (gpus * peak_flops * mfu)


def model_flops_utilization(
    *,
    parameters: Positive,
    layers: Count,
    heads: Count,
    head_dim: Count,
    context_tokens: Count,
    tokens_per_second: Positive,
    gpus: Count,
    peak_flops: Positive,
) -> float:
    """Share of the hardware's peak that goes into the model's own operations (MFU), attention included.

    Units: a share. Derivation: tokens_per_second * (6N + 12*layers*heads*head_dim*context) / (gpus * peak_flops).
    Source: Chowdhery et al. 2022, PaLM, arXiv 2204.02311, appendix B.
    """
    done = training_flops_with_attention(
        parameters=parameters,
        tokens=tokens_per_second,
        layers=layers,
        heads=heads,
        head_dim=head_dim,
        context_tokens=context_tokens,
    )
    return done / (gpus * peak_flops)


def chinchilla_parameters(*, flops: Positive, tokens_per_parameter: Positive = 20) -> float:
    """Compute-optimal size of a dense model for a training budget.

    Units: a count. Derivation: C = 6ND with D = r*N gives N = sqrt(C / (6r)); r is about 20. It is optimal for the
    training budget alone: a model that will serve much is trained far beyond it.
    Source: Hoffmann et al. 2022, Chinchilla, arXiv 2203.15556, table 3 (the ratio of about 20).
    """
    return math.sqrt(flops / (6 * tokens_per_parameter))


def chinchilla_tokens(*, flops: Positive, tokens_per_parameter: Positive = 20) -> float:
    """Compute-optimal number of training tokens for a budget.

    Units: tokens. Derivation: D = r*N with N from `chinchilla_parameters`.
    Source: Hoffmann et al. 2022, Chinchilla, arXiv 2203.15556, table 3.
    """
    return tokens_per_parameter * chinchilla_parameters(flops=flops, tokens_per_parameter=tokens_per_parameter)
