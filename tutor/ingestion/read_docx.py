"""A Word document -> Markdown: headings, lists with their own labels, tables, formulas, code, notes. Page heads are left out.

What Word shows is read, once: content controls, text boxes, insertions; what it hides or has deleted is not. What cannot
be read (pictures, formulas of old editors) or is not the text (comments) is told.
"""

import re
from collections.abc import Iterator
from typing import Any

from tutor.ingestion.decode import decode_text
from tutor.ingestion.loaded import counted
from tutor.ingestion.office_package import Package, R, office_damage_told
from tutor.ingestion.smart_art import diagram_lines
from tutor.ingestion.word_lines import CODE, table_lines, with_fences
from tutor.ingestion.word_numbering import Numbering
from tutor.ingestion.word_styles import Styles, W, outline_level, value
from tutor.ingestion.word_tables import has_head, single_column, table_rows
from tutor.ingestion.word_text import WordText, shown
from tutor.messages import Message

_HEADINGS = 6


def docx_markdown(data: bytes, name: str) -> tuple[str, str, tuple[Message, ...]]:
    """(Markdown, title or "", doubts). Raises DocumentError when it is damaged or no Word document."""
    with office_damage_told(name, Message("ingestion.a_word_document")):
        package = Package(data, name)
        reader = _Reader(package)
        lines = reader.document()
        title = package.title
        doubts = reader.doubts()
    if not title:
        title = next((line[2:] for line in lines if line.startswith("# ")), "")
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip(), title, doubts


