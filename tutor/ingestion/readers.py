"""Suffix -> reader: which kinds of file can be read. A reader turns bytes and a name into Markdown-like text and a title.

Readers of formats that are text already stand here; the others live in files of their own and are imported when a file
of their kind comes, so that a start of the program does not wait for their libraries.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from tutor.ingestion.decode import decode_text
from tutor.ingestion.loaded import Loaded, file_text


def _read_text(data: bytes, name: str) -> Loaded:
    from tutor.ingestion.anki_text import is_anki_text, read_anki_text

    text = file_text(data, name)
    return read_anki_text(text, name) if is_anki_text(text) else Loaded(text, "")


def _read_markdown(data: bytes, name: str) -> Loaded:
    from tutor.ingestion.read_markdown import plain_markdown

    return Loaded(*plain_markdown(file_text(data, name), is_mdx=name.lower().endswith(".mdx")))


def _read_html(data: bytes, name: str) -> Loaded:
    from tutor.ingestion.read_html import html_markdown

    return Loaded(*html_markdown(data, decode_text(data), name))


def _read_pdf(data: bytes, name: str) -> Loaded:
    from tutor.ingestion.pdf.read import pdf_text

    return Loaded(*pdf_text(data, name))


def _read_docx(data: bytes, name: str) -> Loaded:
    from tutor.ingestion.read_docx import docx_markdown

    return Loaded(*docx_markdown(data, name))


def _read_apkg(data: bytes, name: str) -> Loaded:
    from tutor.ingestion.read_apkg import read_apkg

    return read_apkg(data, name)


def _read_records(data: bytes, name: str) -> Loaded:
    from tutor.ingestion.read_records import read_records

    return read_records(data, name)


def _read_epub(data: bytes, name: str) -> Loaded:
    from tutor.ingestion.read_epub import read_epub

    return read_epub(data, name)


def _read_ipynb(data: bytes, name: str) -> Loaded:
    from tutor.ingestion.read_ipynb import read_ipynb

    return read_ipynb(data, name)


def _read_mhtml(data: bytes, name: str) -> Loaded:
    from tutor.ingestion.read_mhtml import read_mhtml

    return read_mhtml(data, name)


def _read_pptx(data: bytes, name: str) -> Loaded:
    from tutor.ingestion.read_pptx import pptx_markdown

    return Loaded(*pptx_markdown(data, name))


def _read_csv(data: bytes, name: str) -> Loaded:
    from tutor.ingestion.read_csv import read_csv

    return read_csv(data, name)


def _read_xlsx(data: bytes, name: str) -> Loaded:
    from tutor.ingestion.read_xlsx import read_xlsx

    return read_xlsx(data, name)


# One line a suffix, in the order in which a learner is told of them. A kind's first bytes or its members, where they
# tell it, stand in `content_kind`.
READERS: Mapping[str, Callable[[bytes, str], Loaded]] = MappingProxyType(
    {
        ".txt": _read_text,
        ".md": _read_markdown,
        ".html": _read_html,
        ".pdf": _read_pdf,
        ".docx": _read_docx,
        ".pptx": _read_pptx,
        ".xlsx": _read_xlsx,
        ".csv": _read_csv,
        ".epub": _read_epub,
        ".ipynb": _read_ipynb,
        ".mhtml": _read_mhtml,
        ".apkg": _read_apkg,
        ".json": _read_records,
        ".jsonl": _read_records,
        # other names of the same kinds
        ".docm": _read_docx,
        ".dotx": _read_docx,
        ".pptm": _read_pptx,
        ".ppsx": _read_pptx,
        ".xlsm": _read_xlsx,
        ".tsv": _read_csv,
        ".text": _read_text,
        ".markdown": _read_markdown,
        ".mdx": _read_markdown,
        ".htm": _read_html,
        ".xhtml": _read_html,
        ".mht": _read_mhtml,
        ".colpkg": _read_apkg,
    }
)

# What other programs write -> the kind to save it as: the programs themselves and LibreOffice do that without loss.
CONVERTIBLE: Mapping[str, str] = MappingProxyType(
    dict.fromkeys((".doc", ".dot", ".wps", ".rtf", ".odt", ".pages"), ".docx")
    | dict.fromkeys((".ppt", ".pps", ".dps", ".odp", ".key"), ".pptx")
    | dict.fromkeys((".xls", ".xlsb", ".et", ".ods", ".numbers"), ".xlsx")
)
