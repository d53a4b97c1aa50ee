"""Whatever is shown reaches a real browser as it was written: lists, code, tables and formulas of every entry."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import gradio as gr
import pytest
from bs4 import BeautifulSoup, Tag
from markdown_it import MarkdownIt
from playwright.sync_api import Browser, Page

from tests.ui.conftest import quiet_page
from tests.ui.server import free_port
from tutor.bank.load import load_bank
from tutor.chat.entry_answer import Quoter, answer_from_entry
from tutor.domain import LANGUAGES
from tutor.drills.formulas import compute
from tutor.exercises.load import load_exercises
from tutor.text.markup import cut_markup
from tutor.ui.exercise_view import render_solution, render_statement
from tutor.ui.markdown import markdown, message
from tutor.ui.markup import DELIMITERS, page_markdown

pytestmark = pytest.mark.browser
CORPUS = Path(__file__).parents[2] / "corpus"
# What no entry holds, and what people write all the same.
HARD = [
    "  - a\n    - b\n      - c\n\n        ```python\n        if x:\n            y\n        ```",
    "1. one\n   - two\n\n     three\n2. four",
    "\n    indented = code\n\n        more",
    "```make\nall:\n\techo $(HOME) $A\n```\nand $x$",
    "Costs \\$5 to \\$6, `$HOME`, from $7 to $8, and $x_1*y*z_1$.",
    "- $\\frac{a}{b}$\n  - $$\\sum_i x$$\n  - `a $b$ c`",
]


@cache
def texts() -> list[str]:
    """Every entry's answer as the chat gives it, every exercise's statement and solution, in both languages, and hard ones."""
    bank = load_bank(CORPUS / "bank", compute)
    exercises = load_exercises(CORPUS / "exercises")
    answers = [
        answer_from_entry(Quoter(entry, language, (), ()))[0] for entry in bank.entries for language in LANGUAGES
    ]
    tasks = [
        render(exercise, language)
        for exercise in exercises.all
        for language in LANGUAGES
        for render in (lambda task, lang: render_statement(task, "x", lang), render_solution)
    ]
    return [*answers, *tasks, *(text for text in HARD for _ in range(2))]  # each hard one in both places


def formulas(text: str) -> list[str]:
    return [piece.content.strip() for piece in cut_markup(text) if piece.kind == "formula"]


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[Page]:
    """A page that shows all texts, dealt out in turn to a conversation and to panels of Markdown."""
    with gr.Blocks(analytics_enabled=False) as app:
        for text in texts()[::2]:
            markdown(text, elem_classes="panel")
        gr.Chatbot(
            [message("assistant", text) for text in texts()[1::2]],
            latex_delimiters=DELIMITERS,
            elem_id="chat",
            group_consecutive_messages=False,
        )
    _, address, _ = app.launch(server_port=free_port(), prevent_thread_lock=True, quiet=True, ssr_mode=False)
    count = sum(len(formulas(text)) for text in texts())
    with quiet_page(browser, address) as page:
        page.wait_for_function(
            "([texts, formulas]) => document.querySelectorAll('.panel .md, #chat [data-testid=bot] .md').length >= texts"
            " && document.querySelectorAll('annotation').length >= formulas",
            arg=[len(texts()), count],
            timeout=120_000,
        )
        yield page
    app.close()


def outline(tag: Tag) -> list[object]:
    """Lists with their items, code with its text, tables with their cells, nested as they are."""
    found: list[object] = []
    for child in tag.children:
        if not isinstance(child, Tag):
            continue
        if child.name == "pre":
            found.append(("code", child.get_text().expandtabs(4).rstrip()))
        elif child.name in ("ul", "ol", "li", "table", "tr", "blockquote"):
            found.append((child.name, outline(child)))
        elif child.name in ("td", "th"):
            found.append(child.name)
        else:
            found += outline(child)
    return found


def written(text: str) -> list[object]:
    """The outline that a Markdown parser of its own sees in the source."""
    parser = MarkdownIt("commonmark", {"html": False}).enable("table")
    return outline(BeautifulSoup(parser.render(page_markdown(text)), "lxml"))


def shown(page: Page, selector: str) -> list[Tag]:
    found = page.eval_on_selector_all(selector, "all => all.map(one => one.innerHTML)")
    return [BeautifulSoup(inside, "lxml") for inside in found]


@pytest.mark.parametrize(
    ("selector", "first"), [(".panel .md", 0), ("#chat [data-testid=bot] .md", 1)], ids=["panels", "conversation"]
)
def test_lists_code_tables_and_formulas_are_shown_as_they_were_written(page: Page, selector: str, first: int) -> None:
    own = texts()[first::2]
    tags = shown(page, selector)
    assert len(tags) == len(own)
    for text, tag in zip(own, tags, strict=True):
        assert outline(tag) == written(text), text
        assert [note.get_text().strip() for note in tag.select("annotation")] == formulas(text), text
        assert not tag.select(".katex-error"), text
        assert not re.search("[\ue0a0-\ue0a5]", tag.get_text()), text
