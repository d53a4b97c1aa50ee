"""Numbers as people write them: for terminals, in LaTeX, and with the prefix that suits their size."""

import math

from tutor.domain import Bilingual, Language
from tutor.drills.units import Quantity, measure, size

_PREFIXED = {  # measure -> units from small to large
    "memory": ("B", "KB", "MB", "GB", "TB", "PB"),
    "time": ("us", "ms", "s", "min", "h", "days", "years"),
    "operations": ("FLOP", "GFLOP", "TFLOP", "PFLOP", "EFLOP", "ZFLOP"),
    "speed": ("FLOP/s", "GFLOP/s", "TFLOP/s", "PFLOP/s", "EFLOP/s"),
    "bandwidth": ("B/s", "KB/s", "MB/s", "GB/s", "TB/s"),
}
UNIT_WORDS = {
    "days": Bilingual("天", "days"),
    "parameters": Bilingual("个参数", "parameters"),
    "sequences": Bilingual("条序列", "sequences"),
    "tokens": Bilingual("个 token", "tokens"),
    "USD": Bilingual("美元", "USD"),
    "rad": Bilingual("弧度", "rad"),
    "share": Bilingual("比例", "share"),
    "number": Bilingual("数值", "number"),
}
_SCALES = ((1e12, "T"), (1e9, "B"), (1e6, "M"), (1e3, "K"))


def write_number(value: float, digits: int = 4) -> str:
    """ "4,096", "0.6652", "1.2e23" as "1.2 × 10^23"."""
    mantissa, power = _scientific(value, digits)
    return _powered(mantissa, " × ", f"10^{power}") if power else mantissa


def write_latex(value: float, digits: int = 4) -> str:
    """As `write_number`, in LaTeX."""
    mantissa, power = _scientific(value, digits)
    mantissa = mantissa.replace(",", "{,}")
    return _powered(mantissa, r" \times ", f"10^{{{power}}}") if power else mantissa


def write_quantity(quantity: Quantity, digits: int = 4) -> str:
    """With a space before the unit; a number without unit stands alone, a share is also a percentage."""
    text = write_number(quantity.value, digits)
    if quantity.unit == "number":
        return text
    if quantity.unit == "share":
        return f"{text} ({write_number(100 * quantity.value, digits)}%)"
    return f"{text} {quantity.unit}"


def unit_word(unit: str, language: Language) -> str:
    """How a language calls a unit; symbols such as GB stay."""
    return UNIT_WORDS[unit].in_language(language) if unit in UNIT_WORDS else unit


def write_fitting(quantity: Quantity, digits: int = 4) -> str:
    """In the unit of its measure that makes the number readable: 312 TFLOP/s, 14 GB, 39 days."""
    units = _PREFIXED.get(measure(quantity.unit), ())
    base = quantity.value * size(quantity.unit)
    unit = next((unit for unit in reversed(units) if abs(base) >= size(unit)), quantity.unit)
    return f"{quantity.to(unit).value:.{digits}g} {unit}"


def write_count(value: float, digits: int = 6) -> str:
    """Large counts as engineers say them: 6.74B, 300B, 15T."""
    for scale, letter in _SCALES:
        if value >= scale and scale >= 1e6:
            return f"{value / scale:.{digits}g}{letter}"
    return f"{value:,.{digits}g}" if value < 1e6 else f"{value:g}"


def _powered(mantissa: str, times: str, power: str) -> str:
    return power if mantissa == "1" else mantissa + times + power


def _scientific(value: float, digits: int) -> tuple[str, int]:
    """(mantissa, power), power 0 when the number is written out."""
    if value == 0:
        return "0", 0
    power = math.floor(math.log10(abs(value)))
    if value == int(value) and abs(value) < 1e7:
        return f"{int(value):,}", 0
    if -4 < power < 7:
        shown = f"{value:.{max(digits, power + 1)}g}"
        return (f"{float(shown):,.12g}" if power >= 3 else shown), 0
    mantissa = float(f"{value / 10.0**power:.{digits - 1}f}")
    return f"{mantissa:g}", power
