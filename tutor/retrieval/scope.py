"""In or out: whether the material can answer a question, decided from retrieval features by a calibrated model.

The parameters in scope.json are fitted by `python -m tutor eval scope --write`; nothing is guessed here.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace

from tutor.domain import Scope
from tutor.fitted import Logistic, load_fitted, read_logistic


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
    """What decides whether a question is in scope, and whether it is one of the bank's."""

    model: Logistic  # in scope at its threshold or above
    weak_below: float  # answered, but with a visible note
    known_question: Mapping[str, float]  # thresholds for "this is a bank question"

    def without_bank(self, features: Features) -> Features:
        """For an answer from a learner's own documents, which may treat any field and be few: what was learned of the
        bank (other fields, and BM25 scores, which grow with the number of documents) may speak for it, not against."""
        usual = self.model.mean
        foreign = min(features.foreign, usual["foreign"])
        return replace(features, foreign=foreign, term_score=max(features.term_score, usual["term_score"]))

    def decide(self, features: Features) -> Scope:
        """In or out, with the calibrated probability."""
        confidence = self.model.probability(asdict(features))
        return Scope(in_scope=confidence >= self.model.threshold, confidence=round(confidence, 4))

    def is_weak(self, scope: Scope) -> bool:
        """Whether the evidence for being in scope is so little that the answer needs a visible note."""
        return scope.in_scope and scope.confidence < self.weak_below


def load_scope_model() -> ScopeModel:
    """The fitted model that ships with the program."""
    data = load_fitted("tutor.retrieval", "scope")
    return ScopeModel(read_logistic(data), data["weak_below"], data["known_question"])
