"""The index keeps in step with the disk, whatever happens to files, and to the program."""

import hashlib
import shutil
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.ingestion.fakes import MemoryIndex
from tests.ingestion.files import encrypted_pdf_bytes, pdf_bytes, write_docx
from tests.ingestion.pages import SAVED_PAGES
from tests.samples import entry
from tutor.domain import Entry
from tutor.errors import BankError
from tutor.ingestion import pipeline
from tutor.ingestion.bank import entry_passages
from tutor.ingestion.report import Report


def no_bank(path: Path) -> list[Entry]:
    raise BankError("ingestion.empty_bank", file=path.name)


def run(index: MemoryIndex, *paths: str | Path) -> Report:
    return pipeline.ingest(paths, index, load_bank=no_bank)


def counts(report: Report) -> tuple[int, int, int, int, int]:
    return report.added, report.updated, report.unchanged, report.removed, len(report.failed)


def write(folder: Path, **texts: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in texts.items():
        (folder / f"{name}.txt").write_text(text, encoding="utf-8")


@pytest.fixture
def notes(tmp_path: Path) -> Path:
    folder = tmp_path / "notes"
    write(folder, one="Paging keeps the cache in blocks.", two="Batching shares a forward pass.")
    return folder


def test_new_files_are_added_and_found_unchanged_the_next_time(notes: Path) -> None:
    index = MemoryIndex()
    first = run(index, notes)
    assert counts(first) == (2, 0, 0, 0, 0)
    assert first.passages == 2
    changes = index.changes
    again = run(index, notes)
    assert counts(again) == (0, 0, 2, 0, 0)
    assert again.passages == 2
    assert index.changes == changes


def test_a_changed_file_is_updated_and_its_old_text_leaves(notes: Path) -> None:
    index = MemoryIndex()
    run(index, notes)
    write(notes, one="Paging was replaced by streaming.")
    assert counts(run(index, notes)) == (0, 1, 1, 0, 0)
    assert index.names_of("in blocks") == []
    assert index.names_of("streaming") == ["one.txt"]


def test_a_removed_file_leaves(notes: Path) -> None:
    index = MemoryIndex()
    run(index, notes)
    (notes / "two.txt").unlink()
    report = run(index, notes)
    assert counts(report) == (0, 0, 1, 1, 0)
    assert [(Path(item.path).name, item.doubt.key) for item in report.doubts] == [("two.txt", "ingestion.file_gone")]
    assert index.titles() == ["one"]


def test_a_linked_folder_is_not_followed_and_told(notes: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    write(tmp_path / "elsewhere", three="Words of another folder.")
    (notes / "link").symlink_to(tmp_path / "elsewhere", target_is_directory=True)
    index = MemoryIndex()
    report = run(index, notes)
    assert index.titles() == ["one", "two"]
    assert [(Path(item.path).name, item.doubt.key) for item in report.doubts] == [("link", "ingestion.linked_folder")]


def test_the_same_content_twice_is_one_document_with_both_origins(notes: Path) -> None:
    index = MemoryIndex()
    shutil.copy(notes / "one.txt", notes / "copy.txt")
    assert counts(run(index, notes)) == (2, 0, 0, 0, 0)
    assert sorted(index.names_of("in blocks")) == ["copy.txt", "one.txt"]
    (notes / "one.txt").unlink()
    assert counts(run(index, notes)) == (0, 0, 2, 0, 0)
    assert index.names_of("in blocks") == ["copy.txt"]


def test_changing_one_of_two_copies_keeps_the_other(notes: Path) -> None:
    index = MemoryIndex()
    shutil.copy(notes / "one.txt", notes / "copy.txt")
    run(index, notes)
    write(notes, copy="Something else entirely.")
    assert counts(run(index, notes)) == (0, 1, 2, 0, 0)
    assert index.names_of("in blocks") == ["one.txt"]


def test_a_renamed_file_is_not_embedded_again(notes: Path) -> None:
    index = MemoryIndex()
    run(index, notes)
    (notes / "one.txt").rename(notes / "uno.txt")
    puts = len(index.puts)
    assert counts(run(index, notes)) == (0, 0, 2, 0, 0)
    assert len(index.puts) == puts
    assert index.names_of("in blocks") == ["uno.txt"]


def test_two_files_that_swap_their_content_are_not_embedded_again(notes: Path) -> None:
    index = MemoryIndex()
    run(index, notes)
    one, two = notes / "one.txt", notes / "two.txt"
    texts = one.read_text(), two.read_text()
    two.write_text(texts[0])
    one.write_text(texts[1])
    puts = len(index.puts)
    assert counts(run(index, notes)) == (0, 0, 2, 0, 0)
    assert len(index.puts) == puts
    assert index.names_of("in blocks") == ["two.txt"]


def test_a_newer_pipeline_cuts_everything_anew_once(notes: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    index = MemoryIndex()
    run(index, notes)
    monkeypatch.setattr(pipeline, "TEXT_VERSION", "text-next")
    assert counts(run(index, notes)) == (0, 2, 0, 0, 0)
    assert counts(run(index, notes)) == (0, 0, 2, 0, 0)


def test_files_elsewhere_stay_when_another_folder_is_given(notes: Path, tmp_path: Path) -> None:
    index = MemoryIndex()
    run(index, notes)
    write(tmp_path / "more", three="Quantisation halves the weights.")
    assert counts(run(index, tmp_path / "more")) == (1, 0, 0, 0, 0)
    assert len(index.entries) == 3


def test_a_file_elsewhere_that_was_deleted_from_its_folder_leaves_all_the_same(notes: Path, tmp_path: Path) -> None:
    index = MemoryIndex()
    run(index, notes / "one.txt", notes / "two.txt")
    (notes / "two.txt").unlink()
    write(tmp_path / "more", three="Quantisation halves the weights.")
    assert counts(run(index, tmp_path / "more")) == (1, 0, 0, 1, 0)


def test_files_of_a_folder_that_is_gone_stay_until_the_folder_is_named(notes: Path, tmp_path: Path) -> None:
    index = MemoryIndex()
    run(index, notes)
    shutil.move(notes, tmp_path / "unplugged")
    write(tmp_path / "more", three="Quantisation halves the weights.")
    assert counts(run(index, tmp_path / "more")) == (1, 0, 0, 0, 0)
    assert counts(run(index, notes)) == (0, 0, 0, 2, 0)
    assert index.titles() == ["three"]


def test_a_deleted_file_that_is_named_leaves_without_a_failure(notes: Path) -> None:
    index = MemoryIndex()
    run(index, notes)
    (notes / "one.txt").unlink()
    assert counts(run(index, notes / "one.txt")) == (0, 0, 0, 1, 0)
    assert counts(run(index, notes / "one.txt")) == (0, 0, 0, 0, 1)


def test_a_glob_takes_and_drops_what_it_matches_only(notes: Path) -> None:
    index = MemoryIndex()
    run(index, notes)
    write(notes, three="Quantisation halves the weights.")
    (notes / "two.txt").unlink()
    assert counts(run(index, notes / "t*.txt")) == (1, 0, 0, 1, 0)
    assert index.titles() == ["one", "three"]


@pytest.mark.parametrize("name", ["nowhere.txt", "nowhere", "*.pdf", "**/x*.md"])
def test_a_path_that_matches_nothing_is_a_failure_that_says_what_was_expected(notes: Path, name: str) -> None:
    index = MemoryIndex()
    report = run(index, notes / "one.txt", notes / name)
    assert counts(report) == (1, 0, 0, 0, 1)
    assert name in report.failed[0].path
    assert "expected files of the kinds .txt, .md" in str(report.failed[0].error)


def test_a_folder_of_pictures_is_a_failure_and_an_empty_one_is_not(tmp_path: Path) -> None:
    (tmp_path / "pictures").mkdir()
    (tmp_path / "pictures" / "cat.png").write_bytes(b"x")
    (tmp_path / "empty").mkdir()
    report = run(MemoryIndex(), tmp_path / "pictures", tmp_path / "empty")
    assert counts(report) == (0, 0, 0, 0, 1)
    assert "only .png" in str(report.failed[0].error)
    assert [Path(path).name for path in report.skipped] == ["cat.png"]


def bad_files(folder: Path) -> Sequence[str]:
    (folder / "empty.txt").write_bytes(b"")
    (folder / "binary.md").write_bytes(bytes(range(256)) * 10)
    (folder / "locked.pdf").write_bytes(encrypted_pdf_bytes("secret"))
    (folder / "wrong.txt").write_bytes(pdf_bytes([["a page"]]))
    (folder / "scan.pdf").write_bytes(pdf_bytes([[], []]))
    (folder / "cut.docx").write_bytes(write_docx(folder / "whole.docx").read_bytes()[:2_000])
    (folder / "whole.docx").unlink()
    (folder / "chrome.txt").write_text("首页\n登录\n注册\n分享\n所有评论(0)\n")
    (folder / "settings.yaml").write_text("a: 1\n")
    (folder / "void.yml").write_text("")
    (folder / "dangling.txt").symlink_to(folder / "nowhere")
    return ["empty.txt", "binary.md", "locked.pdf", "wrong.txt", "scan.pdf", "cut.docx", "chrome.txt", "settings.yaml",
            "void.yml", "dangling.txt"]  # fmt: skip


def test_bad_files_are_reported_each_with_its_reason_and_the_rest_goes_on(notes: Path) -> None:
    names = bad_files(notes)
    report = run(MemoryIndex(), notes)
    assert counts(report) == (2, 0, 0, 0, len(names))
    assert sorted(Path(failure.path).name for failure in report.failed) == sorted(names)
    for failure in report.failed:
        assert "expected" in str(failure.error)
        assert "found" in str(failure.error)
        assert Path(failure.path).name in str(failure.error)


def test_a_named_file_of_an_unknown_kind_is_a_failure(notes: Path) -> None:
    (notes / "drawing.vsdx").write_bytes(b"x")
    assert "found `.vsdx`" in str(run(MemoryIndex(), notes / "drawing.vsdx").failed[0].error)


def test_files_in_a_folder_that_their_program_can_convert_say_into_what(notes: Path) -> None:
    (notes / "talk.ODP").write_bytes(b"PK")
    (notes / "song.mp3").write_bytes(b"ID3")
    told = run(MemoryIndex(), notes).doubts
    assert [Path(doubt.path).name for doubt in told] == ["talk.ODP"]
    assert "save it as .pptx" in str(told[0].doubt)
    assert "另存为 .pptx" in told[0].doubt.in_language("zh")


def test_a_file_that_broke_keeps_what_was_read_before(notes: Path) -> None:
    index = MemoryIndex()
    run(index, notes)
    (notes / "one.txt").write_bytes(b"")
    assert counts(run(index, notes)) == (0, 0, 1, 0, 1)
    assert index.names_of("in blocks") == ["one.txt"]


def test_a_file_that_is_too_large_is_a_failure(notes: Path) -> None:
    report = pipeline.ingest([notes], MemoryIndex(), load_bank=no_bank, max_megabytes=0.00001)
    assert counts(report) == (0, 0, 0, 0, 2)


def test_hidden_and_ignored_files_are_no_material(notes: Path) -> None:
    write(notes / ".git", config="hidden words")
    write(notes / "drafts", four="a draft")
    (notes / "README.md").write_text("how to use this folder")
    (notes / "~$one.docx").write_bytes(b"lock of Word")
    (notes / ".tutorignore").write_text("# not material\nREADME*\ndrafts/\n")
    index = MemoryIndex()
    assert counts(run(index, notes)) == (2, 0, 0, 0, 0)
    (notes / ".tutorignore").write_text("t*.txt\n")
    assert counts(run(index, notes)) == (2, 0, 1, 1, 0)


def test_progress_goes_from_nothing_to_all(notes: Path) -> None:
    seen: list[tuple[int, int, str]] = []
    pipeline.ingest([notes], MemoryIndex(), load_bank=no_bank, progress=lambda *step: seen.append(step))
    assert seen == [(0, 2, "one.txt"), (1, 2, "two.txt"), (2, 2, "")]


def test_the_report_tells_how_long_it_took(notes: Path) -> None:
    times = iter([10.0, 12.5])
    assert pipeline.ingest([notes], MemoryIndex(), load_bank=no_bank, clock=lambda: next(times)).seconds == 2.5


@pytest.mark.parametrize("step", range(6))
def test_killed_at_any_change_the_next_run_repairs_the_rest(notes: Path, step: int) -> None:
    index = MemoryIndex()
    write(notes, three="Quantisation halves the weights.")
    shutil.copy(notes / "three.txt", notes / "third.txt")
    run(index, notes)
    write(notes, one="Paging was replaced by streaming.", third="Pruning drops weights.", four="New text.")
    (notes / "two.txt").unlink()
    index.dies_before = index.changes + step
    with pytest.raises(KeyboardInterrupt):
        run(index, notes)
    assert all(index.stored[document_id] for document_id in index.entries)  # whole documents only
    index.dies_before = None
    run(index, notes)
    clean = MemoryIndex()
    run(clean, notes)
    assert {key: entry.document.origins for key, entry in index.entries.items()} == {
        key: entry.document.origins for key, entry in clean.entries.items()
    }
    assert index.texts() == clean.texts()


def test_the_version_rises_when_the_same_file_gives_other_passages() -> None:
    """An index keeps passages by version: whoever changes what comes out must raise TEXT_VERSION, then the digest here."""
    told = hashlib.sha256()
    for name, page in SAVED_PAGES.items():
        _, passages, _ = pipeline.read_document(page.text.encode(), f"{name}.txt", "file:1", "0", "/x.txt")
        told.update("\n".join(passage.id for passage in passages).encode())
    assert (pipeline.TEXT_VERSION, told.hexdigest()[:12]) == ("text-4", "d42ac9380af4")


def test_the_bank_version_rises_when_the_same_entry_gives_other_passages() -> None:
    passages = entry_passages(entry())[1]
    told = hashlib.sha256("\n".join(passage.id for passage in passages).encode())
    assert (pipeline.BANK_VERSION, told.hexdigest()[:12]) == ("bank-1", "b43e232dbdfd")
