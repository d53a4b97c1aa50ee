"""One file -> Markdown-like text and a title, by a table of readers. Knows no cleaning and no index.

A file that cannot be read raises DocumentError: what was expected, what was found, what to do next.
"""

import io
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePath
from types import MappingProxyType

from tutor.errors import DocumentError
from tutor.ingestion.decode import decode_text

MAX_MEGABYTES = 50
BANK_SUFFIXES = frozenset({".yaml", ".yml"})


@dataclass(frozen=True)
class Loaded:
    """What a reader found in a file."""

    text: str  # Markdown-like, not cleaned yet
    title: str  # empty where the file names none


def load_file(path: Path, max_megabytes: float = MAX_MEGABYTES) -> Loaded:
    """Text and title of a file. Raises DocumentError when it is missing, too large, damaged or of another kind."""
    return load_bytes(read_bytes(path, max_megabytes), path.name)


def read_bytes(path: Path, max_megabytes: float = MAX_MEGABYTES) -> bytes:
    """The raw bytes of a file. Raises DocumentError when they cannot be had or are too many."""
    try:
        size = path.stat().st_size
        if size > max_megabytes * 1e6:
            raise DocumentError(
                f"`{path.name}`: expected at most {max_megabytes:g} MB, found {size / 1e6:.1f} MB. Split it and run again."
            )
        return path.read_bytes()
    except PermissionError:
        raise DocumentError(
            f"`{path.name}`: expected a file that can be read, found that reading is not permitted. "
            "Change its permissions and run again."
        ) from None
    except OSError as error:
        raise DocumentError(
            f"`{path.name}`: expected a file that can be read, found: {error.strerror or error}. "
            "Restore it or leave it out, then run again."
        ) from error


def load_bytes(data: bytes, name: str) -> Loaded:
    """As `load_file`, for a file of that name and content."""
    suffix = PurePath(name).suffix.lower()
    reader = READERS.get(suffix)
    if reader is None:
        raise DocumentError(
            f"`{name}`: expected one of {', '.join(supported_suffixes())}, found `{suffix or 'no suffix'}`. "
            "Convert it, or name it after what it holds."
        )
    if not data.strip():
        raise DocumentError(f"`{name}`: expected some text, found an empty file. Fill it or delete it.")
    _refuse_other_kinds(data, name, suffix)
    loaded = reader(data, name)
    if not any(char.isalnum() for char in loaded.text):
        raise DocumentError(f"`{name}`: expected some text, found none in it. Check the file, or leave it out.")
    return loaded


def supported_suffixes() -> list[str]:
    """What can be ingested, bank files included."""
    return [*READERS, *sorted(BANK_SUFFIXES)]


# --- what a file really is, whatever its name

# First bytes, what it is, the suffix that would be right ("": not supported).
_SIGNATURES: tuple[tuple[bytes, str, str], ...] = (
    (b"%PDF-", "a PDF", ".pdf"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old or password-protected Office file", ""),
    (b"{\\rtf", "a rich-text (RTF) file", ""),
    (b"\x89PNG", "an image", ""),
    (b"\xff\xd8\xff", "an image", ""),
    (b"GIF8", "an image", ""),
    (b"\x1f\x8b", "a compressed archive", ""),
    (b"7z\xbc\xaf", "a compressed archive", ""),
    (b"Rar!", "a compressed archive", ""),
    (b"SQLite format 3", "a database", ""),
    (b"\x7fELF", "a program", ""),
    (b"MZ\x90", "a program", ""),
)
_HTML_STARTS = (b"<!doctype html", b"<html")


def _refuse_other_kinds(data: bytes, name: str, suffix: str) -> None:
    kind, right = _kind(data)
    if not kind or right == suffix or (suffix in {".html", ".htm"} and right == ".html"):
        if suffix == ".pdf" and right != ".pdf" and b"%PDF-" not in data[:1024]:
            raise DocumentError(f"`{name}`: expected a PDF, found something else. Name it after what it really is.")
        return
    if right:
        better = PurePath(name).with_suffix(right)
        raise DocumentError(
            f"`{name}`: expected the content of a {suffix} file, found {kind}. Rename it to `{better}` and run again."
        )
    raise DocumentError(
        f"`{name}`: expected the content of a {suffix} file, found {kind}. "
        "Save it as .docx, .pdf or .txt without a password and run again."
    )


def _kind(data: bytes) -> tuple[str, str]:
    """(what it is in words, the suffix that would be right); empty words for plain text and the unknown."""
    if data.startswith(b"PK\x03\x04"):
        return _zip_kind(data)
    if data[:200].lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith(_HTML_STARTS):
        return "a web page", ".html"
    return next(((kind, suffix) for start, kind, suffix in _SIGNATURES if data.startswith(start)), ("", ""))


def _zip_kind(data: bytes) -> tuple[str, str]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = archive.namelist()
    except zipfile.BadZipFile:
        return "a damaged archive", ""
    return ("a Word document", ".docx") if "word/document.xml" in names else ("a compressed archive", "")


# --- the readers of formats that are text already; the others live in files of their own


def _read_text(data: bytes, name: str) -> Loaded:
    text = decode_text(data)
    if text is None:
        raise DocumentError(
            f"`{name}`: expected text in UTF-8, UTF-16 or GB18030, found bytes that are none of them. "
            "If it is text, save it as UTF-8; if not, leave it out."
        )
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
