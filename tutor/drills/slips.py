"""The slips that people make with each formula, computed again: which wrong number each would give.

Slips are data (data/slips.yaml); those of vectors and words are the small functions here.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from tutor.domain import Bilingual
from tutor.drills import by_hand
from tutor.drills.expressions import evaluate
from tutor.drills.formulas import FORMULAS, Formula
from tutor.errors import DrillError
from tutor.text.read_yaml import read_yaml

_FILE = Path(__file__).with_name("data") / "slips.yaml"
Values = Mapping[str, Any]


@dataclass(frozen=True)
class Slip:
    """One thing that goes wrong, and how to compute what it gives."""

    id: str
    text: Bilingual
    set: Mapping[str, str] = field(default_factory=dict)  # parameter -> expression
    value: str = ""  # expression of the wrong result
    formula: str = ""  # used instead of the right one
    call: str = ""  # name of a function below


@lru_cache(maxsize=1)
def load_slips() -> Mapping[str, tuple[Slip, ...]]:
    """The shipped slips, by formula."""
    data = read_yaml(_FILE.read_text(encoding="utf-8"))
    return {
        name: tuple(Slip(text=Bilingual(row.pop("zh"), row.pop("en")), **row) for row in map(dict, rows))
        for name, rows in data.items()
    }


def slipped_result(slip: Slip, formula: Formula, values: Values, facts: Mapping[str, float]) -> float | None:
    """The wrong result in base units; None where it does not apply (a fact is not stated, a division by 0)."""
    full = {**formula.defaults, **values}
    known = {name: float(value) for name, value in {**full, **facts}.items() if isinstance(value, int | float)}
    try:
        known["answer"] = float(formula.function(**full))
        if slip.call:
            return float(CALLS[slip.call](full))
        if slip.value:
            return evaluate(slip.value, known)
        changed = {**full, **{name: _like(full[name], evaluate(said, known)) for name, said in slip.set.items()}}
        other = FORMULAS[slip.formula] if slip.formula else formula
        return float(other.function(**{name: changed[name] for name in other.parameters if name in changed}))
    except (DrillError, ZeroDivisionError):
        return None


def _like(model: object, value: float) -> float:
    return int(value) if isinstance(model, int) and value == int(value) else value


def linear_share(values: Values) -> float:
    total = sum(values["scores"])
    return float(values["scores"][values["position"] - 1] / total)


def _weights(values: Values, divisor: float) -> tuple[float, ...]:
    dots = [sum(q * k for q, k in zip(values["query"], key, strict=True)) for key in values["keys"]]
    return by_hand.softmax([dot / divisor for dot in dots])


def unscaled_weight(values: Values) -> float:
    return _weights(values, 1)[int(values["position"]) - 1]


def overscaled_weight(values: Values) -> float:
    return _weights(values, len(values["query"]))[int(values["position"]) - 1]


def _mixed(values: Values, weights: tuple[float, ...]) -> float:
    column = [row[values["position"] - 1] for row in values["values"]]
    return float(sum(weight * value for weight, value in zip(weights, column, strict=True)))


def unscaled_output(values: Values) -> float:
    return _mixed(values, _weights(values, 1))


def overscaled_output(values: Values) -> float:
    return _mixed(values, _weights(values, len(values["query"])))


def mean_of_values(values: Values) -> float:
    return _mixed(values, (1 / len(values["keys"]),) * len(values["keys"]))


def product_perplexity(values: Values) -> float:
    return float(1 / math.prod(values["probabilities"]))


def mean_loss(values: Values) -> float:
    return math.log(by_hand.perplexity(probabilities=values["probabilities"]))


def arithmetic_perplexity(values: Values) -> float:
    return float(len(values["probabilities"]) / sum(values["probabilities"]))


def _precisions(values: Values) -> list[float]:
    counts = [
        by_hand.ngram_matches(values["candidate"], values["reference"], order)
        for order in range(1, values["max_order"] + 1)
    ]
    return [matched / mine for matched, mine, _ in counts]


def bleu_without_brevity(values: Values) -> float:
    return math.pow(math.prod(_precisions(values)), 1 / values["max_order"])


def bleu_arithmetic(values: Values) -> float:
    penalty = by_hand.brevity_penalty(values["candidate"], values["reference"])
    return penalty * sum(_precisions(values)) / int(values["max_order"])


def rouge_precision(values: Values) -> float:
    matched, mine, _ = by_hand.ngram_matches(values["candidate"], values["reference"], values["order"])
    return matched / mine


def lcs_recall(values: Values) -> float:
    return by_hand.longest_common_subsequence(values["candidate"], values["reference"]) / len(values["reference"])


def lcs_precision(values: Values) -> float:
    return by_hand.longest_common_subsequence(values["candidate"], values["reference"]) / len(values["candidate"])


def unordered_rouge(values: Values) -> float:
    matched, mine, theirs = by_hand.ngram_matches(values["candidate"], values["reference"], 1)
    return 2 * matched / (mine + theirs)


def _rarities(values: Values) -> list[float]:
    return [
        by_hand.inverse_document_frequency(values["documents"], frequency)
        for frequency in values["document_frequencies"]
    ]


def unsaturated_bm25(values: Values) -> float:
    return float(sum(rarity * count for rarity, count in zip(_rarities(values), values["term_counts"], strict=True)))


def frequency_only(values: Values) -> float:
    k1, b = values["k1"], values["b"]
    scale = k1 * (1 - b + b * values["document_tokens"] / values["average_tokens"])
    return float(sum(count * (k1 + 1) / (count + scale) for count in values["term_counts"]))


def ranks_from_zero(values: Values) -> float:
    return float(sum(1 / (values["k"] + rank - 1) for rank in values["ranks"]))


def mean_of_ranks(values: Values) -> float:
    return by_hand.reciprocal_rank_fusion(ranks=values["ranks"], k=values["k"]) / len(values["ranks"])


def _exact_code(values: Values) -> float:
    return float(values["values"][values["position"] - 1] / by_hand.absmax_scale(values["values"], values["bits"]))


def range_too_wide(values: Values) -> float:
    top = max(map(abs, values["values"]))
    return float(round(values["values"][values["position"] - 1] / top * (math.pow(2, values["bits"]) - 1)))


def not_rounded(values: Values) -> float:
    return _exact_code(values)


def only_scaled(values: Values) -> float:
    return float(values["values"][values["position"] - 1] / max(map(abs, values["values"])))


def original_value(values: Values) -> float:
    return float(values["values"][values["position"] - 1])


CALLS: Mapping[str, Callable[[Values], float]] = {
    function.__name__: function
    for function in (
        linear_share, unscaled_weight, overscaled_weight, unscaled_output, overscaled_output, mean_of_values,
        product_perplexity, mean_loss, arithmetic_perplexity, bleu_without_brevity, bleu_arithmetic, rouge_precision,
        lcs_recall, lcs_precision, unordered_rouge, unsaturated_bm25, frequency_only, ranks_from_zero, mean_of_ranks,
        range_too_wide, not_rounded, only_scaled, original_value,
    )
}  # fmt: skip
