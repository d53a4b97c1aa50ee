"""Steps of the calculations on vectors and words, written with the numbers put in."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tutor.domain import Bilingual
from tutor.drills import by_hand
from tutor.drills.notation import write_number


@dataclass(frozen=True)
class Step:
    """One step with its numbers; `latex` is empty where plain text says it best."""

    text: Bilingual
    latex: str
    plain: str


Numbers = Mapping[str, Any]


def _step(zh: str, en: str, plain: str) -> Step:
    return Step(Bilingual(zh, en), "", plain)


def _listed(numbers: Sequence[float]) -> str:
    return "[" + ", ".join(write_number(number) for number in numbers) + "]"


def _softmax_steps(scores: Sequence[float], temperature: float) -> tuple[Step, ...]:
    top = max(scores)
    powers = [math.exp((score - top) / temperature) for score in scores]
    shifted = _listed([(score - top) / temperature for score in scores])
    if temperature == 1:
        first = _step("减去最大值", "Take off the maximum", f"z - {write_number(top)} = {shifted}")
    else:
        told = f"(z - {write_number(top)}) / {write_number(temperature)} = {shifted}"
        first = _step("减去最大值，除以温度", "Take off the maximum, divide by the temperature", told)
    return (
        first,
        _step("取指数", "Exponentials", f"exp = {_listed(powers)}, Σ = {write_number(sum(powers))}"),
        _step("除以总和", "Divide by the sum", _listed(by_hand.softmax(scores, temperature))),
    )


def _picked(position: int, value: float) -> Step:
    return _step(f"取第 {position} 个", f"Element {position}", write_number(value))


def softmax_probability(numbers: Numbers) -> tuple[Step, ...]:
    steps = _softmax_steps(numbers["scores"], numbers["temperature"])
    return (*steps, _picked(numbers["position"], by_hand.softmax_probability(**numbers)))


def _weights_steps(numbers: Numbers) -> tuple[Step, ...]:
    query, keys = numbers["query"], numbers["keys"]
    dots = [math.fsum(q * k for q, k in zip(query, key, strict=True)) for key in keys]
    root = math.sqrt(len(query))
    return (
        _step("查询与每个键的点积", "Dot products of the query with the keys", _listed(dots)),
        _step(f"除以 √d_k = {write_number(root)}", f"Divide by √d_k = {write_number(root)}", _listed([dot / root for dot in dots])),
        *_softmax_steps([dot / root for dot in dots], 1),
    )  # fmt: skip


def attention_weight(numbers: Numbers) -> tuple[Step, ...]:
    return (*_weights_steps(numbers), _picked(numbers["position"], by_hand.attention_weight(**numbers)))


def attention_output(numbers: Numbers) -> tuple[Step, ...]:
    weights, place = by_hand.attention_weights(numbers["query"], numbers["keys"]), numbers["position"]
    terms = " + ".join(
        f"{write_number(w)} × {write_number(row[place - 1])}" for w, row in zip(weights, numbers["values"], strict=True)
    )
    result = write_number(by_hand.attention_output(**numbers))
    mixed = _step(
        f"对值的第 {place} 个分量加权求和", f"Weighted sum of component {place} of the values", f"{terms} = {result}"
    )
    return (*_weights_steps(numbers), mixed)


def perplexity(numbers: Numbers) -> tuple[Step, ...]:
    shares = numbers["probabilities"]
    losses = [-math.log(share) for share in shares]
    mean = sum(losses) / len(losses)
    return (
        _step("每个 token 的负对数概率", "Negative log-probability of each token", f"-ln p = {_listed(losses)}"),
        _step("取平均", "Mean", f"{write_number(sum(losses))} / {len(losses)} = {write_number(mean)}"),
        _step("取指数", "Exponential", f"e^{write_number(mean)} = {write_number(by_hand.perplexity(probabilities=shares))}"),
    )  # fmt: skip


def bleu(numbers: Numbers) -> tuple[Step, ...]:
    candidate, reference = numbers["candidate"], numbers["reference"]
    steps = []
    for order in range(1, numbers["max_order"] + 1):
        matched, mine, _ = by_hand.ngram_matches(candidate, reference, order)
        told = f"p{order} = {matched}/{mine}"
        steps.append(_step(f"截断后的 {order}-gram 精确率", f"Clipped {order}-gram precision", told))
    penalty = by_hand.brevity_penalty(candidate, reference)
    told = f"c = {len(candidate)}, r = {len(reference)}: BP = {write_number(penalty)}"
    steps.append(_step("长度惩罚", "Brevity penalty", told))
    result = f"BLEU = BP × (Π p)^(1/{numbers['max_order']}) = {write_number(by_hand.bleu(**numbers))}"
    return (*steps, _step("几何平均乘以长度惩罚", "Geometric mean times the brevity penalty", result))


def rouge_n(numbers: Numbers) -> tuple[Step, ...]:
    order = numbers["order"]
    matched, _, theirs = by_hand.ngram_matches(numbers["candidate"], numbers["reference"], order)
    return (
        _step(f"匹配的 {order}-gram 数（截断）", f"{order}-grams that match (clipped)", str(matched)),
        _step(f"参考句的 {order}-gram 总数", f"{order}-grams of the reference", str(theirs)),
        _step("相除", "Divide", f"{matched}/{theirs} = {write_number(by_hand.rouge_n(**numbers))}"),
    )


def rouge_l(numbers: Numbers) -> tuple[Step, ...]:
    candidate, reference = numbers["candidate"], numbers["reference"]
    longest = by_hand.longest_common_subsequence(candidate, reference)
    total = len(candidate) + len(reference)
    return (
        _step("最长公共子序列的长度", "Length of the longest common subsequence", str(longest)),
        _step("精确率与召回率", "Precision and recall", f"P = {longest}/{len(candidate)}, R = {longest}/{len(reference)}"),
        _step("F1 = 2·LCS/(c+r)", "F1 = 2·LCS/(c+r)", f"2 × {longest}/{total} = {write_number(2 * longest / total)}"),
    )  # fmt: skip


def bm25(numbers: Numbers) -> tuple[Step, ...]:
    k1, b = numbers["k1"], numbers["b"]
    scale = k1 * (1 - b + b * numbers["document_tokens"] / numbers["average_tokens"])
    told = f"{k1:g} × (1 - {b:g} + {b:g} × {numbers['document_tokens']}/{numbers['average_tokens']:g}) = {write_number(scale)}"
    steps = [_step("长度归一项", "Length normalisation", told)]
    for place, (count, frequency) in enumerate(
        zip(numbers["term_counts"], numbers["document_frequencies"], strict=True), start=1
    ):
        rarity = by_hand.inverse_document_frequency(numbers["documents"], frequency)
        weight = count * (k1 + 1) / (count + scale)
        told = f"IDF = {write_number(rarity)}, tf = {write_number(weight)}, {write_number(rarity * weight)}"
        steps.append(
            _step(f"第 {place} 个词：IDF、饱和词频、乘积", f"Term {place}: IDF, saturated frequency, product", told)
        )
    return (*steps, _step("相加", "Add up", write_number(by_hand.bm25(**numbers))))


def reciprocal_rank_fusion(numbers: Numbers) -> tuple[Step, ...]:
    terms = " + ".join(f"1/({numbers['k']:g} + {rank:g})" for rank in numbers["ranks"])
    told = f"{terms} = {write_number(by_hand.reciprocal_rank_fusion(**numbers), 5)}"
    return (_step("各列表相加", "Add up over the lists", told),)


def absmax_quantized(numbers: Numbers) -> tuple[Step, ...]:
    values, bits = numbers["values"], numbers["bits"]
    top, most = max(map(abs, values)), 2 ** (bits - 1) - 1
    scale, value = by_hand.absmax_scale(values, bits), values[numbers["position"] - 1]
    told = f"{write_number(value)} / {write_number(scale, 6)} = {write_number(value / scale)}"
    return (
        _step("缩放因子", "Scale", f"{write_number(top)} / {most} = {write_number(scale, 6)}"),
        _step("除以缩放因子", "Divide by the scale", told),
        _step("取整", "Round", str(by_hand.absmax_quantized(values=values, position=numbers["position"], bits=bits))),
    )


def absmax_restored(numbers: Numbers) -> tuple[Step, ...]:
    code = by_hand.absmax_quantized(**numbers)
    scale = by_hand.absmax_scale(numbers["values"], numbers["bits"])
    told = f"{code} × {write_number(scale, 6)} = {write_number(by_hand.absmax_restored(**numbers))}"
    return (*absmax_quantized(numbers), _step("乘回缩放因子", "Times the scale", told))


BY_HAND: Mapping[str, Callable[[Numbers], tuple[Step, ...]]] = {
    steps.__name__: steps
    for steps in (
        softmax_probability, attention_weight, attention_output, perplexity, bleu, rouge_n, rouge_l, bm25,
        reciprocal_rank_fusion, absmax_quantized, absmax_restored,
    )
}  # fmt: skip
