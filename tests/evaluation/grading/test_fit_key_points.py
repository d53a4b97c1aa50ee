"""The fit of the score on the bank's key points, on examples whose truth is plain."""

import dataclasses

import pytest

from tests import samples
from tutor.evaluation.grading.fit_key_points import (
    Models,
    ScoreExample,
    band,
    fit_score,
    give_score,
    left_out,
    read_example,
)
from tutor.evaluation.grading.readings import Reading
from tutor.evaluation.grading.samples import Sample
from tutor.fitted import Logistic
from tutor.grading.judge import Opinion
from tutor.grading.rubric import rubric_from_entry


def example(question: int, covered: float, against: float, score: float) -> ScoreExample:
    signals = {
        "covered": covered,
        "claimed": 0.0,
        "against": against,
        "antonym": 0.0,
        "negation": 0.0,
        "number_rivalled": 0.0,
    }
    return ScoreExample(f"question {question}", signals, 1.0, score, is_rated=True, variance=0.01)


EXAMPLES = [
    example(number, covered, against, max(0.0, covered - against))
    for number in range(6)
    for covered, against in ((0.9, 0.0), (0.5, 0.0), (0.1, 0.0), (0.9, 0.8))
]


def test_what_is_covered_raises_a_score_and_a_wrong_claim_lowers_it() -> None:
    fitted = fit_score(EXAMPLES)
    right, denied, poor = (give_score(fitted, example(9, c, a, 0.0)) for c, a in ((0.9, 0.0), (0.9, 0.8), (0.1, 0.0)))
    assert right > 0.7
    assert denied < 0.4
    assert poor < 0.4


def test_every_rated_attempt_is_scored_by_a_fit_without_its_question() -> None:
    odd = [example(99, 0.9, 0.0, 0.0)]
    tested, given = left_out([*EXAMPLES, *odd])
    assert len(tested) == len(EXAMPLES) + 1
    scores = {item.question: score for item, score in zip(tested, given, strict=True)}
    assert scores["question 99"] > 0.5  # its own mark, which contradicts all others, has taught nothing


def test_an_attempt_half_on_topic_keeps_half_of_its_score() -> None:
    fitted = fit_score(EXAMPLES)
    whole = example(9, 0.9, 0.0, 0.0)
    assert give_score(fitted, dataclasses.replace(whole, kept=0.5)) == pytest.approx(give_score(fitted, whole) / 2)


def test_opinions_reach_the_signals_of_a_score() -> None:
    entry = samples.entry()
    count = len(entry.key_points)
    sample = Sample(rubric_from_entry(entry, "en"), "words", (1.0,) * count, "full", mark=0.7)
    plain = {"antonym": 0.0, "negation": 0.0, "number_rivalled": 0.0, "stated": 0.0, "denied": 0.0}

    def weigh(name: str) -> Logistic:
        return Logistic({name: 1.0}, {name: 0.0}, {name: 1.0}, 0.0)

    models = Models(weigh("stated"), weigh("denied"), weigh("similarity"))
    reading = Reading(sample, (plain,) * count, ())

    def hear(opinion: Opinion) -> ScoreExample | None:
        return read_example(dataclasses.replace(reading, opinions=(opinion,) * count), models, with_model=True)

    heard, silent, denied = hear(Opinion(3.0, -3.0)), read_example(reading, models), hear(Opinion(-3.0, 3.0))
    assert heard
    assert silent
    assert denied
    assert heard.signals["covered"] > 0.9 > silent.signals["covered"]
    assert "contradicted" not in silent.signals
    assert (heard.signals["contradicted"], denied.signals["contradicted"]) == (0.0, 1.0)
    assert (heard.score, heard.is_rated) == (0.7, True)


def test_the_band_holds_the_stated_share_of_marks() -> None:
    rows = [example(n, 0.5, 0.0, n / 10) for n in range(11)]
    fitted = band(rows, [0.5] * 11, 0.8)
    half = [fitted["factor"] * (fitted["floor"] ** 2 + item.variance) ** 0.5 for item in rows]
    assert sum(abs(item.score - 0.5) <= width + 1e-3 for item, width in zip(rows, half, strict=True)) >= 0.8 * 11


def test_what_is_neither_rated_nor_at_an_end_of_the_scale_teaches_no_score() -> None:
    entry = samples.entry()
    nothing = Logistic({}, {}, {}, 0.0)
    for kind, is_used in (("full", True), ("other", True), ("mistake", False)):
        sample = Sample(rubric_from_entry(entry, "en"), "words", (0.0,) * len(entry.key_points), kind)
        reading = Reading(sample, ({"antonym": 0.0, "negation": 0.0, "number_rivalled": 0.0},) * len(sample.labels), ())
        assert (read_example(reading, Models(nothing, nothing, nothing)) is not None) == is_used
