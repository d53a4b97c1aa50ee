"""What the bank knows to be wrong, read once: each circulating claim with its correction, terms and vectors.

Claims are kept in both languages: a statement is held against both wordings, which halves the noise of the embedder.
"""

import math
from collections.abc import Sequence, Set
from dataclasses import dataclass

import numpy as np
from langchain_core.embeddings import Embeddings

from tutor.domain import LANGUAGES, Entry, Language, Misconception
from tutor.entailment.likeness import Likeness, Vectors
from tutor.text.reading import Text
from tutor.text.spans import clean


@dataclass(frozen=True)
class Claim:
    """A misconception of an entry."""

    entry: Entry
    misconception: Misconception

    @property
    def id(self) -> str:
        return f"{self.entry.id}/{self.misconception.id}"


@dataclass(frozen=True)
class Wordings:
    """The texts of all claims in one language; position n belongs to claim n."""

    claims: tuple[Text, ...]
    corrections: tuple[Text, ...]
    questions: tuple[Text, ...]  # of the entries
    claim_vectors: Vectors
    correction_vectors: Vectors
    right_vectors: tuple[Vectors, ...]  # of the entry's key points
    rarity: dict[str, float]  # of terms, in natural logarithms
    rarest: float
    holders: dict[str, list[int]]  # term -> claims that use it
    totals: Vectors  # weight of all terms of a claim

    def weight(self, term: str) -> float:
        return self.rarity.get(term, self.rarest)

    def share(self, wanted: Set[str], found: Set[str]) -> float:
        """How much of what is wanted was found, rare terms counting more, 0..1."""
        total = sum(map(self.weight, wanted))
        return sum(map(self.weight, wanted & found)) / total if total else 0.0

    def recalls(self, found: Set[str]) -> Vectors:
        """`share` of every claim's terms at once."""
        met = np.zeros(len(self.claims))
        for term in found:
            if term in self.holders:
                met[self.holders[term]] += self.weight(term)
        return np.asarray(met / self.totals)


class Claims:
    """All claims of a bank; embeds what has no shipped vector."""

    def __init__(self, entries: Sequence[Entry], embeddings: Embeddings) -> None:
        self.likeness = Likeness(embeddings)
        self.all = tuple(Claim(entry, item) for entry in entries for item in entry.misconceptions)
        self.background = self.likeness.background
        self.by_language = {language: self._read(entries, language) for language in LANGUAGES}

    def _read(self, entries: Sequence[Entry], language: Language) -> Wordings:
        claims = [clean(claim.misconception.claim.in_language(language)) for claim in self.all]
        corrections = [clean(claim.misconception.correction.in_language(language)) for claim in self.all]
        points = {
            entry.id: [clean(point.text.in_language(language)) for point in entry.key_points] for entry in entries
        }
        vectors = {entry: self.likeness.embed(texts) for entry, texts in points.items()}
        questions = {entry.id: Text(clean(entry.question.in_language(language))) for entry in entries}
        read, mended = tuple(map(Text, claims)), tuple(map(Text, corrections))
        rarity, rarest = _rarity([*read, *mended, *(Text(text) for texts in points.values() for text in texts)])
        totals = [sum(rarity.get(term, rarest) for term in text.terms) for text in read]
        return Wordings(
            claims=read,
            corrections=mended,
            questions=tuple(questions[claim.entry.id] for claim in self.all),
            claim_vectors=self.likeness.embed(claims),
            correction_vectors=self.likeness.embed(corrections),
            right_vectors=tuple(vectors[claim.entry.id] for claim in self.all),
            rarity=rarity,
            rarest=rarest,
            holders=_holders(read),
            totals=np.maximum(np.array(totals), 1e-9),
        )


def claim_texts(entries: Sequence[Entry]) -> list[str]:
    """What `Claims` embeds of a bank: these vectors ship with it."""
    return [
        clean(text.in_language(language))
        for entry in entries
        for language in LANGUAGES
        for text in (
            *(point.text for point in entry.key_points),
            *(part for item in entry.misconceptions for part in (item.claim, item.correction)),
        )
    ]


def _rarity(texts: Sequence[Text]) -> tuple[dict[str, float], float]:
    counts: dict[str, int] = {}
    for text in texts:
        for term in text.terms:
            counts[term] = counts.get(term, 0) + 1
    return {term: math.log(len(texts) / count) for term, count in counts.items()}, math.log(max(len(texts), 2))


def _holders(texts: Sequence[Text]) -> dict[str, list[int]]:
    holders: dict[str, list[int]] = {}
    for number, text in enumerate(texts):
        for term in text.terms:
            holders.setdefault(term, []).append(number)
    return holders
