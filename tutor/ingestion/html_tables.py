"""Tables of a web page -> rows of text. Knows spans, nesting and heads, not how the text of a cell is written."""

import re
from collections.abc import Callable
from itertools import takewhile

from bs4 import Tag

from tutor.ingestion.grid import markdown_table

_LONGEST_CELL = 400  # characters; a table with longer ones lays out a page
_MOST_SPAN = 50
_MOST_CELLS = 200_000  # after spans are written out
_LAYOUT = ["h1", "h2", "h3", "h4", "h5", "h6", "article", "nav", "form"]


def is_layout(table: Tag) -> bool:
    """Whether a table only places things on a page: one column, headings or long texts in cells."""
    rows = _rows(table)
    cells = [cell for row in rows for cell in _cells(row)]
    if max((len(_cells(row)) for row in rows), default=0) < 2 or table.get("role") == "presentation":
        return True
    if any(cell.find(_LAYOUT) or "\n" in _code(cell) for cell in cells):
        return True
    return any(cell.find("table") and len(cell.get_text()) > _LONGEST_CELL for cell in cells)


def cells_of(table: Tag) -> list[Tag]:
    """The cells of a layout, in order, with its caption first."""
    caption = table.find("caption", recursive=False)
    return [*([caption] if isinstance(caption, Tag) else []), *(cell for row in _rows(table) for cell in _cells(row))]


def table_lines(table: Tag, text_of: Callable[[Tag], str]) -> list[str]:
    """Markdown of a data table: caption, head, rows. A cell that spans stands in each row and column that it covers."""
    rows = [row for row in _rows(table) if _cells(row)]
    heads = len(list(takewhile(_is_head, rows)))
    heads = heads if heads < len(rows) else 1
    grid = _grid(rows, text_of)
    width = max(map(len, grid), default=0)
    grid = [row + [""] * (width - len(row)) for row in grid]
    head = [_joined([row[column] for row in grid[:heads]]) for column in range(width)] if heads else []
    body = [row for row in grid[heads:] if any(row)]
    if not head:
        head = body.pop(0) if len(body) > 1 and _reads_as_head(body) else [""] * width
    caption = table.find("caption", recursive=False)
    above = [text_of(caption), ""] if isinstance(caption, Tag) and caption.get_text(strip=True) else []
    return [*above, *markdown_table([head, *body])] if any(head) or body else above


def _rows(table: Tag) -> list[Tag]:
    """The rows of this table, not of one inside it."""
    return [row for row in table.find_all("tr") if row.find_parent("table") is table]


def _cells(row: Tag) -> list[Tag]:
    return row.find_all(["td", "th"], recursive=False)


def _code(cell: Tag) -> str:
    return "\n".join(pre.get_text().strip("\n") for pre in cell.find_all("pre"))


def _is_head(row: Tag) -> bool:
    cells = _cells(row)
    if row.find_parent("thead"):
        return True
    return all(cell.name == "th" or _is_bold(cell) for cell in cells) if len(cells) > 1 else False


def _is_bold(cell: Tag) -> bool:
    text = cell.get_text(strip=True)
    return bool(text) and any(tag.get_text(strip=True) == text for tag in cell.find_all(["b", "strong"]))


def _reads_as_head(rows: list[list[str]]) -> bool:
    """Names over figures: no digits in the first row, and some column that is figures below it."""
    head, *body = rows
    if any(re.search(r"\d", cell) for cell in head) or not all(head[1:]):
        return False
    return any(
        all(re.match(r"[-+~≈<>]?[\d.,]+", row[column]) for row in body if row[column]) for column in range(1, len(head))
    )


def _grid(rows: list[Tag], text_of: Callable[[Tag], str]) -> list[list[str]]:
    """Texts of the cells with each span written out."""
    grid: list[list[str]] = []
    below: dict[int, tuple[int, str]] = {}  # column -> rows that a cell from above still covers, its text
    written = 0
    for row in rows:
        line: list[str] = []
        for cell in _cells(row):
            _fill(line, below)
            across, down = _span(cell, "colspan"), _span(cell, "rowspan")
            text = text_of(cell)
            for _ in range(across if written < _MOST_CELLS else 1):
                if down > 1:
                    below[len(line)] = (down - 1, text)
                line.append(text)
                written += 1
        _fill(line, below)
        grid.append(line)
    return grid


def _fill(line: list[str], below: dict[int, tuple[int, str]]) -> None:
    while len(line) in below:
        left, text = below.pop(len(line))
        if left > 1:
            below[len(line)] = (left - 1, text)
        line.append(text)


def _span(cell: Tag, name: str) -> int:
    told = str(cell.get(name) or "1").strip()
    return max(1, min(_MOST_SPAN, int(told))) if told.isdecimal() else 1


def _joined(texts: list[str]) -> str:
    return " ".join(dict.fromkeys(filter(None, texts)))
