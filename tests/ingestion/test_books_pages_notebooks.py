"""E-books, pages saved as one file and notebooks: all their text in its order, what is no text told."""

import io
import json
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from tutor.errors import DocumentError
from tutor.ingestion.load import load_bytes
from tutor.ingestion.pipeline import read_document

DATA = Path(__file__).parent / "data"
BOOK = """<container><rootfiles><rootfile full-path="OEBPS/book.opf"/></rootfiles></container>"""


def lines_of(name: str) -> list[str]:
    return [line for line in load_bytes((DATA / name).read_bytes(), name).text.split("\n") if line]


def book_bytes(chapters: Mapping[str, str], **others: str) -> bytes:
    """A book whose spine has the chapters in the order given, whatever order the zip has."""
    items = "".join(
        f'<item id="i{n}" href="{href}" media-type="application/xhtml+xml"/>' for n, href in enumerate(chapters)
    )
    spine = "".join(f'<itemref idref="i{n}"/>' for n in range(len(chapters)))
    package = f"<package><metadata/><manifest>{items}</manifest><spine>{spine}</spine></package>"
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("META-INF/container.xml", BOOK)
        archive.writestr("OEBPS/book.opf", package)
        for href in sorted(chapters):
            archive.writestr(f"OEBPS/{href.replace('%20', ' ')}", chapters[href])
        for name, text in others.items():
            archive.writestr(f"META-INF/{name}.xml", text)
    return packed.getvalue()


@pytest.mark.parametrize("name", ["book-2.epub", "book-3.epub"])
def test_a_book_is_read_chapter_by_chapter_with_formulas_tables_and_code(name: str) -> None:
    lines = lines_of(name)
    for line in (
        "# Attention",
        "| kind | gain |",
        "| paged | 24x |",
        "- blocks of 16 tokens",
        "    return x",
        "# 量化",
    ):
        assert line in lines
    assert lines.index("# Attention") < lines.index("## What is paging?") < lines.index("# 量化")
    text = "\n".join(lines)
    assert "$QK^T/\\sqrt{d_k}$" in text
    assert "10^23 FLOPs." in text
    assert "A note at the foot." in text


def test_a_book_has_its_own_title_and_tells_its_pictures() -> None:
    document, passages, doubts = read_document((DATA / "book-3.epub").read_bytes(), "b.epub", "file:1", "0", "/b.epub")
    assert document.title == "Serving notes"
    assert not any("A. Author" in passage.text for passage in passages), "the title page is furniture"
    assert [passage.heading_path for passage in passages] == [
        ("Attention",),
        ("Attention", "What is paging?"),
        ("量化",),
    ]
    assert ["pictures" in str(doubt) for doubt in doubts] == [True]


def test_chapters_come_in_the_order_of_reading_not_of_the_zip() -> None:
    chapters = {
        "z.xhtml": "<p>First words.</p>",
        "sub/b%20c.xhtml": "<p>Second words.</p>",
        "a.xhtml": "<p>Third words.</p>",
    }
    assert load_bytes(book_bytes(chapters), "a.epub").text.split("\n\n") == [
        "First words.",
        "Second words.",
        "Third words.",
    ]


def test_elements_that_are_closed_at_once_hold_nothing() -> None:
    page = '<html xmlns="http://www.w3.org/1999/xhtml"><head><title/><script src="x"/></head><body><a id="p1"/><p>正文在此。<br/>次行。</p></body></html>'
    assert load_bytes(book_bytes({"a.xhtml": page}), "a.epub").text == "正文在此。\n次行。"


def test_nothing_of_a_book_is_taken_for_page_furniture() -> None:
    page = '<div id="related-work"><p>Related work.</p></div><aside><p>A box of the author.</p></aside><ul class="nav"><li><a href="b">b one</a></li></ul>'
    text = load_bytes(book_bytes({"a.xhtml": page}), "a.epub").text
    assert all(words in text for words in ("Related work.", "A box of the author.", "b one"))


