"""What people call the parameters of formulas, from the data file: 层数, "layers", L. Knows no formula."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from tutor.domain import Bilingual
from tutor.text.read_yaml import read_yaml

_FILE = Path(__file__).with_name("data") / "explanations.yaml"


@dataclass(frozen=True)
class Parameter:
    """How a parameter is called."""

    symbol: str  # LaTeX
    label: Bilingual


@lru_cache(maxsize=1)
def load_parameters() -> Mapping[str, Parameter]:
    """The shipped names of parameters."""
    return {name: Parameter(row["symbol"], bilingual(row)) for name, row in explanations_file()["parameters"].items()}


@lru_cache(maxsize=1)
def explanations_file() -> Any:
    """The data file as it is written."""
    return read_yaml(_FILE.read_text(encoding="utf-8"))


def bilingual(row: Mapping[str, str]) -> Bilingual:
    """A text of the data file, in both languages."""
    return Bilingual(row["zh"], row["en"])
