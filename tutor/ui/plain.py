"""Markdown with formulas -> one plain line, for places where neither is drawn. Pure."""

import re

from pylatexenc.latex2text import LatexNodes2Text

_FORMULA = re.compile(r"(?<!\\)\$\$(.+?)\$\$|(?<!\\)\$([^$]+?)(?<!\\)\$", re.DOTALL)  # an escaped dollar is money
_LEAD = re.compile(r"^(?:[-*+]|\d{1,2}\.)\s+")
_CELLS = re.compile(r"\s*\|\s*")
_MARKS = re.compile(r"\*\*|`")


def plain_line(markdown: str) -> str:
    """The words, formulas in Unicode as far as it goes: `$\\sqrt{d_k}$` becomes √(d_k), a row of a table its cells."""
    text = _FORMULA.sub(lambda match: _formula(match[1] or match[2]), markdown.strip())
    text = text.replace("\\$", "$")
    if text.startswith("|"):
        text = " · ".join(cell for cell in _CELLS.split(text) if cell)
    return " ".join(_MARKS.sub("", _LEAD.sub("", text)).split())


def _formula(latex: str) -> str:
    plain: str = LatexNodes2Text().latex_to_text(latex)
    return plain.strip()
