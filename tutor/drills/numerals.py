"""Words of an answer -> a number: digits, powers, products, fractions, halves, numerals in Chinese and English.

Knows nothing of units. What may mean two numbers ("三四十", "二五") is no number.
"""

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from tutor.drills.units import measure
from tutor.drills.words import Word

_NUMERALS = ("number", "digit", "ones", "teens", "tens", "place", "scale", "point")
_ENGLISH = ("ones", "teens", "tens")


class Unclear(Exception):  # noqa: N818 - not an error of the program: words that make no one number
    """`words` may mean more than one number, or none."""

    def __init__(self, words: Sequence[Word]) -> None:
        super().__init__()
        self.words = words


@dataclass
class Cursor:
    """A place in the words of an answer."""

    words: Sequence[Word]
    place: int = 0

    def kind(self, ahead: int = 0) -> str:
        """Of the next word, or of one further ahead; "" past the end."""
        place = self.place + ahead
        return self.words[place].kind if 0 <= place < len(self.words) else ""

    def take(self) -> Word:
        self.place += 1
        return self.words[self.place - 1]

    def skip(self, *kinds: str) -> bool:
        """Past the next words, where they are of exactly these kinds in this order; whether they are."""
        if any(self.kind(ahead) != kind for ahead, kind in enumerate(kinds)):
            return False
        self.place += len(kinds)
        return True

    def skip_one_of(self, *kinds: str) -> bool:
        """Past the next word, where it is of one of these kinds; whether it is."""
        return any(self.skip(kind) for kind in kinds)

    def skip_openings(self) -> None:
        """Past "about", "the answer is" and the tilde that means about and not up to."""
        while self.kind() == "before" or (self.kind() == "range" and self.words[self.place].text == "~"):
            self.place += 1

    def take_unit_per(self, kind: str) -> str | None:
        """The unit of time behind a word of this kind ("/ s"), and the cursor moves behind it; None where there is none."""
        if self.kind() != kind or self.kind(1) != "unit" or measure(self.words[self.place + 1].value[0]) != "time":
            return None
        self.place += 2
        return str(self.words[self.place - 1].value[0])

    def since(self, place: int) -> Sequence[Word]:
        return self.words[place : self.place]


# 3x1012 is 3x10^12 with its script lost, as copied from a page; 1024 and the round ones are themselves.
_FLAT_POWER = re.compile(r"10(?!0+$|24$)\d{1,2}")


def read_number(cursor: Cursor) -> float | None:
    """The number that begins here, and the cursor moves behind it; None where none begins. Raises Unclear."""
    start = cursor.place
    sign = -1.0 if cursor.skip("minus") else 1.0
    value = _power(cursor)
    while value is not None and cursor.kind() == "times":
        cursor.place += 1
        behind = cursor.place
        factor = _power(cursor)
        if factor is None:
            cursor.place -= 1
            break
        if _FLAT_POWER.fullmatch("".join(word.text for word in cursor.since(behind))):
            raise Unclear(cursor.since(behind))
        value *= factor
    if value is None:
        cursor.place = start
        return None
    if not math.isfinite(value):
        raise Unclear(cursor.since(start))
    return sign * value


def _power(cursor: Cursor) -> float | None:
    start = cursor.place
    value = _scaled(cursor)
    if value is None:
        return None
    behind = cursor.place
    named = cursor.skip("of")  # 2 的 20 次方
    if not named and not cursor.skip("power"):
        return value
    sign = -1.0 if cursor.skip("minus") else 1.0
    exponent = _run(cursor)
    if exponent is None or (named and not cursor.skip("nth_power")):
        cursor.place = behind
        return value
    try:
        return float(value ** (sign * exponent))
    except (OverflowError, ZeroDivisionError) as error:
        raise Unclear(cursor.since(start)) from error


def _scaled(cursor: Cursor) -> float | None:
    """A number and what follows it as its scale: half a billion, one and a half billion, 7个亿."""
    value = _fraction(cursor)
    while value is not None:
        behind = cursor.place
        cursor.skip_one_of("classifier", "article")
        if cursor.kind() != "scale" or cursor.words[behind - 1].kind == "scale":  # 7 m m is no number
            cursor.place = behind
            return value
        scale = cursor.take().value
        value *= scale
    return None


