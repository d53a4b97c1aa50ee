"""What a file really is, whatever its name: told by its first bytes, and for a zip by what is in it."""

import io
import re
import zipfile
from typing import NamedTuple

from tutor.messages import Message


class ContentKind(NamedTuple):
    """What a content is, and the suffixes that are right for it (none: it cannot be read); the first is the usual one."""

    name: Message
    suffixes: tuple[str, ...] = ()


_SIGNATURES: tuple[tuple[bytes, ContentKind], ...] = (
    (b"%PDF-", ContentKind(Message("ingestion.a_pdf"), (".pdf",))),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", ContentKind(Message("ingestion.an_office_file"))),
    (b"{\\rtf", ContentKind(Message("ingestion.an_rtf_file"))),
    (b"\x89PNG", ContentKind(Message("ingestion.an_image"))),
    (b"\xff\xd8\xff", ContentKind(Message("ingestion.an_image"))),
    (b"GIF8", ContentKind(Message("ingestion.an_image"))),
    (b"\x1f\x8b", ContentKind(Message("ingestion.an_archive"))),
    (b"7z\xbc\xaf", ContentKind(Message("ingestion.an_archive"))),
    (b"Rar!", ContentKind(Message("ingestion.an_archive"))),
    (b"SQLite format 3", ContentKind(Message("ingestion.a_database"))),
    (b"\x7fELF", ContentKind(Message("ingestion.a_program"))),
    (b"MZ\x90", ContentKind(Message("ingestion.a_program"))),
)
_HTML_STARTS = (b"<!doctype html", b"<html")
_XML = re.compile(rb"<\?xml[^>]*\?>\s*", re.I)
# A member that only this kind of zip has -> the kind.
_ZIP_MEMBERS: tuple[tuple[str, ContentKind], ...] = (
    ("word/document.xml", ContentKind(Message("ingestion.a_word_document"), (".docx", ".docm", ".dotx"))),
    ("ppt/presentation.xml", ContentKind(Message("ingestion.a_presentation"), (".pptx", ".pptm", ".ppsx"))),
    ("xl/workbook.xml", ContentKind(Message("ingestion.a_workbook"), (".xlsx", ".xlsm"))),
    ("META-INF/container.xml", ContentKind(Message("ingestion.a_book"), (".epub",))),
    ("collection.anki2", ContentKind(Message("ingestion.an_anki_package"), (".apkg", ".colpkg"))),
    ("collection.anki21b", ContentKind(Message("ingestion.an_anki_package"), (".apkg", ".colpkg"))),
)


def content_kind(data: bytes) -> ContentKind | None:
    """What `data` is; None for plain text and the unknown."""
    if data.startswith(b"PK\x03\x04"):
        return _zip_kind(data)
    if _XML.sub(b"", data[:300].lstrip(b"\xef\xbb\xbf \t\r\n"), count=1).lower().startswith(_HTML_STARTS):
        return ContentKind(Message("ingestion.a_web_page"), (".html", ".htm", ".xhtml"))
    return next((kind for start, kind in _SIGNATURES if data.startswith(start)), None)


def _zip_kind(data: bytes) -> ContentKind:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, NotImplementedError, ValueError):  # of a later version, or names in no encoding
        return ContentKind(Message("ingestion.a_damaged_archive"))
    found = next((kind for member, kind in _ZIP_MEMBERS if member in names), None)
    return found or ContentKind(Message("ingestion.an_archive"))
