"""Fits and measures the grader: python -m tutor eval grading [--write]

Key-point rubrics are fitted on data/rated.jsonl, the tune part of data/attempts.yaml and rows derived from the bank, and
measured leaving questions out; rubrics split from a reference on human-scored sets, measured leaving sets out. The
language model's opinions come from probes (fit_probes), which also learn from data/composed.jsonl; what is on topic from
parts of the rated attempts (fit_topic).
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy
from langchain_core.embeddings import Embeddings

from tutor.domain import Entry
from tutor.evaluation.grading.fit_key_points import Models, Written, band, fit_written, left_out, read_row
from tutor.evaluation.grading.fit_probes import Heard, fit_point_probes, opinions_left_out
from tutor.evaluation.grading.fit_reference import BAND_SHARE, fit_judged, fit_whole, unseen_band, unseen_sets
from tutor.evaluation.grading.fit_topic import OFF_BELOW, ON_FROM, as_topic, fit_topic, kept, report_topic
from tutor.evaluation.grading.own import Own, read_own
from tutor.evaluation.grading.readings import Read, RowReader, have_states, read_scored
from tutor.evaluation.statistics.logistic import Logistic, area_under_curve, fit_logistic
from tutor.grading.calibration import DENIED, STATED, Calibration, Topic, read_calibration
from tutor.grading.judge import StateReader
from tutor.grading.misconceptions import EXCUSED, chance
from tutor.grading.probes import Probe, Probes, load_probes
from tutor.grading.topic import bank_topics

# Chosen, not fitted, on cosines of human-scored answers and of key points in the other language: hardly any right answer
# lies below them (0014).
_OFF_BELOW, _CROSSED_OFF_BELOW = 0.8, 0.76
_FOLDS = 8  # by question, for measuring on what was fitted on
SIGNALS = (
    "similarity", "beyond_question", "recall", "recall_root", "local_recall", "room", "crossed", "chinese",
    "number_met", "number_rivalled", "negation", "antonym", "crossed_similarity", "contest",
)  # fmt: skip
CLAIM_SIGNALS = ("similarity", "margin", "over_correction", "over_claims", "recall", "own_recall", "negation", "antonym",
                 "distanced", "crossed")  # fmt: skip
AGAINST_SIGNALS = ("similarity", "negation", "antonym", "number_rivalled", "contest")


@dataclass(frozen=True)
class OwnFit:
    """Parameters for rubrics with written key points in the form of calibration.json, probes, and what was seen."""

    parameters: dict[str, Any]
    probes: tuple[Probe, Probe] | None  # stated, denied
    report: dict[str, Any]


def fit_own(own: Own) -> OwnFit:
    """Everything that decides on rubrics with written key points."""
    tune, derived = own.tune, own.derived
    claims, claim_threshold = _fit_claims([*tune, *derived])
    stated = _fit_points([*tune * 3, *derived])
    denied, limit = _fit_against(tune, derived)
    heard, composed = _heard(tune), _heard(own.composed)
    pool = [*heard, *composed]
    tune = _with_opinions(tune, pool, heard)
    stated_judged, (denied_judged, limit_judged) = _fit_judged(stated, tune), _fit_against_judged(denied, limit, tune)
    topic = fit_topic(own.topic)
    keep = _keep(as_topic(topic), claims, claim_threshold)
    plain = _rows([*tune, *derived], Models(stated, denied, claims), keep)
    judged = _rows(
        [read for read in _marked(tune) if read.opinions],
        Models(stated_judged, denied_judged, claims),
        keep,
        judged=True,
    )
    first, without = _written(plain)
    second, with_model = _written(judged) if heard else (first, without)
    parameters: dict[str, Any] = {
        "key_points": {
            **_regime(stated, stated_judged, 0.15, 0.75),
            "whole": first["whole"],
            "whole_with_model": second["whole"],
            "band_without_model": first["band"],
            "band_with_model": second["band"],
        },
        "claims": _with_threshold(claims, claim_threshold),
        "contradiction": _with_threshold(denied, limit),
        "contradiction_with_model": _with_threshold(denied_judged, limit_judged),
        "verdicts": {"covered_from": 0.6, "partial_from": 0.35},
        "topic": {**topic.as_json(), "off_below": OFF_BELOW, "on_from": ON_FROM},
    }
    left = {"without_model": without, "with_model": with_model}
    report = {"own_tune": _report(stated, tune) | {"score_pearson_left_out": left}}
    return OwnFit(parameters, fit_point_probes(pool) if heard else None, report)


def _marked(reads: Sequence[Read]) -> list[Read]:
    return [read for read in reads if read.row.mark is not None]


def _heard(reads: Sequence[Read]) -> list[Heard]:
    return [
        Heard(read.row.rubric.entry_id or "", state, label, float(against))
        for read in reads
        for state, label, against in zip(read.states, read.row.labels, read.row.against, strict=bool(read.states))
    ]


def report_composed(own: Own) -> dict[str, float]:
    """How well the probes tell right statements from wrong ones where style tells nothing, questions left out."""
    rows = _heard(own.composed)
    told = list(zip(rows, opinions_left_out([*_heard(own.tune), *rows], rows), strict=True))
    stated = [opinion.stated for row, opinion in told if row.stated]
    denied = [opinion.stated for row, opinion in told if row.denied]
    silent = [opinion.stated for row, opinion in told if not (row.stated or row.denied)]
    return {
        "key_points": len(rows),
        "auc_stated_against_denied": round(area_under_curve(stated, denied), 4),
        "auc_stated_against_left_out": round(area_under_curve(stated, silent), 4),
    }


def _with_opinions(reads: Sequence[Read], rows: Sequence[Heard], asked: Sequence[Heard]) -> tuple[Read, ...]:
    opinions = iter(opinions_left_out(rows, asked) if asked else ())
    return tuple(replace(read, opinions=tuple(next(opinions) for _ in read.states)) for read in reads)


def calibrations_left_out(own: Own, entry_ids: Sequence[str]) -> Iterator[tuple[frozenset[str], Calibration, Probes]]:
    """(entries, calibration and probes fitted without them where key points are written, else as shipped), in folds."""
    shipped, probes = _shipped(), load_probes()
    ordered = sorted(set(entry_ids))
    for fold in range(_FOLDS):
        held = frozenset(ordered[fold::_FOLDS])
        fit = fit_own(own.without(held))
        stated, denied = fit.probes or (probes.stated, probes.denied)
        yield held, read_calibration({**shipped, **fit.parameters}), replace(probes, stated=stated, denied=denied)


def calibration_on(scored: Mapping[str, Sequence[Read]]) -> tuple[Calibration, Probes]:
    """(calibration, probes) for bare references fitted on these human-scored sets, all else as shipped."""
    probes = load_probes()
    parameters, whole = _fit_reference(scored)
    return read_calibration({**_shipped(), "reference": parameters}), replace(probes, whole=whole or probes.whole)


def _shipped() -> dict[str, Any]:
    return dict(json.loads(_place("calibration").read_text(encoding="utf-8")))


@dataclass(frozen=True)
class Fit:
    """What `eval grading --write` writes: calibration and probes in the form of their files, and what was seen."""

    parameters: dict[str, Any]
    probes: dict[str, Probe]
    report: dict[str, Any]


def measure_grading(
    entries: Sequence[Entry],
    embeddings: Embeddings,
    shared: Path,
    states: StateReader | None,
    only: str | None = None,
) -> Fit:
    """Fits everything on what is there, or `only` rubrics with "key-points", or with a bare "reference"."""
    reader, fit = RowReader(embeddings, states, bank_topics(entries)), Fit({}, {}, {})
    if only != "reference":
        _fit_key_points(fit, read_own(reader, entries))
    scored = read_scored(reader, shared) if only != "key-points" else {}
    if scored:
        fit.parameters["reference"], whole = _fit_reference(scored)
        fit.probes.update({"whole": whole} if whole else {})
        fit.report.update(unseen_sets(scored))
    return fit


def _fit_key_points(fit: Fit, own: Own) -> None:
    found = fit_own(own)
    fit.parameters.update(found.parameters)
    fit.probes.update(zip(("stated", "denied"), found.probes or (), strict=False))
    fit.report.update(found.report)
    if own.composed:
        fit.report["composed"] = report_composed(own)
    stated = _read_logistic(found.parameters["key_points"]["without_model"])
    fit.report["own_test"] = _report(stated, own.test)
    fit.report["topic"] = report_topic(own.topic)


def _keep(topic: Topic, claims: Logistic, threshold: float) -> Callable[[Read], float]:
    def keep(read: Read) -> float:
        told = max((chance(claims, signals) for signals in read.claims), default=0.0)
        return 1.0 if told >= threshold else kept(topic, read)

    return keep


def _rows(
    reads: Sequence[Read], models: Models, keep: Callable[[Read], float], *, judged: bool = False
) -> list[Written]:
    found = (
        read_row(read.row, read.points, read.claims, models, read.opinions if judged else (), kept=keep(read))
        for read in reads
    )
    return [row for row in found if row is not None]


def _written(rows: Sequence[Written]) -> tuple[dict[str, Any], float]:
    """(parameters of the score with its band, correlation with examiners of attempts left out)."""
    tested, given = left_out(rows)
    correlation = round(float(numpy.corrcoef([row.score for row in tested], given)[0, 1]), 4)
    return {"whole": fit_written(rows).as_json(), "band": band(tested, given, BAND_SHARE)}, correlation


def write_fit(fit: Fit, *, embedder: str, model: str, blocks: int) -> list[Path]:
    """Brings tutor/grading/calibration.json up to date, and probes.json when a model was there to fit probes on.

    What was not fitted stays as it is.
    """
    provenance = {
        "fitted": datetime.now(UTC).date().isoformat(),
        "command": "python -m tutor eval grading --write",
        "embedder": embedder,
        "model": model,
        **fit.report,
    }
    written = [_update("calibration", provenance, fit.parameters, indent=2)]
    if fit.probes:
        probes = {name: {"intercept": p.intercept, "weights": p.weights} for name, p in fit.probes.items()}
        written.append(_update("probes", provenance, {"model": model, "blocks": blocks, **probes}, indent=None))
    return written


def _update(name: str, provenance: Mapping[str, Any], parts: Mapping[str, Any], indent: int | None) -> Path:
    place = _place(name)
    known = json.loads(place.read_text(encoding="utf-8"))
    data = {**known, "provenance": {**known["provenance"], **provenance}, **parts}
    place.write_text(json.dumps(data, indent=indent) + "\n", encoding="utf-8")
    return place


def _place(name: str) -> Path:
    return Path(str(files("tutor.grading").joinpath(f"{name}.json")))


def _read_logistic(data: Mapping[str, Any]) -> Logistic:
    return Logistic(data["mean"], data["scale"], data["weights"], data["intercept"])


def _pick(signals: Mapping[str, float], names: Sequence[str]) -> dict[str, float]:
    return {name: signals[name] for name in names}


def _fit_points(reads: Sequence[Read]) -> Logistic:
    pairs = [
        (_pick(s, SIGNALS), label) for read in reads for s, label in zip(read.points, read.row.labels, strict=True)
    ]
    return fit_logistic([row for row, _ in pairs], [label for _, label in pairs], ridge=2.0)


def _fit_judged(first: Logistic, tune: Sequence[Read]) -> Logistic:
    """The first model's log-odds and the language model's opinions, weighed on the hand-labelled attempts."""
    pairs = [
        ({"first": first.log_odds(_pick(signals, SIGNALS)), STATED: opinion.stated, DENIED: opinion.denied}, label)
        for read in tune
        for signals, opinion, label in zip(read.points, read.opinions, read.row.labels, strict=bool(read.opinions))
    ]
    if not pairs:
        return first
    both = fit_logistic([row for row, _ in pairs], [label for _, label in pairs], ridge=2.0)
    return first.stacked("first", both)


def _fit_against_judged(first: Logistic, limit: float, tune: Sequence[Read]) -> tuple[Logistic, float]:
    """As `_fit_judged`: does the attempt deny the key point?"""
    pairs = [
        ({"first": first.log_odds(_pick(s, AGAINST_SIGNALS)), STATED: o.stated, DENIED: o.denied}, against)
        for read in tune
        for s, o, against in zip(read.points, read.opinions, read.row.against, strict=bool(read.opinions))
    ]
    if not pairs:
        return first, limit
    outer = fit_logistic([row for row, _ in pairs], [against for _, against in pairs], ridge=2.0)
    innocent = [row for row, against in pairs if not against]
    return first.stacked("first", outer), _rare(outer, innocent, 0.02)


def _fit_claims(reads: Sequence[Read]) -> tuple[Logistic, float]:
    pairs = [
        (_pick(signals, CLAIM_SIGNALS), repeated)
        for read in reads
        for signals, repeated in zip(read.claims, read.row.repeats, strict=True)
        if not signals[EXCUSED]
    ]
    model = fit_logistic([row for row, _ in pairs], [label for _, label in pairs], ridge=2.0)
    return model, _rare(model, [row for row, repeated in pairs if not repeated], 0.01)


def _fit_against(tune: Sequence[Read], derived: Sequence[Read]) -> tuple[Logistic, float]:
    """Against: hand labels; not against: covered points of the tune part and of whole answers."""
    pairs = [
        (_pick(signals, AGAINST_SIGNALS), against)
        for read in tune
        for signals, against, label in zip(read.points, read.row.against, read.row.labels, strict=True)
        if against or label
    ]
    calm = [_pick(signals, AGAINST_SIGNALS) for read in derived if read.row.kind == "full" for signals in read.points]
    model = fit_logistic(
        [*(row for row, _ in pairs), *calm], [*(a for _, a in pairs), *([False] * len(calm))], ridge=4.0
    )
    return model, _rare(model, [*(row for row, against in pairs if not against), *calm], 0.01)


def _rare(model: Logistic, innocent: Sequence[Mapping[str, float]], share: float) -> float:
    """A threshold that only `share` of the innocent rows reach."""
    chances = sorted((model.probability(row) for row in innocent), reverse=True)
    return round(min(0.95, max(0.3, chances[int(share * len(chances))] + 1e-4)), 4)


def _chances(model: Logistic, read: Read) -> list[float]:
    """Per key point; a model that weighs the language model's opinion needs a row with opinions."""
    if STATED not in model.weights:
        return [model.probability(_pick(signals, tuple(model.weights))) for signals in read.points]
    return [
        model.probability(_pick({**signals, STATED: o.stated, DENIED: o.denied}, tuple(model.weights)))
        for signals, o in zip(read.points, read.opinions, strict=True)
    ]


