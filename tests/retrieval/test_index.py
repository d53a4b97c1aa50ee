"""The index on a real Chroma: all or nothing per document, one writer, one embedder."""

from pathlib import Path

import pytest

from tests.fakes import WordHashEmbeddings
from tutor.domain import Document, Passage
from tutor.errors import VectorIndexError
from tutor.retrieval.index import Index
from tutor.retrieval.store import Store


def document(name: str, *texts: str) -> tuple[Document, list[Passage]]:
    parent = Document(id=name, title=name.title(), origins=(f"/{name}.txt",), sha256="0" * 64)
    return parent, [
        Passage(id=f"{name}-{text[:20]}", document_id=name, text=text, ordinal=i, title=parent.title, language="en")
        for i, text in enumerate(texts)
    ]


@pytest.fixture
def index(tmp_path: Path) -> Index:
    return Index(tmp_path, WordHashEmbeddings(), embedder_name="word-hash")


def test_what_was_put_is_there_after_reopening(index: Index, tmp_path: Path) -> None:
    index.put(*document("cache", "keys and values are kept", "memory grows with length"))
    again = Index(tmp_path, WordHashEmbeddings(), embedder_name="word-hash")
    assert [passage.text for passage in again.passages("cache")] == [
        "keys and values are kept",
        "memory grows with length",
    ]
    assert again.documents()[0].origins == ("/cache.txt",)


def test_what_an_older_version_put_in_is_embedded_anew_under_the_same_ids(index: Index) -> None:
    embeddings = index._embeddings
    assert isinstance(embeddings, WordHashEmbeddings)
    index.put(*document("cache", "alpha stays"), "text-1")
    embeddings.embedded.clear()
    index.put(*document("cache", "alpha stays"), "text-2")
    assert embeddings.embedded == ["Cache\nalpha stays"]
    assert len(index.passages()) == 1


def test_replacing_a_document_embeds_only_what_is_new_and_drops_the_rest(index: Index) -> None:
    embeddings = index._embeddings
    assert isinstance(embeddings, WordHashEmbeddings)
    index.put(*document("cache", "alpha stays", "beta goes"))
    embeddings.embedded.clear()
    index.put(*document("cache", "alpha stays", "gamma comes"))
    assert embeddings.embedded == ["Cache\ngamma comes"]
    assert [passage.text for passage in index.passages()] == ["alpha stays", "gamma comes"]
    assert index.collect_garbage() == 0


def test_a_kill_before_the_manifest_leaves_the_old_state_and_the_next_writer_sweeps(
    index: Index, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    index.put(*document("cache", "old text"))

    def die(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("tutor.retrieval.index.write_manifest", die)
    with pytest.raises(KeyboardInterrupt):
        index.put(*document("cache", "new text"))
    monkeypatch.undo()
    again = Index(tmp_path, WordHashEmbeddings(), embedder_name="word-hash")
    assert [passage.text for passage in again.passages()] == ["old text"]
    assert again.snapshot().nearest(WordHashEmbeddings().embed_query("new text"), 5)[0][0] == "cache-old text"
    with again.writing():
        pass
    assert again.collect_garbage() == 0


def test_a_kill_after_the_manifest_leaves_the_new_state(
    index: Index, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    index.put(*document("cache", "old text"))

    def die(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Store, "delete", die)
    with pytest.raises(KeyboardInterrupt):
        index.put(*document("cache", "new text"))
    monkeypatch.undo()
    again = Index(tmp_path, WordHashEmbeddings(), embedder_name="word-hash")
    assert [passage.text for passage in again.passages()] == ["new text"]
    assert again.collect_garbage() == 1


def test_another_embedder_is_refused_with_the_command_that_rebuilds(index: Index, tmp_path: Path) -> None:
    index.put(*document("cache", "text"))
    other = Index(tmp_path, WordHashEmbeddings(64), embedder_name="other-model")
    with pytest.raises(VectorIndexError, match=r"other-model.*word-hash.*ingest\.py --rebuild"):
        other.documents()
    with other.writing(rebuild=True) as held:
        assert list(held) == ["cache"]
        other.put(*document("cache", "text"))
    assert [passage.text for passage in other.passages()] == ["text"]


def test_a_second_writer_is_told_to_wait(index: Index, tmp_path: Path) -> None:
    other = Index(tmp_path, WordHashEmbeddings(), embedder_name="word-hash")
    with index.writing():
        with pytest.raises(VectorIndexError, match="another ingestion"), other.writing(wait_seconds=0.1):
            pass


def test_readers_see_a_change_made_by_another_index_object(index: Index, tmp_path: Path) -> None:
    other = Index(tmp_path, WordHashEmbeddings(), embedder_name="word-hash")
    assert other.passages() == []
    index.put(*document("cache", "text"))
    assert [passage.text for passage in other.passages()] == ["text"]


def test_a_damaged_manifest_names_the_file_and_the_next_step(index: Index, tmp_path: Path) -> None:
    (tmp_path / "embedded" / "manifest.json").write_text("{", encoding="utf-8")
    with pytest.raises(VectorIndexError, match=r"manifest\.json.*--rebuild"):
        index.documents()


def test_an_unreachable_server_is_named(tmp_path: Path) -> None:
    with pytest.raises(VectorIndexError, match=r"http://127\.0\.0\.1:9.*server running"):
        Index(tmp_path, WordHashEmbeddings(), embedder_name="word-hash", url="http://127.0.0.1:9").snapshot()
