"""Upper limits on speed from compute, bandwidth and links, and what the speed costs.

Results are tokens per second, seconds, shares, sequences or dollars. Real systems stay below these limits.
"""

from tutor.drills.kinds import Count, NotNegative, Positive, Share


def decode_tokens_per_second(*, weight_bytes: Positive, bandwidth_bytes_per_second: Positive) -> float:
    """Upper limit on decoding one sequence, when reading the weights is what takes the time.

    Units: tokens per second. Derivation: each token reads all (active) weights once: bandwidth / weight bytes. The KV
    cache is left out; see `batch_decode_tokens_per_second`.
    Source: Pope et al. 2022, Efficiently Scaling Transformer Inference, arXiv 2211.05102, section 2.
    """
    return bandwidth_bytes_per_second / weight_bytes


def decode_seconds_per_token(*, weight_bytes: Positive, bandwidth_bytes_per_second: Positive) -> float:
    """Least time per token of one sequence, when reading the weights is what takes the time.

    Units: seconds. Derivation: the inverse of `decode_tokens_per_second`: weight bytes / bandwidth.
    Source: Pope et al. 2022, Efficiently Scaling Transformer Inference, arXiv 2211.05102, section 2.
    """
    return weight_bytes / bandwidth_bytes_per_second


def batch_decode_tokens_per_second(
    *,
    weight_bytes: Positive,
    kv_bytes_per_sequence: NotNegative,
    batch: Count,
    bandwidth_bytes_per_second: Positive,
) -> float:
    """Upper limit on all sequences of a batch together, while memory bandwidth is what limits.

    Units: tokens per second. Derivation: a step reads the weights once and the KV cache of each sequence, and yields
    one token per sequence: batch * bandwidth / (weights + batch * cache).
    Source: Pope et al. 2022, arXiv 2211.05102, section 2.
    """
    return batch * bandwidth_bytes_per_second / (weight_bytes + batch * kv_bytes_per_sequence)


def prefill_seconds(
    *, parameters: Positive, prompt_tokens: Positive, gpus: Count, peak_flops: Positive, mfu: Share
) -> float:
    """Least time to read a prompt, when computing is what takes the time.

    Units: seconds. Derivation: 2 operations per parameter and token over the usable peak; attention over the context
    is left out. Source: Pope et al. 2022, arXiv 2211.05102, section 2.
    """
    return 2 * parameters * prompt_tokens / (gpus * peak_flops * mfu)


def ridge_batch(*, peak_flops: Positive, bandwidth_bytes_per_second: Positive, bytes_per_parameter: Positive) -> float:
    """Batch at which decoding stops being limited by bandwidth and starts being limited by compute.

    Units: sequences. Derivation: a step does 2*batch operations per weight and reads bytes_per_parameter for it;
    2*batch / bytes_per_parameter reaches the ridge peak / bandwidth at bytes_per_parameter * peak / (2 * bandwidth).
    Source: Williams, Waterman, Patterson 2009, Roofline, doi 10.1145/1498765.1498785.
    """
    return bytes_per_parameter * peak_flops / (2 * bandwidth_bytes_per_second)


def all_reduce_seconds(*, message_bytes: Positive, gpus: Count, link_bytes_per_second: Positive) -> float:
    """Time of a ring all-reduce, latency left out.

    Units: seconds. `link_bytes_per_second` is what one GPU sends in one direction. Derivation: reduce-scatter and
    all-gather each send (n-1)/n of the message per GPU: 2*(n-1)/n * bytes / bandwidth.
    Source: Patarasuk, Yuan 2009, doi 10.1016/j.jpdc.2008.09.002.
    """
    return 2 * (gpus - 1) / gpus * message_bytes / link_bytes_per_second


def pipeline_bubble(*, stages: Count, micro_batches: Count, interleaved_chunks: Count = 1) -> float:
    """Share of the time of a pipeline step in which a GPU waits.

    Units: a share of the whole step. Derivation: (p-1)/v slots of waiting beside m slots of work, so
    (p-1) / (v*m + p-1); Narayanan et al. state it relative to the work, (p-1) / (v*m).
    Source: Huang et al. 2018, GPipe, arXiv 1811.06965, section 2.3; Narayanan et al. 2021, arXiv 2104.04473, section 2.2.
    """
    return (stages - 1) / (interleaved_chunks * micro_batches + stages - 1)


def cost_per_million_tokens(*, dollars_per_gpu_hour: Positive, gpus: Count, tokens_per_second: Positive) -> float:
    """What a million tokens cost at a steady throughput of the whole deployment.

    Units: US dollars. Derivation: dollars per second over tokens per second, times a million. Idle time makes it dearer
    in proportion: use the average throughput. Source: arithmetic.
    """
    return dollars_per_gpu_hour * gpus / 3600 / tokens_per_second * 1e6
