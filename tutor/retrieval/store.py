"""The only door to Chroma: passages with their vectors, in an embedded database or on a Chroma server."""

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from langchain_core.embeddings import Embeddings

from tutor.domain import Passage
from tutor.errors import VectorIndexError
from tutor.text.terms import terms

if TYPE_CHECKING:
    from chromadb.api import ClientAPI

_READ_BATCH = 1_000  # SQLite allows 32,766 variables a statement; this stays far below


def open_client(folder: Path, url: str = "") -> "ClientAPI":
    """A Chroma client without telemetry: embedded in `folder`, or for the server at `url` (http[s]://host:port)."""
    import chromadb
    from chromadb.config import Settings
    from chromadb.errors import ChromaError

    settings = Settings(anonymized_telemetry=False)
    try:
        if not url:
            folder.mkdir(parents=True, exist_ok=True)
            return chromadb.PersistentClient(path=str(folder), settings=settings)
        parts = urlsplit(url)
        return chromadb.HttpClient(
            host=parts.hostname or "localhost", port=parts.port or 8000, ssl=parts.scheme == "https", settings=settings
        )
    except (ChromaError, ValueError, RuntimeError, OSError) as error:
        place = url or str(folder)
        raise VectorIndexError(
            f"Chroma at `{place}`: expected a database that opens, found: {error}. "
            + ("Is the server running? Check the `vectors` setting." if url else "Run `python ingest.py --rebuild`.")
        ) from error


class Store:
    """Passages in one Chroma collection."""

    def __init__(self, client: "ClientAPI", collection: str, embeddings: Embeddings) -> None:
        from langchain_chroma import Chroma

        self._chroma = Chroma(
            client=client,
            collection_name=collection,
            embedding_function=embeddings,
            # Chroma reads its log anew at each write until it is synced: after 100 records instead of 1,000 a bank goes
            # in twice as fast.
            collection_configuration={"hnsw": {"space": "cosine", "ef_search": 200, "sync_threshold": 100}},
        )

    def add(self, passages: Sequence[Passage]) -> None:
        """Embeds and stores; a passage that is there already is replaced by itself."""
        self._chroma.add_texts(
            texts=[searchable_text(passage) for passage in passages],
            metadatas=[_metadata(passage) for passage in passages],
            ids=[passage.id for passage in passages],
        )

    def ids(self) -> set[str]:
        return set(self._chroma.get(include=[])["ids"])

    def delete(self, ids: Iterable[str]) -> None:
        doomed = list(ids)
        for start in range(0, len(doomed), _READ_BATCH):
            self._chroma.delete(doomed[start : start + _READ_BATCH])

    def read(self, ids: Sequence[str]) -> dict[str, tuple[Passage, list[str]]]:
        """Passages by id, each with the search terms that were stored with it."""
        found: dict[str, tuple[Passage, list[str]]] = {}
        for start in range(0, len(ids), _READ_BATCH):
            rows = self._chroma.get(list(ids[start : start + _READ_BATCH]), include=["metadatas"])
            for passage_id, metadata in zip(rows["ids"], rows["metadatas"], strict=True):
                found[passage_id] = (_passage(passage_id, metadata), str(metadata["terms"]).split())
        return found

    def nearest(self, vector: list[float], count: int) -> list[tuple[str, float]]:
        """(passage id, cosine similarity), most similar first."""
        if count < 1:
            return []
        rows = self._chroma.similarity_search_by_vector_with_relevance_scores(vector, k=count)
        return [(str(document.id), 1.0 - distance) for document, distance in rows]

    def vectors(self, ids: Sequence[str]) -> dict[str, Any]:
        """Stored vectors by passage id: (dimensions,) float32 each."""
        rows = self._chroma.get(list(ids), include=["embeddings"]) if ids else {"ids": [], "embeddings": []}
        return dict(zip(rows["ids"], rows["embeddings"], strict=True))


def searchable_text(passage: Passage) -> str:
    """What is embedded and indexed: a passage from the middle of a text is understood only with its headings."""
    if passage.part != "text" or not passage.heading_path:
        return passage.text
    return " > ".join(passage.heading_path) + "\n" + passage.text


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
