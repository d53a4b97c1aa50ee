"""Lines of a Word document on their way to Markdown: code is marked until its neighbours are known, cells become rows."""

import re
from collections.abc import Iterator, Sequence

from tutor.ingestion.fences import fenced
from tutor.ingestion.grid import markdown_table
from tutor.ingestion.question_columns import question_pairs

CODE = "\x00"  # before a line of code
_LONG_CELL = 400  # characters; with several paragraphs a cell of a table that lays out a page


def with_fences(lines: Sequence[str]) -> list[str]:
    """Runs of lines of code between fences."""
    told: list[str] = []
    block: list[str] = []
    for line in [*lines, "end"]:
        if line.startswith(CODE):
            block.append(line[len(CODE) :].rstrip())
            continue
        if any(block):
            told += ["", *fenced("\n".join(block)), ""]
        block = []
        told.append(line)
    return told[:-1]


def table_lines(cells: Sequence[Sequence[str]], *, has_head: bool, depth: int) -> Iterator[str]:
    """Lines of a table; each cell is the lines that stand in it.

    Columns of questions and answers become headings of that depth with the answers under them, tables that only lay out
    a page their cells one after the other, any other table rows of cells.
    """
    pairs = question_pairs([[_one_line(cell) if "\n" not in cell else cell for cell in row] for row in cells])
    if pairs:
        for pair in pairs:
            heading = " ".join(_one_line(pair.question).split())
            yield from ("", f"{'#' * depth} {heading}" if heading else "", "", *pair.answer.split("\n"), "")
    elif any(map(_is_layout, (cell for row in cells for cell in row))):
        shown: list[str] = []
        for row in cells:
            for cell in row:
                if cell and cell not in shown[-len(row) :]:
                    yield from ("", *cell.split("\n"), "")
                shown.append(cell)
    elif cells:
        rows = [[_one_line(cell) for cell in row] for row in cells]
        yield from markdown_table(rows if has_head else [[""] * len(rows[0]), *rows])


def _is_layout(cell: str) -> bool:
    lines = [line for line in cell.split("\n") if line.strip()]
    code = sum(line.startswith(CODE) for line in lines)
    return code > 1 or any(re.match(r"#{1,6} ", line) for line in lines) or (len(cell) > _LONG_CELL and len(lines) > 3)


def _one_line(cell: str) -> str:
    """A cell on one line; a table in it as `a, b; c, d`."""
    parts: list[str] = []
    for line in cell.split("\n"):
        if re.fullmatch(r"[|\s-]*", line):
            continue
        row = re.fullmatch(r"\| (.*) \|", line)
        if row and parts and parts[-1].endswith("\n"):
            parts[-1] = parts[-1][:-1] + "; "
        if row:
            named = [text.strip() for text in row[1].split(" | ") if text.strip()]
            parts.append(", ".join(named) + "\n" if named else "")
        else:
            parts.append(line.replace(CODE, "").strip().lstrip("#").strip() + " ")
    text = " ".join("".join(parts).split())
    return re.sub(r"\$\$ (.+?) \$\$", r"$\1$", text)
