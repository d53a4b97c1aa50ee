"""Mends what copying from a web page broke: bullets and numbers alone on a line, glued questions, code without indentation.

Works on the shape of lines only; formulas and inline code are in `fragments`, page chrome in `chrome`.
"""

import html
import re

from tutor.ingestion.code_lines import fence_numbered_code
from tutor.ingestion.fences import MARK
from tutor.ingestion.fragments import join_fragments
from tutor.text.radicals import without_radicals

# Entities that were left as text; some sites lose the "&" of those for Chinese punctuation.
_ENTITY = re.compile(
    r"&(?:nbsp|lt|gt|amp|quot|apos|#39|[lr][sd]quo|hellip|[mn]dash|times|middot);|&?#x(?:ff|30|20)[0-9a-f]{2};", re.I
)
_INVISIBLE = re.compile("[\u200b\u200c\u200d\u2060\ufeff\u00ad\u200e\u200f]")
_SPACES = re.compile("[\u00a0\u2000-\u200a\u202f\u205f\u3000]")
_CONTROLS = re.compile("[\x01-\x08\x0b\x0e-\x1f\x7f]")
_LONG_GAP = re.compile(r"(?<=\S)[ \t]{20,}")  # of tables laid out with spaces; long ones cost the patterns below dear
_LONG_RUN = re.compile(r"(([^\w\s])\2{79})\2+")
_BULLETS = "•●○◦▪▫■□◆◇►▶➤➢‣⁃∙·"
_LONE_BULLET = re.compile(rf"\s*(?:[-*+–—]|[{_BULLETS}])\s*")
_BULLET = re.compile(rf"^(\s*)(?:[{_BULLETS}]\s*|[–—]\s+|[-*+]\s+)(?=\S)")
_TRAILING_BULLET = re.compile(rf"(?<=[。！？!?.;；])\s+[-{_BULLETS}]\s*$")
_LIST_MARK = re.compile(r"\s*(?:[-*+]\s+|\(?\d{1,3}[.)、．]\s*)(?=\S)")
_LONE_NUMBER = re.compile(r"\s*[(（]?(\d{1,3})([.)、．）]?)\s*")
_GLUED_QUESTION = re.compile(r"(?:(?<=[。！？!?；;])|(?<=[^\d\s]\.))\s*(?=(?:Q\d*|问|提问|面试官)\s*[:：]\s*\S)")
_GLUED_ANSWER = re.compile(r"(?<=[？?])\s*(?=(?:A\d*|答|答案|解答)\s*[:：]\s*\S)")
_QUESTION = re.compile(r"\s*(?:\*\*)?(?:Q\d*|问|提问|问题|题目|Question)\s*\d*\s*[:：.、]", re.IGNORECASE)
# "[2026-01-02 10:00] 面试官: ..." of a chat log: who speaks stays, when does not.
_SAID_AT = re.compile(
    r"^\s*[\[(（【]?\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}日?[ T,]+\d{1,2}:\d{2}(?::\d{2})?[\])）】]?[ \t]+(?=[^\s:：\d][^:：\n]{0,20}[:：])",
    re.MULTILINE,
)
_LONGEST_ITEM = 60  # characters


