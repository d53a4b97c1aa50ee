"""A hand-made calibration for word-hash embeddings, so that the grader's arithmetic is tested without fitted numbers."""

from collections.abc import Mapping
from typing import Any

from tutor.grading.calibration import Calibration, read_calibration
from tutor.grading.judge import Probe, Probes

# For states of one number: it says how surely a key point is stated, its opposite how surely it is denied.
PROBES = Probes("scripted", 1, Probe(0.0, (1.0,)), Probe(0.0, (-1.0,)), Probe(0.0, (1.0,)))


def logistic(intercept: float, **weights: float) -> dict[str, Any]:
    return {
        "intercept": intercept,
        "weights": weights,
        "mean": dict.fromkeys(weights, 0.0),
        "scale": dict.fromkeys(weights, 1.0),
    }


def calibration_data() -> dict[str, Any]:
    regime = {
        "without_model": logistic(-4.0, recall=9.0),
        "with_model": logistic(-4.0, recall=9.0, stated=1.0),
        "credit_from": 0.1,
        "credit_to": 0.9,
        "whole": logistic(-5.0, covered=10.0, claimed=-3.0, against=-12.0),
        "whole_with_model": logistic(-5.0, covered=10.0, contradicted=-12.0),
        "band_without_model": {"floor": 0.1, "factor": 1.0},
        "band_with_model": {"floor": 0.05, "factor": 1.0},
    }
    reference = {
        "with_model": regime["without_model"],
        **dict.fromkeys(("whole", "whole_with_model"), logistic(-4.0, gram_recall=8.0)),
    }
    return {
        "provenance": {"fitted": "2026-01-01"},
        "key_points": regime,
        "reference": {
            **regime,
            **reference,
            "credit_from": 0.0,
            "credit_to": 1.0,
            "off_below": 0.1,
            "crossed_off_below": 0.05,
        },
        "claims": {**logistic(-6.0, own_recall=10.0, negation=-8.0, distanced=-8.0), "threshold": 0.7},
        "contradiction": logistic(-4.0, antonym=6.0, number_rivalled=6.0),
        "contradiction_with_model": {**logistic(-4.0, antonym=6.0, number_rivalled=6.0, denied=2.0), "threshold": 0.7},
        "verdicts": {"covered_from": 0.6, "partial_from": 0.35},
        "topic": {**logistic(-3.0, local_recall=12.0), "off_below": 0.1, "on_from": 0.3},
    }


def hand_made(**changes: Mapping[str, Any] | float) -> Calibration:
    return read_calibration({**calibration_data(), **changes})
