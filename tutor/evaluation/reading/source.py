"""A file -> its lines, read another way than the product reads it: what a person would find in it. Knows no passages.

Each format has a reading of its own from the raw file, simple enough to be believed: no cleaning, no structure, only
the words in their order and what the format itself marks as furniture of a page (`nav`, `footer`, buttons, heads).
"""

import json
import re
import subprocess
import zipfile
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from shutil import which
from types import MappingProxyType

from lxml import etree

from tutor.evaluation.reading.source_html import html_lines
from tutor.evaluation.reading.source_office import epub_pages, sheets_lines, slides_lines, word_lines


@dataclass(frozen=True)
class SourceText:
    """The lines of a file in order, and what its format marks as furniture."""

    lines: tuple[str, ...]
    furniture: tuple[str, ...] = ()


def read_source(path: Path) -> SourceText | None:
    """The lines of `path`; None where there is no reading of its kind here."""
    reader = _READINGS.get(path.suffix.lower())
    try:
        return reader(path) if reader else None
    except (ValueError, KeyError, zipfile.BadZipFile, etree.LxmlError):
        return SourceText(())  # damaged: nothing can be lost


def _text(path: Path) -> str:
    data = path.read_bytes()
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return data.decode("utf-8", errors="replace")


def _plain(path: Path) -> SourceText | None:
    text = _text(path)
    if text.startswith("#separator"):
        return None  # an export of Anki: its columns hold ids and names of card types too
    return SourceText(tuple(text.splitlines()))


# --- Markdown: the raw text without its marks

_HEAD = re.compile(r"\A\ufeff?\s*---\n.*?\n(?:---|\.\.\.)\n", re.DOTALL)
_REMARK = re.compile(
    r"<!--.*?-->|%%.*?%%|<(style|script)\b.*?</\1>|^\s*\[\[?(?:toc|_toc_)\]\]?\s*$",
    re.DOTALL | re.IGNORECASE | re.MULTILINE,
)
_PICTURE = re.compile(r"!\[[^\]]*\](?:\([^)]*\)|\[[^\]]*\])|!\[\[[^\]]*\]\]")
_LINK = re.compile(r"\[((?:[^\[\]]|\[[^\]]*\])*)\]\((?:[^()\n]|\([^()\n]*\))*\)")
_TARGET = re.compile(r"^\s{0,3}\[[^\]^]+\]:\s*<?(?:[a-z]+:|[/#.]|[\w-]+\.[\w/.-]+)\S*>?.*$", re.MULTILINE)
_BREAK = re.compile(
    r"</?(?:p|div|br|tr|li|h[1-6]|table|summary|details|dt|dd|ul|ol|center|blockquote)\b[^>]*>", re.IGNORECASE
)
_APART = re.compile(r"</?(?:sup|sub|td|th|img)\b[^>]*>", re.IGNORECASE)
_TAG = re.compile(
    r"</?(?:a|abbr|b|big|code|del|em|figure|figcaption|font|hr|i|iframe|ins|kbd|mark|pre|s(?=\s)|section|small|source|span|strong"
    r"|svg|tbody|thead|u|var|video)\b[^>]*>",
    re.IGNORECASE,
)
_FENCE = re.compile(r"^[ \t>]*(?:```|~~~)[^`\n]*$", re.MULTILINE)


def markdown_lines(text: str) -> list[str]:
    """The lines of Markdown without front matter, remarks, targets of links, pictures and tags."""
    text = _REMARK.sub("", _HEAD.sub("", text.replace("\r\n", "\n")))
    text = _FENCE.sub("", _TARGET.sub("", _LINK.sub(r"\1", _PICTURE.sub("", text))))
    text = _TAG.sub("", _APART.sub(" ", _BREAK.sub("\n", text)))
    return text.splitlines()


def _markdown(path: Path) -> SourceText:
    return SourceText(tuple(markdown_lines(_text(path))))


# --- other marked text: what is no word of it, by suffix

