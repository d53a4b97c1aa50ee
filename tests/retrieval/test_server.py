"""The same index on a real Chroma server: the same code path, the same promises."""

import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.fakes import WordHashEmbeddings
from tests.retrieval.test_index import document
from tests.ui.server import free_port
from tutor.retrieval.hybrid import HybridRetriever
from tutor.retrieval.index import Index


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    port = free_port()
    process = subprocess.Popen(
        [str(Path(sys.executable).with_name("chroma")), "run", "--path", str(tmp_path_factory.mktemp("chroma")),
         "--port", str(port)],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    address = f"http://127.0.0.1:{port}"
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            if httpx.get(f"{address}/api/v2/heartbeat", timeout=2).status_code == 200:
                break
        except httpx.HTTPError:
            time.sleep(0.2)
    yield address
    process.kill()
    process.wait(timeout=20)


def test_documents_go_in_come_back_and_leave(server: str, tmp_path: Path) -> None:
    embeddings = WordHashEmbeddings()
    index = Index(tmp_path, embeddings, embedder_name="word-hash", url=server)
    with index.writing():
        index.put(*document("cache", "keys and values are kept", "memory grows with length"))
        index.put(*document("lora", "a low rank update is learned"))
    hits = HybridRetriever(index=index, embeddings=embeddings).search("memory length").hits
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
