"""Puts two lines of a paragraph together: blanks between words, none between Chinese characters, hyphens where they belong.

A hyphen at the end of a line either cut a word (infor-mation) or is its own (self-attention). What the same text writes
elsewhere decides, then a list of English words: two words make a compound, a half word was cut.
"""

import re
from collections.abc import Iterable
from functools import cache
from importlib import resources

_HAN = re.compile(r"[\u3000-\u30ff\u3400-\u9fff\uff00-\uffef“”‘’]")
_CUT = re.compile(r"((?:[^\W\d_]|[-'])+)-$")
_GOES_ON = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
# First halves that are seldom words and yet take a hyphen, where a word follows.
_FIRST_HALVES = frozenset(
    "self non pre post multi cross semi anti auto co re sub inter intra meta micro mini out over pseudo quasi ultra un bi tri".split()
)


class Words:
    """The words of a text, as it writes them inside its lines."""

    def __init__(self, lines: Iterable[str]) -> None:
        found: set[str] = set()
        for line in lines:
            found.update(word.lower() for word in re.findall(r"[^\W\d_]+(?:-[^\W\d_]+)*(?!\S*-$)", line))
        self._found = found

    def joined(self, first: str, second: str) -> str:
        """Two lines as one."""
        if not first or not second:
            return first + second
        cut = _CUT.search(first)
        if cut or re.search(r"\w-$", first):
            rest = _GOES_ON.match(second)
            whole = cut and rest and rest[0][0].islower() and self._was_cut(cut[1].lower(), rest[0].lower())
            return (first[:-1] if whole else first) + second
        no_blank = _HAN.match(first[-1]) and _HAN.match(second[0])
        return f"{first}{'' if no_blank else ' '}{second}"

    def _was_cut(self, left: str, right: str) -> bool:
        last, next_word = left.rsplit("-", 1)[-1], right.split("-")[0]
        if f"{last}-{next_word}" in self._found or f"{left}-{right}" in self._found:
            return False
        if last + next_word in self._found or last + next_word in _known():
            return True
        is_word = {half: half in _known() or half in self._found for half in (last, next_word)}
        return not (is_word[next_word] and (is_word[last] or last in _FIRST_HALVES))


@cache
def _known() -> frozenset[str]:
    """English words of the question bank, which is about the same things."""
    return frozenset(resources.files("tutor.ingestion.pdf").joinpath("words.txt").read_text(encoding="utf-8").split())
