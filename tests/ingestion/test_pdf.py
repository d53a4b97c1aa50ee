"""What stands on a page is read as it stands there: columns, heads, hyphens, scripts, slides, pictures."""

import pytest

from tests.ingestion.files import pdf_bytes
from tutor.ingestion.load import load_bytes
from tutor.ingestion.pdf.columns import in_reading_order
from tutor.ingestion.pdf.edges import without_edges
from tutor.ingestion.pdf.hyphens import Words
from tutor.ingestion.pdf.lines import Box, Line, Page
from tutor.ingestion.pdf.paragraphs import markdown
from tutor.ingestion.pdf.read import ranges
from tutor.ingestion.pdf.tables import Table, with_tables


def line(text: str, left: float, baseline: float, size: float = 10) -> Line:
    return Line(text, left, left + 0.5 * size * len(text), baseline, size)


@pytest.mark.parametrize(
    ("first", "second", "whole"),
    [
        ("a self-", "attention head", "a self-attention head"),
        ("it is parameter-", "efficient", "it is parameter-efficient"),
        ("weights of Mistral-", "7B", "weights of Mistral-7B"),
        ("the infor-", "mation", "the information"),
        ("the opti-", "mizer", "the optimizer"),
        ("模型的参", "数量", "模型的参数量"),
        ("uses", "less", "uses less"),
    ],
)
def test_hyphens_of_words_stay_and_those_of_lines_go(first: str, second: str, whole: str) -> None:
    assert Words(["the optimizer"]).joined(first, second) == whole


def test_columns_that_are_written_row_by_row_are_read_one_after_the_other() -> None:
    rows = [(f"left text {n} goes on", f"right text {n} goes on") for n in range(5)]
    lines = [
        piece
        for n, (left, right) in enumerate(rows)
        for piece in (line(left, 50, 700 - 12 * n), line(right, 300, 700 - 12 * n))
    ]
    assert [piece.text for piece in in_reading_order(lines)] == [left for left, _ in rows] + [
        right for _, right in rows
    ]


def test_running_heads_of_a_file_of_two_pages_go_and_a_repeated_title_stays() -> None:
    def page(number: int) -> Page:
        body = tuple(line(f"body {number} {n} of the text", 50, 600 - 12 * n) for n in range(4))
        head, title = line("Reading group", 50, 800, 8), line("Results", 50, 650, 20)
        return Page(595, 842, (head, title, *body, line(f"{number} / 2", 300, 20, 8)))

    texts = [[piece.text for piece in page.lines] for page in without_edges([page(1), page(2)])]
    assert [text[0] for text in texts] == ["Results", "Results"]
    assert all(len(text) == 5 for text in texts)


def test_cells_between_rules_are_a_table_with_wrapped_cells_whole() -> None:
    level = tuple(Box(50, y, 250, y + 1) for y in (640, 670, 700))
    upright = tuple(Box(x, 640, x + 1, 701) for x in (50, 150, 250))
    lines = (
        line("batch size", 60, 680),
        line("显存", 160, 680),
        line("one long", 60, 658),
        line("name", 60, 646),
        line("2 GB", 160, 652),
    )
    (table,) = with_tables(Page(595, 842, lines, level + upright), Words([]))
    assert isinstance(table, Table)
    assert table.rows == (("batch size", "显存"), ("one long name", "2 GB"))


def test_larger_lines_are_headings_and_bullets_are_items() -> None:
    page = [line("Why a penalty?", 50, 700, 24), line("• keeps close", 60, 660), line("• stays fluent", 60, 640)]
    page += [line("A paragraph of the usual size that ends here.", 50, 600)]
    assert markdown([page], Words([])).split("\n") == [
        "# Why a penalty?",
        "",
        "- keeps close",
        "- stays fluent",
        "",
        "A paragraph of the usual size that ends here.",
    ]


def test_a_sentence_goes_on_over_the_page() -> None:
    first = [line("A long first line of a text that is wrapped at the foot of", 50, 60)]
    second = [line("its page and ends on the next.", 50, 800)]
    assert markdown([first, second], Words([])) == f"{first[0].text} {second[0].text}"


def test_pages_in_a_row_are_told_as_a_range() -> None:
    assert ranges([2, 3, 4, 9, 11, 12]) == "2-4, 9, 11-12"


def test_radicals_and_ligatures_are_ordinary_letters() -> None:
    assert load_bytes(pdf_bytes([["An eﬃcient ﬁlter"]]), "a.pdf").text == "An efficient filter"
