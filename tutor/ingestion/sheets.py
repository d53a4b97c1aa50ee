"""Sheets of texts -> questions with answers where the columns say so, tables elsewhere. Knows no file format."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tutor.ingestion.grid import even_rows, markdown_table
from tutor.ingestion.loaded import Loaded
from tutor.ingestion.pairs import Pair, load_pairs
from tutor.ingestion.question_columns import question_pairs
from tutor.ingestion.questions import is_question
from tutor.messages import Message


@dataclass(frozen=True)
class Sheet:
    """The texts of the cells by row; `name` is empty where there is only one."""

    name: str
    rows: Sequence[Sequence[str]]


def load_sheets(sheets: Iterable[Sheet], title: str = "", doubts: Iterable[Message] = ()) -> Loaded:
    """All sheets in their order, each under its name."""
    pairs = [pair for sheet in sheets for pair in _sheet_pairs(sheet)]
    return load_pairs(pairs, title, doubts)


def _sheet_pairs(sheet: Sheet) -> list[Pair]:
    rows = _trimmed(sheet.rows)
    path = (sheet.name,) if sheet.name else ()
    if not rows:
        return []
    if len(rows[0]) == 1:
        return [Pair(row[0], "", path) if is_question(row[0]) else Pair("", row[0], path) for row in rows]
    found = question_pairs(rows, path)
    if found:
        return found
    lines = [[" ".join(cell.split()) for cell in row] for row in rows]
    above: list[str] = []
    while len(lines) > 1 and sum(map(bool, lines[0])) == 1:  # a title over the table
        above.append(next(filter(None, lines.pop(0))))
    return [Pair("", "\n".join([*above, "", *markdown_table(lines)]).strip(), path)]


def _trimmed(rows: Iterable[Sequence[str]]) -> list[list[str]]:
    """Rows of one length, without empty rows and columns."""
    columns = zip(*even_rows([[cell.strip() for cell in row] for row in rows]), strict=True)
    return [list(row) for row in zip(*filter(any, columns), strict=True)]
