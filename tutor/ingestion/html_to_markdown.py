"""A parsed HTML region -> Markdown: headings, lists, tables, code with its indentation, formulas as TeX.

Knows how HTML is written down, not which part of a page is worth reading (that is `read_html`).
"""

import re
from collections.abc import Iterable, Iterator

from bs4 import BeautifulSoup, Comment, NavigableString, Tag
from bs4.element import PageElement

from tutor.ingestion.typography import lowered, raised

_BLOCKS = frozenset(
    "address article aside blockquote body center dd details div dl dt fieldset figcaption figure footer form h1 h2 h3 h4"
    " h5 h6 header hr html li main nav ol p pre section summary table tbody td tfoot th thead tr ul".split()
)
_HEADING = re.compile(r"h[1-6]")
_GUTTER = re.compile(
    r"(^|[-_])(gutter|lineno|linenos|line-numbers?(-rows)?|hljs-ln-n(umbers)?|rouge-gutter|blob-num)($|[-_])"
)
_LANGUAGE = re.compile(r"(?:language|lang|highlight-source|brush:?)[-: ]*([a-z0-9+#]+)", re.IGNORECASE)
_FORMULA_IMAGE = re.compile(r"[\\^_=]")
_DULL_ALT = re.compile(
    r"(在这里插入图片描述|图片(描述)?|插图|image|img|picture|photo|logo|avatar|头像|\S+\.(png|jpe?g|gif|webp|svg))?",
    re.I,
)


def markdown_of(region: Tag) -> str:
    """Markdown of everything in `region`."""
    return re.sub(r"\n{3,}", "\n\n", "\n".join(_blocks(region))).strip()


def write_formulas_as_tex(soup: BeautifulSoup) -> None:
    """Replaces what KaTeX, MathJax, MathML and formula images left in the page by `$...$`, in place.

    Their visible text cannot be read (`d k QK T`), but they carry the source for screen readers.
    """
    for script in soup.find_all("script", type=re.compile("^math/tex")):
        display = "mode=display" in str(script.get("type"))
        script.replace_with(_tex(script.get_text(), display))
    for preview in soup.select(
        ".MathJax_Preview, .MathJax_Display, span.MathJax, .MathJax_SVG, .mjx-chtml, .katex-html"
    ):
        preview.decompose()
    for math in soup.find_all("math"):
        source = math.find("annotation", encoding=re.compile("tex", re.I))
        text = source.get_text() if source else str(math.get("alttext") or math.get_text(" "))
        math.replace_with(_tex(text, math.get("display") == "block"))
    for image in soup.find_all("img", alt=_FORMULA_IMAGE):
        classes = " ".join(image.get("class") or [])
        if re.search(r"tex|math|equation|formula", f"{classes} {image.get('src', '')}", re.I):
            image.replace_with(_tex(str(image["alt"]), False))


def _tex(source: str, display: bool) -> str:
    source = source.strip().strip("$").strip()
    return f"\n$$\n{source}\n$$\n" if display else f"${source}$"


# --- blocks


def _blocks(node: Tag) -> Iterator[str]:
    """Lines of the blocks in `node`; inline content between blocks becomes paragraphs."""
    inline: list[PageElement] = []
    for child in node.children:
        if isinstance(child, Tag) and (child.name in _BLOCKS or child.find(list(_BLOCKS))):
            yield from _paragraph(inline)
            inline = []
            yield from _block(child)
        else:
            inline.append(child)
    yield from _paragraph(inline)


def _block(tag: Tag) -> Iterator[str]:
    if _HEADING.fullmatch(tag.name):
        text = " ".join(_inline(tag.children).split())
        yield from ("", f"{'#' * int(tag.name[1])} {text}", "") if text else ()
    elif tag.name == "pre":
        yield from ("", *_code(tag), "")
    elif tag.name in {"ul", "ol"}:
        yield from ("", *_list(tag), "")
    elif tag.name == "table":
        yield from ("", *_table(tag), "")
    elif tag.name == "dt":
        yield from ("", _inline(tag.children).strip())
    else:
        yield ""
        yield from _blocks(tag)
        yield ""


