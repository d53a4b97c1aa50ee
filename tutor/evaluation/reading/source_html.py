"""A web page -> its lines and its furniture, by lxml's tree and the meaning of the tags alone."""

import re

from lxml import etree, html

_SKIPPED = frozenset({"script", "style", "template", "noscript", "svg", "head", "iframe", "canvas"})
_FURNITURE = frozenset({"nav", "footer", "form", "input", "select", "textarea"})
_FURNITURE_ROLES = frozenset({"navigation", "banner", "contentinfo", "search"})
# Classes that generators of pages and of code boxes use for nothing else; whole names only.
_FURNITURE_CLASSES = frozenset(
    "anchor breadcrumb breadcrumbs code-snippet__line-index comment-box comment-list comments gutter footnote-back footnote-ref headerlink linenos lineno "
    "line-numbers line-numbers-rows md-skip mw-editsection navbar pagination pre-numbering recommend-box reference rich_media_tool search-results sidebar skip-link toc".split()
)
_BLOCKS = frozenset(
    "address article aside blockquote body br button caption center dd details dialog div dl dt fieldset figcaption figure footer form "
    "h1 h2 h3 h4 h5 h6 header hr legend li main nav ol option p pre section summary table tbody tfoot thead tr ul".split()
)
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_APART = frozenset({"td", "th", "sup", "sub", "img", "label"})
_QUESTION_MARKS = ("accordion", "faq", "question", "collapse", "toggle")


def html_lines(data: bytes) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """(lines of the content, lines of the furniture) of a page; its title is the first line."""
    text = data.decode("utf-8-sig", errors="replace") if _is_utf8(data) else data.decode("gb18030", errors="replace")
    tree = html.document_fromstring(re.sub(r"^\s*<\?xml[^>]*\?>", "", text))
    content: list[str] = []
    furniture: list[str] = []
    _walk(tree, content, furniture)
    return _lines(content), _lines(furniture)


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return False
    return True


def _walk(element: etree._Element, content: list[str], furniture: list[str]) -> None:
    """Writes the text of `element` into the list it belongs to; not the text after it."""
    name = element.tag if isinstance(element.tag, str) else ""
    if _is_formula_script(element):
        content.append(f" {element.text or ''} ")
        return
    if not name or name in _SKIPPED:
        return
    into = furniture if _is_furniture(element, name) else content
    if formula := _formula(element, name):
        into.append(f" {formula} ")
        return
    edge = "\n# " if name in _HEADINGS else "\n" if name in _BLOCKS else " " if name in _APART else ""
    if name == "li":
        edge = f"\n{'-' * (1 + sum(above.tag in {'ul', 'ol'} for above in element.iterancestors()))} "
    into.append(edge + (element.text or ""))
    for child in element:
        _walk(child, into, furniture)
        into.append(child.tail or "")
    into.append(edge.rstrip("#- "))


def _is_furniture(element: etree._Element, name: str) -> bool:
    if element.get("role") in _FURNITURE_ROLES or element.get("aria-hidden") == "true":
        return True
    if name not in {"html", "body", "main", "article", "section"} and _FURNITURE_CLASSES & {
        *(element.get("class") or "").split()
    }:
        return True
    if (
        name == "sup"
        and re.fullmatch(r"\W*\d{1,3}\W*", "".join(element.itertext()))
        and element.find(".//a") is not None
    ):
        return True  # the mark of a footnote
    if element.get("epub:type") in {"noteref", "titlepage"}:
        return True
    inside = {above.tag for above in element.iterancestors()}
    if name == "header":
        return not inside & {"main", "article", "section"}
    if name == "button":
        marks = f"{element.get('class') or ''} {element.get('data-toggle') or ''} {element.get('aria-controls') or ''}".lower()
        asks = element.get("aria-expanded") or any(mark in marks for mark in _QUESTION_MARKS)
        return not asks and not inside & {*_HEADINGS, "summary", "dt"}
    return name in _FURNITURE


def _is_formula_script(element: etree._Element) -> bool:
    return element.tag == "script" and (element.get("type") or "").startswith("math/tex")


def _formula(element: etree._Element, name: str) -> str:
    """The TeX of a formula that the page draws, where it says one."""
    if name == "img":
        alt = element.get("alt") or ""
        is_formula = (
            element.get("eeimg") or "math" in (element.get("class") or "") or alt.startswith(("\\", "{\\", "$"))
        )
        return alt if is_formula else ""
    if name == "math":
        found = element.xpath(".//*[local-name()='annotation']/text()")
        return str(found[0]) if found else " ".join(element.itertext())
    return element.get("data-tex") or ""


def _lines(pieces: list[str]) -> tuple[str, ...]:
    lines = (" ".join(line.split()) for line in "".join(pieces).split("\n"))
    return tuple(line for line in lines if line)
