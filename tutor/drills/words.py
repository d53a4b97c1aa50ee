"""An answer as typed -> its words: numbers in digits, and every word and sign that data/words.yaml knows.

Knows what each word is, not what they mean together; what it does not know it hands on as `unknown`.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from pathlib import Path
from typing import Any

from tutor.drills.units import Measure
from tutor.text.read_yaml import read_yaml

_FILE = Path(__file__).with_name("data") / "words.yaml"
_SUPERSCRIPT = re.compile("[⁰¹²³⁴⁵⁶⁷⁸⁹⁻]+")
_LOWERED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")
# What looks like one number: digits with any points and marks between them, blanks before groups of three, an exponent.
_DIGITS = re.compile(r"\.?\d(?:[.,'’_]*\d| (?=\d{3}(?!\d)))*(?:[eE][+-]?\d+[.\d]*)?")
_NUMBER = re.compile(r"(?:\d+|[1-9]\d{0,2}(?P<mark>[,'’_ ])\d{3}(?:(?P=mark)\d{3})*)?(?:\.\d+)?(?:[eE][+-]?\d+)?")
_UNKNOWN = re.compile(r"[A-Za-z]\w*|[\u3400-\u9fff]+|.")


@dataclass(frozen=True)
class Word:
    """A stretch of an answer. `kind` is a heading of the table, "number" for digits, "malformed" or "unknown"."""

    kind: str
    text: str
    start: int
    value: Any = None  # of a number word, its number; of a unit, (the unit, how many of it)

    @property
    def end(self) -> int:
        return self.start + len(self.text)


Meaning = tuple[str, Any]  # kind and value of a word


def plain_text(text: str) -> str:
    """One form for digits, powers, fractions, signs and blanks; full width becomes half width."""
    text = _SUPERSCRIPT.sub(lambda match: "^" + match.group().translate(_LOWERED), text)
    text = re.sub(r"\^\{(-?\d+)\}", r"^\1", text.replace(r"\times", "×").replace("−", "-"))
    text = re.sub(r"(\d)(?=[¼-¾⅐-⅞])", r"\1 ", text)  # 2½ is not 21/2
    text = "".join(sign for sign in unicodedata.normalize("NFKC", text) if unicodedata.category(sign) != "Cf")
    return " ".join(text.split())


def split_words(text: str, asked: Measure) -> list[Word]:
    """The words of a plain text, in order, as they are meant where this measure is asked for."""
    return list(_split(text, _meanings(asked)))


def _split(text: str, meanings: Mapping[str, Meaning]) -> Iterator[Word]:
    position = 0
    while position < len(text):
        if text[position] == " ":
            position += 1
            continue
        word = _digits(text, position) or _longest(text, position, meanings) or _unknown(text, position)
        yield word
        position = word.end


def _digits(text: str, start: int) -> Word | None:
    match = _DIGITS.match(text, start)
    if match is None:
        return None
    written = match.group()
    if not _NUMBER.fullmatch(written):
        return Word("malformed", written, start)
    return Word("number", written, start, float(re.sub("[,'’_ ]", "", written)))


def _longest(text: str, start: int, meanings: Mapping[str, Meaning]) -> Word | None:
    for end in range(min(len(text), start + _longest_spelling()), start, -1):
        written = text[start:end]
        if _is_letter(written[-1]) and end < len(text) and _is_letter(text[end]):
            continue  # within a word
        meaning = meanings.get(written) or meanings.get(written.lower())
        if meaning:
            return Word(meaning[0], written, start, meaning[1])
    return None


def _unknown(text: str, start: int) -> Word:
    match = _UNKNOWN.match(text, start)
    return Word("unknown", match.group() if match else text[start], start)


def _is_letter(sign: str) -> bool:
    return sign.isascii() and sign.isalpha()


@lru_cache(maxsize=1)
def _table() -> Mapping[str, Any]:
    table: Mapping[str, Any] = read_yaml(_FILE.read_text(encoding="utf-8"))
    return table


@lru_cache(maxsize=1)
def _longest_spelling() -> int:
    return max(map(len, _common()))


@lru_cache(maxsize=16)
def _meanings(asked: Measure) -> Mapping[str, Meaning]:
    """Kind and value by spelling: of all words, then of the letters that this measure decides."""
    meanings = dict(_common())
    for row in _table()["letters"]:
        if asked in row["asked"]:
            meanings.update({spelling: ("scale", float(scale)) for spelling, scale in row.get("scale", {}).items()})
            meanings.update(_units(row.get("units", {})))
            meanings.update(dict.fromkeys(row.get("doubtful", ()), ("doubtful", None)))
            meanings.update(dict.fromkeys(row.get("minutes", ()), ("minutes", None)))
    return meanings


@lru_cache(maxsize=1)
def _common() -> Mapping[str, Meaning]:
    table = _table()
    meanings: dict[str, Meaning] = {}
    for prefix, unit, spelling in _prefixed(table):
        meanings[spelling] = ("unit", (prefix + unit, 1.0))
    meanings.update(_units(table["units"]))
    meanings.update({spelling: ("unit", (unit, float(many))) for spelling, (unit, many) in table["multiples"].items()})
    meanings.update({spelling: (kind, None) for kind, words in table["words"].items() for spelling in words})
    for kind, numbers in table["numbers"].items():
        meanings.update({str(spelling): (kind, float(value)) for spelling, value in numbers.items()})
    meanings.update(dict.fromkeys(table["doubtful"], ("doubtful", None)))
    return meanings


def _units(spellings_by_unit: Mapping[str, list[str]]) -> Iterator[tuple[str, Meaning]]:
    for unit, spellings in spellings_by_unit.items():
        for spelling in spellings:
            yield spelling, ("unit", (unit, 1.0))


def _prefixed(table: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    """(prefix, unit, spelling): G, B, "gigabytes"; kibibytes are no kibiFLOP."""
    for prefix, spellings in table["prefixes"].items():
        for unit, words in table["prefixed"].items():
            for spelling, word in product(spellings, words):
                yield prefix, unit, spelling + word
                if len(spelling) > 1:
                    yield prefix, unit, f"{spelling} {word}"  # giga bytes
    for prefix, spellings in table["binary_prefixes"].items():
        for spelling, word in product(spellings, table["prefixed"]["B"]):
            yield prefix, "B", spelling + word
