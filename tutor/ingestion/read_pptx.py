"""PowerPoint slides -> Markdown: the title of each slide as a heading, its texts, tables, diagrams and notes under it.

Slides come in the order in which they are shown, shapes in the order in which a screen reader takes them. Dates, page numbers
and footers of slides are furniture. What cannot be read (pictures, charts) or is no text of a slide (comments) is told.
"""

import re
from collections.abc import Iterator
from pathlib import PurePath
from typing import Any

from tutor.ingestion.drawing_ml import MC, A, C, shown_branch
from tutor.ingestion.grid import even_rows, markdown_table
from tutor.ingestion.loaded import counted
from tutor.ingestion.office_package import Package, R, office_damage_told
from tutor.ingestion.pictures import said_of_picture
from tutor.ingestion.slide_text import SlideText
from tutor.ingestion.smart_art import DGM, diagram_lines
from tutor.messages import Message
from tutor.text.language import detect_language

_P = "{http://schemas.openxmlformats.org/presentationml/2006/main}"
_FURNITURE = frozenset({"dt", "ftr", "sldNum", "hdr", "sldImg"})
_TITLES = frozenset({"title", "ctrTitle"})
_LONGEST_TITLE = 60  # characters of a first line that stands for a missing title
_SLIDE = {"zh": "第 {0} 页", "en": "Slide {0}"}


def pptx_markdown(data: bytes, name: str) -> tuple[str, str, tuple[Message, ...]]:
    """(Markdown, title, doubts). Raises DocumentError when it is damaged or no presentation."""
    with office_damage_told(name, Message("ingestion.a_presentation")):
        package = Package(data, name)
        deck = _Deck(package)
        slides = [deck.slide(path) for path in deck.paths()]
        title = package.title or deck.title or PurePath(name).stem  # the first slide may be one like the others
        doubts = deck.doubts()
    language = detect_language("\n".join(line for _, lines in slides for line in lines))
    text = "\n".join(
        line
        for number, (heading, lines) in enumerate(slides, start=1)
        if heading or any(lines)
        for line in ("", f"## {heading or _SLIDE[language].format(number)}", "", *lines)
    )
    return re.sub(r"\n{3,}", "\n\n", text).strip(), title, doubts


class _Deck:
    """The slides of a presentation, and what was not read of them."""

    def __init__(self, package: Package) -> None:
        self._package = package
        self.title = ""  # of the first slide that is a title page
        self._pictures = 0
        self._comments: list[str] = []
        self._words = SlideText()

    def paths(self) -> list[str]:
        """The slides in the order in which they are shown."""
        main = self._package.main
        relations = self._package.relations(main)
        ids = [str(item.get(f"{R}id")) for item in self._package.xml(main).iter(f"{_P}sldId")]
        return [relations[slide].path for slide in ids if slide in relations]

    def slide(self, path: str) -> tuple[str, list[str]]:
        """(title or "", the lines under it, those of the notes last)."""
        root = self._package.xml(path)
        relations = self._package.relations(path)
        shapes = list(_shapes(root.find(f"{_P}cSld/{_P}spTree")))
        title = " ".join(" ".join(self._words.lines(shape)) for shape in shapes if _place(shape) in _TITLES)
        lines = [
            line
            for shape in shapes
            if _place(shape) not in _FURNITURE | _TITLES
            for line in self._shape(shape, relations)
        ]
        heading = " ".join(title.split())
        if any(_place(shape) == "ctrTitle" for shape in shapes):
            self.title = self.title or heading
        if not heading:
            heading, lines = _without_title(lines)
        for kind in ("notesSlide", "comments"):
            for part in (item.path for item in relations.values() if item.kind == kind):
                if kind == "notesSlide":
                    lines += self._notes(part)
                else:
                    self._comments += [item.text or "" for item in self._package.xml(part).iter(f"{_P}text")]
        return heading, lines

    def doubts(self) -> tuple[Message, ...]:
        example = max(self._comments, key=len, default="")[:60]
        return counted(
            Message("ingestion.pictures_not_read", count=self._pictures),
            Message("ingestion.comments_left_out", count=len(self._comments), example=example),
        )

    def _notes(self, path: str) -> Iterator[str]:
        root = self._package.xml(path)
        for shape in _shapes(root.find(f"{_P}cSld/{_P}spTree")) if root is not None else ():
            if _place(shape) == "body":
                yield from ("", *self._words.lines(shape), "")

    def _shape(self, shape: Any, relations: Any) -> Iterator[str]:
        table = shape.find(f"{A}graphic/{A}graphicData/{A}tbl")
        diagram = next(shape.iter(f"{DGM}relIds"), None) if shape.tag == f"{_P}graphicFrame" else None
        if table is not None:
            yield from ("", *self._table(table), "")
        elif diagram is not None:
            part = relations.get(str(diagram.get(f"{R}dm")))
            yield from ("", *diagram_lines(self._package.xml(part.path) if part else None), "")
        elif shape.tag == f"{_P}pic" or next(shape.iter(f"{C}chart"), None) is not None:
            self._pictures += 1
            said = said_of_picture(next((str(item.get("descr") or "") for item in shape.iter(f"{_P}cNvPr")), ""))
            yield from ("", said, "") if said else ()
        else:
            yield from ("", *self._words.lines(shape, is_list=_place(shape) in {"body", "obj", "subTitle"}), "")

    def _table(self, table: Any) -> list[str]:
        """Rows of a table; a cell over several rows or columns stands in each of them."""
        rows: list[list[str]] = []
        for row in table.findall(f"{A}tr"):
            texts: list[str] = []
            for cell in row.findall(f"{A}tc"):
                text = " ".join(self._words.lines(cell))
                if cell.get("hMerge") in {"1", "true"} and texts:
                    text = texts[-1]
                elif cell.get("vMerge") in {"1", "true"} and rows and len(texts) < len(rows[-1]):
                    text = rows[-1][len(texts)]
                texts.append(" ".join(text.split()))
            rows.append(texts)
        filled = even_rows(rows)
        return markdown_table(filled) if filled else []


def _shapes(tree: Any) -> Iterator[Any]:
    """Shapes with those inside groups, in order."""
    for child in tree if tree is not None else ():
        if child.tag == f"{_P}grpSp":
            yield from _shapes(child)
        elif child.tag == f"{MC}AlternateContent":
            yield from _shapes(shown_branch(child))
        elif child.tag in {f"{_P}sp", f"{_P}graphicFrame", f"{_P}pic"}:
            yield child


def _place(shape: Any) -> str:
    """The kind of placeholder that a shape fills; "" for a shape of its own."""
    found = next(shape.iter(f"{_P}ph"), None)
    return "" if found is None else str(found.get("type", "obj"))


def _without_title(lines: list[str]) -> tuple[str, list[str]]:
    """A short first line stands for the title of a slide that has none."""
    for place, line in enumerate(lines):
        if line.strip():
            text = line.strip().removeprefix("- ")
            is_title = (
                len(text) <= _LONGEST_TITLE
                and not re.match(r"[|`$]|\d+[.)]", text)
                and not re.search(r"[。；;，,]$", text)
            )
            return (text, lines[place + 1 :]) if is_title and any(lines[place + 1 :]) else ("", lines)
    return "", lines
