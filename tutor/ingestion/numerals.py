"""A number as automatic numbering writes it: 3, iii, C, 三, 叁, ③, 丙, third. Knows the formats of Office, no document."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

_ROMAN = ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))  # fmt: skip
_ONES = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_ORDINALS = {"one": "first", "two": "second", "three": "third", "five": "fifth", "eight": "eighth", "nine": "ninth", "twelve": "twelfth"}  # fmt: skip


def numeral(value: int, form: str) -> str:
    """`value` in a form of Office (`w:numFmt`, or `a:buAutoNum` without its marks); in digits where the form is unknown."""
    if form == "none":
        return ""
    if form == "decimalZero":
        return f"{value:02d}"
    writer = _WRITERS.get(form)
    return writer(value) if writer and value > 0 else str(value)


def _roman(value: int) -> str:
    text = ""
    for worth, sign in _ROMAN:
        text += sign * (value // worth)
        value %= worth
    return text


def _letters(value: int) -> str:
    """a ... z, aa, bb, ...: the letter is repeated."""
    return chr(97 + (value - 1) % 26) * ((value - 1) // 26 + 1)


def _ordinal(value: int) -> str:
    ending = "th" if value % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(value % 10, "th")
    return f"{value}{ending}"


def _words(value: int) -> str:
    if value < 20:
        return _ONES[value]
    if value > 99:
        return str(value)
    ones = value % 10
    return _TENS[value // 10 - 2] + (f"-{_ONES[ones]}" if ones else "")


def _ordinal_words(value: int) -> str:
    head, _, last = _words(value).rpartition("-")
    word = _ORDINALS.get(last) or (f"{last[:-1]}ieth" if last.endswith("y") else f"{last}th")
    return f"{head}-{word}" if head else word


def _counted(value: int, digits: str, units: str, is_short: bool) -> str:
    """Chinese counting below ten thousand; `is_short`: 十一, not 一十一."""
    if value > 9_999:
        return str(value)
    text, is_gap = "", False
    for place in range(3, -1, -1):
        digit = value // 10**place % 10
        if digit:
            text += ("零" if is_gap else "") + digits[digit] + (units[place - 1] if place else "")
        is_gap = bool(text) and not digit
    return text[1:] if is_short and 10 <= value < 20 else text


def _from(signs: str) -> Callable[[int], str]:
    return lambda value: signs[value - 1] if value <= len(signs) else str(value)


_CHINESE: Callable[[int], str] = lambda value: _counted(value, "零一二三四五六七八九", "十百千", True)  # noqa: E731
_LEGAL: Callable[[int], str] = lambda value: _counted(value, "零壹贰叁肆伍陆柒捌玖", "拾佰仟", False)  # noqa: E731
_CIRCLES = _from("①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳")
_WRITERS: Mapping[str, Callable[[int], str]] = MappingProxyType(
    {
        "lowerRoman": _roman,
        "upperRoman": lambda value: _roman(value).upper(),
        "lowerLetter": _letters,
        "upperLetter": lambda value: _letters(value).upper(),
        "ordinal": _ordinal,
        "cardinalText": lambda value: _words(value).capitalize(),
        "ordinalText": lambda value: _ordinal_words(value).capitalize(),
        **dict.fromkeys(
            ("chineseCounting", "chineseCountingThousand", "japaneseCounting", "taiwaneseCounting", "taiwaneseCountingThousand"),
            _CHINESE,
        ),
        **dict.fromkeys(("chineseLegalSimplified", "ideographLegalTraditional", "japaneseLegal"), _LEGAL),
        "ideographDigital": lambda value: "".join("〇一二三四五六七八九"[int(digit)] for digit in str(value)),
        "ideographTraditional": _from("甲乙丙丁戊己庚辛壬癸"),
        "ideographZodiac": _from("子丑寅卯辰巳午未申酉戌亥"),
        **dict.fromkeys(("decimalEnclosedCircle", "decimalEnclosedCircleChinese"), _CIRCLES),
        "decimalEnclosedParen": lambda value: f"({value})",
        "decimalEnclosedFullstop": lambda value: f"{value}.",
    }
)  # fmt: skip
