"""A page as PDFium sees it -> lines with their places. The only door to pypdfium2's raw calls, with `read`.

A line goes on while letters follow on one baseline without a wide gap; small letters beside it are raised or lowered. Knows
nothing of columns, tables and paragraphs. PDFium's own line breaks and order of letters within a line are not used.
"""

import ctypes
import math
import unicodedata
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import islice, takewhile
from typing import Any

import pypdfium2.raw as pdfium

from tutor.ingestion.pdf.lines import RULE, Box, Line, Page
from tutor.ingestion.typography import is_monospaced, lowered, raised

_MOST_LETTERS = 60_000  # of a page; a dense page of a newspaper has 20,000
_MOST_SHAPES = 4_000  # drawings have more, tables do not
_WIDE_GAP = 0.9  # in sizes; what is farther right may be another cell or column
_WORD_GAP = 0.3
_BLANK = 0.15  # in sizes; PDFium tells of no blank behind a script
_HYPHENS = frozenset({0xFFFE, 0x02, 0xAD})  # PDFium writes the first two for a hyphen at the end of a line
_BLANKS = frozenset({0x09, 0x20, 0xA0, 0x3000})
_SAMPLED = 40  # letters that say how the page is turned
_MOST_MARKS = 400
_BOLD = ("bold", "black", "heavy", "semibold", "cmbx", "lmromandemi")
_FIXED_PITCH = 1  # flag of a font


def read_page(page: Any) -> Page:
    """The lines, shapes and pictures of a pypdfium2 page that is open."""
    text_page = page.get_textpage()
    left, bottom, right, top = page.get_mediabox()
    size = (right - left, top - bottom)
    shapes, pictured = _shapes(page.raw, size[0] * size[1])
    walls = sorted((box for box in shapes if box.width < RULE < box.height), key=lambda box: box.left)
    try:
        turn = _turn(text_page.raw)
        lines = _lines(text_page.raw, turn, size, [] if turn else walls)
    finally:
        text_page.close()
    if turn:
        return Page(*(size if turn == 2 else size[::-1]), tuple(lines), (), pictured)
    return Page(*size, tuple(_with_drawn_marks(lines, shapes)), tuple(shapes), pictured)


@dataclass(frozen=True)
class _Letter:
    number: int  # in PDFium's count
    text: str
    x: float  # where it starts on the baseline
    y: float
    right: float
    size: float
    after_blank: bool


@dataclass
class _Building:
    """A line that is being read."""

    size: float
    baseline: float
    left: float
    right: float
    first: int
    parts: list[tuple[str, str]] = field(default_factory=list)  # (kind, text); kind is "", "^" or "_"
    last: "_Letter | None" = None

    def add(self, kind: str, letter: _Letter) -> None:
        text = letter.text
        behind_script = bool(self.parts) and self.parts[-1][0] != "" and letter.x - self.right > _BLANK * self.size
        if kind == "" and self.parts and (letter.after_blank or behind_script):
            text = " " + text
        if self.parts and self.parts[-1][0] == kind:
            self.parts[-1] = (kind, self.parts[-1][1] + text)
        else:
            self.parts.append((kind, text))
        self.right, self.last = max(self.right, letter.right), letter


def _with_scripts(parts: list[tuple[str, str]]) -> str:
    text = ""
    for number, (kind, piece) in enumerate(parts):
        following = parts[number + 1][1] if number + 1 < len(parts) else ""
        if kind == "^" and _marks_a_note(text, piece):
            text += f"[{piece}]"
        elif kind:
            text += (raised if kind == "^" else lowered)(piece, following)
        else:
            text += piece
    return text


def _marks_a_note(before: str, script: str) -> bool:
    """A number that is raised behind a word or a sentence, or before its note; behind a variable it is an exponent."""
    word = before.rstrip()[-4:]
    ends_word = len(word) == 4 and word.isalpha() and word.islower()
    return script.isdigit() and (
        not word or ends_word or not ((word[-1].isascii() and word[-1].isalnum()) or word[-1] in ")]}")
    )


