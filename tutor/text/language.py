"""Which of the two languages a text is written in. Knows nothing of other languages."""

import re

from tutor.domain import Language

_HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")
_LATIN_WORD = re.compile(r"[A-Za-z]+")


def han_count(text: str) -> int:
    """Number of Chinese characters."""
    return len(_HAN.findall(text))


def detect_language(text: str) -> Language:
    """The language a reader would say the text is in; terms such as "KV Cache" do not make a question English.

    A Chinese character carries about as much as half an English word, and Chinese technical prose is full of
    English terms, so Chinese wins as soon as Han characters are no rarer than two to five English words.
    """
    han = han_count(text)
    latin = len(_LATIN_WORD.findall(text))
    if han == 0:
        return "en"
    return "zh" if han >= 0.4 * latin else "en"
