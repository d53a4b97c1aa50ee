"""What a learner answers -> a quantity: "4.3 GB", "4GiB", "约40天", "1.2×10^23 FLOPs", "350亿参数", "四十天".

Strict about what it is (one number, one known unit), kind about how it is written. Judges nothing.
"""

import math
import re
import unicodedata

from tutor.domain import Bilingual
from tutor.drills.units import Measure, Quantity, measure
from tutor.text.numbers import find_numbers

# Spellings in lower case, by the unit they mean; the longest that fits the end of an answer counts.
_SPELLINGS: dict[str, str] = {
    **{f"{prefix.lower()}{word}": f"{prefix}B" for prefix in "KMGTP" for word in ("b", "byte", "bytes")},
    **{f"{prefix.lower()}i{word}": f"{prefix}iB" for prefix in "KMGT" for word in ("b", "byte", "bytes")},
    **{f"{prefix.lower()}b/s": f"{prefix}B/s" for prefix in "KMGT"},
    **dict.fromkeys(("byte", "bytes", "字节"), "B"),
    **dict.fromkeys(("bit", "bits", "比特"), "bit"),
    **dict.fromkeys(("second", "seconds", "sec", "secs", "s", "秒", "秒钟"), "s"),
    **dict.fromkeys(("ms", "msec", "millisecond", "milliseconds", "毫秒"), "ms"),
    **dict.fromkeys(("us", "µs", "μs", "microsecond", "microseconds", "微秒"), "us"),
    **dict.fromkeys(("min", "mins", "minute", "minutes", "分钟", "分"), "min"),
    **dict.fromkeys(("h", "hr", "hrs", "hour", "hours", "小时", "个小时", "钟头"), "h"),
    **dict.fromkeys(("d", "day", "days", "天", "日"), "days"),
    **dict.fromkeys(("week", "weeks", "周", "星期", "个星期"), "weeks"),
    **dict.fromkeys(("month", "months", "月", "个月"), "months"),
    **dict.fromkeys(("year", "years", "年"), "years"),
    **{f"{prefix}{word}": f"{prefix.upper()}FLOP" for prefix in ("", "g", "t", "p", "e", "z") for word in ("flop", "flops")},
    **{f"{prefix}flop{end}": f"{prefix.upper()}FLOP/s" for prefix in ("", "g", "t", "p", "e") for end in ("/s", "s/s")},
    **dict.fromkeys(("次浮点运算", "浮点运算", "次运算"), "FLOP"),
    **dict.fromkeys(("parameter", "parameters", "param", "params", "参数", "个参数", "参数量"), "parameters"),
    **dict.fromkeys(("token", "tokens", "词元", "个token", "个词元"), "tokens"),
    **dict.fromkeys(
        ("token/s", "tokens/s", "tok/s", "tps", "token/秒", "tokens/秒", "词元/秒", "token每秒", "tokens per second"), "tokens/s"
    ),
    **dict.fromkeys(("sequence", "sequences", "seq", "seqs", "request", "requests", "序列", "条序列", "条", "个请求"), "sequences"),
    **dict.fromkeys(("usd", "$", "dollar", "dollars", "us dollars", "美元", "刀"), "USD"),
    **dict.fromkeys(("rad", "radian", "radians", "弧度"), "rad"),
    **dict.fromkeys(("°", "degree", "degrees", "deg", "度"), "degrees"),
}  # fmt: skip
_BY_LENGTH = sorted(_SPELLINGS, key=len, reverse=True)
_FILLERS = re.compile(
    r"^(?:答案是|结果是|答案|大约是|大概是|约为|大约|大概|差不多|接近|将近|约|近|是|about|around|roughly|approximately|approx\.?"
    r"|nearly|it is|answer|[=:：≈~～])+|(?:左右|上下|吧)$",
    re.IGNORECASE,
)
_LOWERED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")
_SUPERSCRIPT = re.compile("[⁰¹²³⁴⁵⁶⁷⁸⁹⁻]+")
_COMPOUND = (("千万", "e7"), ("百亿", "e10"), ("千亿", "e11"))
_DIGITS = {sign: number for number, sign in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_PLACES = {"十": 10, "百": 100, "千": 1_000}
_MYRIADS = {"万": 1e4, "亿": 1e8}
_FRACTION = re.compile(r"\d+(?:\.\d+)?\s*/\s*\d+(?:\.\d+)?")
_NUMERAL = re.compile("[零〇一二两三四五六七八九十百千万亿点]+")

# Without a unit, a number is taken for this one where nothing else could be meant.
_BARE: dict[Measure, str] = {
    "operations": "FLOP", "parameters": "parameters", "tokens": "tokens", "share": "share", "number": "number", "sequences": "sequences",
}  # fmt: skip
_EXAMPLES: dict[Measure, str] = {
    "memory": "4.3 GB, 4 GiB, 512 MB",
    "time": "40 days, 12 h, 6.9 ms",
    "operations": "1.2e23 FLOP, 3.15×10^23 FLOPs",
    "speed": "312 TFLOP/s",
    "bandwidth": "2 TB/s",
    "parameters": "35B, 350亿, 6.74e9",
    "tokens": "1.4T, 300B",
    "rate": "146 tokens/s",
    "sequences": "295",
    "money": "0.46 USD, $0.46",
    "share": "0.18, 18%",
    "number": "0.665, 53",
    "angle": "0.1 rad",
}


def read_answer(text: str, unit: str) -> Quantity | Bilingual:
    """The quantity, or why it is none: then what was expected and found. `unit` is one of the right measure."""
    wanted = measure(unit)
    plain = _plain(text)
    number, spelled = _split_unit(plain, wanted)
    value = _read_number(number)
    bare = _BARE.get(wanted)
    if value is None and bare:
        return _told(wanted, text, "要一个数", "one number")
    if value is None:
        return _told(wanted, text, "要一个数加单位", "one number with its unit")
    if spelled is None:
        return Quantity(value, bare) if bare else _told(wanted, text, "数后面要有单位", "a unit after the number")
    return Quantity(value, spelled)


def _told(wanted: Measure, text: str, zh: str, en: str) -> Bilingual:
    shown, example = " ".join(text.split())[:60], _EXAMPLES[wanted]
    return Bilingual(
        f"读不懂“{shown}”：{zh}，例如 {example}。" if shown else f"还没有答案：{zh}，例如 {example}。",
        f'Cannot read "{shown}": expected {en}, such as {example}.'
        if shown
        else f"No answer yet: expected {en}, such as {example}.",
    )


def _plain(text: str) -> str:
    """One spelling for digits, signs and spaces; a leading $ becomes a unit, fillers such as "about" are taken off."""
    text = _SUPERSCRIPT.sub(lambda match: "^" + match.group().translate(_LOWERED), text)
    plain = " ".join(unicodedata.normalize("NFKC", text).split()).rstrip("。.!！;；")
    if plain.startswith("$"):
        plain = plain.strip("$ ") + ("" if plain.endswith("$") else " USD")
    before = ""
    while before != plain:
        before, plain = plain, _FILLERS.sub("", plain).strip()
    return plain


def _split_unit(plain: str, wanted: Measure) -> tuple[str, str | None]:
    """(number as written, unit or None)"""
    if plain.endswith("%"):
        return plain[:-1], "percent"
    if wanted == "memory" and re.search(r"\d\s*[KMGTB]$", plain):
        letter = plain[-1]  # "80G" is 80 GB; "B" after a number of bytes is bytes
        return plain[:-1], "B" if letter == "B" else f"{letter}B"
    lower = plain.lower()
    for spelled in _BY_LENGTH:
        rest = plain[: len(plain) - len(spelled)]
        if lower.endswith(spelled) and not (spelled[0].isascii() and re.search(r"[A-Za-z/]$", rest)):
            return rest, _SPELLINGS[spelled]
    return plain, None


def _read_number(text: str) -> float | None:
    text = text.strip().removesuffix("个").removesuffix("次").strip()
    sign = -1.0 if text.startswith("-") else 1.0
    text = text.removeprefix("-").strip()
    if _NUMERAL.fullmatch(text):
        return _chinese_number(text)
    for scale, power in _COMPOUND:
        text = re.sub(rf"(?<=\d)\s*{scale}", power, text)
    if _FRACTION.fullmatch(text):
        above, below = map(float, text.split("/"))
        return sign * above / below if below else None
    text = text.replace(r"\times", "×").strip()
    try:
        found = find_numbers(text)
    except OverflowError:
        return None
    whole = len(found) == 1 and len(found[0].text) >= len(text)
    return sign * found[0].value if whole and math.isfinite(found[0].value) else None


def _chinese_number(text: str) -> float | None:
    """ "四十" -> 40, "三百五十亿" -> 3.5e10, "一点五" -> 1.5."""
    whole, point, decimals = text.partition("点")
    if point and (not decimals or any(sign not in _DIGITS for sign in decimals.rstrip("万亿"))):
        return None
    total, section, digit = 0.0, 0.0, 0.0
    for sign in whole:
        if sign in _DIGITS:
            digit = float(_DIGITS[sign])
        elif sign in _PLACES:
            section += (digit or 1.0) * _PLACES[sign]
            digit = 0.0
        else:
            total = (total + section + digit) * _MYRIADS[sign]
            section = digit = 0.0
    value = total + section + digit
    fraction = decimals.rstrip("万亿")
    value += sum(_DIGITS[sign] / 10.0**place for place, sign in enumerate(fraction, start=1))
    for sign in decimals[len(fraction) :]:
        value *= _MYRIADS[sign]
    return value
