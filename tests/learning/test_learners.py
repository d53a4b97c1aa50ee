"""Two learners in one database: neither sees, finds or changes what is the other's."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from tests.fakes import FixedClock
from tests.learning.material import ANSWER, GRADE, WAITING, interview
from tutor.domain import LOCAL_LEARNER, Turn
from tutor.errors import HistoryError
from tutor.learning.history import History

GRADED = replace(WAITING, attempt="it keeps keys", grade=GRADE)
NEXT = Turn(2, "lora", "What is LoRA?", follow_up_to=None, probes=None)


@pytest.fixture
def history(history_url: str) -> Iterator[History]:
    """Of the first learner, who has one of everything."""
    history = History(history_url, clock=FixedClock(), make_id=lambda: "c1")
    history.create_chat("mine")
    history.add_exchange("c1", ANSWER)
    history.save_interview(interview("i1", "2026-01-01T09:00:00.000+00:00", GRADED, NEXT))
    history.contest("i1", 1, 0, "missed")
    history.add_outcome("drill", "kv_cache", 1.0, "drill-1")
    yield history
    history.close()


def test_without_a_log_in_there_is_one_learner(history: History, history_url: str) -> None:
    assert history.learner_id == LOCAL_LEARNER == "local"
    again = History(history_url)
    assert len(again.chats()) == len(again.interview_titles()) == len(again.contests()) == 1
    assert len(again.outcomes()) == 2
    again.close()


def test_another_learner_sees_nothing(history: History) -> None:
    other = history.of("grace")
    assert other.learner_id == "grace"
    assert history.learner_id == LOCAL_LEARNER
    seen = [other.chats(), other.interview_titles(), other.contests(), other.contests("i1"), other.outcomes()]
    assert seen == [[]] * 5
    assert other.asked_entries(3) == ()


@pytest.mark.parametrize(
    "reach",
    [
        lambda other: other.chat("c1"),
        lambda other: other.exchanges("c1"),
        lambda other: other.rename_chat("c1", "yours"),
        lambda other: other.add_exchange("c1", ANSWER),
        lambda other: other.conversation("c1"),
        lambda other: other.ask_question("c1", "mine?"),
        lambda other: other.interview("i1"),
        lambda other: other.save_turn("i1", replace(NEXT, attempt="yours")),
        lambda other: other.save_turns("i1", (), finished_at="2026-01-01T10:00:00.000+00:00"),
        lambda other: other.save_interview(interview("i1", "2026-01-01T09:00:00.000+00:00", GRADED)),
        lambda other: other.contest("i1", 1, 0, "partial"),
        lambda other: other.withdraw_contest("i1", 1, 0),
        lambda other: other.take_hint("i1", 2, 3),
        lambda other: other.keep_draft("i1", 2, "mine"),
    ],
)
def test_another_learner_cannot_reach_by_id_what_is_not_theirs(
    history: History, reach: Callable[[History], object]
) -> None:
    before = (history.chat("c1"), history.exchanges("c1"), history.interview("i1"), history.contests())
    with pytest.raises(HistoryError):
        reach(history.of("grace"))
    assert (history.chat("c1"), history.exchanges("c1"), history.interview("i1"), history.contests()) == before
    assert len(history.outcomes()) == 2


def test_another_learner_deletes_nothing(history: History) -> None:
    history.of("grace").delete_chat("c1")
    assert [chat.title for chat in history.chats()] == ["mine"]


def test_each_learner_has_a_history_of_their_own(history: History, history_url: str) -> None:
    other = history.of("grace")
    other.save_interview(interview("i2", "2026-02-01T09:00:00.000+00:00", replace(GRADED, entry_id="bpe")))
    other.contest("i2", 1, 0, "partial")
    reopened = History(history_url, learner_id="grace")
    assert [title.id for title in reopened.interview_titles()] == ["i2"]
    assert reopened.asked_entries(3) == ("bpe",)
    assert [(o.learner_id, o.item) for o in reopened.outcomes()] == [("grace", "bpe")]
    assert [contest.learner_verdict for contest in reopened.contests()] == ["partial"]
    assert history.asked_entries(3) == ("lora", "kv-cache")
    reopened.close()