def _lines(text_page: Any, turn: int, size: tuple[float, float], walls: list[Box]) -> list[Line]:
    lines: list[Line] = []
    aside: list[str] = []  # what is turned against the rest, such as a stamp in the margin
    building: _Building | None = None
    for letter in _letters(text_page, turn, size):
        kind = _kind(building, letter, walls) if building else None
        if building is not None and kind is not None:
            building.add(kind, letter)
            continue
        if building is not None:
            lines.append(_finished(text_page, building))
        building = None
        if _quarter_turns(text_page, letter.number) == turn:
            building = _Building(letter.size, letter.y, letter.x, letter.right, letter.number)
            building.add("", letter)
        else:
            aside.append(" " * letter.after_blank + letter.text)
    if building is not None:
        lines.append(_finished(text_page, building))
    stamp = "".join(aside).strip()
    return lines + ([Line(stamp, 0, 0, 0, 1)] if stamp else [])


def _finished(text_page: Any, line: _Building) -> Line:
    """Bold and code are lines that begin and end so: a bold word at the front makes no heading."""
    fonts = [_font(text_page, number) for number in {line.first, line.last.number if line.last else line.first}]
    is_bold, is_code = (all(marks) for marks in zip(*fonts, strict=True))
    return Line(_with_scripts(line.parts), line.left, line.right, line.baseline, line.size, is_bold, is_code)


def _font(text_page: Any, number: int) -> tuple[bool, bool]:
    """(is bold, has letters of one width)"""
    buffer, flags = ctypes.create_string_buffer(128), ctypes.c_int()
    pdfium.FPDFText_GetFontInfo(text_page, number, buffer, 128, flags)
    name = buffer.value.decode("utf-8", "replace").lower()
    is_bold = pdfium.FPDFText_GetFontWeight(text_page, number) >= 600 or any(word in name for word in _BOLD)
    return is_bold, bool(flags.value & _FIXED_PITCH) or is_monospaced(name)


def _quarter_turns(text_page: Any, number: int) -> int:
    angle: float = pdfium.FPDFText_GetCharAngle(text_page, number)
    return round(angle / (math.pi / 2)) % 4


