"""Fits and measures the grader: python -m tutor eval grading [--write]

Key-point rubrics are fitted on the tune parts of data/attempts.yaml and data/rated.jsonl and on rows derived from the
bank; rubrics split from a reference on human-scored sets. Nothing is tuned on a test part.
"""

import json
import statistics
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy
from langchain_core.embeddings import Embeddings
from langchain_core.language_models import BaseChatModel

from tutor.domain import Entry, Rubric
from tutor.evaluation.agreement import Scored, balance, measures
from tutor.evaluation.ask_number import sample_positions
from tutor.evaluation.fit_written import TOUCHED_FROM, band, fit_written, left_out, read_row
from tutor.evaluation.grading_rows import Row, derived_rows, rated_rows, scored_rows, written_rows
from tutor.evaluation.logistic import Logistic, area_under_curve, fit_logistic
from tutor.evaluation.rated import load_rated
from tutor.grading.attempt import read_attempt, split_spans
from tutor.grading.calibration import JUDGE
from tutor.grading.evidence import MAX_EMBEDDED, Evidence, Reader, Statements, Units, find_evidence
from tutor.grading.judge import Judge
from tutor.grading.misconceptions import find_claims
from tutor.grading.whole import WHOLE_SIGNALS, read_whole
from tutor.grading.wording import read_wording

SCORED_SETS = (
    "sprag_ml", "sprag_python", "semeval13_beetle_5way", "saf_en_v2", "zh_le", "zh_ads.dev", "scientsbank_3way_train",
)  # fmt: skip
SCORED_ROWS = 300
_DERIVED_ENTRIES = 30
SIGNALS = (
    "similarity", "beyond_question", "recall", "recall_root", "local_recall", "room", "crossed", "chinese",
    "number_met", "number_rivalled", "negation", "antonym", "crossed_similarity", "contest",
)  # fmt: skip
CLAIM_SIGNALS = ("similarity", "margin", "over_correction", "over_claims", "recall", "own_recall", "negation", "antonym",
                 "distanced", "crossed")  # fmt: skip
AGAINST_SIGNALS = ("similarity", "negation", "antonym", "number_rivalled", "contest")
ROWS_A_SET = 300.0  # how much one human-scored set counts, however many rows it has
_BAND_SHARE = 0.8  # of examiners' scores that shall lie within the band


@dataclass(frozen=True)
class Read:
    """A row with the signals of each key point and misconception."""

    row: Row
    points: tuple[Mapping[str, float], ...]
    claims: tuple[Mapping[str, float], ...]
    judged: tuple[float | None, ...] = ()  # the chat model's opinion of each key point
    whole: Mapping[str, float] | None = None  # where the key points are pieces of a reference
    opinion: float | None = None  # the chat model's, of the whole


class RowReader:
    """Reads rows with the grader's own code; keeps the last rubrics' vectors."""

    def __init__(self, embeddings: Embeddings, model: BaseChatModel | None) -> None:
        self._reader = Reader(embeddings)
        self._judge = Judge(model) if model else None
        self._rubrics: OrderedDict[Rubric, Statements] = OrderedDict()

    def read(self, row: Row, *, judge: bool = False) -> Read | None:
        """None for an attempt without a sentence."""
        attempt = read_attempt(row.attempt)
        spans = split_spans(attempt)
        if not spans:
            return None
        if row.rubric not in self._rubrics:
            self._rubrics[row.rubric] = self._reader.read_rubric(row.rubric)
        statements = self._rubrics[row.rubric]
        units = self._reader.read_units(spans, attempt.text, statements)
        found = find_evidence(statements, units, {})
        points = tuple(evidence.signals for evidence in found)
        claims = tuple(claim.signals for claim in find_claims(statements, units))
        whole = self._whole(statements, units, found)
        return self.ask(Read(row, points, claims, whole=whole)) if judge else Read(row, points, claims, whole=whole)

    def ask(self, read: Read) -> Read:
        """The row with the chat model's opinion, of the key points or of the whole, where there is a model."""
        if self._judge is None:
            return read
        rubric, attempt = read.row.rubric, read_attempt(read.row.attempt).text
        if read.whole is not None:
            return replace(read, opinion=self._judge.whole_odds(rubric, attempt))
        return replace(read, judged=tuple(self._judge.point_odds(rubric, attempt, range(len(read.points)))))

    def bare_signals(self, reference: str, attempt: str) -> tuple[float, float]:
        """(e5 cosine, share of the reference's terms) of two texts: what the baselines know."""
        first, second = self._reader.embed([reference[:MAX_EMBEDDED], attempt[:MAX_EMBEDDED]])
        wanted, found = read_wording(reference).terms, read_wording(attempt).terms
        return float(first @ second), len(wanted & found) / max(1, len(wanted))

    def _whole(self, statements: Statements, units: Units, found: Sequence[Evidence]) -> Mapping[str, float] | None:
        if not len(statements.reference_vector):
            return None
        return read_whole(statements, units, found, self._reader.embed([units.text[:MAX_EMBEDDED]])[0])


