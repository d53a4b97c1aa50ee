"""Whether a passage asserts a claim that the bank knows to be wrong, or a figure that a calculator refutes.

A statement is near the claim, far from its correction and from the entry's key points, and says nothing that only the
correction says. What these signals weigh is fitted (contradiction.json, `python -m tutor eval check --write`): one model
for sentences as they stand, one for units of every kind. Either may raise the alarm.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from tutor.domain import LANGUAGES, Bilingual, Contradiction, Entry, Language, Passage
from tutor.entailment.claims import Claims, Wordings
from tutor.entailment.denial import has_the_root, is_distanced
from tutor.entailment.likeness import Vectors, scaled
from tutor.fitted import Logistic, load_fitted, read_logistic
from tutor.text.reading import Text
from tutor.text.sentences import split_sentences
from tutor.text.spans import Span, clean, split_clauses
from tutor.text.wording import same_number

_CANDIDATES = 3  # the claim is the nearest one in 9 of 10 reworded mistakes
_LONG = 40  # characters from which the clauses of a sentence are statements on their own
_WINDOW = 700  # characters: a longer passage is not one statement
_LEAST_SHARED = 0.3  # of a claim's terms, by rarity; below this no unit is worth an embedding
_FIGURE = 0.95  # the text settles these itself; what is left is misreading its inputs
_SAME = 0.5  # of a claim's terms, by rarity, from which two claims are one mistake
_MARKS = re.compile(r"^\s*(?:[-*+•]|\d+[.)、]|#+)\s+")


class Refutation(Protocol):
    """A result that its own inputs contradict (tutor.drills.refutations)."""

    @property
    def statement(self) -> str:
        """A substring of the passage."""

    @property
    def formula(self) -> str: ...

    @property
    def values(self) -> Mapping[str, float]:
        """Of the formula's inputs."""

    def explain(self) -> Bilingual:
        """What comes out instead."""


Refute = Callable[[str], Sequence[Refutation]]


@dataclass(frozen=True)
class Unit:
    """A stretch of a passage that may assert something."""

    statement: str  # a substring of the passage
    read: Text  # as it is compared: without list marks, a heading before it where `kind` is "headed"
    context: Text  # the headings above it
    kind: str  # "sentence", "clause", "window", "headed"


@dataclass(frozen=True)
class Suspicion:
    """A statement held against one claim."""

    unit: Unit
    claim: int  # position in Claims.all
    signals: Mapping[str, float]


def read_units(passage: Passage) -> list[Unit]:
    """Sentences, clauses of long ones, neighbours, the whole; questions and headings assert nothing and are left out."""
    context = Text(clean(" ".join(passage.heading_path)))
    titles = {_plain(text) for text in (*passage.heading_path, passage.title)}
    sentences = [s for s in split_sentences(passage.text) if _asserts(s, titles)]
    units = [Unit(s, Text(_plain(s)), context, "sentence") for s in sentences]
    for sentence in sentences:
        if len(sentence) > _LONG:
            clauses = split_clauses(Span(sentence, 0, len(sentence)), at_least=12)
            units += [Unit(c.text, Text(_plain(c.text)), context, "clause") for c in clauses if len(clauses) > 1]
    for first, second in zip(sentences, sentences[1:], strict=False):
        start = passage.text.index(first)
        end = passage.text.index(second, start + len(first)) + len(second)
        units.append(Unit(passage.text[start:end], Text(f"{_plain(first)} {_plain(second)}"), context, "window"))
    whole = " ".join(map(_plain, sentences))
    if len(sentences) > 2 and len(whole) < _WINDOW:
        units.append(Unit(passage.text, Text(whole), context, "window"))
    if passage.heading_path:
        head = _plain(passage.heading_path[-1])
        units += [Unit(s, Text(f"{head} {_plain(s)}"), context, "headed") for s in sentences]
    return units


def _plain(text: str) -> str:
    return clean(_MARKS.sub("", text)).strip()


def _asserts(sentence: str, titles: set[str]) -> bool:
    plain = _plain(sentence)
    return bool(plain) and not sentence.lstrip().startswith("#") and plain not in titles and plain[-1] not in "?？"