def _fraction(cursor: Cursor) -> float | None:
    """A number with its fraction: 1/8, two thirds, 三分之二, one in eight, 2 1/2, one and a half, 一个半."""
    start = cursor.place
    if cursor.kind() == "article":
        return _with_article(cursor)
    if cursor.kind() == "half":
        return float(cursor.take().value)
    if cursor.kind() == "part":
        return 1 / float(cursor.take().value)
    value = _run(cursor, bare=cursor.kind(1) == "parts_of")
    if value is None:
        return None
    if cursor.skip("parts_of"):
        above = _run(cursor, bare=True)
        return _ratio(above, value, cursor.since(start))
    for between in ("over", "in"):
        if cursor.kind() == between and cursor.kind(1) in _NUMERALS:
            cursor.place += 1
            below = float(cursor.take().value) if cursor.kind() == "number" else _run(cursor)  # 1/2 B is half a billion
            return _ratio(value, below, cursor.since(start))
    if cursor.skip("minus", "part") or cursor.skip("part"):
        return value / float(cursor.words[cursor.place - 1].value)
    if cursor.kind() == "half":
        return _with_half(cursor, value)
    return value + (_fraction_behind(cursor) if value.is_integer() else 0.0)


def _with_half(cursor: Cursor, value: float) -> float:
    """一半 and one half are 0.5, 一亿半 is a hundred million and half of that; nothing else stands before a half."""
    before = cursor.words[cursor.place - 1]
    if before.kind == "scale":
        return value + float(cursor.take().value * before.value)
    return float(cursor.take().value) if value == 1 else value


def _fraction_behind(cursor: Cursor) -> float:
    """Of a whole number: ½ in 2½, 一个半, two and a half; 0 where there is none."""
    if cursor.kind() == "number" and cursor.kind(1) == "over" and cursor.kind(2) == "number":
        start, above = cursor.place, cursor.take().value
        cursor.place += 1
        return _ratio(above, cursor.take().value, cursor.since(start))
    for kinds in (("and", "article", "half"), ("and", "half"), ("classifier", "half")):
        if cursor.skip(*kinds):
            return float(cursor.words[cursor.place - 1].value)
    for kinds in (("and", "article", "part"), ("and", "ones", "part")):
        if cursor.skip(*kinds):
            many = cursor.words[cursor.place - 2].value or 1.0
            return float(many / cursor.words[cursor.place - 1].value)
    return 0.0


def _with_article(cursor: Cursor) -> float | None:
    """A half, an eighth, a hundred, a billion, a day."""
    following = cursor.kind(1)
    if following not in ("half", "part", "place", "scale", "unit"):
        return None
    cursor.place += 1
    if following == "half":
        return float(cursor.take().value)
    if following == "part":
        return 1 / float(cursor.take().value)
    return 1.0 if following == "unit" else _run(cursor, bare=True)


def _ratio(above: float | None, below: float | None, words: Sequence[Word]) -> float:
    if above is None or not below:
        raise Unclear(words)
    return above / below


def _run(cursor: Cursor, bare: bool = False) -> float | None:
    """One number in digits or numerals; `bare`: 百 and "hundred" alone are 100."""
    start, sum_ = cursor.place, _Sum(bare)
    while cursor.kind() in _NUMERALS:
        if not _HANDLERS[cursor.kind()](sum_, cursor.words[cursor.place]):
            break
        cursor.place += 1
        _join(cursor)
    words = cursor.since(start)
    if not words:
        return None
    value = sum_.total(words)
    if not math.isfinite(value):
        raise Unclear(words)
    return value


def _join(cursor: Cursor) -> None:
    """Past the hyphen of twenty-four and the "and" of one hundred and four."""
    behind = cursor.words[cursor.place - 1]
    if (cursor.kind() == "minus" and behind.kind == "tens" and cursor.kind(1) == "ones") or (
        behind.kind in ("place", "scale") and cursor.kind() == "and" and cursor.kind(1) in _ENGLISH
    ):
        cursor.take()


