"""Figures in a passage that a calculator refutes: the passage states all inputs of a formula, and another result.

Silent whenever an input is missing or stated twice with different values: only what the text itself settles is checked.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tutor.domain import Bilingual
from tutor.drills.cards import load_cards
from tutor.drills.explanations import load_explanations
from tutor.drills.formulas import FORMULAS, compute
from tutor.drills.reading import read_answer
from tutor.drills.units import Quantity
from tutor.text.sentences import split_sentences

# "About" is worth this much; a factor that was forgotten is worth at least two.
_TOLERANCE = 0.25

# ASCII: a Chinese character next to "7B" or "FP16" ends the word.
_FLAGS = re.IGNORECASE | re.ASCII
_N = r"(\d[\d,]*(?:\.\d+)?)"
# How texts give the inputs; the group is a number, see `_read`. A word such as FP16 stands for its bytes.
_GIVENS: Mapping[str, re.Pattern[str]] = {
    name: re.compile(pattern, _FLAGS)
    for name, pattern in {
        "parameters": rf"(?<![\w.]){_N}\s*(?:B\b(?!\s*(?:个|tokens?|词元))|(?:billion|十亿)\s*(?:个?参数|parameters?))",
        "tokens": rf"(?<![\w.]){_N}\s*([BT]|billion|trillion)\s*(?:个\s*)?(?:tokens?|词元)",
        "layers": rf"(?<![\w.]){_N}\s*(?:层|layers?\b)|\b(?:n_?|num_)?layers?\s*[=:：]\s*{_N}",
        "d_model": rf"(?<![\w.]){_N}\s*(?:维|dims?\b|dimensions?\b|hidden\b)|(?:\b(?:d_model|hidden(?:[_ ]?(?:size|dim))?)|隐藏维度?)\s*(?:[=:：]|为|是|of\b)?\s*{_N}",
        "context_tokens": rf"(?:\bseq(?:uence)?(?:[_ ]?len(?:gth)?)?|\bcontext(?:[_ ]?(?:len(?:gth)?|window))?|长度)\s*(?:[=:：]|为|是|of\b)?\s*{_N}",
        "batch": rf"(?:\bbatch(?:[_ -]?size)?|批(?:次|量)?(?:大小)?)\s*(?:[=:：]|为|是|of\b)?\s*{_N}",
        "precision": rf"\b(FP32|FP16|BF16|FP8|INT8|INT4)\b|{_N}\s*(?:位|比特|-?\s*bits?\b)",
        "gpus": rf"(?<![\w.]){_N}\s*(?:张|块|颗|×|x)?\s*(?:NVIDIA\s*)?(?:A100|H100|H800|A800|V100)s?\b",
        "peak_flops": rf"(?<![\w.]){_N}\s*TFLOPS?\b",
        "mfu": rf"(?<![\w.]){_N}\s*%\s*(?:的\s*)?(?:MFU|算力)?(?:利用率|utili[sz]ation|MFU|of (?:the )?peak)|(?:利用率|\bMFU|utili[sz]ation)\s*(?:[=:：]|为|是|of\b|约|大约|about)*\s*{_N}\s*%",
    }.items()
}  # fmt: skip
_GPU = re.compile(r"\b(A100)s?\b", _FLAGS)  # of which every card has the same peak
_BYTES = {"FP32": 4.0, "FP16": 2.0, "BF16": 2.0, "FP8": 1.0, "INT8": 1.0, "INT4": 0.5}
_SCALES = {"b": 1e9, "billion": 1e9, "t": 1e12, "trillion": 1e12}
_GROUPED = re.compile(r"\bGQA\b|\bMQA\b|\bMLA\b|grouped|multi-query|kv_heads|分组查询", _FLAGS)
_TRAINING = re.compile(r"训练|微调|train|fine-?tun", re.IGNORECASE)

# What a statement must call its result to be held against the formula.
_CALLED: Mapping[str, re.Pattern[str]] = {
    name: re.compile(pattern, _FLAGS)
    for name, pattern in {
        "kv_cache": r"kv[_\s-]?cache|kv\s*缓存|key-value cache",
        "weights_memory": r"模型参数|模型权重|参数占|权重|\bweights\b|model parameters",
        "training_flops": r"计算量|运算量|FLOPs|\bcompute\b",
        "training_days": r"训练时间|训练时长|训练周期|要训练|training (?:time|takes)|takes? .*to train|\btrain(?:s|ing)? (?:takes|lasts|needs)",
    }.items()
}  # fmt: skip
_UNITS: Mapping[str, str] = {
    "kv_cache": r"[KMGT]i?B\b",
    "weights_memory": r"[KMGT]i?B\b",
    "training_flops": r"FLOPs?\b",
    "training_days": r"个月|天|周|年|小时|months?\b|days?\b|weeks?\b|years?\b|hours?\b",
}


@dataclass(frozen=True)
class Refutation:
    """A result that its own inputs contradict."""

    statement: str  # a substring of the passage
    formula: str
    values: Mapping[str, float]
    right: Quantity

    def explain(self) -> Bilingual:
        """What comes out instead, and from which formula."""
        title = load_explanations()[self.formula].title
        value, unit = f"{self.right.value:.3g}", self.right.unit
        return Bilingual(
            f"按这段文字自己给出的条件，{title.zh}应约为 {value} {'天' if unit == 'days' else unit}。",
            f"From the figures the text itself gives, {title.en[0].lower()}{title.en[1:]} comes to about {value} {unit}.",
        )


def refute_figures(text: str) -> list[Refutation]:
    """The statements of a passage whose result differs from the calculator's by more than a quarter."""
    values = _givens(text)
    found = []
    for formula, inputs in values.items():
        right = compute(formula, inputs)
        for statement in split_sentences(text):
            stated = _stated(statement, formula)
            if stated and not any(_agree(low, high, right) for low, high in stated):
                found.append(Refutation(statement, formula, inputs, right))
    return found


