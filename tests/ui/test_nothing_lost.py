"""What was typed is there after a reload, in another tab and after the program was killed, at each step of an interview."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.ui.server import free_port, serving
from tests.ui.test_browser import fits_the_width, open_tab, shoot

pytestmark = pytest.mark.browser
TYPED = "量化就是用更少的位数存权重，"


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(locale="zh-CN", viewport={"width": 1280, "height": 860})
    yield context
    context.close()


def opened(context: BrowserContext, address: str) -> Page:
    page = context.new_page()
    page.goto(address)
    open_tab(page, "模拟面试")
    return page


def settled(page: Page) -> None:
    """What was typed a moment ago has reached the server."""
    page.wait_for_timeout(2_000)


def test_a_draft_is_there_after_a_reload_in_another_tab_and_after_a_kill(context: BrowserContext, home: Path) -> None:
    port = free_port()  # the same one twice: what a browser remembers belongs to an address
    with serving(home, port=port, TUTOR_LLM="none") as address:
        page = opened(context, address)
        page.locator("#count input[type=number]").fill("1")
        page.locator("#start").click()
        box = page.locator("#attempt textarea")
        expect(box).to_be_focused()
        page.keyboard.type(TYPED)
        settled(page)
        page.reload()
        open_tab(page, "模拟面试")
        expect(box).to_have_value(TYPED)
        expect(opened(context, address).locator("#attempt textarea")).to_have_value(TYPED)
        box.focus()
        page.keyboard.press("End")
        page.keyboard.type("代价是精度。")
        settled(page)
    with serving(home, port=port, TUTOR_LLM="none") as address:
        page = opened(context, address)
        expect(page.locator("#attempt textarea")).to_have_value(TYPED + "代价是精度。")
        shoot(page, "draft-wide-zh")
        page.locator("#finish").click()
        expect(page.locator("#finish")).to_contain_text("再点一次")
        assert fits_the_width(page)
        expect(page.locator("#attempt textarea")).to_have_value(TYPED + "代价是精度。")
        page.locator("#finish").click()
        expect(page.locator("#report")).to_contain_text("写了一半、没有提交")
        expect(page.locator("#report")).to_contain_text("代价是精度。")


def test_an_attempt_is_handed_in_by_the_keyboard_and_survives_a_reload_and_a_kill_while_it_is_graded(
    context: BrowserContext, home: Path
) -> None:
    port = free_port()
    with serving(home, port=port) as address:  # with the model that reads: grading takes its time
        page = opened(context, address)
        page.locator("#count input[type=number]").fill("1")
        page.locator("#start").click()
        page.locator("#attempt textarea").fill(TYPED * 3)
        page.keyboard.press("Control+Enter")
        expect(page.locator("#grade")).to_contain_text("正在评分")
        expect(page.locator("#attempt textarea")).to_have_value(TYPED * 3)
        expect(page.locator("#attempt textarea")).to_be_disabled()
        shoot(page, "graded-wide-zh")
    with serving(home, port=port) as address:
        page = opened(context, address)
        page.reload()
        open_tab(page, "模拟面试")
        expect(page.locator("#grade .said")).to_have_text(TYPED * 3, timeout=90_000)
        page.set_viewport_size({"width": 390, "height": 860})
        assert fits_the_width(page)
        shoot(page, "grade-phone-zh")
