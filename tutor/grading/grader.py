"""Grades an attempt: guards, then evidence per key point, then calibrated verdicts; the score is arithmetic on them.

The chat model is optional and only ever shifts a probability; text in an attempt cannot reach rubric or weights.
"""

import logging
import math
import threading
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean

from langchain_core.embeddings import Embeddings
from langchain_core.language_models import BaseChatModel

from tutor.domain import Grade, KeyPointGrade, RepeatedMisconception, Rubric
from tutor.errors import AttemptError, ModelError
from tutor.grading import guards
from tutor.grading.attempt import Attempt, Span, read_attempt
from tutor.grading.calibration import JUDGE, Calibration, Regime, load_calibration
from tutor.grading.evidence import MAX_EMBEDDED, Evidence, Reader, Statements, Units, find_evidence, similarity
from tutor.grading.feedback import write_feedback
from tutor.grading.judge import Judge
from tutor.grading.misconceptions import ClaimEvidence, find_claims
from tutor.grading.rubric import is_from_reference
from tutor.grading.whole import read_whole, read_written

_log = logging.getLogger(__name__)

GRADER_VERSION = "1.1"
CAP = 1.0  # what an attempt can get that a guard has caught
# Stated penalties, in points of ten: a confidently wrong claim costs what a light key point earns.
MISCONCEPTION_PENALTY = 1.0
CONTRADICTION_PENALTY = 0.5
MAX_PENALTY = 3.0
_DOUBTFUL_GAP = 2.5  # points of ten
MAX_JUDGED = 8  # key points that the model is asked about, the likeliest first: each question takes up to a second
_REMEMBERED = 64  # rubrics whose vectors are kept


@dataclass(frozen=True)
class _Finding:
    """One key point, judged."""

    evidence: Evidence
    probability: float  # that the attempt states it
    contradicted: bool


