"""Markdown cut into prose, code and formulas, so that a rule for one never reaches into the others. Pure.

What is a formula follows pandoc: `$x$` with nothing blank inside its dollars and no digit behind the last one, so that
prices stay prices. Knows no output format.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

Kind = Literal["prose", "code", "formula"]

_CODE = (
    r"(?P<code>"
    r"(?m:^[ \t>]*)(?P<fence>`{3,}|~{3,})[^\n]*(?:\n.*?(?:(?m:^[ \t>]*)(?P=fence)[`~]*[ \t]*(?=\n|\Z)|\Z)|\Z)"
    r"|(?<!`)(?P<ticks>`+)(?!`)(?:(?!\n[ \t]*\n).)+?(?<!`)(?P=ticks)(?!`))"
)
_FORMULA = (
    r"(?<!\\)\$\$(?P<display>(?:(?!\$\$).)+?)\$\$"
    r"|(?<![\\$])\$(?P<inline>(?![\s$])(?:(?!\n[ \t]*\n)[^$\\]|\\(?!\n[ \t]*\n).)*?(?<!\s))(?<!\\)\$(?![\d$])"
)
_PARTS = re.compile(f"{_CODE}|{_FORMULA}", re.DOTALL)
# What a model writes that learned LaTeX from papers; Markdown takes the backslashes away.
_BRACKETS = re.compile(r"\\\((.+?)\\\)|\\\[(.+?)\\\]", re.DOTALL)
_SPELLING = re.compile(r"[{}\s~]|\\[,;:! ]|\\(?:left|right|[bB]igg?[lr]?)(?![a-zA-Z])|\\mathrm|\\text")
_ROW = re.compile(r"\|[ \t]*$")


@dataclass(frozen=True)
class Piece:
    """A stretch of Markdown; `content` is `source` without the marks that make it code or a formula."""

    kind: Kind
    source: str
    content: str
    is_display: bool = False  # code or a formula in lines of its own


def cut_markup(markdown: str) -> Iterator[Piece]:
    """The pieces in order; their sources joined are the text."""
    start = 0
    for match in _PARTS.finditer(markdown):
        if match.start() > start:
            yield _prose(markdown[start : match.start()])
        start = match.end()
        if match["code"] is not None:
            yield Piece("code", match[0], _code(match), match["fence"] is not None)
        else:
            is_display = match["display"] is not None
            yield Piece("formula", match[0], match["display"] if is_display else match["inline"], is_display)
    if start < len(markdown):
        yield _prose(markdown[start:])


def _code(match: re.Match[str]) -> str:
    """What stands between the marks; of code in a line without the blank that keeps ticks apart."""
    if match["fence"]:
        lines = match[0].split("\n")
        is_closed = len(lines) > 1 and lines[-1].lstrip(" \t>").startswith(match["fence"])
        return "\n".join(lines[1:-1] if is_closed else lines[1:])
    inside = match[0].removeprefix(match["ticks"]).removesuffix(match["ticks"])
    return inside[1:-1] if inside[:1] == inside[-1:] == " " and inside.strip() else inside


def _prose(text: str) -> Piece:
    return Piece("prose", text, text)


def map_prose(change: Callable[[str], str], markdown: str) -> str:
    """The text with its prose changed, code and formulas as they are."""
    return "".join(change(piece.source) if piece.kind == "prose" else piece.source for piece in cut_markup(markdown))


def dollar_formulas(markdown: str) -> str:
    r"""`\(x\)` and `\[x\]` outside code as `$x$` and `$$x$$`, the one spelling that the rest of the program knows."""

    def spelled(match: re.Match[str]) -> str:
        return f"${match[1].strip()}$" if match[1] else f"$${match[2].strip()}$$"

    return map_prose(lambda prose: _BRACKETS.sub(spelled, prose), markdown)


def keep_formulas(markdown: str, sources: Iterable[str]) -> str:
    """The text, each formula that says a source's formula with other braces and blanks put as the source has it.

    A small model that copies `A\\in\\mathbb{R}^{r\\times d}` loses braces, which changes what is raised.
    """
    known: dict[str, set[str]] = {}
    for source in sources:
        for piece in cut_markup(source):
            if piece.kind == "formula":
                known.setdefault(_spelling(piece.content), set()).add(piece.content.strip())
    return "".join(_as_known(piece, known) for piece in cut_markup(markdown))


def _as_known(piece: Piece, known: dict[str, set[str]]) -> str:
    if piece.kind != "formula":
        return piece.source
    meant = known.get(_spelling(piece.content), set())
    if len(meant) != 1 or piece.content.strip() in meant:  # two sources that differ only in braces: nobody knows
        return piece.source
    marks = "$$" if piece.is_display else "$"
    return f"{marks}{next(iter(meant))}{marks}"


def _spelling(latex: str) -> str:
    return _SPELLING.sub("", latex)


def put_behind(sentence: str, mark: str) -> str:
    """The sentence with the mark behind it, where Markdown still shows both: in a row of a table inside its last cell,
    after a code block or a displayed formula in a paragraph of its own."""
    if _ROW.search(sentence) and sentence.lstrip().startswith("|"):
        return _ROW.sub(lambda _: f"{mark} |", sentence)
    if sentence.rstrip().endswith(("```", "~~~", "$$")):
        return f"{sentence}\n\n{mark}"
    return f"{sentence} {mark}"
