"""The composition root: a part is built once, at its first use, and closing ends what was built and nothing else."""

import threading
import time
from pathlib import Path

import pytest

from tutor.assembly import Tutor, part
from tutor.learning.history import History
from tutor.settings import load_settings


@pytest.fixture
def tutor(tmp_path: Path) -> Tutor:
    return Tutor(load_settings(home=tmp_path / "home", llm="none"))


def built(tutor: Tutor) -> set[str]:
    return {name for name, value in vars(Tutor).items() if isinstance(value, part)} & vars(tutor).keys()


def test_nothing_is_built_before_it_is_used_and_only_what_it_needs(tutor: Tutor) -> None:
    assert built(tutor) == set()
    assert tutor.interviewer is tutor.interviewer
    assert built(tutor) == {"bank", "history", "interviewer"}
    tutor.close()


def test_threads_that_come_together_get_the_same_part(tmp_path: Path) -> None:
    class Slow(Tutor):
        @part
        def slow(self) -> object:
            time.sleep(0.05)
            return object()

    tutor, found = Slow(load_settings(home=tmp_path)), []
    threads = [threading.Thread(target=lambda: found.append(tutor.slow)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8
    assert len(set(map(id, found))) == 1


def test_closing_ends_what_was_built_and_builds_nothing(tutor: Tutor, monkeypatch: pytest.MonkeyPatch) -> None:
    closed: list[History] = []
    monkeypatch.setattr(History, "close", lambda history: closed.append(history))
    tutor.close()
    assert not tutor.settings.home.exists(), "a history that nobody asked for is not opened to be closed"
    history = tutor.history
    tutor.close()
    tutor.close()
    assert closed == [history]


def test_a_part_that_could_not_be_built_is_tried_again(tutor: Tutor, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(url: str) -> None:
        raise OSError(url)

    with monkeypatch.context() as patch:
        patch.setattr("tutor.learning.history.History", fail)
        with pytest.raises(OSError, match="history"):
            _ = tutor.history
    assert tutor.history.chats() == []
    tutor.close()
