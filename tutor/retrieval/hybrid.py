"""Hybrid retrieval: meaning, words and characters, fused per document, with the decision whether the material can answer.

A bank entry is found through any of its passages and returned once. The passage shown for it is its answer in the
language of the query.
"""

import math
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document as LangChainDocument
from langchain_core.embeddings import Embeddings
from langchain_core.retrievers import BaseRetriever
from pydantic import ConfigDict

from tutor.domain import Contradiction, Hit, Language, Passage, Scope
from tutor.retrieval.foreign import ForeignQuestions
from tutor.retrieval.fusion import fuse_rankings
from tutor.retrieval.index import Index
from tutor.retrieval.scope import Features, ScopeModel
from tutor.retrieval.snapshot import Snapshot, key_of
from tutor.retrieval.store import searchable_text
from tutor.text.language import detect_language
from tutor.text.terms import character_grams, terms

# Candidates per ranking. An entry has about 15 passages in two languages, so this still leaves some 20 documents.
_CANDIDATES = 120
_CANDIDATES_BESIDE_QUESTIONS = 1_200  # most passages of the bank are questions, and the nearest ones above all
_KEY_CANDIDATES = 60  # per ranking of whole entries
_BROAD = 3  # an entry that is near with several of its passages is rarely near by chance
_PART_ORDER = {"answer": 0, "text": 0, "key_points": 1, "misconceptions": 2, "question": 3}


@dataclass(frozen=True)
class SearchResult:
    """What retrieval found for one query."""

    query: str
    language: Language
    hits: tuple[Hit, ...]
    scope: Scope
    features: Features
    known_entry_id: str | None  # the query is a bank question in other words
    is_weak: bool  # in scope, but with little evidence: answer with a visible note


@dataclass(frozen=True)
class _Ranking:
    """Scores per passage, and documents (entries or passages) in order of their best passage."""

    scores: Mapping[str, float]
    keys: tuple[str, ...]


