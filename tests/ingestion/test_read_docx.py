"""What Word shows is read, once and in its order; what it has deleted or hides is not."""

import pytest

from tests.ingestion.word_files import heading, item, lines_of, numbering, paragraph, run, table, word_bytes
from tutor.ingestion.read_docx import docx_markdown

_TEXT_BOX = "<w:txbxContent>" + paragraph("Boxed note: the cache grows with the context.") + "</w:txbxContent>"
_SHAPE = f"<w:drawing><wp:anchor><wp:docPr id='1' name='Text Box 1'/><a:graphic><a:graphicData><wps:wsp><wps:txbx>{_TEXT_BOX}</wps:txbx></wps:wsp></a:graphicData></a:graphic></wp:anchor></w:drawing>"
_VML = f"<w:pict><v:shape><v:textbox>{_TEXT_BOX}</v:textbox></v:shape></w:pict>"


def control(content: str, properties: str = "") -> str:
    return f"<w:sdt><w:sdtPr>{properties}</w:sdtPr><w:sdtContent>{content}</w:sdtContent></w:sdt>"


# --- containers


def test_content_controls_are_read_where_they_stand_however_deep() -> None:
    body = heading("缓存") + control(control(paragraph("块里的键和值。"))) + paragraph("块外的话。")
    assert lines_of(body) == ["# 缓存", "块里的键和值。", "块外的话。"]
    inline = paragraph(run("rank ") + control(run("sixteen")) + run(" works"))
    assert lines_of(inline) == ["rank sixteen works"]


def test_content_controls_around_rows_and_cells_are_read() -> None:
    row = "<w:tr>" + "".join(f"<w:tc>{paragraph(text)}</w:tc>" for text in ("NF4", "4 bits")) + "</w:tr>"
    cell = control(f"<w:tc>{paragraph('8 bits')}</w:tc>")
    whole = table(["type", "size"]).replace(
        "</w:tbl>", f"{control(row)}<w:tr><w:tc>{paragraph('INT8')}</w:tc>{cell}</w:tr></w:tbl>"
    )
    assert lines_of(whole)[2:] == ["| NF4 | 4 bits |", "| INT8 | 8 bits |"]


def test_the_words_that_invite_to_fill_a_control_are_no_text() -> None:
    empty = control(paragraph("Click or tap here to enter text."), "<w:showingPlcHdr/>")
    assert lines_of(paragraph("Real words.") + empty) == ["Real words."]


@pytest.mark.parametrize(
    "shape",
    [
        f"<mc:AlternateContent><mc:Choice Requires='wps'>{_SHAPE}</mc:Choice><mc:Fallback>{_VML}</mc:Fallback></mc:AlternateContent>",
        _SHAPE,
        _VML,
    ],
)
def test_a_text_box_is_read_once_behind_its_paragraph(shape: str) -> None:
    body = paragraph(run("Before.") + f"<w:r>{shape}</w:r>") + paragraph("After.")
    assert lines_of(body) == ["Before.", "Boxed note: the cache grows with the context.", "After."]


def test_insertions_and_moved_text_stand_once_and_deletions_not_at_all() -> None:
    deleted = "<w:del><w:r><w:delText>sixteen</w:delText></w:r></w:del>"
    moved = "<w:moveFrom>" + run("Moved away. ") + "</w:moveFrom>"
    body = paragraph(run("Rank ") + deleted + "<w:ins>" + run("eight") + "</w:ins>" + run(" is enough."))
    body += paragraph(moved + run("Stays.")) + paragraph("<w:moveTo>" + run("Moved here.") + "</w:moveTo>")
    assert lines_of(body) == ["Rank eight is enough.", "Stays.", "Moved here."]


def test_a_paragraph_whose_end_was_deleted_goes_on_in_the_next() -> None:
    body = paragraph(run("The first half "), "<w:rPr><w:del/></w:rPr>") + paragraph("and the second.")
    assert lines_of(body) == ["The first half and the second."]