class Detector:
    """Finds contradictions in passages."""

    def __init__(self, claims: Claims, alarms: Sequence["Alarm"], refute: Refute) -> None:
        """`refute` finds the figures of a passage that its own inputs contradict."""
        self._claims = claims
        self._alarms = alarms
        self._refute = refute

    def find(self, passages: Sequence[Passage]) -> list[Contradiction]:
        """What the passages state that the bank or the calculator refutes, at most once per passage and claim."""
        return [found for passage in passages for found in self._find(passage)]

    def _find(self, passage: Passage) -> list[Contradiction]:
        refuted = self._refute(_with_headings(passage))
        found = [self._figure(passage, item) for item in refuted if item.statement in passage.text]
        settled = [item.statement for item in found]
        kept: list[Suspicion] = []
        best: dict[int, tuple[float, Suspicion]] = {}
        for suspicion in self.suspect(read_units(passage), passage.language):
            chance = confidence(suspicion, self._alarms) if suspicion.unit.statement not in settled else 0.0
            if chance > best.get(suspicion.claim, (0.0, suspicion))[0]:
                best[suspicion.claim] = chance, suspicion
        for chance, suspicion in sorted(best.values(), key=lambda item: -item[0]):
            if not any(self._is_same(suspicion, other) for other in kept):
                kept.append(suspicion)
                found.append(self._repeated(passage, suspicion, chance))
        return found

    def _is_same(self, first: Suspicion, second: Suspicion) -> bool:
        """Whether two findings say the same of the same words: several entries treat some mistakes."""
        one, two = first.unit.statement, second.unit.statement
        if one == two:  # the surer one: a sentence rarely makes two mistakes
            return True
        if one not in two and two not in one:
            return False
        wordings = self._claims.by_language["zh"]  # a claim has one meaning; either of its wordings would do
        claims = wordings.claims[first.claim].terms, wordings.claims[second.claim].terms
        return max(wordings.share(*claims), wordings.share(*reversed(claims))) >= _SAME

    def suspect(self, units: Sequence[Unit], language: Language) -> list[Suspicion]:
        """Each unit with its nearest claims and the signals; units that share no terms with a claim are passed over."""
        own = self._claims.by_language[language]
        worthy = [unit for unit in units if self._shares_terms(own, unit)] if self._claims.all else []
        vectors = self._claims.likeness.embed([unit.read.text for unit in worthy])
        return [
            Suspicion(unit, claim, self.signals(unit, vector, claim, language))
            for unit, vector in zip(worthy, vectors, strict=True)
            for claim in self._nearest(own, unit, vector)
            if not has_the_root(own.claims[claim], own.corrections[claim], unit.read)
        ]

    def signals(self, unit: Unit, vector: Vectors, claim: int, language: Language) -> dict[str, float]:
        """What speaks for and against the unit's asserting the claim; the names are those of contradiction.json."""
        own, other = (self._claims.by_language[key] for key in sorted(LANGUAGES, key=lambda key: key != language))
        near, corrected, right = self._similarities(own, vector, claim)
        near2, corrected2, right2 = self._similarities(other, vector, claim)
        said, wanted, mended = unit.read, own.claims[claim], own.corrections[claim]
        only_right = mended.terms - wanted.terms - own.questions[claim].terms
        numbers = [n for n in mended.numbers if not any(same_number(n, known) for known in wanted.numbers)]
        return {
            "near": near,
            "margin": (near - corrected + near2 - corrected2) / 2,
            "margin_right": (near - right + near2 - right2) / 2,
            "recall": own.share(wanted.terms, said.terms),
            "context_recall": own.share(wanted.terms, said.terms | unit.context.terms),
            "correction_recall": own.share(only_right, said.terms),
            "correction_number": float(any(same_number(n, told) for n in numbers for told in said.numbers)),
            "negation": wanted.negation_mismatch(said),
            "antonym": wanted.antonym_mismatch(said),
            "distanced": float(is_distanced(f"{unit.context.text} {said.text}") and not is_distanced(wanted.text)),
            "terms": min(1.0, len(said.terms) / 6),
            "window": float(unit.kind == "window"),
            "chinese": float(language == "zh"),
        }

    def _similarities(self, wordings: Wordings, vector: Vectors, claim: int) -> tuple[float, float, float]:
        """Scaled similarity with the claim, its correction, and the nearest key point of its entry."""
        ground = self._claims.background
        targets = np.vstack(
            [wordings.claim_vectors[claim], wordings.correction_vectors[claim], wordings.right_vectors[claim]]
        )
        near = scaled(targets @ vector, (ground @ targets.T).mean(axis=0))
        return float(near[0]), float(near[1]), float(near[2:].max())

    def _nearest(self, own: Wordings, unit: Unit, vector: Vectors) -> list[int]:
        floors = (self._claims.background @ own.claim_vectors.T).mean(axis=0)
        order = np.argsort(-(scaled(own.claim_vectors @ vector, floors) + 0.5 * own.recalls(unit.read.terms)))
        return [int(number) for number in order[:_CANDIDATES]]

    def _shares_terms(self, own: Wordings, unit: Unit) -> bool:
        return bool(own.recalls(unit.read.terms).max() >= _LEAST_SHARED)

    def _repeated(self, passage: Passage, suspicion: Suspicion, chance: float) -> Contradiction:
        claim = self._claims.all[suspicion.claim]
        return Contradiction(
            passage_id=passage.id,
            statement=suspicion.unit.statement,
            problem=claim.misconception.claim,
            correction=claim.misconception.correction,
            entry_id=claim.entry.id,
            confidence=round(chance, 3),
            source=_source(claim.entry),
        )

    def _figure(self, passage: Passage, found: Refutation) -> Contradiction:
        entry = _worked_example(self._claims, found)
        stated = " ".join(found.statement.split())
        return Contradiction(
            passage_id=passage.id,
            statement=found.statement,
            problem=Bilingual(f"这个数与条件不符：{stated}", f"This figure does not follow from the inputs: {stated}"),
            correction=found.explain(),
            entry_id=entry.id if entry else "",
            confidence=_FIGURE,
            source=_source(entry) if entry else "",
        )


