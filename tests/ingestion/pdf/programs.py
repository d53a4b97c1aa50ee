"""Makes the PDFs of the set with the programs that people use: LaTeX, Chromium's print, LibreOffice Writer and Impress.

`python -m tests.ingestion.pdf.programs FOLDER` writes them all. Needs pdflatex (texlive-latex-recommended), soffice,
Chromium and Noto CJK fonts. Chinese has no LaTeX here: its two columns are CSS columns and sections of Writer.
"""

import html
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from tests.ingestion.pdf import content
from tests.ingestion.pdf.content import Content, marked


@dataclass(frozen=True)
class Sample:
    """A file of the set, what is in it, and what stands at the edges of its pages."""

    name: str
    content: Content
    make: Callable[[Content, Path], None]
    furniture: tuple[str, ...] = ()  # running heads and feet, without page numbers


# --- LaTeX

_LATEX = r"""\documentclass[%s]{article}
\usepackage[T1]{fontenc}\usepackage{lmodern}\usepackage[%s]{geometry}\usepackage{fancyhdr}
\pagestyle{%s}\fancyhf{}\fancyhead[L]{%s}\fancyfoot[C]{\thepage}
\title{%s}\author{}\date{}
\begin{document}\maketitle\thispagestyle{%s}
%s
\end{document}
"""
_BEAMER = (
    "\\documentclass{beamer}\\usetheme{Madrid}\\title{%s}\n\\begin{document}\\frame{\\titlepage}\n%s\\end{document}\n"
)


def latex(options: str, paper: str = "a4paper,margin=2.2cm", head: str = "") -> Callable[[Content, Path], None]:
    style = "fancy" if head else "plain"
    return lambda text, path: _run_latex(
        _LATEX % (options, paper, style, head, text.title, style, "\n".join(_latex_block(b) for b in _listed(text))),
        path,
    )


def beamer(text: Content, path: Path) -> None:
    frames = "".join(
        f"\\begin{{frame}}{{{_tex(title)}}}\\begin{{itemize}}{''.join(chr(92) + 'item ' + _tex(i) for i in items)}"
        "\\end{itemize}\\end{frame}\n"
        for title, items in _slides(text)
    )
    _run_latex(_BEAMER % (text.title, frames), path)


def _latex_block(block: content.Block) -> str:
    if block.kind == "table":
        rows = "\\\\\n".join(" & ".join(map(_tex, row)) for row in block.rows)
        return f"\\begin{{center}}\\begin{{tabular}}{{{'l' * len(block.rows[0])}}}\\hline {rows}\\\\\\hline\\end{{tabular}}\\end{{center}}"
    forms = {
        "h1": "\\section{%s}",
        "h2": "\\subsection{%s}",
        "p": "%s\n",
        "li": "\\item %s",
        "formula": "\\[%s\\]",
        "list": "\\begin{itemize}",
        "end": "\\end{itemize}",
    }
    form = forms[block.kind]
    return form % (block.text if block.kind == "formula" else _tex(block.text)) if "%s" in form else form


def _tex(text: str) -> str:
    escaped = text.replace("%", "\\%").replace("&", "\\&")
    supped = re.sub(r"\{(\w+)([\^_])([^{}]+)\}", r"$\1\2{\3}$", escaped)
    return re.sub(r"\{\*([^{}]+)\}", r"\1", supped)


def _run_latex(source: str, path: Path) -> None:
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "a.tex").write_text(source, encoding="utf-8")
        for _ in range(2):
            subprocess.run(
                ["pdflatex", "-interaction=batchmode", "a.tex"], cwd=folder, check=False, capture_output=True
            )
        path.write_bytes((Path(folder) / "a.pdf").read_bytes())


# --- Chromium

_PAGE = """<!doctype html><html lang="%s"><meta charset="utf-8"><title>%s</title><style>
body{font:11pt/1.5 'Noto Serif','Noto Sans CJK SC',serif} table{border-collapse:collapse} td{%s padding:3pt 9pt}
%s</style><body>%s</body></html>"""
_SLIDE_STYLE = (
    "@page{size:720px 405px;margin:0} body{margin:0} section{break-after:page;height:340px;padding:10px 40px;overflow:hidden} h1{font-size:30px}"
    " li{font-size:18px} footer{position:fixed;bottom:4px;left:40px;font-size:10px}"
)
_SIDEBAR = "main{display:grid;grid-template-columns:34% 62%;gap:4%} h2{font-size:15pt} h3{font-size:12pt}"
_COLUMNS = "main{columns:2;column-gap:9mm} body{font-size:10pt;text-align:justify;hyphens:auto}"


