"""Code blocks and display formulas are put aside while a text is cleaned, so that no rule can touch them.

A fence ends as CommonMark says, but at any indentation, because people close fences of list items at the margin. One that
is never closed ends before the first line that can be no code, or else with the text.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

_TICKS = re.compile(r"`{3,}")
MARK = "\x00"  # a line that starts with it stands for a block that was put aside
_OPENING = re.compile(r"((?:[ \t]*(?:[-*+]|\d{1,3}[.)])[ \t]+)?[ \t]*)(`{3,}(?=[^`]*$)|~{3,})[ \t]*(.*?)[ \t]*")
_CLOSING = re.compile(r"[ \t]*(`{3,}|~{3,})[ \t]*")
_LANGUAGE = re.compile(r"\{?[.\w+#-]+\}?(?:[ \t{,:].*)?")
_FORMULA_LINE = re.compile(r"[ \t]*\$\$[^\n]*[^\n\s$][^\n]*\$\$[ \t]*")
# What follows a blank line in a block that nobody closed, and is no code: a heading, a question, a sentence.
_NO_CODE = re.compile(
    r"#{2,6}\s+\S.*|#\s.*[?？]\s*|</?(?:details|summary)\b.*"
    r"|(?:\*\*)?(?:\d{1,3}\s*[.)、．]\s*)?(?:Q|问|提问|题目|面试官|Interviewer|Question|问题)\s*\d{0,3}\s*[:：.、].*"
    r"|(?:\*\*)?\d{1,3}\s*[.)、．]\s*[^\n]*[?？](?:\*\*)?\s*"
    r"|[^#/\s\"'<][^#]*[\u3400-\u9fff][^#]*[。？！]\s*|[A-Z][a-z']*(?: [\w',()/-]+){3,}[.?!:]\s*"
)
_BLANKS = str.maketrans(
    {
        **dict.fromkeys("\u00a0\u2000\u2001\u2002\u2003\u2007\u2009\u202f", " "),
        **dict.fromkeys("\u200b\u200c\u2060\ufeff", ""),
    }
)


def fenced(code: str, language: str = "") -> list[str]:
    """Lines of a code block around `code`, whose fence is longer than any in it; nothing around nothing."""
    lines = code.strip("\n").split("\n")
    if not any(map(str.strip, lines)):
        return []
    fence = "`" * (1 + max((len(run) for run in _TICKS.findall(code)), default=2))
    return [fence + language, *lines, fence]


@dataclass
class Shelf:
    """Pieces of a text that were put aside, each with a mark in its place."""

    pieces: list[str] = field(default_factory=list)

    def put(self, piece: str) -> str:
        """The mark to write instead of the piece."""
        self.pieces.append(piece)
        return f"{MARK}{len(self.pieces) - 1}{MARK}"

    def put_back(self, text: str) -> str:
        """The text with all pieces, also those inside pieces."""
        return re.sub(rf"{MARK}(\d+){MARK}", lambda match: self.put_back(self.pieces[int(match[1])]), text)


def shielded(text: str) -> tuple[str, Callable[[str], str]]:
    """(`text` with a one-line mark in place of each block, the function that puts the blocks back)."""
    shelf = Shelf()
    return shield_blocks(text.replace(MARK, ""), shelf), shelf.put_back


def shield_blocks(text: str, shelf: Shelf) -> str:
    """`text` with its blocks on the shelf. A block loses the indentation of its fence."""
    lines = text.split("\n")
    is_whole = all(closed for _, _, closed in _fences(lines, is_trusted=True))
    marked: list[str] = []
    position = 0
    for start, end, closed in _fences(lines, is_trusted=is_whole):
        marked += [*_without_formulas(lines[position:start], shelf), shelf.put(_block(lines[start:end], closed))]
        position = end
    return "\n".join([*marked, *_without_formulas(lines[position:], shelf)])


def _fences(lines: list[str], is_trusted: bool) -> Iterator[tuple[int, int, bool]]:
    """(first line, line behind the last, whether it is closed) of each fenced block. Where a text has a fence too few,
    none is trusted: a block then ends before the first line that can be no code."""
    position = 0
    while position < len(lines):
        opening = _OPENING.fullmatch(lines[position])
        if opening is None:
            position += 1
            continue
        end, closed = _end(lines, position, opening[2])
        if not closed or not is_trusted:
            cut = _first_prose(lines, position, end)
            end, closed = (cut, False) if cut < end else (end, closed)
        yield position, end, closed
        position = end


def _end(lines: list[str], start: int, fence: str) -> tuple[int, bool]:
    for number in range(start + 1, len(lines)):
        closing = _CLOSING.fullmatch(lines[number])
        if closing and closing[1].startswith(fence):
            return number + 1, True
        opening = None if closing else _OPENING.fullmatch(lines[number])
        if opening and opening[2].startswith(fence) and _LANGUAGE.fullmatch(opening[3]):
            return number, False  # the next block begins
    return len(lines), False


def _first_prose(lines: list[str], start: int, end: int) -> int:
    for number in range(start + 2, end):
        if not lines[number - 1].strip() and _NO_CODE.fullmatch(lines[number]):
            return number
    return end


def _block(lines: list[str], is_closed: bool) -> str:
    """The fenced lines without the indentation of the fence; closed, whether they were or not."""
    opening = _OPENING.fullmatch(lines[0])
    assert opening is not None
    prefix, fence, info = opening.groups()
    body = lines[1:-1] if is_closed else lines[1:]
    while body and not is_closed and not body[-1].strip():
        body.pop()
    room = len(prefix)
    code = [line[min(room, len(line) - len(line.lstrip(" \t"))) :].translate(_BLANKS).rstrip() for line in body]
    return "\n".join([fence + info, *code, fence])


def _without_formulas(lines: list[str], shelf: Shelf) -> list[str]:
    """Lines with a mark for each display formula: on one line, or from `$$` to `$$` without a blank line between."""
    marked: list[str] = []
    position = 0
    while position < len(lines):
        end = _formula_end(lines, position)
        marked.append(shelf.put("\n".join(lines[position:end])) if end > position else lines[position])
        position = max(end, position + 1)
    return marked


def _formula_end(lines: list[str], start: int) -> int:
    """The line behind a formula that starts here; `start` where none does."""
    if _FORMULA_LINE.fullmatch(lines[start]):
        return start + 1
    if not lines[start].lstrip().startswith("$$") or "$$" in lines[start].lstrip()[2:]:
        return start
    for number in range(start + 1, len(lines)):
        if not lines[number].strip():
            break
        if lines[number].rstrip().endswith("$$"):
            return number + 1
    return start
