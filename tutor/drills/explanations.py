"""What a learner reads about a formula, from the data file: title, the formula, why it is so, example, steps, source.

Knows the texts only; steps are computed by `solution`.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from tutor.domain import Bilingual
from tutor.drills.formulas import find_formula
from tutor.drills.parameter_names import bilingual, explanations_file, load_parameters

_COMMAND = re.compile(r"\\(?:left|right|[a-zA-Z]+|[,;!])")
_SYMBOL = re.compile(r"[A-Za-z]+\d?(?:_\{[^}]*\}|_[A-Za-z0-9])?")


@dataclass(frozen=True)
class StepForm:
    """One step of a worked solution before numbers are put in."""

    text: Bilingual
    expression: str
    name: str  # by which later steps use its result; "" for the last
    unit: str


@dataclass(frozen=True)
class Explanation:
    """All that is said about one formula."""

    title: Bilingual
    formula: str  # LaTeX
    why: Bilingual
    source: str
    example: Mapping[str, float | str]
    plot: str  # the parameter that a plot varies; "" where a plot says nothing
    steps: tuple[StepForm, ...]
    symbols: Mapping[str, str]  # where the formula calls a parameter otherwise than usual


@lru_cache(maxsize=1)
def load_explanations() -> Mapping[str, Explanation]:
    """The shipped explanations, by formula."""
    return {name: _explanation(name, row) for name, row in explanations_file()["formulas"].items()}


def render_explanation(name: str) -> Bilingual:
    """Title, formula with its symbols, derivation and source as Markdown with LaTeX."""
    said = load_explanations()[name]
    legend = [(symbol, load_parameters()[key].label) for key, symbol in symbols(name).items()]
    zh = "；".join(f"${symbol}$ {label.zh}" for symbol, label in legend)
    en = "; ".join(f"${symbol}$ {label.en}" for symbol, label in legend)
    return Bilingual(
        f"### {said.title.zh}\n\n$$ {said.formula} $$\n\n其中 {zh}。\n\n{said.why.zh}\n\n来源：{said.source}",
        f"### {said.title.en}\n\n$$ {said.formula} $$\n\nwith {en}.\n\n{said.why.en}\n\nSource: {said.source}",
    )


def symbols(name: str) -> dict[str, str]:
    """The parameters whose symbol stands in the formula."""
    said = load_explanations()[name]
    written = set(_SYMBOL.findall(_COMMAND.sub(" ", said.formula)))
    called = {key: said.symbols.get(key, load_parameters()[key].symbol) for key in find_formula(name).parameters}
    return {key: symbol for key, symbol in called.items() if symbol in written}


def _explanation(name: str, row: Mapping[str, Any]) -> Explanation:
    steps = tuple(
        StepForm(bilingual(step), step["is"], step.get("as", ""), step.get("unit", "")) for step in row.get("steps", ())
    )
    docstring = find_formula(name).function.__doc__ or ""
    source = " ".join(docstring.split("Source:")[-1].split()).rstrip(".")
    example = {key: _number(value) for key, value in row["example"].items()}
    return Explanation(
        bilingual(row["title"]),
        row["formula"],
        bilingual(row["why"]),
        source,
        example,
        row["plot"],
        steps,
        row.get("symbols", {}),
    )


def _number(value: Any) -> float | str:
    """YAML reads 7e9 as text."""
    try:
        return float(value)
    except ValueError:
        return str(value)
