"""Sheets of questions become questions with their answers; other sheets stay tables whose rows keep their head."""

import io
from typing import Any

import pytest

from tutor.domain import Document
from tutor.errors import DocumentError
from tutor.ingestion.load import load_bytes
from tutor.ingestion.loaded import Loaded
from tutor.ingestion.split import split_document


def passages(loaded: Loaded) -> list[str]:
    document = Document(id="d", title="T", origins=("t",), sha256="0")
    return [passage.text for passage in split_document(document, loaded.text, loaded.outline)]


def of_csv(text: str, name: str = "a.csv", encoding: str = "utf-8") -> list[str]:
    return passages(load_bytes(text.encode(encoding), name))


def workbook(**sheets: list[list[Any]]) -> Any:
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    return book


def saved(book: Any) -> bytes:
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("head", "row"),
    [
        ("Question,Answer", "What is MQA?,One key head for all queries."),
        ("id,Interview question,Model answer", "7,What is MQA?,One key head for all queries."),
        ("front,back", "What is MQA?,One key head for all queries."),
        ("序号,面试题,参考答案", "1,What is MQA?,One key head for all queries."),
        ("题目编号,题目,解析", "1,What is MQA?,One key head for all queries."),
        ("Answer,Difficulty,Question Text", "One key head for all queries.,hard,What is MQA?"),
        ("问题（中英）,回答要点", "What is MQA?,One key head for all queries."),
    ],
)
def test_columns_that_are_named_question_and_answer_make_pairs(head: str, row: str) -> None:
    found = of_csv(f"{head}\n{row}\n{row.replace('MQA', 'GQA').replace('One', 'Several')}\n")
    assert len(found) == 2
    assert found[0].startswith("What is MQA?\nOne key head for all queries.")
    assert found[1].startswith("What is GQA?\nSeveral key head")


def test_the_other_columns_of_a_question_stay_with_it_and_categories_are_headings() -> None:
    loaded = load_bytes(
        "分类,问题,答案,难度\n推理,什么是 KV 缓存？,存键和值。,易\n,什么是分页？,按块分配。,\n".encode(), "a.csv"
    )
    document = Document(id="d", title="T", origins=("t",), sha256="0")
    first, second = split_document(document, loaded.text, loaded.outline)
    assert first.text.split("\n") == ["什么是 KV 缓存？", "存键和值。", "", "难度: 易"]
    assert first.heading_path[0] == second.heading_path[0] == "推理"


def test_a_sheet_without_names_is_told_by_its_first_column_of_questions() -> None:
    assert of_csv("What is ZeRO?,It shards states.\nWhy shard?,Memory.\n") == [
        "What is ZeRO?\nIt shards states.",
        "Why shard?\nMemory.",
    ]


def test_a_title_above_the_names_of_the_columns_is_kept() -> None:
    found = of_csv("Interview sheet of March,\nquestion,answer\nWhat is BPE?,It merges pairs.\n")
    assert found == ["Interview sheet of March", "What is BPE?\nIt merges pairs."]


def test_columns_about_questions_are_no_questions() -> None:
    found = of_csv("question id,question type,source\n7,open,blog\n8,closed,book\n")
    assert found == [
        "| question id | question type | source |\n| --- | --- | --- |\n| 7 | open | blog |\n| 8 | closed | book |"
    ]


def test_an_answer_that_goes_on_in_the_next_row_stays_with_its_question() -> None:
    assert of_csv("问题,答案\n什么是蒸馏？,学生学老师。\n,用软标签。\n") == ["什么是蒸馏？\n学生学老师。\n\n用软标签。"]