class HybridRetriever(BaseRetriever):
    """A LangChain retriever over the index: dense and BM25, fused by reciprocal rank."""

    model_config = ConfigDict(arbitrary_types_allowed=True)

    index: Index
    embeddings: Embeddings
    scope: ScopeModel
    foreign: ForeignQuestions | None = None
    rerank: Callable[[str, list[str]], list[float]] | None = None  # (query, texts) -> a score each
    k: int = 5

    def model_post_init(self, _: Any) -> None:
        if self.foreign is None:
            self.foreign = ForeignQuestions(lambda texts: [self.embeddings.embed_query(text) for text in texts])

    def search(self, query: str, k: int | None = None) -> SearchResult:
        """The best `k` documents, each once, and the scope decision."""
        return self.index.read(lambda snapshot: self._search(snapshot, query, k or self.k))

    def _search(self, snapshot: Snapshot, query: str, k: int) -> SearchResult:
        language = detect_language(query)
        query_terms = terms(query)
        vector = self.embeddings.embed_query(query) if query.strip() else []
        dense, words = self._rankings(snapshot, vector, query_terms)
        fused = fuse_rankings(_key_rankings(snapshot, query, query_terms, dense))
        features = _features(snapshot, language, query_terms, dense, words, fused, self._foreign(vector))
        if fused and fused[0][0] not in snapshot.by_entry:
            features = self.scope.without_bank(features)
        hits = self._hits(snapshot, language, vector, dense, words, fused[: max(k, 1)])
        if self.rerank is not None and hits:
            hits = _reranked(hits, self.rerank(query, [searchable_text(hit.passage) for hit in hits]))
        scope = self.scope.decide(features)
        known = _known_entry(snapshot, self.scope, dense, fused, features)
        return SearchResult(query, language, hits, scope, features, known, self.scope.is_weak(scope))

    def orders(self, query: str) -> dict[str, tuple[str, ...]]:
        """Keys best first, per ranking: by words alone, by meaning alone, and fused; what a measurement compares."""
        query_terms, vector = terms(query), self.embeddings.embed_query(query)

        def rank(snapshot: Snapshot) -> dict[str, tuple[str, ...]]:
            dense, words = self._rankings(snapshot, vector, query_terms)
            fused = fuse_rankings(_key_rankings(snapshot, query, query_terms, dense))
            return {"words": words.keys, "meaning": dense.keys, "fused": tuple(key for key, _ in fused)}

        return self.index.read(rank)

    def coverage(self, query_terms: Collection[str], entry_id: str) -> float:
        """Share (by rarity) of the terms that the entry contains anywhere, 0..1."""
        return self.index.snapshot().key_terms.coverage(list(query_terms), [entry_id])

    def weight(self, query_terms: Collection[str]) -> float:
        """How much the terms tell: the sum of their rarities among whole entries; 0 for none."""
        keywords = self.index.snapshot().key_terms
        return math.fsum(keywords.rarity(term) for term in query_terms)

    def features_without_questions(self, query: str) -> Features:
        """What retrieval would see if the bank had no questions: as a learner's own documents are found."""
        query_terms, vector = terms(query), self.embeddings.embed_query(query)

        def look(snapshot: Snapshot) -> Features:
            dense, words = self._rankings(snapshot, vector, query_terms, questions=False)
            fused = fuse_rankings([dense.keys, words.keys])
            return _features(snapshot, detect_language(query), query_terms, dense, words, fused, self._foreign(vector))

        return self.index.read(look)

    def _foreign(self, vector: list[float]) -> float:
        """How near questions of other fields are; of nothing, they are infinitely far."""
        return self.foreign.nearness(vector) if self.foreign and vector else 0.0

    def _rankings(
        self, snapshot: Snapshot, vector: list[float], query_terms: Sequence[str], *, questions: bool = True
    ) -> tuple[_Ranking, _Ranking]:
        """By meaning and by words."""
        count = _CANDIDATES if questions else _CANDIDATES_BESIDE_QUESTIONS
        near = snapshot.nearest(vector, count) if vector else []
        alike = snapshot.keywords.ranked(query_terms, count)
        kept = [
            [pair for pair in pairs if questions or snapshot.passages[pair[0]].part != "question"][:_CANDIDATES]
            for pairs in (near, alike)
        ]
        return _ranking(snapshot, kept[0]), _ranking(snapshot, kept[1])

    def _hits(
        self,
        snapshot: Snapshot,
        language: Language,
        vector: list[float],
        dense: _Ranking,
        words: _Ranking,
        fused: Sequence[tuple[str, float]],
    ) -> tuple[Hit, ...]:
        shown = [(key, score, _shown_passage(snapshot, key, language, dense)) for key, score in fused]
        unseen = [passage.id for _, _, passage in shown if passage.id not in dense.scores]
        similarity = {**dense.scores, **(snapshot.similarities(vector, unseen) if vector and unseen else {})}
        return tuple(
            Hit(
                passage=passage,
                rank=rank,
                score=score,
                similarity=max(similarity.get(member.id, 0.0) for member in _members(snapshot, key)),
                keyword_score=max(words.scores.get(member.id, 0.0) for member in _members(snapshot, key)),
                origins=snapshot.manifest.entries[passage.document_id].document.origins,
                contradictions=_contradictions(snapshot, passage),
            )
            for rank, (key, score, passage) in enumerate(shown, start=1)
        )

    def _get_relevant_documents(
        self,
        query: str,
        *,
        run_manager: CallbackManagerForRetrieverRun,  # noqa: ARG002 - LangChain's signature
    ) -> list[LangChainDocument]:
        return [
            LangChainDocument(
                id=hit.passage.id,
                page_content=hit.passage.text,
                metadata={
                    "passage_id": hit.passage.id,
                    "document_id": hit.passage.document_id,
                    "entry_id": hit.passage.entry_id,
                    "title": hit.passage.title,
                    "heading_path": hit.passage.heading_path,
                    "score": hit.score,
                },
            )
            for hit in self.search(query).hits
        ]


def _members(snapshot: Snapshot, key: str) -> tuple[Passage, ...]:
    return snapshot.by_entry.get(key) or (snapshot.passages[key],)


def _ranking(snapshot: Snapshot, scored: Sequence[tuple[str, float]]) -> _Ranking:
    keys = dict.fromkeys(key_of(snapshot.passages[passage_id]) for passage_id, _ in scored)
    return _Ranking(dict(scored), tuple(keys))


def _key_rankings(snapshot: Snapshot, query: str, query_terms: Sequence[str], dense: _Ranking) -> list[Sequence[str]]:
    """What is fused: the nearest passage, the three nearest together, the words and the characters of the whole entry."""
    return [
        dense.keys,
        _broad(snapshot, dense),
        [key for key, _ in snapshot.key_terms.ranked(query_terms, _KEY_CANDIDATES)],
        [key for key, _ in snapshot.key_grams.ranked(character_grams(query), _KEY_CANDIDATES)],
    ]


