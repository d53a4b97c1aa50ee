"""Ingestion with the real index on a real Chroma: nothing half-done is ever seen, not even after a kill."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.fakes import WordHashEmbeddings
from tests.ingestion.files import pdf_bytes, write_docx
from tests.ingestion.pages import SAVED_PAGES
from tests.samples import entry
from tutor.domain import Bilingual, Contradiction, Passage
from tutor.ingestion.pipeline import ingest
from tutor.ingestion.report import Report
from tutor.models.embedder import open_embeddings
from tutor.retrieval.hybrid import HybridRetriever
from tutor.retrieval.index import Index
from tutor.retrieval.scope import load_scope_model

ROOT = Path(__file__).resolve().parents[2]


def open_index(folder: Path) -> Index:
    return Index(folder, WordHashEmbeddings(), embedder_name="word-hash")


def run(index: Index, *paths: Path) -> Report:
    with index.writing():
        return ingest(paths, index, load_bank=lambda path: [entry()])


@pytest.fixture
def notes(tmp_path: Path) -> Path:
    folder = tmp_path / "notes"
    folder.mkdir()
    for number, page in enumerate(SAVED_PAGES.values()):
        (folder / f"page{number}.txt").write_text(page.text, encoding="utf-8")
    (folder / "paper.pdf").write_bytes(pdf_bytes([["Paged attention keeps the cache in blocks."]]))
    write_docx(folder / "notes.docx")
    (folder / "bank.yaml").write_text("group: inference")
    return folder


def test_what_was_ingested_is_read_back_after_reopening(tmp_path: Path, notes: Path) -> None:
    index = open_index(tmp_path / "index")
    report = run(index, notes)
    assert (report.added, report.failed) == (7, ())
    again = open_index(tmp_path / "index")
    assert report.passages == len(again.passages()) > 20
    question = next(passage for passage in again.passages() if passage.text.startswith("Top-p 与 Top-k"))
    assert question.heading_path == ("Top-p 与 Top-k 有什么不同？",)
    assert run(again, notes).unchanged == 7


def test_what_a_document_states_against_the_bank_is_kept_with_it(tmp_path: Path) -> None:
    page = tmp_path / "page.txt"
    page.write_text("A KV cache speeds up training.\n", encoding="utf-8")
    text = Bilingual("错", "wrong")

    def check(passages: Sequence[Passage]) -> list[Contradiction]:
        return [Contradiction(item.id, item.text, text, text, "kv-cache", 0.9, "A paper") for item in passages]

    index = open_index(tmp_path / "index")
    with index.writing():
        report = ingest([page], index, load_bank=lambda path: [entry()], check=check)
    assert [(item.title, item.statements) for item in report.refuted] == [("page", 1)]
    again = open_index(tmp_path / "index")
    (held,) = again.manifest().entries.values()
    assert held.contradictions == tuple(check(again.passages()))
    retriever = HybridRetriever(index=again, embeddings=WordHashEmbeddings(), scope=load_scope_model())
    hit = retriever.search("KV cache training", 1).hits[0]
    assert hit.contradictions == held.contradictions
    with again.writing():
        assert (
            ingest([page], again, load_bank=lambda path: [entry()], check=check).refuted == ()
        )  # unchanged: not asked again


def test_changed_and_removed_files_leave_no_passage_behind(tmp_path: Path, notes: Path) -> None:
    index = open_index(tmp_path / "index")
    run(index, notes)
    (notes / "paper.pdf").write_bytes(pdf_bytes([["Now it is about pruning."]]))
    (notes / "notes.docx").unlink()
    report = run(index, notes)
    assert (report.updated, report.removed, report.unchanged) == (1, 1, 5)
    texts = " ".join(passage.text for passage in index.passages())
    assert "about pruning" in texts
    assert "in blocks" not in texts
    assert "forward pass" not in texts
    assert index.collect_garbage() == 0


SLOW_RUN = """
import sys, time
from pathlib import Path
from tests.fakes import WordHashEmbeddings
from tests.ingestion.test_real_index import run
from tutor.retrieval.hybrid import HybridRetriever
from tutor.retrieval.index import Index

class Slow(WordHashEmbeddings):
    def embed_documents(self, texts):
        print("embedding", flush=True)
        time.sleep(0.2)
        return super().embed_documents(texts)

run(Index(Path(sys.argv[1]), Slow(), embedder_name="word-hash"), Path(sys.argv[2]))
"""


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="needs a kill that cannot be caught")
def test_a_killed_run_leaves_a_usable_index_and_the_next_run_finishes_it(tmp_path: Path, notes: Path) -> None:
    child = subprocess.Popen(
        [sys.executable, "-W", "ignore", "-c", SLOW_RUN, str(tmp_path / "index"), str(notes)],
        cwd=ROOT, stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert child.stdout is not None
    for _ in range(3):
        assert child.stdout.readline() == "embedding\n"
    time.sleep(0.1)
    child.kill()
    child.communicate()

    index = open_index(tmp_path / "index")
    held = index.manifest().entries
    assert 1 <= len(held) < 7
    assert all(len(index.passages(document_id)) == len(held[document_id].passage_ids) for document_id in held)
    report = run(index, notes)
    assert (report.added, report.unchanged) == (7 - len(held), len(held))
    fresh = open_index(tmp_path / "fresh")
    run(fresh, notes)
    assert {passage.id for passage in index.passages()} == {passage.id for passage in fresh.passages()}


@pytest.mark.weights
def test_a_question_finds_its_passage_by_meaning(tmp_path: Path, notes: Path) -> None:
    embeddings = open_embeddings("bundled")
    index = Index(tmp_path / "index", embeddings, embedder_name="bundled")
    run(index, notes)
    passages = {passage.id: passage for passage in index.passages()}
    for question, told in (
        ("为什么用小模型先猜几个词能加速生成？", "草稿与验证"),
        ("Why is padding wasteful when requests are batched?", "static batch ends"),
        ("nucleus sampling 和 top-k 区别在哪", "Top-p"),
    ):
        best = [passages[key].text for key, _ in index.snapshot().nearest(embeddings.embed_query(question), 3)]
        assert any(told in text for text in best), best
