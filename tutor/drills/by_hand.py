"""What candidates are asked to compute by hand: probabilities, attention on small matrices, BLEU and ROUGE, BM25, RRF,
RoPE angles and a quantised vector. A formula with a vector as its result gives the element at `position`, from 1.

Knows nothing of models and hardware.
"""

import math
from collections import Counter
from collections.abc import Sequence

from tutor.drills.kinds import (
    Count,
    CountOrZero,
    Counts,
    Fraction,
    NotNegative,
    Numbers,
    Positive,
    Ranks,
    Rows,
    Shares,
    Words,
)
from tutor.errors import DrillError


def softmax(scores: Sequence[float], temperature: float = 1) -> tuple[float, ...]:
    """Probabilities of the scores; the greatest score is taken off first, so that nothing overflows."""
    top = max(scores)
    powers = [math.exp((score - top) / temperature) for score in scores]
    return tuple(power / sum(powers) for power in powers)


def softmax_probability(*, scores: Numbers, position: Count, temperature: Positive = 1) -> float:
    """Probability that softmax gives to one score.

    Units: a share. Derivation: exp(z_i / T) over the sum of exp(z_j / T); T below 1 sharpens, above 1 flattens.
    Source: Goodfellow, Bengio, Courville 2016, Deep Learning, section 6.2.2; temperature: Hinton et al. 2015,
    arXiv 1503.02531, section 2.
    """
    return _element(softmax(scores, temperature), position)


def attention_weight(*, query: Numbers, keys: Rows, position: Count) -> float:
    """Weight that one query gives to the key at `position`.

    Units: a share. Derivation: dot products of the query with each key over sqrt(d_k), then softmax.
    Source: Vaswani et al. 2017, arXiv 1706.03762, equation 1.
    """
    return _element(attention_weights(query, keys), position)


def attention_output(*, query: Numbers, keys: Rows, values: Rows, position: Count) -> float:
    """Component `position` of what attention returns for one query.

    Units: a number. Derivation: softmax(q K^T / sqrt(d_k)) V, one row of it.
    Source: Vaswani et al. 2017, arXiv 1706.03762, equation 1.
    """
    weights = attention_weights(query, keys)
    if len(values) != len(keys):
        raise DrillError("drills.values_and_keys", values=len(values), keys=len(keys))
    return sum(weight * _element(row, position) for weight, row in zip(weights, values, strict=True))


def attention_weights(query: Sequence[float], keys: Sequence[Sequence[float]]) -> tuple[float, ...]:
    """softmax(q K^T / sqrt(d_k)) of one query."""
    if any(len(key) != len(query) for key in keys):
        raise DrillError("drills.key_lengths", length=len(query), found=[len(k) for k in keys])
    return softmax(
        [sum(map(float.__mul__, map(float, query), map(float, key))) / math.sqrt(len(query)) for key in keys]
    )


def perplexity(*, probabilities: Shares) -> float:
    """Perplexity of a text from the probability that the model gave to each of its tokens.

    Units: a number. Derivation: exp of the mean negative log-likelihood, the inverse of the geometric mean.
    Source: Jurafsky, Martin, Speech and Language Processing, 3rd ed. draft, chapter 3.
    """
    return math.exp(-sum(map(math.log, probabilities)) / len(probabilities))


def ngram_matches(candidate: Sequence[str], reference: Sequence[str], order: int) -> tuple[int, int, int]:
    """(n-grams that match, each counted at most as often as in the reference; of the candidate; of the reference)."""
    mine, theirs = _ngrams(candidate, order), _ngrams(reference, order)
    return sum((mine & theirs).values()), sum(mine.values()), sum(theirs.values())


def brevity_penalty(candidate: Sequence[str], reference: Sequence[str]) -> float:
    """1 when the candidate is no shorter than the reference, else exp(1 - r / c)."""
    return min(1.0, math.exp(1 - len(reference) / len(candidate)))


def bleu(*, candidate: Words, reference: Words, max_order: Count = 4) -> float:
    """BLEU of one sentence against one reference, without smoothing.

    Units: a share. Derivation: brevity penalty * geometric mean of the clipped n-gram precisions of orders 1 to
    max_order; 0 when one of them is 0. Source: Papineni et al. 2002, BLEU, ACL, doi 10.3115/1073083.1073135.
    """
    precisions = []
    for order in range(1, max_order + 1):
        matched, mine, _ = ngram_matches(candidate, reference, order)
        if not matched:
            return 0.0
        precisions.append(matched / mine)
    return brevity_penalty(candidate, reference) * math.prod(precisions) ** (1 / max_order)


def rouge_n(*, candidate: Words, reference: Words, order: Count = 1) -> float:
    """ROUGE-N recall against one reference.

    Units: a share. Derivation: n-grams of the reference that the candidate has (clipped) over all of the reference.
    Source: Lin 2004, ROUGE, aclanthology.org/W04-1013, section 2.
    """
    matched, _, theirs = ngram_matches(candidate, reference, order)
    return matched / theirs if theirs else 0.0


