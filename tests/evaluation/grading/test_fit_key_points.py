"""The fit of the score on written key points, on rows whose truth is plain."""

import dataclasses

import pytest

from tests import samples
from tutor.evaluation.grading.fit_key_points import (
    Models,
    Written,
    band,
    fit_written,
    left_out,
    read_row,
    written_score,
)
from tutor.evaluation.grading.samples import Row
from tutor.evaluation.statistics.logistic import Logistic
from tutor.grading.judge import Opinion
from tutor.grading.rubric import rubric_from_entry


def row(question: int, covered: float, against: float, score: float) -> Written:
    signals = {
        "covered": covered,
        "claimed": 0.0,
        "against": against,
        "antonym": 0.0,
        "negation": 0.0,
        "number_rivalled": 0.0,
    }
    return Written(f"question {question}", signals, 1.0, score, is_rated=True, variance=0.01)


ROWS = [
    row(number, covered, against, max(0.0, covered - against))
    for number in range(6)
    for covered, against in ((0.9, 0.0), (0.5, 0.0), (0.1, 0.0), (0.9, 0.8))
]


def test_what_is_covered_raises_a_score_and_a_wrong_claim_lowers_it() -> None:
    fitted = fit_written(ROWS)
    right, denied, poor = (written_score(fitted, row(9, c, a, 0.0)) for c, a in ((0.9, 0.0), (0.9, 0.8), (0.1, 0.0)))
    assert right > 0.7
    assert denied < 0.4
    assert poor < 0.4


def test_every_rated_attempt_is_scored_by_a_fit_without_its_question() -> None:
    odd = [row(99, 0.9, 0.0, 0.0)]
    tested, given = left_out([*ROWS, *odd])
    assert len(tested) == len(ROWS) + 1
    scores = {item.question: score for item, score in zip(tested, given, strict=True)}
    assert scores["question 99"] > 0.5  # its own mark, which contradicts all others, has taught nothing


def test_an_attempt_half_on_topic_keeps_half_of_its_score() -> None:
    fitted = fit_written(ROWS)
    whole = row(9, 0.9, 0.0, 0.0)
    assert written_score(fitted, dataclasses.replace(whole, kept=0.5)) == pytest.approx(
        written_score(fitted, whole) / 2
    )


def test_opinions_reach_the_signals_of_a_score() -> None:
    entry = samples.entry()
    count = len(entry.key_points)
    rubric_row = Row(rubric_from_entry(entry, "en"), "words", (1.0,) * count, "full", mark=0.7)
    plain = {"antonym": 0.0, "negation": 0.0, "number_rivalled": 0.0, "stated": 0.0, "denied": 0.0}

    def weigh(name: str) -> Logistic:
        return Logistic({name: 0.0}, {name: 1.0}, {name: 1.0}, 0.0)

    models = Models(weigh("stated"), weigh("denied"), weigh("similarity"))
    heard = read_row(rubric_row, [plain] * count, [], models, [Opinion(3.0, -3.0)] * count)
    silent = read_row(rubric_row, [plain] * count, [], models)
    denied = read_row(rubric_row, [plain] * count, [], models, [Opinion(-3.0, 3.0)] * count)
    assert heard
    assert silent
    assert denied
    assert heard.signals["covered"] > 0.9 > silent.signals["covered"]
    assert "surely_against" not in silent.signals
    assert heard.signals["surely_against"] < 0.1 < 0.7 < denied.signals["surely_against"]
    assert (heard.score, heard.is_rated) == (0.7, True)


def test_the_band_holds_the_stated_share_of_marks() -> None:
    rows = [row(n, 0.5, 0.0, n / 10) for n in range(11)]
    fitted = band(rows, [0.5] * 11, 0.8)
    half = [fitted["factor"] * (fitted["floor"] ** 2 + item.variance) ** 0.5 for item in rows]
    assert sum(abs(item.score - 0.5) <= width + 1e-3 for item, width in zip(rows, half, strict=True)) >= 0.8 * 11
