"""Fits what is told of one key point or one misconception: is it stated, is it denied, is it repeated?

Everything is a logistic model of the grader's signals; with the language model its log-odds are weighed beside the
model's opinions. What becomes of the whole attempt is decided in `fit_key_points` and `fit_reference`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy

from tutor.evaluation.grading.readings import Reading
from tutor.evaluation.grading.samples import touches
from tutor.evaluation.statistics.logistic import area_under_curve, fit_logistic, stack
from tutor.fitted import Logistic
from tutor.grading.calibration import DENIED, STATED
from tutor.grading.misconceptions import EXCUSED, chance
from tutor.grading.scorers import opinion_signals

SIGNALS = (
    "similarity", "beyond_question", "recall", "recall_root", "local_recall", "room", "crossed", "chinese",
    "number_met", "number_rivalled", "negation", "antonym", "crossed_similarity", "contest",
)  # fmt: skip
CLAIM_SIGNALS = ("similarity", "margin", "over_correction", "over_claims", "recall", "own_recall", "negation", "antonym",
                 "distanced", "crossed")  # fmt: skip
AGAINST_SIGNALS = ("similarity", "negation", "antonym", "number_rivalled", "contest")

OWN_CREDIT = (0.15, 0.75)  # a key point this unlikely earns nothing; from the second on it counts as "covered" in full
REFERENCE_CREDIT = (0.0, 1.0)  # cut statements overlap, so each earns as much as it is likely
_RIDGE = 2.0
_DENIED_RIDGE = 4.0  # few attempts deny a key point: their weights are held closer to 0
# A wrong accusation hurts more than a missed one: this share of what is shown as wrong is wrong, entries left out.
_PRECISION = 0.95
# Of attempts by other hands (data/hands.jsonl, tune) 7 of 13 misconceptions were heard wrongly below this, none of 3 above.
CLAIM_SHOWN_FROM = 0.8
_FOLDS = 8
_LEAST_SURE, _MOST_SURE = 0.3, 0.95  # between these lies the threshold, however few the attempts that set it
_INNER = "first"  # the log-odds of the model without opinions, as a signal beside them


def fit_stated(readings: Sequence[Reading]) -> Logistic:
    """Is the key point stated? Labels of examiners, or of the set as a whole."""
    pairs = [
        (_pick(signals, SIGNALS), label)
        for reading in readings
        for signals, label in zip(reading.points, reading.sample.labels, strict=True)
    ]
    return _fit(pairs)


def fit_stated_with_model(without_model: Logistic, tune: Sequence[Reading]) -> Logistic:
    """Weighs the language model's opinions beside `without_model`; that one where no reading has opinions."""
    pairs = [
        (_with_opinion(without_model.log_odds(_pick(signals, SIGNALS)), opinion.stated, opinion.denied), label)
        for reading in tune
        for signals, opinion, label in zip(
            reading.points, reading.opinions, reading.sample.labels, strict=bool(reading.opinions)
        )
    ]
    return stack(without_model, _INNER, _fit(pairs)) if pairs else without_model


def fit_denied(tune: Sequence[Reading], derived: Sequence[Reading]) -> Logistic:
    """Does the attempt say the opposite? A signal of the score and no verdict, so without a threshold. Not so: covered points of the tune part and of the bank's own answers."""
    pairs = [
        (_pick(signals, AGAINST_SIGNALS), float(against))
        for reading in tune
        for signals, against, label in zip(reading.points, reading.sample.against, reading.sample.labels, strict=True)
        if against or label
    ]
    full = [reading for reading in derived if reading.sample.kind == "full"]
    pairs += [(_pick(signals, AGAINST_SIGNALS), 0.0) for reading in full for signals in reading.points]
    return _fit(pairs, _DENIED_RIDGE)


