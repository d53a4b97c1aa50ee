"""Attempts put together from right and wrong statements: what they say is what they are labelled with."""

from collections import Counter

from tutor.domain import LANGUAGES, Entry
from tutor.evaluation.grading.composed import composed_samples, load_statements
from tutor.evaluation.grading.samples import rated_samples
from tutor.text.language import han_count


def test_every_key_point_of_an_entry_is_said_rightly_and_wrongly_in_both_languages(entries: dict[str, Entry]) -> None:
    for entry, points in load_statements().items():
        assert set(points) == {point.id for point in entries[entry].key_points}
        for texts in points.values():
            for language in LANGUAGES:
                right, wrong = texts[language]["right"], texts[language]["wrong"]
                assert right.strip() != wrong.strip()
                assert bool(han_count(right + wrong)) == (language == "zh")


def test_no_entry_that_is_measured_on_is_trained_on(entries: dict[str, Entry]) -> None:
    assert not set(load_statements()) & {sample.entry_id for sample in rated_samples(entries)}


def test_an_attempt_holds_what_it_is_labelled_with_and_nothing_else(entries: dict[str, Entry]) -> None:
    statements = load_statements()
    for sample in composed_samples(entries):
        texts = statements[sample.entry_id]
        points = entries[sample.entry_id].key_points
        for point, label, against in zip(points, sample.labels, sample.against, strict=True):
            said = texts[point.id][sample.rubric.language]
            assert (said["right"] in sample.attempt) == (label == 1.0)
            assert (said["wrong"] in sample.attempt) == against


def test_the_same_attempts_are_composed_every_time_with_all_three_labels(entries: dict[str, Entry]) -> None:
    first, second = list(composed_samples(entries)), list(composed_samples(entries))
    assert first == second
    assert Counter(sample.entry_id for sample in first).keys() == load_statements().keys()
    counts = Counter(pair for sample in first for pair in zip(sample.labels, sample.against, strict=True))
    assert set(counts) == {(1.0, False), (0.0, True), (0.0, False)}
    assert min(counts.values()) > 0.15 * sum(counts.values())


def test_the_first_attempts_are_the_same_however_many_are_wanted(entries: dict[str, Entry]) -> None:
    assert list(composed_samples(entries, 10)) == list(composed_samples(entries))[:10]
