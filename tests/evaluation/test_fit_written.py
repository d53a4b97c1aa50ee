"""The fit of the score on written key points, on rows whose truth is plain."""

import pytest

from tutor.evaluation.fit_written import Written, band, fit_written, left_out, written_score
from tutor.grading.calibration import JUDGE


def row(question: int, covered: float, against: float, score: float, opinion: float | None = 1.0) -> Written:
    signals = {
        "covered": covered,
        "claimed": 0.0,
        "against": against,
        "antonym": 0.0,
        "negation": 0.0,
        "number_rivalled": 0.0,
    }
    return Written(f"question {question}", signals, 0.9, opinion, score, is_rated=True, variance=0.01)


ROWS = [
    row(number, covered, against, max(0.0, covered - against), 2.0 * covered)
    for number in range(6)
    for covered, against in ((0.9, 0.0), (0.5, 0.0), (0.1, 0.0), (0.9, 0.8))
]


def test_what_is_covered_raises_a_score_and_a_wrong_claim_lowers_it() -> None:
    first, _ = fit_written(ROWS)
    right, denied, poor = (written_score(first, row(9, c, a, 0.0)) for c, a in ((0.9, 0.0), (0.9, 0.8), (0.1, 0.0)))
    assert right > 0.7
    assert denied < 0.4
    assert poor < 0.4


def test_the_models_opinion_is_weighed_where_there_are_enough_of_them() -> None:
    assert JUDGE in fit_written(ROWS)[1].weights
    silent = [row(n % 6, 0.9 if n % 2 else 0.1, 0.0, 0.9 if n % 2 else 0.1, None) for n in range(24)]
    assert JUDGE not in fit_written(silent)[1].weights


def test_every_rated_attempt_is_scored_by_a_fit_without_its_question() -> None:
    odd = [row(99, 0.9, 0.0, 0.0)]
    tested, without, _ = left_out([*ROWS, *odd])
    assert len(tested) == len(ROWS) + 1
    scores = {item.question: score for item, score in zip(tested, without, strict=True)}
    assert scores["question 99"] > 0.5  # its own mark, which contradicts all others, has taught nothing


def test_a_key_point_that_is_hardly_touched_takes_its_share() -> None:
    first, _ = fit_written(ROWS)
    whole = row(9, 0.9, 0.0, 0.0)
    unlikely = Written(whole.question, whole.signals, 0.25, 1.0, 0.0, is_rated=True, variance=0.0)
    assert written_score(first, unlikely) == pytest.approx(written_score(first, whole) / 2)


def test_the_band_holds_the_stated_share_of_marks() -> None:
    rows = [row(n, 0.5, 0.0, n / 10) for n in range(11)]
    fitted = band(rows, [0.5] * 11, 0.8)
    half = [fitted["factor"] * (fitted["floor"] ** 2 + item.variance) ** 0.5 for item in rows]
    assert sum(abs(item.score - 0.5) <= width + 1e-3 for item, width in zip(rows, half, strict=True)) >= 0.8 * 11