class Grader:
    """Grades attempts with one embedder and perhaps one chat model. Thread-safe; the same attempt gets the same grade."""

    def __init__(
        self,
        embeddings: Embeddings,
        chat_model: BaseChatModel | None = None,
        calibration: Calibration | None = None,
    ) -> None:
        self._reader = Reader(embeddings)
        self._calibration = calibration or load_calibration()
        # Where the fit gave the model's opinion no weight, asking for it would only cost time.
        self._judge = Judge(chat_model) if chat_model is not None and self._calibration.asks_model else None
        self._rubrics: OrderedDict[Rubric, Statements] = OrderedDict()
        self._lock = threading.RLock()

    @property
    def version(self) -> str:
        """Stored with every grade: method, date of the parameters, and whether a chat model took part."""
        return f"{GRADER_VERSION}+{self._calibration.fitted}{'+model' if self._judge else ''}"

    def prepare(self, rubric: Rubric, draft: str = "") -> None:
        """Does what can be done before the attempt is there: embeds the rubric, has the model read question and draft.

        A model that does not answer is logged and left out, as in `grade`.
        """
        _check(rubric)
        with self._lock:
            self._statements(rubric)
            if self._judge and self._calibration.regime(rubric).asks_model:
                try:
                    self._judge.read_ahead(rubric, draft)
                except ModelError as error:
                    _log.warning("grading without the chat model: %s", error)

    def grade(self, rubric: Rubric, attempt: str) -> Grade:
        """The grade of an attempt. Raises AttemptError when the rubric has no key points or impossible weights."""
        _check(rubric)
        read = read_attempt(attempt)
        inspection = guards.inspect_attempt(read, rubric)
        if inspection.guard:
            return self._capped(rubric, inspection.guard, inspection.set_aside)
        with self._lock:
            return self._grade_spans(rubric, read, inspection)

    def _grade_spans(self, rubric: Rubric, attempt: Attempt, inspection: guards.Inspection) -> Grade:
        calibration, regime = self._calibration, self._calibration.regime(rubric)
        statements = self._statements(rubric)
        units = self._reader.read_units(inspection.spans, attempt.text, statements)
        told = find_claims(statements, units)
        claims = self._repeated(told)
        plain = find_evidence(statements, units, {})
        found = find_evidence(statements, units, _barred(statements, units, list(claims.values()))) if claims else plain
        first = [regime.without_model.probability(evidence.signals) for evidence in found]
        # What was set aside must not reach the model; else it reads the attempt as it has read the draft.
        text = units.text if inspection.set_aside else attempt.text
        opinions = self._opinions(rubric, regime, text, first)
        findings = self._findings(regime, found, first, opinions)
        # Whoever repeats a mistake that circulates about the topic is on topic, though its sentences were barred above.
        if not claims and is_off_topic(findings, calibration):
            return self._capped(rubric, guards.OFF_TOPIC, inspection.set_aside)
        points = self._points(rubric, attempt, findings, _contradicting(statements, claims))
        repeated = tuple(
            RepeatedMisconception(*rubric.misconceptions[number], evidence=_quote(attempt, claim.span))
            for number, claim in claims.items()
        )
        if is_from_reference(rubric):
            opinion = self._opinion(rubric, regime, text)
            signals = self._read_whole(statements, units, found)
        else:
            opinion = fmean(opinions.values()) if opinions else None
            signals = self._read_written(rubric, regime, plain, told)
        score = _score(regime, signals, opinion, points, len(repeated))
        guard = guards.COPIED_REFERENCE if guards.is_copy_of_reference(units.text, rubric) else None
        return Grade(
            score=score,
            band=_band(score, points, regime, judged=opinion is not None),
            key_points=points,
            misconceptions=repeated,
            feedback=write_feedback(
                rubric, points, repeated, guard, inspection.set_aside, doubtful=_is_doubtful(score, points, regime)
            ),
            grader_version=self.version,
            guard=guard,
        )

    def _statements(self, rubric: Rubric) -> Statements:
        if rubric not in self._rubrics:
            self._rubrics[rubric] = self._reader.read_rubric(rubric)
            if len(self._rubrics) > _REMEMBERED:
                self._rubrics.popitem(last=False)
        self._rubrics.move_to_end(rubric)
        return self._rubrics[rubric]

    def _repeated(self, told: Sequence[ClaimEvidence]) -> Mapping[int, ClaimEvidence]:
        """The misconceptions that the attempt repeats, by their position in the rubric."""
        calibration = self._calibration
        return {
            number: claim
            for number, claim in enumerate(told)
            if calibration.claims.probability(claim.signals) >= calibration.claim_threshold
        }

    def _findings(
        self, regime: Regime, found: Sequence[Evidence], first: Sequence[float], opinions: Mapping[int, float]
    ) -> list[_Finding]:
        findings = []
        for number, (evidence, probability) in enumerate(zip(found, first, strict=True)):
            if number in opinions:
                probability = regime.with_model.probability({**evidence.signals, JUDGE: opinions[number]})
            against = self._calibration.contradiction.probability(evidence.signals)
            contradicted = against >= self._calibration.contradiction_threshold
            findings.append(_Finding(evidence, round(probability, 4), contradicted))
        return findings

    def _opinions(self, rubric: Rubric, regime: Regime, attempt: str, first: Sequence[float]) -> dict[int, float]:
        """The model's opinion on the likeliest key points, none where it has none or cannot be asked."""
        if self._judge is None or JUDGE not in regime.with_model.weights:  # an opinion without weight costs seconds
            return {}
        asked = sorted(sorted(range(len(first)), key=lambda number: -first[number])[:MAX_JUDGED])
        try:
            odds = self._judge.point_odds(rubric, attempt, asked)
        except ModelError as error:
            _log.warning("grading without the chat model: %s", error)
            return {}
        return {number: value for number, value in zip(asked, odds, strict=True) if value is not None}

    def _opinion(self, rubric: Rubric, regime: Regime, attempt: str) -> float | None:
        """The model's opinion on the whole attempt; None where it has none or cannot be asked."""
        if self._judge is None or regime.whole_with_model is None:
            return None
        try:
            return self._judge.whole_odds(rubric, attempt)
        except ModelError as error:
            _log.warning("grading without the chat model: %s", error)
            return None

    def _points(
        self, rubric: Rubric, attempt: Attempt, findings: Sequence[_Finding], against: Mapping[int, Span]
    ) -> tuple[KeyPointGrade, ...]:
        points = []
        for number, (finding, (text, weight)) in enumerate(zip(findings, rubric.key_points, strict=True)):
            verdict = self._calibration.verdict(finding.probability)
            span = finding.evidence.span
            if number in against and verdict != "covered":
                verdict, span = "contradicted", against[number]
            elif finding.contradicted and verdict != "missed":
                verdict = "contradicted"
            covered = min(finding.probability, 0.1) if verdict == "contradicted" else finding.probability
            quote = _quote(attempt, span) if span and verdict != "missed" else None
            points.append(KeyPointGrade(text, weight, covered, verdict, quote))
        return tuple(points)

    def _read_whole(self, statements: Statements, units: Units, found: Sequence[Evidence]) -> Mapping[str, float]:
        vector = self._reader.embed([units.text[:MAX_EMBEDDED]])[0]
        return read_whole(statements, units, found, vector)

    def _read_written(
        self, rubric: Rubric, regime: Regime, found: Sequence[Evidence], told: Sequence[ClaimEvidence]
    ) -> Mapping[str, float]:
        calibration = self._calibration
        return read_written(
            [weight for _, weight in rubric.key_points],
            [regime.without_model.probability(evidence.signals) for evidence in found],
            [calibration.contradiction.probability(evidence.signals) for evidence in found],
            [calibration.claims.probability(claim.signals) for claim in told],
            found,
        )

    def _capped(self, rubric: Rubric, guard: str, set_aside: Sequence[str]) -> Grade:
        points = tuple(KeyPointGrade(text, weight, 0.0, "missed", None) for text, weight in rubric.key_points)
        return Grade(
            score=0.0,
            band=(0.0, CAP),
            key_points=points,
            misconceptions=(),
            feedback=write_feedback(rubric, points, (), guard, set_aside),
            grader_version=self.version,
            guard=guard,
        )


