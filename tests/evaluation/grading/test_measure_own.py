"""The measures of grades against values worked out by hand, and the model asked for a number."""

import dataclasses
from typing import get_args

import pytest

from tests import samples
from tests.fakes import ScriptedChatModel, WordHashEmbeddings
from tests.grading.calibrations import hand_made
from tutor.domain import Grade, KeyPointGrade, Verdict
from tutor.evaluation.grading.ask_number import ask_number, sample_positions
from tutor.evaluation.grading.measure_own import (
    Graded,
    calibration_error,
    grade_left_out,
    measure_own,
    misplaced_line,
    own_details,
)
from tutor.evaluation.grading.samples import ExaminersMark, Sample
from tutor.grading.grader import Grader
from tutor.grading.judge import load_probes
from tutor.grading.rubric import rubric_from_entry
from tutor.grading.topic import bank_topics

ENTRY = samples.entry()
POINTS = [point.id for point in ENTRY.key_points]


def graded(
    score: float, marks: tuple[float, float], verdict: str, truth: float, kind: str = "full", wrong: str = ""
) -> Graded:
    assert verdict in get_args(Verdict)
    sample = Sample(
        rubric_from_entry(ENTRY, "en"),
        "words " * int(5 + score),
        (truth,) * len(POINTS),
        kind,
        mark=sum(marks) / 20,
        marks=tuple(ExaminersMark(mark, dict.fromkeys(POINTS, truth), (wrong,) if wrong else ()) for mark in marks),
    )
    points = tuple(KeyPointGrade(point.text.en, point.weight, score / 10, verdict, None) for point in ENTRY.key_points)  # type: ignore[arg-type]
    return sample, Grade(score, (score - 1, score + 1), points, (), "", "test")


GOOD = graded(9.0, (9.0, 10.0), "covered", 1.0)
POOR = graded(1.0, (0.0, 1.0), "missed", 0.0)
FOOLED = graded(8.0, (0.0, 0.0), "covered", 0.0, "negated", POINTS[0])
ACCUSED = graded(2.0, (1.0, 1.0), "contradicted", 0.0, "negated", POINTS[0])


def test_what_answers_to_other_questions_get_is_shown_as_a_mean_with_its_interval() -> None:
    first, second = graded(2.0, (0.0, 0.0), "missed", 0.0), graded(6.0, (0.0, 0.0), "missed", 0.0)
    rubric = dataclasses.replace(second[0].rubric, entry_id="another")
    elsewhere = dataclasses.replace(second[0], rubric=rubric), second[1]
    assert misplaced_line({"grader": [first, elsewhere]})["grader"] == "0.400 [0.200, 0.600]"


def test_details_count_key_points_bands_and_what_was_caught() -> None:
    details = own_details([GOOD, POOR, FOOLED, ACCUSED])
    assert details["wrong_attempts_caught"] == 0.5
    assert details["right_attempts_accused"] == 0.0
    assert details["band_coverage"] == 0.75  # all but the one that was taken for right
    assert details["key_point_accuracy"] == 0.75
    assert details["key_point_auc"] == 1.0


def test_the_second_examiner_and_both_graders_are_rows_of_the_table() -> None:
    poor, grade = POOR
    elsewhere = dataclasses.replace(poor, rubric=dataclasses.replace(poor.rubric, entry_id="another")), grade
    graded_all = [GOOD, elsewhere, ACCUSED]
    rows = measure_own(graded_all, WordHashEmbeddings(), None, graded_all)
    assert [row.method for row in rows][:3] == ["grader with model", "grader", "second examiner"]
    assert str(rows[0].line()["pearson"]).startswith("0.99")


def test_probabilities_that_hold_have_no_calibration_error() -> None:
    assert calibration_error([(0.75, True)] * 3 + [(0.75, False)]) == pytest.approx(0.0)
    assert calibration_error([(0.95, False)] * 4) == pytest.approx(0.95)


@pytest.mark.parametrize(("said", "number"), [("8", 0.8), ("7.5/10", 0.75), ("I give 12", 1.0), ("good", 0.5)])
def test_the_number_is_read_from_what_the_model_says(said: str, number: float) -> None:
    assert ask_number(ScriptedChatModel(replies=[said]), "Q?", "R.", "A.") == number


def test_a_sample_is_the_same_every_time_and_no_larger_than_the_set() -> None:
    assert sample_positions(7, 20) == list(range(7))
    assert sample_positions(500, 20) == sample_positions(500, 20)
    assert len(sample_positions(500, 20)) == 20


def test_an_attempt_is_graded_as_the_product_does_by_the_fit_that_has_not_seen_its_entry() -> None:
    sample = dataclasses.replace(GOOD[0], attempt=ENTRY.answer.en)
    generous = dataclasses.replace(hand_made(), covered_from=0.01)
    fits = [({"another"}, generous, load_probes()), ({ENTRY.id}, hand_made(), load_probes())]
    product = Grader(WordHashEmbeddings(), None, hand_made(), load_probes(), bank_topics([ENTRY]))
    expected = product.grade(sample.rubric, sample.attempt)
    assert grade_left_out([sample], [ENTRY], WordHashEmbeddings(), None, fits) == [(sample, expected)]
