"""The text of a Word paragraph: runs, fields, scripts, signs, formulas, code; what hangs on it (notes, boxes) is collected.

Everything that is not known is read through, so that text in a new kind of container is not lost; deleted and moved
away text is not read.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from tutor.ingestion.drawing_ml import MC, A, C, shown_branch
from tutor.ingestion.formula_characters import symbol
from tutor.ingestion.numerals import numeral
from tutor.ingestion.office_package import R
from tutor.ingestion.office_runs import Piece, Words, words_of
from tutor.ingestion.omml import M, latex
from tutor.ingestion.pictures import said_of_picture
from tutor.ingestion.smart_art import DGM
from tutor.ingestion.word_styles import Styles, W, is_monospaced, value

_WP = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
_V = "{urn:schemas-microsoft-com:vml}"
_O = "{urn:schemas-microsoft-com:office:office}"
_DROPPED = frozenset(
    f"{W}{name}"
    for name in "del moveFrom pPr rPr sectPr sdtPr sdtEndPr instrText delText delInstrText rt ffData tblPr tblGrid trPr tcPr".split()
)
_SIGNS = MappingProxyType(
    {
        f"{W}tab": "\t", f"{W}ptab": "\t", f"{W}br": "\n", f"{W}cr": "\n", f"{W}noBreakHyphen": "-", f"{W}softHyphen": "",
    }
)  # fmt: skip
_SCRIPTS = MappingProxyType({"superscript": "raised", "subscript": "lowered"})
_LONGEST_NUDGED = 12  # characters that are moved up or down without the name of a script


@dataclass
class Attached:
    """What hangs on paragraphs: read after them, or told."""

    notes: list[tuple[str, Any]] = field(default_factory=list)  # (mark, the note)
    endnotes: list[tuple[str, Any]] = field(default_factory=list)
    boxes: list[Any] = field(default_factory=list)  # contents of text boxes
    diagrams: list[str] = field(default_factory=list)  # relation ids of SmartArt
    unread: Counter[str] = field(default_factory=Counter)  # pictures, old formulas, embedded objects

    def take(self, name: str) -> list[Any]:
        """What has come since it was taken last."""
        items: list[Any] = getattr(self, name)
        setattr(self, name, [])
        return items


class WordText:
    """Reads paragraphs in order: fields may run over several."""

    def __init__(self, styles: Styles, footnotes: Mapping[str, Any], endnotes: Mapping[str, Any]) -> None:
        self.attached = Attached()
        self._styles = styles
        self._footnotes, self._endnotes = footnotes, endnotes
        self._fields: list[bool] = []  # whether each open field shows its result already

    def read(self, paragraph: Any) -> Words:
        """What the next paragraph says."""
        words = words_of(list(self._pieces(paragraph)))
        self._fields = [shown for shown in self._fields if shown]  # an instruction ends with its paragraph
        return words

    def _pieces(self, node: Any) -> Iterator[Piece]:
        for child in shown(node):
            if child.tag == f"{W}r":
                yield from self._run(child)
            elif child.tag == f"{M}oMath":
                yield Piece(latex(child), "math")
            elif child.tag == f"{M}oMathPara":
                yield from (Piece(latex(formula), "display") for formula in child.iter(f"{M}oMath"))
            else:
                yield from self._pieces(child)

    # --- runs

    def _run(self, run: Any) -> Iterator[Piece]:
        kind, font = self._kind(run), ""
        fonts = run.find(f"{W}rPr/{W}rFonts")
        if fonts is not None:
            font = str(fonts.get(f"{W}ascii", ""))
        for child in run:
            if child.tag == f"{W}fldChar":
                self._turn_field(str(child.get(f"{W}fldCharType")))
            elif child.tag == f"{W}instrText" and (child.text or "").strip().upper().startswith("EQ "):
                self.attached.unread["formulas"] += 1  # drawn from its instruction, without a result in the file
            elif child.tag in _DROPPED or (self._fields and not self._fields[-1]):
                continue
            elif child.tag in {f"{M}oMath", f"{M}r"}:
                yield Piece(latex(child), "math")
            else:
                text = self._leaf(child, font)
                if kind in {"raised", "lowered"} and "\n" in text:
                    yield Piece(text)
                else:
                    yield Piece(text, kind)

    def _kind(self, run: Any) -> str:
        style = self._styles[value(run, "rPr", "rStyle")]
        script = value(run, "rPr", "vertAlign") or style.script
        if script in _SCRIPTS:
            return _SCRIPTS[script]
        position = value(run, "rPr", "position")
        if position.lstrip("-").isdigit() and int(position) and not script:
            text = "".join(node.text or "" for node in run.iter(f"{W}t")).strip()
            if text and len(text) <= _LONGEST_NUDGED:
                return "raised" if int(position) > 0 else "lowered"
        return "code" if style.is_code or is_monospaced(run) else ""

    def _turn_field(self, step: str) -> None:
        if step == "begin":
            self._fields.append(False)
        elif step == "separate" and self._fields:
            self._fields[-1] = True
        elif step == "end" and self._fields:
            self._fields.pop()

    def _leaf(self, node: Any, font: str) -> str:
        """The text of a part of a run."""
        if node.tag == f"{W}t":
            return _in_font(node.text or "", font)
        if node.tag in _SIGNS:
            return _SIGNS[node.tag]
        if node.tag == f"{W}sym":
            return symbol(int(str(node.get(f"{W}char", "20")), 16), str(node.get(f"{W}font", "")))
        if node.tag in {f"{W}footnoteReference", f"{W}endnoteReference"}:
            return self._note(node)
        if node.tag == f"{W}ruby":
            return self._ruby(node)
        if node.tag in {f"{W}drawing", f"{W}pict", f"{W}object", f"{MC}AlternateContent"}:
            return self._drawing(node)
        return "".join(self._leaf(child, font) for child in node if isinstance(child.tag, str))

    def _ruby(self, node: Any) -> str:
        base, above = (
            "".join(item.text or "" for item in _inside(node, name).iter(f"{W}t")) for name in ("rubyBase", "rt")
        )
        return f"{base}({above})" if above else base

    def _note(self, node: Any) -> str:
        is_end = node.tag == f"{W}endnoteReference"
        known, found = (self._endnotes, self.attached.endnotes) if is_end else (self._footnotes, self.attached.notes)
        note = known.get(str(node.get(f"{W}id")))
        if note is None:
            return ""
        self.attached.unread["endnote" if is_end else "footnote"] += 1
        number = self.attached.unread["endnote" if is_end else "footnote"]
        mark = f"[{numeral(number, 'lowerRoman') if is_end else number}]"
        found.append((mark, note))
        return mark

    def _drawing(self, node: Any) -> str:
        """Text boxes and SmartArt are kept for later; of a picture, what its author says that it shows."""
        node = shown_branch(node)
        boxes = list(_outermost(node, f"{W}txbxContent"))
        diagrams = [str(item.get(f"{R}dm")) for item in node.iter(f"{DGM}relIds")]
        self.attached.boxes += boxes
        self.attached.diagrams += diagrams
        if boxes or diagrams:
            return ""
        objects = [str(item.get("ProgID", "")) for item in node.iter(f"{_O}OLEObject")]
        if any(name.startswith("Equation") for name in objects):
            self.attached.unread["formulas"] += 1
            return ""
        described = [str(item.get("descr") or "") for item in node.iter(f"{_WP}docPr")]
        described += [str(item.get("alt") or "") for item in node.iter(f"{_V}shape")]
        said = next(filter(None, map(said_of_picture, described)), "")
        is_picture = any(True for _ in node.iter(f"{A}blip", f"{_V}imagedata", f"{C}chart"))
        if objects or is_picture:
            self.attached.unread["objects" if objects else "pictures"] += 1
        return _alternative(said)


def shown(node: Any) -> Iterator[Any]:
    """The children that Word shows, in order; those of content controls and alternatives in their place."""
    for child in node:
        if child.tag in _DROPPED:
            continue
        if child.tag == f"{W}sdt":
            yield from shown(child.find(f"{W}sdtContent")) if _is_read(child) else ()
        elif child.tag == f"{MC}AlternateContent":
            yield from shown(shown_branch(child))
        else:
            yield child


def _is_read(control: Any) -> bool:
    """Whether a content control holds more than the words that invite to fill it, or a table of contents."""
    is_filled = control.find(f"{W}sdtContent") is not None and control.find(f"{W}sdtPr/{W}showingPlcHdr") is None
    return is_filled and value(control, "sdtPr", "docPartObj", "docPartGallery") != "Table of Contents"


def _outermost(node: Any, tag: str) -> Iterator[Any]:
    """Elements of a tag that lie in no other of that tag, of branches that are shown."""
    for child in node:
        if child.tag == tag:
            yield child
        elif child.tag == f"{MC}AlternateContent":
            yield from _outermost(shown_branch(child), tag)
        else:
            yield from _outermost(child, tag)


def _inside(node: Any, name: str) -> Any:
    found = node.find(W + name)
    return found if found is not None else node.makeelement(W + name)


def _in_font(text: str, font: str) -> str:
    """Characters of a font of signs as what they show."""
    is_signs = font.lower() == "symbol" or font.lower().startswith("wingdings")
    if not is_signs and not any("\uf000" <= char <= "\uf0ff" for char in text):
        return text
    return "".join(symbol(ord(char), font) if is_signs or "\uf000" <= char <= "\uf0ff" else char for char in text)


def _alternative(said: str) -> str:
    """The description of a picture; LaTeX that a formula program left there is a formula."""
    return f"${said.strip('$ ')}$" if re.search(r"\\[a-z]{2,}|[_^]\{", said) else said
