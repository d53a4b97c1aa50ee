"""For each statement of a rubric, where the attempt speaks of it and how strongly: the signals that get calibrated.

Works on embeddings, wording and polarity; knows no chat model and no scores.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from langchain_core.embeddings import Embeddings

from tutor.domain import Language, Rubric
from tutor.entailment.likeness import MAX_EMBEDDED, Likeness, Vectors, similarity
from tutor.grading.rubric import rubric_from_request
from tutor.grading.said import choose_said
from tutor.grading.topic import TOPIC_SIGNALS, Topics, topic_text
from tutor.text.language import detect_language, han_count
from tutor.text.polarity import antonym_mismatch, negation_mismatch
from tutor.text.spans import Span, clean, join_spans, split_clauses
from tutor.text.wording import Wording, number_agreement, pair_recall, read_wording, room, term_recall, weigh_terms

MAX_SENTENCES = 32  # a spoken answer has 5 to 15; beyond this the ones nearest to the rubric's wording are kept
MAX_UNITS = 64  # texts embedded per attempt: bounds the time of one grade
_LONG_ATTEMPT = 400.0  # "length" of the longest rated attempts; whoever says more has shown no less
_LONG_CLAUSES = 36  # "length" (see _length) from which the clauses of a sentence are evidence on their own
# Topics of the bank that are nearest to the rubric's: itself, if it is there, and what a right answer may touch on.
_NEIGHBOURS = 6


@dataclass(frozen=True)
class Evidence:
    """Where the attempt comes nearest to one statement, and the signals of it."""

    span: Span | None  # None when the attempt has nothing to offer
    signals: Mapping[str, float]
    said: str = ""  # the sentences that come nearest, as they stand in the attempt: what the language model reads


@dataclass(frozen=True)
class Statements:
    """The texts of a rubric, read and embedded once."""

    rubric: Rubric
    language: Language
    question: Wording
    cleaned: tuple[str, ...]  # the key points
    wordings: tuple[Wording, ...]  # of the key points
    weights: Mapping[str, float]  # what each of their terms proves
    vectors: Vectors  # of the key points
    question_vector: Vectors
    claim_vectors: Vectors  # of the misconceptions
    correction_vectors: Vectors
    reference_vector: Vectors  # of the whole reference where the key points are its pieces, else of nothing
    topic_vector: Vectors  # of the question with all its key points
    rivals: Vectors  # (n, dimensions), of what else an attempt may be about
    background: Vectors  # (8, dimensions)

    @property
    def texts(self) -> tuple[str, ...]:
        return tuple(text for text, _ in self.rubric.key_points)


@dataclass(frozen=True)
class Units:
    """The texts of an attempt that can be evidence: sentences, clauses of long ones, and pairs of neighbours."""

    sentences: tuple[Span, ...]
    spans: tuple[Span, ...]
    vectors: Vectors
    language: Language
    text: str  # what of the attempt is graded, in order
    wording: Wording = field(repr=False)


class Reader:
    """Reads rubrics and attempts into vectors."""

    def __init__(self, embeddings: Embeddings, topics: Topics | None = None) -> None:
        """`topics` is what the questions of the bank are about; without it no attempt is seen to be about another one."""
        self.likeness = Likeness(embeddings)
        self._topics = topics or {}
        self._topic_vectors: dict[Language, Vectors] = {}

    def nearest(self, rubric: Rubric, attempt: str) -> Rubric:
        """The rubric of that one of the accepted answers which the attempt is most like; without alternatives the same."""
        if not rubric.alternatives:
            return rubric
        answers = [rubric.reference, *rubric.alternatives]
        told, *accepted = self.likeness.embed(
            [clean(text)[:MAX_EMBEDDED] for text in (attempt or rubric.reference, *answers)]
        )
        return rubric_from_request(rubric.question, (), answers[int(np.argmax([told @ vector for vector in accepted]))])

    def read_rubric(self, rubric: Rubric) -> Statements:
        points = [text for text, _ in rubric.key_points]
        claims = [claim for claim, _ in rubric.misconceptions]
        corrections = [correction for _, correction in rubric.misconceptions]
        whole = [rubric.reference] if rubric.from_reference else []
        texts = [rubric.question or " ", *points, *claims, *corrections, *whole]
        vectors = self.likeness.embed([clean(text)[:MAX_EMBEDDED] for text in texts])
        first, second = 1 + len(points), 1 + len(points) + len(claims)
        question = read_wording(clean(rubric.question))
        wordings = tuple(read_wording(clean(text)) for text in points)
        language = detect_language(" ".join(points))
        topic = self.likeness.embed([topic_text(rubric)])[0]
        return Statements(
            rubric=rubric,
            language=language,
            question=question,
            cleaned=tuple(clean(text) for text in points),
            wordings=wordings,
            weights=weigh_terms(wordings, question),
            vectors=vectors[1:first],
            question_vector=vectors[0],
            topic_vector=topic,
            rivals=self._rivals(topic, language),
            claim_vectors=vectors[first:second],
            correction_vectors=vectors[second : second + len(claims)],
            reference_vector=vectors[second + len(claims) :].reshape(-1),
            background=self.likeness.background,
        )

    def read_units(self, sentences: Sequence[Span], text: str, statements: Statements) -> Units:
        """The units of the sentences that were not set aside by a guard."""
        kept = _nearest(sentences, statements)
        spans = _units(kept, text)
        graded = "\n".join(span.text for span in kept)
        return Units(
            sentences=tuple(kept),
            spans=tuple(spans),
            vectors=self.likeness.embed([span.text for span in spans]),
            language=detect_language(graded),
            text=graded,
            wording=read_wording(graded),
        )

    def _rivals(self, topic: Vectors, language: Language) -> Vectors:
        if language not in self._topic_vectors:
            self._topic_vectors[language] = self.likeness.embed(self._topics.get(language, ()))
        known = self._topic_vectors[language]
        return known[np.sort(np.argsort(-(known @ topic))[_NEIGHBOURS:])] if len(known) > _NEIGHBOURS else known[:0]


def find_evidence(statements: Statements, units: Units, barred: Mapping[int, Sequence[int]]) -> list[Evidence]:
    """The evidence for each key point. `barred` names units that must not count for a key point (wrong claims)."""
    table = similarity_table(statements, units)
    shared = {
        "crossed": float(units.language != statements.language),
        "chinese": float(statements.language == "zh"),
        **_topic(statements, units),
        "length": math.log(1.0 + min(_length(units.text), _LONG_ATTEMPT)),
    }
    points = range(len(statements.texts))
    return [_read_point(statements, units, table, number, barred.get(number, ()), shared) for number in points]


def similarity_table(statements: Statements, units: Units) -> Vectors:
    """Similarity of every unit (row) with every key point (column), see `similarity`."""
    columns = [similarity(units.vectors, vector, statements.background) for vector in statements.vectors]
    return np.stack(columns, axis=1)


def _read_point(
    statements: Statements,
    units: Units,
    table: Vectors,
    number: int,
    barred: Sequence[int],
    shared: Mapping[str, float],
) -> Evidence:
    scores = table[:, number].copy()
    scores[list(barred)] = -1.0
    best = int(np.argmax(scores))
    span = units.spans[best]
    given = similarity(statements.question_vector[None, :], statements.vectors[number], statements.background)
    rivals = np.delete(table[best], number)
    signals = {
        **shared,
        "similarity": float(scores[best]),
        "beyond_question": float(scores[best] - given[0]),
        "crossed_similarity": shared["crossed"] * float(scores[best]),
        "contest": _clip(float(scores[best] - rivals.max())) if len(rivals) else 0.0,
        "negation": negation_mismatch(statements.cleaned[number], span.text),
        "antonym": antonym_mismatch(statements.cleaned[number], span.text),
    }
    whole = units.wording if not len(barred) else _wording_without(units, barred)
    wording = _wording_signals(statements, number, whole, read_wording(span.text), shared["crossed"] > 0)
    return Evidence(span, signals | wording, choose_said(units.sentences, units.spans, table[:, number].tolist()))


def _clip(margin: float) -> float:
    """Beyond a tenth a margin says no more: whoever recites another key point word for word has not denied this one."""
    return max(-0.1, min(0.1, margin))


def _wording_signals(
    statements: Statements, number: int, whole: Wording, local: Wording, crossed: bool
) -> dict[str, float]:
    wording, question = statements.wordings[number], statements.question
    recall = term_recall(wording, whole, statements.weights, crossed=crossed)
    met, rivalled = number_agreement(wording, question, local.numbers)
    met_anywhere, _ = number_agreement(wording, question, whole.numbers)
    return {
        "recall": recall,
        "recall_root": recall**0.5,
        "local_recall": term_recall(wording, local, statements.weights, crossed=crossed),
        "pair_recall": 0.0 if crossed else pair_recall(wording, whole, statements.weights),
        "room": 1.0 if crossed else room(wording, whole, question),
        "number_met": max(met, met_anywhere),
        "number_rivalled": rivalled if met_anywhere < 1.0 else 0.0,
    }


def _wording_without(units: Units, barred: Sequence[int]) -> Wording:
    """The wording of the sentences that are not barred; they are the first units."""
    return read_wording("\n".join(span.text for number, span in enumerate(units.sentences) if number not in barred))


def _topic(statements: Statements, units: Units) -> dict[str, float]:
    """How like question and key points together the attempt is, in the mean of its units, and the unit that is most so;
    and by how much more than like anything else it may be about, 0 where nothing is known."""
    mean = units.vectors.mean(axis=0)
    texts = np.vstack([mean / max(float(np.linalg.norm(mean)), 1e-12), units.vectors])

    def like(topic: Vectors) -> Vectors:
        shares = similarity(texts, topic, statements.background)
        return np.array([shares[0], shares[1:].max()])

    own = like(statements.topic_vector)
    others = np.max([like(rival) for rival in statements.rivals], axis=0) if len(statements.rivals) else own
    ahead = own - others
    return dict(zip(TOPIC_SIGNALS, map(float, (*own, *ahead)), strict=True))


def _nearest(sentences: Sequence[Span], statements: Statements) -> list[Span]:
    """All sentences, or of a very long attempt those that share most terms with the rubric, in their order."""
    if len(sentences) <= MAX_SENTENCES:
        return list(sentences)
    wanted = frozenset().union(*(wording.terms | wording.pairs for wording in statements.wordings))

    def shared(number: int) -> tuple[float, int]:
        wording = read_wording(sentences[number].text)
        return -float(len(wanted & (wording.terms | wording.pairs))), number

    return [sentences[number] for number in sorted(sorted(range(len(sentences)), key=shared)[:MAX_SENTENCES])]


def _units(sentences: Sequence[Span], text: str) -> list[Span]:
    clauses = [clause for span in sentences if _length(span.text) > _LONG_CLAUSES for clause in _clauses(span)]
    windows = [
        join_spans(pair, text)
        for pair in zip(sentences, sentences[1:], strict=False)
        if not text[pair[0].end : pair[1].start].strip()  # neighbours only: nothing was set aside between them
    ]
    return [*sentences, *windows, *clauses][:MAX_UNITS]


def _clauses(span: Span) -> list[Span]:
    clauses = split_clauses(span, at_least=12)
    return clauses if len(clauses) > 1 else []


def _length(text: str) -> float:
    """Length in Chinese characters; an English word counts as two."""
    return han_count(text) + 2 * sum(1 for word in text.split() if word.isascii())
