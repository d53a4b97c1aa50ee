"""A formula in MathML, parsed with Beautiful Soup -> LaTeX. Knows presentation MathML, nothing of pages."""

from collections.abc import Sequence

from bs4 import Tag

from tutor.ingestion.formula_characters import ACCENTS, ESCAPED, FUNCTIONS, OPERATORS, PLAIN

# Names that LaTeX needs; other characters stand as they are, which LaTeX readers of today take.
_SIGNS = PLAIN | ESCAPED | OPERATORS | {"√": r"\sqrt{}"}
_SILENT = frozenset({"annotation", "annotation-xml", "mphantom", "maligngroup", "malignmark"})


def latex_of(element: Tag) -> str:
    """LaTeX of a MathML element. Raises RecursionError where it is nested deeper than Python follows."""
    return " ".join(_row(element).split())


def _row(element: Tag) -> str:
    return "".join(_written(child) for child in _parts(element))


def _parts(element: Tag) -> list[Tag]:
    return [child for child in element.children if isinstance(child, Tag) and child.name not in _SILENT]


def _written(element: Tag) -> str:
    name, parts = element.name.rsplit(":", 1)[-1], _parts(element)
    if name in {"mi", "mn", "mo", "mtext", "ms"}:
        return _leaf(name, element.get_text().strip())
    if name == "mspace":
        return " "
    if name == "mfrac" and len(parts) == 2:
        return f"\\frac{{{_written(parts[0])}}}{{{_written(parts[1])}}}"
    if name == "msqrt":
        return f"\\sqrt{{{_row(element)}}}"
    if name == "mroot" and len(parts) == 2:
        return f"\\sqrt[{_written(parts[1])}]{{{_written(parts[0])}}}"
    if name in {"msub", "munder", "msup", "mover", "msubsup", "munderover"} and len(parts) > 1:
        return _scripted(name, parts)
    if name == "mtable":
        rows = [" & ".join(_written(cell) for cell in _parts(row)) for row in parts]
        return "\\begin{matrix}" + " \\\\ ".join(rows) + "\\end{matrix}"
    if name == "mfenced":
        inside = ",".join(map(_written, parts))
        return f"{_leaf('mo', str(element.get('open', '(')))}{inside}{_leaf('mo', str(element.get('close', ')')))}"
    if name == "semantics":
        return _written(parts[0]) if parts else ""
    return _row(element) if parts else _leaf("mtext", element.get_text().strip())


def _leaf(name: str, text: str) -> str:
    if name == "mtext" or (name == "ms" and text):
        return f"\\text{{{text}}}" if text else " "
    if name == "mi" and len(text) > 1 and text.isascii() and text.isalpha():
        return f"\\{text} " if text in FUNCTIONS else f"\\mathrm{{{text}}}"
    written = _SIGNS.get(text, text)
    return f"{written} " if written.startswith("\\") and written[-1:].isalpha() else written


def _scripted(name: str, parts: Sequence[Tag]) -> str:
    base, *scripts = map(_written, parts)
    accent = ACCENTS.get(parts[1].get_text().strip()) if name == "mover" else None
    if accent:
        return f"{accent}{{{base.strip()}}}"
    base = base.strip() if len(base.strip()) == 1 or base.startswith("\\") else f"{{{base}}}"
    marks = {"msub": "_", "munder": "_", "msup": "^", "mover": "^"}.get(name, "_^")
    return base + "".join(
        f"{mark}{script}" if len(script) == 1 else f"{mark}{{{script.strip()}}}"
        for mark, script in zip(marks, scripts, strict=False)
    )
