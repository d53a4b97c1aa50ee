"""Fits and measures the grader: python -m tutor eval grading [--write]

Key-point rubrics are fitted on data/rated.jsonl, the tune part of data/attempts.yaml and samples derived from the bank,
and measured leaving questions out; rubrics split from a reference on human-scored sets, measured leaving sets out. The
language model's opinions come from probes (fit_probes), which also learn from data/composed.jsonl; what is on topic from
parts of the rated attempts (fit_topic).
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy
from langchain_core.embeddings import Embeddings

from tutor.domain import Entry
from tutor.errors import ModelError
from tutor.evaluation.grading import fit_key_points
from tutor.evaluation.grading.fit_points import (
    CLAIM_SHOWN_FROM,
    OWN_CREDIT,
    REFERENCE_CREDIT,
    fit_claims,
    fit_denied,
    fit_denied_with_model,
    fit_stated,
    fit_stated_with_model,
    report_stated,
)
from tutor.evaluation.grading.fit_probes import PointExample, fit_point_probes, opinions_left_out
from tutor.evaluation.grading.fit_reference import (
    BAND_SHARE,
    fit_with_model,
    fit_without_model,
    unseen_band,
    unseen_sets,
)
from tutor.evaluation.grading.fit_topic import OFF_BELOW, ON_FROM, fit_topic, kept, report_topic
from tutor.evaluation.grading.own import OwnReadings, read_hands, read_own
from tutor.evaluation.grading.readings import Reading, SampleReader, have_states, read_scored
from tutor.evaluation.statistics.logistic import area_under_curve
from tutor.fitted import Logistic, load_fitted, read_logistic, write_fitted
from tutor.grading.calibration import Calibration, Topic, read_calibration
from tutor.grading.judge import Probe, Probes, StateReader, load_probes
from tutor.grading.misconceptions import chance
from tutor.grading.topic import bank_topics

# Chosen, not fitted, on cosines of human-scored answers and of key points in the other language: hardly any right answer
# lies below them (0014).
_OFF_BELOW, _CROSSED_OFF_BELOW = 0.8, 0.76
_CALIBRATION, _PROBES = ("tutor.grading", "calibration"), ("tutor.grading", "probes")  # where what is fitted lies
_FOLDS = 8  # by question, for measuring on what was fitted on
_OWN_COUNTS = 3  # as much as so many derived samples: those have the bank's wording, learners have their own
_VERDICTS = {"covered_from": 0.6, "partial_from": 0.35}  # chosen: rather likely than not, and hardly more than a guess


@dataclass(frozen=True)
class Fit:
    """What `eval grading --write` writes: calibration and probes in the form of their files, and what was seen."""

    parameters: dict[str, Any] = field(default_factory=dict)
    probes: dict[str, Probe] = field(default_factory=dict)
    report: dict[str, Any] = field(default_factory=dict)

    def joined(self, other: "Fit") -> "Fit":
        """Both; no part is in both."""
        return Fit(self.parameters | other.parameters, self.probes | other.probes, self.report | other.report)


def measure_grading(
    entries: Sequence[Entry],
    embeddings: Embeddings,
    folder: Path | None,
    states: StateReader | None,
    only: str | None = None,
) -> Fit:
    """Fits everything on what is there, or `only` rubrics with "key-points", or with a bare "reference", or with "hands"
    what weighs the shipped probes' opinions, which takes a tenth of the time.

    `folder` holds the human-scored sets; without it bare references keep what they have.
    """
    reader, fit = SampleReader(embeddings, states, bank_topics(entries)), Fit()
    if only == "hands":
        return fit_hands_only(read_hands(reader, {entry.id: entry for entry in entries}))
    if only != "reference":
        own = read_own(reader, entries)
        found = fit_own(own)
        fit = found.joined(Fit(report=_report_own(own, found)))
    scored = read_scored(reader, folder) if folder and only != "key-points" else {}
    return fit.joined(_fit_reference(scored)).joined(Fit(report=unseen_sets(scored))) if scored else fit


def fit_own(own: OwnReadings) -> Fit:
    """Everything that decides on rubrics whose key points the bank has."""
    claims = fit_claims([*own.tune, *own.derived])
    stated = fit_stated([*own.tune * _OWN_COUNTS, *own.derived])
    denied = fit_denied(own.tune, own.derived)
    pool = _point_examples([*own.tune, *own.composed])
    topic = fit_topic(own.topic)
    keep = _keep(Topic(topic, OFF_BELOW, ON_FROM), claims)
    examples = _score_examples([*own.tune, *own.derived], fit_key_points.Models(stated, denied, claims), keep)
    score, correlation = _fit_score(examples)
    key_points = {
        **_regime(stated, stated, OWN_CREDIT),
        "whole": score["whole"],
        "whole_with_model": score["whole"],
        "band_without_model": score["band"],
        "band_with_model": score["band"],
    }
    parameters: dict[str, Any] = {
        "key_points": key_points,
        "claims": claims.as_json(),
        "contradiction": denied.as_json(),
        "contradiction_with_model": denied.as_json(),
        "verdicts": _VERDICTS,
        "topic": {**topic.as_json(), "off_below": OFF_BELOW, "on_from": ON_FROM},
    }
    fit = Fit(parameters, {}, {"own_tune": report_stated(stated, own.tune) | {"score_pearson_left_out": correlation}})
    if not (pool and own.hands):
        return fit
    probes = dict(zip(("stated", "denied"), fit_point_probes(pool), strict=True))
    heard = _fit_hands(own.hands, stated, claims, keep, Probes("", 0, **probes, whole=load_probes().whole))
    return Fit(
        {**parameters, **heard.parameters, "key_points": {**key_points, **heard.parameters["key_points"]}},
        probes,
        fit.report | heard.report,
    )


def fit_hands_only(hands: Sequence[Reading]) -> Fit:
    """What weighs the opinions of the shipped probes, beside the shipped rest. Raises ModelError without a model."""
    if not hands:
        raise ModelError("evaluation.no_states")
    shipped = load_fitted(*_CALIBRATION)
    known = read_calibration(shipped)
    claims = replace(known.claims, threshold=CLAIM_SHOWN_FROM)
    fit = _fit_hands(hands, known.key_points.without_model, claims, _keep(known.topic, claims), load_probes())
    key_points = {**shipped["key_points"], **fit.parameters["key_points"]}
    return replace(fit, parameters={**fit.parameters, "key_points": key_points, "claims": claims.as_json()})


def _fit_hands(
    hands: Sequence[Reading], stated: Logistic, claims: Logistic, keep: Callable[[Reading], float], probes: Probes
) -> Fit:
    """What weighs the opinions of probes that have not seen these hands, and the score that follows the verdicts."""
    told = [replace(r, opinions=tuple(probes.weigh(state) for state in r.states)) for r in hands]
    with_model, denied = fit_stated_with_model(stated, told), fit_denied_with_model(told, claims)
    examples = _score_examples(told, fit_key_points.Models(with_model, denied, claims), keep, with_model=True)
    score, correlation = _fit_score(examples)
    key_points = {
        "with_model": with_model.as_json(),
        "whole_with_model": score["whole"],
        "band_with_model": score["band"],
    }
    parameters = {"key_points": key_points, "contradiction_with_model": denied.as_json()}
    return Fit(parameters, {}, {"hands_tune": {"attempts": len(hands), "score_pearson_left_out": correlation}})


def _point_examples(readings: Sequence[Reading]) -> list[PointExample]:
    return [
        PointExample(reading.sample.entry_id, state, label, float(against))
        for reading in readings
        for state, label, against in zip(
            reading.states, reading.sample.labels, reading.sample.against, strict=bool(reading.states)
        )
    ]


def _keep(topic: Topic, claims: Logistic) -> Callable[[Reading], float]:

    def keep(reading: Reading) -> float:
        told = max((chance(claims, signals) for signals in reading.claims), default=0.0)
        return 1.0 if told >= claims.threshold else kept(topic, reading)

    return keep


def _score_examples(
    readings: Sequence[Reading],
    models: fit_key_points.Models,
    keep: Callable[[Reading], float],
    *,
    with_model: bool = False,
) -> list[fit_key_points.ScoreExample]:
    found = (fit_key_points.read_example(r, models, kept=keep(r), with_model=with_model) for r in readings)
    return [example for example in found if example is not None]


def _fit_score(examples: Sequence[fit_key_points.ScoreExample]) -> tuple[dict[str, Any], float]:
    """(parameters of the score with its band, correlation with examiners of attempts left out)."""
    tested, given = fit_key_points.left_out(examples)
    correlation = round(float(numpy.corrcoef([example.score for example in tested], given)[0, 1]), 4)
    band = fit_key_points.band(tested, given, BAND_SHARE)
    return {"whole": fit_key_points.fit_score(examples).as_json(), "band": band}, correlation


def _report_own(own: OwnReadings, fit: Fit) -> dict[str, Any]:
    stated = read_logistic(fit.parameters["key_points"]["without_model"])
    composed = {"composed": report_composed(own)} if own.composed else {}
    return {**composed, "own_test": report_stated(stated, own.test), "topic": report_topic(own.topic)}


def report_composed(own: OwnReadings) -> dict[str, float]:
    """How well the probes tell right statements from wrong ones where style tells nothing, questions left out."""
    examples = _point_examples(own.composed)
    told = list(zip(examples, opinions_left_out([*_point_examples(own.tune), *examples], examples), strict=True))
    stated = [opinion.stated for example, opinion in told if example.stated]
    denied = [opinion.stated for example, opinion in told if example.denied]
    silent = [opinion.stated for example, opinion in told if not (example.stated or example.denied)]
    return {
        "key_points": len(examples),
        "auc_stated_against_denied": round(area_under_curve(stated, denied), 4),
        "auc_stated_against_left_out": round(area_under_curve(stated, silent), 4),
    }


def _fit_reference(scored: Mapping[str, Sequence[Reading]]) -> Fit:
    """Statements give the verdicts, the whole gives the score; the band is what examiners of unseen sets need."""
    points = fit_stated([reading for readings in scored.values() for reading in readings])
    whole = fit_without_model(list(scored.values()))
    parameters = {
        **_regime(points, points, REFERENCE_CREDIT),
        "off_below": _OFF_BELOW,
        "crossed_off_below": _CROSSED_OFF_BELOW,
        "whole": whole.as_json(),
        "band_without_model": unseen_band(scored, lambda rest: (fit_without_model(list(rest.values())), None)),
    }
    if not have_states(scored):
        alike = {"whole_with_model": parameters["whole"], "band_with_model": parameters["band_without_model"]}
        return Fit({"reference": {**parameters, **alike}})
    with_model, probe = fit_with_model(scored)
    heard = {"band_with_model": unseen_band(scored, fit_with_model), "whole_with_model": with_model.as_json()}
    return Fit({"reference": {**parameters, **heard}}, {"whole": probe})


def calibrations_left_out(
    own: OwnReadings, entry_ids: Sequence[str]
) -> Iterator[tuple[frozenset[str], Calibration, Probes]]:
    """(entries, calibration and probes fitted without them where key points are the bank's, else as shipped), in folds."""
    ordered = sorted(set(entry_ids))
    for fold in range(_FOLDS):
        held = frozenset(ordered[fold::_FOLDS])
        yield held, *_over_shipped(fit_own(own.without(held)))


def calibration_on(scored: Mapping[str, Sequence[Reading]]) -> tuple[Calibration, Probes]:
    """(calibration, probes) for bare references fitted on these human-scored sets, all else as shipped."""
    return _over_shipped(_fit_reference(scored))


def _over_shipped(fit: Fit) -> tuple[Calibration, Probes]:
    shipped = load_fitted(*_CALIBRATION)
    probes: dict[str, Any] = dict(fit.probes)
    return read_calibration({**shipped, **fit.parameters}), replace(load_probes(), **probes)


def write_fit(fit: Fit, *, embedder: str, model: str, blocks: int) -> list[Path]:
    """Brings tutor/grading/calibration.json up to date, and probes.json when a model was there to fit probes on.

    What was not fitted stays as it is.
    """
    provenance = {
        "command": "python -m tutor eval grading --write",
        "embedder": embedder,
        "model": model,
        **fit.report,
    }
    files_written = [_update(_CALIBRATION, provenance, fit.parameters, indent=2)]
    if fit.probes:
        probes = {name: {"intercept": p.intercept, "weights": p.weights} for name, p in fit.probes.items()}
        files_written.append(_update(_PROBES, provenance, {"model": model, "blocks": blocks, **probes}, indent=None))
    return files_written


def _update(
    place: tuple[str, str], provenance: Mapping[str, Any], parts: Mapping[str, Any], indent: int | None
) -> Path:
    """What was fitted before and is not fitted now keeps its provenance; only the date is that of the last fit."""
    known = {name: value for name, value in load_fitted(*place)["provenance"].items() if name != "fitted"}
    return write_fitted(*place, parts, {**known, **provenance}, indent=indent)


def _regime(without_model: Logistic, with_model: Logistic, credit: tuple[float, float]) -> dict[str, Any]:
    return {
        "without_model": without_model.as_json(),
        "with_model": with_model.as_json(),
        "credit_from": credit[0],
        "credit_to": credit[1],
    }
