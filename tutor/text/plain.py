"""Markdown -> one plain line, for lists, labels, tool tips and previews, where nothing is drawn. Pure."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from tutor.text.formulas import formula_text
from tutor.text.markup import cut_markup

_LINK = re.compile(r"!?\[([^\[\]]*)\]\([^()\s]*\)|<(https?://[^<>\s]+)>")
# Elements that Markdown is written with; any other name in angle brackets is text, as in "List<String>".
_TAG = re.compile(
    r"</?(?:a|abbr|b|br|center|code|details|div|em|h[1-6]|hr|i|img|kbd|li|mark|ol|p|pre|q|s|small|span|strong|sub|summary|sup"
    r"|table|tbody|td|th|thead|tr|u|ul)(?:\s[^<>]*)?/?>",
    re.IGNORECASE,
)
_LEAD = re.compile(r"[ \t]*(?:[-*+]|\d{1,2}[.)]|#{1,6}|>)[ \t]+")
_LATER_LEADS = re.compile(rf"(?<=\n){_LEAD.pattern}")
_CELLS = re.compile(r"[ \t]*(?:\|\s*(?::?-{3,}:?[ \t]*)?)+")


class _Stretch(NamedTuple):
    text: str
    is_whole: bool  # a formula, code or the words of a link: shown whole or not at all


def plain_line(markdown: str) -> str:
    """The words, formulas as text (`$\\sqrt{d_k}$` becomes √(d_k)), a row of a table its cells."""
    return _line("".join(stretch.text for stretch in _stretches(markdown)))


def opening(markdown: str, limit: int) -> str:
    """The plain line, after `limit` characters cut with …, in prose only: never in a formula, in code or in a link."""
    line = ""
    for stretch in _stretches(markdown):
        longer = _line(line + stretch.text)
        if len(longer) > limit:
            return f"{(_line(line) if stretch.is_whole else longer[:limit]).rstrip()}…"
        line += stretch.text
    return _line(line)


def _line(text: str) -> str:
    return " ".join(text.split()).strip("·").strip()


def _stretches(markdown: str) -> Iterator[_Stretch]:
    is_table = markdown.lstrip().startswith("|")
    before = "\n"
    for piece in cut_markup(markdown):
        if piece.kind == "formula":
            yield _Stretch(formula_text(piece.content), is_whole=True)
        elif piece.kind == "code":
            yield _Stretch(f" {piece.content} " if piece.is_display else piece.content, is_whole=True)
        else:
            yield from _prose(piece.source, before.endswith("\n"), is_table)
        before = piece.source


def _prose(text: str, at_line_start: bool, is_table: bool) -> Iterator[_Stretch]:
    """Without bullets, bold, tags and the bars of tables."""
    text = text.lstrip() if at_line_start else text
    lead = _LEAD.match(text) if at_line_start else None
    text = _LATER_LEADS.sub("", text[lead.end() :] if lead else text)
    start = 0
    for link in _LINK.finditer(text):
        yield _Stretch(_bare(text[start : link.start()], is_table), is_whole=False)
        yield _Stretch(link[1] or link[2] or "", is_whole=True)
        start = link.end()
    yield _Stretch(_bare(text[start:], is_table), is_whole=False)


def _bare(text: str, is_table: bool) -> str:
    text = _TAG.sub(" ", text.replace("**", "")).replace("\\$", "$")
    return _CELLS.sub(" · ", text) if is_table else text
