"""Running heads, feet and page numbers: what stands alone at the edge of pages and comes again at the same place."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace

from tutor.ingestion.pdf.columns import rows_of
from tutor.ingestion.pdf.lines import Line, Page

_PAGE_NUMBER = re.compile(
    r"\W*(?:(?:page|p\.|slide)\s*)?\d{1,4}(?:\s*(?:/|of|\|)\s*\d{1,4})?\W*|第\s*\d+\s*页(?:\s*[/,，共]*\s*\d+\s*页?)?|[ivxlc]{1,6}",
    re.I,
)
# What browsers print at the edges: the day and time, the address.
_PRINTED = re.compile(
    r"\d{1,4}[/.-]\d{1,2}[/.-]\d{2,4},?\s+(?:上午|下午)?\d{1,2}:\d{2}(?::\d{2})?(?:\s*[AP]M)?|(?:https?|file)://\S+",
    re.I,
)
_EDGE_ROWS = 2  # rows at the top and at the foot that may be furniture
_OUTER = 0.1  # of the height of the page: no gap is asked for there
_GAP = 1.7  # in sizes: what is as far from the text as this stands alone
_NEAR = 8.0  # points: a running head moves less
_SMALL = 1.05  # of the size of the body: what is larger is a heading, however often it comes
_HALF, _OFTEN = 0.4, 3  # left and right pages may have heads of their own; those of a chapter come again on some pages


def without_edges(pages: Sequence[Page], title: str = "") -> list[Page]:
    """The pages without running heads, feet and page numbers; `title` may be printed at the top of each."""
    body = body_size(line for page in pages for line in page.lines)
    edges = [_edge_rows(page) for page in pages]
    places: dict[tuple[bool, str], dict[int, float]] = defaultdict(dict)  # what stands at an edge -> page -> how far in
    for number, (page, rows) in enumerate(zip(pages, edges, strict=True)):
        for line in (line for row in rows for line in row):
            if line.size <= _SMALL * body and not line.is_item:
                places[_key(page, line)].setdefault(number, _offset(page, line))
    running = {key for key, found in places.items() if _comes_again(list(found.values()), len(pages))}
    cleaned = []
    for page, rows in zip(pages, edges, strict=True):
        doomed: set[Line] = set()
        for row in rows:
            heads = {line for line in row if _key(page, line) in running and line.size <= _SMALL * body}
            printed = {line for line in row if _is_printed(line, title, body)}
            doomed |= heads | printed if len(heads | printed) == len(row) else heads
        cleaned.append(replace(page, lines=tuple(line for line in page.lines if line not in doomed)))
    return cleaned


def body_size(lines: Iterable[Line]) -> float:
    """The size of most letters, in points; 10 where there are none."""
    sizes: Counter[float] = Counter()
    for line in lines:
        sizes[round(line.size * 2) / 2] += len(line.text)
    return sizes.most_common(1)[0][0] if sizes else 10.0


def _comes_again(offsets: list[float], pages: int) -> bool:
    offsets = sorted(offsets)
    middle = offsets[len(offsets) // 2]
    near = sum(abs(offset - middle) <= _NEAR for offset in offsets)
    return near >= 2 and (near >= _HALF * pages or near >= _OFTEN)


def _is_printed(line: Line, title: str, body: float) -> bool:
    text = line.text.strip()
    return bool(_PAGE_NUMBER.fullmatch(text) or _PRINTED.fullmatch(text)) or (
        text == title and bool(title) and line.size < 0.95 * body
    )


def _edge_rows(page: Page) -> list[list[Line]]:
    """The first and the last row, and those near them that stand alone or far out."""
    rows = rows_of(page.lines, nearness=0.4)
    found: dict[int, list[Line]] = {}
    for order in (range(len(rows)), range(len(rows) - 1, -1, -1)):
        for place in order[:_EDGE_ROWS]:
            row = rows[place]
            inner = place + order.step
            gap = abs(rows[inner][0].baseline - row[0].baseline) if 0 <= inner < len(rows) else page.height
            apart = gap > _GAP * max(line.size for line in row)
            if apart or place == order[0] or _offset(page, row[0]) <= _OUTER * page.height:
                found[place] = row
    return list(found.values())


def _key(page: Page, line: Line) -> tuple[bool, str]:
    return line.baseline > page.height / 2, _shape(line.text)


def _offset(page: Page, line: Line) -> float:
    """Points from the nearer edge."""
    return min(abs(page.height - line.baseline), abs(line.baseline))


def _shape(text: str) -> str:
    return re.sub(r"\d+", "#", " ".join(text.split()))
