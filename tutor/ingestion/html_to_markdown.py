"""A parsed HTML region -> Markdown: headings, lists, tables, toggles, code with its indentation, formulas as TeX.

Knows how HTML is written down, not which part of a page is worth reading (that is `read_html`).
"""

import re
from collections.abc import Iterable, Iterator

from bs4 import Comment, NavigableString, Tag
from bs4.element import PageElement

from tutor.ingestion.callouts import titled
from tutor.ingestion.html_code import code_block, is_code_table
from tutor.ingestion.html_tables import cells_of, is_layout, table_lines
from tutor.ingestion.pictures import said_of_picture
from tutor.ingestion.typography import lowered, raised

_BLOCKS = frozenset(
    "address article aside blockquote body caption center dd details dialog div dl dt fieldset figcaption figure footer form h1"
    " h2 h3 h4 h5 h6 header hgroup hr html legend li main menu nav ol option p pre section summary table tbody td tfoot th"
    " thead tr ul listing xmp".split()
)
_HEADING = re.compile(r"h[1-6]")
_ANCHOR = re.compile(r"[\s#¶§🔗↩︎︎^↑⬆\u200b]*")
_ALIGNED = re.compile(r"vertical-align:\s*(super|sub)\b", re.IGNORECASE)
_FOOTNOTE = re.compile(r"\[?\w{1,3}\]?")
_HAN = r"\u3000-\u303f\u3400-\u9fff\uff00-\uffef"
_HAN_GAP = re.compile(rf"(?<=[{_HAN}])[ \t]*\n\s*(?=[{_HAN}])")
_CODE_STYLE = re.compile(r"(?=.*white-space:\s*pre\s*(?:;|$))(?=.*(?:mono|consolas|courier|menlo))", re.IGNORECASE)


def markdown_of(region: Tag) -> str:
    """Markdown of everything in `region`."""
    return re.sub(r"\n{3,}", "\n\n", "\n".join(_blocks(region))).strip()


# --- blocks


def _blocks(node: Tag) -> Iterator[str]:
    """Lines of the blocks in `node`; inline content between blocks becomes paragraphs."""
    inline: list[PageElement] = []
    for child in node.children:
        if isinstance(child, Tag) and (_is_block(child) or child.find(_is_block)):
            yield from _paragraph(inline)
            inline = []
            yield from _block(child)
        else:
            inline.append(child)
    yield from _paragraph(inline)


def _is_block(tag: Tag) -> bool:
    return tag.name in _BLOCKS or tag.get("role") == "heading" or _is_code_block(tag)


def _is_code_block(tag: Tag) -> bool:
    """Code in lines of its own, though it is in no `pre`."""
    if tag.name in {"ol", "ul"}:
        return "linenums" in (tag.get("class") or ())
    if tag.name in {"div", "p"}:
        return bool(_CODE_STYLE.match(str(tag.get("style") or "")))
    return tag.name in {"code", "samp", "textarea"} and tag.get_text().strip().count("\n") > 0


def _block(tag: Tag) -> Iterator[str]:
    level = _level(tag)
    if level:
        text = " ".join(_text_of_blocks(tag).split())
        yield from ("", f"{'#' * level} {text}", "") if text else ()
    elif tag.name in {"pre", "listing", "xmp"} or _is_code_block(tag):
        yield from ("", *code_block(tag), "")
    elif tag.name in {"ul", "ol", "menu"}:
        yield from ("", *_list(tag), "")
    elif tag.name == "table":
        yield from ("", *_table(tag), "")
    elif tag.name in {"summary", "legend"}:
        yield from ("", titled(_text_of_blocks(tag)), "")
    elif tag.name == "dl":
        yield from ("", *_definitions(tag), "")
    else:
        yield ""
        yield from _blocks(tag)
        yield ""


def _level(tag: Tag) -> int:
    """Level of a heading; 0 for anything else."""
    if tag.get("role") == "heading":
        told = str(tag.get("aria-level") or "2")
        return min(6, max(1, int(told))) if told.isdecimal() else 2
    return int(tag.name[1]) if _HEADING.fullmatch(tag.name) else 0


def _paragraph(nodes: list[PageElement]) -> Iterator[str]:
    text = _inline(nodes).strip()
    if text:
        yield from ("", *(line.strip() for line in text.split("\n")), "")