def measure_grading(
    entries: Sequence[Entry], embeddings: Embeddings, shared: Path, model: BaseChatModel | None
) -> tuple[dict[str, Any], dict[str, Any]]:
    """(parameters in the form of calibration.json without provenance, report)."""
    reader = RowReader(embeddings, model)
    known = {entry.id: entry for entry in entries}
    rows = [*written_rows(known), *rated_rows(known, load_rated())]
    tune = [read for row in rows if row.split == "tune" and (read := reader.read(row, judge=True))]
    test = [read for row in rows if row.split == "test" and (read := reader.read(row))]
    held = {read.row.rubric.entry_id for read in test}
    free = [entry for entry in entries if entry.id not in held]
    derived = [read for row in derived_rows(free, _DERIVED_ENTRIES) if (read := reader.read(row))]
    key_points = _fit_points([*tune * 3, *derived])
    claims, claim_threshold = _fit_claims([*tune, *derived])
    against, against_threshold = _fit_against(tune, derived)
    whole, with_model = _written([*tune, *derived], (key_points, against, claims))
    parameters: dict[str, Any] = {
        "key_points": {**_regime(key_points, _fit_judged(key_points, tune), tune, 0.15, 0.75), **whole},
        "claims": _with_threshold(claims, claim_threshold),
        "contradiction": _with_threshold(against, against_threshold),
        "verdicts": {"covered_from": 0.6, "partial_from": 0.35},
        "off_topic_below": _off_topic(key_points, derived),
    }
    report: dict[str, Any] = {
        "own_test": _report(key_points, test),
        "own_tune": _report(key_points, tune) | {"score_pearson_left_out": with_model},
    }
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


def ask_sample(reader: RowReader, reads: Sequence[Read]) -> list[Read]:
    """A sample of a set, with the chat model's opinion of each attempt; rows without one are left out."""
    asked = (reader.ask(reads[position]) for position in sample_positions(len(reads)))
    return [read for read in asked if read.opinion is not None]


def read_scored(reader: RowReader, shared: Path) -> dict[str, list[Read]]:
    """The human-scored sets that are there, read; attempts without a sentence are left to the guards."""
    return {
        name: [read for _, row in scored_rows(shared, [name], SCORED_ROWS) if (read := reader.read(row))]
        for name in SCORED_SETS
        if (shared / f"{name}.jsonl").is_file()
    }


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


def write_calibration(parameters: dict[str, Any], report: dict[str, Any], *, embedder: str, model: str) -> Path:
    """Replaces tutor/grading/calibration.json."""
    provenance = {
        "fitted": datetime.now(UTC).date().isoformat(),
        "command": "python -m tutor eval grading --write",
        "embedder": embedder,
        "model": model,
        **report,
    }
    path = Path(str(files("tutor.grading").joinpath("calibration.json")))
    path.write_text(json.dumps({"provenance": provenance, **parameters}, indent=2) + "\n", encoding="utf-8")
    return path


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
    parameters = {**regime, "band_without_model": _unseen_band(sets, fit_whole), "whole": first.as_json()}
    if not all(asked):
        return {**parameters, "band_with_model": parameters["band_without_model"]}
    band = _unseen_band(asked, lambda rest: fit_whole_judged(first, rest))
    return {**parameters, "band_with_model": band, "whole_with_model": fit_whole_judged(first, asked).as_json()}


def _unseen_band(
    sets: Sequence[Sequence[Read]], fit: Callable[[Sequence[Sequence[Read]]], Logistic]
) -> dict[str, float]:
    errors = []
    for number, reads in enumerate(sets):
        model = fit([rest for other, rest in enumerate(sets) if other != number])
        errors += [abs(whole_score(model, read) - read.row.score) for read in reads]
    return {"floor": round(float(numpy.quantile(errors, _BAND_SHARE)), 4), "factor": 1.0}


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
