"""Grades an attempt: guards, then evidence per key point, then calibrated verdicts; the score is arithmetic on them.

The language model is optional and only ever shifts a probability; text in an attempt cannot reach rubric or weights.
"""

import logging
import math
import threading
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from langchain_core.embeddings import Embeddings

from tutor.domain import LOCAL_LEARNER, Grade, KeyPointGrade, RepeatedMisconception, Rubric
from tutor.entailment.likeness import MAX_EMBEDDED
from tutor.errors import AttemptError, ModelError
from tutor.grading import guards
from tutor.grading.calibration import AGREED, DENIED, STATED, Calibration, Regime
from tutor.grading.drafts import Drafts
from tutor.grading.evidence import Evidence, Reader, Statements, Units, find_evidence
from tutor.grading.feedback import write_feedback, write_spoken
from tutor.grading.judge import Judge, Opinion, StateReader
from tutor.grading.misconceptions import ClaimEvidence, barred_units, chance, contradicted_points, find_claims
from tutor.grading.probes import Probes
from tutor.grading.proof import find_proofs
from tutor.grading.recited import Recited, find_recited
from tutor.grading.score import band, is_doubtful, strays, total
from tutor.grading.topic import Topics, topic_signals
from tutor.grading.whole import read_whole, read_written
from tutor.text.spans import Cleaned, Span, clean_with_origins

_log = logging.getLogger(__name__)

GRADER_VERSION = "1.9"
CAP = 1.0  # what an attempt can get that a guard has caught
MAX_JUDGED = 8  # key points that the model is asked about, the likeliest first: each question takes up to a second
_REMEMBERED = 64  # rubrics whose vectors are kept
# A misconception need not deny any key point, but some key point is always nearest to its correction. Of 31 rated attempts
# where that one was denied this turns away one, of 11 where it was not five (decision 0012).
_HARDLY = 0.1


@dataclass(frozen=True)
class _Finding:
    """One key point, judged."""

    evidence: Evidence
    probability: float  # that the attempt states it
    against: float  # that it says something that denies it
    contradicted: bool  # by the calibrated threshold
    is_heard: bool  # by the language model, which tells a denied key point from one that nobody spoke of

    @property
    def is_hardly_denied(self) -> bool:
        """Whether the language model heard nothing that denies it."""
        return self.is_heard and self.against < _HARDLY


