"""Fits and measures the grader: python -m tutor eval grading [--write]

Key-point rubrics are fitted on data/rated.jsonl, the tune part of data/attempts.yaml and rows derived from the bank, and
measured leaving questions out; rubrics split from a reference on human-scored sets, measured leaving sets out.
"""

import json
import statistics
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy
from langchain_core.embeddings import Embeddings
from langchain_core.language_models import BaseChatModel

from tutor.domain import Entry
from tutor.evaluation.fit_whole import fit_whole, fit_whole_judged, unseen_band, unseen_sets
from tutor.evaluation.fit_written import TOUCHED_FROM, band, fit_written, left_out, read_row
from tutor.evaluation.grading_reads import Read, RowReader, ask_sample, read_scored
from tutor.evaluation.grading_rows import derived_rows, rated_rows, written_rows
from tutor.evaluation.logistic import Logistic, area_under_curve, fit_logistic
from tutor.evaluation.rated import load_rated
from tutor.grading.calibration import JUDGE, Calibration, read_calibration

_DERIVED_ENTRIES = 30
_FOLDS = 8  # by question, for measuring on what was fitted on
SIGNALS = (
    "similarity", "beyond_question", "recall", "recall_root", "local_recall", "room", "crossed", "chinese",
    "number_met", "number_rivalled", "negation", "antonym", "crossed_similarity", "contest",
)  # fmt: skip
CLAIM_SIGNALS = ("similarity", "margin", "over_correction", "over_claims", "recall", "own_recall", "negation", "antonym",
                 "distanced", "crossed")  # fmt: skip
AGAINST_SIGNALS = ("similarity", "negation", "antonym", "number_rivalled", "contest")
_BAND_SHARE = 0.8  # of examiners' scores that shall lie within the band


@dataclass(frozen=True)
class Own:
    """The project's own attempts, read: those to fit on, those kept apart, and rows derived from the bank."""

    tune: tuple[Read, ...]
    test: tuple[Read, ...]
    derived: tuple[Read, ...]

    def without(self, entry_ids: Collection[str]) -> "Own":
        """Nothing of these entries."""
        parts = (self.tune, self.test, self.derived)
        return Own(*(tuple(read for read in part if read.row.rubric.entry_id not in entry_ids) for part in parts))


def read_own(reader: RowReader, entries: Sequence[Entry]) -> Own:
    """data/attempts.yaml, data/rated.jsonl and derived rows, none of them of an entry whose attempts are kept apart."""
    known = {entry.id: entry for entry in entries}
    rows = [*written_rows(known), *rated_rows(known, load_rated())]
    tune = [read for row in rows if row.split == "tune" and (read := reader.read(row, judge=True))]
    test = [read for row in rows if row.split == "test" and (read := reader.read(row))]
    held = {read.row.rubric.entry_id for read in test}
    free = [entry for entry in entries if entry.id not in held]
    derived = [read for row in derived_rows(free, _DERIVED_ENTRIES) if (read := reader.read(row))]
    return Own(tuple(tune), tuple(test), tuple(derived))


def fit_own(own: Own) -> tuple[dict[str, Any], dict[str, Any]]:
    """(parameters for rubrics with written key points, report)."""
    tune, derived = own.tune, own.derived
    key_points = _fit_points([*tune * 3, *derived])
    claims, claim_threshold = _fit_claims([*tune, *derived])
    against, against_threshold = _fit_against(tune, derived)
    whole, left = _written([*tune, *derived], (key_points, against, claims))
    parameters: dict[str, Any] = {
        "key_points": {**_regime(key_points, _fit_judged(key_points, tune), tune, 0.15, 0.75), **whole},
        "claims": _with_threshold(claims, claim_threshold),
        "contradiction": _with_threshold(against, against_threshold),
        "verdicts": {"covered_from": 0.6, "partial_from": 0.35},
        "off_topic_below": _off_topic(key_points, derived),
    }
    return parameters, {"own_tune": _report(key_points, tune) | {"score_pearson_left_out": left}}


def calibrations_left_out(own: Own, entry_ids: Sequence[str]) -> Iterator[tuple[frozenset[str], Calibration]]:
    """(entries, the shipped calibration with everything for written key points fitted without those entries), in folds."""
    shipped = json.loads(_place().read_text(encoding="utf-8"))
    ordered = sorted(set(entry_ids))
    for fold in range(_FOLDS):
        held = frozenset(ordered[fold::_FOLDS])
        yield held, read_calibration({**shipped, **fit_own(own.without(held))[0]})


def measure_grading(
    entries: Sequence[Entry], embeddings: Embeddings, shared: Path, model: BaseChatModel | None
) -> tuple[dict[str, Any], dict[str, Any]]:
    """(parameters in the form of calibration.json without provenance, report)."""
    reader = RowReader(embeddings, model)
    own = read_own(reader, entries)
    parameters, report = fit_own(own)
    report["own_test"] = _report(_read_logistic(parameters["key_points"]["without_model"]), own.test)
    scored = read_scored(reader, shared)
    if scored:
        parameters["reference"] = _reference(scored, [ask_sample(reader, reads) for reads in scored.values()])
        report |= unseen_sets(scored)
    return parameters, report


