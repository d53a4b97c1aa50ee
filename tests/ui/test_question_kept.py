"""A chat question is kept from the moment it is sent: through a reload, another session, Stop and a killed program."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.ui.server import free_port, serving
from tests.ui.test_browser import ask, fits_the_width, shoot

pytestmark = pytest.mark.browser
WRITTEN = "Compare what a KV cache and FlashAttention each save, and when neither of them helps."
SLOW = 180_000


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(locale="en-US", viewport={"width": 1280, "height": 860})
    yield context
    context.close()


def opened(context: BrowserContext, address: str) -> Page:
    page = context.new_page()
    page.goto(address)
    expect(page.locator("#question textarea")).to_be_visible(timeout=30_000)
    return page


def test_an_answer_is_written_on_through_a_reload_and_beside_another_session(
    context: BrowserContext, home: Path
) -> None:
    with serving(home) as address:
        page = opened(context, address)
        conversation = page.locator("#conversation")
        ask(page, WRITTEN)
        expect(conversation).to_contain_text("Writing")
        page.reload()
        expect(conversation).to_contain_text(WRITTEN, timeout=30_000)
        expect(page.locator("#stop")).to_be_visible()
        page.locator("#new-session").click()
        expect(conversation).not_to_contain_text(WRITTEN)
        expect(page.locator("#send")).to_be_visible()
        ask(page, "How does a KV cache work?")
        expect(conversation.locator("button.cite").first).to_be_visible(timeout=30_000)
        expect(conversation).not_to_contain_text(WRITTEN)
        page.locator("#sessions").get_by_role("button").first.click()
        page.locator("#session input").click()
        page.get_by_role("option", name=re.compile("Compare what")).click()
        expect(conversation).to_contain_text(WRITTEN)
        expect(page.locator("#send")).to_be_visible(timeout=SLOW)
        expect(conversation).not_to_contain_text("no answer yet")
        expect(conversation.locator("button.copy")).to_have_count(1)


def test_a_stopped_and_an_unfinished_question_are_there_after_a_kill_and_are_asked_again(
    context: BrowserContext, home: Path
) -> None:
    port = free_port()  # the same one twice: what a browser remembers belongs to an address
    with serving(home, port=port) as address:
        page = opened(context, address)
        ask(page, WRITTEN)
        expect(page.locator("#conversation")).to_contain_text("Writing")
        page.locator("#stop").click()
        expect(page.locator("#conversation")).to_contain_text("(stopped)")
        page.wait_for_timeout(1_000)  # as a hand needs; Gradio drops a click until the last event has ended
        ask(page, WRITTEN.replace("each save", "each save in training"))
        expect(page.locator("#conversation")).to_contain_text("Writing")
    with serving(home, port=port, TUTOR_LLM="none") as address:
        page = opened(context, address)
        conversation = page.locator("#conversation")
        expect(conversation).to_contain_text("(stopped)", timeout=30_000)
        expect(conversation).to_contain_text("This question has no answer yet")
        expect(conversation.get_by_role("button", name="Ask again")).to_have_count(2)
        expect(page.locator("#send")).to_be_visible()
        shoot(page, "unanswered-wide-en")
        page.set_viewport_size({"width": 390, "height": 844})
        assert fits_the_width(page)
        shoot(page, "unanswered-phone-en")
        conversation.get_by_role("button", name="Ask again").last.click()
        expect(page.locator("#question textarea")).to_have_value(re.compile("each save in training"), timeout=30_000)
        expect(page.locator("body")).to_contain_text("TUTOR_LLM", timeout=30_000)
