"""Whether a sentence is supported by a passage, decided by features and a fitted threshold.

The parameters in support.json are fitted by `python -m tutor eval support --write`: the bank's key points must be
supported by their own answer, its circulating mistakes and the key points of other entries must not.
"""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from importlib.resources import files

from langchain_core.embeddings import Embeddings

from tutor.grading.polarity import antonym_mismatch, negation_mismatch
from tutor.text.numbers import find_numbers
from tutor.text.sentences import split_sentences
from tutor.text.terms import terms

# Small counts ("two parts", "3 steps") are the speaker's own; anything larger must stand in a passage.
_FREE_NUMBERS = frozenset({0.0, 1.0, 2.0, 3.0, 4.0})


@dataclass(frozen=True)
class SupportFeatures:
    """What links a sentence to the passage sentence nearest to it; shares and cosines, no units."""

    similarity: float  # cosine with the nearest passage sentence
    shared: float  # share of the sentence's terms that the nearest passage sentence contains
    pooled: float  # share that the whole passage contains
    negation: float  # 1 where one of the two denies what the other says
    antonym: float  # 1 where they stand at opposite poles ("increase", "decrease")


@dataclass(frozen=True)
class Finding:
    """The best passage sentence for a sentence, and how surely it supports it."""

    source: int  # index of the text among those given
    evidence: str  # a substring of that text
    probability: float
    features: SupportFeatures
    numbers_known: bool  # every number of the sentence stands somewhere in the texts

    @property
    def is_supported(self) -> bool:
        return self.numbers_known and self.probability >= _parameters().threshold


class Checker:
    """Checks sentences against texts, whose sentences are embedded once."""

    def __init__(self, embeddings: Embeddings, texts: Sequence[str]) -> None:
        self._embeddings = embeddings
        self._pieces = [(i, sentence) for i, text in enumerate(texts) for sentence in split_sentences(text)]
        pieces = [sentence for _, sentence in self._pieces]
        self._vectors = embeddings.embed_documents(pieces) if pieces else []
        self._terms = [set(terms(piece)) for piece in pieces]
        self._pooled = [set(terms(text)) for text in texts]
        self._numbers = [number.value for text in texts for number in find_numbers(text)]

    def check(self, sentence: str) -> Finding | None:
        """None when there is nothing to check against."""
        if not self._pieces:
            return None
        vector = self._embeddings.embed_documents([sentence])[0]
        similarities = [math.fsum(a * b for a, b in zip(vector, other, strict=True)) for other in self._vectors]
        wanted = set(terms(sentence))
        shares = [_share(wanted, held) for held in self._terms]
        best = max(range(len(similarities)), key=lambda i: similarities[i] + 0.1 * shares[i])
        source, piece = self._pieces[best]
        features = SupportFeatures(
            similarity=similarities[best],
            shared=shares[best],
            pooled=_share(wanted, self._pooled[source]),
            negation=negation_mismatch(piece, sentence),
            antonym=antonym_mismatch(piece, sentence),
        )
        return Finding(source, piece, support_probability(features), features, self._knows_numbers(sentence))

    def _knows_numbers(self, sentence: str) -> bool:
        return all(
            number.value in _FREE_NUMBERS
            or any(math.isclose(number.value, known, rel_tol=1e-6) for known in self._numbers)
            for number in find_numbers(sentence)
        )


def support_probability(features: SupportFeatures) -> float:
    """Logistic model over standardised features."""
    model = _parameters()
    values = asdict(features)
    logit = model.intercept + sum(
        weight * (values[name] - model.mean[name]) / model.scale[name] for name, weight in model.weights.items()
    )
    return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, logit))))


@dataclass(frozen=True)
class _Parameters:
    mean: Mapping[str, float]
    scale: Mapping[str, float]
    weights: Mapping[str, float]
    intercept: float
    threshold: float


@lru_cache(maxsize=1)
def _parameters() -> _Parameters:
    data = json.loads(files("tutor.grading").joinpath("support.json").read_text(encoding="utf-8"))
    return _Parameters(data["mean"], data["scale"], data["weights"], data["intercept"], data["threshold"])


def _share(wanted: set[str], held: set[str]) -> float:
    return len(wanted & held) / len(wanted) if wanted else 0.0
