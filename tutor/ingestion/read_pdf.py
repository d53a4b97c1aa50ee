"""A PDF -> its text: running heads and page numbers dropped, hyphens joined, wrapped lines joined to paragraphs.

Knows nothing of pictures: a scanned PDF has no text and is refused.
"""

import io
import logging
import re
import struct
import threading
import zlib
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from logging.handlers import BufferingHandler

from tutor.errors import DocumentError
from tutor.messages import Message

# A damaged PDF makes pypdf fail in many ways; these are the ones its parser was seen to let through.
_DAMAGE = (
    ValueError, KeyError, IndexError, TypeError, AttributeError, RecursionError, AssertionError, NotImplementedError,
    ZeroDivisionError, OverflowError, OSError, zlib.error, struct.error,
)  # fmt: skip
_EDGE_LINES = 2  # running heads and feet stand in the first or last two lines of a page
_PAGE_NUMBER = re.compile(
    r"\W*(?:(?:page|p\.)\s*)?\d{1,4}(?:\s*(?:/|of|\|)\s*\d{1,4})?\W*|第\s*\d+\s*页(?:\s*[/,，共]*\s*\d+\s*页?)?|[ivxlc]{1,6}",
    re.I,
)
_SENTENCE_END = re.compile(r"[。！？!?；;：:.…”」』）)\]]$")
_STARTS_ANEW = re.compile(
    r"\s*(?:[-*•●○▪·–]\s|\(?\d{1,3}[.)、．]|[（(][一二三四五六七八九十\d]+[)）]|[一二三四五六七八九十]+、|第[一二三四五六七八九十\d]+[章节部]"
    r"|(?:Q|A|问|答|Question|Answer)\d*\s*[:：.]|#{1,6}\s|\x00)"
)
_MOST_WARNINGS = 10_000  # of one file; more are dropped
_UNKNOWN_ENCODING = re.compile(r"Advanced encoding /?(\S+) not implemented")
_HAN = re.compile(r"[\u3000-\u30ff\u3400-\u9fff\uff00-\uffef]")


def pdf_text(data: bytes, name: str) -> tuple[str, str, tuple[Message, ...]]:
    """(text, title from the metadata or "", doubts: what pypdf says it cannot decode). Raises DocumentError for
    encrypted, damaged and scanned files."""
    with _listening() as heard:
        pages, title = _read(data, name)
    letters = sum(char.isalnum() for page in pages for char in page)
    if letters < 5 * len(pages) or letters == 0:
        raise DocumentError("ingestion.only_pictures", file=name, pages=len(pages))
    lines = _without_running_lines([page.split("\n") for page in pages])
    return _paragraphs(lines), title, _doubts(heard)


@contextmanager
def _listening() -> Iterator[list[str]]:
    """What pypdf warns of in this thread. On odd but legible files that is much, and of no use to a learner's terminal."""
    heard: list[str] = []
    log, listener = logging.getLogger("pypdf"), BufferingHandler(_MOST_WARNINGS)
    log.propagate = False
    log.addHandler(listener)
    try:
        yield heard
    finally:
        log.removeHandler(listener)
        heard += [record.getMessage() for record in listener.buffer if record.thread == threading.get_ident()]


def _doubts(heard: Sequence[str]) -> tuple[Message, ...]:
    """One for all encodings of fonts that pypdf does not know: it reads their codes as if they were Unicode."""
    unknown = sorted({match[1] for message in heard if (match := _UNKNOWN_ENCODING.search(message))})
    if not unknown:
        return ()
    return (Message("ingestion.unknown_font_encoding", encodings=unknown),)


def _read(data: bytes, name: str) -> tuple[list[str], str]:
    from pypdf import PdfReader
    from pypdf.errors import DependencyError, FileNotDecryptedError, PyPdfError

    try:
        reader = PdfReader(io.BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):
            raise FileNotDecryptedError
        title = reader.metadata.title if reader.metadata else None
        pages = [page.extract_text() for page in reader.pages]
    except (FileNotDecryptedError, DependencyError):
        raise DocumentError("ingestion.encrypted", file=name) from None
    except (PyPdfError, *_DAMAGE) as error:
        raise DocumentError("ingestion.damaged_pdf", file=name, kind=type(error).__name__, reason=error) from error
    return pages, _sensible_title(title)


def _sensible_title(title: object) -> str:
    """Programs write their own names and temporary file names into the title field."""
    text = " ".join(str(title or "").split())
    dull = re.search(
        r"^(untitled|microsoft word|powerpoint|slide 1|无标题|未命名|文档\d*)|\.(docx?|pdf|tex|indd|pptx?)$", text, re.I
    )
    return "" if dull or len(text) > 150 else text


def _without_running_lines(pages: list[list[str]]) -> list[list[str]]:
    """Pages without page numbers and without the lines that top or end half of the pages (digits may differ)."""
    pages = [[line.rstrip() for line in page if line.strip()] for page in pages]
    seen: Counter[str] = Counter()
    for page in pages:
        edges = page[:_EDGE_LINES] + page[_EDGE_LINES:][-_EDGE_LINES:]
        seen.update({_shape(line) for line in edges})
    running = {shape for shape, count in seen.items() if count >= max(3, len(pages) / 2)}
    return [_without_edges(page, running) for page in pages]


def _without_edges(page: list[str], running: set[str]) -> list[str]:
    last = len(page) - 1
    kept = []
    for number, line in enumerate(page):
        at_edge = number < _EDGE_LINES or number > last - _EDGE_LINES
        outermost = number in {0, last}
        if (at_edge and _shape(line) in running) or (outermost and _PAGE_NUMBER.fullmatch(line.strip())):
            continue
        kept.append(line)
    return kept


def _shape(line: str) -> str:
    return re.sub(r"\d+", "#", " ".join(line.split()))


def _paragraphs(pages: list[list[str]]) -> str:
    """One line a paragraph. A line goes on in the next one when it is as long as lines get on that page and does
    not end a sentence."""
    paragraphs: list[str] = []
    goes_on = False
    for page in pages:
        widths = sorted(map(_width, page))
        full = 0.75 * widths[int(0.9 * (len(widths) - 1))] if widths else 0
        for line in page:
            if goes_on and not _STARTS_ANEW.match(line):
                paragraphs[-1] = _joined(paragraphs[-1], line.strip())
            else:
                paragraphs.append(line.strip())
            goes_on = _width(line) >= full and not _SENTENCE_END.search(line) and _width(line) >= 30
    return "\n".join(_spaced(paragraphs))


def _joined(first: str, second: str) -> str:
    if re.search(r"[A-Za-z]{2}-$", first) and re.match(r"[a-z]", second):
        return first[:-1] + second  # "infor-" + "mation"
    no_space = _HAN.match(first[-1:]) and _HAN.match(second[:1])
    return first + ("" if no_space else " ") + second


def _spaced(paragraphs: list[str]) -> list[str]:
    """A blank line after each paragraph of running text, so that what follows can be seen to be a heading."""
    spaced: list[str] = []
    for text in paragraphs:
        spaced.append(text)
        if len(text) > 60 or _SENTENCE_END.search(text):
            spaced.append("")
    return spaced


def _width(line: str) -> int:
    """Columns: a Chinese character is as wide as two Latin ones."""
    return len(line) + len(_HAN.findall(line))
