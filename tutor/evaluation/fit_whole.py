"""Fits the score where there is only a reference answer, on human-scored sets; each is also scored by a fit on the others."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy

from tutor.evaluation.agreement import Scored, balance, measures
from tutor.evaluation.grading_reads import Read
from tutor.evaluation.logistic import Logistic, fit_logistic
from tutor.grading.calibration import JUDGE
from tutor.grading.whole import WHOLE_SIGNALS

ROWS_A_SET = 300.0  # how much one human-scored set counts, however many rows it has


def fit_whole(sets: Sequence[Sequence[Read]]) -> Logistic:
    """The score from the whole attempt; every set counts the same, and in it every bin of examiners' scores."""
    signals = [_pick(read.whole or {}, WHOLE_SIGNALS) for reads in sets for read in reads]
    scores = [read.row.score for reads in sets for read in reads]
    shares = [
        share * ROWS_A_SET / len(reads) for reads in sets for share in balance([read.row.score for read in reads])
    ]
    return fit_logistic(signals, scores, ridge=2.0, shares=shares)


def fit_whole_judged(first: Logistic, sets: Sequence[Sequence[Read]]) -> Logistic:
    """The score from the whole and the chat model's opinion of it, weighed on the rows that have one."""
    rows = [(_judged_whole(first, read), read.row.score) for reads in sets for read in reads]
    shares = [1.0 / len(reads) for reads in sets for _ in reads]
    scaled = [share * len(rows) / len(sets) for share in shares]
    return first.stacked("first", fit_logistic([r for r, _ in rows], [s for _, s in rows], ridge=1.0, shares=scaled))


def _judged_whole(first: Logistic, read: Read) -> dict[str, float]:
    return {"first": first.log_odds(_pick(read.whole or {}, WHOLE_SIGNALS)), JUDGE: read.opinion or 0.0}


def whole_score(model: Logistic, read: Read) -> float:
    """By a model with or without the chat model's opinion."""
    return model.probability(_pick({**(read.whole or {}), JUDGE: read.opinion or 0.0}, tuple(model.weights)))


def unseen_sets(scored: Mapping[str, Sequence[Read]]) -> dict[str, Any]:
    """Per set, the agreement of a model fitted on the other sets only."""
    report = {}
    for name, reads in scored.items():
        model = fit_whole([rest for other, rest in scored.items() if other != name])
        given = [Scored(read.row.kind, read.row.score, whole_score(model, read)) for read in reads]
        report[name] = {"pearson_unseen_set": round(measures(given)["pearson"], 4)}
    return report


def unseen_band(
    sets: Sequence[Sequence[Read]], fit: Callable[[Sequence[Sequence[Read]]], Logistic], share: float
) -> dict[str, float]:
    """What `share` of examiners' scores need, in sets that the fit has not seen."""
    errors = []
    for number, reads in enumerate(sets):
        model = fit([rest for other, rest in enumerate(sets) if other != number])
        errors += [abs(whole_score(model, read) - read.row.score) for read in reads]
    return {"floor": round(float(numpy.quantile(errors, share)), 4), "factor": 1.0}


def _pick(signals: Mapping[str, float], names: Sequence[str]) -> dict[str, float]:
    return {name: signals[name] for name in names}
