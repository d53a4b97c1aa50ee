"""Bytes -> text for the encodings that Chinese and English learners meet: UTF-8, UTF-16, GB18030 (and plain Windows-1252).

Knows nothing of files or formats; a text that fits none of them is refused, never guessed into nonsense.
"""

import codecs
import unicodedata

_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_SAMPLE = 20_000  # characters looked at to judge a guess
_ALLOWED_CONTROLS = frozenset("\t\n\r\f\v\x1a")


def decode_text(data: bytes) -> str | None:
    """The text, without byte order mark; None when the bytes are no text in a known encoding.

    Only UTF-8 and a byte order mark prove themselves. Without them the guesses are tried in order, and one is taken when
    nearly all of its characters are in everyday use: GB18030 decodes almost any bytes, into rare characters.
    """
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return _checked(data, encoding, least_common=0.0)
    if b"\0" in data[:_SAMPLE]:
        return _checked(data, "utf-16-le", 0.9) or _checked(data, "utf-16-be", 0.9)
    text = _nearly_utf8(data)
    if text is not None:
        return text
    return (
        _checked(data, "gb18030", 0.9)
        or _checked(data, "utf-16-le", 0.97)
        or _checked(data, "utf-16-be", 0.97)
        or _windows_text(data)
    )


def _checked(data: bytes, encoding: str, least_common: float) -> str | None:
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        return None
    sample = text[:_SAMPLE]
    if sum(map(_is_control, sample)) > len(sample) // 200:
        return None
    foreign = [char for char in sample if ord(char) > 127]
    common = sum(map(_is_common, foreign))
    return text if common >= least_common * len(foreign) else None


def _nearly_utf8(data: bytes) -> str | None:
    """UTF-8, also with a few broken characters, as in a text that was cut off in the middle of one."""
    text = data.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    if broken * 200 > len(text) and not (broken <= 2 and len(text) >= 50):
        return None
    return _checked(text.replace("\ufffd", "").encode("utf-8"), "utf-8", least_common=0.0)


def _windows_text(data: bytes) -> str | None:
    """English with a few curly quotes and accents, as older Windows programs save it."""
    foreign = sum(byte > 127 for byte in data)
    return _checked(data, "cp1252", 0.0) if foreign <= len(data) * 0.1 else None


def _is_control(char: str) -> bool:
    return unicodedata.category(char) in {"Cc", "Co", "Cn", "Cs"} and char not in _ALLOWED_CONTROLS


def _is_common(char: str) -> bool:
    """In the character sets of simplified (GB 2312) or traditional (Big5) everyday Chinese, a symbol or an emoji."""
    for charset in ("gb2312", "big5"):
        try:
            char.encode(charset)
        except UnicodeEncodeError:
            continue
        return True
    return unicodedata.category(char) in {"So", "Sm", "Pd", "Ps", "Pe", "Po", "Zs", "Mn"}
