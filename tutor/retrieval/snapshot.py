"""All passages of one manifest in memory, with their BM25 index, and the Chroma client that holds their vectors.

Immutable: a changed manifest gets a new one.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from tutor.domain import Passage
from tutor.errors import VectorIndexError
from tutor.retrieval.keywords import Keywords
from tutor.retrieval.manifest import Manifest
from tutor.retrieval.store import Store, searchable_text
from tutor.text.terms import character_grams


@dataclass(frozen=True)
class Snapshot:
    """Passages by id, and keyword indexes over them.

    Each is found under its key: the entry's id for all passages of an entry, its own id for a passage of a text.
    """

    manifest: Manifest
    store: Store
    passages: Mapping[str, Passage]
    keywords: Keywords  # passages, by terms
    key_terms: Keywords  # keys, by terms: an entry as one long text
    key_grams: Keywords  # keys, by pieces of words
    by_entry: Mapping[str, tuple[Passage, ...]]

    @classmethod
    def load(cls, manifest: Manifest, store: Store) -> "Snapshot":
        owned = [key for entry in manifest.entries.values() for key in entry.passage_ids]
        rows = store.read(owned)
        passages = {key: rows[key][0] for key in owned}
        by_entry: dict[str, list[Passage]] = {}
        by_key: dict[str, list[str]] = {}
        for passage in passages.values():
            by_key.setdefault(key_of(passage), []).append(passage.id)
            if passage.entry_id:
                by_entry.setdefault(passage.entry_id, []).append(passage)
        texts = {
            key: " ".join(searchable_text(passages[member]) for member in members) for key, members in by_key.items()
        }
        return cls(
            manifest,
            store,
            MappingProxyType(passages),
            Keywords({key: rows[key][1] for key in owned}),
            Keywords(
                {key: [term for member in members for term in rows[member][1]] for key, members in by_key.items()}
            ),
            Keywords({key: character_grams(text) for key, text in texts.items()}),
            MappingProxyType({key: tuple(group) for key, group in by_entry.items()}),
        )

    def nearest(self, vector: list[float], count: int) -> list[tuple[str, float]]:
        """(passage id, cosine similarity) of its passages, most similar first. Raises VectorIndexError when most of
        the vectors are gone."""
        asked = count = min(count, len(self.passages))
        while True:
            rows = self.store.nearest(vector, asked)
            found = [pair for pair in rows if pair[0] in self.passages][:count]
            if len(found) == count or len(rows) < asked:
                break
            asked *= 2  # passages of an unfinished change, or deleted ones, crowd out real ones: look past them
        if 2 * len(found) < count:  # a graph of neighbours may miss a few, not half of them
            raise VectorIndexError("retrieval.vectors_gone", expected=count, found=len(found))
        return found

    def similarities(self, vector: list[float], passage_ids: Sequence[str]) -> dict[str, float]:
        """Cosine similarity of `vector` (unit length) with stored passages."""
        vectors = self.store.vectors(passage_ids)
        return {key: float(sum(a * b for a, b in zip(vector, other, strict=True))) for key, other in vectors.items()}


def key_of(passage: Passage) -> str:
    """What a passage is found as: its entry, else itself."""
    return passage.entry_id or passage.id