class _Reader:
    """One pass over a document, in its order: numbering counts, fields stay open, code goes on."""

    def __init__(self, package: Package) -> None:
        self._package = package
        self._path = package.main
        self._relations = package.relations(self._path)
        styles = Styles(package.related(self._path, "styles"))
        self._styles = styles
        self._numbering = Numbering(package.related(self._path, "numbering"), styles)
        self._notes = {kind: _notes(package.related(self._path, f"{kind}s"), kind) for kind in ("footnote", "endnote")}
        self._words = WordText(styles, self._notes["footnote"], self._notes["endnote"])
        self._joining = ""  # text of a paragraph whose end was deleted: it goes on in the next one
        self._depth = 0  # of the heading above
        self._above: list[int] = []  # levels of the list items that the next one may lie under

    def document(self) -> list[str]:
        body = self._package.xml(self._path).find(f"{W}body")
        lines = [*self._blocks(body), *self._attached(), *self._note_lines("endnotes")]
        return with_fences(lines)

    def doubts(self) -> tuple[Message, ...]:
        unread = self._words.attached.unread
        comments = self._package.related(self._path, "comments")
        said = [" ".join(_plain(item).split()) for item in comments.iter(f"{W}comment")] if comments is not None else []
        return counted(
            Message("ingestion.pictures_not_read", count=unread["pictures"]),
            Message("ingestion.formulas_not_read", count=unread["formulas"]),
            Message("ingestion.objects_not_read", count=unread["objects"]),
            Message("ingestion.comments_left_out", count=len(said), example=max(said, key=len, default="")[:60]),
        )

    # --- blocks

    def _blocks(self, container: Any) -> Iterator[str]:
        """Lines of what stands in a container. Lines of code begin with `CODE`."""
        for child in shown(container):
            if child.tag == f"{W}p":
                yield from self._paragraph(child)
            elif child.tag == f"{W}tbl":
                self._above = []
                yield from ("", *self._table(child), "")
                yield from self._attached()
            elif child.tag == f"{W}altChunk":
                yield from self._chunk(str(child.get(f"{R}id")))
            else:
                yield from self._blocks(child)

    def _paragraph(self, paragraph: Any) -> Iterator[str]:
        style = self._styles[value(paragraph, "pPr", "pStyle")]
        label = self._numbering.label(paragraph, value(paragraph, "pPr", "pStyle"))
        words = self._words.read(paragraph)
        is_code = label is None and (words.is_code or style.is_code)
        text = words.bare if is_code else self._joining + words.text
        if not is_code and paragraph.find(f"{W}pPr/{W}rPr/{W}del") is not None:
            self._joining = text
            return
        self._joining = ""
        if not text.strip() or style.is_contents:
            yield CODE if style.is_code else ""
        elif is_code:
            yield from (CODE + line for line in text.split("\n"))
        else:
            yield from self._written(paragraph, style, label, text)
        yield from self._attached()

    def _written(self, paragraph: Any, style: Any, label: Any, text: str) -> Iterator[str]:
        """Lines of a paragraph that is not code."""
        own = outline_level(paragraph)
        level = style.outline if own is None else own
        is_list = label is not None and label.is_in_list
        if style.is_title or (level is not None and level < _LEVELS):
            self._above = []
            self._depth = depth = 1 if style.is_title else min(_HEADINGS, (level or 0) + 1)
            line = " ".join(text.split())
            yield from ("", f"{'#' * depth} {label.before(line) if label else line}", "")
        elif is_list:
            self._above = [above for above in self._above if above < label.level]
            indent = "   " * len(self._above)
            self._above.append(label.level)
            mark = f"{indent}{_mark(label.text)} "
            first, *more = [line.strip() for line in text.split("\n") if line.strip()]
            yield from (mark + first, *(" " * len(mark) + line for line in more))
        else:
            self._above = []
            text = label.before(text.lstrip()) if label else text
            yield from ("", *text.split("\n"), "")

    def _attached(self) -> Iterator[str]:
        """What hangs on the paragraphs that were read: text boxes, SmartArt, footnotes."""
        attached = self._words.attached
        for box in attached.take("boxes"):
            yield from ("", *self._blocks(box), "")
        for relation in attached.take("diagrams"):
            part = self._relations.get(relation)
            yield from ("", *diagram_lines(self._package.xml(part.path) if part else None), "")
        yield from self._note_lines("notes")

    def _note_lines(self, name: str) -> Iterator[str]:
        for mark, note in self._words.attached.take(name):
            text = " ".join(line for line in map(str.strip, self._blocks(note)) if line)
            yield from ("", f"{mark} {text}", "") if text else ()

    def _chunk(self, relation_id: str) -> Iterator[str]:
        """A document of another format inside: what programs that write Word from HTML do."""
        from tutor.ingestion.read_html import html_markdown

        part = self._relations.get(relation_id)
        if part and part.path.lower().endswith((".html", ".htm", ".xhtml")):
            data = self._package.read(part.path)
            yield from ("", *html_markdown(data, decode_text(data), part.path)[0].split("\n"), "")
        else:
            self._words.attached.unread["objects"] += 1

    # --- tables

    def _table(self, table: Any) -> list[str]:
        frame = single_column(table)
        if frame:
            return [line for cell in frame for line in ("", *self._blocks(cell), "")]
        cells = table_rows(table, self._cell)
        return list(table_lines(cells, has_head=has_head(table), depth=min(_HEADINGS, self._depth + 1)))

    def _cell(self, cell: Any) -> str:
        """The lines of a cell, without those of the list around the table."""
        above, self._above = self._above, []
        lines = "\n".join(self._blocks(cell)).strip("\n")
        self._above = above
        return re.sub(r"\n{3,}", "\n\n", lines)


_LEVELS = 9  # outline levels; the next one is text


def _mark(label: str) -> str:
    """The mark of a list item in Markdown; a bare number or letter gets a full stop."""
    return f"{label}." if label.isalnum() else label or "-"


def _notes(root: Any, kind: str) -> dict[str, Any]:
    """Notes by id, without those that only draw the line above the notes."""
    found = root.findall(W + kind) if root is not None else []
    return {str(note.get(f"{W}id")): note for note in found if note.get(f"{W}type", "normal") == "normal"}


def _plain(node: Any) -> str:
    return "".join(item.text or "" for item in node.iter(f"{W}t"))