def _paragraph(nodes: list[PageElement]) -> Iterator[str]:
    text = _inline(nodes).strip()
    if text:
        yield from ("", *(line.strip() for line in text.split("\n")), "")


def _list(tag: Tag) -> Iterator[str]:
    number = int(str(tag.get("start", "1"))) if str(tag.get("start", "1")).isdigit() else 1
    for item in tag.find_all("li", recursive=False):
        mark = f"{number}. " if tag.name == "ol" else "- "
        number += 1
        lines = [line for line in _blocks(item) if line.strip()]
        if lines:
            yield mark + lines[0]
            yield from ((" " * len(mark)) + line for line in lines[1:])


def _code(pre: Tag) -> list[str]:
    for gutter in pre.find_all(class_=_GUTTER):
        gutter.decompose()
    for line_break in pre.find_all("br"):
        line_break.replace_with("\n")
    items = pre.find_all("li")
    text = "\n".join(item.get_text().rstrip("\n") for item in items) if items else pre.get_text()
    code = pre.find("code")
    names = " ".join([*(pre.get("class") or []), *((code.get("class") or []) if code else [])])
    language = _LANGUAGE.search(names)
    fence = "````" if "```" in text else "```"
    return [fence + (language.group(1).lower() if language else ""), *text.strip("\n").split("\n"), fence]


def _table(table: Tag) -> list[str]:
    listing = table.find("pre")
    if listing:  # code with line numbers in the first column
        return _code(max(table.find_all("pre"), key=lambda pre: len(pre.get_text())))
    if table.find("table"):
        return list(_blocks(table))
    rows = [
        [" ".join(_inline(cell.children).split()).replace("|", "\\|") for cell in row.find_all(["td", "th"])]
        for row in table.find_all("tr")
    ]
    rows = [row for row in rows if any(row)]
    width = max(map(len, rows), default=0)
    if width < 2:  # a table for layout
        return [line for row in rows for line in ("", *row, "")]
    return markdown_table([row + [""] * (width - len(row)) for row in rows])


def markdown_table(rows: list[list[str]]) -> list[str]:
    """Markdown lines of a table whose first row is its head; all rows have the same length."""
    head, *body = ["| " + " | ".join(row) + " |" for row in rows]
    return [head, "|" + " --- |" * len(rows[0]), *body]


# --- inline


def _inline(nodes: Iterable[PageElement]) -> str:
    text = "".join(map(_inline_piece, nodes))
    text = re.sub(r"[ \t\r\f]*\n[ \t\r\f]*", "\n", text)
    return re.sub(r"[ \t\r\f]+", " ", text)


def _inline_piece(node: PageElement) -> str:
    if isinstance(node, Comment) or not isinstance(node, Tag | NavigableString):
        return ""
    if isinstance(node, NavigableString):
        text = str(node)
        return text if text.startswith("\n$$\n") else re.sub(r"\s+", " ", text)
    if node.name == "br":
        return "\n"
    if node.name == "img":
        alt = str(node.get("alt") or "").strip()
        return "" if _DULL_ALT.fullmatch(alt) else alt
    text = _inline(node.children)
    if node.name in {"code", "kbd", "samp"} and text.strip():
        return f"`{text.strip()}`"
    if node.name in {"sub", "sup"}:
        return _script(node, text.strip())
    return text


def _script(node: Tag, text: str) -> str:
    if node.find("a") and re.fullmatch(r"\[?\w{1,3}\]?", text):
        return ""  # the mark of a footnote
    after = node.next_sibling
    following = str(after) if isinstance(after, NavigableString) else ""
    return lowered(text, following) if node.name == "sub" else raised(text, following)
