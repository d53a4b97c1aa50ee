"""The grid of a Word table: spanned cells repeat their text, so that every row can be read alone. Knows no Markdown."""

from collections.abc import Callable, Iterator
from typing import Any

from tutor.ingestion.grid import even_rows
from tutor.ingestion.word_styles import W, value

_THROUGH = frozenset(f"{W}{name}" for name in ("sdt", "sdtContent", "customXml", "ins", "moveTo", "smartTag"))
_MOST_COLUMNS = 63  # of Word
_FIRST_ROW = 0x20  # bit of w:tblLook that sets the first row apart


def table_rows(table: Any, cell_text: Callable[[Any], str]) -> list[list[str]]:
    """Texts of the cells, rows of one length; empty rows are left out.

    A cell over several rows stands in each of them, one over several columns in each of these (once where it is the
    whole row: then it is a heading inside the table).
    """
    rows: list[list[str]] = []
    above: dict[int, str] = {}
    for row in _found(table, "tr"):
        if row.find(f"{W}trPr/{W}del") is not None:
            continue
        texts = [""] * _number(value(row, "trPr", "gridBefore"), 0)
        cells = list(_found(row, "tc"))
        for cell in cells:
            width = _number(value(cell, "tcPr", "gridSpan"), 1)
            text = above.get(len(texts), "") if _goes_on(cell) else cell_text(cell)
            above.update(dict.fromkeys(range(len(texts), len(texts) + width), text))
            texts += [text] + ([""] * (width - 1) if len(cells) == 1 else [text] * (width - 1))
        rows.append(texts)
    return even_rows(rows)


def has_head(table: Any) -> bool:
    """Whether the first row names the columns: most tables say nothing, and then it does."""
    look = table.find(f"{W}tblPr/{W}tblLook")
    first = next(_found(table, "tr"), None)
    if look is None or (first is not None and first.find(f"{W}trPr/{W}tblHeader") is not None):
        return True
    bits = str(look.get(f"{W}val", ""))
    is_apart = bool(int(bits, 16) & _FIRST_ROW) if bits else False
    return str(look.get(f"{W}firstRow", "1" if is_apart else "0")) in {"1", "true", "on"}


def single_column(table: Any) -> list[Any]:
    """The cells of a table of one column: a frame around text; nothing for any other table."""
    rows = [list(_found(row, "tc")) for row in _found(table, "tr")]
    return [row[0] for row in rows if row] if all(len(row) <= 1 for row in rows) else []


def _found(node: Any, name: str) -> Iterator[Any]:
    for child in node:
        if child.tag == W + name:
            yield child
        elif child.tag in _THROUGH:
            yield from _found(child, name)


def _goes_on(cell: Any) -> bool:
    """Whether the cell is the lower part of one that starts above."""
    merged = cell.find(f"{W}tcPr/{W}vMerge")
    return merged is not None and merged.get(f"{W}val", "continue") != "restart"


def _number(text: str, otherwise: int) -> int:
    return min(int(text), _MOST_COLUMNS) if text.isdigit() else otherwise
