"""An Excel workbook -> its sheets, cells as Excel shows them. Formulas give their last result; nothing outside is followed."""

import datetime
import io
import warnings
from collections.abc import Iterator
from typing import Any

from tutor.ingestion.loaded import Loaded, counted
from tutor.ingestion.office_package import Package, office_damage_told
from tutor.ingestion.sheets import Sheet, load_sheets
from tutor.ingestion.typography import lowered, raised
from tutor.messages import Message

_MOST_XML_BYTES = 40_000_000  # about a million cells, which take half a gigabyte of memory when they are read
_MOST_MERGED = 20_000  # cells that a merged range writes out


def read_xlsx(data: bytes, name: str) -> Loaded:
    """The visible sheets. Raises DocumentError when it is damaged, or unpacks to too much."""
    with office_damage_told(name, Message("ingestion.a_workbook")):
        package = Package(data, name)
        package.refuse_more_than(_MOST_XML_BYTES)
        book = _opened(data)
        shown = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
        sheets = [Sheet(sheet.title if len(shown) > 1 else "", list(_rows(sheet))) for sheet in shown]
        hidden = [sheet.title for sheet in book.worksheets if sheet not in shown]
        title = package.title
    doubts = counted(
        Message("ingestion.sheets_hidden", count=len(hidden), example=hidden[0] if hidden else ""),
        Message("ingestion.pictures_not_read", count=package.count("xl/media/") + package.count("xl/charts/chart")),
    )
    return load_sheets(sheets, title, doubts)


def _opened(data: bytes) -> Any:
    from openpyxl import load_workbook

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of extensions that have nothing to do with text
        return load_workbook(io.BytesIO(data), data_only=True, keep_links=False, rich_text=True)


def _rows(sheet: Any) -> Iterator[list[str]]:
    covered = _covered(sheet)
    for number, row in enumerate(sheet.iter_rows(), start=1):
        yield [covered.get((number, column)) or _text(cell) for column, cell in enumerate(row, start=1)]


def _covered(sheet: Any) -> dict[tuple[int, int], str]:
    """(row, column) of cells that a merged range covers -> its text; over columns only where it is not the whole row."""
    covered: dict[tuple[int, int], str] = {}
    for area in sheet.merged_cells.ranges:
        text = _text(sheet.cell(area.min_row, area.min_col))
        is_banner = area.min_row == area.max_row and area.max_col - area.min_col + 1 >= sheet.max_column
        if is_banner or not text or len(covered) + area.size["rows"] * area.size["columns"] > _MOST_MERGED:
            continue
        for row in range(area.min_row, area.max_row + 1):
            covered.update({(row, column): text for column in range(area.min_col, area.max_col + 1)})
    return covered


def _text(cell: Any) -> str:
    """A cell as it is shown: `50%`, `2026-03-01`, `2` for 2.0, `10^23` for a raised 23."""
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float | int):
        return f"{value * 100:.10g}%" if "%" in str(cell.number_format) else f"{value:.15g}"
    if isinstance(value, datetime.datetime) and value.time() == datetime.time():
        return value.date().isoformat()
    if isinstance(value, list):
        return "".join(map(_run, value))
    return str(value)


def _run(block: Any) -> str:
    """A stretch of a cell with formats of its own."""
    text = str(block)
    script = getattr(getattr(block, "font", None), "vertAlign", None)
    return {"superscript": raised, "subscript": lowered}.get(str(script), str)(text)