def normalised(text: str) -> str:
    """Unix line ends, plain spaces, ordinary characters, nothing invisible, no white space at line ends."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n").replace("\v", "\n")
    text = _ENTITY.sub(lambda match: html.unescape("&" + match[0].lstrip("&")), text)
    text = without_radicals(text)
    text = _CONTROLS.sub("", _SPACES.sub(" ", _INVISIBLE.sub("", text)))
    text = _SAID_AT.sub("", _LONG_GAP.sub("    ", _LONG_RUN.sub(r"\1", text)))
    return "\n".join(_at_margin([line.rstrip() for line in text.split("\n")]))


def _at_margin(lines: list[str]) -> list[str]:
    """A text that was copied out of an indented box starts at the margin again. A box stands behind a blank line, and
    nothing in it is further left: below a list item or a line of code, indentation says what belongs together."""
    depths = [_depth(line) for line in lines]
    told = sorted(depth for line, depth in zip(lines, depths, strict=True) if line and not _is_item(line))
    told = [depth for depth in told if depth >= 0]
    margin = told[len(told) // 4] if told else 0
    if not margin:
        return lines  # more than a quarter of what is no list stands at the margin already
    inside = [number for number, depth in enumerate(depths) if depth >= margin]
    first, last = inside[0], inside[-1]
    left = any(0 <= depth < margin for line, depth in zip(lines[first:last], depths[first:last], strict=True) if line)
    if left or (first and lines[first - 1]):
        return lines
    return [line[margin:] if first <= number <= last else line for number, line in enumerate(lines)]


def _depth(line: str) -> int:
    """Blanks before the text; -1 for what stands for a block and has none of its own."""
    return -1 if line.startswith(MARK) else len(line) - len(line.lstrip())


def _is_item(line: str) -> bool:
    return bool(_LIST_MARK.match(line) or _BULLET.match(line))


def repaired(text: str) -> str:
    """Normalised text with its broken lines mended. Lines that stand for code blocks are left alone."""
    lines = join_fragments(text.split("\n"))
    lines = [piece for line in lines for piece in _unglued(line)]
    lines = _join_bullets(lines)
    lines = _join_numbers(lines)
    lines = _restore_bullets(lines)
    return "\n".join(fence_numbered_code(lines))


def _unglued(line: str) -> list[str]:
    """A bullet at the end of a sentence, and a question or answer that starts inside a line, get lines of their own."""
    if line.startswith(MARK):
        return [line]
    if _TRAILING_BULLET.search(line):
        return [*_unglued(_TRAILING_BULLET.sub("", line)), "-"]
    return [piece for part in _GLUED_QUESTION.split(line) for piece in _GLUED_ANSWER.split(part)]


def _join_bullets(lines: list[str]) -> list[str]:
    """A bullet (or two) alone on a line, then text: one item. All bullets become "- "."""
    joined: list[str] = []
    waiting = ""  # indentation and mark of a bullet whose text has not come yet
    for line in lines:
        if _LONE_BULLET.fullmatch(line):
            waiting = waiting or line[: len(line) - len(line.lstrip())] + "- "
        elif not waiting:
            joined.append(_BULLET.sub(r"\1- ", line))
        elif line.strip():
            text = _BULLET.sub(r"\1- ", line)
            joined.append(text if _LIST_MARK.match(text) or line.startswith(MARK) else waiting + line.strip())
            waiting = ""
    return joined


def _join_numbers(lines: list[str]) -> list[str]:
    """A number alone on a line is the number of what follows; before `Q:` it says nothing and goes."""
    numbers = {match[1] for match in map(_LONE_NUMBER.fullmatch, lines) if match}
    joined: list[str] = []
    position = 0
    while position < len(lines):
        match = _LONE_NUMBER.fullmatch(lines[position])
        following = _next_text(lines, position + 1) if match else None
        if match is None or following is None:
            joined.append(lines[position])
            position += 1
            continue
        text = lines[following].strip()
        if _QUESTION.match(text):
            joined.append(text)
        elif _is_numbering(match, numbers) and not _LIST_MARK.match(text):
            joined.append(f"{match[1]}. {text}")
        else:
            joined.extend(lines[position : following + 1])
        position = following + 1
    return joined


def _restore_bullets(lines: list[str]) -> list[str]:
    """Short lines with blank ones between, after a line that announces them, were the items of a list."""
    restored: list[str] = []
    position = 0
    while position < len(lines):
        restored.append(lines[position])
        position += 1
        if not lines[position - 1].endswith((":", "：")):
            continue
        items: list[str] = []
        while position + 1 < len(lines) and not lines[position].strip() and _is_item_text(lines[position + 1]):
            items.append(lines[position + 1].strip())
            position += 2
        restored += (
            [f"- {item}" for item in items] if len(items) > 1 else [line for item in items for line in ("", item)]
        )
    return restored


def _is_item_text(line: str) -> bool:
    marked = line.startswith((MARK, "#", "|", ">", " ")) or _LIST_MARK.match(line) or _QUESTION.match(line)
    return 0 < len(line) <= _LONGEST_ITEM and not marked and not line.endswith((":", "：", "?", "？"))


def _next_text(lines: list[str], start: int) -> int | None:
    """Position of the text that a lone number belongs to: at most one blank line on, and no number itself."""
    for position in range(start, min(start + 2, len(lines))):
        line = lines[position]
        if line.strip():
            return None if _LONE_NUMBER.fullmatch(line) or line.startswith((MARK, "#", "|")) else position
    return None


def _is_numbering(match: re.Match[str], numbers: set[str]) -> bool:
    number = int(match[1])
    return bool(match[2]) or (str(number - 1) in numbers or str(number + 1) in numbers)
