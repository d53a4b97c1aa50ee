"""The learner's library over a real index: added, listed, removed, and nothing of anybody else's touched."""

from collections.abc import Iterator
from functools import partialmethod
from pathlib import Path

import pytest

from tests.fakes import WordHashTutor
from tutor.errors import DocumentError, VectorIndexError
from tutor.ingestion.library import KINDS
from tutor.retrieval.index import Index
from tutor.settings import load_settings

ZEBRA = "# Zebra stripes\n\nThe zebra notation marks alternating layers of our own models.\n"


@pytest.fixture
def tutor(tmp_path: Path) -> Iterator[WordHashTutor]:
    tutor = WordHashTutor(load_settings(home=tmp_path / "home", llm="none", upload_megabytes=1))
    yield tutor
    tutor.close()


@pytest.fixture
def notes(tmp_path: Path) -> Path:
    file = tmp_path / "notes.md"
    file.write_text(ZEBRA, encoding="utf-8")
    return file


def shelved(tutor: WordHashTutor) -> list[str]:
    folder = tutor.settings.library_folder
    return sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []


def test_an_added_file_is_copied_indexed_found_and_removed(tutor: WordHashTutor, notes: Path) -> None:
    report = tutor.library.add([notes])
    assert (report.added, report.failed) == (1, ())
    notes.unlink()
    (held,) = tutor.library.documents()
    assert held.document.title == "Zebra stripes"
    for name in (held.document.id, "Zebra stripes", "notes.md"):
        assert tutor.library.find(name) == held.document
    tutor.library.remove(held.document)
    assert (tutor.library.documents(), shelved(tutor)) == ([], [])
    assert tutor.index.passages() == []


def test_the_same_file_twice_is_one_and_another_of_its_name_stands_beside_it(tutor: WordHashTutor, notes: Path) -> None:
    tutor.library.add([notes])
    assert tutor.library.add([notes]).unchanged == 1
    notes.write_text("# Giraffe\n\nA giraffe is a model with a long context.\n", encoding="utf-8")
    assert tutor.library.add([notes]).added == 1
    assert shelved(tutor) == ["notes-2.md", "notes.md"]
    with pytest.raises(DocumentError, match="found none"):
        tutor.library.find("Zebra")
    assert tutor.library.find("notes-2.md").title == "Giraffe"


def test_a_name_that_means_several_documents_is_refused_with_their_ids(tutor: WordHashTutor, tmp_path: Path) -> None:
    for name, text in (("one.md", "First text."), ("two.md", "Second text.")):
        (tmp_path / name).write_text(f"# Same title\n\n{text}\n", encoding="utf-8")
    tutor.library.add([tmp_path / "one.md", tmp_path / "two.md"])
    with pytest.raises(DocumentError, match=r"of one document, found file:\w+, file:\w+"):
        tutor.library.find("Same title")


def test_what_cannot_be_added_is_named_leaves_no_copy_and_the_rest_goes_on(
    tutor: WordHashTutor, notes: Path, tmp_path: Path
) -> None:
    wrong, huge, empty, gone = (tmp_path / name for name in ("song.mp3", "huge.txt", "empty.txt", "gone.txt"))
    wrong.write_bytes(b"ID3")
    huge.write_text("word " * 250_000)
    empty.write_text("  \n")
    report = tutor.library.add([wrong, huge, empty, gone, notes])
    told = {Path(failure.path).name: str(failure.error) for failure in report.failed}
    assert ", ".join(KINDS) in told["song.mp3"]
    assert "at most 1 MB, found 1.2 MB" in told["huge.txt"]
    assert "empty" in told["empty.txt"]
    assert "can be read" in told["gone.txt"]
    assert (report.added, shelved(tutor)) == (1, ["notes.md"])


def test_a_copy_that_was_there_before_survives_when_it_can_no_longer_be_read(
    tutor: WordHashTutor, notes: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tutor.library.add([notes])

    def refuse(path: Path, *_: object) -> bytes:
        if path.is_relative_to(tutor.settings.library_folder):
            raise DocumentError("`notes.md`: expected, found. Do this.")
        return path.read_bytes()

    monkeypatch.setattr("tutor.ingestion.pipeline.read_bytes", refuse)
    assert len(tutor.library.add([notes]).failed) == 1
    assert shelved(tutor) == ["notes.md"]


def test_only_what_was_added_here_can_be_removed_here(tutor: WordHashTutor, notes: Path) -> None:
    tutor.ingest([notes])
    document = tutor.library.find("notes.md")
    assert not tutor.library.owns(document)
    with pytest.raises(DocumentError, match="lives in another folder"):
        tutor.library.remove(document)
    tutor.library.add([notes])
    assert not tutor.library.owns(tutor.library.find("notes.md")), "the file elsewhere vouches for it, too"
    assert notes.exists()


def test_when_the_index_cannot_be_written_nothing_is_deleted(
    tutor: WordHashTutor, notes: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Index, "writing", partialmethod(Index.writing, wait_seconds=0.1))
    tutor.library.add([notes])
    document = tutor.library.find("notes.md")
    another = WordHashTutor(tutor.settings)
    with another.index.writing(), pytest.raises(VectorIndexError):
        tutor.library.remove(document)
    assert shelved(tutor) == ["notes.md"]
    assert tutor.library.find("notes.md") == document
