"""What a learner answers -> a quantity: "4.3 GB", "4GiB", "约40天", "1.2×10^23 FLOPs", "350亿参数", "3h20min", "two thirds".

Strict about what it is (one number, one known unit), kind about how it is written: a word it cannot place is named, and
nothing is guessed. Judges nothing.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from tutor.drills.numerals import Cursor, Unclear, read_number
from tutor.drills.units import Measure, Quantity, measure, size
from tutor.drills.words import Word, plain_text, split_words
from tutor.errors import DrillError
from tutor.messages import Message

# Without a unit, a number is taken for this one where nothing else could be meant.
_BARE: Mapping[Measure, str] = {
    "operations": "FLOP", "parameters": "parameters", "tokens": "tokens", "share": "share", "number": "number", "sequences": "sequences",
}  # fmt: skip
_EXAMPLES: Mapping[Measure, str] = {
    "memory": "4.3 GB, 4 GiB, 512 MB",
    "time": "40 days, 12 h, 6.9 ms",
    "operations": "1.2e23 FLOP, 3.15×10^23 FLOPs",
    "speed": "312 TFLOP/s",
    "bandwidth": "2 TB/s",
    "parameters": "35B, 350亿, 6.74e9",
    "tokens": "1.4T, 300B",
    "rate": "146 tokens/s",
    "sequences": "295",
    "money": "0.46 USD, $0.46",
    "share": "0.18, 18%",
    "number": "0.665, 53",
    "angle": "0.1 rad",
}
_STOPPED = ("malformed", "doubtful", "unknown", "bound", "vague")  # wherever they stand, the most telling first
_LONGEST = 500  # characters of an answer; nobody writes a number in more
_PER_TIME: tuple[Measure, ...] = ("rate", "speed", "bandwidth")


_REASONS: Mapping[str, Callable[[str], Message]] = {
    "no_number": lambda part: Message("drills.answer_no_number", part=part),
    "malformed": lambda part: Message("drills.answer_malformed", part=part),
    "no_unit": lambda part: Message("drills.answer_no_unit", part=part),
    "doubtful": lambda part: Message("drills.answer_doubtful", part=part),
    "bound": lambda part: Message("drills.answer_bound", part=part),
    "vague": lambda part: Message("drills.answer_vague", part=part),
    "several": lambda part: Message("drills.answer_several", part=part),
    "unknown": lambda part: Message("drills.answer_unknown", part=part),
    "left_over": lambda part: Message("drills.answer_left_over", part=part),
}


@dataclass(frozen=True)
class Doubt:
    """Why an answer is no quantity. `part` is what could not be read: full width made half width, else as written."""

    part: str
    told: Message


def read_answer(text: str, unit: str) -> Quantity | Doubt:
    """The quantity, or what cannot be read and what was expected. `unit` is one of the right measure."""
    asked, plain = measure(unit), plain_text(text)
    if not plain:
        return Doubt("", _expected(Message("drills.answer_missing"), asked))
    if len(plain) > _LONGEST:
        return _doubt("no_number", plain, asked)
    words = split_words(plain, asked)
    for kind in _STOPPED:
        for word in words:
            if word.kind == kind:
                return _doubt(kind, word.text, asked)
    try:
        return _read(Cursor(words), asked)
    except _Refused as refused:
        start, end = (refused.words[0].start, refused.words[-1].end) if refused.words else (0, len(plain))
        return _doubt(refused.reason, plain[start:end], asked)
    except Unclear as unclear:
        return _doubt("no_number", plain[unclear.words[0].start : unclear.words[-1].end], asked)


class _Refused(Exception):  # noqa: N818 - ends the reading of one answer; `read_answer` makes a Doubt of it
    def __init__(self, reason: str, words: Sequence[Word]) -> None:
        super().__init__(reason)
        self.reason = reason
        self.words = words


def _doubt(reason: str, part: str, asked: Measure) -> Doubt:
    shown = part if len(part) <= 60 else part[:59] + "…"
    return Doubt(shown, _expected(_REASONS[reason](shown), asked))


def _expected(reason: Message, asked: Measure) -> Message:
    expected = Message("drills.one_number") if asked in _BARE else Message("drills.number_and_unit")
    return Message("drills.unread_answer", reason=reason, expected=expected, example=_EXAMPLES[asked])


def _read(cursor: Cursor, asked: Measure) -> Quantity:
    """The quantity that all the words say. Raises _Refused with the words that it cannot place, or Unclear."""
    cursor.skip_openings()
    per_time = cursor.take_unit_per("per")
    cursor.skip_openings()
    money = cursor.take().value[0] if cursor.kind() == "unit" else None
    start = cursor.place
    read = _amount(cursor, asked, per_time)
    if isinstance(read, Quantity) and measure(read.unit) == "time":
        read = _rest_of_time(cursor, asked, read)
    if isinstance(read, float) and money:
        read = Quantity(read, money)
    _refuse_several(cursor, asked, start)
    while cursor.kind() in ("after", "classifier"):
        cursor.take()
    if cursor.kind() or (money and isinstance(read, Quantity) and read.unit != money):
        raise _Refused("left_over", cursor.words[cursor.place :])
    if isinstance(read, Quantity):
        return read
    if asked not in _BARE or per_time:
        raise _Refused("no_unit", cursor.words[start:])
    return Quantity(read, _BARE[asked])


def _amount(cursor: Cursor, asked: Measure, per_time: str | None, after_hours: bool = False) -> Quantity | float:
    """The next number, with its unit where one follows."""
    start = cursor.place
    value = read_number(cursor)
    if value is None:
        raise _Refused("no_number", cursor.words[start:])
    if cursor.kind() == "times" and not cursor.kind(1):  # 3x
        cursor.take()
        return Quantity(value, "number")
    behind = cursor.place
    if not cursor.skip("of", "article"):
        cursor.skip_one_of("classifier", "article", "of")
    if after_hours and cursor.skip("minutes"):  # 3h20m
        return Quantity(value, "min")
    if cursor.kind() != "unit":
        cursor.place = behind
        return value
    unit, many = cursor.take().value
    if cursor.skip("half") or cursor.skip("and", "article", "half"):  # 两天半, an hour and a half
        value += 0.5
    per_time = per_time or _per_time(cursor, asked)
    if per_time is None and asked == "speed" and unit.endswith("FLOP"):
        per_time = "s"  # TFLOPs is said of operations and of operations per second
    name = f"{unit}/{per_time}" if per_time else unit
    try:
        measure(name)
    except DrillError as error:
        raise _Refused("left_over", cursor.since(behind)) from error
    return Quantity(value * many, name)


def _per_time(cursor: Cursor, asked: Measure) -> str | None:
    """The unit of time in tokens / s, 每秒, and (where so much per time is asked for) in tokens a second."""
    between = cursor.take_unit_per("over") or cursor.take_unit_per("per")
    return between or (cursor.take_unit_per("article") if asked in _PER_TIME else None)


def _rest_of_time(cursor: Cursor, asked: Measure, first: Quantity) -> Quantity:
    """3 h and 20 min as one time; units must fall, so that no second answer is added to the first."""
    total, last = first, first
    while True:
        start = cursor.place
        cursor.skip("and")
        if cursor.kind() not in ("number", "digit", "ones", "teens", "tens", "place"):
            cursor.place = start
            return total
        part = _amount(cursor, asked, None, after_hours=last.unit == "h")
        if isinstance(part, float) or measure(part.unit) != "time" or size(part.unit) >= size(last.unit):
            raise _Refused("left_over", cursor.since(start))
        total, last = Quantity(total.base_value + part.base_value, "s"), part


def _refuse_several(cursor: Cursor, asked: Measure, start: int) -> None:
    """Raises where another number follows behind a dash, a tilde or an "or"."""
    behind = cursor.place
    if cursor.kind() not in ("range", "minus"):
        return
    cursor.take()
    try:
        _amount(cursor, asked, None)
    except (_Refused, Unclear):
        cursor.place = behind
        return
    raise _Refused("several", cursor.since(start))
