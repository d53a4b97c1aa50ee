"""Word documents from the XML of their parts, as small as Word opens them."""

import io
import zipfile
from collections.abc import Mapping

from tutor.ingestion.read_docx import docx_markdown

_OOXML = "http://schemas.openxmlformats.org"
_PREFIXES = {
    "w": f"{_OOXML}/wordprocessingml/2006/main",
    "m": f"{_OOXML}/officeDocument/2006/math",
    "r": f"{_OOXML}/officeDocument/2006/relationships",
    "mc": f"{_OOXML}/markup-compatibility/2006",
    "wp": f"{_OOXML}/drawingml/2006/wordprocessingDrawing",
    "a": f"{_OOXML}/drawingml/2006/main",
    "pic": f"{_OOXML}/drawingml/2006/picture",
    "dgm": f"{_OOXML}/drawingml/2006/diagram",
    "wps": "http://schemas.microsoft.com/office/word/2010/wordprocessingShape",
    "v": "urn:schemas-microsoft-com:vml",
    "o": "urn:schemas-microsoft-com:office:office",
}
_NAMES = " ".join(f'xmlns:{prefix}="{name}"' for prefix, name in _PREFIXES.items())
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
_STYLES = "".join(
    f'<w:style w:type="paragraph" w:styleId="H{level}"><w:name w:val="heading {level}"/>'
    f'<w:pPr><w:outlineLvl w:val="{level - 1}"/></w:pPr></w:style>'
    for level in (1, 2, 3)
)


def word_bytes(
    body: str, *, numbering: str = "", styles: str = "", parts: Mapping[str, tuple[str, str]] | None = None
) -> bytes:
    """A document with that body; `parts`: path -> (kind of relation, content), the relation id is the path."""
    files = {"word/styles.xml": ("styles", f"<w:styles {_NAMES}>{_STYLES}{styles}</w:styles>")}
    if numbering:
        files["word/numbering.xml"] = ("numbering", f"<w:numbering {_NAMES}>{numbering}</w:numbering>")
    files |= parts or {}
    relations = "".join(
        f'<Relationship Id="{path}" Type="{_PREFIXES["r"]}/{kind}" Target="/{path}"/>'
        for path, (kind, _) in files.items()
    )
    members = {
        "_rels/.rels": _relations(
            f'<Relationship Id="a" Type="{_PREFIXES["r"]}/officeDocument" Target="word/document.xml"/>'
        ),
        "word/document.xml": f"<w:document {_NAMES}><w:body>{body}</w:body></w:document>",
        "word/_rels/document.xml.rels": _relations(relations),
        **{path: content.replace("NAMES", _NAMES) for path, (_, content) in files.items()},
    }
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in members.items():
            archive.writestr(path, _HEAD + content if content.startswith("<") else content)
    return stream.getvalue()


def _relations(inside: str) -> str:
    return f'<Relationships xmlns="{_OOXML}/package/2006/relationships">{inside}</Relationships>'


def lines_of(body: str, **options: object) -> list[str]:
    """The lines that are read from a document with that body, without blank ones."""
    return [line for line in docx_markdown(word_bytes(body, **options), "a.docx")[0].split("\n") if line.strip()]  # type: ignore[arg-type]


def run(text: str, properties: str = "") -> str:
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def paragraph(content: str, properties: str = "") -> str:
    """A paragraph of runs, or of plain text."""
    inside = content if content.startswith("<") else run(content)
    return f"<w:p><w:pPr>{properties}</w:pPr>{inside}</w:p>"


def heading(text: str, level: int = 1) -> str:
    return paragraph(text, f'<w:pStyle w:val="H{level}"/>')


def item(text: str, list_id: int, level: int = 0) -> str:
    return paragraph(text, f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{list_id}"/></w:numPr>')


def numbering(*levels: tuple[str, str], list_id: int = 1, extra: str = "", override: str = "") -> str:
    """A list: (format, label) a level; `extra` stands in each level, `override` in the list."""
    inside = "".join(
        f'<w:lvl w:ilvl="{place}"><w:start w:val="1"/><w:numFmt w:val="{form}"/>{extra}<w:lvlText w:val="{label}"/></w:lvl>'
        for place, (form, label) in enumerate(levels)
    )
    return (
        f'<w:abstractNum w:abstractNumId="{list_id}">{inside}</w:abstractNum>'
        f'<w:num w:numId="{list_id}"><w:abstractNumId w:val="{list_id}"/>{override}</w:num>'
    )


def table(*rows: list[str], properties: str = "") -> str:
    """A table of cells that are text or XML."""
    cells = [
        "".join(cell if cell.startswith("<w:tc>") else f"<w:tc>{paragraph(cell) if not cell.startswith('<w:') else cell}</w:tc>" for cell in row)
        for row in rows
    ]  # fmt: skip
    return f"<w:tbl><w:tblPr>{properties}</w:tblPr>{''.join(f'<w:tr>{row}</w:tr>' for row in cells)}</w:tbl>"