def _written(
    reads: Sequence[Read], models: tuple[Logistic, Logistic, Logistic]
) -> tuple[dict[str, Any], dict[str, float]]:
    """(parameters of the score with its bands, correlations with examiners of attempts left out)."""
    rows = [
        row for read in reads if (row := read_row(read.row, read.points, read.claims, read.judged, models)) is not None
    ]
    tested, without, judged = left_out(rows)
    truth = [row.score for row in tested]
    first, second = fit_written(rows)
    parameters = {
        "whole": first.as_json(),
        "whole_with_model": second.as_json(),
        "touched_from": TOUCHED_FROM,
        "band_without_model": band(tested, without, _BAND_SHARE),
        "band_with_model": band(tested, judged, _BAND_SHARE),
    }
    return parameters, {
        "without_model": round(float(numpy.corrcoef(truth, without)[0, 1]), 4),
        "with_model": round(float(numpy.corrcoef(truth, judged)[0, 1]), 4),
    }


def write_calibration(parameters: dict[str, Any], report: dict[str, Any], *, embedder: str, model: str) -> Path:
    """Replaces tutor/grading/calibration.json."""
    provenance = {
        "fitted": datetime.now(UTC).date().isoformat(),
        "command": "python -m tutor eval grading --write",
        "embedder": embedder,
        "model": model,
        **report,
    }
    path = _place()
    path.write_text(json.dumps({"provenance": provenance, **parameters}, indent=2) + "\n", encoding="utf-8")
    return path


def _place() -> Path:
    return Path(str(files("tutor.grading").joinpath("calibration.json")))


def _read_logistic(data: Mapping[str, Any]) -> Logistic:
    return Logistic(data["mean"], data["scale"], data["weights"], data["intercept"])


def _pick(signals: Mapping[str, float], names: Sequence[str]) -> dict[str, float]:
    return {name: signals[name] for name in names}


def _fit_points(reads: Sequence[Read]) -> Logistic:
    pairs = [
        (_pick(s, SIGNALS), label) for read in reads for s, label in zip(read.points, read.row.labels, strict=True)
    ]
    return fit_logistic([row for row, _ in pairs], [label for _, label in pairs], ridge=2.0)


def _fit_judged(first: Logistic, tune: Sequence[Read]) -> Logistic | None:
    """The first model's log-odds and the chat model's, weighed on the hand-labelled attempts."""
    pairs = [
        ({"first": first.log_odds(signals), JUDGE: odds}, label)
        for read in tune
        if read.judged
        for signals, odds, label in zip(read.points, read.judged, read.row.labels, strict=True)
        if odds is not None
    ]
    if len(pairs) < 20:
        return None
    both = fit_logistic([row for row, _ in pairs], [label for _, label in pairs], ridge=2.0)
    return first.stacked("first", both)


def _fit_claims(reads: Sequence[Read]) -> tuple[Logistic, float]:
    pairs = [
        (_pick(signals, CLAIM_SIGNALS), repeated)
        for read in reads
        for signals, repeated in zip(read.claims, read.row.repeats, strict=True)
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


def _off_topic(model: Logistic, derived: Sequence[Read]) -> float:
    """Most answers to another question stay below it; every answer to this one is above."""
    best = {
        kind: sorted(max(_chances(model, read)) for read in derived if read.row.kind == kind)
        for kind in ("other", "full")
    }
    return round(min(best["other"][int(0.6 * len(best["other"]))], best["full"][0] - 0.01, 0.2), 4)


def _chances(model: Logistic, read: Read) -> list[float]:
    """Per key point; a model that weighs the chat model's opinion needs a row with opinions."""
    odds = read.judged if JUDGE in model.weights else (None,) * len(read.points)
    return [
        model.probability(_pick({**signals, JUDGE: value or 0.0}, tuple(model.weights)))
        for signals, value in zip(read.points, odds, strict=True)
    ]


def _share(model: Logistic, read: Read, low: float, high: float) -> float:
    weights = [weight for _, weight in read.row.rubric.key_points]
    earned = [max(0.0, min(1.0, (chance - low) / (high - low))) for chance in _chances(model, read)]
    return sum(w * c for w, c in zip(weights, earned, strict=True)) / sum(weights)


def _regime(first: Logistic, judged: Logistic | None, reads: Sequence[Read], low: float, high: float) -> dict[str, Any]:
    return {
        "without_model": first.as_json(),
        "with_model": (judged or first).as_json(),
        "credit_from": low,
        "credit_to": high,
        "band_without_model": _band(first, reads, low, high),
        "band_with_model": _band(judged or first, reads, low, high),
    }


def _band(model: Logistic, reads: Sequence[Read], low: float, high: float) -> dict[str, float]:
    residuals = [abs(_share(model, read, low, high) - read.row.score) for read in reads]
    floor = max(0.05, round(statistics.median(residuals), 4))
    return {"floor": floor, "factor": round(float(numpy.quantile(residuals, _BAND_SHARE)) / floor, 3)}


def _reference(scored: Mapping[str, Sequence[Read]], asked: Sequence[Sequence[Read]]) -> dict[str, Any]:
    """Statements give the verdicts, the whole gives the score; the band is what examiners of unseen sets need."""
    sets = list(scored.values())
    regime = _regime(_fit_points([read for reads in sets for read in reads]), None, sets[0], 0.0, 1.0)
    first = fit_whole(sets)
    parameters = {**regime, "band_without_model": unseen_band(sets, fit_whole, _BAND_SHARE), "whole": first.as_json()}
    if not all(asked):
        return {**parameters, "band_with_model": parameters["band_without_model"]}
    band = unseen_band(asked, lambda rest: fit_whole_judged(first, rest), _BAND_SHARE)
    return {**parameters, "band_with_model": band, "whole_with_model": fit_whole_judged(first, asked).as_json()}


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