def _with_headings(passage: Passage) -> str:
    """The passage after the headings that state its inputs; a result is never taken from a heading."""
    head = [title for title in passage.heading_path if title not in passage.text]
    return "\n".join([*head, passage.text])


def _worked_example(claims: Claims, found: Refutation) -> Entry | None:
    """The entry whose own calculation is nearest to the refuted one."""
    ranked = [
        (sum(item.values.get(name) == value for name, value in found.values.items()), claim.entry)
        for claim in claims.all
        for item in claim.entry.calculations
        if item.formula == found.formula
    ]
    return max(ranked, key=lambda pair: pair[0])[1] if ranked else None


def _source(entry: Entry) -> str:
    """The first source of an entry, as one line."""
    if not entry.sources:
        return ""
    first = entry.sources[0]
    where = f"arXiv:{first.arxiv}" if first.arxiv else first.url
    return ", ".join(part for part in (first.title, str(first.year or ""), where) if part)


@dataclass(frozen=True)
class Alarm:
    """A fitted model that judges units of some kinds; its threshold is where it is sure enough."""

    kinds: frozenset[str]
    model: Logistic


def confidence(suspicion: Suspicion, alarms: Sequence[Alarm]) -> float:
    """Probability that the unit asserts the claim: the highest among the models above their threshold, else 0.

    Who names a mistake as one, or as what others say, does not make it; too rare in the tune part to be weighed.
    """
    if suspicion.signals["distanced"]:
        return 0.0
    models = [alarm.model for alarm in alarms if suspicion.unit.kind in alarm.kinds]
    chances = [(model.probability(suspicion.signals), model.threshold) for model in models]
    return max((chance for chance, needed in chances if chance >= needed), default=0.0)


def load_alarms() -> tuple[Alarm, ...]:
    """The shipped models."""
    models = load_fitted("tutor.entailment", "contradiction")["models"]
    return tuple(Alarm(frozenset(item["kinds"]), read_logistic(item)) for item in models)
