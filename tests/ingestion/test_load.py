"""Every promised kind of file is read; what cannot be read says why and what to do."""

import io
import zipfile
from pathlib import Path

import pytest

from tests.ingestion.files import encrypted_pdf_bytes, pdf_bytes, write_docx
from tutor.errors import DocumentError
from tutor.ingestion.load import load_bytes, read_bytes

CHINESE = "缓存保存历史词元的键和值，避免重复计算。\nKV cache 的代价是显存。"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "gb18030"])
def test_chinese_text_is_read_in_every_promised_encoding(encoding: str) -> None:
    assert load_bytes(CHINESE.encode(encoding), "a.txt").text == CHINESE


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-le", "gb18030", "cp1252"])
def test_english_text_is_read_in_every_promised_encoding(encoding: str) -> None:
    text = "It costs 5 % – “roughly” – of the memory, so what?\n" * 3
    assert load_bytes(text.encode(encoding), "a.txt").text == text


def test_rare_and_traditional_characters_of_gb18030_are_text() -> None:
    text = "模型評估與訓練，𠮷野家。" * 3 + "常见的文字占多数，罕见的字只有几个而已。"
    assert load_bytes(text.encode("gb18030"), "a.md").text == text


def test_a_text_cut_off_inside_a_character_is_still_read() -> None:
    data = (CHINESE * 3).encode()
    assert load_bytes(data + "尾".encode()[:2], "a.txt").text == CHINESE * 3


@pytest.mark.parametrize(
    ("data", "name", "found", "next_step"),
    [
        (b"", "a.txt", "empty file", "Fill it"),
        (b" \n\t\n", "a.md", "empty file", "Fill it"),
        (b"....---....", "a.txt", "none in it", "Check the file"),
        (bytes(range(256)) * 20, "a.txt", "none of them", "save it as UTF-8"),
        (b"\x00\x01\x02\x03" * 500, "a.txt", "none of them", "save it as UTF-8"),
        (b"\x89PNG\r\n\x1a\n" + b"\x00" * 50, "a.txt", "an image", "run again"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 50, "a.docx", "password-protected Office", "Save it as .docx"),
        (b"{\\rtf1 hello}", "a.txt", "RTF", "Save it as"),
        (b"<!DOCTYPE html><html><body>x</body></html>", "a.txt", "a web page", "Rename it to `a.html`"),
        (b"plain words", "a.pdf", "something else", "Name it after"),
        (b"%PDF-1.4\njunk", "a.pdf", "a damaged one", "download it again"),
        (b"PK\x03\x04 cut off", "a.docx", "damaged archive", "Save it as"),
        (b"hello", "a.docx", "a damaged one", "save a copy"),
        (b"hello", "a.xyz", "`.xyz`", "Convert it"),
        (b"hello", "README", "no suffix", "name it after"),
    ],
)
def test_a_bad_file_says_what_was_found_and_what_to_do(data: bytes, name: str, found: str, next_step: str) -> None:
    with pytest.raises(DocumentError) as error:
        load_bytes(data, name)
    assert name in str(error.value)
    assert "expected" in str(error.value)
    assert found in str(error.value)
    assert next_step in str(error.value)


def test_a_pdf_under_a_wrong_name_is_told_its_right_one(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match=r"found a PDF\. Rename it to `notes.pdf`"):
        load_bytes(pdf_bytes([["text"]]), "notes.txt")
    word = write_docx(tmp_path / "a.docx").read_bytes()
    with pytest.raises(DocumentError, match=r"found a Word document\. Rename it to `notes.docx`"):
        load_bytes(word, "notes.md")


@pytest.mark.parametrize("name", ["download", "download.pdf_", "scan.2026-01"])
def test_a_file_whose_name_tells_no_kind_is_told_what_it_is(name: str) -> None:
    with pytest.raises(DocumentError, match=r"found a PDF\. Rename it to `(download|scan)\.pdf`"):
        load_bytes(pdf_bytes([["text"]]), name)


@pytest.mark.parametrize("name", ["a.markdown", "a.text", "A.MD"])
def test_other_names_of_text_are_read(name: str) -> None:
    assert load_bytes(CHINESE.encode(), name).text == CHINESE


def test_an_encrypted_pdf_is_refused_unless_it_opens_without_password() -> None:
    with pytest.raises(DocumentError, match=r"encrypted.*Save a copy without password"):
        load_bytes(encrypted_pdf_bytes("secret"), "a.pdf")
    assert load_bytes(encrypted_pdf_bytes(""), "a.pdf").text == "secret text of one page"


