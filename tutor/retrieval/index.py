"""The index: documents and their passages, all or nothing per document.

Order of a change: new passages into Chroma, then the manifest in one step, then old passages out. Killed anywhere,
the manifest still names only complete documents; leftovers are swept by the next writer.
"""

import hashlib
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from filelock import FileLock, Timeout
from langchain_core.embeddings import Embeddings

from tutor.domain import Contradiction, Document, Passage
from tutor.errors import VectorIndexError
from tutor.retrieval.manifest import Manifest, ManifestEntry, read_manifest, write_manifest
from tutor.retrieval.snapshot import Snapshot
from tutor.retrieval.store import Store, open_client

_EMBED_BATCH = 64


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
        self._client = open_client(self._folder / "chroma", url)
        self._mutex = threading.RLock()
        self._stores: dict[str, Store] = {}
        self._snapshot: Snapshot | None = None
        self._manifest_seen: tuple[tuple[int, int, int], Manifest] | None = None

    # --- reading

    def manifest(self) -> Manifest:
        """What is indexed now. Raises VectorIndexError when another embedding model made it."""
        manifest = self._read_manifest() or self._empty(0)
        if manifest.embedder != self._embedder_name:
            raise VectorIndexError(
                f"Index `{self._folder}`: expected vectors of `{self._embedder_name}` (the `embeddings` setting), "
                f"found vectors of `{manifest.embedder}`. Run `python ingest.py --rebuild`, or set `embeddings` back."
            )
        return manifest

    def documents(self) -> list[Document]:
        return [entry.document for entry in self.manifest().entries.values()]

    def passages(self, document_id: str | None = None) -> list[Passage]:
        """Passages of one document in order, or of all. One document alone is read without loading the rest."""
        if document_id is None:
            return list(self.snapshot().passages.values())
        manifest = self.manifest()
        entry = manifest.entries.get(document_id)
        if entry is None:
            return []
        rows = self._store(manifest).read(entry.passage_ids)
        return [rows[key][0] for key in entry.passage_ids if key in rows]

    def snapshot(self) -> Snapshot:
        """All passages and their BM25 index as of the current manifest; kept until the manifest changes."""
        manifest = self.manifest()
        with self._mutex:
            current = self._snapshot
            if current is None or current.manifest.generation != manifest.generation:
                self._snapshot = current = Snapshot.load(manifest, self._store(manifest))
            return current

    def nearest(self, vector: list[float], count: int) -> list[tuple[str, float]]:
        """(passage id, cosine similarity) of indexed passages, most similar first."""
        snapshot = self.snapshot()
        count = min(count, len(snapshot.passages))
        store = self._store(snapshot.manifest)
        found = [pair for pair in store.nearest(vector, count) if pair[0] in snapshot.passages]
        if len(found) < count:  # passages of an unfinished change crowd out real ones: look past them
            everything = store.nearest(vector, len(store.ids()))
            found = [pair for pair in everything if pair[0] in snapshot.passages][:count]
        return found

    def similarities(self, vector: list[float], passage_ids: Sequence[str]) -> dict[str, float]:
        """Cosine similarity of `vector` (unit length) with stored passages."""
        vectors = self._store(self.manifest()).vectors(passage_ids)
        return {key: float(sum(a * b for a, b in zip(vector, other, strict=True))) for key, other in vectors.items()}

    # --- writing

    @contextmanager
    def writing(self, wait_seconds: float = 10) -> Iterator[None]:
        """One writer at a time, across processes. Sweeps what a killed writer left behind."""
        lock = FileLock(self._folder / "writer.lock")
        try:
            lock.acquire(timeout=wait_seconds)
        except Timeout:
            raise VectorIndexError(
                f"Index `{self._folder}`: another ingestion is writing to it. Wait for it to finish, then run again."
            ) from None
        try:
            self.collect_garbage()
            yield
        finally:
            lock.release()

    def put(
        self,
        document: Document,
        passages: Sequence[Passage],
        pipeline_version: str = "",
        contradictions: Sequence[Contradiction] = (),
    ) -> None:
        """Adds or replaces a document with all its passages."""
        manifest = self.manifest()
        store = self._store(manifest)
        known = store.ids() & {passage.id for passage in passages} if document.id in manifest.entries else set()
        fresh = [passage for passage in passages if passage.id not in known]
        for start in range(0, len(fresh), _EMBED_BATCH):
            store.add(fresh[start : start + _EMBED_BATCH])
        entry = ManifestEntry(
            document, tuple(passage.id for passage in passages), pipeline_version, tuple(contradictions)
        )
        old = manifest.entries.get(document.id)
        self._commit(manifest.with_entry(entry))
        if old:
            store.delete(set(old.passage_ids) - set(entry.passage_ids))

    def update_document(self, document: Document) -> None:
        """Replaces what is known of a document (title, origins), passages untouched."""
        manifest = self.manifest()
        self._commit(manifest.with_entry(replace(manifest.entries[document.id], document=document)))

    def remove(self, document_id: str) -> None:
        """Takes a document out; nothing happens when it is not there."""
        manifest = self.manifest()
        entry = manifest.entries.get(document_id)
        if entry is None:
            return
        self._commit(manifest.without(document_id))
        self._store(manifest).delete(entry.passage_ids)

    def collect_garbage(self) -> int:
        """Deletes passages that no document owns; returns how many."""
        manifest = self.manifest()
        orphans = self._store(manifest).ids() - manifest.passage_ids
        if orphans:
            self._store(manifest).delete(orphans)
        return len(orphans)

    def rebuild(self) -> Mapping[str, ManifestEntry]:
        """Starts an empty index for the current embedder; returns what the old one held, to be ingested again."""
        try:
            old = read_manifest(self._manifest_path)
        except VectorIndexError:
            old = None  # damaged or newer: its documents come back from their files
        self._commit(self._empty((old.generation if old else 0) + 1))
        if old:
            self._stores.pop(old.collection, None)
            if old.collection in {collection.name for collection in self._client.list_collections()}:
                self._client.delete_collection(old.collection)
        return old.entries if old else {}

    # --- inside

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
        # Learners who share a server each have a collection of their own, or they would sweep each other's passages.
        owner = hashlib.sha256(str(self._folder.resolve()).encode()).hexdigest()[:8]
        return Manifest(self._embedder_name, f"passages-{owner}-{generation}", generation)

    def _commit(self, manifest: Manifest) -> None:
        write_manifest(self._manifest_path, manifest)

    def _store(self, manifest: Manifest) -> Store:
        with self._mutex:
            if manifest.collection not in self._stores:
                self._stores[manifest.collection] = Store(self._client, manifest.collection, self._embeddings)
            return self._stores[manifest.collection]


def index_embedder(folder: Path) -> str | None:
    """Name of the embedder that made the embedded index in `folder`, without opening Chroma; None where there is none."""
    manifest = read_manifest(folder / "embedded" / "manifest.json")
    return manifest.embedder if manifest else None
