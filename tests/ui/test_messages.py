"""A conversation in a real browser: what the copy button copies and what a screen reader is told."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import gradio as gr
import pytest
from playwright.sync_api import Browser, Page

import tutor.ui
from tests.samples import answer, citation
from tests.ui.conftest import quiet_page
from tests.ui.server import free_port
from tutor.ui.markdown import message
from tutor.ui.markup import DELIMITERS, render_typed
from tutor.ui.render import answer_to_copy, render_answer

pytestmark = pytest.mark.browser
SCRIPT = Path(tutor.ui.__file__).with_name("messages.js")
ANSWER = replace(
    answer("q", text="Divide by $\\sqrt{d_k}$. [1]\n\n- a\n  - `b<c`"),
    citations=(citation(1, "Before. Proof $x^2$. After.", "Proof $x^2$."),),
)


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    with gr.Blocks(analytics_enabled=False) as app:
        shown = [message("user", render_typed("Why <b>?")), message("assistant", render_answer(ANSWER, "en"))]
        gr.Chatbot(shown, latex_delimiters=DELIMITERS, buttons=[], elem_id="conversation")
        app.load(None, js=SCRIPT.read_text(encoding="utf-8"))
    _, address, _ = app.launch(server_port=free_port(), prevent_thread_lock=True, quiet=True, ssr_mode=False)
    with quiet_page(browser, address) as page:
        page.locator("#conversation button.copy").wait_for()
        yield page
    app.close()


def test_the_copy_button_copies_markdown_and_the_label_is_what_is_read(page: Page) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.locator("#conversation button.copy").click()
    page.wait_for_function("document.querySelector('#conversation button.copy').textContent === '✓'")
    assert page.evaluate("navigator.clipboard.readText()") == answer_to_copy(ANSWER, "en")
    page.wait_for_function("!document.querySelector('#conversation [data-testid=bot]').ariaLabel.includes('<button')")
    label = page.locator("#conversation [data-testid=bot]").get_attribute("aria-label") or ""
    assert "Divide by" in label
    assert "Proof" in label
    assert not {"class", "span", "button"} & set(label.split())
    assert page.locator("#conversation [data-testid=user]").get_attribute("aria-label") == "Why <b>?"
