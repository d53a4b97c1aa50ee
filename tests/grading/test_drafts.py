"""Each learner has one draft that is read ahead, and an attempt goes before all of them."""

import threading

from tests.grading.samples import key_points
from tutor.domain import Rubric
from tutor.grading.drafts import Drafts

RUBRIC = Rubric("What is a KV cache?", key_points(("Keys and values are kept.", 1.0)))
OTHER = Rubric("What is LoRA?", key_points(("Two small matrices are trained.", 1.0)))


def test_a_draft_is_news_until_it_was_read_and_again_when_much_was_added_or_taken_away() -> None:
    drafts = Drafts()
    lengths = (0, 59, 60, 100, 120, 30)
    assert [drafts.is_news("ada", RUBRIC, "x" * length) for length in lengths] == [True, False, True, False, True, True]
    assert drafts.is_news("ada", OTHER, "")


def test_the_drafts_of_two_learners_do_not_push_out_one_another() -> None:
    drafts = Drafts()
    assert drafts.is_news("ada", RUBRIC, "x" * 80)
    assert drafts.is_news("grace", OTHER, "y" * 80)
    assert not drafts.is_news("ada", RUBRIC, "x" * 90)
    assert not drafts.is_news("grace", OTHER, "y" * 90)


def test_only_the_latest_learners_are_remembered() -> None:
    drafts = Drafts()
    for number in range(65):
        drafts.is_news(f"learner {number}", RUBRIC, "")
    assert drafts.is_news("learner 0", RUBRIC, "")
    assert not drafts.is_news("learner 64", RUBRIC, "")


def test_without_an_attempt_everybody_may_go_on() -> None:
    drafts, turn = Drafts(), threading.RLock()
    assert drafts.may_go_on("ada")
    with drafts.attempt("ada", turn):
        assert drafts.may_go_on("ada"), "an attempt that has got its turn waits no more"


def test_while_an_attempt_waits_its_learners_draft_ends_and_anothers_pauses() -> None:
    drafts, turn = Drafts(), threading.RLock()
    paused: list[bool] = []

    def hand_in() -> None:
        with drafts.attempt("ada", turn):
            pass

    with turn:
        waiting = [threading.Thread(target=hand_in) for _ in range(2)]
        for thread in waiting:
            thread.start()
        while drafts.may_go_on("ada"):
            pass
        other = threading.Thread(target=lambda: paused.append(drafts.may_go_on("grace")))
        other.start()
        other.join(0.2)
        assert other.is_alive()
        assert not drafts.may_go_on("ada")
    for thread in (*waiting, other):
        thread.join(10)
    assert paused == [True]
    assert drafts.may_go_on("ada")
