"""Reads a rubric and an attempt, each text once: cleaned, cut into units, embedded, and how near their vectors are.

`Expected` is what can be read of a rubric without an embedder, `Statements` the same with vectors, `Reading` an attempt
beside it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from langchain_core.embeddings import Embeddings

from tutor.domain import Language, Rubric
from tutor.entailment.likeness import MAX_EMBEDDED, Likeness, Vectors, similarities, similarity
from tutor.grading.proof import Recited, find_proofs, find_recited, plain_sentences
from tutor.grading.rubric import rubric_from_request
from tutor.grading.topic import TOPIC_SIGNALS, Topics, topic_text
from tutor.text.language import detect_language, han_count
from tutor.text.reading import Text
from tutor.text.spans import Cleaned, Span, clean, join_spans, split_clauses
from tutor.text.wording import weigh_terms

MAX_SENTENCES = 32  # a spoken answer has 5 to 15; beyond this the ones nearest to the rubric's wording are kept
MAX_UNITS = 64  # texts embedded per attempt: bounds the time of one grade
_LONG_CLAUSES = 36  # spoken length from which the clauses of a sentence are evidence on their own
# Topics of the bank that are nearest to the rubric's: itself, if it is there, and what a right answer may touch on.
_NEIGHBOURS = 6


@dataclass(frozen=True)
class Expected:
    """The texts of a rubric, cleaned."""

    rubric: Rubric
    question: Text
    points: tuple[Text, ...]
    claims: tuple[Text, ...]  # of the misconceptions
    corrections: tuple[Text, ...]
    reference: Text
    weights: Mapping[str, float]  # what each term of the key points proves
    proofs: tuple[str | None, ...]  # of each key point, a sentence of the reference
    sentences: frozenset[str]  # of the reference (tutor.grading.proof.plain_sentences)

    @cached_property
    def own_terms(self) -> frozenset[str]:
        """Terms of the key points that the question does not give away."""
        return frozenset().union(*(point.terms for point in self.points)) - self.question.terms


@dataclass(frozen=True)
class Statements:
    """The texts of a rubric with their vectors."""

    expected: Expected
    language: Language
    vectors: Vectors  # of the key points
    given: Vectors  # (n,), similarity of each key point with the question: what needs no answer
    question_vector: Vectors
    claim_vectors: Vectors  # of the misconceptions
    correction_vectors: Vectors
    reference_vector: Vectors  # of the whole reference where the key points are its pieces, else of nothing
    topic_vector: Vectors  # of the question with all its key points
    rivals: Vectors  # (n, dimensions), of what else an attempt may be about
    background: Vectors  # (8, dimensions)


@dataclass(frozen=True)
class Units:
    """The texts of an attempt that can be evidence: sentences, clauses of long ones, and pairs of neighbours."""

    sentences: tuple[Span, ...]
    spans: tuple[Span, ...]  # the sentences are the first of them
    near_points: Vectors  # similarity (see `likeness.similarity`) of every unit, a row, with every key point, a column
    near_claims: Vectors  # with every misconception
    near_corrections: Vectors
    topic: Mapping[str, float]  # TOPIC_SIGNALS
    language: Language
    graded: Text  # what of the attempt is graded, in order
    length: float  # of that, as it is spoken


@dataclass(frozen=True)
class Reading:
    """An attempt beside a rubric."""

    attempt: Cleaned
    set_aside: tuple[str, ...]  # why parts of it are not graded
    statements: Statements
    units: Units
    recited: Recited
    whole_vector: Vectors  # of all that is graded, where there is a bare reference to hold it against; else of nothing

    def quote(self, span: Span) -> str:
        """The stretch as the learner wrote it."""
        return self.attempt.quote(span.start, span.end)


def read_expected(rubric: Rubric) -> Expected:
    """The texts of a rubric, with what of its reference proves its key points."""
    question, points = Text(clean(rubric.question)), tuple(Text(clean(point.statement)) for point in rubric.key_points)
    weights = weigh_terms([point.wording for point in points], question.wording)
    return Expected(
        rubric=rubric,
        question=question,
        points=points,
        claims=tuple(Text(clean(wrong.claim)) for wrong in rubric.misconceptions),
        corrections=tuple(Text(clean(wrong.correction)) for wrong in rubric.misconceptions),
        reference=Text(clean(rubric.reference)),
        weights=weights,
        proofs=find_proofs(rubric, points, weights),
        sentences=plain_sentences(rubric.reference),
    )


class Reader:
    """Embeds rubrics and attempts."""

    def __init__(self, embeddings: Embeddings, topics: Topics | None = None) -> None:
        """`topics` is what the questions of the bank are about; without it no attempt is seen to be about another one."""
        self.likeness = Likeness(embeddings)
        self._topics = topics or {}
        self._topic_vectors: dict[Language, Vectors] = {}

    def nearest(self, rubric: Rubric, attempt: str) -> Rubric:
        """The accepted answer nearest to the attempt, as a rubric. A rubric without alternatives is returned as it is."""
        if not rubric.alternatives:
            return rubric
        answers = [rubric.reference, *rubric.alternatives]
        texts = (attempt or rubric.reference, *answers)
        told, *accepted = self.likeness.embed([clean(text)[:MAX_EMBEDDED] for text in texts])
        return rubric_from_request(rubric.question, (), answers[int(np.argmax([told @ vector for vector in accepted]))])

    def read_rubric(self, expected: Expected) -> Statements:
        """The rubric's texts, embedded."""
        rubric, points = expected.rubric, len(expected.points)
        claims = len(expected.claims)
        whole = [expected.reference] if rubric.from_reference else []
        question = expected.question if rubric.question else Text(" ")
        texts = [question, *expected.points, *expected.claims, *expected.corrections, *whole]
        vectors = self.likeness.embed([text.text[:MAX_EMBEDDED] for text in texts])
        first, second = 1 + points, 1 + points + claims
        language = detect_language(" ".join(point.statement for point in rubric.key_points))
        topic, background = self.likeness.embed([topic_text(rubric)])[0], self.likeness.background
        return Statements(
            expected=expected,
            language=language,
            vectors=vectors[1:first],
            given=similarities(vectors[:1], vectors[1:first], background)[0],
            question_vector=vectors[0],
            topic_vector=topic,
            rivals=self._rivals(topic, language),
            claim_vectors=vectors[first:second],
            correction_vectors=vectors[second : second + claims],
            reference_vector=vectors[second + claims :].reshape(-1),
            background=background,
        )

    def read_attempt(
        self, attempt: Cleaned, sentences: Sequence[Span], set_aside: tuple[str, ...], statements: Statements
    ) -> Reading:
        """The sentences of an attempt that were not set aside by a guard, beside the rubric."""
        units = self.read_units(sentences, attempt.text, statements)
        expected = statements.expected
        wholes = [units.graded.text[:MAX_EMBEDDED]] if len(statements.reference_vector) else []
        whole = self.likeness.embed(wholes).reshape(-1)
        recited = find_recited(expected.sentences, expected.proofs, units.sentences)
        return Reading(attempt, set_aside, statements, units, recited, whole)

    def read_units(self, sentences: Sequence[Span], text: str, statements: Statements) -> Units:
        """The units of these sentences of a text."""
        kept = _nearest(sentences, statements.expected)
        spans = _units(kept, text)
        graded = "\n".join(span.text for span in kept)
        vectors, background = self.likeness.embed([span.text for span in spans]), statements.background
        return Units(
            sentences=tuple(kept),
            spans=tuple(spans),
            near_points=similarities(vectors, statements.vectors, background),
            near_claims=similarities(vectors, statements.claim_vectors, background),
            near_corrections=similarities(vectors, statements.correction_vectors, background),
            topic=_topic(vectors, statements),
            language=detect_language(graded),
            graded=Text(graded),
            length=_spoken_length(graded),
        )

    def _rivals(self, topic: Vectors, language: Language) -> Vectors:
        if language not in self._topic_vectors:
            self._topic_vectors[language] = self.likeness.embed(self._topics.get(language, ()))
        known = self._topic_vectors[language]
        return known[np.sort(np.argsort(-(known @ topic))[_NEIGHBOURS:])] if len(known) > _NEIGHBOURS else known[:0]