def test_links_smart_tags_and_fields_show_their_result() -> None:
    field = "".join(f'<w:r><w:fldChar w:fldCharType="{step}"/></w:r>' + inside for step, inside in (("begin", "<w:r><w:instrText> REF a </w:instrText></w:r>"), ("separate", run("chapter 3")), ("end", "")))  # fmt: skip
    body = paragraph(
        run("See ") + field + '<w:hyperlink r:id="x">' + run(", the paper") + "</w:hyperlink>"
        "<w:smartTag>" + run(" of Paris") + "</w:smartTag>" + '<w:fldSimple w:instr="PAGE">' + run(" (p. 4)") + "</w:fldSimple>"
    )  # fmt: skip
    assert lines_of(body) == ["See chapter 3, the paper of Paris (p. 4)"]


def test_a_field_that_never_ends_swallows_nothing() -> None:
    body = paragraph('<w:r><w:fldChar w:fldCharType="begin"/></w:r>' + run("code")) + paragraph("The next paragraph.")
    assert lines_of(body)[-1] == "The next paragraph."


def test_notes_stand_behind_the_paragraph_that_refers_to_them() -> None:
    notes = (
        '<w:footnotes NAMES><w:footnote w:type="separator" w:id="0"><w:p/></w:footnote><w:footnote w:id="2">'
        + paragraph("Measured on one GPU.")
        + "</w:footnote></w:footnotes>"
    )
    reference = '<w:r><w:rPr><w:vertAlign w:val="superscript"/></w:rPr><w:footnoteReference w:id="2"/></w:r>'
    body = paragraph(run("It is twice as fast") + reference + run(".")) + paragraph("More text.")
    lines = lines_of(body, parts={"word/footnotes.xml": ("footnotes", notes)})
    assert lines == ["It is twice as fast[1].", "[1] Measured on one GPU.", "More text."]


def test_comments_are_told_and_not_mixed_in() -> None:
    comments = f'<w:comments NAMES><w:comment w:id="0">{paragraph("Is this still true?")}</w:comment></w:comments>'
    data = word_bytes(paragraph("A claim."), parts={"word/comments.xml": ("comments", comments)})
    text, _, doubts = docx_markdown(data, "a.docx")
    assert text == "A claim."
    assert "1 comment(s)" in str(doubts[0])
    assert "Is this still true?" in doubts[0].in_language("zh")


def test_pictures_and_old_formulas_are_counted_and_their_descriptions_read() -> None:
    def picture(description: str) -> str:
        return f"<w:r><w:drawing><wp:inline><wp:docPr id='1' name='Picture 1' descr='{description}'/><a:graphic><a:graphicData><pic:pic><pic:blipFill><a:blip/></pic:blipFill></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r>"

    old = "<w:r><w:object><v:shape><v:imagedata/></v:shape><o:OLEObject ProgID='Equation.DSMT4'/></w:object></w:r>"
    body = paragraph(picture("The loss falls until step 3000")) + paragraph(picture("图片 3") + old + run("A caption."))
    text, _, doubts = docx_markdown(word_bytes(body), "a.docx")
    assert text.split("\n\n") == ["The loss falls until step 3000", "A caption."]
    assert [doubt.key for doubt in doubts] == ["ingestion.pictures_not_read", "ingestion.formulas_not_read"]
    assert str(doubts[0]).startswith("2 picture(s)")


def test_a_table_of_contents_is_page_furniture() -> None:
    gallery = "<w:docPartObj><w:docPartGallery w:val='Table of Contents'/></w:docPartObj>"
    style = '<w:style w:type="paragraph" w:styleId="T1"><w:name w:val="toc 1"/></w:style>'
    body = control(paragraph("1 Attention .... 3"), gallery) + paragraph("2 LoRA .... 4", '<w:pStyle w:val="T1"/>')
    assert lines_of(body + heading("Attention"), styles=style) == ["# Attention"]


def test_a_page_that_a_program_has_put_in_whole_is_read() -> None:
    page = "<html><body><h2>What is GQA?</h2><p>Query heads share keys.</p></body></html>"
    body = paragraph("Exported:") + '<w:altChunk r:id="word/chunk.html"/>'
    lines = lines_of(body, parts={"word/chunk.html": ("aFChunk", page)})
    assert lines == ["Exported:", "## What is GQA?", "Query heads share keys."]


# --- headings and lists