def fit_denied_with_model(hands: Sequence[Reading], claims: Logistic) -> Logistic:
    """Is the stretch that would be quoted wrong? By the opinions on the key point and on the attempt's other ones, and by
    the likeliest misconception.

    The threshold lets so many right stretches through as `_PRECISION` allows, each entry weighed without itself.
    """
    rows = [(reading.sample.entry_id, pair) for reading in hands for pair in _accused_pairs(reading, claims)]
    entries, told = sorted({entry for entry, _ in rows}), []
    for held in (frozenset(entries[fold::_FOLDS]) for fold in range(_FOLDS)):
        rest = [pair for entry, pair in rows if entry not in held]
        model = _fit(rest, _DENIED_RIDGE) if held and rest else None
        told += [(model.probability(p), wrong) for entry, (p, wrong) in rows if entry in held] if model else []
    fitted = _fit([pair for _, pair in rows], _DENIED_RIDGE)
    return replace(fitted, threshold=_precise_from(told))


def _accused_pairs(reading: Reading, claims: Logistic) -> list[tuple[Mapping[str, float], float]]:
    claimed, sample = [chance(claims, claim) for claim in reading.claims], reading.sample
    signals = opinion_signals(dict(enumerate(reading.opinions)), claimed)
    return [
        (signals[number], float(touches(sample.attempt, quote, sample.wrong_claims)))
        for number, quote in enumerate(reading.accused)
    ]


def _precise_from(told: Sequence[tuple[float, float]]) -> float:
    """The lowest probability from which on `_PRECISION` of the rows are wrong; within its bounds."""
    right, lowest = 0.0, _MOST_SURE
    for count, (likely, wrong) in enumerate(sorted(told, reverse=True), start=1):
        right += wrong
        lowest = likely if right / count >= _PRECISION else lowest
    return round(min(_MOST_SURE, max(_LEAST_SURE, lowest)), 4)


def fit_claims(readings: Sequence[Reading]) -> Logistic:
    """Does the attempt repeat the misconception?"""
    pairs = [
        (_pick(signals, CLAIM_SIGNALS), float(repeated))
        for reading in readings
        for signals, repeated in zip(reading.claims, reading.sample.repeats, strict=True)
        if not signals[EXCUSED]
    ]
    return replace(_fit(pairs), threshold=CLAIM_SHOWN_FROM)


def report_stated(model: Logistic, readings: Sequence[Reading]) -> dict[str, float]:
    """How well the model tells covered key points from missing ones, and its score agrees with examiners."""
    pairs = [
        (chance, label)
        for reading in readings
        for chance, label in zip(_chances(model, reading), reading.sample.labels, strict=True)
    ]
    given, marks = [_share(model, reading) for reading in readings], [reading.sample.score for reading in readings]
    return {
        "attempts": len(readings),
        "key_points": len(pairs),
        "auc": round(area_under_curve([c for c, y in pairs if y == 1.0], [c for c, y in pairs if y == 0.0]), 4),
        "pearson": round(float(numpy.corrcoef(given, marks)[0, 1]), 4),
    }


def _fit(pairs: Sequence[tuple[Mapping[str, float], float]], ridge: float = _RIDGE) -> Logistic:
    return fit_logistic([signals for signals, _ in pairs], [label for _, label in pairs], ridge=ridge)


def _chances(model: Logistic, reading: Reading) -> list[float]:
    return [model.probability(_pick(signals, tuple(model.weights))) for signals in reading.points]


def _share(model: Logistic, reading: Reading) -> float:
    low, high = OWN_CREDIT
    weights = [point.weight for point in reading.sample.rubric.key_points]
    earned = [max(0.0, min(1.0, (chance - low) / (high - low))) for chance in _chances(model, reading)]
    return sum(w * c for w, c in zip(weights, earned, strict=True)) / sum(weights)


def _with_opinion(inner: float, stated: float, denied: float) -> dict[str, float]:
    return {_INNER: inner, STATED: stated, DENIED: denied}


def _pick(signals: Mapping[str, float], names: Sequence[str]) -> dict[str, float]:
    return {name: signals[name] for name in names}
