"""The project's own rated attempts are complete and fit the bank."""

from pathlib import Path

import pytest

from tutor.bank.load import load_bank
from tutor.domain import Entry
from tutor.drills.formulas import compute
from tutor.evaluation.grading.rated import Rated, load_rated
from tutor.evaluation.grading.samples import ELSEWHERE, MISPLACED_ATTEMPTS, misplaced_rows, rated_rows, topic_rows

BANK = Path(__file__).resolve().parents[3] / "corpus" / "bank"


@pytest.fixture(scope="module")
def entries() -> dict[str, Entry]:
    return {entry.id: entry for entry in load_bank(BANK, compute).entries}


@pytest.fixture(scope="module")
def rated() -> list[Rated]:
    return load_rated()


def test_every_attempt_is_there_once_with_two_complete_ratings(rated: list[Rated], entries: dict[str, Entry]) -> None:
    assert len({item.id for item in rated}) == len(rated)
    for item in rated:
        points = {point.id for point in entries[item.entry].key_points}
        wrong = points | {claim.id for claim in entries[item.entry].misconceptions}
        assert item.attempt.strip()
        for rating in item.ratings:
            assert 0 <= rating.score <= 10
            assert set(rating.points) == points
            assert set(rating.points.values()) <= {0, 0.5, 1}
            assert set(rating.wrong) <= wrong


def test_four_attempts_an_entry_and_as_many_chinese_as_english(rated: list[Rated]) -> None:
    by_entry: dict[str, list[Rated]] = {}
    for item in rated:
        by_entry.setdefault(item.entry, []).append(item)
    assert all(len(items) == 4 for items in by_entry.values())
    assert sum(item.language == "zh" for item in rated) * 2 == len(rated)


def test_rows_carry_what_both_examiners_heard(rated: list[Rated], entries: dict[str, Entry]) -> None:
    rows = list(rated_rows(entries, rated))
    assert [row.score for row in rows] == [item.score for item in rated]
    for row, item in zip(rows, rated, strict=True):
        both = set(item.ratings[0].wrong) & set(item.ratings[1].wrong)
        assert sum(row.against) + sum(row.repeats) == len(both)
        assert row.labels[0] == item.point(entries[item.entry].key_points[0].id)


def test_right_attempts_are_handed_in_at_questions_of_other_groups(
    rated: list[Rated], entries: dict[str, Entry]
) -> None:
    rows = list(misplaced_rows(entries, rated))
    assert len({row.attempt for row in rows}) == len(rows) == MISPLACED_ATTEMPTS
    author = {item.attempt: item for item in rated}
    for row in rows:
        item, asked = author[row.attempt], entries[row.rubric.entry_id or ""]
        assert item.score == max(other.score for other in rated if other.entry == item.entry)
        assert asked.group != entries[item.entry].group
        assert set(row.labels) == {0.0}


def test_what_is_on_topic_is_learnt_from_every_attempt_and_its_parts_here_and_elsewhere(
    rated: list[Rated], entries: dict[str, Entry]
) -> None:
    rows = list(topic_rows(entries, rated))
    here = [row for row in rows if row.written_for == row.rubric.entry_id]
    everyday = [row for row in rows if row.kind == "everyday"]
    assert len(rows) == (1 + ELSEWHERE) * len(here) + len(everyday)
    assert len(everyday) == len(rated)  # one at each question, written for none
    assert not any(row.written_for for row in everyday)
    assert sum(row.kind == "whole" for row in here) == len(rated)
    texts = {item.entry: "" for item in rated}
    for item in rated:
        texts[item.entry] += item.attempt
    for row in (row for row in rows if row.written_for):
        asked, answered = entries[row.rubric.entry_id or ""], entries[row.written_for]
        assert asked.id == answered.id or asked.group != answered.group
        if row.kind != "crossed":
            assert row.attempt in texts[answered.id]
    assert rows == list(topic_rows(entries, rated))