class Grader:
    """Grades attempts with one embedder and perhaps a truncated language model that reads them, too.

    Thread-safe; the same attempt gets the same grade.
    """

    def __init__(
        self,
        embeddings: Embeddings,
        states: StateReader | None,
        calibration: Calibration,
        probes: Probes,
        topics: Topics | None = None,
    ) -> None:
        self._reader = Reader(embeddings, topics)
        self._calibration = calibration
        # Where the fit gave the model's opinion no weight, asking for it would only cost time.
        asked = states if self._calibration.asks_model else None
        self._judge = Judge(asked, probes) if asked is not None else None
        self._rubrics: OrderedDict[Rubric, Statements] = OrderedDict()
        self._drafts = Drafts()
        self._lock = threading.RLock()

    @property
    def version(self) -> str:
        """Stored with every grade: method, date of the parameters, and whether a language model took part."""
        return f"{GRADER_VERSION}+{self._calibration.fitted}{'+model' if self._judge else ''}"

    def prepare(self, rubric: Rubric, draft: str = "", learner: str = LOCAL_LEARNER) -> None:
        """Does what can be done before the attempt is there: embeds the rubric, has the model read question and key points,
        then what the draft says of them.

        Does nothing while there is little new, and ends early when an attempt of the learner waits to be graded. A model that does not
        answer is logged and left out, as in `grade`.
        """
        _check(rubric)
        with self._lock:
            read, is_news = clean_with_origins(draft), self._drafts.is_news(learner, rubric, draft)
            rubric = self._reader.nearest(rubric, read.text)
            statements, regime = self._statements(rubric), self._calibration.regime(rubric)
            if self._judge is None or not regime.asks_model or not is_news:
                return
            spans = guards.inspect_attempt(read, rubric).spans
            if rubric.from_reference:
                self._agreed(rubric, regime, read.text)
                return
            said = dict.fromkeys(range(min(len(rubric.key_points), MAX_JUDGED)), "")
            if spans:
                units = self._reader.read_units(spans, read.text, statements)
                said = self._asked(regime, find_evidence(statements, units, {}))
        for number, text in said.items():
            if not self._drafts.may_go_on(learner):
                return
            with self._lock:
                if not self._ask(rubric, {number: text}):
                    return

    def grade(self, rubric: Rubric, attempt: str, learner: str = LOCAL_LEARNER) -> Grade:
        """The grade of an attempt. Raises AttemptError when the rubric has no key points or impossible weights."""
        _check(rubric)
        read = clean_with_origins(attempt)
        inspection = guards.inspect_attempt(read, rubric)
        if inspection.guard:
            return self._capped(rubric, inspection.guard, inspection.set_aside)
        with self._drafts.attempt(learner, self._lock):
            rubric = self._reader.nearest(rubric, read.text)
            return self._grade_spans(rubric, read, inspection)

    def _grade_spans(self, rubric: Rubric, attempt: Cleaned, inspection: guards.Inspection) -> Grade:
        regime = self._calibration.regime(rubric)
        statements = self._statements(rubric)
        units = self._reader.read_units(inspection.spans, attempt.text, statements)
        recited = find_recited(rubric, units.sentences)
        told = find_claims(statements, units)
        claims = self._repeated(told, recited)
        plain = find_evidence(statements, units, {})
        barred = barred_units(statements, units, list(claims.values()))
        found = find_evidence(statements, units, barred) if barred else plain
        whole = self._read_whole(statements, units, found) if rubric.from_reference else {}
        # Whoever repeats a mistake that circulates about the topic is on topic.
        kept = 1.0 if claims or guards.is_short_answer(units.text, rubric) else self._kept(regime, plain, whole)
        if not kept:
            return self._capped(rubric, guards.OFF_TOPIC, inspection.set_aside)
        opinions = self._opinions(rubric, regime, plain)
        findings = self._findings(regime, found, opinions, recited, kept)
        points = self._points(rubric, attempt, findings, contradicted_points(statements, claims))
        repeated = tuple(
            RepeatedMisconception(*rubric.misconceptions[number], evidence=_quote(attempt, claim.span))
            for number, claim in claims.items()
        )
        if rubric.from_reference:
            # What was set aside must not reach the model; else it reads the attempt as it has read the draft.
            agreed = self._agreed(rubric, regime, units.text if inspection.set_aside else attempt.text)
            judged = agreed is not None
            signals: Mapping[str, float] = {**whole, AGREED: agreed or 0.0}
        else:
            judged = bool(opinions)
            signals = self._read_written(rubric, regime, plain, told, opinions, recited)
        score = total(regime, signals, kept, judged=judged)
        guard = guards.COPIED_REFERENCE if guards.is_copy_of_reference(units.text, rubric) else None
        return Grade(
            score=score,
            band=band(score, points, regime, judged=judged),
            key_points=points,
            misconceptions=repeated,
            feedback=write_feedback(
                rubric,
                points,
                repeated,
                guard,
                inspection.set_aside,
                doubtful=is_doubtful(score, points, regime),
                strays=strays(regime, signals, kept, judged=judged),
            ),
            grader_version=self.version,
            guard=guard,
            spoken=write_spoken(rubric),
        )

    def _kept(self, regime: Regime, found: Sequence[Evidence], whole: Mapping[str, float]) -> float:
        """What the attempt keeps of its score and key points for being about the question, 0..1; `whole` has the signals of
        an attempt at a bare reference.

        Neighbouring questions share their words, and examiners' sets hold such: beside a bare reference, an attempt is off
        topic only when it is hardly like any text about the subject.
        """
        signals = [evidence.signals for evidence in found]
        if regime.is_written:
            return self._calibration.topic.share(topic_signals(signals))
        return float(whole["cosine"] >= self._calibration.off_topic.below(crossed=signals[0]["crossed"] > 0))

    def _statements(self, rubric: Rubric) -> Statements:
        if rubric not in self._rubrics:
            self._rubrics[rubric] = self._reader.read_rubric(rubric)
            if len(self._rubrics) > _REMEMBERED:
                self._rubrics.popitem(last=False)
        self._rubrics.move_to_end(rubric)
        return self._rubrics[rubric]

    def _repeated(self, told: Sequence[ClaimEvidence], recited: Recited) -> Mapping[int, ClaimEvidence]:
        """The misconceptions that the attempt repeats, by their position in the rubric."""
        limit = self._calibration.claims.threshold
        return {number: claim for number, claim in enumerate(told) if self._claimed(claim, recited) >= limit}

    def _claimed(self, claim: ClaimEvidence, recited: Recited) -> float:
        """Probability that the misconception is repeated."""
        return 0.0 if recited.holds(claim.span) else chance(self._calibration.claims, claim.signals)

    def _findings(
        self,
        regime: Regime,
        found: Sequence[Evidence],
        opinions: Mapping[int, Opinion],
        recited: Recited,
        kept: float,
    ) -> list[_Finding]:
        calibration, findings = self._calibration, []
        for number, evidence in enumerate(found):
            opinion = opinions.get(number)
            probability, against = self._chances(regime, number, evidence, opinion, recited)
            denied = calibration.contradiction if opinion is None else calibration.contradiction_with_model
            stated = round(kept * probability, 4)
            # What is about something else can sound like a denial of a key point that it does not speak of.
            contradicted = kept * against >= denied.threshold
            findings.append(_Finding(evidence, stated, against, contradicted, opinion is not None))
        return findings

    def _chances(
        self, regime: Regime, number: int, evidence: Evidence, opinion: Opinion | None, recited: Recited
    ) -> tuple[float, float]:
        """Probabilities that the key point is stated, and that it is denied; a sentence of the reference denies none, and
        one that proves the key point has stated it."""
        calibration = self._calibration
        if opinion is None:
            signals, stated, denied = evidence.signals, regime.without_model, calibration.contradiction
        else:
            signals = {**evidence.signals, STATED: opinion.stated, DENIED: opinion.denied}
            stated, denied = regime.with_model, calibration.contradiction_with_model
        least = calibration.covered_from if number in recited.points else 0.0
        against = 0.0 if recited.holds(evidence.span) else denied.probability(signals)
        return max(least, stated.probability(signals)), against

    def _opinions(self, rubric: Rubric, regime: Regime, found: Sequence[Evidence]) -> dict[int, Opinion]:
        """The model's opinion on the likeliest key points, none where it has no weight or cannot be asked."""
        if self._judge is None or STATED not in regime.with_model.weights:
            return {}
        return self._ask(rubric, self._asked(regime, found))

    def _asked(self, regime: Regime, found: Sequence[Evidence]) -> dict[int, str]:
        """What was said of each key point that the model is asked about."""
        first = [regime.without_model.probability(evidence.signals) for evidence in found]
        asked = sorted(sorted(range(len(first)), key=lambda number: -first[number])[:MAX_JUDGED])
        return {number: found[number].said for number in asked}

    def _ask(self, rubric: Rubric, said: Mapping[int, str]) -> dict[int, Opinion]:
        assert self._judge
        try:
            return {number: self._judge.point(rubric, number, text) for number, text in said.items()}
        except ModelError as error:
            _log.warning("grading without the language model: %s", error)
            return {}

    def _agreed(self, rubric: Rubric, regime: Regime, attempt: str) -> float | None:
        """The model's opinion on the whole attempt; None where it has none or cannot be asked."""
        if self._judge is None or AGREED not in regime.whole_with_model.weights:
            return None
        try:
            return self._judge.whole(rubric, attempt)
        except ModelError as error:
            _log.warning("grading without the language model: %s", error)
            return None

    def _points(
        self, rubric: Rubric, attempt: Cleaned, findings: Sequence[_Finding], against: Mapping[int, Span]
    ) -> tuple[KeyPointGrade, ...]:
        points, denied, proofs = [], _denied(findings), find_proofs(rubric)
        for number, (finding, (text, weight)) in enumerate(zip(findings, rubric.key_points, strict=True)):
            verdict = self._calibration.verdict(finding.probability)
            span = finding.evidence.span
            if number in against and verdict != "covered" and not finding.is_hardly_denied:
                verdict, span = "contradicted", against[number]
            elif finding.contradicted and (finding.is_heard or verdict != "missed"):
                verdict = "contradicted" if number in denied else "missed"
            is_denied = verdict == "contradicted" or (finding.contradicted and verdict == "missed")
            covered = min(finding.probability, 0.1) if is_denied else finding.probability
            quote = _quote(attempt, span) if span and verdict != "missed" else None
            points.append(KeyPointGrade(text, weight, covered, verdict, quote, proofs[number]))
        return tuple(points)

    def _read_whole(self, statements: Statements, units: Units, found: Sequence[Evidence]) -> Mapping[str, float]:
        vector = self._reader.likeness.embed([units.text[:MAX_EMBEDDED]])[0]
        return read_whole(statements, units, found, vector)

    def _read_written(
        self,
        rubric: Rubric,
        regime: Regime,
        found: Sequence[Evidence],
        told: Sequence[ClaimEvidence],
        opinions: Mapping[int, Opinion],
        recited: Recited,
    ) -> Mapping[str, float]:
        chances = [
            self._chances(regime, number, evidence, opinions.get(number), recited)
            for number, evidence in enumerate(found)
        ]
        return read_written(
            [weight for _, weight in rubric.key_points],
            [stated for stated, _ in chances],
            [denied for _, denied in chances],
            [self._claimed(claim, recited) for claim in told],
            found,
            judged=bool(opinions),
        )

    def _capped(self, rubric: Rubric, guard: str, set_aside: Sequence[str]) -> Grade:
        points = tuple(
            KeyPointGrade(text, weight, 0.0, "missed", None, proof)
            for (text, weight), proof in zip(rubric.key_points, find_proofs(rubric), strict=True)
        )
        return Grade(
            score=0.0,
            band=(0.0, CAP),
            key_points=points,
            misconceptions=(),
            feedback=write_feedback(rubric, points, (), guard, set_aside),
            grader_version=self.version,
            guard=guard,
            spoken=write_spoken(rubric),
        )


def _denied(findings: Sequence[_Finding]) -> set[int]:
    """The contradicted key points that are shown as such: one sentence is held against the one it most surely denies.

    A sentence that is wrong makes the model doubt all it is read beside, also what it does not speak of.
    """
    surest: dict[Span | None, int] = {}
    for number, finding in enumerate(findings):
        if finding.contradicted:
            best = surest.setdefault(finding.evidence.span, number)
            if finding.against > findings[best].against:
                surest[finding.evidence.span] = number
    return set(surest.values())


def _check(rubric: Rubric) -> None:
    if not rubric.key_points:
        raise AttemptError("grading.no_key_points")
    for text, weight in rubric.key_points:
        if not text.strip() or not (math.isfinite(weight) and weight > 0):
            raise AttemptError("grading.no_weight", key_point=text[:40], weight=weight)


def _quote(attempt: Cleaned, span: Span) -> str:
    return attempt.quote(span.start, span.end)
