"""HTML inside Markdown -> Markdown. What HTML nests (tables, lists, code) is read as on a web page; single tags by what they mean."""

import html
import re
from collections.abc import Iterator

from bs4 import BeautifulSoup

from tutor.ingestion.callouts import titled
from tutor.ingestion.fences import MARK, Shelf, shield_blocks
from tutor.ingestion.html_to_markdown import markdown_of
from tutor.ingestion.page_formulas import formula_of_address, write_formulas_as_tex
from tutor.ingestion.pictures import said_of_picture
from tutor.ingestion.typography import lowered, raised

_NESTS = re.compile(r"<(/?)(table|ul|ol|dl|pre|math)(?=[\s>/])[^<>]*>", re.IGNORECASE)
_LONGEST = 500_000  # characters of one table or list
_MARK_IN_PAGE = "\ue000"  # parsers of HTML take the mark of the shelf away
_HEADING = re.compile(r"[ \t]*<h([1-6])(?:\s[^<>]*)?>((?:(?!<h[1-6]\b).)*?)</h\1\s*>", re.IGNORECASE | re.DOTALL)
_SUMMARY = re.compile(r"<summary(?:\s[^<>]*)?>((?:(?!<summary\b).)*?)</summary\s*>", re.IGNORECASE | re.DOTALL)
_SCRIPT = re.compile(r"<(su[bp])(?:\s[^<>]*)?>((?:(?!</?su[bp]\b).){0,400}?)</\1\s*>", re.IGNORECASE | re.DOTALL)
_FOOTNOTE = re.compile(r"\[?\w{1,3}\]?")
_CODE = re.compile(r"<(code|kbd|samp|tt)(?:\s[^<>]*)?>([^\n]*?)</\1\s*>", re.IGNORECASE)
_PICTURE = re.compile(r"<img\s[^<>]*>", re.IGNORECASE)
_HIDDEN = re.compile(
    r"<(script|style|iframe|svg|video|audio)(?:\s[^<>]*)?>(?:(?!<\1\b).)*?</\1\s*>", re.IGNORECASE | re.DOTALL
)
_BREAK = re.compile(r"[ \t]*<br\s*/?>[ \t]*(\n?)", re.IGNORECASE)
_BLOCK = re.compile(
    r"</?(?:address|article|aside|blockquote|center|dd|details|div|dl|dt|figcaption|figure|footer|header|hr|li|main|nav|ol|p|pre"
    r"|section|summary|table|tbody|thead|tfoot|tr|ul|h[1-6])(?:\s[^<>]*)?/?>",
    re.IGNORECASE,
)
_CELL = re.compile(r"</?(?:td|th|caption)(?:\s[^<>]*)?/?>", re.IGNORECASE)
_INLINE = re.compile(
    r"</?(?:a|abbr|b|big|cite|dfn|em|font|i|img|input|ins|kbd|label|mark|nobr|picture|small|source|span|strong|sub|sup|tt|u|var|wbr"
    r"|code|samp|iframe|video|audio|script|style|svg|col|colgroup)(?:\s[^<>]*)?/?>",
    re.IGNORECASE,
)


def plain_html(body: str, shelf: Shelf) -> str:
    """Markdown without tags. Code and formulas that come out of them go on the shelf."""
    body = _HIDDEN.sub("", body)
    body = _with_islands(body, shelf)
    body = _HEADING.sub(lambda match: f"\n\n{'#' * int(match[1])} {_line(match[2])}\n\n", body)
    body = _SUMMARY.sub(lambda match: f"\n\n{titled(_line(match[1]))}\n\n", body)
    for _ in range(3):  # scripts of scripts from the inside out
        body = _SCRIPT.sub(_script, body)
    body = _CODE.sub(
        lambda match: shelf.put(f"`{_INLINE.sub('', match[2]).strip()}`") if match[2].strip() else "", body
    )
    body = _PICTURE.sub(lambda match: _formula(match[0], shelf), body)
    body = _BREAK.sub(_line_break, body)
    return _INLINE.sub("", _CELL.sub(" ", _BLOCK.sub("\n", body)))


def _line(text: str) -> str:
    return " ".join(html.unescape(_INLINE.sub("", _BLOCK.sub(" ", _BREAK.sub(" ", text)))).split())


def _with_islands(body: str, shelf: Shelf) -> str:
    written: list[str] = []
    position = 0
    for start, end in _islands(body):
        soup = BeautifulSoup(body[start:end].replace(MARK, _MARK_IN_PAGE), "lxml")
        try:
            write_formulas_as_tex(soup)
            markdown = markdown_of(soup).replace(_MARK_IN_PAGE, MARK)
        except RecursionError:  # nested deeper than Python follows: read as single tags
            continue
        gap = "\n\n" if "\n" in markdown else ""
        written += [body[position:start], gap, shield_blocks(markdown, shelf), gap]
        position = end
    return "".join([*written, body[position:]])


def _islands(body: str) -> Iterator[tuple[int, int]]:
    """(start, end) of each outermost element that nests, where it is closed."""
    name, start, depth = "", 0, 0
    for match in _NESTS.finditer(body):
        closes, found = bool(match[1]), match[2].lower()
        if not depth and not closes:
            name, start, depth = found, match.start(), 1
        elif depth and found == name:
            depth += -1 if closes else 1
            if not depth and match.end() - start <= _LONGEST:
                yield start, match.end()


def _script(match: re.Match[str]) -> str:
    text = _line(match[2])
    if re.search(r"<a\s|\]\(#", match[2]) and _FOOTNOTE.fullmatch(re.sub(r"\]\(#[^)]*\)$", "]", text)):
        return ""  # the mark of a footnote
    write = lowered if match[1].lower() == "sub" else raised
    return write(text, match.string[match.end() : match.end() + 1])


def _formula(tag: str, shelf: Shelf) -> str:
    address = re.search(r"\ssrc=[\"']?([^\"'\s>]+(?:[^\"'>]*(?=[\"']))?)", tag)
    formula = formula_of_address(address[1]) if address else ""
    if formula:
        return shelf.put(f"${formula}$")
    alt = re.search(r"\salt=\"([^\"]*)\"|\salt='([^']*)'", tag)
    return _pictured(alt[1] or alt[2] or "") if alt else ""


def _pictured(alt: str) -> str:
    """A single word is a badge or the name of an icon."""
    return "" if re.fullmatch(r"\s*\S{0,24}\s*", alt) else said_of_picture(alt)


def _line_break(match: re.Match[str]) -> str:
    """A line of its own; inside a row of a table or an item of a list a blank."""
    start = match.string.rfind("\n", 0, match.start()) + 1
    line = match.string[start : match.start()]
    return " " + match[1] if re.match(r"[ \t]*(?:\||[-*+]\s|\d{1,3}[.)]\s|#)", line) or line.count("|") > 1 else "\n"
