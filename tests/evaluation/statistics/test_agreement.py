"""The measures of agreement, against values worked out by hand or by another library."""

import math

import numpy
import pytest
from sklearn.metrics import cohen_kappa_score

from tutor.evaluation.statistics.agreement import (
    Rating,
    balance,
    intervals,
    kappa,
    left_out_line,
    measures,
    pearson,
    straight_line,
    weighted_rmse,
    within_question,
)

TRUTH = numpy.array([0.0, 0.2, 0.4, 0.6, 0.8, 1.0, 1.0, 0.4])
GIVEN = numpy.array([0.1, 0.2, 0.5, 0.4, 0.9, 1.0, 0.7, 0.4])


def test_kappa_is_that_of_scikit_learn() -> None:
    expected = cohen_kappa_score(numpy.rint(TRUTH * 5), numpy.rint(GIVEN * 5), weights="quadratic")
    assert kappa(TRUTH, GIVEN) == pytest.approx(expected)


def test_a_constant_agrees_with_nobody() -> None:
    assert pearson(TRUTH, numpy.full(8, 0.5)) == 0.0


def test_weighted_error_counts_every_bin_the_same() -> None:
    truth, given = numpy.array([0.0] * 9 + [1.0]), numpy.array([0.0] * 9 + [0.0])
    assert weighted_rmse(truth, given) == pytest.approx(0.5**0.5)  # the one bad answer is half of the measure


def test_balance_gives_every_bin_the_same_sum() -> None:
    weights = balance([0.0, 0.1, 0.1, 1.0])
    assert sum(weights[:3]) == pytest.approx(weights[3]) == pytest.approx(2.0)


def test_within_question_ignores_how_hard_questions_are() -> None:
    rows = [Rating("easy", 0.8 + n / 50, n / 10) for n in range(5)] + [
        Rating("hard", n / 50, 0.5 + n / 10) for n in range(5)
    ]
    assert within_question(rows) == pytest.approx(1.0)
    assert measures(rows)["pearson"] < 0


def test_intervals_hold_the_measure_and_are_reproducible() -> None:
    rows = [Rating(f"q{n % 10}", (n % 7) / 6, ((n * 3) % 7) / 6 * 0.5 + (n % 7) / 12) for n in range(80)]
    first = intervals(rows)
    assert first == intervals(rows)
    low, high = first["pearson"]
    assert low < measures(rows)["pearson"] < high


def test_straight_line_is_cut_at_the_ends() -> None:
    line = straight_line([0.0, 1.0], [0.5, 0.7])
    assert [line(0.4), line(0.6), line(0.9)] == pytest.approx([0.0, 0.5, 1.0])


def test_too_few_answers_a_question_are_no_measure() -> None:
    assert math.isnan(within_question([Rating("a", 0.1, 0.2), Rating("a", 0.9, 0.8)]))


def test_a_line_is_fitted_on_other_questions_only() -> None:
    given = left_out_line(["a", "a", "b", "b"], [0.0, 0.0, 0.0, 1.0], [0.0, 1.0, 0.0, 1.0])
    assert given == pytest.approx([0.0, 1.0, 0.0, 0.0])
    assert left_out_line(["a", "b"], [0.2, 0.8], [1.0, 1.0]) == pytest.approx([0.8, 0.2])
