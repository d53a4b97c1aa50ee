"""The index: documents and their passages, all or nothing per document, for any number of processes.

Order of a change: new passages into Chroma, then the manifest in one step, then old passages out. Killed anywhere,
the manifest still names only complete documents; leftovers are swept by the next writer. A reader that finds another
generation in the manifest opens Chroma anew. What Chroma has lost is noticed by the next writer: the document then
counts as one without passages, which ingestion reads again.
"""

import hashlib
import shutil
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from filelock import FileLock, Timeout
from langchain_core.embeddings import Embeddings

from tutor.domain import Contradiction, Document, Passage
from tutor.errors import VectorIndexError
from tutor.retrieval.manifest import Manifest, ManifestEntry, read_manifest, write_manifest
from tutor.retrieval.snapshot import Snapshot
from tutor.retrieval.store import Store, connect, drop_collections

_EMBED_BATCH = 64
_PROBES = 50  # vectors that are read to see whether Chroma still has them
# A reader may meet files that a writer is just replacing ("Nothing found on disk"); it looks again.
_TRIES = 3
_PAUSE_SECONDS = 0.2

Found = TypeVar("Found")


class Index:
    """Documents and passages on disk (or on a Chroma server), with one writer at a time and any number of readers."""

    def __init__(self, folder: Path, embeddings: Embeddings, *, embedder_name: str, url: str = "") -> None:
        """`folder` is the learner's index folder; each Chroma server gets a manifest of its own beside it."""
        self._url = url
        self._folder = folder / (f"server-{hashlib.sha256(url.encode()).hexdigest()[:8]}" if url else "embedded")
        self._folder.mkdir(parents=True, exist_ok=True)
        self._manifest_path = self._folder / "manifest.json"
        self._embeddings = embeddings
        self._embedder_name = embedder_name
        self._mutex = threading.RLock()
        self._opened: tuple[int, str, Store] | None = None  # generation that its connection has seen, collection, store
        self._snapshot: Snapshot | None = None
        self._manifest_seen: tuple[tuple[int, int, int], Manifest] | None = None

    # --- reading

    def manifest(self) -> Manifest:
        """What is indexed now. Raises VectorIndexError when another embedding model made it."""
        manifest = self._read_manifest() or self._empty(0)
        if manifest.embedder != self._embedder_name:
            raise VectorIndexError(
                "retrieval.other_vectors", folder=self._folder, expected=self._embedder_name, found=manifest.embedder
            )
        return manifest

    def documents(self) -> list[Document]:
        return [entry.document for entry in self.manifest().entries.values()]

    def passages(self, document_id: str | None = None) -> list[Passage]:
        """Passages of one document in order, or of all. One document alone is read without loading the rest."""
        if document_id is None:
            return list(self.snapshot().passages.values())

        def read(manifest: Manifest) -> list[Passage]:
            entry = manifest.entries.get(document_id)
            if entry is None:
                return []
            rows = self._store(manifest).read(entry.passage_ids)
            return [rows[key][0] for key in entry.passage_ids]

        return self._current(read)

    def snapshot(self) -> Snapshot:
        """All passages and their BM25 index as of the current manifest; kept until the manifest changes."""
        return self._current(self._load)

    def read(self, use: Callable[[Snapshot], Found]) -> Found:
        """What `use` makes of the current snapshot; made again where a writer took its passages away meanwhile."""
        return self._current(lambda manifest: use(self._load(manifest)))

    def lost(self) -> set[str]:
        """Documents whose passages Chroma holds no longer, not all of them or not their vectors."""

        def find(manifest: Manifest) -> set[str]:
            store = self._store(manifest)
            lost = _without_their_passages(manifest, store)
            return lost if lost or _has_vectors(manifest, store) else set(manifest.entries)

        return self._current(find)

    # --- writing

    @contextmanager
    def writing(self, wait_seconds: float = 10, *, rebuild: bool = False) -> Iterator[Mapping[str, ManifestEntry]]:
        """One writer at a time, across processes. Gives the documents that have to be ingested again: what Chroma has
        lost, or with `rebuild` all of them. Sweeps what a killed writer left behind."""
        lock = FileLock(self._folder / "writer.lock")
        try:
            lock.acquire(timeout=wait_seconds)
        except Timeout:
            raise VectorIndexError("retrieval.being_written", folder=self._folder) from None
        try:
            if rebuild:
                yield self._rebuild()
            else:
                lost = self._mend()
                self.collect_garbage()
                yield lost
        finally:
            lock.release()

    def put(
        self,
        document: Document,
        passages: Sequence[Passage],
        pipeline_version: str = "",
        contradictions: Sequence[Contradiction] = (),
    ) -> None:
        """Adds or replaces a document with all its passages; one that an older version put in is embedded anew."""
        manifest = self.manifest()
        store = self._store(manifest)
        old = manifest.entries.get(document.id)
        is_current = old is not None and old.pipeline_version == pipeline_version
        known = store.ids() & {passage.id for passage in passages} if is_current else set()
        fresh = [passage for passage in passages if passage.id not in known]
        _add(store, fresh)
        entry = ManifestEntry(
            document, tuple(passage.id for passage in passages), pipeline_version, tuple(contradictions)
        )
        self._commit(manifest.with_entry(entry), store)
        if old:
            store.delete(set(old.passage_ids) - set(entry.passage_ids))

    def update_document(self, document: Document) -> None:
        """Replaces what is known of a document (title, origins), passages untouched."""
        manifest = self.manifest()
        entry = replace(manifest.entries[document.id], document=document)
        self._commit(manifest.with_entry(entry), self._store(manifest))

    def remove(self, document_id: str) -> None:
        """Takes a document out; nothing happens when it is not there."""
        manifest = self.manifest()
        entry = manifest.entries.get(document_id)
        if entry is None:
            return
        store = self._store(manifest)
        self._commit(manifest.without(document_id), store)
        store.delete(entry.passage_ids)

    def collect_garbage(self) -> int:
        """Deletes passages that no document owns; returns how many."""
        manifest = self.manifest()
        orphans = self._store(manifest).ids() - manifest.passage_ids
        if orphans:
            self._store(manifest).delete(orphans)
        return len(orphans)

    # --- inside

    def _rebuild(self) -> Mapping[str, ManifestEntry]:
        """Starts an empty index for the current embedder; returns what the old one held."""
        try:
            old = read_manifest(self._manifest_path)
        except VectorIndexError:
            old = None  # damaged or newer: its documents come back from their files
        write_manifest(self._manifest_path, self._empty((old.generation if old else 0) + 1))
        self._opened = None
        try:
            drop_collections(connect(self._folder / "chroma", self._url), self._own_collections())
        except VectorIndexError:
            if self._url:
                raise
            shutil.rmtree(self._folder / "chroma")  # a database that does not open
        return old.entries if old else {}

    def _mend(self) -> Mapping[str, ManifestEntry]:
        """Takes the passages from documents of which Chroma lost some, and embeds the rest again where it lost vectors.

        Returns the documents that have none, from now or before.
        """
        self._opened = None  # a server may have lost the collection that a connection of this process still knows
        manifest = self.manifest()
        store = self._store(manifest)
        lost = _without_their_passages(manifest, store)
        for key in lost:
            manifest = manifest.with_entry(replace(manifest.entries[key], passage_ids=(), contradictions=()))
        if not _has_vectors(manifest, store):
            passages = [passage for passage, _ in store.read(list(manifest.passage_ids)).values()]
            manifest = manifest.moved_to(self._own_collections() + str(manifest.generation + 1))
            fresh = self._store(manifest)
            _add(fresh, passages)
            self._commit(manifest, fresh)
            store.drop()
        elif lost:
            self._commit(manifest, store)
        return {key: entry for key, entry in manifest.entries.items() if not entry.passage_ids}

    def _read_manifest(self) -> Manifest | None:
        """The manifest, parsed again only when the file was replaced: every search asks for it."""
        try:
            stat = self._manifest_path.stat()
        except FileNotFoundError:
            return None
        signature = (stat.st_mtime_ns, stat.st_size, stat.st_ino)
        seen = self._manifest_seen
        if seen is None or seen[0] != signature:
            manifest = read_manifest(self._manifest_path)
            if manifest is None:
                return None
            self._manifest_seen = seen = (signature, manifest)
        return seen[1]

    def _empty(self, generation: int) -> Manifest:
        return Manifest(self._embedder_name, self._own_collections() + str(generation), generation)

    def _own_collections(self) -> str:
        """What their names begin with: learners who share a server would sweep each other's passages otherwise."""
        return f"passages-{hashlib.sha256(str(self._folder.resolve()).encode()).hexdigest()[:8]}-"

    def _current(self, use: Callable[[Manifest], Found]) -> Found:
        """What `use` makes of the current manifest; again where it failed because a writer is at it or has moved on."""
        tries = _TRIES
        while True:
            manifest = self.manifest()
            try:
                return use(manifest)
            except VectorIndexError:
                if self.manifest().generation == manifest.generation:
                    tries -= 1
                    if not tries:
                        raise
                    time.sleep(_PAUSE_SECONDS)
                    with self._mutex:
                        self._opened = self._snapshot = None

    def _load(self, manifest: Manifest) -> Snapshot:
        with self._mutex:
            current = self._snapshot
            if current is None or current.manifest.generation != manifest.generation:
                self._snapshot = current = Snapshot.load(manifest, self._store(manifest))
            return current

    def _store(self, manifest: Manifest) -> Store:
        """The manifest's collection, through a connection that has seen every change up to it."""
        with self._mutex:
            if self._opened is None or self._opened[:2] != (manifest.generation, manifest.collection):
                connection = connect(self._folder / "chroma", self._url)
                store = Store(connection, manifest.collection, self._embeddings)
                self._opened = (manifest.generation, manifest.collection, store)
            return self._opened[2]

    def _commit(self, manifest: Manifest, store: Store) -> None:
        """Makes it the truth. `store` has seen this change: it is its own."""
        write_manifest(self._manifest_path, manifest)
        with self._mutex:
            self._opened = (manifest.generation, manifest.collection, store)


def _add(store: Store, passages: Sequence[Passage]) -> None:
    for start in range(0, len(passages), _EMBED_BATCH):
        store.add(passages[start : start + _EMBED_BATCH])


def _without_their_passages(manifest: Manifest, store: Store) -> set[str]:
    held = store.ids()
    return {key for key, entry in manifest.entries.items() if not held.issuperset(entry.passage_ids)}


def _has_vectors(manifest: Manifest, store: Store) -> bool:
    """Whether some of them, from all over the index, can be read: Chroma keeps them in files beside its database."""
    known = sorted(manifest.passage_ids)
    try:
        store.vectors(known[:: max(1, len(known) // _PROBES)])
    except VectorIndexError:
        return False
    return True
