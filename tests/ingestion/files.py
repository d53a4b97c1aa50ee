"""Small real files made on the spot: PDF (any script, encrypted, scanned) and Word documents."""

import io
from collections.abc import Sequence
from pathlib import Path

from tutor.domain import Passage
from tutor.ingestion.pipeline import read_document

_TO_UNICODE = b"""/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /Same def /CMapType 2 def
1 begincodespacerange <0000> <FFFF> endcodespacerange
1 beginbfrange <0000> <FFFF> <0000> endbfrange endcmap end end"""


def read(text: str, name: str = "notes.md") -> list[Passage]:
    """The passages of a file with that text."""
    return read_document(text.encode(), name, "file:1", "0", f"/{name}")[1]


def pdf_bytes(pages: Sequence[Sequence[str]], title: str = "") -> bytes:
    """A PDF of text lines; codes are UTF-16, so that Chinese works without a font file."""
    objects: list[bytes] = [b"<< /Type /Catalog /Pages 2 0 R >>", b""]
    objects.append(
        b"<< /Type /Font /Subtype /Type0 /BaseFont /Any /Encoding /Identity-H /DescendantFonts [4 0 R] /ToUnicode 5 0 R >>"
    )
    objects.append(
        b"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /Any /DW 500 "
        b"/CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> >>"
    )
    objects.append(_stream(_TO_UNICODE))
    objects.append(f"<< /Title <FEFF{title.encode('utf-16-be').hex()}> >>".encode())
    kids = []
    for lines in pages:
        shown = "".join(f"<{line.encode('utf-16-be').hex()}> Tj 0 -14 Td\n" for line in lines)
        objects.append(_stream(f"BT /F1 10 Tf 40 800 Td\n{shown}ET".encode()))
        kids.append(len(objects) + 1)
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {len(objects)} 0 R "
            "/Resources << /Font << /F1 3 0 R >> >> >>".encode()
        )
    objects[1] = f"<< /Type /Pages /Count {len(kids)} /Kids [{' '.join(f'{kid} 0 R' for kid in kids)}] >>".encode()
    return _assembled(objects)


def coded_pdf_bytes(text: str, encoding: str, codec: str, ordering: str, legible: str = "") -> bytes:
    """A PDF whose font has a predefined encoding and no map to Unicode, as older Chinese and Korean programs wrote it.

    `legible` is shown in a second font that any reader knows.
    """
    shown = f"BT /F1 10 Tf 40 800 Td <{text.encode(codec).hex()}> Tj ET\n"
    shown += f"BT /F2 10 Tf 40 700 Td ({legible}) Tj ET"
    return _assembled(
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Count 1 /Kids [7 0 R] >>",
            f"<< /Type /Font /Subtype /Type0 /BaseFont /Any /Encoding /{encoding} /DescendantFonts [4 0 R] >>".encode(),
            b"<< /Type /Font /Subtype /CIDFontType0 /BaseFont /Any /DW 1000 /CIDSystemInfo "
            b"<< /Registry (Adobe) /Ordering (%s) /Supplement 2 >> >>" % ordering.encode(),
            _stream(shown.encode()),
            b"<< >>",
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 5 0 R /Resources << /Font << /F1 3 0 R "
            b"/F2 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >> >>",
        ]
    )


def encrypted_pdf_bytes(password: str) -> bytes:
    """A PDF that asks for a password."""
    from pypdf import PdfReader, PdfWriter

    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf_bytes([["secret text of one page"]]))))
    writer.encrypt(password, algorithm="RC4-128")
    stream = io.BytesIO()
    writer.write(stream)
    return stream.getvalue()


def _stream(data: bytes) -> bytes:
    return b"<< /Length %d >>\nstream\n%s\nendstream" % (len(data), data)


def _assembled(objects: list[bytes]) -> bytes:
    out = io.BytesIO()
    out.write(b"%PDF-1.7\n")
    offsets = []
    for number, body in enumerate(objects, start=1):
        offsets.append(out.tell())
        out.write(b"%d 0 obj\n%s\nendobj\n" % (number, body))
    start = out.tell()
    out.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1))
    for offset in offsets:
        out.write(b"%010d 00000 n \n" % offset)
    out.write(b"trailer << /Size %d /Root 1 0 R /Info 6 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start))
    return out.getvalue()


def write_docx(path: Path) -> Path:
    """A Word document with title, headings, bullets, numbers, a table and a running head."""
    from docx import Document

    word = Document()
    word.sections[0].header.paragraphs[0].text = "Confidential - page head"
    word.add_heading("Serving notes", level=0)
    word.add_heading("Batching", level=1)
    word.add_paragraph("Requests share one forward pass.")
    word.add_paragraph("static batches wait", style="List Bullet")
    word.add_paragraph("continuous batches do not", style="List Bullet")
    word.add_heading("Questions", level=1)
    word.add_paragraph("What limits the batch?", style="List Number")
    word.add_paragraph("When does it hurt?", style="List Number")
    table = word.add_table(rows=2, cols=2)
    for cell, text in zip(
        [cell for row in table.rows for cell in row.cells], ["kind", "gain", "static", "1x"], strict=True
    ):
        cell.text = text
    word.save(str(path))
    return path