def _turn(text_page: Any) -> int:
    """Quarter turns of most of the text: pages that are wider than high are often turned."""
    count = pdfium.FPDFText_CountChars(text_page)
    places = range(0, count, max(1, count // _SAMPLED))
    turns = Counter(_quarter_turns(text_page, n) for n in places if pdfium.FPDFText_GetUnicode(text_page, n) > 32)
    return turns.most_common(1)[0][0] if turns else 0


def _kind(line: _Building, letter: _Letter, walls: list[Box]) -> str | None:
    """How a letter stands on the line: "" on it, "^" raised, "_" lowered, None on another line."""
    gap, rise = letter.x - line.right, letter.y - line.baseline
    size = line.size
    if line.last is not None and (line.last.x, line.last.y, line.last.right) == (letter.x, letter.y, letter.right):
        return line.parts[-1][0]  # a ligature that PDFium took apart
    if not -0.6 * size <= gap <= _WIDE_GAP * size or (gap > _WORD_GAP * size and _is_walled(line, letter, walls)):
        return None
    if (
        letter.size > 1.18 * size
        and len(line.parts) == 1
        and len(line.parts[0][1]) <= 3
        and -0.7 * letter.size < rise < -0.12 * letter.size
    ):
        line.parts = [("^", line.parts[0][1])]  # the line began with the raised mark of a note
        line.size, line.baseline = letter.size, letter.y
        return ""
    if abs(rise) <= 0.1 * size:
        return ""
    is_small = letter.size <= 0.86 * size and gap <= 0.5 * size
    if is_small and 0.1 * size < rise <= 0.75 * size:
        return "^"
    if is_small and -0.45 * size <= rise < -0.05 * size:
        return "_"
    return "" if abs(rise) <= 0.2 * size else None


def _is_walled(line: _Building, letter: _Letter, walls: list[Box]) -> bool:
    start = bisect_left(walls, line.right - 1, key=lambda wall: wall.left)
    between = takewhile(lambda wall: wall.left <= letter.x + 1, islice(walls, start, None))
    return any(wall.bottom <= letter.y <= wall.top for wall in between)


def _letters(text_page: Any, turn: int, page_size: tuple[float, float]) -> Iterator[_Letter]:
    """All letters with their places, as if the page were upright. Blanks are told by the letter after them."""
    x, y, box, matrix = ctypes.c_double(), ctypes.c_double(), pdfium.FS_RECTF(), pdfium.FS_MATRIX()
    scales: dict[tuple[float, float], float] = {}
    after_blank = False
    for number in range(min(_MOST_LETTERS, pdfium.FPDFText_CountChars(text_page))):
        code = pdfium.FPDFText_GetUnicode(text_page, number)
        if code in _BLANKS or (code < 32 and code not in _HYPHENS):
            after_blank = after_blank or code in _BLANKS
            continue
        pdfium.FPDFText_GetCharOrigin(text_page, number, x, y)
        pdfium.FPDFText_GetLooseCharBox(text_page, number, box)
        size = pdfium.FPDFText_GetFontSize(text_page, number)
        key = (size, round(box.top - box.bottom, 1))
        if key not in scales:
            pdfium.FPDFText_GetMatrix(text_page, number, matrix)
            scales[key] = math.hypot(matrix.c, matrix.d) or 1.0
        left, right, baseline = _upright(turn, page_size, x.value, y.value, box)
        yield _Letter(number, _letter(code), left, baseline, right, size * scales[key] or 1.0, after_blank)
        after_blank = False


def _letter(code: int) -> str:
    if code in _HYPHENS:
        return "-"
    if 0xFB00 <= code <= 0xFB06:  # ligatures: fi, ffl
        return unicodedata.normalize("NFKC", chr(code))
    return chr(code) if code < 0xD800 or 0xE000 <= code < 0x110000 else "\ufffd"


def _upright(turn: int, page_size: tuple[float, float], x: float, y: float, box: Any) -> tuple[float, float, float]:
    """(left, right, baseline) of a letter after turning its page back."""
    width, height = page_size
    if turn == 1:
        return y, box.top, width - x
    if turn == 2:
        return width - x, width - box.left, height - y
    if turn == 3:
        return height - y, height - box.bottom, x
    return x, box.right, y


# --- what is drawn


def _shapes(page: Any, area: float) -> tuple[list[Box], float]:
    """(boxes of what is drawn, share of the page under pictures)."""
    boxes: list[Box] = []
    pictured = 0.0
    edges = [ctypes.c_float() for _ in range(4)]
    for number in range(min(_MOST_SHAPES, pdfium.FPDFPage_CountObjects(page))):
        thing = pdfium.FPDFPage_GetObject(page, number)
        kind = pdfium.FPDFPageObj_GetType(thing)
        if kind == pdfium.FPDF_PAGEOBJ_TEXT or not pdfium.FPDFPageObj_GetBounds(thing, *edges):
            continue
        box = Box(*(edge.value for edge in edges))
        boxes.append(box)
        if kind in {pdfium.FPDF_PAGEOBJ_IMAGE, pdfium.FPDF_PAGEOBJ_FORM}:
            pictured += box.width * box.height / area
    return boxes, min(1.0, pictured)


def _with_drawn_marks(lines: list[Line], shapes: list[Box]) -> list[Line]:
    """Lines that a small disc or square stands before are items: slides and browsers draw their bullets."""
    marks = [
        box for box in shapes if 0.5 < box.width < 12 and 0.5 < box.height < 12 and 0.4 < box.width / box.height < 2.5
    ]
    if not marks or len(marks) > _MOST_MARKS:
        return lines
    return [replace(line, is_item=True) if any(_stands_before(box, line) for box in marks) else line for line in lines]


def _stands_before(box: Box, line: Line) -> bool:
    level = line.baseline - 0.1 * line.size <= (box.bottom + box.top) / 2 <= line.baseline + 0.9 * line.size
    return level and box.height < 0.9 * line.size and 0 < line.left - box.right < 2 * line.size
