"""A Word document -> Markdown: headings, lists, tables, formulas as their plain characters. Headers and footers are left out."""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from tutor.errors import DocumentError
from tutor.ingestion.html_tables import markdown_table

if TYPE_CHECKING:
    from docx.table import Table
    from docx.text.paragraph import Paragraph

# What python-docx, lxml (its XMLSyntaxError is a SyntaxError) and zipfile let through on a damaged file.
_DAMAGE = (
    zipfile.BadZipFile, zlib.error, SyntaxError, KeyError, ValueError, IndexError, TypeError, AttributeError, RuntimeError,
    NotImplementedError, OSError, EOFError,
)  # fmt: skip
_MOST_UNPACKED_BYTES = 300_000_000  # a small archive can unpack to a disk full
_HEADING = re.compile(r"(?:heading|标题|überschrift|titre)\s*([1-9])", re.IGNORECASE)
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"


def docx_markdown(data: bytes, name: str) -> tuple[str, str]:
    """(Markdown, title or ""). Raises DocumentError when it is damaged or no Word document."""
    from docx import Document
    from docx.opc.exceptions import PackageNotFoundError

    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            unpacked = sum(item.file_size for item in archive.infolist())
        if unpacked > _MOST_UNPACKED_BYTES:
            raise DocumentError(
                "ingestion.too_large_unpacked",
                file=name,
                most_megabytes=_MOST_UNPACKED_BYTES // 1_000_000,
                megabytes=unpacked // 1_000_000,
            )
        word = Document(io.BytesIO(data))
        numbers = _Numbers(word)
        lines = [line for item in word.iter_inner_content() for line in _block(item, numbers)]
        title = (word.core_properties.title or "").strip()
    except (PackageNotFoundError, *_DAMAGE) as error:
        raise DocumentError("ingestion.damaged_word", file=name, reason=error) from error
    if not title:
        title = next((line[2:] for line in lines if line.startswith("# ")), "")
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip(), title


class _Numbers:
    """Counts the items of Word's automatic lists, whose numbers are not part of the text."""

    def __init__(self, word: Any) -> None:
        self._counts: dict[tuple[int, int], int] = {}
        self._formats: dict[tuple[int, int], str] = {}
        numbering = next(
            (part for part in word.part.package.parts if str(part.partname).endswith("/numbering.xml")), None
        )
        if numbering is not None:
            self._read_formats(numbering.element)

    def _read_formats(self, root: Any) -> None:
        levels = {
            int(abstract.get(f"{_W}abstractNumId")): {
                int(level.get(f"{_W}ilvl")): level.find(f"{_W}numFmt").get(f"{_W}val")
                for level in abstract.iter(f"{_W}lvl")
                if level.find(f"{_W}numFmt") is not None
            }
            for abstract in root.iter(f"{_W}abstractNum")
        }
        for number in root.iter(f"{_W}num"):
            base = int(number.find(f"{_W}abstractNumId").get(f"{_W}val"))
            for level, kind in levels.get(base, {}).items():
                self._formats[int(number.get(f"{_W}numId")), level] = kind

    def mark(self, paragraph: Any) -> str:
        """What stands before a list item: "- ", "3. "; "" for a paragraph that is none."""
        own = paragraph._p.pPr
        of_style = paragraph.style.element.pPr if paragraph.style is not None else None
        found = [item.numPr for item in (own, of_style) if item is not None and item.numPr is not None]
        if not found or found[0].numId is None or found[0].numId.val == 0:
            return ""
        depth = next((int(item.ilvl.val) for item in found if item.ilvl is not None), 0)
        key = (int(found[0].numId.val), depth)
        indent = "   " * depth
        if self._formats.get(key, "bullet") in {"bullet", "none"}:
            return f"{indent}- "
        self._counts = {
            other: count for other, count in self._counts.items() if other[0] != key[0] or other[1] <= depth
        }
        self._counts[key] = self._counts.get(key, 0) + 1
        return f"{indent}{self._counts[key]}. "


def _block(item: "Paragraph | Table", numbers: _Numbers) -> Iterator[str]:
    if hasattr(item, "rows"):
        yield from ("", *_table(item), "")
        return
    text = _text(item)
    if not text.strip():
        yield ""
        return
    style = (item.style.name if item.style is not None else "") or ""
    heading = _HEADING.match(style)
    mark = numbers.mark(item)
    line = " ".join(text.split())
    if heading:
        yield from ("", f"{'#' * min(6, int(heading[1]))} {mark.strip('- ')}{' ' * bool(mark.strip('- '))}{line}", "")
    elif style in {"Title", "标题", "题目"}:
        yield from ("", f"# {line}", "")
    elif mark:
        yield mark + line
    else:
        yield from (*text.split("\n"), "")


def _text(paragraph: Any) -> str:
    """Text of a paragraph with the characters of its formulas in place (python-docx skips them)."""
    pieces: list[str] = []
    for node in paragraph._p.iter():
        if node.tag in {f"{_W}t", f"{_M}t"}:
            pieces.append(node.text or "")
        elif node.tag == f"{_W}tab":
            pieces.append("\t" if node.getparent().tag == f"{_W}r" else "")
        elif node.tag in {f"{_W}br", f"{_W}cr"}:
            pieces.append("\n")
    return "".join(pieces)


def _table(table: Any) -> list[str]:
    rows = [[" ".join(cell.text.split()).replace("|", "\\|") for cell in row.cells] for row in table.rows]
    rows = [row for row in rows if any(row)]
    width = max(map(len, rows), default=0)
    if width == 1:
        return [row[0] for row in rows]
    return markdown_table([row + [""] * (width - len(row)) for row in rows]) if rows else []
