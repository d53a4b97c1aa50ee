"""The worksheet of an entry: its calculations computed, and their results written into its texts.

A text says where a result stands and how it is written, `{{calc:ID|HOW|UNIT}}`. Knows no formula: they come in as a
function, so that the bank does not depend on the drills (docs/decisions/0009).
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

from tutor.bank.schema import BilingualBlock, BilingualLine, CalculationForm
from tutor.domain import Bilingual, Calculation
from tutor.errors import TutorError

PLACE = re.compile(r"\{\{\s*calc\b(?P<inner>.*?)\}\}", re.DOTALL)
_OPEN = re.compile(r"\{\{\s*calc\b")
_HOW = re.compile(r"(?P<decimals>\d)(?P<sign>|,|\{,\}|e|×|\\times)")
_HOW_TO = r"Write {{calc:ID|HOW|UNIT}}, with HOW as 2 for 4.29, `2e` for 3.15e23, `2×`, `2\times`, `0,` or `0{,}`."
_RESULT_OF = "calc:"
_UNIT_BEHIND = re.compile(r"\s*([KMGT]i?B)\b")


class Computed(Protocol):
    """A number with its unit; `to` raises a TutorError for a unit that is unknown or measures something else.

    `base_value` is the number as another formula takes it, in bytes, seconds and the like.
    """

    @property
    def value(self) -> float: ...

    @property
    def unit(self) -> str: ...

    @property
    def base_value(self) -> float: ...

    def to(self, unit: str) -> "Computed": ...


# Takes a formula's name and values; raises a TutorError that names what is wrong with them.
Compute = Callable[[str, Mapping[str, float | str]], Computed]


@dataclass(frozen=True)
class Slip:
    """What is wrong with a calculation or with the place of its result."""

    field: str
    problem: str
    next_step: str


class Worksheet:
    """Computes what an entry asks for, writes it into its texts, and keeps the slips and what was used."""

    def __init__(self, forms: Iterable[CalculationForm], compute: Compute) -> None:
        self.slips: list[Slip] = []
        self.typed: dict[str, str] = {}  # text without its placed numbers, by field
        self.used: set[str] = set()
        self.forms: dict[str, CalculationForm] = {}
        self.values: dict[str, dict[str, float | str]] = {}  # inputs, with the results that they name
        self.results: dict[str, Computed] = {}
        for number, form in enumerate(forms):
            field = f"calculations.{number}"
            if form.id in self.forms:
                self.slips.append(
                    Slip(f"{field}.id", f"`{form.id}` is a calculation already", "Rename one of the two.")
                )
                continue
            self.forms[form.id] = form
            values = self._values(field, form)
            if values is None:
                continue
            try:
                self.results[form.id] = compute(form.formula, values)
            except TutorError as error:
                self.slips.append(Slip(field, str(error).rstrip("."), "See `python -m tutor calc`."))
            else:
                self.values[form.id] = values

    @property
    def calculations(self) -> tuple[Calculation, ...]:
        """What could be computed, in the order of the file."""
        return tuple(
            Calculation(name, self.forms[name].formula, self.values[name], result.value, result.unit)
            for name, result in self.results.items()
        )

    def fill(self, field: str, form: BilingualLine | BilingualBlock) -> Bilingual:
        """Both texts with their numbers; a place with a slip stays as it is written."""
        return Bilingual(self.fill_text(f"{field}.zh", form.zh.strip()), self.fill_text(f"{field}.en", form.en.strip()))

    def fill_text(self, field: str, text: str) -> str:
        """One text with its numbers."""
        self.typed[field] = text
        if not _OPEN.search(text):
            return text
        self.typed[field] = PLACE.sub(" … ", text)
        if _OPEN.search(self.typed[field]):
            self._slip(field, "a {{calc without its }}", _HOW_TO)
        return PLACE.sub(lambda match: self._number(field, match), text)

    def _values(self, field: str, form: CalculationForm) -> dict[str, float | str] | None:
        """The inputs, `calc:ID` replaced by the result of an earlier calculation; None where that has none."""
        values = dict(form.values)
        for key, value in form.values.items():
            if not isinstance(value, str) or not value.startswith(_RESULT_OF):
                continue
            name = value.removeprefix(_RESULT_OF).strip()
            if name not in self.results:
                if name not in self.forms or name == form.id:
                    step = "Name one that stands above."
                    self._slip(f"{field}.values.{key}", f"`{name}` is no earlier calculation of this entry", step)
                return None  # else why it could not be computed is told already
            self.used.add(name)
            values[key] = self.results[name].base_value
        return values

    def _number(self, field: str, match: re.Match[str]) -> str:
        parts = match["inner"].removeprefix(":").split("|")
        how = _HOW.fullmatch(parts[1].strip()) if len(parts) == 3 else None
        if not how or not match["inner"].startswith(":"):
            return self._slip(field, f"`{match.group()}` cannot be read", _HOW_TO, match.group())
        name, unit = parts[0].strip(), parts[2].strip()
        if name not in self.forms:
            known = ", ".join(self.forms) or "none"
            step = f"Use one of {known}, or add it to `calculations:`."
            return self._slip(field, f"`{name}` is no calculation of this entry", step, match.group())
        self.used.add(name)
        if name not in self.results:
            return match.group()  # why it could not be computed is told already
        try:
            value = self.results[name].to(unit).value
        except TutorError as error:
            step = f"The result of `{name}` is in {self.results[name].unit}."
            return self._slip(field, str(error).rstrip("."), step, match.group())
        behind = _UNIT_BEHIND.match(match.string, match.end())
        if behind and behind[1] != unit:
            self._slip(field, f"`{name}` is placed in {unit} and followed by {behind[1]}", "Make the two the same.")
        written = write_number(value, int(how["decimals"]), how["sign"])
        if value and not re.search("[1-9]", written):
            return self._slip(
                field, f"`{name}` is {value:.3g} {unit} and shows as {written}", "Give more digits.", written
            )
        return written

    def _slip(self, field: str, problem: str, next_step: str, instead: str = "") -> str:
        self.slips.append(Slip(field, problem, next_step))
        return instead


def write_number(value: float, decimals: int, sign: str) -> str:
    r"""A number with so many digits behind the point; `sign` joins its parts: "," or "{,}" thousands, "e", "×" or
    "\times" the power of ten, "" nothing."""
    if sign in ("", ",", "{,}"):
        return f"{value:,.{decimals}f}".replace(",", sign)
    mantissa, power = f"{value:.{decimals}e}".split("e")
    if sign == "e":
        return f"{mantissa}e{int(power)}"
    return f"{mantissa}×10^{int(power)}" if sign == "×" else f"{mantissa}\\times10^{{{int(power)}}}"