def test_an_encrypted_book_and_a_damaged_one_say_so() -> None:
    locked = '<encryption><CipherReference URI="OEBPS/a.xhtml"/></encryption>'
    with pytest.raises(DocumentError, match="shop encrypted"):
        load_bytes(book_bytes({"a.xhtml": "<p>x</p>"}, encryption=locked), "a.epub")
    fonts = '<encryption><CipherReference URI="OEBPS/font.otf"/></encryption>'
    assert load_bytes(book_bytes({"a.xhtml": "<p>x</p>"}, encryption=fonts), "a.epub").text == "x"
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("META-INF/container.xml", BOOK)
    with pytest.raises(DocumentError, match=r"e-book, found a damaged one.*book\.opf"):
        load_bytes(packed.getvalue(), "a.epub")
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("META-INF/container.xml", "<container/>")
    with pytest.raises(DocumentError, match="e-book, found a damaged one"):
        load_bytes(packed.getvalue(), "a.epub")


def test_a_book_that_names_files_outside_of_it_reads_none_of_them(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("the secret words")
    package = f'<!DOCTYPE p [<!ENTITY x SYSTEM "{secret.as_uri()}">]><package><metadata><title>&x;</title></metadata></package>'
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("META-INF/container.xml", BOOK)
        archive.writestr("OEBPS/book.opf", package)
    with pytest.raises(DocumentError, match="none in it"):
        load_bytes(packed.getvalue(), "a.epub")


def test_a_page_saved_as_one_file_is_read_as_a_page() -> None:
    loaded = load_bytes((DATA / "page.mhtml").read_bytes(), "page.mhtml")
    assert loaded.title == "量化面试题"
    assert "## 什么是 AWQ？" in loaded.text
    assert "保护 1% 的重要通道" in loaded.text
    assert "首页" not in loaded.text


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_the_encoding_that_a_saved_page_tells_is_taken(encoding: str) -> None:
    head = (
        f"MIME-Version: 1.0\r\nContent-Type: text/html; charset={encoding}\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
    )
    page = "<html><body><p>学习率先升后降，称为预热。</p></body></html>"
    assert load_bytes(head.encode() + page.encode(encoding), "a.mht").text == "学习率先升后降，称为预热。"


def test_a_saved_page_without_a_page_says_so() -> None:
    with pytest.raises(DocumentError, match="found none in it"):
        load_bytes(b"MIME-Version: 1.0\r\nContent-Type: text/css\r\n\r\nbody {}", "a.mhtml")


@pytest.mark.parametrize("name", ["notebook.ipynb", "notebook-v3.ipynb"])
def test_a_notebook_keeps_its_cells_in_order_and_short_outputs(name: str) -> None:
    loaded = load_bytes((DATA / name).read_bytes(), name)
    blocks = loaded.text.split("\n\n")
    assert blocks[:2] == ["# Sampling", "## What is temperature?"]
    assert "```python\nimport math\n# soften\nprint(math.exp(1/2))\n```" in blocks
    assert "```text\n1.6487212707001282\n```" in blocks
    assert "```text\nZeroDivisionError: division by zero\n```" in blocks
    assert blocks[-2:] == ["## 为什么要用 top-p？", "截断长尾。"]
    assert "100%" not in loaded.text, "progress bars are no text"
    assert "Figure size" not in loaded.text
    assert [str(doubt) for doubt in loaded.doubts] == [
        "outputs that are pictures and are not read: 1",
        "outputs of which only the first 20 lines are read: 1",
    ]


def test_an_unclosed_fence_in_one_cell_does_not_swallow_the_next() -> None:
    cells = [
        {"cell_type": "markdown", "source": ["```python\n", "x = 1\n"]},
        {"cell_type": "markdown", "source": "## Why seed?\nTo repeat a run."},
    ]
    data = json.dumps({"cells": cells, "metadata": {}, "nbformat": 4}).encode()
    _, passages, _ = read_document(data, "a.ipynb", "file:1", "0", "/a.ipynb")
    assert passages[-1].text == "Why seed?\nTo repeat a run."


@pytest.mark.parametrize("data", [b"{}", b"[]", b'{"cells": 3}', b"plain words", b'{"worksheets": [1]}'])
def test_what_is_no_notebook_says_so(data: bytes) -> None:
    with pytest.raises(DocumentError, match="Jupyter notebook, found something else"):
        load_bytes(data, "a.ipynb")
