"""Tables on a page: cells between drawn rules, or rows of texts that stand under one another. Makes rows, not Markdown."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tutor.ingestion.pdf.hyphens import Words
from tutor.ingestion.pdf.lines import RULE, Box, Line, Page

_TOUCH = 3.0  # points; rules that are as near belong together
_MOST_RULES = 1_500
_LONGEST_CELL = 400  # characters; with longer ones the rules are a layout, not a table
_LONG_LINES = 18  # sizes; two texts side by side whose lines are as long are columns of prose
_LEAST_ROWS = {2: 3}  # of texts without rules, by columns; two otherwise


@dataclass(frozen=True)
class Table:
    """Rows of cells and the place of the whole."""

    rows: tuple[tuple[str, ...], ...]
    left: float
    right: float
    baseline: float  # of the first row
    size: float


Piece = Line | Table


def with_tables(page: Page, words: Words) -> list[Piece]:
    """Lines of a page in their order, with tables in place of the lines that they hold."""
    grids = _grids(page.shapes)
    held: list[list[Line]] = [[] for _ in grids]
    pieces: list[Piece | int] = []
    for line in page.lines:
        number = next((number for number, grid in enumerate(grids) if grid.holds(line)), None)
        if number is None:
            pieces.append(line)
            continue
        if not held[number]:
            pieces.append(number)
        held[number].append(line)
    return [piece for run in _runs(pieces, grids, held, words) for piece in run]


def _runs(
    pieces: Sequence[Piece | int], grids: Sequence["_Grid"], held: Sequence[list[Line]], words: Words
) -> Iterator[Sequence[Piece]]:
    loose: list[Line] = []
    for piece in pieces:
        if isinstance(piece, Line):
            loose.append(piece)
            continue
        yield _with_bare_tables(loose, words)
        loose = []
        yield grids[piece].table(held[piece], words) if isinstance(piece, int) else [piece]
    yield _with_bare_tables(loose, words)


# --- between rules


@dataclass(frozen=True)
class _Grid:
    columns: tuple[float, ...]  # x of the upright rules
    rows: tuple[float, ...]  # y of the level ones, upwards

    def holds(self, line: Line) -> bool:
        level = line.baseline + 0.3 * line.size
        inside = self.columns[0] - 2 <= line.left and line.left + 1 <= self.columns[-1]
        return inside and self.rows[0] <= level <= self.rows[-1]

    def table(self, lines: Sequence[Line], words: Words) -> list[Piece]:
        """One table; the lines, cell by cell, where it is none."""
        cells: dict[tuple[int, int], list[Line]] = {}
        for line in lines:
            row = bisect_right(self.rows, line.baseline + 0.3 * line.size)
            cells.setdefault((-row, bisect_right(self.columns, line.left + 1)), []).append(line)
        texts = {place: _cell(found, words) for place, found in cells.items()}
        rows, columns = sorted({row for row, _ in cells}), sorted({column for _, column in cells})
        full = sum(sum((row, column) in cells for column in columns) > 1 for row in rows)
        if len(columns) < 2 or full < max(1, len(rows) / 2) or max(map(len, texts.values())) > _LONGEST_CELL:
            return [line for place in sorted(cells) for line in cells[place]]
        filled = tuple(tuple(texts.get((row, column), "") for column in columns) for row in rows)
        first = max(lines, key=lambda line: line.baseline)
        return [Table(filled, self.columns[0], self.columns[-1], first.baseline, first.size)]


def _cell(lines: Sequence[Line], words: Words) -> str:
    text = ""
    for line in sorted(lines, key=lambda line: (-round(line.baseline), line.left)):
        text = words.joined(text, line.text.strip())
    return text


def _grids(shapes: Sequence[Box]) -> list[_Grid]:
    """Where upright and level rules make at least two columns; a table that a page cuts may have one row on it."""
    rules = [box for box in shapes if min(box.width, box.height) < RULE < max(box.width, box.height)]
    rules += [edge for box in shapes if min(box.width, box.height) >= 8 for edge in _outline(box)]
    found = []
    for group in _touching(rules[:_MOST_RULES]):
        columns = _places([rule.left for rule in group if rule.height > rule.width])
        rows = _places([rule.bottom for rule in group if rule.width > rule.height])
        if len(columns) > 2 and len(rows) > 1:
            found.append(_Grid(columns, rows))
    return found


def _outline(box: Box) -> list[Box]:
    """The edges of a frame: some programs draw each cell as one."""
    left, bottom, right, top = box.left, box.bottom, box.right, box.top
    return [
        Box(left, bottom, left, top),
        Box(right, bottom, right, top),
        Box(left, bottom, right, bottom),
        Box(left, top, right, top),
    ]


def _touching(rules: Sequence[Box]) -> list[list[Box]]:
    """Rules in groups that hang together."""
    groups: list[tuple[Box, list[Box]]] = []
    for rule in sorted(rules, key=lambda rule: (-rule.top, rule.left)):
        near = [group for group in groups if _touch(group[0], rule)]
        members = [rule, *(member for _, group in near for member in group)]
        around = Box(
            min([rule.left, *(box.left for box, _ in near)]),
            min([rule.bottom, *(box.bottom for box, _ in near)]),
            max([rule.right, *(box.right for box, _ in near)]),
            max([rule.top, *(box.top for box, _ in near)]),
        )
        groups = [group for group in groups if group not in near]
        groups.append((around, members))
    return [members for _, members in groups]


def _touch(first: Box, second: Box) -> bool:
    return (
        first.left - _TOUCH <= second.right
        and second.left - _TOUCH <= first.right
        and first.bottom - _TOUCH <= second.top
        and second.bottom - _TOUCH <= first.top
    )


def _places(values: Sequence[float]) -> tuple[float, ...]:
    """Different places, from the least."""
    places: list[float] = []
    for value in sorted(values):
        if not places or value - places[-1] > 2 * _TOUCH:
            places.append(value)
    return tuple(places)


# --- without rules


def _with_bare_tables(lines: Sequence[Line], words: Words) -> list[Piece]:
    pieces: list[Piece] = []
    run: list[list[Line]] = []
    for row in [*_rows(lines), []]:
        if len(row) > 1 and (not run or _follows(run[-1], row)):
            run.append(row)
            continue
        pieces += _bare_table(run, words)
        run = [row] if len(row) > 1 else []
        pieces += row if len(row) == 1 else []
    return pieces


def _rows(lines: Sequence[Line]) -> list[list[Line]]:
    """Neighbours in the text that stand on one baseline, from left to right."""
    rows: list[list[Line]] = []
    for line in lines:
        before = rows[-1][-1] if rows else None
        if before and abs(before.baseline - line.baseline) <= 0.3 * line.size and line.left >= before.right - 1:
            rows[-1].append(line)
        else:
            rows.append([line])
    return rows


def _follows(above: Sequence[Line], row: Sequence[Line]) -> bool:
    alike = abs(above[0].size - row[0].size) <= 0.1 * row[0].size
    return alike and 0 < above[0].baseline - row[0].baseline <= 3 * above[0].size


def _bare_table(run: Sequence[Sequence[Line]], words: Words) -> list[Piece]:
    """The rows as a table where they stand in columns, as lines otherwise."""
    lines = [line for row in run for line in row]
    if not lines:
        return []
    columns = _columns(lines)
    count = len(columns)
    places = [[bisect_right(columns, line.left + 1) for line in row] for row in run]
    regular = all(len(set(row)) == len(row) for row in places)
    prose = sum(line.right - line.left > _LONG_LINES * line.size for line in lines) > 0.3 * len(lines)
    if count < 2 or len(run) < _LEAST_ROWS.get(count, 2) or not regular or prose:
        return list(lines)
    rows = []
    for row, cells in zip(run, places, strict=True):
        texts = [""] * count
        for line, place in zip(row, cells, strict=True):
            texts[place - 1] = words.joined("", line.text.strip())
        rows.append(tuple(texts))
    left, right = min(line.left for line in lines), max(line.right for line in lines)
    return [Table(tuple(rows), left, right, lines[0].baseline, lines[0].size)]


def _columns(lines: Sequence[Line]) -> list[float]:
    """Where columns begin: no line of the run stands across the gap before them."""
    starts: list[float] = []
    reach = float("-inf")
    for line in sorted(lines, key=lambda line: line.left):
        if line.left > reach + 2:
            starts.append(line.left)
        reach = max(reach, line.right)
    return starts
