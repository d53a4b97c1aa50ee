"""Formulas that a saved page holds where nobody reads them -> `$...$` in the text.

KaTeX, MathJax and MathML; pictures of formulas, with the source beside them or in their address; the attributes in which
Zhihu, CSDN, Juejin, WeChat editors, Quill and Wikipedia keep it.
"""

import re
from urllib.parse import unquote_plus

from bs4 import BeautifulSoup, Tag

from tutor.ingestion.mathml import latex_of

# Drawn twice: the source stands beside these.
_DRAWN = frozenset(
    "MathJax_Preview MathJax_Display MathJax MathJax_SVG MathJax_SVG_Display MathJax_CHTML mjx-chtml katex-html"
    " mwe-math-fallback-image-inline mwe-math-fallback-image-display".split()
)
_SOURCES = (
    "data-tex",
    "data-latex",
    "data-formula",
    "data-math",
    "data-equation",
    "data-expr",
    "data-katex",
    "data-eqn",
)
_ADDRESS = re.compile(
    r"(?:equation\?(?:\w+=[^&]*&)*tex=|latex\.codecogs\.com/[\w./]*\?|render/math\?math=|chart\?[^#]*?\bchl=|/math/render/\w+\?tex=)([^&#]+)"
)
_IS_FORMULA_PICTURE = re.compile(r"(?:^|[\s_/-])(?:ee_img|tex|latex|math|equation|formula)|mathjax|codecogs", re.I)
_IS_LATEX = re.compile(r"\\[a-zA-Z]{2,}|[\^_]\{|^\$.+\$$|\{\\displaystyle")
_SIGNS = re.compile(r"[\\^_=<>+*/()|]")
_STYLE = re.compile(r"\{\\(?:displaystyle|textstyle)\b\s*(.*)\}|\\(?:displaystyle|textstyle)\b\s*(.*)", re.DOTALL)
_TAGGED = re.compile(r"\\tag\*?\{[^{}]*\}|\\label\{[^{}]*\}")


def formula_of_address(address: str) -> str:
    """LaTeX in the address of a picture that a service draws; "" for any other address."""
    found = _ADDRESS.search(address)
    return _clean(unquote_plus(found[1].replace("+", "%2B") if "%20" in found[1] else found[1])) if found else ""


def write_formulas_as_tex(soup: BeautifulSoup) -> None:
    """Replaces what pages draw formulas with by `$...$`, in place.

    The visible text cannot be read (`d k QK T`), but pages carry the source for screen readers, copying or drawing.
    """
    for script in soup.find_all("script", type=re.compile("^math/")):
        kind = str(script.get("type"))
        is_tex = kind.startswith(("math/tex", "math/latex"))
        source = script.get_text() if is_tex else latex_of(BeautifulSoup(script.get_text(), "lxml"))
        script.replace_with(_tex(source, "display" in kind))
    for tag in _tags(soup):
        if not tag.decomposed and _has_source(tag):
            source = next(str(tag[name]) for name in _SOURCES if tag.get(name))
            tag.replace_with(_tex(source, _is_display(tag)))
    for tag in _tags(soup):
        if not tag.decomposed and _is_drawn(tag):
            tag.decompose()
    for math in soup.find_all("math"):
        if not math.decomposed:
            math.replace_with(_tex(_math_source(math), _is_display(math)))
    for told in soup.find_all("span", class_="katex-mathml"):  # CSDN: the letters, a gap, the source
        pieces = [piece.strip() for piece in re.split(r"\n\s*\n", told.get_text()) if piece.strip()]
        if pieces and "$" not in pieces[-1]:
            told.replace_with(_tex(pieces[-1], _is_display(told)))
    for quill in soup.find_all("span", class_="ql-formula", attrs={"data-value": True}):
        quill.replace_with(_tex(str(quill["data-value"]), False))
    for image in soup.find_all("img"):
        source = _picture_source(image)
        if source:
            image.replace_with(_tex(source, _is_display(image)))


def _tags(soup: BeautifulSoup) -> list[Tag]:
    """All tags in order; many times faster than a search with a condition."""
    return [node for node in soup.descendants if isinstance(node, Tag)]


def _is_drawn(tag: Tag) -> bool:
    if tag.name == "mjx-container":  # holds what a screen reader reads
        return False
    return tag.name == "mjx-math" or not _DRAWN.isdisjoint(tag.get("class") or ())


def _has_source(tag: Tag) -> bool:
    return tag.name in {"span", "div", "section", "p", "figure", "img", "svg", "script"} and any(
        tag.get(name) for name in _SOURCES
    )


def _math_source(math: Tag) -> str:
    annotation = math.find("annotation", encoding=re.compile("tex", re.I))
    told = annotation.get_text() if annotation else str(math.get("alttext") or "")
    return told if told.strip() else latex_of(math)


def _picture_source(image: Tag) -> str:
    """LaTeX of a picture, "" where it is none."""
    alt = str(image.get("alt") or image.get("title") or "").strip()
    classes = " ".join(image.get("class") or [])
    address = str(image.get("src") or image.get("data-src") or "")
    told = formula_of_address(address) or formula_of_address(str(image.get("data-original") or ""))
    if not alt or re.search(r"\.(?:png|jpe?g|svg|gif|webp)$", alt, re.I):
        return told
    is_drawn = bool(told) or image.has_attr("eeimg") or image.has_attr("data-eeimg")
    is_named = bool(_IS_FORMULA_PICTURE.search(f"{classes} {address}")) and bool(_SIGNS.search(alt) or len(alt) < 4)
    is_said = (is_drawn or is_named) and not re.search(r"[\u3400-\u9fff]", alt)
    return alt if is_said or _IS_LATEX.search(alt) else told


def _is_display(tag: Tag) -> bool:
    """Whether a formula stands in lines of its own, by what it or a box that holds nothing else says."""
    for box in (tag, *list(tag.parents)[:4]):
        if str(box.get("display")) in {"block", "true"} or str(box.get("data-display")) in {"true", "block"}:
            return True
        names = " ".join([*(box.get("class") or []), box.name]) if isinstance(box, Tag) else ""
        if re.search(
            r"katex-display|katex--display|math-display|block-equation|equation-block|mwe-math-mathml-display", names
        ):
            return True
        if box.name in {"p", "td", "li", "body"}:
            return False
    return False


def _clean(source: str) -> str:
    source = source.strip()
    source = source.strip("$").strip()
    styled = _STYLE.fullmatch(source)
    source = (styled[1] or styled[2] or "").strip() if styled else source
    if source.startswith(("\\(", "\\[")) and source.endswith(("\\)", "\\]")):
        source = source[2:-2].strip()
    return _TAGGED.sub("", source).strip()


def _tex(source: str, display: bool) -> str:
    source = re.sub(r"\s*\n\s*", "\n" if display else " ", _clean(source))
    source = re.sub(r"\n+", "\n", source)
    if not source:
        return ""
    return f"\n$$\n{source}\n$$\n" if display else f"${source}$"