def _list(tag: Tag) -> Iterator[str]:
    number = int(str(tag.get("start", "1"))) if str(tag.get("start", "1")).isdecimal() else 1
    for item in tag.find_all(True, recursive=False):
        if item.name != "li":  # a list inside a list without an item around it
            yield from (f"  {line}" for line in _block(item) if line.strip()) if _is_block(item) else _paragraph([item])
            continue
        told = str(item.get("value") or "")
        number = int(told) if told.isdecimal() else number
        mark = f"{number}. " if tag.name == "ol" else "- "
        number += 1
        lines = [line for line in _blocks(item) if line.strip()]
        if lines:
            yield mark + lines[0]
            yield from ((" " * len(mark)) + line for line in lines[1:])


def _definitions(tag: Tag) -> Iterator[str]:
    """`term: definition`; a term that asks is a heading over its answer."""
    terms: list[str] = []
    for part in tag.find_all(["dt", "dd"]):
        if part.find_parent("dl") is not tag:
            continue
        if part.name == "dt":
            terms.append(" ".join(_text_of_blocks(part).split()))
            continue
        lines = [line for line in _blocks(part) if line.strip()]
        heading = titled(terms[0]) if len(terms) == 1 else ""
        if heading.startswith("#"):
            yield from ("", heading, "", *lines)
        elif terms:
            yield from ("", f"{', '.join(terms)}: {lines[0] if lines else ''}".strip(), *lines[1:])
        else:
            yield from lines
        terms = []
    yield from terms


def _table(table: Tag) -> Iterator[str]:
    if is_code_table(table):
        yield from code_block(table)
    elif is_layout(table):
        for cell in cells_of(table):
            yield from ("", *_blocks(cell), "")
    else:
        yield from table_lines(table, _cell)


def _cell(cell: Tag) -> str:
    """The text of a cell on one line: its paragraphs and items, and the rows of a table inside it, one behind the other."""
    inner = [table for table in cell.find_all("table") if table.find_parent(["td", "th"]) is cell]
    for table in inner:
        rows = [[_cell(part) for part in row.find_all(["td", "th"], recursive=False)] for row in table.find_all("tr")]
        table.replace_with(" " + "; ".join(", ".join(filter(None, row)) for row in rows if any(row)) + " ")
    lines = [line.strip() for line in _blocks(cell) if line.strip() and not line.startswith("```")]
    items = [re.sub(r"^- ", "", line) for line in lines]
    text = ("; " if any(line.startswith("- ") for line in lines) else " ").join(items)
    return " ".join(text.split())


def _text_of_blocks(tag: Tag) -> str:
    """The text of an element that should be one line, with blanks between the blocks that pages put into it."""
    return " ".join(line for line in _blocks(tag) if line)


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
        return text if text.startswith("\n$$\n") else re.sub(r"\s+", " ", _HAN_GAP.sub("", text))
    if node.name in {"br", "hr"}:
        return "\n"
    if node.name == "img":
        return said_of_picture(str(node.get("alt") or ""))
    return _marked(node, _inline(node.children))


def _marked(node: Tag, text: str) -> str:
    if node.name in {"code", "kbd", "samp", "tt"} and text.strip():
        ticks = "``" if "`" in text else "`"
        return f"{ticks}{text.strip()}{ticks}"
    if node.name in {"sub", "sup"}:
        return _script(node, text.strip(), node.name == "sub")
    if node.name in {"span", "font"} and (aligned := _ALIGNED.search(str(node.get("style") or ""))):
        return _script(node, text.strip(), aligned[1] == "sub")
    if node.name == "a" and str(node.get("href") or "").startswith("#") and _ANCHOR.fullmatch(text):
        return ""
    if node.name in {"del", "s", "strike"} and text.strip():
        return f"~~{text.strip()}~~"
    if node.name == "q":
        return f"“{text.strip()}”"
    if node.name == "rt":
        return f"({text.strip()})" if text.strip() else ""
    return "" if node.name == "rp" else text


def _script(node: Tag, text: str, is_lowered: bool) -> str:
    if node.find("a") and _FOOTNOTE.fullmatch(text):
        return ""  # the mark of a footnote
    after = node.next_sibling
    following = str(after) if isinstance(after, NavigableString) else ""
    return lowered(text, following) if is_lowered else raised(text, following)