_MARKS: Mapping[str, tuple[re.Pattern[str], ...]] = MappingProxyType(
    {
        ".tex": (
            re.compile(r"\A(?:.*\n)*?.*\\begin\{document\}|\\end\{document\}(?:.*\n?)*\Z"),
            re.compile(r"(?<!\\)%.*"),
            re.compile(r"\\(?:begin|end|label|\w*ref|\w*cite\w*|input|include\w*|\w*space|bibliography\w*)\*?(?:\[[^\]]*\])?\{[^}]*\}"),
            re.compile(r"\\[a-zA-Z]+\*?|(?<=\})\[[^\]]*\]"),
        ),
        ".rst": (
            re.compile(r"^[ \t]*\.\. (?!\[|\w+::|math::).*(?:\n[ \t]+\S.*)*|^[ \t]*\.\. (?:image|figure|contents|toctree|include|raw|_)\b.*(?:\n[ \t]+\S.*)*", re.MULTILINE),
            re.compile(r"^[ \t]*\.\. [\w-]+::(?:[ \t]*[\w+-]+$)?|^[ \t]+:[\w-]+:.*$|:[\w:]+:(?=`)|<[^<>\s]+>`_", re.MULTILINE),
        ),
        ".org": (
            re.compile(r"^[ \t]*(?:#\+(?!TITLE)\S+.*|# .*|:[\w-]+:.*)$", re.MULTILINE | re.IGNORECASE),
            re.compile(r"\[\[[^\]]*\]\[|\[\[[^\]]*\]\]|#\+TITLE:|(?<=\* )TODO|(?<=\* )DONE|[ \t]+:[\w:]+:$", re.MULTILINE),
        ),
    }
)  # fmt: skip


def _marked(path: Path) -> SourceText:
    text = _text(path)
    for marks in _MARKS[path.suffix.lower()]:
        text = marks.sub(" ", text)
    return SourceText(tuple(text.splitlines()))


def _notebook(path: Path) -> SourceText:
    lines: list[str] = []
    for cell in json.loads(_text(path)).get("cells", []):
        source = "".join(cell.get("source", ""))
        lines += source.splitlines() if cell["cell_type"] == "code" else markdown_lines(source)
    return SourceText(tuple(lines))


# --- formats of pages


def _html(path: Path) -> SourceText:
    return SourceText(*html_lines(path.read_bytes()))


def _epub(path: Path) -> SourceText:
    lines: list[str] = []
    for page in epub_pages(path):
        lines += html_lines(page)[0]
    return SourceText(tuple(lines))


def _word(path: Path) -> SourceText:
    return SourceText(tuple(word_lines(path)))


def _slides(path: Path) -> SourceText:
    return SourceText(tuple(slides_lines(path)))


def _sheets(path: Path) -> SourceText:
    return SourceText(tuple(sheets_lines(path)))


def _pdf(path: Path) -> SourceText | None:
    """By poppler's `pdftotext`, where it is installed: lines that recur at the edge of pages are furniture."""
    program = which("pdftotext")
    if not program:
        return None
    done = subprocess.run([program, "-q", "-enc", "UTF-8", str(path), "-"], check=False, capture_output=True)
    pages = [page.splitlines() for page in done.stdout.decode("utf-8", errors="replace").split("\f")]
    edges = [[line for line in page if line.strip()] for page in pages]
    edges = [[*lines[:2], *lines[-2:]] for lines in edges]
    often = Counter(mask for lines in edges for mask in {_mask(line) for line in lines})
    heads = {mask for mask, count in often.items() if count >= 3 and len(re.findall(r"[^\W\d_]", mask)) >= 3}
    furniture = {line for lines in edges for line in lines if _mask(line) in heads}
    return SourceText(
        tuple(_unwrapped([line for page in pages for line in page if line not in furniture])), tuple(furniture)
    )


def _mask(line: str) -> str:
    return re.sub(r"\d+", "0", line.strip())


def _unwrapped(lines: list[str]) -> list[str]:
    """Paragraphs: a line that is full goes on in the next one."""
    width = max((len(line) for line in lines), default=0)
    joined = [""]
    for before, line in pairwise(["", *lines]):
        full = len(before) > 0.7 * width and not re.search(r"[。！？.!?:：]\s*$", before)
        if full and line.strip():
            joined[-1] += ("" if re.search(r"[^\x00-\x7f]$", before) else " ") + line.strip()
        else:
            joined.append(line.strip())
    return [line for line in joined if line]


_READINGS: Mapping[str, Callable[[Path], SourceText | None]] = MappingProxyType(
    {
        ".txt": _plain,
        ".md": _markdown,
        ".markdown": _markdown,
        ".mdx": _markdown,
        **dict.fromkeys(_MARKS, _marked),
        ".ipynb": _notebook,
        ".html": _html,
        ".htm": _html,
        ".xhtml": _html,
        ".epub": _epub,
        ".docx": _word,
        ".pptx": _slides,
        ".xlsx": _sheets,
        ".csv": _plain,
        ".tsv": _plain,
        ".pdf": _pdf,
    }
)