def _givens(text: str) -> dict[str, dict[str, float]]:
    """The formulas of which the text states every input once, with the inputs."""
    given = {name: value for name in _GIVENS if (value := _read(name, text)) is not None}
    ready: dict[str, dict[str, float | None]] = {
        "kv_cache": _kv_cache(given, text),
        "weights_memory": {
            "parameters": given.get("parameters"),
            "bits": given["precision"] * 8 if "precision" in given else None,
        },
        "training_flops": {name: given.get(name) for name in ("parameters", "tokens")},
        "training_days": {name: given.get(name) for name in ("parameters", "tokens", "gpus", "peak_flops", "mfu")},
    }
    if _TRAINING.search(text):  # training keeps more than the weights, and mixes precisions
        ready["weights_memory"] = {}
    return {
        formula: {name: value for name, value in inputs.items() if value is not None}
        for formula, inputs in ready.items()
        if inputs and all(value is not None for value in inputs.values())
    }


def _kv_cache(given: Mapping[str, float], text: str) -> dict[str, float | None]:
    """With all heads of their own (MHA), heads times head size is the model's width; otherwise the width says nothing."""
    if _GROUPED.search(text) or given.get("d_model", 0) % 128:
        return {}
    heads = given["d_model"] / 128 if "d_model" in given else None
    names = ("layers", "context_tokens", "batch")
    return {
        **{name: given.get(name) for name in names},
        "kv_heads": heads,
        "head_dim": 128,
        "bytes_per_value": given.get("precision"),
    }


def _read(name: str, text: str) -> float | None:
    """The one value that the text gives for an input; None where it gives none or several."""
    found = _values(name, text)
    if name == "parameters":  # "6 × 175B × 300B" after "300B tokens"
        found -= _values("tokens", text)
    if name == "peak_flops" and not found:
        found = {peak for match in _GPU.finditer(text) if (peak := _peak(match[1].upper()))}
    return found.pop() if len(found) == 1 else None


def _values(name: str, text: str) -> set[float]:
    return {_value(name, match) for match in _GIVENS[name].finditer(text)}


def _value(name: str, match: re.Match[str]) -> float:
    groups = [group for group in match.groups() if group]
    if name == "precision" and groups[0].upper() in _BYTES:
        return _BYTES[groups[0].upper()]
    value = float(groups[0].replace(",", ""))
    if name == "precision":
        return value / 8
    if name == "parameters":
        return value * 1e9
    if name == "tokens":
        return value * _SCALES[groups[1].lower()]
    return value * {"peak_flops": 1e12, "mfu": 0.01}.get(name, 1.0)


def _peak(gpu: str) -> float | None:
    peaks = {card.peak_flops for card in load_cards().gpus if gpu in card.name.upper()}
    return peaks.pop() if len(peaks) == 1 else None


def _stated(statement: str, formula: str) -> Sequence[tuple[Quantity, Quantity]]:
    """The results a statement gives, each as a range; none where it does not speak of the formula's quantity."""
    if not _CALLED[formula].search(statement):
        return []
    unit = FORMULAS[formula].unit
    number = r"\d[\d,]*(?:\.\d+)?(?:\s*[×x*·]\s*10\s*\^?\s*[\d⁰¹²³⁴⁵⁶⁷⁸⁹]+|e\d+)?"
    pattern = re.compile(rf"({number})\s*(?:(?:[-–~～至到]|to)\s*({number}))?\s*({_UNITS[formula]})", _FLAGS)
    ranges = []
    for match in pattern.finditer(statement):
        ends = [read_answer(f"{end}{match[3]}", unit) for end in (match[1], match[2] or match[1])]
        low, high = ends
        if isinstance(low, Quantity) and isinstance(high, Quantity):
            ranges.append((low, high))
    return ranges


def _agree(low: Quantity, high: Quantity, right: Quantity) -> bool:
    value = right.value
    return low.to(right.unit).value * (1 - _TOLERANCE) <= value <= high.to(right.unit).value * (1 + _TOLERANCE)