def printed(style: str = "", head: str = "", lined: bool = True, **options: object) -> Callable[[Content, Path], None]:
    def make(text: Content, path: Path) -> None:
        body = f"<h1>{text.title}</h1><main>{''.join(_html_block(block) for block in _listed(text))}</main>"
        page = _PAGE % (text.language, text.title, "border:1px solid;" if lined else "", style, body)
        _print(page, path, _head_options(head) | options)

    return make


def printed_slides(foot: str) -> Callable[[Content, Path], None]:
    def make(text: Content, path: Path) -> None:
        slides = "".join(
            f"<section><h1>{title}</h1><ul>{''.join(f'<li>{item}</li>' for item in items)}</ul></section>"
            for title, items in [(text.title, []), *_slides(text)]
        )
        body = f"{slides}<footer>{foot}</footer>"
        _print(_PAGE % (text.language, text.title, "", _SLIDE_STYLE, body), path, {"prefer_css_page_size": True})

    return make


def sidebar(text: Content, path: Path) -> None:
    """A résumé with education and skills in a column at the left."""
    parts = {"left": "", "right": ""}
    side = "left"
    for block in _listed(text):
        if block.text in {"Experience", "工作经历"}:
            side = "right"
        parts[side] += _html_block(block)
    body = f"<h1>{text.title}</h1><main><div>{parts['left']}</div><div>{parts['right']}</div></main>"
    _print(_PAGE % (text.language, text.title, "", _SIDEBAR, body), path, {})


def _head_options(head: str) -> dict[str, object]:
    if not head:
        return {}
    bar = "<div style='font-size:9px;width:100%;padding:0 12mm'>"
    foot = f"{bar}<span class=pageNumber></span> / <span class=totalPages></span></div>"
    return {"display_header_footer": True, "header_template": f"{bar}{head}</div>", "footer_template": foot}


def _html_block(block: content.Block) -> str:
    if block.kind == "table":
        return (
            "<table>"
            + "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in block.rows)
            + "</table>"
        )
    forms = {
        "h1": "<h2>%s</h2>",
        "h2": "<h3>%s</h3>",
        "p": "<p>%s</p>",
        "li": "<li>%s</li>",
        "formula": "<p><i>h = Wx + (α/r)BAx</i></p>",
        "list": "<ul>",
        "end": "</ul>",
    }
    form = forms[block.kind]
    return form % marked(html.escape(block.text), "BASE<KIND>RAISED</KIND>") if "%s" in form else form


def _print(page: str, path: Path, options: dict[str, object]) -> None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        tab = browser.new_page()
        tab.set_content(page)
        settings: dict[str, object] = {
            "format": "A4",
            "margin": dict.fromkeys(("top", "bottom", "left", "right"), "16mm"),
        }
        path.write_bytes(tab.pdf(**(settings | options)))  # type: ignore[arg-type]
        browser.close()


# --- LibreOffice


def writer(columns: int = 1, head: str = "", small: bool = False) -> Callable[[Content, Path], None]:
    def make(text: Content, path: Path) -> None:
        from docx import Document
        from docx.oxml import OxmlElement
        from docx.oxml.ns import qn
        from docx.shared import Mm

        word = Document()
        section = word.sections[0]
        section.page_width, section.page_height = (Mm(120), Mm(150)) if small else (Mm(210), Mm(297))
        section.left_margin = section.right_margin = Mm(18)
        if head:
            section.header.paragraphs[0].text = head
            _page_number(section.footer.paragraphs[0])
        word.add_heading(text.title, level=0)
        if columns > 1:
            body = word.add_section(0)
            found = body._sectPr.find(qn("w:cols"))
            cols = found if found is not None else body._sectPr.append(OxmlElement("w:cols"))
            cols.set(qn("w:num"), str(columns))
        for block in text.blocks:
            _word_block(word, block, 72 if columns > 1 or small else 120)
        with tempfile.TemporaryDirectory() as folder:
            word.save(f"{folder}/a.docx")
            _convert(Path(folder) / "a.docx", path)

    return make