@pytest.mark.parametrize(
    ("text", "name", "encoding"),
    [
        ("问题,答案\r\n什么是困惑度？,\"交叉熵的\r\n指数。\"\r\n", "a.csv", "gb18030"),
        ("问题;答案\r\n什么是困惑度？;\"交叉熵的\r\n指数。\"\r\n", "a.csv", "utf-8-sig"),
        ("问题\t答案\r\n什么是困惑度？\t\"交叉熵的\r\n指数。\"\r\n", "a.csv", "utf-16"),
        ("问题\t答案\n什么是困惑度？\t\"交叉熵的\n指数。\"\n", "a.tsv", "utf-8"),
        ("sep=;\r\n问题;答案\r\n什么是困惑度？;\"交叉熵的\r\n指数。\"\r\n", "a.csv", "utf-8"),
    ],
)  # fmt: skip
def test_tables_come_in_the_encodings_and_with_the_separators_of_spreadsheets(
    text: str, name: str, encoding: str
) -> None:
    assert [" ".join(found.split()) for found in of_csv(text, name, encoding)] == ["什么是困惑度？ 交叉熵的 指数。"]


def test_commas_in_texts_do_not_hide_the_semicolons_between_cells() -> None:
    found = of_csv("model;layers\nsmall, dense;12\nlarge, sparse, new;48\n")
    assert found[0].endswith("| small, dense | 12 |\n| large, sparse, new | 48 |")


def test_a_quote_that_is_never_closed_is_told() -> None:
    with pytest.raises(DocumentError, match="quotation mark may never be closed"):
        of_csv('a,b\nc,"' + "long text\n" * 20_000)


def test_a_workbook_is_read_as_it_is_shown() -> None:
    import datetime

    from openpyxl.cell.rich_text import CellRichText, TextBlock
    from openpyxl.cell.text import InlineFont

    book = workbook(
        Costs=[["what", "value"], ["share", 0.25], ["day", datetime.datetime(2026, 3, 1)], ["flops", "x"], ["n", 2.0]]
    )
    sheet = book["Costs"]
    sheet["B2"].number_format = "0%"
    sheet["B4"] = CellRichText("10", TextBlock(InlineFont(vertAlign="superscript"), "23"))
    assert load_bytes(saved(book), "a.xlsx").text.split("\n")[2:] == [
        "| share | 25% |",
        "| day | 2026-03-01 |",
        "| flops | 10^23 |",
        "| n | 2 |",
    ]


def test_merged_cells_stand_in_every_row_and_hidden_sheets_are_told() -> None:
    book = workbook(
        A=[["family", "model"], ["dense", "m1"], [None, "m2"]], B=[["x", "y"], ["1", "2"]], C=[["secret", "list"]]
    )
    book["A"].merge_cells("A2:A3")
    book["C"].sheet_state = "hidden"
    loaded = load_bytes(saved(book), "a.xlsx")
    assert "| dense | m1 |\n| dense | m2 |" in loaded.text
    assert "secret" not in loaded.text
    assert ["such as `C`" in str(doubt) for doubt in loaded.doubts] == [True]


def test_questions_of_several_sheets_stand_under_their_names() -> None:
    loaded = load_bytes(
        saved(workbook(训练=[["题目", "答案"], ["什么是预热？", "先小后大。"]], 其他=[["备忘", "明天"], ["a", "b"]])),
        "a.xlsx",
    )
    first, second = passages(loaded)
    assert first == "什么是预热？\n先小后大。"
    assert second == "| 备忘 | 明天 |\n| --- | --- |\n| a | b |"


def test_a_long_table_repeats_its_head_in_every_passage() -> None:
    rows = "".join(f"model-{number},{number},a remark about where it runs\n" for number in range(100))
    found = of_csv("name,layers,remark\n" + rows)
    assert len(found) > 3
    assert all(text.startswith("| name | layers | remark |\n| --- |") for text in found)
    assert sum(text.count("model-") for text in found) == 100


@pytest.mark.parametrize("data", [b"PK\x03\x04 cut", b"no workbook", saved(workbook(A=[["a"]]))[:900]])
def test_a_damaged_workbook_is_a_clear_error(data: bytes) -> None:
    with pytest.raises(DocumentError, match=r"`a.xlsx`: expected"):
        load_bytes(data, "a.xlsx")
