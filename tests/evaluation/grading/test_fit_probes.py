"""Probes on states whose truth is plain; what they say of a question they have not seen."""

import random

import pytest

from tutor.evaluation.grading.fit_probes import (
    PointExample,
    WholeExample,
    agreed_left_out,
    fit_point_probes,
    fit_probe,
    fit_whole_probe,
    opinions_left_out,
)
from tutor.grading.judge import WholeStates


def example(group: str, kind: int, noise: random.Random) -> PointExample:
    """0: left out, 1: stated, 2: denied; the first two numbers of the state tell, the other six are noise."""
    state = [5.0 * (kind == 1), 5.0 * (kind == 2), *(noise.gauss(0, 1) for _ in range(6))]
    return PointExample(group, state, float(kind == 1), float(kind == 2))


EXAMPLES = [example(f"q{number % 10}", number % 3, noise) for noise in [random.Random(0)] for number in range(300)]


def test_each_probe_hears_its_own() -> None:
    stated, denied = fit_point_probes(EXAMPLES)
    right, wrong, silent = (example("new", kind, random.Random(1)).state for kind in (1, 2, 0))
    assert stated.weigh(right) > stated.weigh(silent) > -8
    assert denied.weigh(wrong) > max(denied.weigh(right), denied.weigh(silent))


def test_a_question_is_weighed_by_probes_that_have_not_seen_it() -> None:
    reversed_marks = [PointExample("odd", row.state, row.denied, row.stated) for row in EXAMPLES[:30]]
    opinions = opinions_left_out([*EXAMPLES, *reversed_marks], reversed_marks)
    # Its own marks, which contradict all others, have taught nothing.
    told = [
        (opinion.stated > opinion.denied) == bool(row.denied)
        for opinion, row in zip(opinions, reversed_marks, strict=True)
        if row.stated or row.denied
    ]
    assert len(opinions) == 30
    assert all(told)


def test_an_example_counts_by_its_share() -> None:
    states, labels = [(0.0,), (1.0,), (0.0,), (1.0,)], [0.0, 1.0, 1.0, 0.0]
    assert (
        fit_probe(states, labels, [5, 5, 1, 1], 1.0).weights[0]
        > 0
        > fit_probe(states, labels, [1, 1, 5, 5], 1.0).weights[0]
    )


def marked(question: str, slope: float, easy: float) -> list[WholeExample]:
    """The first number tells how right an attempt is; the second only which question it is about."""
    best = (1.0, easy)
    return [WholeExample(question, WholeStates((x / 10, easy), best), easy / 2 + slope * x / 20) for x in range(11)]


def test_a_set_is_marked_by_a_probe_of_the_other_sets() -> None:
    sets = {"a": marked("qa", 1, 0.0), "b": marked("qb", 1, 0.0), "odd": marked("qo", -1, 0.0)}
    agreed = agreed_left_out(sets)["odd"]
    assert agreed == sorted(agreed)
    assert agreed[0] < agreed[-1]


def test_that_a_question_is_easy_is_no_sign_of_a_right_attempt() -> None:
    probe = fit_whole_probe([*marked("hard", 1, 0.0), *marked("easy", 1, 1.0)])
    assert probe.weigh((1.0, 0.0)) > probe.weigh((0.0, 0.0)) + 1
    assert probe.weigh((0.5, 1.0)) == pytest.approx(probe.weigh((0.5, 0.0)))


def test_a_number_that_never_varies_does_no_harm() -> None:
    probe = fit_probe([(1.0, 3.0), (0.0, 3.0)] * 4, [1.0, 0.0] * 4, [1.0] * 8, 0.1)
    assert probe.weigh((1.0, 3.0)) == pytest.approx(-probe.weigh((0.0, 3.0)), abs=0.01)
