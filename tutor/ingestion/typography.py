"""Raised and lowered text of any format -> marks that survive in plain text. Knows no format, only what a script says.

`10^23`, `x^2`, `10^{-6}`, `d_k`, `d_{model}`, `x_{t-1}`: the mark stands directly behind the base; braces where the script
is more than a letter or a number, or would run into what follows it.
"""

import re

_PLAIN = re.compile(r"[^\W\d_]|\d+")
# Raised by habit of print, not by meaning: ordinals, trade marks, and the marks of notes ([3], †).
_GLUED = re.compile(r"st|nd|rd|th|™|®|©|℠|TM|SM|\[[^\[\]]*\]|[【〔].*[】〕]|[*†‡§¶′″'’]+")
_WORDS = re.compile(r"[^\W\d_]{3,}\s+[^\W\d_]{3,}|[。！？；]|[,:.;!?]\s")
_LONGEST = 24  # characters; longer is small print, which pages also set with these marks
_MONOSPACED = re.compile(
    r"mono(?!type)|consol|courier|menlo|monaco|inconsolata|typewriter|cmtt|lucida ?console|(?:fira|cascadia|source) ?code|jetbrains|andale|等宽",
    re.I,
)
_MINUS = str.maketrans({"\u2212": "-", "\u2013": "-", "\ufe63": "-", "\uff0d": "-"})


def raised(script: str, after: str = "") -> str:
    """What stands behind a base for text raised beside it; `after` is the text that follows.

    `raised("23")` is `^23`, `raised("−6")` `^{-6}`, `raised("th")` `th`, `raised("[4]")` `[4]`.
    """
    text = " ".join(script.split())
    return text if _GLUED.fullmatch(text) else _marked("^", text, after)


def lowered(script: str, after: str = "") -> str:
    """The same for text below the line: `lowered("k")` is `_k`, `lowered("t-1")` `_{t-1}`, `lowered("i", "x")` `_{i}`."""
    text = " ".join(script.split())
    return text if _GLUED.fullmatch(text) else _marked("_", text, after)


def _marked(mark: str, text: str, after: str) -> str:
    if not text:
        return ""
    if len(text) > _LONGEST or _WORDS.search(text):
        return f" {text}"
    text = text.translate(_MINUS)
    is_whole = _PLAIN.fullmatch(text) and not _runs_on(text[-1], after[:1])
    return mark + text if is_whole or _is_braced(text) else f"{mark}{{{text}}}"


def _runs_on(last: str, following: str) -> bool:
    """Whether a reader would take the next character for part of the script."""
    if last.isdigit() or following.isdigit():
        return last.isdigit() and following.isdigit()
    return last.isalpha() and following.isalpha() and (last < "\u3000") == (following < "\u3000")


def _is_braced(text: str) -> bool:
    return text.startswith("{") and text.find("}") == len(text) - 1


def is_monospaced(font: str) -> bool:
    """Whether letters of a font of that name are equally wide."""
    return bool(_MONOSPACED.search(font))
