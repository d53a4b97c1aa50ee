"""The only door to Chroma: passages with their vectors, in an embedded database or on a Chroma server."""

import json
import weakref
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urlsplit

from langchain_core.embeddings import Embeddings

from tutor.domain import Passage
from tutor.errors import VectorIndexError
from tutor.messages import Message
from tutor.text.terms import terms

if TYPE_CHECKING:
    from chromadb.api import ClientAPI

_READ_BATCH = 1_000  # SQLite allows 32,766 variables a statement; this stays far below


@dataclass(frozen=True)
class Connection:
    """A Chroma client that sees what any process wrote before it was opened; `close` gives its threads and files back.

    What others add later it counts but never finds by meaning (findings/chroma-second-process.sh).
    """

    client: "ClientAPI"
    close: Callable[[], None]


def connect(folder: Path, url: str = "") -> Connection:
    """To Chroma without telemetry: embedded in `folder`, or the server at `url` (http[s]://host:port)."""
    import chromadb
    from chromadb.api.client import Client
    from chromadb.config import Settings, System
    from chromadb.errors import ChromaError

    try:
        if not url:
            folder.mkdir(parents=True, exist_ok=True)
            # PersistentClient would hand out again what this process opened for the folder before.
            system = System(Settings(anonymized_telemetry=False, is_persistent=True, persist_directory=str(folder)))
            system.start()
            return Connection(Client.from_system(system), system.stop)
        parts = urlsplit(url)
        client = chromadb.HttpClient(
            host=parts.hostname or "localhost",
            port=parts.port or 8000,
            ssl=parts.scheme == "https",
            settings=Settings(anonymized_telemetry=False),
        )
        return Connection(client, cast(Client, client).close)
    except (ChromaError, ValueError, RuntimeError, OSError) as error:
        place = url or str(folder)
        if url:
            raise VectorIndexError("retrieval.no_server", place=place, reason=error) from error
        raise VectorIndexError("retrieval.no_database", place=place, reason=error) from error


def drop_collections(connection: Connection, prefix: str) -> None:
    """Deletes the collections whose names begin so. Raises VectorIndexError when Chroma fails."""
    with closing(connection), _explained(Message("retrieval.to_drop")):
        for collection in connection.client.list_collections():
            if collection.name.startswith(prefix):
                connection.client.delete_collection(collection.name)


@contextmanager
def _explained(what: Message) -> Iterator[None]:
    """What Chroma or the way to its server raises, as an error with a next step."""
    from chromadb.errors import ChromaError
    from httpx import HTTPError

    try:
        yield
    except (ChromaError, HTTPError) as error:
        raise VectorIndexError("retrieval.chroma_failed", what=what, reason=error) from error


class Store:
    """Passages in one Chroma collection, as its client sees them. Raises VectorIndexError when Chroma fails."""

    def __init__(self, connection: Connection, collection: str, embeddings: Embeddings) -> None:
        """Keeps the connection to itself and closes it when nobody holds the store any more."""
        from langchain_chroma import Chroma

        weakref.finalize(self, connection.close)
        with _explained(Message("retrieval.to_open")):
            self._chroma = Chroma(
                client=connection.client,
                collection_name=collection,
                embedding_function=embeddings,
                # Chroma reads its log anew at each write until it is synced: after 100 records instead of 1,000 a bank
                # goes in twice as fast.
                collection_configuration={"hnsw": {"space": "cosine", "ef_search": 200, "sync_threshold": 100}},
            )
            self._collection = connection.client.get_collection(collection, embedding_function=None)

    def add(self, passages: Sequence[Passage]) -> None:
        """Embeds and stores; a passage that is there already is replaced by itself."""
        with _explained(Message("retrieval.to_store")):
            self._chroma.add_texts(
                texts=[searchable_text(passage) for passage in passages],
                metadatas=[_metadata(passage) for passage in passages],
                ids=[passage.id for passage in passages],
            )

    def ids(self) -> set[str]:
        with _explained(Message("retrieval.to_list")):
            return set(self._chroma.get(include=[])["ids"])

    def delete(self, ids: Iterable[str]) -> None:
        doomed = list(ids)
        with _explained(Message("retrieval.to_delete")):
            for start in range(0, len(doomed), _READ_BATCH):
                self._chroma.delete(doomed[start : start + _READ_BATCH])

    def drop(self) -> None:
        """Deletes the collection; this store is of no use afterwards."""
        with _explained(Message("retrieval.to_drop")):
            self._chroma.delete_collection()

    def read(self, ids: Sequence[str]) -> dict[str, tuple[Passage, list[str]]]:
        """Passages by id, each with the search terms that were stored with it. All of them, or VectorIndexError."""
        found: dict[str, tuple[Passage, list[str]]] = {}
        with _explained(Message("retrieval.to_read")):
            for start in range(0, len(ids), _READ_BATCH):
                rows = self._chroma.get(list(ids[start : start + _READ_BATCH]), include=["metadatas"])
                for passage_id, metadata in zip(rows["ids"], rows["metadatas"], strict=True):
                    found[passage_id] = (_passage(passage_id, metadata), str(metadata["terms"]).split())
        if len(found) < len(set(ids)):
            raise VectorIndexError("retrieval.passages_gone", expected=len(set(ids)), found=len(found))
        return found

    def nearest(self, vector: list[float], count: int) -> list[tuple[str, float]]:
        """(passage id, cosine similarity), most similar first."""
        if count < 1:
            return []
        with _explained(Message("retrieval.to_search")):
            # Distances alone: Chroma fails on the text of a passage that another process has deleted meanwhile.
            rows = self._collection.query(query_embeddings=vector, n_results=count, include=["distances"])
        distances = rows["distances"] or [[]]
        return [(key, 1.0 - distance) for key, distance in zip(rows["ids"][0], distances[0], strict=True)]

    def vectors(self, ids: Sequence[str]) -> dict[str, Any]:
        """Stored vectors by passage id: (dimensions,) float32 each."""
        with _explained(Message("retrieval.to_read_vectors")):
            rows = self._chroma.get(list(ids), include=["embeddings"]) if ids else {"ids": [], "embeddings": []}
        return dict(zip(rows["ids"], rows["embeddings"], strict=True))


def searchable_text(passage: Passage) -> str:
    """What is embedded and indexed: a passage from the middle of a document is understood only with title and headings."""
    headings = " > ".join(dict.fromkeys(passage.headings))
    return f"{headings}\n{passage.text}" if headings else passage.text


def _metadata(passage: Passage) -> dict[str, str | int]:
    return {
        "document_id": passage.document_id,
        "text": passage.text,
        "ordinal": passage.ordinal,
        "title": passage.title,
        "language": passage.language,
        "heading_path": json.dumps(passage.heading_path, ensure_ascii=False),
        "entry_id": passage.entry_id or "",
        "part": passage.part,
        # kept so that opening the index needs no word segmentation
        "terms": " ".join(terms(searchable_text(passage))),
    }


def _passage(passage_id: str, metadata: dict[str, Any]) -> Passage:
    return Passage(
        id=passage_id,
        document_id=metadata["document_id"],
        text=metadata["text"],
        ordinal=int(metadata["ordinal"]),
        title=metadata["title"],
        language=metadata["language"],
        heading_path=tuple(json.loads(metadata["heading_path"])),
        entry_id=metadata["entry_id"] or None,
        part=metadata["part"],
    )
