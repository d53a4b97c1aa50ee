"""The project's own rated attempts are complete and fit the bank; samples are made of them as they say."""

from collections import Counter

import pytest

from tutor.domain import Entry
from tutor.evaluation.grading.derived import ELSEWHERE, MISPLACED_ATTEMPTS, misplaced_samples, topic_samples
from tutor.evaluation.grading.samples import Sample, rated_samples


@pytest.fixture(scope="module")
def rated(entries: dict[str, Entry]) -> list[Sample]:
    return rated_samples(entries)


def test_every_attempt_is_there_once_with_two_complete_marks(rated: list[Sample], entries: dict[str, Entry]) -> None:
    assert len({item.id for item in rated}) == len(rated)
    for item in rated:
        points = {point.id for point in entries[item.entry_id].key_points}
        wrong = points | {claim.id for claim in entries[item.entry_id].misconceptions}
        assert item.attempt.strip()
        assert len(item.marks) == 2
        for mark in item.marks:
            assert 0 <= mark.score <= 10
            assert set(mark.points) == points
            assert set(mark.points.values()) <= {0, 0.5, 1}
            assert set(mark.wrong) <= wrong


def test_four_attempts_an_entry_and_as_many_chinese_as_english(rated: list[Sample]) -> None:
    assert set(Counter(item.entry_id for item in rated).values()) == {4}
    assert sum(item.rubric.language == "zh" for item in rated) * 2 == len(rated)


def test_labels_are_the_examiners_means_and_wrong_is_what_both_heard(
    rated: list[Sample], entries: dict[str, Entry]
) -> None:
    for item in rated:
        first, second = item.marks
        assert item.score == pytest.approx((first.score + second.score) / 20)
        point = entries[item.entry_id].key_points[0].id
        assert item.labels[0] == (first.points[point] + second.points[point]) / 2
        assert sum(item.against) + sum(item.repeats) == len(set(first.wrong) & set(second.wrong))


def test_right_attempts_are_handed_in_at_questions_of_other_groups(
    rated: list[Sample], entries: dict[str, Entry]
) -> None:
    misplaced = list(misplaced_samples(entries, rated))
    assert len({item.attempt for item in misplaced}) == len(misplaced) == MISPLACED_ATTEMPTS
    author = {item.attempt: item for item in rated}
    for sample in misplaced:
        item, asked = author[sample.attempt], entries[sample.entry_id]
        assert item.score == max(other.score for other in rated if other.entry_id == item.entry_id)
        assert asked.group != entries[item.entry_id].group
        assert set(sample.labels) == {0.0}


def test_what_is_on_topic_is_learnt_from_every_attempt_and_its_parts_here_and_elsewhere(
    rated: list[Sample], entries: dict[str, Entry]
) -> None:
    samples = list(topic_samples(entries, rated))
    here = [sample for sample in samples if sample.written_for == sample.entry_id]
    everyday = [sample for sample in samples if sample.kind == "everyday"]
    assert len(samples) == (1 + ELSEWHERE) * len(here) + len(everyday)
    assert len(everyday) == len(rated)  # one at each question, written for none
    assert not any(sample.written_for for sample in everyday)
    assert sum(sample.kind == "whole" for sample in here) == len(rated)
    texts = {item.entry_id: "" for item in rated}
    for item in rated:
        texts[item.entry_id] += item.attempt
    for sample in (sample for sample in samples if sample.written_for):
        asked, answered = entries[sample.entry_id], entries[sample.written_for]
        assert asked.id == answered.id or asked.group != answered.group
        if sample.kind != "crossed":
            assert sample.attempt in texts[answered.id]
    assert samples == list(topic_samples(entries, rated))
