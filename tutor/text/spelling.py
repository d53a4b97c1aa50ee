"""One spelling for what reads the same: blanks, line ends, widths, invisible characters, composed letters.

Knows no meaning: other words, other punctuation or other case stay another text.
"""

import re
import unicodedata

# Soft hyphen, zero-width blanks and joiners, marks of direction, byte order marks, variants of emoji.
_INVISIBLE = re.compile("[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff]")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
# Characters that are another one in a wider or narrower cell; not all that NFKC takes for the same: 10² is not 102.
_WIDTHS = str.maketrans(
    {
        code: unicodedata.normalize("NFKC", chr(code))
        for code in range(0xFF01, 0xFFEF)
        if unicodedata.decomposition(chr(code)).startswith(("<wide>", "<narrow>"))
    }
)


def visible(text: str) -> str:
    """Without what no reader sees: zero-width blanks and joiners, soft hyphens, marks of direction and of variants."""
    return _INVISIBLE.sub("", text)


def one_spelling(text: str) -> str:
    """The text as one line in one spelling."""
    text = _CONTROL.sub(" ", unicodedata.normalize("NFC", visible(text)).translate(_WIDTHS))
    return " ".join(text.encode("utf-8", "replace").decode("utf-8").split())
