"""A hand-made calibration for word-hash embeddings, so that the grader's arithmetic is tested without fitted numbers."""

from collections.abc import Mapping
from typing import Any

from tutor.grading.calibration import Calibration, read_calibration


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
        "with_model": logistic(-4.0, recall=9.0, judge=1.0),
        "credit_from": 0.1,
        "credit_to": 0.9,
        "band_without_model": {"floor": 0.1, "factor": 1.0},
        "band_with_model": {"floor": 0.05, "factor": 1.0},
    }
    return {
        "provenance": {"fitted": "2026-01-01"},
        "key_points": regime,
        "reference": {**regime, "with_model": regime["without_model"], "credit_from": 0.0, "credit_to": 1.0},
        "claims": {**logistic(-6.0, own_recall=10.0, negation=-8.0, distanced=-8.0), "threshold": 0.7},
        "contradiction": {**logistic(-4.0, antonym=6.0, number_rivalled=6.0), "threshold": 0.7},
        "verdicts": {"covered_from": 0.6, "partial_from": 0.35},
        "off_topic_below": 0.1,
    }


def hand_made(**changes: Mapping[str, Any] | float) -> Calibration:
    return read_calibration({**calibration_data(), **changes})
