"""One file -> Markdown-like text and a title, by a table of readers. Knows no cleaning and no index.

A file that cannot be read raises DocumentError: what was expected, what was found, what to do next.
"""

import io
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePath
from types import MappingProxyType

from tutor.errors import DocumentError
from tutor.ingestion.decode import decode_text
from tutor.ingestion.nonsense import strange_share
from tutor.messages import Message

MAX_MEGABYTES = 50
# Of the letters that belong to no language. The bank and whole pages in Chinese, Korean, Japanese or English have under
# .001; a few icons or rare names in a short note stay below the first, text in the wrong encoding is above.
_MUCH, _MOST = 0.2, 0.5
BANK_SUFFIXES = frozenset({".yaml", ".yml"})


@dataclass(frozen=True)
class Loaded:
    """What a reader found in a file."""

    text: str  # Markdown-like, not cleaned yet
    title: str  # empty where the file names none
    doubts: tuple[Message, ...] = ()  # what could not be read as it should


def read_bytes(path: Path, max_megabytes: float = MAX_MEGABYTES) -> bytes:
    """The raw bytes of a file. Raises DocumentError when they cannot be had or are too many."""
    try:
        size = path.stat().st_size
        if size > max_megabytes * 1e6:
            raise DocumentError(
                "ingestion.too_large", file=path.name, most_megabytes=max_megabytes, megabytes=size / 1e6
            )
        return path.read_bytes()
    except PermissionError:
        raise DocumentError("ingestion.not_permitted", file=path.name) from None
    except OSError as error:
        raise DocumentError("ingestion.unreadable", file=path.name, reason=error) from error


def load_bytes(data: bytes, name: str) -> Loaded:
    """Text and title of a file with that name and content. Raises DocumentError when it is damaged or of another kind."""
    suffix = PurePath(name).suffix.lower()
    reader = READERS.get(suffix)
    if reader is None:
        raise unknown_suffix(name, supported_suffixes())
    if not data.strip():
        raise DocumentError("ingestion.empty", file=name)
    _refuse_other_kinds(data, name, suffix)
    loaded = reader(data, name)
    if not any(char.isalnum() for char in loaded.text):
        raise DocumentError("ingestion.no_text", file=name)
    return _weighed(loaded, name)


def _weighed(loaded: Loaded, name: str) -> Loaded:
    """With a doubt where part of the text is nonsense. Raises DocumentError where most of it is."""
    share = strange_share(loaded.text)
    if share < _MUCH:
        return loaded
    doubts = (Message("ingestion.strange_letters", share=share), *loaded.doubts)
    if share >= _MOST:
        raise DocumentError("ingestion.nonsense", file=name, reasons=doubts)
    return replace(loaded, doubts=doubts)


def unknown_suffix(name: str, known: Sequence[str]) -> DocumentError:
    """What is wrong with a file of that name where only these suffixes can be read."""
    suffix = PurePath(name).suffix.lower()
    if not suffix:
        return DocumentError("ingestion.no_suffix", file=name, known=known)
    return DocumentError("ingestion.unknown_suffix", file=name, known=known, found=suffix)


def supported_suffixes() -> list[str]:
    """What can be ingested, bank files included."""
    return [*READERS, *sorted(BANK_SUFFIXES)]


# --- what a file really is, whatever its name

# First bytes, what it is, the suffix that would be right ("": not supported).
_SIGNATURES: tuple[tuple[bytes, Message, str], ...] = (
    (b"%PDF-", Message("ingestion.a_pdf"), ".pdf"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", Message("ingestion.an_office_file"), ""),
    (b"{\\rtf", Message("ingestion.an_rtf_file"), ""),
    (b"\x89PNG", Message("ingestion.an_image"), ""),
    (b"\xff\xd8\xff", Message("ingestion.an_image"), ""),
    (b"GIF8", Message("ingestion.an_image"), ""),
    (b"\x1f\x8b", Message("ingestion.an_archive"), ""),
    (b"7z\xbc\xaf", Message("ingestion.an_archive"), ""),
    (b"Rar!", Message("ingestion.an_archive"), ""),
    (b"SQLite format 3", Message("ingestion.a_database"), ""),
    (b"\x7fELF", Message("ingestion.a_program"), ""),
    (b"MZ\x90", Message("ingestion.a_program"), ""),
)
_HTML_STARTS = (b"<!doctype html", b"<html")


def _refuse_other_kinds(data: bytes, name: str, suffix: str) -> None:
    kind, right = _kind(data)
    if not kind or right == suffix or (suffix in {".html", ".htm"} and right == ".html"):
        if suffix == ".pdf" and right != ".pdf" and b"%PDF-" not in data[:1024]:
            raise DocumentError("ingestion.no_pdf", file=name)
        return
    if right:
        better = PurePath(name).with_suffix(right)
        raise DocumentError("ingestion.misnamed", file=name, suffix=suffix, found=kind, better=better)
    raise DocumentError("ingestion.other_kind", file=name, suffix=suffix, found=kind)


def _kind(data: bytes) -> tuple[Message | None, str]:
    """(what it is, the suffix that would be right); None for plain text and the unknown."""
    if data.startswith(b"PK\x03\x04"):
        return _zip_kind(data)
    if data[:200].lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith(_HTML_STARTS):
        return Message("ingestion.a_web_page"), ".html"
    return next(((kind, suffix) for start, kind, suffix in _SIGNATURES if data.startswith(start)), (None, ""))


def _zip_kind(data: bytes) -> tuple[Message, str]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = archive.namelist()
    except zipfile.BadZipFile:
        return Message("ingestion.a_damaged_archive"), ""
    if "word/document.xml" in names:
        return Message("ingestion.a_word_document"), ".docx"
    return Message("ingestion.an_archive"), ""


# --- the readers of formats that are text already; the others live in files of their own


def _read_text(data: bytes, name: str) -> Loaded:
    text = decode_text(data)
    if text is None:
        raise DocumentError("ingestion.unknown_encoding", file=name)
    return Loaded(text, "")


def _read_markdown(data: bytes, name: str) -> Loaded:
    from tutor.ingestion.read_markdown import plain_markdown

    return Loaded(*plain_markdown(_read_text(data, name).text))


def _read_html(data: bytes, name: str) -> Loaded:
    from tutor.ingestion.read_html import html_markdown

    return Loaded(*html_markdown(data, decode_text(data), name))


def _read_pdf(data: bytes, name: str) -> Loaded:
    from tutor.ingestion.read_pdf import pdf_text

    return Loaded(*pdf_text(data, name))


def _read_docx(data: bytes, name: str) -> Loaded:
    from tutor.ingestion.read_docx import docx_markdown

    return Loaded(*docx_markdown(data, name))


READERS: Mapping[str, Callable[[bytes, str], Loaded]] = MappingProxyType(
    {
        ".txt": _read_text,
        ".md": _read_markdown,
        ".html": _read_html,
        ".htm": _read_html,
        ".pdf": _read_pdf,
        ".docx": _read_docx,
    }
)