@dataclass
class _Sum:
    """A number as its words come in: 一亿 | 两千 四百 | 万. What stands before a scale is multiplied by it."""

    bare: bool
    parts: list[float] = field(default_factory=list)  # behind a scale
    section: float = 0.0  # of thousands, hundreds, tens
    current: float | None = None  # not yet multiplied by anything
    digits: list[Word] = field(default_factory=list)  # Chinese digits side by side
    decimals: list[Word] | None = None
    last: Word | None = None  # place or scale
    after_zero: bool = False

    def number(self, word: Word) -> bool:
        if self.current is not None or self.digits or self.decimals is not None:
            return False
        self.current = float(word.value)
        return True

    def digit(self, word: Word) -> bool:
        if self.decimals is not None:
            self.decimals.append(word)
        elif self.current is not None:
            return False
        else:
            self.digits.append(word)
        return True

    def ones(self, word: Word) -> bool:
        if self.decimals is not None and word.value < 10:
            self.decimals.append(word)
            return True
        tens = self.current is not None and word.kind == "ones" and self.current in range(20, 100, 10)
        if self.digits or self.decimals is not None or (self.current is not None and not tens):
            return False
        self.current = (self.current or 0.0) + float(word.value)
        return True

    def place(self, word: Word) -> bool:
        if self._open() is None and (word.value > 10 or self.section) and not self.bare:
            return False
        before = self._open()
        self.section += (1.0 if before is None else before) * float(word.value)
        self._close(word)
        return True

    def scale(self, word: Word) -> bool:
        value = self.section + (self._open() or 0.0)
        value += sum(part for part in self.parts if part < word.value)
        open_ = self.section or self._open() is not None
        if not (value or self.bare) or (len(word.text) <= 2 and word.text.isascii() and not open_):
            return False  # 7M B is no number, 7 thousand million is one
        self.parts = [part for part in self.parts if part >= word.value] + [(value or 1.0) * float(word.value)]
        self.section = 0.0
        self._close(word)
        return True

    def point(self, _: Word) -> bool:
        if self.decimals is not None or (self.current is None and not self.digits and not self.section):
            return False
        self.decimals = []
        return True

    def total(self, words: Sequence[Word]) -> float:
        if self.decimals == []:
            raise Unclear(words)
        tail = self._open()
        if tail and self.last and words[-1].kind == "number" and self.last.text.isascii():
            raise Unclear(words)  # 7B5
        if tail and self.last and not self.after_zero and self.decimals is None and not self.last.text.isascii():
            tail = self._unsaid(tail, self.last.value, words)
        return sum(self.parts) + self.section + (tail or 0.0)

    def _unsaid(self, tail: float, last: float, words: Sequence[Word]) -> float:
        """一万五 and 3万5 leave the thousand unsaid; 1万20 may mean two numbers."""
        if last < 100 or tail >= last / 10:
            return tail
        if tail in range(1, 10):
            return tail * last / 10
        raise Unclear(words)

    def _open(self) -> float | None:
        """What is not yet multiplied, with its decimals."""
        whole = self._whole_digits() if self.digits else self.current
        if self.decimals:
            return (whole or 0.0) + float("0." + "".join(f"{word.value:.0f}" for word in self.decimals))
        return whole

    def _whole_digits(self) -> float | None:
        """四 is 4, 二〇四八 is 2048; 零五 behind a place is 5. 三四 (three or four) and 二五 are no number."""
        zeros = 1 if len(self.digits) == 2 and not self.digits[0].value else 0
        self.after_zero = self.after_zero or not self.digits[0].value
        said = self.digits[zeros:]
        if len(said) == 2:
            raise Unclear(said)
        return float("".join(f"{word.value:.0f}" for word in said))

    def _close(self, word: Word) -> None:
        self.current, self.digits, self.decimals, self.last, self.after_zero = None, [], None, word, False


_HANDLERS: dict[str, Callable[[_Sum, Word], bool]] = {
    "number": _Sum.number, "digit": _Sum.digit, "ones": _Sum.ones, "teens": _Sum.ones, "tens": _Sum.ones,
    "place": _Sum.place, "scale": _Sum.scale, "point": _Sum.point,
}  # fmt: skip
