"""Numbers with their units in Chinese and English text. Knows how numbers are written, not what they mean."""

import math
import re
import unicodedata
from dataclasses import dataclass

_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")
_SCALES = {
    "k": 1e3, "K": 1e3, "M": 1e6, "B": 1e9, "G": 1e9, "T": 1e12, "P": 1e15, "万": 1e4, "亿": 1e8, "千": 1e3, "百万": 1e6,
    "十亿": 1e9, "万亿": 1e12, "thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12,
}  # fmt: skip
_BYTES = {"KB": 1e3, "MB": 1e6, "GB": 1e9, "TB": 1e12, "KiB": 2**10, "MiB": 2**20, "GiB": 2**30, "TiB": 2**40}

# A number may follow a Chinese character at once ("高达45TB"), but no letter, digit or point.
_NUMBER = re.compile(
    r"(?<!\.)(?<![^\W\u3400-\u9fff])(?P<mantissa>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)"
    r"(?:\s*(?:[x×*·]\s*10\s*\^?\s*\{?(?P<power>-?\d{1,3})\}?)|[eE](?P<exponent>[+-]?\d{1,3}))?"
    r"\s*(?P<unit>%|[KMGT]i?B(?![A-Za-z0-9_])|万亿|十亿|百万|[万亿千]|(?:thousand|million|billion|trillion)\b|[kKMBGTP](?![A-Za-z]))?"
)


@dataclass(frozen=True)
class Number:
    """A number in a text."""

    value: float  # in base units: 7B -> 7e9, 5 % -> 0.05, 2 GiB -> 2**31 (bytes)
    unit: str  # "%", "byte" or ""
    text: str  # as written


def find_numbers(text: str) -> list[Number]:
    """Numbers in order of appearance; digits inside names ("GPT-3", "int8", "H100") are no numbers, nor is one too large
    for a float ("1e999")."""
    normal = _plain_powers(text)
    numbers = (_number(match) for match in _NUMBER.finditer(normal) if not _is_in_name(normal, match))
    return [number for number in numbers if math.isfinite(number.value)]


def _plain_powers(text: str) -> str:
    text = re.sub(r"10([⁰¹²³⁴⁵⁶⁷⁸⁹⁻]+)", lambda m: "10^" + m.group(1).translate(_SUPERSCRIPTS), text)
    text = text.replace(r"\times", "×").replace(r"\cdot", "·").replace(r"\%", "%").replace(r"\,", " ")
    return unicodedata.normalize("NFKC", text)


def _is_in_name(text: str, match: re.Match[str]) -> bool:
    before = text[: match.start()]
    return bool(re.search(r"[A-Za-z][-_]$", before))


def _number(match: re.Match[str]) -> Number:
    value = float(match["mantissa"].replace(",", ""))
    exponent = match["power"] or match["exponent"]
    if exponent:
        value *= float(f"1e{exponent}")  # infinite where `10.0 **` would raise
    unit = match["unit"] or ""
    if unit == "%":
        return Number(value / 100, "%", match.group().strip())
    if unit in _BYTES:
        return Number(value * _BYTES[unit], "byte", match.group().strip())
    return Number(value * _SCALES.get(unit, 1.0), "", match.group().strip())