def test_a_scanned_pdf_is_refused_with_the_way_out() -> None:
    with pytest.raises(DocumentError, match=r"3 page\(s\) of pictures.*OCR"):
        load_bytes(pdf_bytes([[], [], []]), "scan.pdf")


def test_a_file_that_is_too_large_is_not_even_opened(tmp_path: Path) -> None:
    file = tmp_path / "big.txt"
    file.write_bytes(b"x" * 2_000)
    with pytest.raises(DocumentError, match=r"at most 0.001 MB, found 0.0 MB"):
        read_bytes(file, max_megabytes=0.001)


def test_a_file_without_permission_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "mine.txt"
    file.write_text("x")

    def refuse(path: Path) -> bytes:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(Path, "read_bytes", refuse)  # root may read everything, so chmod proves nothing
    with pytest.raises(DocumentError, match=r"reading is not permitted\. Change its permissions"):
        read_bytes(file)


def test_a_link_to_nothing_says_so(tmp_path: Path) -> None:
    link = tmp_path / "gone.txt"
    link.symlink_to(tmp_path / "nowhere.txt")
    with pytest.raises(DocumentError, match="No such file"):
        read_bytes(link)


def test_a_pdf_loses_running_heads_page_numbers_hyphens_and_wrapped_lines() -> None:
    bodies = [
        [
            "The entropy of the next token says how much infor-",
            "mation the model lacks, and it falls with every layer of",
            "context.",
        ],
        ["温度缩放不会改变最可能的词元，却会改变其余词元之间的概率差距，所以贪心解码的结果", "与温度无关。"],
        ["1. What is perplexity?", "The exponential of the mean cross-entropy.", "A value of one is certainty."],
    ]
    pages = [["Lecture notes 2025", *body, f"Page {number} of 3"] for number, body in enumerate(bodies, start=1)]
    loaded = load_bytes(pdf_bytes(pages, "Entropy and 采样"), "a.pdf")
    assert loaded.title == "Entropy and 采样"
    assert [line for line in loaded.text.split("\n") if line] == [
        "The entropy of the next token says how much information the model lacks, and it falls with every layer of context.",
        "温度缩放不会改变最可能的词元，却会改变其余词元之间的概率差距，所以贪心解码的结果与温度无关。",
        "1. What is perplexity?",
        "The exponential of the mean cross-entropy. A value of one is certainty.",
    ]


def test_a_title_that_a_program_wrote_is_no_title() -> None:
    assert load_bytes(pdf_bytes([["some text"]], "Microsoft Word - draft7.docx"), "a.pdf").title == ""


def test_a_word_document_keeps_headings_lists_and_tables(tmp_path: Path) -> None:
    loaded = load_bytes(write_docx(tmp_path / "notes.docx").read_bytes(), "notes.docx")
    assert loaded.title == "Serving notes"
    assert [line for line in loaded.text.split("\n") if line] == [
        "# Serving notes",
        "# Batching",
        "Requests share one forward pass.",
        "- static batches wait",
        "- continuous batches do not",
        "# Questions",
        "1. What limits the batch?",
        "2. When does it hurt?",
        "| kind | gain |",
        "| --- | --- |",
        "| static | 1x |",
    ]


@pytest.mark.parametrize(
    ("name", "better"), [("a.doc", ".docx"), ("a.RTF", ".docx"), ("a.ppt", ".pptx"), ("a.xls", ".xlsx")]
)
def test_kinds_that_other_programs_can_convert_say_into_what(name: str, better: str) -> None:
    with pytest.raises(DocumentError, match=f"save it as {better}") as caught:
        load_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 old", name)
    assert f"另存为 {better}" in caught.value.in_language("zh")


@pytest.mark.parametrize("change", [{6: 0xFF}, {4: 0xFF}], ids=["name flags", "version"])
def test_an_archive_that_no_program_opens_is_called_damaged_or_unknown(change: dict[int, int], tmp_path: Path) -> None:
    """The standard library raises other errors than BadZipFile for a later version and for names in no encoding."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("\u95ee.txt", "x")
    data = bytearray(packed.getvalue())
    directory = data.index(b"PK\x01\x02")
    for offset, value in change.items():
        data[directory + 2 + offset - 2] = value
    with pytest.raises(DocumentError):
        load_bytes(bytes(data), "a.txt")
