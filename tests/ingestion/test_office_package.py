"""An Office file costs bounded memory, and nothing outside of it is ever looked at."""

import io
import zipfile

import pytest

from tests.ingestion.word_files import lines_of, paragraph, run, word_bytes
from tutor.errors import DocumentError
from tutor.ingestion import office_package, read_xlsx
from tutor.ingestion.load import load_bytes


def rezipped(data: bytes, old: bytes, new: bytes) -> bytes:
    """The same zip with other bytes in its parts."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            target.writestr(name, source.read(name).replace(old, new))
    return stream.getvalue()


def test_a_part_that_unpacks_to_too_much_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(office_package, "_MOST_XML_BYTES", 1_000_000)
    with pytest.raises(DocumentError, match="expected at most 1 MB unpacked, found 2 MB"):
        load_bytes(word_bytes(paragraph("word " * 400_000)), "a.docx")


def test_a_workbook_that_unpacks_to_too_much_is_refused_before_it_is_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    from openpyxl import Workbook

    book = Workbook()
    for number in range(2_000):
        book.active.append([f"a long text in row {number}"])
    stream = io.BytesIO()
    book.save(stream)
    monkeypatch.setattr(read_xlsx, "_MOST_XML_BYTES", 50_000)
    with pytest.raises(DocumentError, match="unpacked"):
        load_bytes(stream.getvalue(), "a.xlsx")


def test_pictures_and_macros_are_not_even_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(office_package, "_MOST_XML_BYTES", 100_000)
    big = {"word/vbaProject.bin": ("vbaProject", "x" * 500_000), "word/media/a.png": ("image", "x" * 500_000)}
    assert lines_of(paragraph("Words."), parts=big) == ["Words."]


def test_entities_are_not_resolved_and_links_not_followed() -> None:
    whole = word_bytes(paragraph(run("Before.") + '<w:hyperlink r:id="x">' + run(" &secret;") + "</w:hyperlink>"))
    start = b"<w:document"
    attack = rezipped(whole, start, b'<!DOCTYPE a [<!ENTITY secret SYSTEM "file:///etc/hostname">]>' + start)
    assert load_bytes(attack, "a.docx").text == "Before."


def test_strict_open_xml_is_read() -> None:
    strict = rezipped(
        word_bytes(paragraph("Words of a strict file.")),
        b"http://schemas.openxmlformats.org/wordprocessingml/2006/",
        b"http://purl.oclc.org/ooxml/wordprocessingml/",
    )
    assert load_bytes(strict, "a.docx").text == "Words of a strict file."


def test_an_archive_that_is_cut_off_or_nested_too_deep_is_a_clear_error() -> None:
    deep = "<w:tbl><w:tr><w:tc>" * 400 + paragraph("x") + "</w:tc></w:tr></w:tbl>" * 400
    for data in (word_bytes(paragraph("Words."))[:-40], word_bytes(deep)):
        with pytest.raises(DocumentError, match="expected"):
            load_bytes(data, "a.docx")
