"""Grades with the real embedder and the real model's first blocks: what is said rightly counts, what is denied does not."""

from collections.abc import Iterator
from contextlib import closing

import pytest

from tutor.assembly import Tutor
from tutor.domain import Language, Rubric
from tutor.evaluation.grading.samples import Sample, labelled_samples, rated_samples
from tutor.grading.grader import Grader
from tutor.grading.rubric import rubric_from_entry
from tutor.models.embedded import default_threads
from tutor.settings import load_settings

pytestmark = pytest.mark.weights


@pytest.fixture(scope="module")
def tutor() -> Iterator[Tutor]:
    with closing(Tutor(load_settings())) as tutor:
        yield tutor


@pytest.fixture(scope="module")
def grader(tutor: Tutor) -> Grader:
    return tutor.grader


@pytest.fixture(scope="module")
def rows(tutor: Tutor) -> dict[tuple[str, str, str], Sample]:
    """The part of the labelled attempts that nothing was fitted on, by entry, language and kind."""
    kept = [row for row in labelled_samples({entry.id: entry for entry in tutor.bank.entries}) if row.split == "test"]
    return {(row.rubric.entry_id or "", row.rubric.language, row.kind): row for row in kept}


def rubric_of(tutor: Tutor, entry_id: str, language: Language) -> Rubric:
    return rubric_from_entry(tutor.bank.get(entry_id), language)


@pytest.mark.parametrize(("entry_id", "language"), [("kv-cache", "en"), ("flash-attention", "zh")])
def test_a_right_attempt_is_far_above_a_wrong_one(
    entry_id: str, language: str, grader: Grader, rows: dict[tuple[str, str, str], Sample]
) -> None:
    good, wrong = (rows[entry_id, language, kind] for kind in ("good", "wrong"))
    right, denied = grader.grade(good.rubric, good.attempt), grader.grade(wrong.rubric, wrong.attempt)
    assert right.score >= 6
    assert right.score - denied.score >= 4
    assert all(point.verdict != "covered" for point in denied.key_points)
    assert right.grader_version.endswith("+model")


@pytest.mark.parametrize(
    ("entry_id", "language", "asked"),
    [
        ("lora", "en", "rope-implementation"),
        ("kv-cache", "en", "dpo-variants"),
        ("lora", "zh", "hybrid-search"),
        ("flash-attention", "zh", "distillation"),
    ],
)
def test_a_right_answer_to_another_question_earns_next_to_nothing(
    entry_id: str,
    language: Language,
    asked: str,
    tutor: Tutor,
    grader: Grader,
    rows: dict[tuple[str, str, str], Sample],
) -> None:
    grade = grader.grade(rubric_of(tutor, asked, language), rows[entry_id, language, "good"].attempt)
    assert grade.score <= 1.0
    assert {point.verdict for point in grade.key_points} == {"missed"}


def test_a_wrong_answer_to_another_question_is_not_told_that_it_says_the_opposite(tutor: Tutor, grader: Grader) -> None:
    entries = {entry.id: entry for entry in tutor.bank.entries}
    (wrong,) = (item for item in rated_samples(entries) if item.id == "kv-cache-compression-4")
    grade = grader.grade(rubric_of(tutor, "open-source-stack", wrong.rubric.language), wrong.attempt)
    assert grade.guard is None  # it keeps part of its score, so its key points were judged
    assert {point.verdict for point in grade.key_points} == {"missed"}
    assert "opposite" not in grade.feedback


def test_the_same_attempt_gets_the_same_grade_whatever_was_read_before_and_with_however_many_threads(
    grader: Grader, rows: dict[tuple[str, str, str], Sample]
) -> None:
    row = rows["kv-cache", "en", "good"]
    first = grader.grade(row.rubric, row.attempt)
    other = 1 if default_threads() > 1 else 2
    with closing(Tutor(load_settings(threads=other))) as tutor:
        fresh = tutor.grader
        fresh.prepare(row.rubric)
        fresh.prepare(row.rubric, row.attempt[:90])
        again = fresh.grade(row.rubric, row.attempt)
    assert again.score == first.score
    assert [point.verdict for point in again.key_points] == [point.verdict for point in first.key_points]
