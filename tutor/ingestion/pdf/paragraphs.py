"""Pieces of pages in their order -> Markdown-like text: paragraphs, headings, items, code and tables.

A line belongs to the paragraph before it when it stands right under it, is set as it is and had no room there. Knows
places and sizes; of words it knows only list marks and ends of sentences.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median

from tutor.ingestion.fences import fenced
from tutor.ingestion.grid import markdown_table
from tutor.ingestion.pdf.edges import body_size
from tutor.ingestion.pdf.hyphens import Words
from tutor.ingestion.pdf.lines import Line
from tutor.ingestion.pdf.tables import Piece, Table

_BULLETS = "•●○▪◦‣∙·■□◆◇►▶➤➢✓✔❖\uf0b7\uf0a7\uf0d8\uf06c\uf06e\uf0fc\u2043"
_BULLET = re.compile(rf"(?:[{_BULLETS}]\s*|[-*–—]\s+)(?=\S)")
_LONE_MARK = re.compile(
    rf"[{_BULLETS}\-*–—]|\(?\d{{1,3}}[.)、．]|[（(][一二三四五六七八九十\d]+[)）]|[a-z][.)]|\d{{1,2}}(?:\.\d{{1,2}}){{0,3}}\.?"
)
_STARTS_ANEW = re.compile(
    r"\(?\d{1,3}[.)、．](?!\d)|[（(][一二三四五六七八九十\d]+[)）]|[一二三四五六七八九十]+、|第[一二三四五六七八九十\d]+[章节部]"
    r"|(?:Q|A|问|答|Question|Answer)\d*\s*[:：.]|#{1,6}\s|\[\d+\]\s?\S"
)
_SENTENCE_END = re.compile(r"[。！？!?；;：:.…”」』）)\]]$")
_NO_HEADING = re.compile(r"[。；;，,.…]$")
_NOTE = re.compile(r"(?:\[\d{1,3}\]|[*†‡])\s?\S")
_HEADING = 1.08  # of the size of the body
_LONGEST_HEADING = 120  # characters
_MOST_LEVELS = 5
_LOOSE = 1.9  # sizes between baselines where nothing says how the lines of a text are spaced


@dataclass
class _Paragraph:
    """Lines of one page or more that are one text."""

    lines: list[Line]
    kind: str  # p, li, h, code, note
    text: str = ""
    depth: int = 0  # of an item, or of a heading
    marked: float = 0.0  # where the text of an item begins


@dataclass
class _Setting:
    """How a document is set."""

    body: float
    leading: float  # sizes from baseline to baseline
    words: Words
    has_code: bool


def markdown(pages: Sequence[Sequence[Piece]], words: Words) -> str:
    """The text of all pages; lists, tables and code as Markdown, a blank line between paragraphs."""
    pages = [_rejoined(page) for page in pages]
    lines = [piece for page in pages for piece in page if isinstance(piece, Line)]
    setting = _Setting(body_size(lines), _leading(pages), words, _has_code(lines))
    found: list[_Paragraph | Table] = []
    notes: list[_Paragraph | Table] = []
    for page in pages:
        foot = _foot(page, setting)
        right = _Margins([piece for piece in page if isinstance(piece, Line)])
        for piece in page:
            if isinstance(piece, Table):
                _take_table(found, piece)
            elif id(piece) in foot:
                _take(notes, piece, right, setting)
            elif not _take(found, piece, right, setting) and notes:
                found[-1:-1], notes = notes, []
    blocks = [*found, *notes]
    levels = _levels([block for block in blocks if isinstance(block, _Paragraph) and block.kind == "h"])
    return "\n".join(_written(blocks, levels))


# --- how the document is set


def _leading(pages: Sequence[Sequence[Piece]]) -> float:
    """Sizes between the baselines of lines that follow one another, as most of them do."""
    steps: Counter[float] = Counter()
    for page in pages:
        for first, second in pairwise(page):
            if isinstance(first, Line) and isinstance(second, Line) and abs(first.size - second.size) < 0.5:
                step = (first.baseline - second.baseline) / first.size
                overlap = min(first.right, second.right) > max(first.left, second.left)
                if 0.9 < step < 2.6 and overlap:
                    steps[round(step, 1)] += 1
    if sum(steps.values()) < 6:
        return 0.0
    return min(step for step, count in steps.items() if count >= 0.5 * max(steps.values()))


def _has_code(lines: Sequence[Line]) -> bool:
    """A text that is set in letters of one width throughout has no code that could be told."""
    letters = sum(len(line.text) for line in lines)
    return sum(len(line.text) for line in lines if line.is_code) < 0.6 * letters


class _Margins:
    """How far right the lines of a page reach where another line stands."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self._lines = [line for line in lines if len(line.text) > 3][:_MOST_COMPARED]
        self._known: dict[int, float] = {}

    def right_of(self, line: Line) -> float:
        key = round(line.left / 12)
        if key not in self._known:
            beside = [
                other.right
                for other in self._lines
                if abs(other.left - line.left) <= 36 and abs(other.size - line.size) <= 0.1 * line.size
            ]
            self._known[key] = max(beside, default=line.right)
        return max(self._known[key], line.right)


