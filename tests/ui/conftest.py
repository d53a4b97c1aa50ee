"""One Chromium for all tests that drive a page."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tutor.assembly import Tutor
from tutor.settings import load_settings

QUIET = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
).split()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        executable = os.environ.get("TUTOR_CHROMIUM") or shutil.which("chromium")
        browser = playwright.chromium.launch(executable_path=executable, args=QUIET)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def home(test_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A learner's home with the real index and no history."""
    tutor = Tutor(load_settings(home=test_home))
    assert tutor.ingest().failed == ()
    tutor.close()
    folder = tmp_path_factory.mktemp("browser-home")
    shutil.copytree(test_home / "index", folder / "index")
    return folder


@contextmanager
def quiet_page(browser: Browser, address: str, locale: str = "en-US", width: int = 1280) -> Iterator[Page]:
    """A page of its own; it must need nothing from elsewhere."""
    context = browser.new_context(locale=locale, viewport={"width": width, "height": 860})
    page = context.new_page()
    foreign: list[str] = []
    page.on("request", lambda request: foreign.append(request.url) if _is_foreign(request.url, address) else None)
    page.goto(address)
    yield page
    context.close()
    assert foreign == [], "the page must work without a network"


def _is_foreign(url: str, address: str) -> bool:
    own = address.rstrip("/")
    return not url.startswith((own, "data:", "blob:", own.replace("http", "ws")))
