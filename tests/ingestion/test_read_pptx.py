"""A slide is a section: its title, its texts in order, its tables and formulas, then its notes."""

import pytest

from tests.ingestion.slide_files import deck_bytes, shape, text
from tutor.errors import DocumentError
from tutor.ingestion.load import load_bytes
from tutor.ingestion.loaded import Loaded


def read(*slides: str, **options: object) -> Loaded:
    return load_bytes(deck_bytes(slides, **options), "a.pptx")  # type: ignore[arg-type]


def lines(*slides: str, **options: object) -> list[str]:
    return [line for line in read(*slides, **options).text.split("\n") if line]


def test_titles_are_headings_and_levels_are_nested_lists() -> None:
    body = shape(text("Blocks of fixed size"), text("sixteen tokens each", '<a:pPr lvl="1"/>'), place="body")
    assert lines(shape("Why paging?", place="title") + body) == [
        "## Why paging?",
        "- Blocks of fixed size",
        "   - sixteen tokens each",
    ]


def test_slides_come_in_the_order_in_which_they_are_shown() -> None:
    found = lines(shape("第二", place="title") + shape("乙"), shape("第一", place="title") + shape("甲"), order=(1, 0))
    assert found == ["## 第一", "甲", "## 第二", "乙"]


def test_a_title_that_stands_below_the_text_is_still_the_title() -> None:
    assert lines(shape("Text.", place="body") + shape("Title", place="title")) == ["## Title", "Text."]


def test_a_slide_without_a_title_does_not_run_into_the_one_before() -> None:
    first = shape("KV cache", place="title") + shape("It grows.")
    assert lines(first, shape("Paging", "Blocks of tokens are mapped."))[2:] == [
        "## Paging",
        "Blocks of tokens are mapped.",
    ]
    sentence = "Nothing here is short enough to be taken for the title of a slide, really."
    assert lines(first, shape(sentence))[2:] == ["## Slide 2", sentence]


def test_words_in_groups_tables_and_notes_are_read() -> None:
    def cell(content: str, attributes: str = "") -> str:
        return f"<a:tc {attributes}><a:txBody>{text(content)}</a:txBody></a:tc>"

    rows = [
        cell("方法") + cell("显存"),
        cell("LoRA", 'rowSpan="2"') + cell("低"),
        cell("", 'vMerge="1"') + cell("更低"),
    ]
    table = "".join(f"<a:tr>{row}</a:tr>" for row in rows)
    group = f"<p:grpSp><p:grpSp>{shape('组里的字')}</p:grpSp></p:grpSp>"
    frame = (
        f"<p:graphicFrame><a:graphic><a:graphicData><a:tbl>{table}</a:tbl></a:graphicData></a:graphic></p:graphicFrame>"
    )
    notes = shape("7", place="sldNum") + shape("讲到这里停一下。", place="body")
    found = lines(shape("比较", place="title") + group + frame, notes=notes)
    assert found == [
        "## 比较",
        "组里的字",
        "| 方法 | 显存 |",
        "| --- | --- |",
        "| LoRA | 低 |",
        "| LoRA | 更低 |",
        "讲到这里停一下。",
    ]


def test_dates_footers_and_numbers_of_slides_are_furniture() -> None:
    furniture = shape("2026-03-01", place="dt") + shape("Company", place="ftr") + shape("12", place="sldNum")
    assert lines(shape("T", place="title") + furniture + shape("Words.")) == ["## T", "Words."]


@pytest.mark.parametrize(
    ("kind", "marks"),
    [
        ("arabicPeriod", ["1.", "2."]),
        ("alphaLcParenR", ["a)", "b)"]),
        ("romanUcPeriod", ["I.", "II."]),
        ("ea1ChsPeriod", ["一、", "二、"]),
    ],
)
def test_automatic_numbers_are_written_out(kind: str, marks: list[str]) -> None:
    numbered = f'<a:pPr><a:buAutoNum type="{kind}"/></a:pPr>'
    found = lines(shape("T", place="title") + shape(text("x", numbered), text("y", numbered), place="body"))
    assert found[1:] == [f"{marks[0]} x", f"{marks[1]} y"]


