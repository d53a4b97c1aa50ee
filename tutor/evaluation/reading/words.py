"""Words of a text, and whether another text holds them. Knows no format.

A word is a run of letters or digits; a Chinese character is a word. Marks, case, widths and addresses do not count, so
that `**LoRA**` and `lora` are the same word and `10^{23}` is `10` and `23`, as `10<sup>23</sup>` is; `1023` is neither.
"""

import html
import re
import unicodedata

_ADDRESS = re.compile(r"(?:https?://|www\.)[^\s<>()\[\]|，。；、\u4e00-\u9fff]+")
_RAISED = re.compile(r"([⁰¹²³⁴-⁹⁺-ⁿ]+|[₀-₎]+)")
_SILENT = re.compile(r"[*`~\u00ad\u200b-\u200f\u2060\ufeff]")
_WORD = re.compile(
    r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]|(?:(?![\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff])[^\W_])+"
)
_SURE = 3  # words in a row that are not met by chance; shorter runs are looked for near the last place
_SHORT = 4  # letters of a symbol with its index, which programs write as one word or as two
_JOINS = re.compile(r"[a-z]{2,}\|[a-z]{2,}|\d+\|(?:st|nd|rd|th)")
_NEAR_BEFORE, _NEAR_AFTER = 200, 1200  # characters


def words_of(text: str) -> list[str]:
    """The words of `text` in order."""
    plain = _SILENT.sub("", _RAISED.sub(r" \1 ", _ADDRESS.sub(" ", html.unescape(text))))
    return _WORD.findall(unicodedata.normalize("NFKC", plain).casefold())


class Words:
    """The words of a text, to look others up in."""

    def __init__(self, text: str) -> None:
        self.line = " ".join(["", *words_of(text), ""])
        self._at = 0  # where the last run was found: a source is looked up in its own order

    def count(self, words: list[str]) -> int:
        """How often `words` stand there in a row."""
        return self.line.count(_joined(words)) if words else 0

    def place(self, words: list[str]) -> int:
        """Where `words` stand in a row for the first time; -1 where they do not."""
        return self.line.find(_joined(words))

    def missing(self, words: list[str]) -> list[int]:
        """Numbers of those of `words` that are not there, as far as possible in long runs and in order."""
        missing: list[int] = []
        start = 0
        while start < len(words):
            length, place = self._longest_run(words, start)
            if length:
                self._at = place
                start += length
                continue
            if self._is_cut(words, start):
                start += 1
                continue
            missing.append(start)
            start += 1
        return missing

    def _is_cut(self, words: list[str], number: int) -> bool:
        """Whether a word stands there cut or joined: line ends cut words, `1st` is one, small letters are set apart."""
        for first in (number - 1, number):
            pair = words[first : first + 2] if first >= 0 else []
            if len(pair) == 2 and _JOINS.fullmatch("|".join(pair)) and f" {''.join(pair)} " in self.line:
                return True
        word = words[number]
        near = self.line[max(0, self._at - _NEAR_BEFORE) : self._at + _NEAR_AFTER]
        return len(word) <= _SHORT and any(f" {word[:at]} {word[at:]} " in near for at in range(1, len(word)))

    def _longest_run(self, words: list[str], start: int) -> tuple[int, int]:
        """(number of words from `start` that stand in a row, where); short runs count near the last place only."""
        least = min(_SURE, len(words))
        place = self.place(words[start : start + least]) if start + least <= len(words) else -1
        if place >= 0:
            low, high = least, least + 1
            while high <= len(words) - start and self.place(words[start : start + high]) >= 0:
                low, high = high, min(2 * high, len(words) - start) if high < len(words) - start else high + 1
            while high - low > 1:
                middle = (low + high) // 2
                low, high = (middle, high) if self.place(words[start : start + middle]) >= 0 else (low, middle)
            return low, self.place(words[start : start + low])
        for length in range(min(least, len(words) - start), 0, -1):
            begin = max(0, self._at - _NEAR_BEFORE)
            place = self.line.find(_joined(words[start : start + length]), begin, self._at + _NEAR_AFTER)
            if place >= 0:
                return length, place
        return 0, -1


def _joined(words: list[str]) -> str:
    return f" {' '.join(words)} "