def rouge_l(*, candidate: Words, reference: Words) -> float:
    """ROUGE-L as F1, one sentence against one reference.

    Units: a share. Derivation: with the longest common subsequence l, precision l/c and recall l/r: 2*l / (c + r).
    Source: Lin 2004, ROUGE, aclanthology.org/W04-1013, section 3.1, with beta = 1.
    """
    return 2 * longest_common_subsequence(candidate, reference) / (len(candidate) + len(reference))


def longest_common_subsequence(one: Sequence[str], other: Sequence[str]) -> int:
    """Length of the longest sequence of words that both have in this order."""
    row = [0] * (len(other) + 1)
    for word in one:
        above = row[:]
        for column, match in enumerate(other, start=1):
            row[column] = above[column - 1] + 1 if word == match else max(above[column], row[column - 1])
    return row[-1]


def bm25(
    *,
    term_counts: Counts,
    document_frequencies: Counts,
    documents: Count,
    document_tokens: Count,
    average_tokens: Positive,
    k1: Positive = 1.2,
    b: Fraction = 0.75,
) -> float:
    """BM25 score of a document; for each query term its count in the document and the number of documents that have it.

    Units: a number. Derivation: sum of idf * tf*(k1+1) / (tf + k1*(1 - b + b*length/average)), with
    idf = ln(1 + (N - n + 0.5) / (n + 0.5)), which is never negative (the form that Lucene uses).
    Source: Robertson, Zaragoza 2009, The Probabilistic Relevance Framework, doi 10.1561/1500000019.
    """
    if len(term_counts) != len(document_frequencies) or max(document_frequencies) > documents:
        raise DrillError(
            "drills.document_frequencies", terms=len(term_counts), frequencies=document_frequencies, documents=documents
        )
    scale = k1 * (1 - b + b * document_tokens / average_tokens)
    return sum(
        inverse_document_frequency(documents, frequency) * count * (k1 + 1) / (count + scale)
        for count, frequency in zip(term_counts, document_frequencies, strict=True)
    )


def inverse_document_frequency(documents: float, frequency: float) -> float:
    """ln(1 + (N - n + 0.5) / (n + 0.5))."""
    return math.log(1 + (documents - frequency + 0.5) / (frequency + 0.5))


def reciprocal_rank_fusion(*, ranks: Ranks, k: NotNegative = 60) -> float:
    """Fused score of a document from its rank in each list.

    Units: a number. Derivation: sum of 1 / (k + rank), ranks from 1; a list without the document adds nothing.
    Source: Cormack, Clarke, Buettcher 2009, Reciprocal Rank Fusion, doi 10.1145/1571941.1572114.
    """
    return sum(1 / (k + rank) for rank in ranks)


def rope_angle(*, head_dim: Count, pair: CountOrZero, token_position: NotNegative, base: Positive = 10_000) -> float:
    """Angle by which RoPE turns a pair of dimensions.

    Units: rad. `pair` counts from 0 to head_dim/2 - 1, positions from 0. Derivation: position * base^(-2*pair/head_dim).
    Source: Su et al. 2021, RoFormer, arXiv 2104.09864, section 3.2.2.
    """
    return token_position * math.pow(base, -2 * pair / head_dim)


def absmax_quantized(*, values: Numbers, position: Count, bits: Count = 8) -> int:
    """Whole number that symmetric (absmax) quantisation stores for the value at `position`.

    Units: a number. Derivation: scale = max|x| / (2^(bits-1) - 1); round(x / scale), halves to even.
    Source: Dettmers et al. 2022, LLM.int8(), arXiv 2208.07339, section 2.1.
    """
    return round(_element(values, position) / absmax_scale(values, bits))


def absmax_restored(*, values: Numbers, position: Count, bits: Count = 8) -> float:
    """What comes back for the value at `position` after absmax quantisation and dequantisation.

    Units: a number. Derivation: scale * round(x / scale) with scale = max|x| / (2^(bits-1) - 1).
    Source: Dettmers et al. 2022, LLM.int8(), arXiv 2208.07339, section 2.1.
    """
    return absmax_quantized(values=values, position=position, bits=bits) * absmax_scale(values, bits)


def absmax_scale(values: Sequence[float], bits: int) -> float:
    """What one step of the whole numbers is worth; needs 2 bits and a value other than 0."""
    top = max(map(abs, values))
    if bits < 2 or not top:
        raise DrillError("drills.nothing_to_quantise", bits=bits, values=values)
    return top / (math.pow(2, bits - 1) - 1)


def _ngrams(words: Sequence[str], order: int) -> Counter[tuple[str, ...]]:
    return Counter(tuple(words[start : start + order]) for start in range(len(words) - order + 1))


def _element(vector: Sequence[float], position: int) -> float:
    if position > len(vector):
        raise DrillError("drills.position", most=len(vector), found=position)
    return vector[position - 1]
