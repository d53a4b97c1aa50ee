"""Fits the score where there is only a reference answer, on human-scored sets; each is also scored by a fit on the others."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy

from tutor.evaluation.grading.fit_probes import Marked, agreed_left_out, fit_whole_probe
from tutor.evaluation.grading.readings import Read
from tutor.evaluation.statistics.agreement import Scored, balance, measures
from tutor.evaluation.statistics.logistic import Logistic, fit_logistic
from tutor.grading.calibration import AGREED
from tutor.grading.judge import WholeStates, weigh_whole
from tutor.grading.probes import Probe
from tutor.grading.whole import WHOLE_SIGNALS

BAND_SHARE = 0.8  # of examiners' scores that shall lie within the band
ROWS_A_SET = 300.0  # how much one human-scored set counts, however many rows it has


def fit_whole(sets: Sequence[Sequence[Read]], names: Sequence[str] = WHOLE_SIGNALS) -> Logistic:
    """The score from these signals of the whole; every set counts the same, and in it every bin of examiners' scores."""
    signals = [_pick(read.whole or {}, names) for reads in sets for read in reads]
    scores = [read.row.score for reads in sets for read in reads]
    return fit_logistic(signals, scores, ridge=2.0, shares=[share for reads in sets for share in _shares(reads)])


def _shares(reads: Sequence[Read]) -> list[float]:
    return [share * ROWS_A_SET / len(reads) for share in balance([read.row.score for read in reads])]


def fit_whole_judged(first: Logistic, sets: Mapping[str, Sequence[Read]]) -> tuple[Logistic, Probe]:
    """`first`, the score from the whole, with the model's opinion beside it, and the probe that gives the opinion.

    How much the opinion counts is fitted on opinions by probes of the other sets.
    """
    marked = {
        name: [
            Marked(f"{name} {read.row.kind}", WholeStates(*read.states), read.row.score, share)
            for read, share in zip(reads, _shares(reads), strict=True)
        ]
        for name, reads in sets.items()
    }
    agreed, every = agreed_left_out(marked), [row for rows in marked.values() for row in rows]
    signals = [
        {"first": first.log_odds(_pick(read.whole or {}, WHOLE_SIGNALS)), AGREED: opinion}
        for name, reads in sets.items()
        for read, opinion in zip(reads, agreed[name], strict=True)
    ]
    outer = fit_logistic(signals, [row.mark for row in every], ridge=1.0, shares=[row.share for row in every])
    return first.stacked("first", outer), fit_whole_probe(every)


def fit_judged(sets: Mapping[str, Sequence[Read]]) -> tuple[Logistic, Probe]:
    """Everything of `fit_whole_judged` from the sets alone.

    The mean of two fits: one of all signals, which knows more, and one of the bare cosine, which suits more subjects.
    """
    reads = list(sets.values())
    return fit_whole_judged(fit_whole(reads).mean_with(fit_whole(reads, ("cosine",))), sets)


def whole_score(model: Logistic, read: Read, probe: Probe | None = None) -> float:
    """0..1; with the probe of the language model's opinion where the model weighs it."""
    opinion = {AGREED: weigh_whole(probe, WholeStates(*read.states))} if probe else {}
    return model.probability(_pick({**(read.whole or {}), **opinion}, tuple(model.weights)))


def unseen_sets(scored: Mapping[str, Sequence[Read]]) -> dict[str, Any]:
    """Per set, the agreement of a model fitted on the other sets only."""
    report = {}
    for name, reads in scored.items():
        model = fit_whole([rest for other, rest in scored.items() if other != name])
        given = [Scored(read.row.kind, read.row.score, whole_score(model, read)) for read in reads]
        report[name] = {"pearson_unseen_set": round(measures(given)["pearson"], 4)}
    return report


Fit = Callable[[Mapping[str, Sequence[Read]]], tuple[Logistic, Probe | None]]


def unseen_band(sets: Mapping[str, Sequence[Read]], fit: Fit, share: float = BAND_SHARE) -> dict[str, float]:
    """What `share` of examiners' scores need, in sets that the fit has not seen."""
    errors = []
    for name, reads in sets.items():
        model, probe = fit({other: rest for other, rest in sets.items() if other != name})
        errors += [abs(whole_score(model, read, probe) - read.row.score) for read in reads]
    return {"floor": round(float(numpy.quantile(errors, share)), 4), "factor": 1.0}


def _pick(signals: Mapping[str, float], names: Sequence[str]) -> dict[str, float]:
    return {name: signals[name] for name in names}
