"""Servers on this machine stand in for the hubs; no test here reaches another machine."""

from collections.abc import Iterator

import pytest

from tests.models.file_server import FileServer


@pytest.fixture
def file_server(monkeypatch: pytest.MonkeyPatch) -> Iterator[FileServer]:
    """Stands in for Hugging Face (HF_ENDPOINT points to it)."""
    server = FileServer()
    monkeypatch.setenv("HF_ENDPOINT", server.url)
    yield server
    server.close()


@pytest.fixture
def second_server(monkeypatch: pytest.MonkeyPatch) -> Iterator[FileServer]:
    """Stands in for ModelScope."""
    server = FileServer()
    monkeypatch.setattr("tutor.models.hub.MODELSCOPE", server.url)
    yield server
    server.close()


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    """The proxy settings of the machine the tests run on are not part of the tests."""
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
