"""The model and GPU cards: configurations and data sheet figures that drills and the calculator fill formulas with.

Knows no formula; whether the figures agree with one another is for the tests.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

from tutor.domain import Bilingual
from tutor.errors import DrillError
from tutor.text.markdown import one_line
from tutor.text.read_yaml import read_yaml

_FILE = Path(__file__).with_name("data") / "cards.yaml"
_NAME_CHARACTERS = 60  # of an unknown name, told back


@dataclass(frozen=True)
class Model:
    """A published model. `d_ff` of a mixture of experts is the width of one expert; 0 means: does not apply."""

    name: str
    layers: int
    d_model: int
    heads: int
    head_dim: int
    vocabulary: int
    context_tokens: int
    parameters: int
    source: str
    checked: str  # what the figures were held against, or that they were not
    d_ff: int = 0
    kv_heads: int = 0  # 0 where latent attention keeps no heads
    tied: bool = False
    gated: bool = True
    biases: bool = False
    qkv_biases: bool = False
    qk_norms: bool = False
    positions: int = 0
    experts: int = 0
    experts_per_token: int = 0
    active_parameters: int = 0
    latent_dim: int = 0
    rope_dim: int = 0
    kv_bytes_per_token: int = 0  # as published, in 16 bits
    checkpoint: bool = True  # `parameters` is exact

    @property
    def rounded(self) -> float:
        """Parameters as people say them: 6.74e9."""
        return float(f"{self.parameters:.3g}")


@dataclass(frozen=True)
class Gpu:
    """A GPU's data sheet; peaks are dense."""

    name: str
    memory_gb: float
    bandwidth_bytes_per_second: float
    peak_flops: float
    link_bytes_per_second: float
    source: str
    checked: str  # as of a Model
    fp8_flops: float = 0
    sparsity: bool = False  # data sheets also state a peak twice as high


@dataclass(frozen=True)
class Cards:
    """All cards, in the order of the file."""

    models: tuple[Model, ...]
    gpus: tuple[Gpu, ...]

    @property
    def dense(self) -> tuple[Model, ...]:
        return tuple(model for model in self.models if model.kv_heads and not model.experts)

    @property
    def grouped(self) -> tuple[Model, ...]:
        """Dense models with fewer KV heads than heads."""
        return tuple(model for model in self.dense if model.kv_heads < model.heads)

    @property
    def mixtures(self) -> tuple[Model, ...]:
        return tuple(model for model in self.models if model.experts)

    @property
    def latent(self) -> tuple[Model, ...]:
        return tuple(model for model in self.models if model.latent_dim)

    def model(self, name: str) -> Model:
        return _named(self.models, name, Bilingual("模型", "Model"))

    def gpu(self, name: str) -> Gpu:
        return _named(self.gpus, name, Bilingual("GPU 卡", "GPU"))


@lru_cache(maxsize=1)
def load_cards() -> Cards:
    """The shipped cards."""
    data = read_yaml(_FILE.read_text(encoding="utf-8"))
    models = tuple(Model(**row) for row in data["models"])
    gpus = tuple(Gpu(**{key: _number(value) for key, value in row.items()}) for row in data["gpus"])
    return Cards(models, gpus)


def card_values(parameters: Sequence[str], model: Model | None, gpu: Gpu | None) -> Mapping[str, float]:
    """What the cards say about a formula's parameters, by name; a 0 that means "does not apply" says nothing."""
    said = {**(asdict(model) if model else {}), **(asdict(gpu) if gpu else {})}
    applies = {
        name: float(value) for name, value in said.items() if not isinstance(value, str) and (value or value is False)
    }
    return {name: applies[name] for name in parameters if name in applies}


Card = TypeVar("Card", Model, Gpu)


def _named(cards: Sequence[Card], name: str, noun: Bilingual) -> Card:
    for card in cards:
        if card.name.lower() == name.strip().lower():
            return card
    raise DrillError(
        "drills.unknown_card", noun=noun, name=one_line(name, _NAME_CHARACTERS), known=[card.name for card in cards]
    )


def _number(value: Any) -> Any:
    """YAML reads 900e9 as text."""
    try:
        return value if isinstance(value, bool) else float(str(value))
    except ValueError:
        return value
