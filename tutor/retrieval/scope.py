"""In or out: whether the material can answer a question, decided from retrieval features by a calibrated model.

The parameters in scope.json are fitted by `python -m tutor eval scope --write`; nothing is guessed here.
"""

import json
import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from functools import lru_cache
from importlib.resources import files

from tutor.domain import Scope


@dataclass(frozen=True)
class Features:
    """What retrieval saw, per query; cosines and shares, no units."""

    top_similarity: float  # highest cosine of any passage
    is_question: float  # 1 when that passage is a bank question or alias: those lie nearer to a query than prose does
    margin: float  # top similarity minus the mean of the next nine documents
    coverage: float  # share by rarity of the query's terms that the best document contains
    pool_coverage: float  # the same over the five best documents
    unknown_share: float  # share of the query's terms that occur nowhere in the material
    agreement: float  # 1 when meaning and words agree on the best document, 0.5 when within three, else 0
    term_score: float  # BM25 score of the best document as a whole, per distinct term
    term_count: float  # distinct terms, at most 8, divided by 8
    is_chinese: float  # 1 or 0: Chinese texts lie closer together for the bundled embedder than English ones
    foreign: (
        float  # mean cosine with the three nearest questions of other fields; 0 when the best document is their own
    )


@dataclass(frozen=True)
class ScopeModel:
    """Logistic regression over standardised features."""

    mean: Mapping[str, float]
    scale: Mapping[str, float]
    weights: Mapping[str, float]
    intercept: float
    threshold: float  # in scope at or above
    weak_below: float  # answered, but with a visible note
    known_question: Mapping[str, float]  # thresholds for "this is a bank question"

    def probability(self, features: Features) -> float:
        values = asdict(features)
        logit = self.intercept + sum(
            self.weights[name] * (values[name] - self.mean[name]) / self.scale[name] for name in self.weights
        )
        return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, logit))))

    def without_bank(self, features: Features) -> Features:
        """For an answer from a learner's own documents, which may treat any field and be few: what was learned of the
        bank (other fields, and BM25 scores, which grow with the number of documents) may speak for it, not against."""
        foreign = min(features.foreign, self.mean["foreign"])
        return replace(features, foreign=foreign, term_score=max(features.term_score, self.mean["term_score"]))

    def decide(self, features: Features) -> Scope:
        """In or out, with the calibrated probability."""
        confidence = self.probability(features)
        return Scope(in_scope=confidence >= self.threshold, confidence=round(confidence, 4))


@lru_cache(maxsize=1)
def load_scope_model() -> ScopeModel:
    """The fitted model that ships with the program."""
    data = json.loads(files("tutor.retrieval").joinpath("scope.json").read_text(encoding="utf-8"))
    return ScopeModel(
        mean=data["mean"],
        scale=data["scale"],
        weights=data["weights"],
        intercept=data["intercept"],
        threshold=data["threshold"],
        weak_below=data["weak_below"],
        known_question=data["known_question"],
    )
