"""Markdown -> the same Markdown without front matter, images, badges, link targets and HTML; and its title.

Code, inline code and formulas are put aside first, so that no rule reaches into them. What HTML says stays: tables, lists,
headings, toggles, raised and lowered text.
"""

import html
import re
from collections.abc import Callable

from tutor.ingestion.callouts import open_boxes, open_myst, titled, unquoted
from tutor.ingestion.fences import Shelf, shield_blocks
from tutor.ingestion.front_matter import split_front_matter
from tutor.ingestion.html_in_markdown import plain_html
from tutor.ingestion.page_formulas import formula_of_address
from tutor.ingestion.pictures import said_of_picture
from tutor.ingestion.typography import lowered, raised
from tutor.text.markup import cut_markup

_H1 = re.compile(r"^#[ \t]+(.+?)[ \t#]*$", re.MULTILINE)
_UNDERLINED = re.compile(r"(?![-*+>#|]|\d+[.)])\S[^\n]{0,80}\n(?:=+|-{3,})[ \t]*")
_SENTENCE = re.compile(r"[。！；;，,、：:…]$|[A-Za-z\d)]\.$|\|")
_RULE = re.compile(r"[ ]{0,3}(?:-{3,}|\*{3,}|_{3,}|-(?:[ \t]-){2,}|\*(?:[ \t]\*){2,}|_(?:[ \t]_){2,})[ \t]*")
# Blanks before the mark and none behind it, as people write it; a single `#` without a blank is a tag or a line of code.
_LOOSE = re.compile(r"[ ]{1,3}(#{1,6}[ \t]+\S.*)|[ ]{0,3}(#{2,6})((?![#!])\S.*)")
_HEADING = re.compile(r"(#{1,6})\s+\S.*")
_COMMENT = re.compile(r"<!--(?:(?!<!--).)*?-->|\{/\*(?:(?!\{/\*).)*?\*/\}", re.DOTALL)
_BADGE = re.compile(r"\[!\[[^\]]*\]\([^)]*\)\]\([^)]*\)")
_IMAGE = re.compile(r"!\[([^\]]*)\]\(((?:[^()\s]|\([^()]*\)|[ \t](?=[^()\"]*\)))*)(?:\s+\"[^\"]*\")?\)")
# Bounded, so that brackets which are never closed cost no time.
_LINK = re.compile(
    r"(?<!!)\[([^\]\n]{1,500})\]\((?:<[^>\n]{0,2000}>|[^()\s]*(?:\([^()\s]*\)[^()\s]*)*)(?:\s+\"[^\"\n]{0,500}\")?\)"
)
# The target of a reference is an address, and nothing but a title follows it; `[Answer]: ...` is a line of text.
_REFERENCE = re.compile(
    r"^[ ]{0,3}\[(?!\^)[^\]\n]+\]:[ \t]+<?(?:[a-z][a-z\d+.-]*://|mailto:|www\.|[#/]|\.{1,2}/|[\w%./-]+\.(?:md|html?|png|jpe?g|gif|svg|pdf)\b)[^\s>]*>?"
    r"[ \t]*(?:\"[^\"\n]*\"|'[^'\n]*'|\([^()\n]*\))?[ \t]*$",
    re.MULTILINE | re.IGNORECASE,
)
_MARKS = re.compile(r"[ \t]*\{[#.:][^{}\n]*\}[ \t]*$|^\[\[?toc\]?\]$|(?<![\\ ])\\$", re.MULTILINE | re.IGNORECASE)
_DEFINITION = re.compile(r"^((?![-*+>#|:]|\d+[.)])\S[^\n]{0,80})((?:\n\n?:[ \t]+\S[^\n]*)+)", re.MULTILINE)
_BRACKETS = re.compile(r"\\\(((?:(?!\n[ \t]*\n|\\\().)+?)\\\)|\\\[((?:(?!\n[ \t]*\n|\\\[).)+?)\\\]", re.DOTALL)
_IS_MATH = re.compile(r"[\\^_=<>+{}]|\b[a-zA-Z]\b")
_RAISED = re.compile(r"(?<=[A-Za-z\d)])\^([^\s^]{1,12})\^(?![\w^])")
_LOWERED = re.compile(r"(?<=[A-Za-z)])~([\w+-]{1,12})~(?![\d~])")
_ESCAPE = re.compile(r"\\([_*.()\[\]!~`<>]|(?<!^\\)[#+-])", re.MULTILINE)
_ENTITY = re.compile(r"&(?:[A-Za-z]{2,8}|#\d{2,6}|#[xX][\da-fA-F]{2,6});")
# MDX
_MODULE = re.compile(r"^(?:import|export)\s(?:.*\S.*(?:\n|\Z))+", re.MULTILINE)
_COMPONENT = re.compile(r"</?[A-Z][\w.]*(?:\s[^<>]*)?/?>")
_LABEL = re.compile(r"\b(?:title|label|question|summary|header|heading)=\{?[\"']([^\"'\n]+)[\"']")