def is_off_topic(findings: Sequence[_Finding], calibration: Calibration) -> bool:
    """Whether no key point is even touched: the best of them stays below the calibrated mark."""
    return max(finding.probability for finding in findings) < calibration.off_topic_below


def _check(rubric: Rubric) -> None:
    if not rubric.key_points:
        raise AttemptError("Rubric: expected at least one key point, found none. Say what a good answer contains.")
    for text, weight in rubric.key_points:
        if not text.strip() or not (math.isfinite(weight) and weight > 0):
            raise AttemptError(
                f"Rubric: expected key points with text and a positive weight, found {text[:40]!r} with {weight}."
            )


def _barred(statements: Statements, units: Units, claims: Sequence[ClaimEvidence]) -> dict[int, list[int]]:
    """Units that assert a wrong claim are no evidence for the key points that they resemble less than the claim."""
    closed: dict[int, list[int]] = {}
    for claim in claims:
        inside = [number for number, span in enumerate(units.spans) if _overlaps(span, claim.span)]
        near = max(
            similarity(units.vectors[[claim.unit]], vector, statements.background)[0]
            for vector in statements.claim_vectors
        )
        for point, vector in enumerate(statements.vectors):
            if similarity(units.vectors[[claim.unit]], vector, statements.background)[0] < near:
                closed[point] = sorted({*closed.get(point, []), *inside})
    return closed


def _contradicting(statements: Statements, claims: Mapping[int, ClaimEvidence]) -> dict[int, Span]:
    """For each repeated misconception the key point that its correction comes nearest to, with the span that errs."""
    against: dict[int, Span] = {}
    for number, claim in claims.items():
        correction = statements.correction_vectors[number] + statements.claim_vectors[number]
        nearest = int((statements.vectors @ correction).argmax())
        against.setdefault(nearest, claim.span)
    return against


def _overlaps(first: Span, second: Span) -> bool:
    return first.start < second.end and second.start < first.end


def _quote(attempt: Attempt, span: Span) -> str:
    return attempt.quote(span.start, span.end)


def _score(
    regime: Regime,
    signals: Mapping[str, float],
    opinion: float | None,
    points: Sequence[KeyPointGrade],
    misconceptions: int,
) -> float:
    """0..10: by the fitted model of the whole, or by weighted key points minus the stated penalties."""
    if regime.whole is None:
        earned = _credited(points, regime)
        contradictions = sum(point.verdict == "contradicted" for point in points)
        penalty = MISCONCEPTION_PENALTY * misconceptions + CONTRADICTION_PENALTY * max(
            0, contradictions - misconceptions
        )
        return round(max(0.0, 10.0 * earned - min(MAX_PENALTY, penalty)), 1)
    if opinion is None or regime.whole_with_model is None:
        earned = regime.whole.probability(signals)
    else:
        earned = regime.whole_with_model.probability({**signals, JUDGE: opinion})
    return round(10.0 * earned * _touched(regime, points), 1)


def _touched(regime: Regime, points: Sequence[KeyPointGrade]) -> float:
    """Share of the score that is left to an attempt that hardly speaks of any key point."""
    return min(1.0, max(point.covered for point in points) / regime.touched_from) if regime.touched_from else 1.0


def _credited(points: Sequence[KeyPointGrade], regime: Regime) -> float:
    """Share of the weights that the verdicts earn, 0..1."""
    return sum(point.weight * _credit(point, regime) for point in points) / sum(point.weight for point in points)


def _is_doubtful(score: float, points: Sequence[KeyPointGrade], regime: Regime) -> bool:
    """Whether the score lies so far below what the key points earn that the learner must be told why."""
    return regime.touched_from > 0.0 and 10.0 * _credited(points, regime) - score >= _DOUBTFUL_GAP


def _credit(point: KeyPointGrade, regime: Regime) -> float:
    return 0.0 if point.verdict == "contradicted" else regime.credit(point.covered)


def _band(score: float, points: Sequence[KeyPointGrade], regime: Regime, *, judged: bool) -> tuple[float, float]:
    """Score plus and minus the calibrated multiple of its standard error, within 0 and 10."""
    band = regime.band_with_model if judged else regime.band_without_model
    variance = _variance(points) if regime.touched_from else 0.0  # a score off a whole reference is no sum of verdicts
    half = 10.0 * band.factor * math.sqrt(band.floor**2 + variance)
    return round(max(0.0, score - half), 1), round(min(10.0, score + half), 1)


def _variance(points: Sequence[KeyPointGrade]) -> float:
    """Of the weighted mean of independent yes/no verdicts."""
    total = sum(point.weight for point in points)
    return sum((point.weight / total) ** 2 * point.covered * (1.0 - point.covered) for point in points)
