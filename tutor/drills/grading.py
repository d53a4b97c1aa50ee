"""A learner's number against a drill: right, rounded, the wrong prefix, a forgotten factor (which one), or off by how much.

What went wrong is found by computing again with the slip made. Decides by arithmetic alone; no model is asked. Messages
do not give the answer away, so that a learner can try again.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from tutor.domain import Bilingual, Language
from tutor.drills.formulas import find_formula
from tutor.drills.generate import Drill
from tutor.drills.notation import UNIT_WORDS, unit_word, write_quantity
from tutor.drills.reading import Doubt, read_answer
from tutor.drills.slips import load_slips, slipped_result
from tutor.drills.units import Measure, Quantity, measure, size

Verdict = Literal["right", "rounded", "binary", "slip", "magnitude", "unit", "wrong", "unreadable"]

MARK_VERSION = "drill-1"  # of these rules and of what a verdict is worth
RIGHT = 0.01  # of the exact value
ROUNDED = 0.05  # "about 40 days" for 38.95
_SURE = 0.005  # so near to what a slip gives that it is no rounding
_NEAR = 0.03  # a slip's result, rounded
_APART = 0.012  # a slip that changes less than this cannot be told from the right answer
_BINARY = {1: 0.005, 2: 0.005, 3: 0.01, 4: 0.01}  # by power of 1024; GB and GiB are 7 % apart, KB and KiB 2.4 %
_MAGNITUDE = 10**0.5

_MEASURE_WORDS: dict[Measure, tuple[str, str]] = {
    "memory": ("字节数", "an amount of memory"),
    "time": ("时间", "a time"),
    "operations": ("运算次数（FLOP）", "a number of operations (FLOP)"),
    "speed": ("每秒运算次数（FLOP/s）", "operations per second (FLOP/s)"),
    "bandwidth": ("带宽", "a bandwidth"),
    "parameters": ("参数量", "a number of parameters"),
    "tokens": ("token 数", "a number of tokens"),
    "rate": ("每秒 token 数", "tokens per second"),
    "sequences": ("序列数", "a number of sequences"),
    "money": ("金额", "an amount of money"),
    "share": ("比例", "a share"),
    "number": ("一个数", "a plain number"),
    "angle": ("角度", "an angle"),
}
# Factors by which units are mixed up, by what is measured.
_UNIT_SLIPS: dict[Measure, tuple[tuple[float, str, str], ...]] = {
    "memory": ((8, "位和字节弄混了（差 8 倍）", "bits and bytes were mixed up (a factor of 8)"),),
    "time": (
        (60, "时间单位差了 60 倍（秒、分、小时）", "the unit of time is off by 60 (seconds, minutes, hours)"),
        (3600, "时间单位差了 3600 倍（秒和小时）", "the unit of time is off by 3,600 (seconds, hours)"),
        (24, "时间单位差了 24 倍（小时和天）", "the unit of time is off by 24 (hours, days)"),
        (86_400, "时间单位差了 86400 倍（秒和天）", "the unit of time is off by 86,400 (seconds, days)"),
    ),
    "share": ((100, "比例和百分数弄混了（差 100 倍）", "share and percentage were mixed up (a factor of 100)"),),
}
_POWERS = (3, 6, 9, 12)
# What was right of the way there; the rest is worth nothing. An unreadable answer is none.
_SHARES: Mapping[Verdict, float | None] = {
    "right": 1.0,
    "rounded": 1.0,
    "binary": 0.5,
    "slip": 0.5,
    "magnitude": 0.5,
    "unreadable": None,
}


@dataclass(frozen=True)
class Mark:
    """The verdict on one answer."""

    verdict: Verdict
    message: Bilingual
    expected: Quantity
    given: Quantity | None = None  # in the unit as read; None when unreadable
    slips: tuple[str, ...] = ()  # ids of the slips that give this number

    @property
    def passed(self) -> bool:
        return self.verdict in ("right", "rounded")

    @property
    def share(self) -> float | None:
        """Of what there was to get, 0..1 (decision 0015); None where the answer does not count."""
        return _SHARES.get(self.verdict, 0.0)


def grade_answer(drill: Drill, text: str) -> Mark:
    """The mark of a learner's answer; an answer that cannot be read is told why and does not count."""
    read = read_answer(text, drill.answer.unit)
    if isinstance(read, Doubt):
        told = Bilingual(read.told.in_language("zh"), read.told.in_language("en"))
        return Mark("unreadable", told, drill.answer)
    if drill.answer.unit == "number" and measure(read.unit) == "share":
        read = Quantity(read.to("share").value, "number")
    wanted, found = measure(drill.answer.unit), measure(read.unit)
    if wanted != found:
        return Mark("unit", _wrong_unit(wanted, read.unit), drill.answer, read)
    return _judge(drill, read, read.to(drill.answer.unit).value / drill.answer.value)


