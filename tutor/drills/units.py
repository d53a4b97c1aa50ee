"""Units: the one place that asks pint. Knows which units exist, what they measure and how one becomes another.

The registry is our own small one: bytes, seconds, operations, tokens and dollars do not mix, and "GB" is never a gigabit.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Literal

from tutor.domain import Bilingual
from tutor.errors import DrillError

if TYPE_CHECKING:
    from pint import UnitRegistry

Measure = Literal[
    "memory", "time", "operations", "speed", "bandwidth", "parameters", "tokens", "rate", "sequences", "money", "share",
    "number", "angle",
]  # fmt: skip
_IN_CHINESE: Mapping[Measure, str] = {
    "memory": "存储量", "time": "时间", "operations": "运算量", "speed": "运算速度", "bandwidth": "带宽",
    "parameters": "参数量", "tokens": "token 数", "rate": "生成速率", "sequences": "序列数", "money": "金额",
    "share": "比例", "number": "数目", "angle": "角度",
}  # fmt: skip

_DEFINITIONS = (
    "k- = 1e3", "K- = 1e3", "M- = 1e6", "G- = 1e9", "T- = 1e12", "P- = 1e15", "E- = 1e18", "Z- = 1e21", "m- = 1e-3",
    "u- = 1e-6", "n- = 1e-9", "Ki- = 2**10", "Mi- = 2**20", "Gi- = 2**30", "Ti- = 2**40",
    "B = [memory]", "bit = B / 8",
    "s = [time]", "min = 60 * s", "h = 60 * min", "days = 24 * h = day", "weeks = 7 * days", "years = 365.25 * days",
    "months = years / 12",
    "FLOP = [operation]", "parameters = [parameter]", "tokens = [token]", "sequences = [sequence]", "USD = [money]",
    "share = [share]", "percent = 0.01 * share", "number = [number]", "rad = [angle]",
    "degrees = 3.141592653589793 / 180 * rad",
)  # fmt: skip
_BASES: dict[Measure, str] = {
    "memory": "B", "time": "s", "operations": "FLOP", "speed": "FLOP/s", "bandwidth": "B/s", "parameters": "parameters",
    "tokens": "tokens", "rate": "tokens/s", "sequences": "sequences", "money": "USD", "share": "share",
    "number": "number", "angle": "rad",
}  # fmt: skip

# The units of every day, so that loading the question bank need not import pint (half a second); a test holds them to it.
EVERYDAY: Mapping[str, tuple[Measure, float]] = {
    **{unit: ("memory", size) for unit, size in (("B", 1.0), ("KB", 1e3), ("MB", 1e6), ("GB", 1e9), ("TB", 1e12))},
    **{unit: ("memory", 2.0**power) for unit, power in (("KiB", 10), ("MiB", 20), ("GiB", 30), ("TiB", 40))},
    **{unit: ("time", size) for unit, size in (("us", 1e-6), ("ms", 1e-3), ("s", 1.0), ("min", 60.0), ("h", 3600.0))},
    "days": ("time", 86_400.0), "FLOP": ("operations", 1.0), "parameters": ("parameters", 1.0),
    "Mparameters": ("parameters", 1e6), "Gparameters": ("parameters", 1e9), "tokens": ("tokens", 1.0),
    "Gtokens": ("tokens", 1e9), "Ttokens": ("tokens", 1e12), "tokens/s": ("rate", 1.0), "sequences": ("sequences", 1.0), "USD": ("money", 1.0), "share": ("share", 1.0),
    "percent": ("share", 0.01), "number": ("number", 1.0), "rad": ("angle", 1.0),
}  # fmt: skip


@dataclass(frozen=True)
class Quantity:
    """A number and its unit."""

    value: float
    unit: str

    @property
    def base_value(self) -> float:
        """In the base unit of its measure, as formulas take it: bytes for GB, seconds for days."""
        return self.value * size(self.unit)

    def to(self, unit: str) -> "Quantity":
        """The same quantity in another unit of its measure; raises DrillError when there is none."""
        if measure(self.unit) != measure(unit):
            raise DrillError(
                "drills.another_measure", unit=unit, expected=_name(measure(self.unit)), found=_name(measure(unit))
            )
        return Quantity(self.base_value / size(unit), unit)


@lru_cache(maxsize=1)
def _registry() -> "UnitRegistry":
    from pint import UnitRegistry  # takes half a second to import, which no other command should wait for

    registry: UnitRegistry = UnitRegistry(None)
    for definition in _DEFINITIONS:
        registry.define(definition)
    return registry


@lru_cache(maxsize=256)
def measure(unit: str) -> Measure:
    """What a unit measures; raises DrillError for one that is unknown."""
    if unit in EVERYDAY:
        return EVERYDAY[unit][0]
    from pint.errors import PintError

    try:
        found = _registry().Unit(unit).dimensionality
        for name, base in _BASES.items():
            if found == _registry().Unit(base).dimensionality:
                return name
    except (PintError, AttributeError, ValueError) as error:
        raise _unknown(unit) from error
    raise _unknown(unit)


@lru_cache(maxsize=256)
def size(unit: str) -> float:
    """How many base units (bytes, seconds, ...) one `unit` is."""
    if unit in EVERYDAY:
        return EVERYDAY[unit][1]
    base = _BASES[measure(unit)]
    return float(_registry().Quantity(1.0, unit).to(base).magnitude)


def base_unit(unit: str) -> str:
    """The unit in which the functions of the formulas return their result."""
    return _BASES[measure(unit)]


def _name(measure: Measure) -> Bilingual:
    return Bilingual(_IN_CHINESE[measure], measure)


def _unknown(unit: str) -> DrillError:
    return DrillError("drills.unknown_unit", unit=unit)