def _topic(vectors: Vectors, statements: Statements) -> dict[str, float]:
    """How like question and key points together the attempt is, in the mean of its units, and the unit that is most so;
    and by how much more than like anything else it may be about, 0 where nothing is known."""
    mean = vectors.mean(axis=0)
    texts = np.vstack([mean / max(float(np.linalg.norm(mean)), 1e-12), vectors])

    def like(topic: Vectors) -> Vectors:
        shares = similarity(texts, topic, statements.background)
        return np.array([shares[0], shares[1:].max()])

    own = like(statements.topic_vector)
    others = np.max([like(rival) for rival in statements.rivals], axis=0) if len(statements.rivals) else own
    ahead = own - others
    return dict(zip(TOPIC_SIGNALS, map(float, (*own, *ahead)), strict=True))


def _nearest(sentences: Sequence[Span], expected: Expected) -> list[Span]:
    """All sentences, or of a very long attempt those that share most terms with the rubric, in their order."""
    if len(sentences) <= MAX_SENTENCES:
        return list(sentences)
    wanted = frozenset().union(*(point.terms | point.wording.pairs for point in expected.points))

    def shared(number: int) -> tuple[float, int]:
        wording = sentences[number].wording
        return -float(len(wanted & (wording.terms | wording.pairs))), number

    return [sentences[number] for number in sorted(sorted(range(len(sentences)), key=shared)[:MAX_SENTENCES])]


def _units(sentences: Sequence[Span], text: str) -> list[Span]:
    clauses = [clause for span in sentences if _spoken_length(span.text) > _LONG_CLAUSES for clause in _clauses(span)]
    windows = [
        join_spans(pair, text)
        for pair in zip(sentences, sentences[1:], strict=False)
        if not text[pair[0].end : pair[1].start].strip()  # neighbours only: nothing was set aside between them
    ]
    return [*sentences, *windows, *clauses][:MAX_UNITS]


def _clauses(span: Span) -> list[Span]:
    clauses = split_clauses(span, at_least=12)
    return clauses if len(clauses) > 1 else []


def _spoken_length(text: str) -> float:
    """Length in Chinese characters; an English word counts as two."""
    return han_count(text) + 2 * sum(1 for word in text.split() if word.isascii())
