"""Word files, slides, sheets and e-books -> their lines, from the raw XML in the archive: every text element, in order."""

import posixpath
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

from lxml import etree

_PARAGRAPHS = frozenset({"p", "tr"})
_LEFT_OUT = frozenset({"moveFrom", "del", "Fallback", "instrText", "rt"})
_BREAKS = {"tab": " ", "br": "\n", "cr": "\n", "noBreakHyphen": "-", "tc": " "}
_MATHS = "http://schemas.openxmlformats.org/officeDocument/2006/math"  # LaTeX has other words: no comparison
_DAYS = re.compile(r"[34]\d{4}(?:\.\d+)?")  # dates are stored as days since 1900 and shown otherwise
_SLIDE = re.compile(r"ppt/slides/slide(\d+)\.xml")


def word_lines(path: Path) -> list[str]:
    """Every `w:t` of body, footnotes and endnotes; removed and moved-away text is left out."""
    with zipfile.ZipFile(path) as archive:
        names = [
            name for name in archive.namelist() if re.fullmatch(r"word/(?:document|footnotes|endnotes)\.xml", name)
        ]
        return [line for name in sorted(names) for line in _lines(archive.read(name))]


def slides_lines(path: Path) -> list[str]:
    """Every `a:t` of the slides in the order of their numbers."""
    with zipfile.ZipFile(path) as archive:
        numbered = sorted((int(found[1]), name) for name in archive.namelist() if (found := _SLIDE.fullmatch(name)))
        return [line for _, name in numbered for line in _lines(archive.read(name))]


def sheets_lines(path: Path) -> list[str]:
    """The cells of every row of every sheet; numbers as they are stored, dates and formulas left out."""
    with zipfile.ZipFile(path) as archive:
        names = archive.namelist()
        shared = "xl/sharedStrings.xml"
        texts = [
            "".join(item.itertext("{*}t")) for item in etree.fromstring(archive.read(shared)).iterfind("./{*}si")
        ] if shared in names else []  # fmt: skip
        sheets = sorted(name for name in names if re.fullmatch(r"xl/worksheets/sheet\d+\.xml", name))
        rows = [row for name in sheets for row in etree.fromstring(archive.read(name)).iter("{*}row")]
        return [" | ".join(_cell(cell, texts) for cell in row.iterfind("./{*}c")) for row in rows]


def _cell(cell: etree._Element, texts: list[str]) -> str:
    value = "".join(cell.itertext("{*}v", "{*}t"))
    if cell.get("t") == "s":
        return texts[int(value)]
    return "" if _DAYS.fullmatch(value) else value


def epub_pages(path: Path) -> Iterator[bytes]:
    """The pages of an e-book in the order of its spine."""
    with zipfile.ZipFile(path) as archive:
        package = etree.fromstring(archive.read("META-INF/container.xml")).find(".//{*}rootfile")
        name = "" if package is None else str(package.get("full-path"))
        tree = etree.fromstring(archive.read(name))
        pages = {item.get("id"): item for item in tree.iterfind(".//{*}manifest/{*}item")}
        for place in tree.iterfind(".//{*}spine/{*}itemref"):
            item = pages.get(place.get("idref"))
            if item is not None and item.get("properties") != "nav":
                yield archive.read(
                    posixpath.normpath(posixpath.join(posixpath.dirname(name), unquote(item.get("href") or "")))
                )


def _lines(data: bytes) -> list[str]:
    pieces: list[str] = []
    _walk(etree.fromstring(data), pieces)
    return [line for line in "".join(pieces).split("\n") if line.strip()]


def _walk(element: etree._Element, pieces: list[str]) -> None:
    name = etree.QName(element).localname if isinstance(element.tag, str) else ""
    if not name or name in _LEFT_OUT:
        return
    if etree.QName(element).namespace == _MATHS:
        pieces.append(" ")
        return
    if name == "t":
        pieces.append(element.text or "")
        return
    raised = name == "r" and element.find("./{*}rPr/{*}vertAlign") is not None
    pieces.append(" " if raised else _BREAKS.get(name, ""))
    for child in element:
        _walk(child, pieces)
    pieces.append("\n" if name in _PARAGRAPHS else " " if raised else "")
