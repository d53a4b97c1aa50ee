"""The two ways to score what was compared: by key points that an examiner wrote, or by a bare reference answer.

Both give verdicts on statements alike. They differ in what is on topic, what the language model is asked, and what the
score is read off.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from tutor.domain import Grade, KeyPointGrade, RepeatedMisconception
from tutor.grading import guards
from tutor.grading.calibration import (
    AGREED,
    CLAIMED,
    DENIED,
    OTHERS_DENIED,
    OTHERS_STATED,
    STATED,
    Calibration,
    Regime,
)
from tutor.grading.compare import Comparison, Evidence
from tutor.grading.feedback import write_feedback, write_spoken
from tutor.grading.judge import Judge, Opinion, of_the_others
from tutor.grading.score import band, is_doubtful, read_written, strays, total
from tutor.grading.topic import topic_signals
from tutor.text.spans import Span

MAX_JUDGED = 8  # key points that the model is asked about, the likeliest first: each question takes up to a second
# Below this the misconception denies no key point, though some key point is always nearest to its correction (0012).
_HARDLY = 0.1


@dataclass(frozen=True)
class Heard:
    """What the language model made of an attempt; nothing where it was not asked or could not be."""

    opinions: Mapping[int, Opinion]  # on key points, by position
    agreed: float | None = None  # on the whole

    @property
    def is_something(self) -> bool:
        return bool(self.opinions) or self.agreed is not None


def opinion_signals(opinions: Mapping[int, Opinion], claimed: Sequence[float]) -> dict[int, dict[str, float]]:
    """By key point that there is an opinion on: this opinion, in the mean those on the attempt's other ones, and the
    likeliest of the misconceptions (`claimed`: probability of each), by the names that the fits know."""
    others, likeliest = of_the_others(opinions), max(claimed, default=0.0)
    return {
        number: {
            STATED: own.stated,
            DENIED: own.denied,
            OTHERS_STATED: others[number].stated,
            OTHERS_DENIED: others[number].denied,
            CLAIMED: likeliest,
        }
        for number, own in opinions.items()
    }


@dataclass(frozen=True)
class Finding:
    """One key point, judged."""

    span: Span | None  # of the attempt, that comes nearest
    accused: Span | None  # of the attempt, what is quoted where the key point is denied
    probability: float  # that the attempt states it
    against: float  # that it says something that denies it
    contradicted: bool  # so surely that it is shown
    is_heard: bool  # by the language model, which tells a denied key point from one that nobody spoke of

    @property
    def is_hardly_denied(self) -> bool:
        """Whether the language model heard nothing that denies it."""
        return self.is_heard and self.against < _HARDLY


class Scorer(ABC):
    """Scores attempts of one regime; `version` goes into each grade."""

    def __init__(self, calibration: Calibration, regime: Regime, version: str) -> None:
        self._calibration = calibration
        self._regime = regime
        self._version = version

    @abstractmethod
    def kept(self, compared: Comparison) -> float:
        """What the attempt keeps of its score and key points for being about the question, 0..1."""

    @abstractmethod
    def hear(self, judge: Judge, compared: Comparison) -> Heard:
        """What the language model makes of the attempt."""

    @abstractmethod
    def signals(self, compared: Comparison, heard: Heard) -> Mapping[str, float]:
        """What the score is read off."""

    def grade(self, compared: Comparison, heard: Heard, kept: float) -> Grade:
        """The grade of what was compared and heard, of which it keeps `kept`."""
        regime, reading, judged = self._regime, compared.reading, heard.is_something
        expected, graded = reading.statements.expected, reading.units.graded
        points = self._points(compared, self._findings(compared, heard, kept))
        repeated = tuple(
            RepeatedMisconception(wrong.claim, wrong.correction, reading.quote(found.span), wrong.id)
            for number, found in compared.repeated.items()
            for wrong in [expected.rubric.misconceptions[number]]
        )
        signals = self.signals(compared, heard)
        score = total(regime, signals, kept, judged=judged)
        reach = band(score, points, regime, judged=judged)
        doubtful = is_doubtful(score, points, regime)
        is_lower_for_straying = strays(regime, signals, kept, judged=judged)
        guard = guards.COPIED_REFERENCE if guards.is_copy_of_reference(graded, expected) else None
        return Grade(
            score=score,
            band=reach,
            key_points=points,
            misconceptions=repeated,
            feedback=write_feedback(
                expected.rubric,
                points,
                repeated,
                guard,
                reading.set_aside,
                doubtful=doubtful,
                strays=is_lower_for_straying,
            ),
            grader_version=self._version,
            guard=guard,
            spoken=write_spoken(expected.rubric),
        )

    def _findings(self, compared: Comparison, heard: Heard, kept: float) -> list[Finding]:
        calibration, findings = self._calibration, []
        for number, (probability, against) in enumerate(self._chances(compared, compared.found, heard)):
            evidence, is_heard = compared.found[number], number in heard.opinions
            stated = round(kept * probability, 4)
            # What is about something else can sound like a denial of a key point that it does not speak of. Without the
            # language model nothing but a misconception proves a denial: opposite words alone were wrong more often than right.
            contradicted = is_heard and kept * against >= calibration.contradiction_with_model.threshold
            findings.append(Finding(evidence.span, evidence.accused, stated, against, contradicted, is_heard))
        return findings

    def _chances(self, compared: Comparison, found: Sequence[Evidence], heard: Heard) -> Iterator[tuple[float, float]]:
        """Probabilities that each key point is stated, and that it is denied; a sentence of the reference denies none, and
        one that proves the key point has stated it."""
        calibration, regime, recited = self._calibration, self._regime, compared.reading.recited
        told = opinion_signals(heard.opinions, compared.claimed)
        for number, evidence in enumerate(found):
            signals = {**evidence.signals, **told.get(number, {})}
            if number in told:
                stated, denied = regime.with_model, calibration.contradiction_with_model
            else:
                stated, denied = regime.without_model, calibration.contradiction
            least = calibration.covered_from if number in recited.points else 0.0
            against = 0.0 if recited.holds(evidence.accused or evidence.span) else denied.probability(signals)
            yield max(least, stated.probability(signals)), against

    def _points(self, compared: Comparison, findings: Sequence[Finding]) -> tuple[KeyPointGrade, ...]:
        reading, points, denied = compared.reading, [], _denied(findings)
        expected, against = reading.statements.expected, compared.against
        for number, (finding, point) in enumerate(zip(findings, expected.rubric.key_points, strict=True)):
            verdict, span = self._calibration.verdict(finding.probability), finding.span
            if number in against and verdict != "covered" and not finding.is_hardly_denied:
                verdict, span = "contradicted", against[number]
            elif finding.contradicted:
                verdict, span = ("contradicted" if number in denied else "missed"), finding.accused
            is_denied = verdict == "contradicted" or (finding.contradicted and verdict == "missed")
            covered = min(finding.probability, 0.1) if is_denied else finding.probability
            quote = reading.quote(span) if span and verdict != "missed" else None
            proof = expected.proofs[number]
            points.append(KeyPointGrade(point.statement, point.weight, covered, verdict, quote, proof, point.id))
        return tuple(points)


class KeyPointScorer(Scorer):
    """Scores by what is covered of key points that an examiner wrote, less every sign of something wrong."""

    def kept(self, compared: Comparison) -> float:
        """A part of it, where the signals do not tell surely."""
        return self._calibration.topic.share(topic_signals([evidence.signals for evidence in compared.plain]))

    def hear(self, judge: Judge, compared: Comparison) -> Heard:
        """Opinions on the likeliest key points."""
        if STATED not in self._regime.with_model.weights:
            return Heard({})
        return Heard(judge.opinions(compared.reading.statements.expected.rubric, self.asked(compared.plain)))

    def asked(self, found: Sequence[Evidence]) -> dict[int, str]:
        """What was said of each key point that the model is asked about."""
        first = [self._regime.without_model.probability(evidence.signals) for evidence in found]
        asked = sorted(sorted(range(len(first)), key=lambda number: -first[number])[:MAX_JUDGED])
        return {number: found[number].said for number in asked}

    def signals(self, compared: Comparison, heard: Heard) -> Mapping[str, float]:
        """Also what a wrong claim asserts counts for a key point here: it is subtracted as a claim."""
        chances = list(self._chances(compared, compared.plain, heard))
        threshold = self._calibration.contradiction_with_model.threshold
        return read_written(
            [point.weight for point in compared.reading.statements.expected.rubric.key_points],
            [stated for stated, _ in chances],
            [denied for _, denied in chances],
            compared.claimed,
            compared.plain,
            proven=threshold if heard.is_something else None,
        )


class ReferenceScorer(Scorer):
    """Scores by the likeness to a whole reference answer; the statements are its sentences."""

    def kept(self, compared: Comparison) -> float:
        """All or nothing.

        Neighbouring questions share their words, and examiners' sets hold such: beside a bare reference, an attempt is off
        topic only when it is hardly like any text about the subject.
        """
        crossed = compared.plain[0].signals["crossed"] > 0
        return float(compared.whole["cosine"] >= self._calibration.off_topic.below(crossed=crossed))

    def hear(self, judge: Judge, compared: Comparison) -> Heard:
        """How far the model agrees with the whole attempt."""
        if AGREED not in self._regime.whole_with_model.weights:
            return Heard({})
        reading = compared.reading
        # What was set aside must not reach the model; else it reads the attempt as it has read the draft.
        said = reading.units.graded.text if reading.set_aside else reading.attempt.text
        return Heard({}, judge.agreement(reading.statements.expected.rubric, said))

    def signals(self, compared: Comparison, heard: Heard) -> Mapping[str, float]:
        """Of the whole, with the model's opinion on it."""
        return {**compared.whole, AGREED: heard.agreed or 0.0}


def _denied(findings: Sequence[Finding]) -> set[int]:
    """The contradicted key points that are shown as such: one sentence is held against the one it most surely denies.

    A sentence that is wrong makes the model doubt all it is read beside, also what it does not speak of.
    """
    surest: dict[Span | None, int] = {}
    for number, finding in enumerate(findings):
        if finding.contradicted:
            best = surest.setdefault(finding.accused, number)
            if finding.against > findings[best].against:
                surest[finding.accused] = number
    return set(surest.values())
