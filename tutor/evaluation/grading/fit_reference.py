"""Fits the score where there is only a reference answer, on human-scored sets; each is also scored by a fit on the others."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy

from tutor.evaluation.grading.fit_probes import WholeExample, agreed_left_out, fit_whole_probe
from tutor.evaluation.grading.readings import Reading
from tutor.evaluation.statistics.agreement import Rating, balance, measures
from tutor.evaluation.statistics.logistic import fit_logistic, mean_of, stack
from tutor.fitted import Logistic
from tutor.grading.calibration import AGREED
from tutor.grading.compare import WHOLE_SIGNALS
from tutor.grading.judge import Probe, WholeStates, weigh_whole

BAND_SHARE = 0.8  # of examiners' scores that shall lie within the band
_SET_COUNTS = 300.0  # how much one human-scored set counts, however many samples it has
_RIDGE, _RIDGE_OPINION = 2.0, 1.0  # the signals of the whole are many and alike, the opinion beside them is one
_INNER = "first"  # the log-odds of the model without opinions, as a signal beside the opinion
_NARROW = ("cosine",)

FitSets = Callable[[Mapping[str, Sequence[Reading]]], tuple[Logistic, Probe | None]]


def fit_without_model(sets: Sequence[Sequence[Reading]], names: Sequence[str] = WHOLE_SIGNALS) -> Logistic:
    """The score from these signals of the whole; every set counts the same, and in it every bin of examiners' scores."""
    signals = [_pick(reading.whole or {}, names) for readings in sets for reading in readings]
    scores = [reading.sample.score for readings in sets for reading in readings]
    shares = [share for readings in sets for share in _shares(readings)]
    return fit_logistic(signals, scores, ridge=_RIDGE, shares=shares)


def fit_with_model(sets: Mapping[str, Sequence[Reading]]) -> tuple[Logistic, Probe]:
    """The score with the language model's opinion, and the probe that gives the opinion.

    Without the model it is the mean of two fits: one of all signals, which knows more, and one of the bare cosine, which
    suits more subjects.
    """
    readings = list(sets.values())
    return _weigh_opinion(mean_of(fit_without_model(readings), fit_without_model(readings, _NARROW)), sets)


def _weigh_opinion(without_model: Logistic, sets: Mapping[str, Sequence[Reading]]) -> tuple[Logistic, Probe]:
    """How much the opinion adds to `without_model` is fitted on opinions by probes of the other sets."""
    examples = {
        name: [
            WholeExample(f"{name} {r.sample.kind}", WholeStates(*r.states), r.sample.score, share)
            for r, share in zip(readings, _shares(readings), strict=True)
        ]
        for name, readings in sets.items()
    }
    agreed, every = agreed_left_out(examples), [row for rows in examples.values() for row in rows]
    signals = [
        {_INNER: without_model.log_odds(_pick(reading.whole or {}, WHOLE_SIGNALS)), AGREED: opinion}
        for name, readings in sets.items()
        for reading, opinion in zip(readings, agreed[name], strict=True)
    ]
    shares = [row.share for row in every]
    outer = fit_logistic(signals, [row.mark for row in every], ridge=_RIDGE_OPINION, shares=shares)
    return stack(without_model, _INNER, outer), fit_whole_probe(every)


def give_score(model: Logistic, reading: Reading, probe: Probe | None = None) -> float:
    """0..1; with the probe of the language model's opinion where the model weighs it."""
    opinion = {AGREED: weigh_whole(probe, WholeStates(*reading.states))} if probe else {}
    return model.probability(_pick({**(reading.whole or {}), **opinion}, tuple(model.weights)))


def unseen_sets(scored: Mapping[str, Sequence[Reading]]) -> dict[str, Any]:
    """Per set, the agreement of a model fitted on the other sets only."""
    report = {}
    for name, readings in scored.items():
        model = fit_without_model([rest for other, rest in scored.items() if other != name])
        given = [Rating(r.sample.kind, r.sample.score, give_score(model, r)) for r in readings]
        report[name] = {"pearson_unseen_set": round(measures(given)["pearson"], 4)}
    return report


def unseen_band(sets: Mapping[str, Sequence[Reading]], fit: FitSets, share: float = BAND_SHARE) -> dict[str, float]:
    """What `share` of examiners' scores need, in sets that the fit has not seen."""
    errors = []
    for name, readings in sets.items():
        model, probe = fit({other: rest for other, rest in sets.items() if other != name})
        errors += [abs(give_score(model, reading, probe) - reading.sample.score) for reading in readings]
    return {"floor": round(float(numpy.quantile(errors, share)), 4), "factor": 1.0}


def _shares(readings: Sequence[Reading]) -> list[float]:
    return [share * _SET_COUNTS / len(readings) for share in balance([r.sample.score for r in readings])]


def _pick(signals: Mapping[str, float], names: Sequence[str]) -> dict[str, float]:
    return {name: signals[name] for name in names}
