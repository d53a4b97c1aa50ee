"""Page chrome goes, whatever the site and the language; content that looks like it stays."""

import pytest

from tests.ingestion.pages import CONTENT_LIKE_CHROME, PLEAS, SAVED_PAGES, SavedPage
from tutor.ingestion.clean import clean_text


@pytest.mark.parametrize("page", SAVED_PAGES.values(), ids=SAVED_PAGES.keys())
def test_navigation_advertisements_link_lists_and_comment_boxes_go(page: SavedPage) -> None:
    cleaned = clean_text(page.text)
    assert [part for part in page.go if part in cleaned] == []


@pytest.mark.parametrize("page", SAVED_PAGES.values(), ids=SAVED_PAGES.keys())
def test_the_article_between_them_stays(page: SavedPage) -> None:
    cleaned = clean_text(page.text)
    assert [part for part in page.stay if part not in cleaned] == []


@pytest.mark.parametrize("text", CONTENT_LIKE_CHROME.values(), ids=CONTENT_LIKE_CHROME.keys())
def test_content_that_looks_like_chrome_stays_to_the_last_line(text: str) -> None:
    kept = "".join(clean_text(text).split())
    assert [line for line in text.splitlines() if "".join(line.split()) not in kept] == []


def test_pleas_for_likes_go_with_all_their_wordings() -> None:
    assert clean_text(PLEAS) == "什么是蒸馏？\n\n小模型学大模型的输出分布。"
