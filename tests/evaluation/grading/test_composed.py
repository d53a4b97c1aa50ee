"""Attempts put together from right and wrong statements: what they say is what they are labelled with."""

from collections import Counter
from pathlib import Path

from tutor.bank.load import load_bank
from tutor.domain import LANGUAGES
from tutor.drills.formulas import compute
from tutor.evaluation.grading.composed import composed_attempts, load_said
from tutor.evaluation.grading.rated import load_rated
from tutor.text.language import han_count

BANK = Path(__file__).resolve().parents[3] / "corpus" / "bank"


def test_every_key_point_of_an_entry_is_said_rightly_and_wrongly_in_both_languages() -> None:
    entries = {entry.id: entry for entry in load_bank(BANK, compute).entries}
    for entry, points in load_said().items():
        assert set(points) == {point.id for point in entries[entry].key_points}
        for texts in points.values():
            for language in LANGUAGES:
                right, wrong = texts[language]["right"], texts[language]["wrong"]
                assert right.strip() != wrong.strip()
                assert bool(han_count(right + wrong)) == (language == "zh")


def test_no_entry_that_is_measured_on_is_trained_on() -> None:
    assert not set(load_said()) & {item.entry for item in load_rated()}


def test_an_attempt_holds_what_it_is_labelled_with_and_nothing_else() -> None:
    said = load_said()
    for item in composed_attempts():
        for point, heard in item.heard.items():
            texts = said[item.entry][point][item.language]
            assert (texts["right"] in item.attempt) == (heard == "stated")
            assert (texts["wrong"] in item.attempt) == (heard == "denied")


def test_the_same_attempts_are_composed_every_time_with_all_three_labels() -> None:
    first, second = list(composed_attempts()), list(composed_attempts())
    assert first == second
    assert len(first) == 2 * len(load_said())
    counts = Counter(heard for item in first for heard in item.heard.values())
    assert min(counts.values()) > 0.15 * sum(counts.values())