def test_headings_are_told_by_outline_level_by_name_and_by_what_their_style_is_based_on() -> None:
    styles = (
        '<w:style w:type="paragraph" w:styleId="a3"><w:name w:val="标题 2"/></w:style>'
        '<w:style w:type="paragraph" w:styleId="Q"><w:name w:val="面试题"/><w:basedOn w:val="H3"/></w:style>'
    )
    body = paragraph("注意力", '<w:pStyle w:val="a3"/>') + paragraph("什么是缩放？", '<w:pStyle w:val="Q"/>')
    body += paragraph("Own level", '<w:outlineLvl w:val="0"/>') + paragraph("Plain", '<w:outlineLvl w:val="9"/>')
    assert lines_of(body, styles=styles) == ["## 注意力", "### 什么是缩放？", "# Own level", "Plain"]


@pytest.mark.parametrize(
    ("form", "pattern", "labels"),
    [
        ("decimal", "问题%1：", ["问题1：", "问题2："]),
        ("decimal", "Question %1. ", ["Question 1. ", "Question 2. "]),
        ("chineseCounting", "%1、", ["一、", "二、"]),
        ("chineseCountingThousand", "（%1）", ["（一）", "（二）"]),
        ("chineseLegalSimplified", "第%1章", ["第壹章 ", "第贰章 "]),
        ("lowerLetter", "(%1)", ["(a) ", "(b) "]),
        ("upperRoman", "%1.", ["I. ", "II. "]),
        ("decimalZero", "%1.", ["01. ", "02. "]),
        ("decimal", "%1", ["1. ", "2. "]),
        ("bullet", "答：", ["答：", "答："]),
        ("bullet", "\uf0b7", ["- ", "- "]),
        ("bullet", "o", ["- ", "- "]),
        ("bullet", " ", ["", ""]),
        ("ordinalText", "%1:", ["First: ", "Second: "]),
        ("decimalEnclosedCircle", "%1", ["①. ", "②. "]),
    ],
)
def test_automatic_labels_keep_their_words_and_form(form: str, pattern: str, labels: list[str]) -> None:
    lines = lines_of(item("alpha", 1) + item("beta", 1), numbering=numbering((form, pattern)))
    assert lines == [labels[0] + "alpha", labels[1] + "beta"]


def test_levels_are_counted_together_and_start_anew_below_a_new_one() -> None:
    levels = numbering(("upperRoman", "%1"), ("decimal", "%1.%2"), ("decimal", "%1.%2.%3"))
    body = "".join(
        item(text, 1, level) for text, level in (("a", 0), ("b", 1), ("c", 2), ("d", 2), ("e", 1), ("f", 0), ("g", 2))
    )
    found = [line.strip().split(" ")[0] for line in lines_of(body, numbering=levels)]
    assert found == ["I.", "I.1", "I.1.1", "I.1.2", "I.2", "II.", "II.1.1"]
    legal = numbering(("upperRoman", "%1"), ("decimal", "%1.%2"), extra="<w:isLgl/>")
    assert lines_of(item("a", 1) + item("b", 1, 1), numbering=legal)[1].strip() == "1.1 b"


def test_a_list_may_go_on_or_start_anew() -> None:
    more = '<w:num w:numId="2"><w:abstractNumId w:val="1"/></w:num>'
    anew = '<w:num w:numId="3"><w:abstractNumId w:val="1"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="7"/></w:lvlOverride></w:num>'
    body = item("a", 1) + item("b", 2) + item("c", 3) + item("d", 3)
    assert lines_of(body, numbering=numbering(("decimal", "Q%1:")) + more + anew) == [
        "Q1: a",
        "Q2: b",
        "Q7: c",
        "Q8: d",
    ]
    on = numbering(("decimal", "%1."), ("decimal", "Q%2:"), extra='<w:lvlRestart w:val="0"/>')
    body = item("a", 1) + item("b", 1, 1) + item("c", 1) + item("d", 1, 1)
    assert lines_of(body, numbering=on)[3] == "Q2: d"


