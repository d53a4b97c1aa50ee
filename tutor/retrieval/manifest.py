"""The manifest: which documents the index holds, and which passages are theirs. One JSON file, replaced atomically.

The manifest is the truth. Passages in Chroma that it does not name are leftovers of a killed run, never shown.
"""

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

from tutor.domain import Bilingual, Contradiction, Document
from tutor.errors import VectorIndexError

FORMAT = 1


@dataclass(frozen=True)
class ManifestEntry:
    """A document with the ids of its passages, in order; without any where Chroma lost them and its file is gone."""

    document: Document
    passage_ids: tuple[str, ...]
    pipeline_version: str
    contradictions: tuple[Contradiction, ...] = ()  # what its passages state that the bank refutes


@dataclass(frozen=True)
class Manifest:
    """What the index holds; a new value for every change."""

    embedder: str
    collection: str
    generation: int = 0  # grows with every change, so that readers know when to look again
    entries: Mapping[str, ManifestEntry] = field(default_factory=lambda: MappingProxyType({}))

    def with_entry(self, entry: ManifestEntry) -> "Manifest":
        return self._changed({**self.entries, entry.document.id: entry})

    def without(self, document_id: str) -> "Manifest":
        return self._changed({key: entry for key, entry in self.entries.items() if key != document_id})

    def moved_to(self, collection: str) -> "Manifest":
        return replace(self._changed(dict(self.entries)), collection=collection)

    def _changed(self, entries: dict[str, ManifestEntry]) -> "Manifest":
        return replace(self, entries=MappingProxyType(entries), generation=self.generation + 1)

    @property
    def passage_ids(self) -> set[str]:
        return {passage_id for entry in self.entries.values() for passage_id in entry.passage_ids}


def read_manifest(path: Path) -> Manifest | None:
    """The manifest, or None where there is no index yet. Raises VectorIndexError when it is damaged or newer."""
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        raise VectorIndexError("retrieval.unreadable_manifest", file=path, reason=error) from error
    found = data.get("format") if isinstance(data, dict) else None
    if found != FORMAT:
        raise VectorIndexError("retrieval.other_format", file=path, expected=FORMAT, found=found)
    entries = {
        item["document"]["id"]: ManifestEntry(
            document=Document(**{**item["document"], "origins": tuple(item["document"]["origins"])}),
            passage_ids=tuple(item["passage_ids"]),
            pipeline_version=item["pipeline_version"],
            contradictions=tuple(map(_contradiction, item.get("contradictions", []))),
        )
        for item in data["entries"]
    }
    return Manifest(data["embedder"], data["collection"], data["generation"], MappingProxyType(entries))


def _contradiction(item: dict[str, Any]) -> Contradiction:
    texts = {name: Bilingual(**item[name]) for name in ("problem", "correction")}
    return Contradiction(**{**item, **texts})


def _item(entry: ManifestEntry) -> dict[str, Any]:
    """`asdict` copies every passage id, of every document, after every document: too slow for a whole bank."""
    return {
        **vars(entry),
        "document": vars(entry.document),
        "contradictions": [asdict(c) for c in entry.contradictions],
    }


def write_manifest(path: Path, manifest: Manifest) -> None:
    """Replaces the file in one step: a reader, or a kill, sees the old one or the new one."""
    data = {
        "format": FORMAT,
        "embedder": manifest.embedder,
        "collection": manifest.collection,
        "generation": manifest.generation,
        "entries": [_item(entry) for entry in manifest.entries.values()],
    }
    draft = path.with_suffix(f".{os.getpid()}.tmp")
    with draft.open("w", encoding="utf-8") as file:
        json.dump(data, file, ensure_ascii=False)
        file.flush()
        os.fsync(file.fileno())
    os.replace(draft, path)