def test_scripts_formulas_and_code_keep_their_meaning() -> None:
    script = "<a:p><a:r><a:t>10</a:t></a:r><a:r><a:rPr baseline='30000'/><a:t>23</a:t></a:r><a:r><a:t> FLOPs</a:t></a:r></a:p>"
    formula = (
        "<m:oMath><m:f><m:num><m:r><m:t>a</m:t></m:r></m:num><m:den><m:r><m:t>b</m:t></m:r></m:den></m:f></m:oMath>"
    )
    maths = f"<a:p><mc:AlternateContent><mc:Choice Requires='a14'><a14:m>{formula}</a14:m></mc:Choice><mc:Fallback><a:r><a:t>[picture]</a:t></a:r></mc:Fallback></mc:AlternateContent></a:p>"
    mono = '<a:rPr><a:latin typeface="Consolas"/></a:rPr>'
    code = shape(text("def f(x):", run=mono), text("    return x", run=mono))
    found = lines(shape("T", place="title") + shape(script) + shape(maths) + code)
    assert found[1:] == ["10^23 FLOPs", r"$\frac{a}{b}$", "```", "def f(x):", "    return x", "```"]


def test_the_points_of_a_diagram_are_a_list() -> None:
    points = "".join(
        f'<dgm:pt modelId="{name}" type="{kind}"><dgm:t><a:p><a:r><a:t>{said}</a:t></a:r></a:p></dgm:t></dgm:pt>'
        for name, kind, said in (
            ("0", "doc", ""),
            ("1", "node", "decode"),
            ("2", "node", "prefill"),
            ("3", "node", "one pass"),
        )
    )
    links = "".join(
        f'<dgm:cxn srcId="{above}" destId="{below}" srcOrd="{place}"/>'
        for above, below, place in (("0", "2", 0), ("0", "1", 1), ("2", "3", 0))
    )
    frame = (
        '<p:graphicFrame><a:graphic><a:graphicData><dgm:relIds r:dm="rD"/></a:graphicData></a:graphic></p:graphicFrame>'
    )
    found = lines(shape("T", place="title") + frame, diagram=points + links)
    assert found[1:] == ["- prefill", "   - one pass", "- decode"]


def test_pictures_and_comments_are_told() -> None:
    picture = "<p:pic><p:nvPicPr><p:cNvPr id='4' name='Picture 4' descr='A curve that falls'/></p:nvPicPr></p:pic>"
    loaded = read(shape("T", place="title") + picture, comment="Check this number")
    assert loaded.text.split("\n")[-1] == "A curve that falls"
    assert [doubt.key for doubt in loaded.doubts] == ["ingestion.pictures_not_read", "ingestion.comments_left_out"]


def test_a_damaged_presentation_is_a_clear_error() -> None:
    whole = deck_bytes([shape("T", place="title") + shape("Words.")])
    with pytest.raises(DocumentError, match="expected"):
        load_bytes(whole[:400], "a.pptx")
    with pytest.raises(DocumentError, match=r"found a PowerPoint presentation. Rename it to `a.pptx`"):
        load_bytes(whole, "a.docx")


def test_the_first_slide_gives_the_deck_its_name_only_where_it_is_a_title_page() -> None:
    words = shape("Words.")
    assert read(shape("Serving", place="ctrTitle"), shape("T", place="title") + words).title == "Serving"
    assert read(shape("Why paging?", place="title") + words).title == "a"


def test_code_that_shows_a_fence_stays_one_block() -> None:
    mono = '<a:rPr><a:latin typeface="Consolas"/></a:rPr>'
    code = shape(*(text(line, run=mono) for line in ("```python", "x = 1", "```")))
    assert lines(shape("T", place="title") + code)[1:] == ["````", "```python", "x = 1", "```", "````"]
