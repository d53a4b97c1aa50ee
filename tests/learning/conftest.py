"""A history on an empty database, at a time that stands still."""

from collections.abc import Iterator

import pytest

from tests.fakes import FixedClock
from tests.learning.database import history_url
from tutor.learning.history import History

__all__ = ["history_url"]


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock()


@pytest.fixture
def history(history_url: str, clock: FixedClock) -> Iterator[History]:
    history = History(history_url, clock=clock)
    yield history
    history.close()
