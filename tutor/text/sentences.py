"""Sentences of Chinese, English and mixed text, each a substring of the text. Knows no grammar beyond punctuation."""

import re

# An English full stop ends a sentence only before white space; decimals, versions and "e.g." do not end one.
_ABBREVIATIONS = re.compile(r"(?:\b(?:e\.g|i\.e|etc|vs|cf|al|Fig|Eq|Sec|No|approx|Dr|Mr|Ms)|\b[A-Z]|^\s*\d{1,2})\.$")
_BOUNDARY = re.compile(r"[。！？!?；]+[”’」』）)\]\"']*|\.(?=[\s\"')\]]|$)|\n+")
_FENCE = re.compile(r"```.*?(?:```|\Z)|\$\$.*?\$\$", re.DOTALL)


def split_sentences(text: str) -> list[str]:
    """Sentences in order, stripped; every one is a substring of `text`. Code fences and display formulas stay whole."""
    sentences: list[str] = []
    start = 0
    shielded = [(match.start(), match.end()) for match in _FENCE.finditer(text)]
    for match in _BOUNDARY.finditer(text):
        end = match.end()
        if any(low < end < high for low, high in shielded) or _is_abbreviation(text[start:end]):
            continue
        _append(sentences, text[start:end])
        start = end
    _append(sentences, text[start:])
    return sentences


def _is_abbreviation(candidate: str) -> bool:
    return candidate.endswith(".") and bool(_ABBREVIATIONS.search(candidate))


def _append(sentences: list[str], candidate: str) -> None:
    candidate = candidate.strip()
    if candidate and re.search(r"\w", candidate):
        sentences.append(candidate)
