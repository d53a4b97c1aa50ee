"""The paragraphs of a shape on a slide (DrawingML): levels, bullets, numbers, scripts, formulas, code. Knows no slides."""

import re
from collections.abc import Iterator
from typing import Any

from tutor.ingestion.drawing_ml import MC, A, shown_branch
from tutor.ingestion.fences import fenced
from tutor.ingestion.numerals import numeral
from tutor.ingestion.office_runs import Piece, Words, words_of
from tutor.ingestion.omml import M, latex
from tutor.ingestion.typography import is_monospaced

_A14 = "{http://schemas.microsoft.com/office/drawing/2010/main}"
_FORMS = {
    "arabic": "decimal",
    "roman": "Roman",
    "alpha": "Letter",
    "ea1ChsPeriod": "chineseCounting",
    "circleNum": "decimalEnclosedCircle",
}
_AUTO = re.compile(
    r"(arabic|roman|alpha|ea1Chs|ea1Cht|ea1JpnChs|circleNum)(Lc|Uc)?(?:Db)?(Period|Plain|ParenBoth|ParenR|Minus|.*)"
)
_MONOSPACE_LEAST = 2  # lines in a row that are code by their font alone


class SlideText:
    """Reads shapes; numbering counts inside each of them."""

    def lines(self, shape: Any, is_list: bool = False) -> list[str]:
        """Lines of all paragraphs; `is_list`: a paragraph without a mark of its own has a bullet, as layouts give it."""
        body = [item for item in shape if item.tag.endswith("}txBody")]
        paragraphs = [paragraph for item in body for paragraph in item.findall(f"{A}p")]
        read = [(paragraph, _words(paragraph)) for paragraph in paragraphs]
        told = [item for item in read if item[1].bare.strip()]
        if (
            told
            and all(words.is_code for _, words in told)
            and len(told) + told[0][1].bare.count("\n") >= _MONOSPACE_LEAST
        ):
            return fenced("\n".join(words.bare for _, words in read))
        counts: dict[int, int] = {}
        is_list = is_list and len(told) > 1
        return [line for paragraph, words in told for line in _paragraph(paragraph, words, counts, is_list)]


def _paragraph(paragraph: Any, words: Words, counts: dict[int, int], is_list: bool) -> Iterator[str]:
    properties = paragraph.find(f"{A}pPr")
    level = int(properties.get("lvl", "0")) if properties is not None else 0
    mark = _mark(properties, level, counts, is_list)
    first, *more = [line.strip() for line in words.text.split("\n") if line.strip()] or [""]
    if not mark:
        yield from (first, *more, "")
        return
    indent = "   " * level
    yield f"{indent}{mark} {first}"
    yield from (f"{indent}   {line}" for line in more)


def _mark(properties: Any, level: int, counts: dict[int, int], is_list: bool) -> str:
    """The bullet or number of a paragraph, counted in its shape."""
    for below in [other for other in counts if other > level]:
        del counts[below]
    auto = properties.find(f"{A}buAutoNum") if properties is not None else None
    if auto is not None:
        start = int(auto.get("startAt", "1"))
        counts[level] = counts.get(level, start - 1) + 1
        return _numbered(str(auto.get("type", "arabicPeriod")), counts[level])
    counts.pop(level, None)
    if properties is not None and properties.find(f"{A}buNone") is not None:
        return ""
    has_bullet = properties is not None and (
        properties.find(f"{A}buChar") is not None or properties.find(f"{A}buBlip") is not None
    )
    return "-" if has_bullet or is_list or level else ""


def _numbered(kind: str, value: int) -> str:
    """`arabicPeriod` is 1., `alphaLcParenR` a), `romanUcParenBoth` (I), `ea1ChsPeriod` 一、."""
    match = _AUTO.match(kind)
    family, case, marks = match.groups() if match else ("arabic", "", "Period")
    if family.startswith("ea1"):
        return f"{numeral(value, 'chineseCounting')}、"
    form = _FORMS[family]
    form = f"{'upper' if case == 'Uc' else 'lower'}{form}" if form in {"Roman", "Letter"} else form
    number = numeral(value, form)
    return {"ParenBoth": f"({number})", "ParenR": f"{number})"}.get(marks, f"{number}.")


def _words(paragraph: Any) -> Words:
    return words_of(list(_pieces(paragraph)))


def _pieces(node: Any) -> Iterator[Piece]:
    for child in node:
        if child.tag == f"{A}r":
            yield Piece("".join(item.text or "" for item in child.findall(f"{A}t")), _kind(child.find(f"{A}rPr")))
        elif child.tag == f"{A}br":
            yield Piece("\n")
        elif child.tag == f"{A}fld" and child.get("type") != "slidenum":
            yield Piece("".join(item.text or "" for item in child.findall(f"{A}t")))
        elif child.tag == f"{MC}AlternateContent":
            yield from _pieces(shown_branch(child))
        elif child.tag == f"{M}oMathPara":
            yield from (Piece(latex(item), "display") for item in child.iter(f"{M}oMath"))
        elif child.tag == f"{M}oMath":
            yield Piece(latex(child), "math")
        elif child.tag == f"{_A14}m":
            yield from _pieces(child)


def _kind(properties: Any) -> str:
    if properties is None:
        return ""
    baseline = str(properties.get("baseline", "0")).rstrip("%")
    if baseline.lstrip("-").isdigit() and int(baseline):
        return "raised" if int(baseline) > 0 else "lowered"
    font = properties.find(f"{A}latin")
    return "code" if font is not None and is_monospaced(str(font.get("typeface", ""))) else ""
