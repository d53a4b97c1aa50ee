"""Chroma's data is gone while the manifest still names it: search says so, ingestion mends it, nothing is dropped."""

import shutil
from pathlib import Path

import pytest

from tests.fakes import WordHashEmbeddings
from tests.retrieval.test_index import document
from tutor.errors import VectorIndexError
from tutor.ingestion.pipeline import ingest
from tutor.ingestion.report import Report
from tutor.retrieval.hybrid import HybridRetriever
from tutor.retrieval.index import Index
from tutor.retrieval.scope import load_scope_model


def open_index(folder: Path) -> Index:
    return Index(folder / "index", WordHashEmbeddings(), embedder_name="word-hash")


def run(folder: Path, *, rebuild: bool = False) -> Report:
    index = open_index(folder)
    with index.writing(rebuild=rebuild):
        return ingest([folder / "notes"], index, load_bank=lambda _: [])


def first_hit(folder: Path, query: str) -> str:
    retriever = HybridRetriever(index=open_index(folder), embeddings=WordHashEmbeddings(), scope=load_scope_model())
    return retriever.search(query).hits[0].passage.text


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with three notes and their index."""
    (tmp_path / "notes").mkdir()
    for name in ("paging", "pruning", "routing"):
        (tmp_path / "notes" / f"{name}.txt").write_text(f"Words on {name}.\n", encoding="utf-8")
    assert run(tmp_path).added == 3
    return tmp_path


def chroma(folder: Path) -> Path:
    return folder / "index" / "embedded" / "chroma"


def test_when_all_is_gone_search_names_the_command_that_brings_it_back(folder: Path) -> None:
    shutil.rmtree(chroma(folder))
    assert open_index(folder).lost() == set(open_index(folder).manifest().entries)
    with pytest.raises(VectorIndexError, match=r"expected 3 passages in Chroma, found 0\. Run `python ingest\.py`"):
        first_hit(folder, "pruning")
    report = run(folder)
    assert (report.updated, report.unchanged, report.failed, report.passages) == (3, 0, (), 3)
    assert first_hit(folder, "pruning") == "Words on pruning."
    assert open_index(folder).lost() == set()
    assert run(folder).unchanged == 3


def test_when_some_passages_are_gone_only_their_document_is_read_again(folder: Path) -> None:
    index = open_index(folder)
    (entry,) = (entry for entry in index.manifest().entries.values() if entry.document.title == "pruning")
    index.snapshot().store.delete(entry.passage_ids)
    assert open_index(folder).lost() == {entry.document.id}
    report = run(folder)
    assert (report.updated, report.unchanged) == (1, 2)
    assert first_hit(folder, "pruning") == "Words on pruning."


def test_a_lost_document_whose_file_was_deleted_counts_as_removed(folder: Path) -> None:
    shutil.rmtree(chroma(folder))
    (folder / "notes" / "pruning.txt").unlink()
    report = run(folder)
    assert (report.updated, report.removed, report.failed) == (2, 1, ())
    assert first_hit(folder, "paging") == "Words on paging."


def test_a_document_on_a_disk_that_is_not_plugged_in_waits_for_its_file(folder: Path) -> None:
    shutil.rmtree(chroma(folder))
    shutil.move(folder / "notes", folder / "unplugged")
    index = open_index(folder)
    with index.writing():
        report = ingest([], index, load_bank=lambda _: [])
    assert len(report.failed) == 3
    assert "expected its passages in Chroma or its file, found neither" in str(report.failed[0].error)
    assert open_index(folder).passages() == []
    shutil.move(folder / "unplugged", folder / "notes")
    assert run(folder).updated == 3
    assert first_hit(folder, "paging") == "Words on paging."


def test_vectors_that_are_gone_are_made_again_from_the_stored_texts(tmp_path: Path) -> None:
    index = open_index(tmp_path)
    index.put(*document("cache", *(f"{number} keeps word{number}" for number in range(250))))
    for files in chroma(tmp_path).glob("*-*"):
        shutil.rmtree(files)
    with pytest.raises(VectorIndexError, match="expected 120 passages with a vector in Chroma"):
        first_hit(tmp_path, "word17")
    assert open_index(tmp_path).lost() == {"cache"}
    with open_index(tmp_path).writing() as missing:
        assert missing == {}
    assert first_hit(tmp_path, "17 keeps word17") == "17 keeps word17"
    assert open_index(tmp_path).lost() == set()


def test_a_database_that_does_not_open_is_started_anew_by_a_rebuild_only(folder: Path) -> None:
    (chroma(folder) / "chroma.sqlite3").write_bytes(b"no database" * 1_000)
    with pytest.raises(VectorIndexError, match=r"expected a database that opens.*ingest\.py --rebuild"):
        run(folder)
    assert run(folder, rebuild=True).added == 3
    assert first_hit(folder, "routing") == "Words on routing."


def test_a_damaged_manifest_is_started_anew_by_a_rebuild(folder: Path) -> None:
    (folder / "index" / "embedded" / "manifest.json").write_text("{", encoding="utf-8")
    with pytest.raises(VectorIndexError, match="--rebuild"):
        run(folder)
    assert run(folder, rebuild=True).added == 3
    assert len(open_index(folder).passages()) == 3