_MOST_COMPARED = 400  # lines of a page


def _rejoined(page: Sequence[Piece]) -> list[Piece]:
    """Texts on one baseline that are no cells of a table are one line: a mark and its item, a name and a date."""
    joined: list[Piece] = []
    for piece in page:
        before = joined[-1] if joined else None
        if not (isinstance(before, Line) and isinstance(piece, Line)) or not _on_one_line(before, piece):
            joined.append(piece)
            continue
        joined[-1] = replace(
            before,
            text=f"{before.text} {piece.text.strip()}",
            right=piece.right,
            size=max(before.size, piece.size),
            is_bold=(before.is_bold and piece.is_bold) or (piece.is_bold and bool(_LONE_MARK.fullmatch(before.text))),
            is_code=before.is_code and piece.is_code,
        )
    return joined


def _on_one_line(before: Line, line: Line) -> bool:
    return abs(before.baseline - line.baseline) <= 0.3 * max(before.size, line.size) and line.left >= before.right - 2


def _foot(page: Sequence[Piece], setting: _Setting) -> set[int]:
    """Foot notes: small print under everything else, from the first line with the mark of a note."""
    found: list[Line] = []
    for piece in reversed(page):
        if not isinstance(piece, Line) or piece.size > 0.93 * setting.body:
            return {id(line) for line in found} if found and _NOTE.match(found[-1].text) else set()
        found.append(piece)
    return set()


# --- lines to paragraphs


def _take_table(found: list["_Paragraph | Table"], table: Table) -> None:
    """Adds a table, or its rows to the one before it that the end of a page has cut."""
    last = found[-1] if found else None
    if isinstance(last, Table) and len(last.rows[0]) == len(table.rows[0]):
        rows = table.rows[1:] if table.rows[0] == last.rows[0] else table.rows
        found[-1] = replace(last, rows=last.rows + rows)
    else:
        found.append(table)


def _take(found: list["_Paragraph | Table"], line: Line, margins: _Margins, setting: _Setting) -> bool:
    """Adds a line to the last paragraph (True) or opens another one (False)."""
    last = next((block for block in reversed(found) if isinstance(block, _Paragraph)), None)
    kind = _kind(line, setting)
    if last is not None and found[-1] is last and _belongs(last, line, kind, margins, setting):
        text = line.text.strip()
        last.text = (
            f"{last.text}\n{_indented(last, line)}" if last.kind == "code" else setting.words.joined(last.text, text)
        )
        last.lines.append(line)
        return True
    text = line.text.strip()
    mark = _BULLET.match(text)
    paragraph = _Paragraph([line], kind, text[mark.end() :] if mark and kind == "li" else text)
    if kind == "li":
        paragraph.depth = _depth(found, line)
    found.append(paragraph)
    return False


def _kind(line: Line, setting: _Setting) -> str:
    text = line.text.strip()
    if line.is_item or _BULLET.match(text):
        return "li"
    if line.is_code and setting.has_code:
        return "code"
    larger = line.size >= _HEADING * setting.body
    short = len(text) <= _LONGEST_HEADING and any(char.isalpha() for char in text)
    if short and (larger or (line.is_bold and not _NO_HEADING.search(text))):
        return "h"
    return "p"


