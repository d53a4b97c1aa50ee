"""Tells text from what a wrong decoding leaves: characters that no language uses, or not together."""

import unicodedata
from functools import lru_cache
from itertools import pairwise

# The characters that these countries found worth a code: what a language needs, and little of what it does not.
_HAN_SETS = ("gb2312", "big5", "shift_jis")
_HANGUL_SETS = ("euc_kr",)
_NEVER_TOGETHER = ({"han", "other"}, {"hangul", "other"})
_LEAST, _MUCH_OF_A_LINE = 8, 0.3  # letters, share; none of 306 public files has such a line
_PLACEHOLDERS = frozenset("\ufffd锟")


def strange_share(text: str) -> float:
    """Share of the letters that are strange: without meaning (private use, lone surrogates, replaced ones), Chinese or
    Korean ones outside of the national sets, or of two scripts that no language joins; 0 for no letters."""
    strange, letters = _counted(text)
    return strange / letters if letters else 0.0


def strange_lines(text: str) -> list[str]:
    """Lines that are nonsense by themselves, as a font without a map leaves them in a file that is legible otherwise."""
    found = []
    for line in text.split("\n"):
        strange, letters = (0, 0) if line.isascii() else _counted(line)
        if letters >= _LEAST and strange >= _MUCH_OF_A_LINE * letters:
            found.append(line.strip())
    return found


def _counted(text: str) -> tuple[int, int]:
    """(strange letters, letters)"""
    kinds = [_kind(char) for char in text]
    strange = [kind == "strange" for kind in kinds]
    for place, (first, second) in enumerate(pairwise(kinds)):
        if {first, second} in _NEVER_TOGETHER:
            strange[place] = strange[place + 1] = True
    return sum(strange), sum(kind != "" for kind in kinds)


@lru_cache(maxsize=10_000)
def _kind(char: str) -> str:
    """`latin` for whatever stands beside anything, `han`, `hangul`, `other`, `strange`; empty for what is no letter."""
    category = unicodedata.category(char)
    if category in {"Co", "Cs", "Cn"} or char in _PLACEHOLDERS:
        return "strange"
    if category[0] != "L":
        return ""
    name = unicodedata.name(char, "").split()
    script = name[0] if name else ""
    if script in {"CJK", "HIRAGANA", "KATAKANA", "BOPOMOFO", "IDEOGRAPHIC", "HALFWIDTH", "KATAKANA-HIRAGANA"}:
        return "strange" if script == "CJK" and not _is_in(char, _HAN_SETS) else "han"
    if script == "HANGUL":
        return "hangul" if _is_in(char, _HANGUL_SETS) else "strange"
    return "latin" if script in _BESIDE_ANYTHING else "other"


_BESIDE_ANYTHING = frozenset(
    "LATIN GREEK CYRILLIC MATHEMATICAL DOUBLE-STRUCK SCRIPT BLACK-LETTER PLANCK KELVIN ANGSTROM OHM FULLWIDTH MODIFIER"
    " FEMININE MASCULINE MICRO EULER ALEF SUPERSCRIPT SUBSCRIPT INFORMATION TURNED".split()
)


def _is_in(char: str, sets: tuple[str, ...]) -> bool:
    for name in sets:
        try:
            if len(char.encode(name)) <= 2:  # eight bytes of euc_kr spell out any syllable
                return True
        except UnicodeEncodeError:
            continue
    return False
