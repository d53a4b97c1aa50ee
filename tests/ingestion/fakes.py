"""An index in memory, for tests of what ingestion decides."""

from collections.abc import Sequence
from dataclasses import replace

from tutor.domain import Contradiction, Document, Passage
from tutor.retrieval.manifest import Manifest, ManifestEntry


class MemoryIndex:
    """Keeps documents and passages in dicts; can be told to die, as if killed, before the n-th change."""

    def __init__(self, dies_before: int | None = None) -> None:
        self.entries: dict[str, ManifestEntry] = {}
        self.stored: dict[str, list[Passage]] = {}
        self.puts: list[str] = []
        self.changes = 0
        self.dies_before = dies_before

    def manifest(self) -> Manifest:
        return Manifest("memory", "passages", self.changes, dict(self.entries))

    def put(
        self,
        document: Document,
        passages: Sequence[Passage],
        pipeline_version: str = "",
        contradictions: Sequence[Contradiction] = (),
    ) -> None:
        self._change()
        ids = tuple(p.id for p in passages)
        self.entries[document.id] = ManifestEntry(document, ids, pipeline_version, tuple(contradictions))
        self.stored[document.id] = list(passages)
        self.puts.append(document.id)

    def update_document(self, document: Document) -> None:
        self._change()
        self.entries[document.id] = replace(self.entries[document.id], document=document)

    def remove(self, document_id: str) -> None:
        self._change()
        del self.entries[document_id]
        del self.stored[document_id]

    def _change(self) -> None:
        if self.changes == self.dies_before:
            raise KeyboardInterrupt
        self.changes += 1

    # --- for assertions

    def titles(self) -> list[str]:
        return sorted(entry.document.title for entry in self.entries.values())

    def texts(self) -> dict[str, list[str]]:
        return {document_id: [passage.text for passage in passages] for document_id, passages in self.stored.items()}

    def names_of(self, text: str) -> list[str]:
        """File names of the origins of the document that holds `text`."""
        for document_id, passages in self.stored.items():
            if any(text in passage.text for passage in passages):
                return [origin.rsplit("/", 1)[-1] for origin in self.entries[document_id].document.origins]
        return []
