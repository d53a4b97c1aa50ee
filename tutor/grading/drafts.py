"""What was read ahead for each learner, and whose attempt waits for the grader. Knows nothing of grading."""

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from tutor.domain import Rubric

_WORTH_READING = 60  # new characters of a draft
_REMEMBERED = 64  # learners; who comes back after that many others has the draft read once more


class Drafts:
    """One draft for each learner, and the right of way of attempts. Safe for several threads."""

    def __init__(self) -> None:
        self._read: dict[str, tuple[Rubric, int]] = {}  # and how much of the draft, by learner, latest last
        self._waiting: Counter[str] = Counter()  # attempts that have not got their turn
        self._changed = threading.Condition()

    def is_news(self, learner: str, rubric: Rubric, draft: str) -> bool:
        """Whether there is enough that was not read for the learner before; it then counts as read."""
        with self._changed:
            known, length = self._read.get(learner, (None, 0))
            if rubric == known and 0 <= len(draft) - length < _WORTH_READING:
                return False
            self._read.pop(learner, None)
            self._read[learner] = rubric, len(draft)
            if len(self._read) > _REMEMBERED:
                del self._read[next(iter(self._read))]
            return True

    @contextmanager
    def attempt(self, learner: str, turn: threading.RLock) -> Iterator[None]:
        """Holds the grader's lock for an attempt; while it waits, the learner's own reading ahead ends, others' pauses."""
        self._count(learner, 1)
        try:
            turn.acquire()
        finally:
            self._count(learner, -1)
        try:
            yield
        finally:
            turn.release()

    def may_go_on(self, learner: str) -> bool:
        """Whether to read on for the learner: waits for the attempts of others to get their turn, and says no when one of
        the learner's own waits. To be asked without the grader's lock."""
        with self._changed:
            self._changed.wait_for(lambda: not self._waiting or self._waiting[learner] > 0)
            return not self._waiting[learner]

    def _count(self, learner: str, change: int) -> None:
        with self._changed:
            self._waiting[learner] += change
            self._waiting = +self._waiting
            self._changed.notify_all()
