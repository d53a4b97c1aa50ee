"""BM25 over the passages' terms. Knows terms and ids, not what they mean."""

import math
from collections import Counter
from collections.abc import Mapping, Sequence

import bm25s
import numpy


class Keywords:
    """A BM25 index (Lucene's variant: k1 = 1.5, b = 0.75) of passages given as terms."""

    def __init__(self, passage_terms: Mapping[str, Sequence[str]]) -> None:
        self._ids = list(passage_terms)
        self._document_frequency = Counter(term for words in passage_terms.values() for term in set(words))
        self._terms = {key: frozenset(words) for key, words in passage_terms.items()}
        self._bm25 = bm25s.BM25()
        if any(passage_terms.values()):
            self._bm25.index([list(words) for words in passage_terms.values()], show_progress=False)

    def ranked(self, query_terms: Sequence[str], count: int) -> list[tuple[str, float]]:
        """(passage id, score > 0), best first; ties in the order of the passages."""
        known = [term for term in query_terms if term in self._document_frequency]
        if not known:
            return []
        scores = self._bm25.get_scores(known)
        order = numpy.argsort(-scores, kind="stable")[:count]
        return [(self._ids[i], float(scores[i])) for i in order if scores[i] > 0]

    def is_known(self, term: str) -> bool:
        return term in self._document_frequency

    def rarity(self, term: str) -> float:
        """Inverse document frequency; a term that occurs nowhere is the rarest."""
        total = max(len(self._ids), 1)
        frequency = self._document_frequency.get(term, 0)
        return math.log(1 + (total - frequency + 0.5) / (frequency + 0.5))

    def coverage(self, query_terms: Sequence[str], passage_ids: Sequence[str]) -> float:
        """Share (by rarity) of the query's terms that the passages contain, 0..1; 0 for a query without terms."""
        wanted = set(query_terms)
        total = math.fsum(self.rarity(term) for term in wanted)  # a set: see text.wording
        if not total:
            return 0.0
        held: frozenset[str] = frozenset().union(*(self._terms.get(key, frozenset()) for key in passage_ids))
        return math.fsum(self.rarity(term) for term in wanted & held) / total