def test_numbered_headings_of_a_style_carry_their_label() -> None:
    link = '<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="chineseCounting"/><w:pStyle w:val="HA"/><w:lvlText w:val="第%1章"/></w:lvl><w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:pStyle w:val="HB"/><w:isLgl/><w:lvlText w:val="%1.%2"/></w:lvl>'
    lists = f'<w:abstractNum w:abstractNumId="5">{link}</w:abstractNum><w:num w:numId="5"><w:abstractNumId w:val="5"/></w:num>'
    styles = "".join(
        f'<w:style w:type="paragraph" w:styleId="{name}"><w:basedOn w:val="{base}"/><w:pPr><w:numPr><w:numId w:val="5"/></w:numPr></w:pPr></w:style>'
        for name, base in (("HA", "H1"), ("HB", "H2"))
    )
    body = paragraph("训练", '<w:pStyle w:val="HA"/>') + paragraph("学习率", '<w:pStyle w:val="HB"/>')
    assert lines_of(body, numbering=lists, styles=styles) == ["# 第一章 训练", "## 1.1 学习率"]


def test_items_lie_under_the_items_above_them_not_under_sections() -> None:
    lists = numbering(("chineseCounting", "%1、"), ("decimal", "%2."), ("bullet", "\uf0b7"))
    body = (
        item("训练", 1)
        + item("什么是预热？", 1, 1)
        + item("从小学习率开始", 1, 2)
        + paragraph("补充。")
        + item("什么是衰减？", 1, 1)
    )
    assert lines_of(body, numbering=lists) == [
        "一、训练",
        "1. 什么是预热？",
        "   - 从小学习率开始",
        "补充。",
        "2. 什么是衰减？",
    ]


# --- the text of a paragraph


@pytest.mark.parametrize(
    ("runs", "text"),
    [
        (run("10") + run("23", '<w:vertAlign w:val="superscript"/>') + run(" FLOPs"), "10^23 FLOPs"),
        (run("d") + run("model", '<w:vertAlign w:val="subscript"/>') + run("，"), "d_{model}，"),
        (run("10") + run("\u22126", '<w:position w:val="8"/>'), "10^{-6}"),
        (run("the 2") + run("nd", '<w:vertAlign w:val="superscript"/>') + run(" layer"), "the 2nd layer"),
        (run("x") + run("t", '<w:vertAlign w:val="subscript"/>') + run("-1", '<w:vertAlign w:val="subscript"/>'), "x_{t-1}"),
        (run("a whole sentence that is set a little higher", '<w:position w:val="4"/>'), "a whole sentence that is set a little higher"),
        (run("rate ") + '<w:r><w:sym w:font="Symbol" w:char="F068"/></w:r>' + run("=0.1"), "rate η=0.1"),
        (run("\uf061", '<w:rFonts w:ascii="Symbol"/>') + run(" is 16"), "α is 16"),
        (run("self") + "<w:r><w:noBreakHyphen/></w:r>" + run("atten") + "<w:r><w:softHyphen/></w:r>" + run("tion"), "self-attention"),
        (run("call ") + run("model.eval()", '<w:rFonts w:ascii="Consolas"/>') + run(" first"), "call `model.eval()` first"),
        ('<w:r><w:ruby><w:rt><w:r><w:t>zhù yì</w:t></w:r></w:rt><w:rubyBase><w:r><w:t>注意</w:t></w:r></w:rubyBase></w:ruby></w:r>', "注意(zhù yì)"),
    ],
)  # fmt: skip
def test_typography_that_carries_meaning_survives(runs: str, text: str) -> None:
    assert lines_of(paragraph(runs)) == [text]


def test_code_keeps_its_lines_and_indentation() -> None:
    style = '<w:style w:type="paragraph" w:styleId="SC"><w:name w:val="Source Code"/></w:style>'
    code = paragraph("def f(x):", '<w:pStyle w:val="SC"/>') + paragraph("    return x", '<w:pStyle w:val="SC"/>')
    mono = '<w:rFonts w:ascii="Courier New"/>'
    typed = paragraph(run("for step in steps:", mono)) + paragraph(run("    # warm up", mono)) + paragraph("")
    lines = lines_of(paragraph("First.") + code + paragraph("Then.") + typed, styles=style)
    assert lines == [
        "First.",
        "```",
        "def f(x):",
        "    return x",
        "```",
        "Then.",
        "```",
        "for step in steps:",
        "    # warm up",
        "```",
    ]