def _share(model: Logistic, read: Read, low: float, high: float) -> float:
    weights = [weight for _, weight in read.row.rubric.key_points]
    earned = [max(0.0, min(1.0, (chance - low) / (high - low))) for chance in _chances(model, read)]
    return sum(w * c for w, c in zip(weights, earned, strict=True)) / sum(weights)


def _regime(first: Logistic, judged: Logistic, low: float, high: float) -> dict[str, Any]:
    return {
        "without_model": first.as_json(),
        "with_model": judged.as_json(),
        "credit_from": low,
        "credit_to": high,
    }


def _fit_reference(scored: Mapping[str, Sequence[Read]]) -> tuple[dict[str, Any], Probe | None]:
    """Statements give the verdicts, the whole gives the score; the band is what examiners of unseen sets need."""
    points = _fit_points([read for reads in scored.values() for read in reads])
    parameters = {
        **_regime(points, points, 0.0, 1.0),
        "off_below": _OFF_BELOW,
        "crossed_off_below": _CROSSED_OFF_BELOW,
        "whole": fit_whole(list(scored.values())).as_json(),
        "band_without_model": unseen_band(scored, lambda rest: (fit_whole(list(rest.values())), None)),
    }
    if not have_states(scored):
        alike = {"whole_with_model": parameters["whole"], "band_with_model": parameters["band_without_model"]}
        return {**parameters, **alike}, None
    with_model, probe = fit_judged(scored)
    band_with_model = unseen_band(scored, fit_judged)
    return {**parameters, "band_with_model": band_with_model, "whole_with_model": with_model.as_json()}, probe


def _with_threshold(model: Logistic, threshold: float) -> dict[str, Any]:
    return {**model.as_json(), "threshold": threshold}


def _report(model: Logistic, reads: Sequence[Read]) -> dict[str, float]:
    pairs = [
        (chance, label) for read in reads for chance, label in zip(_chances(model, read), read.row.labels, strict=True)
    ]
    return {
        "attempts": len(reads),
        "key_points": len(pairs),
        "auc": round(area_under_curve([c for c, y in pairs if y == 1.0], [c for c, y in pairs if y == 0.0]), 4),
        "pearson": _pearson(model, reads, 0.15, 0.75),
    }


def _pearson(model: Logistic, reads: Sequence[Read], low: float = 0.0, high: float = 1.0) -> float:
    given = [_share(model, read, low, high) for read in reads]
    return round(float(numpy.corrcoef(given, [read.row.score for read in reads])[0, 1]), 4)
