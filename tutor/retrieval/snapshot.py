"""All passages of one manifest in memory, with their BM25 index. Immutable: a changed manifest gets a new one."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from tutor.domain import Passage
from tutor.retrieval.keywords import Keywords
from tutor.retrieval.manifest import Manifest
from tutor.retrieval.store import Store


@dataclass(frozen=True)
class Snapshot:
    """Passages by id and the keyword index over them."""

    manifest: Manifest
    passages: Mapping[str, Passage]
    keywords: Keywords
    by_entry: Mapping[str, tuple[Passage, ...]]

    @classmethod
    def load(cls, manifest: Manifest, store: Store) -> "Snapshot":
        owned = [key for entry in manifest.entries.values() for key in entry.passage_ids]
        rows = store.read(owned)
        ordered = [key for key in owned if key in rows]
        passages = {key: rows[key][0] for key in ordered}
        by_entry: dict[str, list[Passage]] = {}
        for passage in passages.values():
            if passage.entry_id:
                by_entry.setdefault(passage.entry_id, []).append(passage)
        return cls(
            manifest,
            MappingProxyType(passages),
            Keywords({key: rows[key][1] for key in ordered}),
            MappingProxyType({key: tuple(group) for key, group in by_entry.items()}),
        )
