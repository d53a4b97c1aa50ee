"""Drills: a seed, a kind and a level -> a realistic question in both languages with its values and its answer.

The same seed gives the same drill. Knows neither the learner's answer nor how it is judged.
"""

import random
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from tutor.domain import Bilingual, Language
from tutor.drills.cards import load_cards
from tutor.drills.draws import DRAWS, Draw
from tutor.drills.draws_by_hand import DRAWS_BY_HAND
from tutor.drills.formulas import compute, find_formula, read_values
from tutor.drills.notation import write_count, write_fitting
from tutor.drills.solution import solve
from tutor.drills.steps_by_hand import Step
from tutor.drills.units import Quantity
from tutor.errors import DrillError
from tutor.text.read_yaml import read_yaml

_FILE = Path(__file__).with_name("data") / "questions.yaml"
LEVELS = (1, 2, 3)
_ALL_DRAWS = {**DRAWS, **DRAWS_BY_HAND}
_COUNTS = {"parameters", "kept_parameters", "adapter_parameters", "model_parameters", "total_parameters", "tokens"}
_UNITS = {
    "weight_bytes": "B", "kv_bytes_per_sequence": "B", "message_bytes": "B", "bandwidth_bytes_per_second": "B/s",
    "link_bytes_per_second": "B/s", "peak_flops": "FLOP/s", "sparse_flops": "FLOP/s",
}  # fmt: skip


@dataclass(frozen=True)
class Question:
    """The wording of one kind of drill."""

    text: Bilingual
    level: int
    exact: bool = False


@dataclass(frozen=True)
class Drill:
    """A calculation with generated numbers. `facts` are stated besides the values; slips may have used them."""

    kind: str  # the formula
    seed: int
    level: int
    question: Bilingual
    values: Mapping[str, Any]
    facts: Mapping[str, float]
    answer: Quantity
    exact: bool

    @property
    def steps(self) -> tuple[Step, ...]:
        """The worked solution."""
        return solve(self.kind, self.values)


@lru_cache(maxsize=1)
def load_questions() -> Mapping[str, Question]:
    """The shipped questions, by kind."""
    data = read_yaml(_FILE.read_text(encoding="utf-8"))
    return {
        kind: Question(Bilingual(row["zh"], row["en"]), row["level"], row.get("exact", False))
        for kind, row in data.items()
    }


def drill_kinds(level: int | None = None) -> tuple[str, ...]:
    """Kinds of a level, or all."""
    return tuple(kind for kind, question in load_questions().items() if level in (None, question.level))


def generate_drill(seed: int, *, kind: str | None = None, level: int | None = None) -> Drill:
    """The drill of that seed; of any kind of the level where none is named. Raises DrillError for an unknown kind, or one
    that is not of the level."""
    kinds = drill_kinds(level)
    if not kinds:
        raise DrillError("drills.level", level=level)
    if kind is not None and kind not in kinds:
        raise DrillError("drills.kind", kind=kind, known=list(kinds))
    chosen = kind or random.Random(seed).choice(kinds)  # noqa: S311 - questions, not secrets
    return _drill(chosen, seed, random.Random(f"{chosen}/{seed}"))  # noqa: S311


def _drill(kind: str, seed: int, rng: random.Random) -> Drill:
    question, draw = load_questions()[kind], _ALL_DRAWS[kind](rng, load_cards())
    text = Bilingual(_filled(question, draw, "zh"), _filled(question, draw, "en"))
    values = read_values(find_formula(kind), draw.values)
    return Drill(kind, seed, question.level, text, values, draw.facts, compute(kind, draw.values), question.exact)


def _filled(question: Question, draw: Draw, language: Language) -> str:
    shown = {name: show_value(name, value) for name, value in {**draw.facts, **draw.values}.items()}
    words = {name: word if isinstance(word, str) else word.in_language(language) for name, word in draw.words.items()}
    return question.text.in_language(language).format(**{**shown, **words})


def show_value(name: str, value: float | str) -> str:
    """A parameter's value as people write it: 6.74B, 312 TFLOP/s, 40%."""
    if isinstance(value, str):
        return value
    if name in _COUNTS:
        return write_count(value)
    if name in _UNITS:
        return write_fitting(Quantity(value, _UNITS[name]), 6)
    if name == "mfu":
        return f"{100 * value:g}%"
    if name == "flops":
        return f"{value:.10g}".replace("e+", "e")
    return re.sub(r"\.0$", "", f"{value:,.10g}")
