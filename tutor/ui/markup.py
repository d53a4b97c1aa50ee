"""Markdown and HTML on their way to the page: what a formula is there, and that nothing from outside becomes a tag. Pure.

Gradio takes everything between two of its formula delimiters for a formula, be it code, prices or half a citation. So
its delimiters are characters that nobody types, and `tutor.text.markup` tells where they go.
"""

import html
import re

from tutor.text.formulas import formula_html
from tutor.text.markup import Piece, cut_markup

_INLINE = ("\ue0a0", "\ue0a1")  # private use: no keyboard has them
_DISPLAY = ("\ue0a2", "\ue0a3")
DELIMITERS = [
    {"left": _DISPLAY[0], "right": _DISPLAY[1], "display": True},
    {"left": _INLINE[0], "right": _INLINE[1], "display": False},
]
_DOLLAR = "&#36;"
_BOLD = re.compile(r"\*\*(\S(?:.*?\S)?)\*\*")


def page_markdown(text: str) -> str:
    """The Markdown with its formulas marked and dollars that are none; a second time changes nothing."""
    return "".join(map(_as_shown, cut_markup(text)))


def _as_shown(piece: Piece) -> str:
    if piece.kind == "formula":
        left, right = _DISPLAY if piece.is_display else _INLINE
        return f"{left}{piece.content}{right}"
    return piece.source.replace("\\$", _DOLLAR) if piece.kind == "prose" else piece.source


def escape(text: str) -> str:
    """Text as HTML within Markdown or beside it: no tag, no formula, safe in an attribute."""
    return html.escape(text, quote=True).replace("$", _DOLLAR)


def render_typed(text: str) -> str:
    """What a learner typed, as Markdown in which no tag and no formula takes effect; code stays as it is."""
    return "".join(piece.source if piece.kind == "code" else escape(piece.source) for piece in cut_markup(text))


def inline_html(text: str, *, in_markdown: bool = False) -> str:
    """A sentence or a passage of Markdown as HTML: bold, code, formulas, and the indentation of its lines.

    Links and pictures stay text, so that nothing is fetched. `in_markdown`: the HTML will stand in a text that goes
    through this door, where formulas are drawn by Gradio and an empty line would end the HTML.
    """
    return "".join(_inline(piece, in_markdown) for piece in cut_markup(text))


def _inline(piece: Piece, in_markdown: bool) -> str:
    if piece.kind == "formula":
        if in_markdown:
            left, right = _DISPLAY if piece.is_display else _INLINE
            return f"{left}{escape(piece.content)}{right}"
        return formula_html(piece.content, piece.is_display)
    if piece.kind == "code":
        code = f"<code>{escape(piece.content)}</code>".replace("\n", "&#10;")
        return f"<pre>{code}</pre>" if piece.is_display else code
    prose = _BOLD.sub(r"<b>\1</b>", escape(piece.source.replace("\\$", "$")))
    indented = re.sub(r"(?<=\n)[ \t]+", lambda match: "&nbsp;" * len(match[0].expandtabs(4)), prose)
    return re.sub(r"\n(?:\s*\n)*", "<br>", indented)