def _judge(drill: Drill, given: Quantity, ratio: float) -> Mark:
    off = abs(ratio - 1)
    if off <= (1e-9 if drill.exact else RIGHT):
        return Mark("right", Bilingual("正确。", "Right."), drill.answer, given)
    if _is_binary(given, ratio):
        return Mark("binary", _binary(given), drill.answer, given)
    slips = list(_matching(drill, ratio, _SURE))
    if not slips and off <= ROUNDED and not drill.exact:
        zh, en = f"对，舍入差 {100 * off:.1f}%。", f"Right, rounded by {100 * off:.1f} %."
        return Mark("rounded", Bilingual(zh, en), drill.answer, given)
    if not slips and not drill.exact:
        slips = list(_matching(drill, ratio, _NEAR)) or list(_unit_slips(measure(given.unit), ratio))
    if slips:
        return Mark("slip", _forgotten(slips), drill.answer, given, tuple(name for name, _ in slips))
    if not drill.exact and 1 / _MAGNITUDE < ratio < _MAGNITUDE:
        zh, en = "数量级对，数值不对", "The order of magnitude is right, the value is not"
        return Mark("magnitude", _off(zh, en, ratio), drill.answer, given)
    return Mark("wrong", _off("不对", "Not right", ratio), drill.answer, given)


def _off(zh: str, en: str, ratio: float) -> Bilingual:
    """By how much, where that can be said."""
    if ratio <= 0:
        return Bilingual(f"{zh}：应当大于 0。", f"{en}: it must be above 0.")
    if ratio < 1:
        return Bilingual(
            f"{zh}：只有正确答案的 1/{1 / ratio:.2g}。", f"{en}: it is 1/{1 / ratio:.2g} of the right answer."
        )
    return Bilingual(f"{zh}：是正确答案的 {ratio:.2g} 倍。", f"{en}: it is {ratio:.2g} times the right answer.")


def _is_binary(given: Quantity, ratio: float) -> bool:
    """GB said for GiB or the other way round (in the prefix that was used)."""
    if measure(given.unit) != "memory":
        return False
    power = {"K": 1, "M": 2, "G": 3, "T": 4}.get(given.unit[0], 0)
    mixed = 1.024**power
    return power > 0 and min(abs(ratio / mixed - 1), abs(ratio * mixed - 1)) <= _BINARY[power]


def _matching(drill: Drill, ratio: float, tolerance: float) -> Iterator[tuple[str, Bilingual]]:
    """(id, text) of every slip that gives `ratio` times the right answer."""
    formula = find_formula(drill.kind)
    for slip in load_slips()[drill.kind]:
        result = slipped_result(slip, formula, drill.values, drill.facts)
        if result is None:
            continue
        slipped = formula.quantity(result).value / drill.answer.value
        if abs(slipped - 1) > (0 if drill.exact else _APART) and slipped and abs(ratio / slipped - 1) <= tolerance:
            yield slip.id, slip.text


def _unit_slips(measured: Measure, ratio: float) -> Iterator[tuple[str, Bilingual]]:
    for factor, zh, en in _UNIT_SLIPS.get(measured, ()):
        if min(abs(ratio / factor - 1), abs(ratio * factor - 1)) <= _NEAR:
            yield "unit", Bilingual(zh, en)
    for power in _POWERS:
        if min(abs(ratio / 10**power - 1), abs(ratio * 10**power - 1)) <= _NEAR:
            yield "prefix", Bilingual(f"单位前缀差了 10^{power} 倍", f"the prefix of the unit is off by 10^{power}")


def _wrong_unit(wanted: Measure, unit: str) -> Bilingual:
    (wanted_zh, wanted_en), (found_zh, found_en) = _MEASURE_WORDS[wanted], _MEASURE_WORDS[measure(unit)]
    zh, en = (unit_word(unit, "zh"), unit_word(unit, "en"))
    return Bilingual(
        f"单位不对：问的是{wanted_zh}，答的是{found_zh}（{zh}）。",
        f"The wrong kind of unit: asked was {wanted_en}, found {found_en} ({en}).",
    )


def _binary(given: Quantity) -> Bilingual:
    decimal, binary = given.unit.replace("i", ""), given.unit.replace("i", "").replace("B", "iB")
    zh = f"{decimal} 和 {binary} 弄混了：1 {decimal} = {size(decimal):,.0f} 字节，1 {binary} = {size(binary):,.0f} 字节。"
    en = f"{decimal} and {binary} were mixed up: 1 {decimal} is {size(decimal):,.0f} bytes, 1 {binary} is {size(binary):,.0f}."
    return Bilingual(zh, en)


def _forgotten(slips: list[tuple[str, Bilingual]]) -> Bilingual:
    zh = "；或者".join(text.zh for _, text in slips)
    en = "; or ".join(text.en for _, text in slips)
    return Bilingual(f"差一步：{zh}。", f"One step is off: {en}.")


def show_answer(answer: Quantity, language: Language) -> str:
    """The answer in the words of a language, memory also in binary units."""
    if answer.unit in UNIT_WORDS and answer.unit not in ("share", "number"):
        return f"{write_quantity(Quantity(answer.value, 'number'))} {unit_word(answer.unit, language)}"
    told = write_quantity(answer)
    return f"{told} = {write_quantity(answer.to('GiB'))}" if measure(answer.unit) == "memory" else told
