"""One process searches while another ingests: what is reported is found at once, what was removed never."""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.fakes import WordHashEmbeddings
from tutor.retrieval.hybrid import HybridRetriever
from tutor.retrieval.index import Index
from tutor.retrieval.scope import load_scope_model
from tutor.retrieval.store import searchable_text

ROOT = Path(__file__).resolve().parents[2]


class Together:
    """A reader in this process and a writer in another, over one index and one folder of notes."""

    def __init__(self, folder: Path, url: str) -> None:
        self.notes = folder / "notes"
        self.notes.mkdir()
        index = Index(folder / "index", WordHashEmbeddings(), embedder_name="word-hash", url=url)
        self.retriever = HybridRetriever(index=index, embeddings=WordHashEmbeddings(), scope=load_scope_model())
        self.writer = subprocess.Popen(
            [sys.executable, "-W", "ignore", "-m", "tests.retrieval.writer", str(folder / "index"), url, str(self.notes)],
            cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env={**os.environ},
        )  # fmt: skip

    def note(self, name: str, text: str) -> None:
        (self.notes / f"{name}.txt").write_text(text, encoding="utf-8")

    def write(self, command: str = "ingest", failed: int = 0) -> int:
        """Passages in the index, by the writer's report."""
        assert self.writer.stdin is not None
        assert self.writer.stdout is not None
        self.writer.stdin.write(command + "\n")
        self.writer.stdin.flush()
        report = json.loads(self.writer.stdout.readline())
        assert report["failed"] == failed
        return int(report["passages"])

    def assert_found(self, count: int) -> None:
        """Each of `count` passages comes first for its own text, by meaning and by words."""
        passages = self.retriever.index.passages()
        assert len(passages) == count
        for passage in passages:
            orders = self.retriever.orders(searchable_text(passage))
            assert (orders["meaning"][0], orders["words"][0]) == (passage.id, passage.id)

    def found(self, query: str) -> list[str]:
        return [hit.passage.text for hit in self.retriever.search(query, 50).hits]


@pytest.fixture(params=["embedded", "server"])
def together(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Together]:
    url = request.getfixturevalue("server") if request.param == "server" else ""
    pair = Together(tmp_path, url)
    yield pair
    assert pair.writer.stdin is not None
    pair.writer.stdin.close()
    pair.writer.wait(timeout=30)


def notes_on(*names: str) -> dict[str, str]:
    return {name: f"The {name} method keeps {name} values in a {name} table.\n" for name in names}


def test_what_another_process_adds_changes_and_removes_is_seen_at_the_next_search(together: Together) -> None:
    for name, text in notes_on("paging", "pruning", "routing").items():
        together.note(name, text)
    together.assert_found(together.write())

    together.note("hashing", "Hashing spreads keys over buckets.\n")
    assert together.retriever.search("hashing spreads keys over buckets").hits[0].passage.title != "hashing"
    together.assert_found(together.write())
    assert together.found("hashing spreads keys over buckets")[0].startswith("Hashing spreads")

    together.note("paging", "Paging was given up for streaming.\n")
    together.assert_found(together.write())
    assert not any("paging table" in text for text in together.found("the paging method keeps values in a table"))

    (together.notes / "pruning.txt").unlink()
    together.assert_found(together.write())
    assert not any("pruning" in text for text in together.found("the pruning method keeps pruning values"))

    together.assert_found(together.write("rebuild"))
    together.note("pruning", "Pruning is back.\n")
    together.assert_found(together.write())


def test_empty_huge_and_mixed_text_of_another_process_is_found_or_told(together: Together) -> None:
    together.note("empty", "")
    together.note(
        "mixed", "---\n注意力 $\\frac{a}{b}$ <|im_end|> 12,5 GB ٣ 🙂 一段中英文混排的文字 mixed with markup.\n"
    )
    together.note("huge", "\n\n".join(f"Entry{n} holds value{n} and key{n} of slot{n}. " * 12 for n in range(80)))
    count = together.write(failed=1)
    assert count > 60
    together.assert_found(count)
    assert together.found("注意力 mixed with markup")[0].startswith("---")
    (together.notes / "huge.txt").unlink()
    together.assert_found(together.write(failed=1))
    assert not any("slot7" in text for text in together.found("entry7 holds value7 and key7 of slot7"))


def test_a_process_that_wrote_sees_what_another_writes_later(together: Together) -> None:
    index = together.retriever.index
    together.note("paging", "Paging keeps blocks.\n")
    together.write()
    with index.writing():
        (document,) = index.documents()
        index.update_document(document)
    together.note("hashing", "Hashing spreads keys.\n")
    together.assert_found(together.write())


def test_searching_never_fails_while_another_process_writes(together: Together) -> None:
    for name, text in notes_on(*(f"method{number}" for number in range(12))).items():
        together.note(name, text)
    together.write()
    finished = threading.Event()

    def search() -> int:
        searches = 0
        while not finished.is_set():
            hits = together.retriever.search("the method1 keeps method1 values in a table", 20).hits
            assert all(hit.passage.text for hit in hits)
            searches += 1
        return searches

    with ThreadPoolExecutor(2) as readers:
        asked = [readers.submit(search) for _ in range(2)]
        try:
            count = change_often(together)
        finally:
            finished.set()
        assert all(searches.result() > 3 for searches in asked)
    together.assert_found(count)


def change_often(together: Together) -> int:
    count = 0
    for round_number in range(3):
        for number in range(0, 12, 2):
            together.note(f"method{number}", f"Round {round_number} of method{number} keeps other values.\n")
        (together.notes / f"method{round_number * 2 + 1}.txt").unlink()
        count = together.write("rebuild" if round_number == 1 else "ingest")
    return count
