"""Labels of Word's automatic numbering (`2.1.3`, `问题1：`, `一、`), which are not part of the text of a paragraph."""

import re
from collections import defaultdict
from dataclasses import dataclass, replace
from typing import Any

from tutor.ingestion.numerals import numeral
from tutor.ingestion.word_styles import Styles, W, numbering, value

_SIGN_FONT = re.compile(r"symbol|wingdings|webdings|courier", re.I)
_IN_LIST = re.compile(r"[(（]?(?:\d{1,3}|[a-z]|[ivxl]+|[①-⑳])[.)）、．]?|\d{1,3}\.", re.I)
_LEVELS = 9


@dataclass(frozen=True)
class Label:
    """What stands before a paragraph: a bullet (no text), a mark of a list, or words of its own."""

    text: str
    level: int

    @property
    def is_in_list(self) -> bool:
        """Whether it only counts items: `3.`, `(b)`, a bullet; `问题1：`, `一、` and `2.1` stand at the margin."""
        return not self.text or bool(_IN_LIST.fullmatch(self.text))

    def before(self, text: str) -> str:
        """The text with its label."""
        if not self.text:
            return text
        return self.text + ("" if self.text[-1] in "、：）．。，】」" else " ") + text


@dataclass(frozen=True)
class _Level:
    """How one level of a list counts."""

    form: str = "decimal"
    pattern: str = ""
    start: int = 1
    restart: int | None = None  # the level (from 1) after which it starts anew; None: any above, 0: never
    is_legal: bool = False  # digits at all levels
    is_sign: bool = False  # the pattern is in a font of signs
    style: str = ""
    is_restarted: bool = False  # by the list, where it uses the numbering of another


class Numbering:
    """Counts paragraph by paragraph, in the order of the document."""

    def __init__(self, root: Any, styles: Styles) -> None:
        self._styles = styles
        self._levels: dict[int, dict[int, _Level]] = {}  # list -> level -> how it counts
        self._shared: dict[int, int] = {}  # list -> what it counts with together with other lists
        self._counts: defaultdict[int, dict[int, int]] = defaultdict(dict)
        self._restarted: set[tuple[int, int]] = set()
        if root is not None:
            self._read(root)

    def _read(self, root: Any) -> None:
        shared = {number(item, "abstractNumId"): item for item in root.iter(f"{W}abstractNum")}
        lists = {number(item, "numId"): item for item in root.iter(f"{W}num")}
        for list_id, item in lists.items():
            base = _int(value(item, "abstractNumId"))
            linked = self._styles[value(shared[base], "numStyleLink")].numbering if base in shared else None
            if linked is not None and linked[0] in lists:
                base = _int(value(lists[linked[0]], "abstractNumId"))
            levels = {number(level, "ilvl"): _level(level) for level in _children(shared.get(base), "lvl")}
            for override in _children(item, "lvlOverride"):
                place = number(override, "ilvl")
                own, start = override.find(f"{W}lvl"), value(override, "startOverride")
                level = _level(own) if own is not None else levels.get(place, _Level())
                levels[place] = replace(level, start=_int(start), is_restarted=True) if start else level
            self._levels[list_id], self._shared[list_id] = levels, base

    def label(self, paragraph: Any, style_id: str) -> Label | None:
        """The label of the next paragraph; None where it is not numbered."""
        found = numbering(paragraph) or self._styles[style_id].numbering
        if not found or found[0] not in self._levels:
            return None
        list_id, place = found
        levels = self._levels[list_id]
        own_level = value(paragraph, "pPr", "numPr", "ilvl")  # may stand beside the list of the style
        if own_level.isdigit():
            place = int(own_level)
        if place is None:
            place = next((at for at, level in levels.items() if level.style and level.style == style_id), 0)
        level = levels.get(place, _Level(form="bullet", pattern="•"))
        self._count(list_id, place, level)
        if not level.pattern.strip() and not level.is_sign:
            return None  # a paragraph that goes on in the item above
        return Label(
            "" if level.form == "bullet" and not _has_words(level.pattern) else self._text(list_id, place), place
        )

    def _count(self, list_id: int, place: int, level: _Level) -> None:
        counts = self._counts[self._shared[list_id]]
        if level.is_restarted and (list_id, place) not in self._restarted:
            self._restarted.add((list_id, place))
            counts.pop(place, None)
        counts[place] = counts[place] + 1 if place in counts else level.start
        for below in range(place + 1, _LEVELS):
            restart = self._levels[list_id].get(below, _Level()).restart
            if restart is None or place < restart:
                counts.pop(below, None)

    def _text(self, list_id: int, place: int) -> str:
        levels, counts = self._levels[list_id], self._counts[self._shared[list_id]]
        level = levels[place]

        def count(match: re.Match[str]) -> str:
            at = int(match[1]) - 1
            other = levels.get(at, _Level())
            return numeral(counts.get(at, other.start), "decimal" if level.is_legal else other.form)

        return " ".join(re.sub(r"%([1-9])", count, level.pattern).split())


def _level(element: Any) -> _Level:
    restart, start = value(element, "lvlRestart"), value(element, "start")
    fonts = element.find(f"{W}rPr/{W}rFonts")
    is_sign = fonts is not None and bool(_SIGN_FONT.search(str(fonts.get(f"{W}ascii", ""))))
    legal = element.find(f"{W}isLgl")
    form = value(element, "numFmt") or "decimal"
    return _Level(
        form=form,
        pattern="" if is_sign and form == "bullet" else value(element, "lvlText"),
        is_sign=is_sign,
        start=_int(start, 1 if not start else 0),
        restart=_int(restart) if restart else None,
        is_legal=legal is not None and legal.get(f"{W}val", "1") not in {"0", "false"},
        style=value(element, "pStyle"),
    )


def _has_words(pattern: str) -> bool:
    """Whether a bullet says something: `问：`, `Q:`; `o` and the signs of symbol fonts do not."""
    return len(pattern.strip()) > 1 and any(char.isalnum() and not "\ue000" <= char <= "\uf8ff" for char in pattern)


def number(element: Any, attribute: str) -> int:
    """A whole number in an attribute; -1 where there is none."""
    return _int(str(element.get(W + attribute, "")), -1)


def _children(element: Any, name: str) -> list[Any]:
    return list(element.findall(W + name)) if element is not None else []


def _int(text: str, otherwise: int = 0) -> int:
    return int(text) if text.lstrip("-").isdigit() else otherwise
