"""Presentations from the XML of their slides, as small as PowerPoint opens them."""

import io
import zipfile
from collections.abc import Sequence

_OOXML = "http://schemas.openxmlformats.org"
_NAMES = " ".join(
    f'xmlns:{prefix}="{name}"'
    for prefix, name in {
        "a": f"{_OOXML}/drawingml/2006/main",
        "r": f"{_OOXML}/officeDocument/2006/relationships",
        "p": f"{_OOXML}/presentationml/2006/main",
        "m": f"{_OOXML}/officeDocument/2006/math",
        "mc": f"{_OOXML}/markup-compatibility/2006",
        "a14": "http://schemas.microsoft.com/office/drawing/2010/main",
        "dgm": f"{_OOXML}/drawingml/2006/diagram",
    }.items()
)


def _relations(**items: tuple[str, str]) -> str:
    inside = "".join(
        f'<Relationship Id="{name}" Type="{_OOXML}/officeDocument/2006/relationships/{kind}" Target="{target}"/>'
        for name, (kind, target) in items.items()
    )
    return f'<Relationships xmlns="{_OOXML}/package/2006/relationships">{inside}</Relationships>'


def deck_bytes(
    slides: Sequence[str], order: Sequence[int] = (), notes: str = "", diagram: str = "", comment: str = ""
) -> bytes:
    """A presentation of slides (the XML of their shapes), shown in `order`; notes, diagram (`rD`) and comment are the first slide's."""
    shown = order or range(len(slides))
    ids = "".join(f'<p:sldId id="{300 + number}" r:id="r{number}"/>' for number in shown)
    parts = {
        "_rels/.rels": _relations(a=("officeDocument", "ppt/presentation.xml")),
        "ppt/presentation.xml": f"<p:presentation {_NAMES}><p:sldIdLst>{ids}</p:sldIdLst></p:presentation>",
        "ppt/_rels/presentation.xml.rels": _relations(
            **{f"r{number}": ("slide", f"slides/s{number}.xml") for number in range(len(slides))}
        ),
    }
    for number, shapes in enumerate(slides):
        parts[f"ppt/slides/s{number}.xml"] = _tree("sld", shapes)
    extra = {
        "rN": ("notesSlide", "../notes.xml", _tree("notes", notes)),
        "rD": ("diagramData", "../diagram.xml", f"<dgm:dataModel {_NAMES}>{diagram}</dgm:dataModel>"),
        "rC": ("comments", "../comments.xml", f"<p:cmLst {_NAMES}><p:cm><p:text>{comment}</p:text></p:cm></p:cmLst>"),
    }
    wanted = {name: item for name, item in extra.items() if {"rN": notes, "rD": diagram, "rC": comment}[name]}
    parts["ppt/slides/_rels/s0.xml.rels"] = _relations(**{name: item[:2] for name, item in wanted.items()})
    parts |= {f"ppt/{target[3:]}": content for _, target, content in wanted.values()}
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in parts.items():
            archive.writestr(path, content)
    return stream.getvalue()


def _tree(kind: str, shapes: str) -> str:
    return f"<p:{kind} {_NAMES}><p:cSld><p:spTree>{shapes}</p:spTree></p:cSld></p:{kind}>"


def text(content: str, properties: str = "", run: str = "") -> str:
    """A paragraph of one run."""
    return f"<a:p>{properties}<a:r>{run}<a:t>{content}</a:t></a:r></a:p>"


def shape(*paragraphs: str, place: str = "") -> str:
    """A shape that fills a placeholder of that kind, or stands for itself."""
    placeholder = f'<p:ph type="{place}"/>' if place else ""
    inside = "".join(item if item.startswith("<a:p>") else text(item) for item in paragraphs)
    return f"<p:sp><p:nvSpPr><p:cNvPr id='2' name='x'/><p:nvPr>{placeholder}</p:nvPr></p:nvSpPr><p:txBody>{inside}</p:txBody></p:sp>"
