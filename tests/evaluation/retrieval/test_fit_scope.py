"""How the threshold of scope is chosen, on samples whose best one is plain."""

import numpy
import pytest

from tutor.evaluation.retrieval.fit_scope import ScopeSample, left_out, pick_threshold, weak_below


def test_the_threshold_shares_out_both_errors() -> None:
    inside = numpy.array([0.9] * 97 + [0.3, 0.2, 0.1])
    outside = numpy.array([0.1] * 90 + [0.25] * 10)
    # Up to 0.25 twice of what is allowed is answered, from 0.3 all of what is allowed is refused, between them two thirds.
    assert pick_threshold(inside, outside) == pytest.approx(0.275, abs=0.001)


def test_evidence_is_weak_up_to_the_best_of_what_is_out_of_scope() -> None:
    outside = numpy.linspace(0.0, 1.0, 101)
    assert weak_below(outside, 0.5) == pytest.approx(0.99)
    assert weak_below(outside / 10, 0.5) == 0.5


def test_a_question_is_judged_by_a_model_that_has_not_seen_it() -> None:
    samples = [
        ScopeSample(f"{inside} {place}", inside, "tune", {"x": float(inside)})
        for inside in (True, False)
        for place in range(5)
    ]
    odd = ScopeSample("odd", True, "tune", {"x": 0.0})
    inside, outside = left_out([*samples, odd, odd])
    assert len(inside) == 7
    assert len(outside) == 5
    assert sorted(inside)[1] < 0.5  # both samples of the odd question, which alone would have taught it otherwise
