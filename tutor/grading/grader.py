"""Grades an attempt: guard, read, compare, hear, score. The score is arithmetic on what was found.

The language model is optional and only ever shifts a probability; text in an attempt cannot reach rubric or weights.
"""

import math
import threading
from functools import lru_cache

from langchain_core.embeddings import Embeddings

from tutor.domain import LOCAL_LEARNER, Grade, KeyPointGrade, Rubric
from tutor.errors import AttemptError
from tutor.grading import guards
from tutor.grading.calibration import Calibration
from tutor.grading.compare import compare, find_evidence
from tutor.grading.drafts import Drafts
from tutor.grading.feedback import write_feedback, write_spoken
from tutor.grading.judge import Judge, Probes, StateReader
from tutor.grading.reading import Expected, Reader, Statements, read_expected
from tutor.grading.scorers import MAX_JUDGED, Heard, KeyPointScorer, ReferenceScorer
from tutor.grading.topic import Topics
from tutor.text.spans import clean_with_origins, split_spans

GRADER_VERSION = "2.1"
CAP = 1.0  # what an attempt can get that a guard has caught
_REMEMBERED = 64  # rubrics whose texts and vectors are kept


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
        asked = states if calibration.asks_model else None
        self._judge = Judge(asked, probes) if asked is not None else None
        self._key_points = KeyPointScorer(calibration, calibration.key_points, self.version)
        self._reference = ReferenceScorer(calibration, calibration.reference, self.version)
        self._expected = lru_cache(_REMEMBERED)(read_expected)
        self._statements = lru_cache(_REMEMBERED)(self._read_statements)
        self._drafts = Drafts()
        self._lock = threading.RLock()

    @property
    def version(self) -> str:
        """Stored with every grade: method, date of the parameters, and whether a language model took part."""
        return f"{GRADER_VERSION}+{self._calibration.fitted}{'+model' if self._judge else ''}"

    def grade(self, rubric: Rubric, attempt: str, learner: str = LOCAL_LEARNER) -> Grade:
        """The grade of an attempt. Raises AttemptError when the rubric has no key points or impossible weights."""
        _check(rubric)
        cleaned = clean_with_origins(attempt)
        sentences = split_spans(cleaned)
        guarded = guards.inspect_attempt(cleaned, sentences, self._expected(rubric))
        if guarded.guard:
            return self._capped(self._expected(rubric), guarded, guarded.guard)
        with self._drafts.attempt(learner, self._lock):
            statements = self._statements(self._reader.nearest(rubric, guarded.attempt.text))
            reading = self._reader.read_attempt(guarded.attempt, guarded.spans, guarded.set_aside, statements)
            compared = compare(reading, self._calibration.claims)
            scorer = self._reference if rubric.from_reference else self._key_points
            # Whoever repeats a mistake that circulates about the topic is on topic.
            on_topic = compared.repeated or guards.is_short_answer(
                reading.units.graded.text, statements.expected.rubric
            )
            kept = 1.0 if on_topic else scorer.kept(compared)
            if not kept:
                return self._capped(statements.expected, guarded, guards.OFF_TOPIC)
            heard = scorer.hear(self._judge, compared) if self._judge else Heard({})
            return scorer.grade(compared, heard, kept)

    def prepare(self, rubric: Rubric, draft: str = "", learner: str = LOCAL_LEARNER) -> None:
        """Does what can be done before the attempt is there: embeds the rubric, has the model read question and key points,
        then what the draft says of them.

        Does nothing while there is little new, and ends early when an attempt of the learner waits to be graded. A model
        that does not answer is logged and left out, as in `grade`.
        """
        _check(rubric)
        with self._lock:
            read, is_news = clean_with_origins(draft), self._drafts.is_news(learner, rubric, draft)
            rubric = self._reader.nearest(rubric, read.text)
            statements, regime = self._statements(rubric), self._calibration.regime(rubric)
            if self._judge is None or not regime.asks_model or not is_news:
                return
            if rubric.from_reference:
                self._judge.agreement(rubric, read.text)
                return
            said = dict.fromkeys(range(min(len(rubric.key_points), MAX_JUDGED)), "")
            spans = guards.inspect_attempt(read, split_spans(read), statements.expected).spans
            if spans:
                said = self._key_points.asked(
                    find_evidence(statements, self._reader.read_units(spans, read.text, statements))
                )
        for number, text in said.items():
            if not self._drafts.may_go_on(learner):
                return
            with self._lock:
                if not self._judge.opinions(rubric, {number: text}):
                    return

    def _read_statements(self, rubric: Rubric) -> Statements:
        return self._reader.read_rubric(self._expected(rubric))

    def _capped(self, expected: Expected, guarded: guards.Inspection, guard: str) -> Grade:
        """The grade of an attempt of which nothing counts."""
        rubric = expected.rubric
        points = tuple(
            KeyPointGrade(point.statement, point.weight, 0.0, "missed", None, proof, point.id)
            for point, proof in zip(rubric.key_points, expected.proofs, strict=True)
        )
        return Grade(
            score=0.0,
            band=(0.0, CAP),
            key_points=points,
            misconceptions=(),
            feedback=write_feedback(rubric, points, (), guard, guarded.set_aside),
            grader_version=self.version,
            guard=guard,
            spoken=write_spoken(rubric),
        )


def _check(rubric: Rubric) -> None:
    if not rubric.key_points:
        raise AttemptError("grading.no_key_points")
    for point in rubric.key_points:
        if not point.statement.strip() or not (math.isfinite(point.weight) and point.weight > 0):
            raise AttemptError("grading.no_weight", key_point=point.statement[:40], weight=point.weight)