# --- tables


def test_spanned_cells_stand_in_every_row_and_column_they_cover() -> None:
    down = "<w:tc><w:tcPr><w:vMerge{}/></w:tcPr>" + paragraph("{}") + "</w:tc>"
    across = f'<w:tc><w:tcPr><w:gridSpan w:val="2"/></w:tcPr>{paragraph("16 bits")}</w:tc>'
    body = table(
        ["kind", "weights", "gradients"],
        [down.format(' w:val="restart"', "mixed"), across],
        [down.format("", ""), "2 bytes", "2 bytes"],
    )
    assert lines_of(body)[2:] == ["| mixed | 16 bits | 16 bits |", "| mixed | 2 bytes | 2 bytes |"]


def test_a_table_in_a_cell_keeps_its_rows_and_the_row_around_it() -> None:
    inner = table(["INT8", "1 byte"], ["NF4", "half a byte"])
    lines = lines_of(table(["kind", "sizes"], ["integers", inner + paragraph("per weight")]))
    assert lines[2] == "| integers | INT8, 1 byte; NF4, half a byte per weight |"


def test_a_frame_of_one_cell_is_text_with_its_code_and_lists() -> None:
    mono = '<w:rFonts w:ascii="Menlo"/>'
    body = table([heading("What is KV cache?", 2) + paragraph("It stores keys.") + paragraph(run("cache = {}", mono))])
    assert lines_of(body) == ["## What is KV cache?", "It stores keys.", "```", "cache = {}", "```"]


def test_a_table_that_names_no_columns_keeps_its_first_row_a_row() -> None:
    body = table(["LoRA", "low rank"], ["QLoRA", "4 bits"], properties='<w:tblLook w:firstRow="0"/>')
    assert lines_of(body) == ["|  |  |", "| --- | --- |", "| LoRA | low rank |", "| QLoRA | 4 bits |"]


def test_deleted_rows_are_gone() -> None:
    body = table(["a", "b"], ["old", "1"], ["new", "2"]).replace(
        '<w:tr><w:tc><w:p><w:pPr></w:pPr><w:r><w:rPr></w:rPr><w:t xml:space="preserve">old',
        '<w:tr><w:trPr><w:del/></w:trPr><w:tc><w:p><w:pPr></w:pPr><w:r><w:rPr></w:rPr><w:t xml:space="preserve">old',
    )
    assert lines_of(body)[2:] == ["| new | 2 |"]


def test_a_table_of_questions_becomes_questions_with_their_answers() -> None:
    mono = '<w:rFonts w:ascii="Menlo"/>'
    answer = paragraph("It stores keys.") + paragraph(run("cache = {}", mono)) + paragraph(run("cache[0] = k", mono))
    body = heading("推理", 1) + table(
        ["序号", "问题", "参考答案"], ["1", "什么是 KV 缓存？", f"<w:tc>{answer}</w:tc>"], ["2", "代价？", "显存。"]
    )
    assert lines_of(body) == [
        "# 推理",
        "## 什么是 KV 缓存？",
        "It stores keys.",
        "```",
        "cache = {}",
        "cache[0] = k",
        "```",
        "## 代价？",
        "显存。",
    ]


def test_a_table_that_lays_out_a_page_is_read_cell_by_cell() -> None:
    left = f"<w:tc>{heading('Skills', 2)}{paragraph('PyTorch')}</w:tc>"
    right = f"<w:tc>{heading('Work', 2)}{paragraph('Built a search engine.')}</w:tc>"
    assert lines_of(table([left, right])) == ["## Skills", "PyTorch", "## Work", "Built a search engine."]


def test_formulas_that_are_drawn_by_a_field_are_told() -> None:
    steps = ("begin", "end")
    marks = [f'<w:r><w:fldChar w:fldCharType="{step}"/></w:r>' for step in steps]
    body = paragraph(
        run("Half is ") + marks[0] + r"<w:r><w:instrText> EQ \f(1,2) </w:instrText></w:r>" + marks[1] + run(".")
    )
    text, _, doubts = docx_markdown(word_bytes(body), "a.docx")
    assert text == "Half is ."
    assert "1 formula(s)" in str(doubts[0])
