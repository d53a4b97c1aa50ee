"""The styles of a Word document: what a paragraph or run takes from its style and from those that it is based on."""

import re
from dataclasses import dataclass
from typing import Any

from tutor.ingestion import typography

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_HEADING = re.compile(r"(?:heading|标题|標題|überschrift|titre|título|titolo|見出し|제목|заголовок)\s*([1-9])", re.I)
_TITLE = re.compile(r"title|标题|題目|题目|文档标题|titel|titre", re.I)
_CODE = re.compile(r"source code|source text|preformatted|verbatim|html[ _]?(?:code|预设格式|代码|typewriter)|(?:inline ?)?code\b.*|代码.*|程序.*|listing", re.I)  # fmt: skip
_CONTENTS = re.compile(r"(?:toc|contents|目录|目錄)\s*(?:\d|heading|标题)|table of figures", re.I)
_MOST_STEPS = 12  # styles that are based on styles


@dataclass(frozen=True)
class Style:
    """What a style says, with what it inherits."""

    name: str = ""
    outline: int | None = None  # 0 for a heading of the first level
    numbering: tuple[int, int | None] | None = None  # number of the list, level
    script: str = ""  # "superscript", "subscript"
    is_code: bool = False
    is_title: bool = False
    is_contents: bool = False  # an entry of a table of contents


class Styles:
    """The styles by id, read from `word/styles.xml`."""

    def __init__(self, root: Any) -> None:
        found = list(root.iter(f"{W}style")) if root is not None else []
        self._elements = {str(item.get(f"{W}styleId")): item for item in found}
        self._known: dict[str, Style] = {}

    def __getitem__(self, style_id: str) -> Style:
        if style_id not in self._known:
            self._known[style_id] = self._read(style_id)
        return self._known[style_id]

    def _read(self, style_id: str) -> Style:
        chain = self._chain(style_id)
        names = [value(item, "name") for item in chain]
        levels = [level for item in chain if (level := outline_level(item)) is not None]
        by_name = next((int(match[1]) - 1 for name in names if (match := _HEADING.match(name))), None)
        numbered = [found for item in chain if (found := numbering(item)) is not None]
        scripts = [script for item in chain if (script := value(item, "rPr", "vertAlign"))]
        return Style(
            name=names[0] if names else style_id,
            outline=levels[0] if levels else by_name,
            numbering=numbered[0] if numbered else None,
            script=scripts[0] if scripts else "",
            is_code=any(map(_CODE.fullmatch, names)) or any(map(is_monospaced, chain)),
            is_title=bool(names and _TITLE.fullmatch(names[0])),
            is_contents=bool(names and _CONTENTS.match(names[0])),
        )

    def _chain(self, style_id: str) -> list[Any]:
        chain: list[Any] = []
        while style_id in self._elements and len(chain) < _MOST_STEPS:
            chain.append(self._elements[style_id])
            style_id = value(chain[-1], "basedOn")
        return chain


def value(element: Any, *path: str) -> str:
    """`w:val` at the end of a path of child names; "" where there is none."""
    for name in path:
        element = element.find(W + name) if element is not None else None
    return str(element.get(f"{W}val", "")) if element is not None else ""


def outline_level(element: Any) -> int | None:
    """The outline level of a paragraph or style by itself; 9 stands for text."""
    level = value(element, "pPr", "outlineLvl")
    return int(level) if level.isdigit() else None


def numbering(element: Any) -> tuple[int, int | None] | None:
    """(number of the list, level or None) of a paragraph or style by itself; list 0 switches numbering off."""
    number, level = value(element, "pPr", "numPr", "numId"), value(element, "pPr", "numPr", "ilvl")
    if number.isdigit():
        return int(number), int(level) if level.isdigit() else None
    return None


def is_monospaced(element: Any) -> bool:
    """Whether a run or style asks for a font of equally wide letters."""
    fonts = element.find(f"{W}rPr/{W}rFonts")
    return fonts is not None and typography.is_monospaced(str(fonts.get(f"{W}ascii", "")))
