"""Rows of texts -> a table of Markdown. Knows no format: what spans, and where texts come from, readers decide."""

from collections.abc import Sequence


def even_rows(rows: Sequence[Sequence[str]]) -> list[list[str]]:
    """The rows that have a text, all of the length of the longest."""
    filled = [list(row) for row in rows if any(row)]
    width = max(map(len, filled), default=0)
    return [row + [""] * (width - len(row)) for row in filled]


def markdown_table(rows: Sequence[Sequence[str]]) -> list[str]:
    """Markdown lines of a table whose first row is its head; all rows have the same length, each cell is one line."""
    head, *body = ["| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in rows]
    return [head, "|" + " --- |" * len(rows[0]), *body]