def _page_number(paragraph: object) -> None:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), "PAGE")
    paragraph._p.append(field)  # type: ignore[attr-defined]


def _word_block(word: object, block: content.Block, width: int) -> None:
    from docx.shared import Mm

    if block.kind == "table":
        table = word.add_table(rows=len(block.rows), cols=len(block.rows[0]), style="Table Grid")  # type: ignore[attr-defined]
        for column in table.columns:
            column.width = Mm(width // len(block.rows[0]))
        for cells, row in zip(table.rows, block.rows, strict=True):
            for cell, text in zip(cells.cells, row, strict=True):
                cell.text = text
        return
    if block.kind == "formula":
        return
    level = {"h1": 1, "h2": 2}.get(block.kind)
    style = "List Bullet" if block.kind == "li" else None
    paragraph = word.add_heading("", level=level) if level else word.add_paragraph("", style=style)  # type: ignore[attr-defined]
    for part in re.split(r"(<(?:sup|sub)>.*?</(?:sup|sub)>)", marked(block.text, "BASE<KIND>RAISED</KIND>")):
        run = paragraph.add_run(re.sub(r"</?su[bp]>", "", part))
        if part.startswith("<su"):
            setattr(run.font, "superscript" if part[3] == "p" else "subscript", True)


_FODP_HEAD = """<?xml version="1.0" encoding="UTF-8"?><office:document xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"
 xmlns:svg="urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0" xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0"
 xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0" office:version="1.2"
 office:mimetype="application/vnd.oasis.opendocument.presentation"><office:automatic-styles>
<style:style style:name="big" style:family="paragraph"><style:text-properties fo:font-size="32pt" style:font-size-asian="32pt"/></style:style>
<style:style style:name="li" style:family="paragraph"><style:text-properties fo:font-size="20pt" style:font-size-asian="20pt"/></style:style>
<style:style style:name="foot" style:family="paragraph"><style:text-properties fo:font-size="10pt" style:font-size-asian="10pt"/></style:style>
</office:automatic-styles><office:body><office:presentation>"""


def impress(foot: str) -> Callable[[Content, Path], None]:
    def make(text: Content, path: Path) -> None:
        pages = ""
        for number, (title, items) in enumerate([(text.title, []), *_slides(text)], start=1):
            listed = "".join(f'<text:p text:style-name="li">• {item}</text:p>' for item in items)
            pages += f'<draw:page draw:name="p{number}">' + _frame(1.5, 1, "big", title) + _box(1.5, 4, listed)
            pages += _frame(1.5, 19, "foot", foot) + _frame(24, 19, "foot", str(number)) + "</draw:page>"
        source = _FODP_HEAD + pages + "</office:presentation></office:body></office:document>"
        with tempfile.TemporaryDirectory() as folder:
            (Path(folder) / "a.fodp").write_text(source, encoding="utf-8")
            _convert(Path(folder) / "a.fodp", path)

    return make


def _frame(left: float, top: float, style: str, text: str) -> str:
    return _box(left, top, f'<text:p text:style-name="{style}">{html.escape(text)}</text:p>')


def _box(left: float, top: float, inner: str) -> str:
    size = f'svg:x="{left}cm" svg:y="{top}cm" svg:width="22cm" svg:height="1cm"'
    return f"<draw:frame {size}><draw:text-box>{inner}</draw:text-box></draw:frame>" if inner else ""


def _convert(source: Path, path: Path) -> None:
    command = ["soffice", "--headless", f"-env:UserInstallation=file://{source.parent}/profile", "--convert-to", "pdf"]
    subprocess.run([*command, "--outdir", str(source.parent), str(source)], check=True, capture_output=True)
    path.write_bytes(source.with_suffix(".pdf").read_bytes())


# --- what they share


def _listed(text: Content) -> list[content.Block]:
    """The blocks with the beginning and the end of each list."""
    found: list[content.Block] = []
    for block in text.blocks:
        before = found[-1].kind if found else ""
        if block.kind == "li" and before != "li":
            found.append(content.Block("list"))
        if block.kind != "li" and before == "li":
            found.append(content.Block("end"))
        found.append(block)
    return [*found, content.Block("end")] if found[-1].kind == "li" else found


def _slides(text: Content) -> list[tuple[str, list[str]]]:
    slides: list[tuple[str, list[str]]] = []
    for block in text.blocks:
        if block.kind == "h1":
            slides.append((block.text, []))
        else:
            slides[-1][1].append(block.text)
    return slides


def _side_first(text: Content) -> Content:
    """A résumé as it reads with education and skills at the left."""
    start = [block.kind for block in text.blocks].index("h1", 1)
    return replace(text, blocks=text.blocks[start:] + text.blocks[:start])


_HEAD, _HEAD_ZH = "Preprint under review 2026", "内部学习资料 请勿外传"
_A6 = {"format": "A6", "margin": dict.fromkeys(("top", "bottom", "left", "right"), "12mm")}

SAMPLES = (
    Sample("latex-one-column", content.PAPER, latex("11pt")),
    Sample("latex-two-columns", content.PAPER, latex("10pt,twocolumn")),
    Sample("latex-two-columns-head", content.PAPER, latex("10pt,twocolumn", head=_HEAD), (_HEAD,)),
    Sample("latex-narrow-long-head", content.PAPER, latex("11pt", "a6paper,margin=1.1cm", head=_HEAD), (_HEAD,)),
    Sample("latex-two-columns-long", content.PAPER, latex("10pt,twocolumn", "a5paper,margin=1.2cm")),
    Sample("latex-tables", content.TABLES, latex("11pt")),
    Sample("latex-resume", content.RESUME, latex("11pt")),
    Sample("latex-slides", content.SLIDES, beamer, (content.SLIDES.title,)),
    Sample("chromium-en", content.PAPER, printed()),
    Sample("chromium-zh", content.NOTES_ZH, printed()),
    Sample("chromium-two-columns-en", content.PAPER, printed(_COLUMNS)),
    Sample("chromium-two-columns-zh", content.NOTES_ZH, printed(_COLUMNS)),
    Sample("chromium-head-en", content.PAPER, printed(head=_HEAD), (_HEAD,)),
    Sample("chromium-head-zh", content.NOTES_ZH, printed(head=_HEAD_ZH), (_HEAD_ZH,)),
    Sample("chromium-long-head-zh", content.NOTES_ZH, printed(head=_HEAD_ZH, **_A6), (_HEAD_ZH,)),
    Sample("chromium-slides-en", content.SLIDES, printed_slides("Reading group"), ("Reading group",)),
    Sample("chromium-slides-zh", content.SLIDES_ZH, printed_slides("内部读书会"), ("内部读书会",)),
    Sample("chromium-resume-en", _side_first(content.RESUME), sidebar),
    Sample("chromium-resume-zh", _side_first(content.RESUME_ZH), sidebar),
    Sample("chromium-tables-en", content.TABLES, printed()),
    Sample("chromium-tables-zh", content.TABLES_ZH, printed()),
    Sample("chromium-bare-tables-zh", content.TABLES_ZH, printed(lined=False)),
    Sample("writer-en", content.PAPER, writer()),
    Sample("writer-zh", content.NOTES_ZH, writer()),
    Sample("writer-two-columns-head-en", content.PAPER, writer(2, _HEAD), (_HEAD,)),
    Sample("writer-two-columns-zh", content.NOTES_ZH, writer(2)),
    Sample("writer-long-head-zh", content.NOTES_ZH, writer(1, _HEAD_ZH, small=True), (_HEAD_ZH,)),
    Sample("writer-resume-zh", content.RESUME_ZH, writer()),
    Sample("writer-tables-en", content.TABLES, writer()),
    Sample("impress-en", content.SLIDES, impress("Reading group"), ("Reading group",)),
    Sample("impress-zh", content.SLIDES_ZH, impress("内部读书会"), ("内部读书会",)),
)


def make_all(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for sample in SAMPLES:
        path = folder / f"{sample.name}.pdf"
        if not path.exists():
            sample.make(sample.content, path)
            print(path.name, path.stat().st_size)


if __name__ == "__main__":
    make_all(Path(sys.argv[1]))