def plain_markdown(text: str, is_mdx: bool = False) -> tuple[str, str]:
    """(Markdown that reads as plain text, title or ""). Code blocks and formulas stay as they are."""
    title, text = split_front_matter(text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", ""))
    shelf = Shelf()
    body = unquoted(shield_blocks(open_myst(text), shelf))
    body = shield_blocks(open_boxes(body), shelf)
    body = _without_code(body, shelf)
    body = _COMMENT.sub("", body)
    if is_mdx:
        body = _COMPONENT.sub(_component, _MODULE.sub("\n", body))
    body = plain_html(body, shelf)
    body = _without_targets(body, shelf)
    body = _with_headings(body)
    body = _DEFINITION.sub(_defined, _MARKS.sub("", body))
    body = _in_prose(body)
    heading = _H1.search(body)
    if not title and heading:
        title = shelf.put_back(heading.group(1)).strip()
    return shelf.put_back(body), title


def _without_code(body: str, shelf: Shelf) -> str:
    """Inline code and formulas put aside; `\\(x\\)` as `$x$`."""
    body = _BRACKETS.sub(_dollars, body)
    return "".join(piece.source if piece.kind == "prose" else shelf.put(piece.source) for piece in cut_markup(body))


def _dollars(match: re.Match[str]) -> str:
    if match[1]:
        return f"${match[1].strip()}$"
    return f"$${match[2].strip()}$$" if _IS_MATH.search(match[2]) else match[0]


def _defined(match: re.Match[str]) -> str:
    """`term: definition`, further definitions on lines of their own."""
    return f"{match[1]}: " + "\n".join(text.strip() for text in re.split(r"\n\n?:[ \t]+", match[2])[1:])


def _component(match: re.Match[str]) -> str:
    """What a component of MDX shows by itself."""
    labels = [titled(label) for label in _LABEL.findall(match[0])]
    return "".join(f"\n\n{label}\n\n" for label in labels if label)


def _without_targets(body: str, shelf: Shelf) -> str:
    body = _BADGE.sub("", body)
    body = _IMAGE.sub(lambda match: _picture(match[1].strip(), match[2], shelf), body)
    body = _LINK.sub(lambda match: match[1], body)
    return _REFERENCE.sub("", body)


def _picture(alt: str, address: str, shelf: Shelf) -> str:
    formula = formula_of_address(address)
    if formula:
        return shelf.put(f"${formula}$")
    return said_of_picture(alt)


def _with_headings(body: str) -> str:
    """Underlined headings with `#`, thematic breaks as blank lines.

    `---` under a line is a heading only where the line stands alone, is no sentence and has a text below it: under the
    last line of an answer people write it to part one question from the next.
    """
    lines = [_LOOSE.sub(lambda match: match[1] or f"{match[2]} {match[3]}", line) for line in body.split("\n")]
    written: list[str] = []
    for number, line in enumerate(lines):
        above = lines[number - 1] if number else ""
        underlined = _UNDERLINED.fullmatch(f"{above}\n{line}") if line[:1] in {"=", "-"} else None
        if underlined and (line.startswith("=") or _is_headed(lines, number)):
            written[-1] = f"{'#' if line.startswith('=') else '##'} {above.strip()}"
        else:
            written.append("" if _RULE.fullmatch(line) else line)
    return "\n".join(written)


def _is_headed(lines: list[str], number: int) -> bool:
    """Whether the line above this one of dashes reads as a heading."""
    below = next((n for n in range(number + 1, len(lines)) if lines[n].strip()), None)
    if below is None or _HEADING.fullmatch(lines[below]) or _SENTENCE.search(lines[number - 1].rstrip()):
        return False
    above = next((n for n in range(number - 2, -1, -1) if lines[n].strip()), None)
    if above is None:
        return True
    answers = _HEADING.fullmatch(lines[above]) and lines[above].rstrip("# *").endswith(("?", "？"))
    return above < number - 2 and not answers


def _in_prose(body: str) -> str:
    """Scripts, escapes and entities of Markdown as the characters they stand for."""
    body = _RAISED.sub(_behind(raised), body)
    body = _LOWERED.sub(_behind(lowered), body)
    return _ENTITY.sub(lambda match: html.unescape(match[0]), _ESCAPE.sub(r"\1", body))


def _behind(write: Callable[[str, str], str]) -> Callable[[re.Match[str]], str]:
    return lambda match: write(match[1], match.string[match.end() : match.end() + 1])
