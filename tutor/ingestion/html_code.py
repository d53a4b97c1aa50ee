"""Code of a web page -> its lines as a fenced block, without line numbers and buttons. Knows how highlighters write it."""

import re

from bs4 import Tag

from tutor.ingestion.fences import fenced

# Line numbers and buttons of highlighters: Prism, hljs, Rouge, Shiki, GitHub, CSDN, Juejin, WeChat, Sphinx.
_NO_CODE = re.compile(
    r"(^|[-_])(gutter|linenos?|lineno|line-?numbers?(-rows)?|line-index|ln-num|hljs-ln-n(umbers)?|rouge-gutter|blob-num|pre-numbering"
    r"|copy-code-btn|copy-btn|copy-button|btn-copy|copybtn|hljs-button|code-block-extension-header|code-copy|clipboard)($|[-_])",
    re.I,
)
_LANGUAGE = re.compile(
    r"(?:^|\s)(?:(?:language|lang|highlight-source|highlight)[-:]|brush:\s*)([a-z0-9+#]+)(?=[\s;]|$)", re.IGNORECASE
)
_NO_LANGUAGE = frozenset({"none", "text", "plain", "plaintext", "undefined", "default", "box"})
_NUMBERED = re.compile(r"[ \t]*(\d{1,4})(?:[|:.]|\b)[ \t]?(.*)")
_LEAST_NUMBERED = 3  # lines; fewer numbers in a row may be code


def code_block(code: Tag) -> list[str]:
    """Lines of a `pre` (or of a table or box that holds lines of code) with a fence around; empty without code."""
    for tag in code.find_all(class_=_NO_CODE):
        tag.decompose()
    for line_break in code.find_all("br"):
        line_break.replace_with("\n")
    lines = _without_numbers(_text(code).replace("\u00a0", " ").strip("\n").split("\n"))
    return fenced("\n".join(lines), _language(code))


def is_code_table(table: Tag) -> bool:
    """Whether a table holds lines of code, as GitHub and highlighters with numbers write them."""
    if table.find(class_=re.compile(r"blob-code|hljs-ln-code|react-code-line|rouge-code|lntd|(^|[-_])gutter($|[-_])")):
        return True
    blocks = table.find_all("pre")
    return len(blocks) == 2 and bool(re.fullmatch(r"[\d\s]+", blocks[0].get_text()))


def _text(code: Tag) -> str:
    """The text with a line for each row, list item or piece that the page writes as a line of its own."""
    pieces = code.find_all("tr") or _covering(code, "li") or _lines_in_code(code)
    if code.name == "table" or code.find("tr"):
        blocks = [pre for pre in code.find_all("pre") if not re.fullmatch(r"[\d\s]*", pre.get_text())]
        if blocks:
            return "\n".join(block.get_text().strip("\n") for block in blocks)
    if len(pieces) > 1:
        return "\n".join(piece.get_text().rstrip("\n") for piece in pieces)
    return code.get_text()


def _covering(code: Tag, name: str) -> list[Tag]:
    """The elements of that name where they hold all of the text."""
    found = code.find_all(name)
    length = sum(len("".join(item.get_text().split())) for item in found)
    return found if length and length >= 0.9 * len("".join(code.get_text().split())) else []


def _lines_in_code(code: Tag) -> list[Tag]:
    """WeChat writes one `code` a line; others one `div` a line."""
    for box in (code, *code.find_all("code")):
        for name in ("code", "div"):
            children = box.find_all(name, recursive=False)
            if len(children) > 1 and not any("\n" in child.get_text().rstrip("\n") for child in children):
                return _covering(code, name) if len(code.find_all(name)) == len(children) else children
    return []


def _without_numbers(lines: list[str]) -> list[str]:
    """Lines that are numbered 1, 2, 3, ... throughout, without the numbers."""
    matches = [_NUMBERED.fullmatch(line) for line in lines]
    if len(lines) < _LEAST_NUMBERED or any(
        match is None or int(match[1]) != number for number, match in enumerate(matches, 1)
    ):
        return [line.rstrip() for line in lines]
    return [match[2].rstrip() for match in matches if match]


def _language(code: Tag) -> str:
    inner = code.find("code")
    for tag in (inner, code, code.parent):
        if not isinstance(tag, Tag):
            continue
        found = _LANGUAGE.search(" ".join(tag.get("class") or []))
        told = found[1] if found else str(tag.get("data-lang") or tag.get("data-language") or tag.get("lang") or "")
        name = told.lower()
        if re.fullmatch(r"[a-z0-9+#]{1,20}", name) and name not in _NO_LANGUAGE and not re.fullmatch(r"zh|en", name):
            return name
    return ""