def _belongs(last: _Paragraph, line: Line, kind: str, margins: _Margins, setting: _Setting) -> bool:
    before = last.lines[-1]
    if kind == "li" or (kind == "h") != (last.kind == "h") or (kind == "code") != (last.kind == "code"):
        return False
    if abs(before.size - line.size) > 0.1 * before.size or (kind == "h" and before.is_bold != line.is_bold):
        return False
    step = (before.baseline - line.baseline) / before.size
    if kind == "code":
        return 0 < step < 2.2
    text = before.text.strip()
    cut = bool(re.search(r"[^\W\d_]-$", text))
    if _STARTS_ANEW.match(line.text.strip()) and not cut:
        return False
    most = max(1.25 * setting.leading, setting.leading + 0.25) if setting.leading else _LOOSE
    if kind == "h":
        return 0 < step <= max(1.6, 0.9 * most) and not _leaves_room(before, line, margins)
    if not 0.3 < step <= most:
        far = step > most and len(last.lines) > 0 and step < 60 and before.left <= line.left + 40
        goes_on = cut or (not _SENTENCE_END.search(text) and not _leaves_room(before, line, margins))
        return goes_on and (step < 0.3 or (far and step > 6))
    if cut:
        return True
    if last.kind == "li" and line.left < last.lines[0].left - 2:
        return False
    if line.left > before.left + 0.8 * line.size and len(last.lines) > 1 and last.kind == "p":
        return False  # the first line of a paragraph is set in
    if _leaves_room(before, line, margins):
        return (
            bool(re.match(r"[a-z]", line.text))
            and not _SENTENCE_END.search(text)
            and before.right > line.left + 20 * line.size
        )
    return True


def _leaves_room(before: Line, line: Line, margins: _Margins) -> bool:
    """Whether the first word of a line would have fitted behind the line before it, so that it was not wrapped."""
    first = line.text.strip().split(" ")[0]
    is_han = bool(re.match(r"[\u3000-\u30ff\u3400-\u9fff\uff00-\uffef]", first))
    wide = 2 if is_han else min(len(first), 24) * (line.right - line.left) / max(1, len(line.text) * line.size) + 0.6
    return margins.right_of(before) - before.right > wide * line.size


def _depth(found: Sequence["_Paragraph | Table"], line: Line) -> int:
    """Of an item in a list of lists: one more than that of the item that it is set in under."""
    for block in reversed(found):
        if isinstance(block, Table) or block.kind != "li":
            return 0
        first = block.lines[0]
        if line.left > first.left + 0.8 * line.size:
            return min(block.depth + 1, 3)
        if line.left > first.left - 0.8 * line.size:
            return block.depth
    return 0


def _indented(code: _Paragraph, line: Line) -> str:
    """A line of code with the blanks that its place stands for."""
    first = code.lines[0]
    width = (first.right - first.left) / max(1, len(first.text.strip()))
    return " " * max(0, round((line.left - first.left) / width)) + line.text.strip() if width else line.text


# --- paragraphs to text


def _levels(headings: Sequence[_Paragraph]) -> dict[tuple[float, bool], int]:
    """Level of a heading by how it is set: the largest is the first."""
    styles = sorted({_style(heading) for heading in headings}, reverse=True)
    return {style: min(number, _MOST_LEVELS) for number, style in enumerate(styles, start=1)}


def _style(heading: _Paragraph) -> tuple[float, bool]:
    return round(median(line.size for line in heading.lines) * 2) / 2, heading.lines[0].is_bold


def _written(blocks: Sequence["_Paragraph | Table"], levels: dict[tuple[float, bool], int]) -> Iterator[str]:
    before = ""
    for block in blocks:
        kind = "table" if isinstance(block, Table) else block.kind
        if before and not (kind == before == "li"):
            yield ""
        before = kind
        if isinstance(block, Table):
            yield from markdown_table(block.rows) if len(block.rows) > 1 else [" ".join(filter(None, block.rows[0]))]
        elif kind == "li":
            yield f"{'  ' * block.depth}- {block.text}"
        elif kind == "h":
            yield f"{'#' * levels[_style(block)]} {block.text}"
        elif kind == "code" and len(block.lines) > 1:
            yield from fenced(block.text)
        else:
            yield block.text
