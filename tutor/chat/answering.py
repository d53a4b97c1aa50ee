"""An answer on its way, written in a thread of its own: whoever looks on may leave and come back. Knows no page."""

import sys
import threading
from collections.abc import Callable, Generator, Iterator
from contextlib import closing
from typing import cast

from tutor.domain import AnswerEvent
from tutor.errors import TutorError


class Answering:
    """Runs the events of one answer to their end, whether anybody follows or not.

    The thread never keeps the program from ending: an answer that was not finished is not stored, its question is.
    """

    def __init__(
        self, question: str, question_id: int, events: Iterator[AnswerEvent], when_over: Callable[["Answering"], None]
    ) -> None:
        self.question = question
        self.question_id = question_id  # as the history keeps it
        self._events = events
        self._when_over = when_over
        self._seen: list[AnswerEvent] = []
        self._error: BaseException | None = None
        self._over = False
        self._changed = threading.Condition()
        self.is_stopped = False
        threading.Thread(target=self._run, name="answer", daemon=True).start()

    def follow(self) -> Iterator[AnswerEvent]:
        """All events from the first on, as they come; ends early when the answer is stopped. Raises what the answer raised."""
        place = 0
        while fresh := self._fresh(place):
            yield from fresh
            place += len(fresh)
        if self._error is not None and not self.is_stopped:
            raise self._error

    def _fresh(self, place: int) -> list[AnswerEvent]:
        """Waits for events from `place` on; none when there will be no more."""
        with self._changed:
            self._changed.wait_for(lambda: len(self._seen) > place or self._over or self.is_stopped)
            return [] if self.is_stopped else self._seen[place:]

    def stop(self) -> None:
        """Ends the answer: those who follow are told at once, the model at its next word."""
        with self._changed:
            self.is_stopped = True
            self._changed.notify_all()
        self._when_over(self)

    def _run(self) -> None:
        try:
            with closing(cast("Generator[AnswerEvent]", self._events)) as events:
                for event in events:
                    if self.is_stopped:
                        break
                    with self._changed:
                        self._seen.append(event)
                        self._changed.notify_all()
        except TutorError as error:
            self._error = error
        finally:
            self._error = self._error or sys.exception()  # what nobody foresaw is raised where somebody follows, too
            self._when_over(self)
            with self._changed:
                self._over = True
                self._changed.notify_all()