def _broad(snapshot: Snapshot, dense: _Ranking) -> list[str]:
    """Keys by the mean similarity of their nearest passages; one that is not among the candidates counts as the last."""
    floor = min(dense.scores.values(), default=0.0)
    near: dict[str, list[float]] = {}
    for passage_id, similarity in dense.scores.items():
        near.setdefault(key_of(snapshot.passages[passage_id]), []).append(similarity)

    def breadth(key: str) -> float:
        wanted = min(_BROAD, len(_members(snapshot, key)))
        best = sorted(near[key], reverse=True)[:wanted]
        return (sum(best) + floor * (wanted - len(best))) / wanted

    return sorted(near, key=breadth, reverse=True)


def _shown_passage(snapshot: Snapshot, key: str, language: Language, dense: _Ranking) -> Passage:
    """For an entry, the answer passage in the query's language that is most similar to the query."""
    return min(
        _members(snapshot, key),
        key=lambda passage: (
            passage.language != language if passage.entry_id else False,
            _PART_ORDER[passage.part],
            -dense.scores.get(passage.id, 0.0),
            passage.ordinal,
        ),
    )


def _features(
    snapshot: Snapshot,
    language: Language,
    query_terms: Sequence[str],
    dense: _Ranking,
    words: _Ranking,
    fused: Sequence[tuple[str, float]],
    foreign: float,
) -> Features:
    best_of: dict[str, float] = {}
    for passage_id, similarity in dense.scores.items():
        key = key_of(snapshot.passages[passage_id])
        best_of[key] = max(similarity, best_of.get(key, 0.0))
    nearest = max(dense.scores, key=lambda passage_id: dense.scores[passage_id], default=None)
    ordered = sorted(best_of.values(), reverse=True)
    rest = ordered[1:10]
    top_keys = [key for key, _ in fused[:5]]
    distinct = set(query_terms)
    unknown = [term for term in distinct if not snapshot.keywords.is_known(term)]
    return Features(
        top_similarity=ordered[0] if ordered else 0.0,
        is_question=float(nearest is not None and snapshot.passages[nearest].part == "question"),
        margin=ordered[0] - sum(rest) / len(rest) if rest else 0.0,
        coverage=_coverage(snapshot, query_terms, top_keys[:1]),
        pool_coverage=_coverage(snapshot, query_terms, top_keys),
        unknown_share=len(unknown) / len(distinct) if distinct else 1.0,
        agreement=_agreement(dense.keys, words.keys),
        term_score=_term_score(snapshot, query_terms),
        term_count=min(len(distinct), 8) / 8,
        is_chinese=float(language == "zh"),
        foreign=foreign,
    )


def _coverage(snapshot: Snapshot, query_terms: Sequence[str], keys: Sequence[str]) -> float:
    members = [passage.id for key in keys for passage in _members(snapshot, key)]
    return snapshot.keywords.coverage(query_terms, members)


def _term_score(snapshot: Snapshot, query_terms: Sequence[str]) -> float:
    best = snapshot.key_terms.ranked(query_terms, 1)
    return best[0][1] / len(set(query_terms)) if best else 0.0


def _agreement(dense: Sequence[str], words: Sequence[str]) -> float:
    if not dense or not words:
        return 0.0
    if dense[0] == words[0]:
        return 1.0
    return 0.5 if dense[0] in words[:3] or words[0] in dense[:3] else 0.0


def _known_entry(
    snapshot: Snapshot,
    model: ScopeModel,
    dense: _Ranking,
    fused: Sequence[tuple[str, float]],
    features: Features,
) -> str | None:
    """The entry on top, when meaning and words agree on it and one of its questions is near enough to the query."""
    top = fused[0][0] if fused else ""
    if top not in snapshot.by_entry:
        return None
    questions = [p.id for p in snapshot.by_entry[top] if p.part == "question"]
    similarity = max((dense.scores.get(passage_id, 0.0) for passage_id in questions), default=0.0)
    needed = model.known_question
    certain = similarity >= needed["certain_similarity"]
    limit = needed["similarity"] if features.agreement == 1.0 else needed["similarity_half_agreed"]
    agreed = features.agreement > 0 and features.coverage >= needed["coverage"] and similarity >= limit
    return top if certain or agreed else None


def _contradictions(snapshot: Snapshot, passage: Passage) -> tuple[Contradiction, ...]:
    found = snapshot.manifest.entries[passage.document_id].contradictions
    return tuple(item for item in found if item.passage_id == passage.id)


def _reranked(hits: Sequence[Hit], scores: Sequence[float]) -> tuple[Hit, ...]:
    ordered = sorted(zip(hits, scores, strict=True), key=lambda pair: -pair[1])
    return tuple(replace(hit, rank=rank, score=float(score)) for rank, (hit, score) in enumerate(ordered, start=1))
