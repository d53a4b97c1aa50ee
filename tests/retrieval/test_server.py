"""The same index on a real Chroma server: the same code path, the same promises."""

from pathlib import Path

from tests.fakes import WordHashEmbeddings
from tests.retrieval.test_index import document
from tutor.retrieval.hybrid import HybridRetriever
from tutor.retrieval.index import Index
from tutor.retrieval.scope import load_scope_model


def test_documents_go_in_come_back_and_leave(server: str, tmp_path: Path) -> None:
    embeddings = WordHashEmbeddings()
    index = Index(tmp_path, embeddings, embedder_name="word-hash", url=server)
    with index.writing():
        index.put(*document("cache", "keys and values are kept", "memory grows with length"))
        index.put(*document("lora", "a low rank update is learned"))
    retriever = HybridRetriever(index=index, embeddings=embeddings, scope=load_scope_model())
    hits = retriever.search("memory length").hits
    assert hits[0].passage.text == "memory grows with length"
    again = Index(tmp_path, embeddings, embedder_name="word-hash", url=server)
    assert len(again.passages()) == 3
    with again.writing():
        again.remove("cache")
    assert [passage.text for passage in index.passages()] == ["a low rank update is learned"]


def test_two_learners_on_one_server_do_not_sweep_each_other(server: str, tmp_path: Path) -> None:
    embeddings = WordHashEmbeddings()
    mine = Index(tmp_path / "mine", embeddings, embedder_name="word-hash", url=server)
    yours = Index(tmp_path / "yours", embeddings, embedder_name="word-hash", url=server)
    mine.put(*document("cache", "mine"))
    with yours.writing():
        yours.put(*document("cache", "yours"))
    assert [passage.text for passage in mine.passages()] == ["mine"]


def test_a_server_and_the_embedded_database_do_not_share_a_manifest(server: str, tmp_path: Path) -> None:
    embeddings = WordHashEmbeddings()
    Index(tmp_path, embeddings, embedder_name="word-hash").put(*document("local", "only here"))
    assert "local" not in Index(tmp_path, embeddings, embedder_name="word-hash", url=server).manifest().entries
