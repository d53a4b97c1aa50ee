"""A PDF -> its text, title and doubts. The order of the steps; what may fail; what is told.

PDFium opens and draws; `page` reads lines with their places, the other modules decide what they are.
"""

import threading
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any

from tutor.errors import DocumentError
from tutor.ingestion.pdf.columns import in_reading_order
from tutor.ingestion.pdf.edges import without_edges
from tutor.ingestion.pdf.hyphens import Words
from tutor.ingestion.pdf.lines import Page
from tutor.ingestion.pdf.paragraphs import markdown
from tutor.ingestion.pdf.tables import with_tables
from tutor.ingestion.titles import title_of_author
from tutor.messages import Message

MOST_PAGES = 5_000
_FEW_LETTERS = 20  # beside a picture that fills the page: a stamp, a page number
_PICTURE = 0.5  # of a page
_PDFIUM = threading.Lock()  # PDFium may be in one thread at a time


def pdf_text(data: bytes, name: str) -> tuple[str, str, tuple[Message, ...]]:
    """(text, title from the metadata or "", doubts). Raises DocumentError for encrypted, damaged and scanned files."""
    with _PDFIUM:
        pages, title, unread, count = _read(data, name)
    pages = without_edges(pages, title)
    pictures = [number for number, page in enumerate(pages, start=1) if _is_picture(page)]
    if not any(char.isalnum() for page in pages for line in page.lines for char in line.text):
        raise DocumentError("ingestion.only_pictures", file=name, pages=count)
    words = Words(line.text for page in pages for line in page.lines)
    text = markdown([in_reading_order(with_tables(page, words)) for page in pages], words)
    return text, title, _doubts(pictures, unread, count)


def _is_picture(page: Page) -> bool:
    letters = sum(char.isalnum() for line in page.lines for char in line.text)
    return (letters < _FEW_LETTERS and page.pictured >= _PICTURE) or (letters == 0 and page.pictured > 0)


def _doubts(pictures: Sequence[int], unread: Sequence[int], count: int) -> tuple[Message, ...]:
    doubts = []
    if pictures:
        doubts.append(Message("ingestion.pages_of_pictures", pages=ranges(pictures)))
    if unread:
        doubts.append(Message("ingestion.pages_unread", pages=ranges(unread)))
    if count > MOST_PAGES:
        doubts.append(Message("ingestion.pages_left_out", most=MOST_PAGES, pages=count))
    return tuple(doubts)


def ranges(numbers: Iterable[int]) -> str:
    """`2-10, 12`: numbers that follow one another as one range."""
    numbers = sorted(numbers)
    starts = [numbers[0], *(after for before, after in pairwise(numbers) if after != before + 1)]
    ends = [*(before for before, after in pairwise(numbers) if after != before + 1), numbers[-1]]
    return ", ".join(str(start) if start == end else f"{start}-{end}" for start, end in zip(starts, ends, strict=True))


def _read(data: bytes, name: str) -> tuple[list[Page], str, list[int], int]:
    """(pages, title, numbers of pages that cannot be read, count of pages)"""
    import pypdfium2
    import pypdfium2.raw as pdfium

    from tutor.ingestion.pdf.page import read_page

    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if getattr(error, "err_code", None) in {pdfium.FPDF_ERR_PASSWORD, pdfium.FPDF_ERR_SECURITY}:
            raise DocumentError("ingestion.encrypted", file=name) from None
        raise DocumentError("ingestion.damaged_pdf", file=name, reason=error) from error
    try:
        pages, unread = [], []
        count = len(document)
        for number in range(min(count, MOST_PAGES)):
            page = _opened(document, number)
            if page is None:
                unread.append(number + 1)
                continue
            pages.append(read_page(page))
            page.close()
        title = document.get_metadata_value("Title")
    finally:
        document.close()
    if not pages:
        raise DocumentError("ingestion.damaged_pdf", file=name, reason="no page")
    return pages, title_of_author(title), unread, count


def _opened(document: Any, number: int) -> Any:
    import pypdfium2

    try:
        return document[number]
    except pypdfium2.PdfiumError:
        return None
