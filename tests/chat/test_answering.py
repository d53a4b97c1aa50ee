"""An answer is written to its end whoever looks on: leaving, coming back, stopping, failing."""

import threading
import time
from collections.abc import Callable, Iterator

import pytest

from tests.samples import answer
from tutor.chat.answering import Answering
from tutor.domain import AnswerEvent, TextDelta
from tutor.errors import ModelError

SECONDS = 10


class Slow:
    """Events of which each waits to be let through."""

    def __init__(self, events: list[AnswerEvent], error: Exception | None = None) -> None:
        self.gates = [threading.Semaphore(0) for _ in events]
        self.is_closed = threading.Event()
        self.over: list[Answering] = []
        self._events = events
        self._error = error

    def __iter__(self) -> Iterator[AnswerEvent]:
        try:
            for gate, event in zip(self.gates, self._events, strict=True):
                assert gate.acquire(timeout=SECONDS)
                yield event
            if self._error:
                raise self._error
        finally:
            self.is_closed.set()

    def start(self) -> Answering:
        return Answering("q", 1, iter(self), self.over.append)


def until(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + SECONDS
    while not is_so() and time.monotonic() < deadline:
        time.sleep(0.01)
    assert is_so()


def test_it_goes_on_when_nobody_follows_and_who_comes_back_sees_all_of_it() -> None:
    slow = Slow([TextDelta("Keys "), TextDelta("and values."), answer("q")])
    answering = slow.start()
    slow.gates[0].release()
    follower = answering.follow()
    assert next(follower) == TextDelta("Keys ")
    follower.close()  # type: ignore[attr-defined]  # the page was reloaded
    for gate in slow.gates[1:]:
        gate.release()
    until(lambda: slow.over == [answering])
    assert list(answering.follow()) == [TextDelta("Keys "), TextDelta("and values."), answer("q")]
    assert not answering.is_stopped


def test_two_pages_follow_one_answer() -> None:
    slow = Slow([TextDelta("one"), answer("q")])
    answering = slow.start()
    first, second = answering.follow(), answering.follow()
    for gate in slow.gates:
        gate.release()
    assert list(first) == list(second) == [TextDelta("one"), answer("q")]


def test_stop_ends_it_for_all_at_once_and_the_model_at_its_next_word() -> None:
    slow = Slow([TextDelta("one"), TextDelta("two"), answer("q")])
    answering = slow.start()
    slow.gates[0].release()
    follower = answering.follow()
    assert next(follower) == TextDelta("one")
    answering.stop()
    assert list(follower) == []
    assert slow.over == [answering], "another question may be asked at once"
    slow.gates[1].release()
    assert slow.is_closed.wait(SECONDS)
    assert answering.is_stopped


@pytest.mark.parametrize("error", [ModelError("chat.no_passages_yet"), ZeroDivisionError("unforeseen")])
@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_what_it_raises_is_raised_where_it_is_followed(error: Exception) -> None:
    slow = Slow([TextDelta("one")], error)
    answering = slow.start()
    slow.gates[0].release()
    until(lambda: slow.over == [answering])
    follower = answering.follow()
    assert next(follower) == TextDelta("one")
    with pytest.raises(type(error)) as raised:
        next(follower)
    assert raised.value is error


def test_nothing_is_left_behind_of_an_answer_without_events() -> None:
    slow = Slow([])
    assert list(slow.start().follow()) == []
