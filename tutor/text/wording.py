"""How much of a statement's wording an attempt has: rare terms, word pairs and numbers. Knows no meaning."""

import math
import re
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass

from tutor.text.numbers import Number, find_numbers
from tutor.text.terms import terms

# Terms that the question already gives away prove little; measured on the tuning sets, 0.3 beat 0 and 1.
_GIVEN = 0.3
_SUFFIXES = (
    "izations", "isations", "ization", "isation", "ations", "ation", "ments", "ment", "ising", "izing", "ings", "ing",
    "ness", "ised", "ized", "ises", "izes", "ies", "ers", "ors", "ion", "ity", "ise", "ize", "er", "or", "ed", "es", "ly", "y", "e", "s",
)  # fmt: skip
_HAN_RUN = re.compile(r"[\u3400-\u9fff]+")
_ASCII = re.compile(r"[a-z0-9]")
_TOLERANCE = 0.02  # 4.29 and 4.3 are the same statement


@dataclass(frozen=True)
class Wording:
    """A text as sets that can be compared."""

    terms: frozenset[str]
    pairs: frozenset[str]
    numbers: tuple[Number, ...]


def read_wording(text: str) -> Wording:
    """Stems, neighbouring pairs (two characters of Chinese, two stems of English) and numbers of a text."""
    stems = [stem(term) for term in terms(text) if not re.search(r"[._+#-]", term.strip("+#"))]
    ascii_stems = [word for word in stems if _ASCII.search(word)]
    pairs = {f"{first} {second}" for first, second in zip(ascii_stems, ascii_stems[1:], strict=False)}
    for run in _HAN_RUN.findall(text):
        pairs.update(run[at : at + 2] for at in range(len(run) - 1))
    return Wording(frozenset(stems), frozenset(pairs), tuple(find_numbers(text)))


def stem(word: str) -> str:
    """An English word without its ending, so that "normalised" and "normalization" meet; other words unchanged."""
    if not word.isascii() or not word.isalpha():
        return word
    for suffix in _SUFFIXES:
        if word.endswith(suffix) and len(word) - len(suffix) >= 4:
            return word[: -len(suffix)]
    return word


def weigh_terms(statements: Sequence[Wording], question: Wording) -> Mapping[str, float]:
    """How much each term of a rubric proves: little when the question gives it away, less when statements share it."""
    weights: dict[str, float] = {}
    for wording in statements:
        for item in wording.terms | wording.pairs:
            weights[item] = weights.get(item, 0.0) + 1.0
    given = question.terms | question.pairs
    return {item: (_GIVEN if item in given else 1.0) / count for item, count in weights.items()}


def term_recall(statement: Wording, attempt: Wording, weights: Mapping[str, float], *, crossed: bool) -> float:
    """Weighted share of the statement's terms that the attempt has, 0..1.

    `crossed` means the attempt is in the other language: then only terms written the same in both can meet.
    """
    wanted = {term for term in statement.terms if term.isascii()} if crossed else statement.terms
    return _weighted_share(wanted, attempt.terms, weights)


def pair_recall(statement: Wording, attempt: Wording, weights: Mapping[str, float]) -> float:
    """Weighted share of the statement's neighbouring pairs that the attempt has, 0..1."""
    return _weighted_share(statement.pairs, attempt.pairs, weights)


def room(statement: Wording, attempt: Wording, question: Wording) -> float:
    """How much of the statement could fit into what the attempt adds to the question, 0..1: one word says little."""
    own, added = statement.terms - question.terms, attempt.terms - question.terms
    return min(1.0, len(added) / max(1, len(own)))


def _weighted_share(wanted: Set[str], found: Set[str], weights: Mapping[str, float]) -> float:
    # fsum: a set has another order in each process, and a sum in another order other last digits
    total = math.fsum(weights.get(item, 1.0) for item in wanted)
    hit = math.fsum(weights.get(item, 1.0) for item in wanted & found)
    return hit / total if total else 0.0


def number_agreement(statement: Wording, given: Wording, attempt: Iterable[Number]) -> tuple[float, float]:
    """(share of the statement's own numbers that are met, share that is contradicted); both 0 when it has none.

    A number is contradicted when the attempt has one of the same kind instead, and none that agrees.
    """
    own = [number for number in statement.numbers if not any(same_number(number, known) for known in given.numbers)]
    others = list(attempt)
    if not own:
        return 0.0, 0.0
    met = [any(same_number(number, other) for other in others) for number in own]
    free = [other for other in others if not any(same_number(other, number) for number in (*own, *given.numbers))]
    rivals = [
        not hit and any(other.unit == number.unit for other in free) for number, hit in zip(own, met, strict=True)
    ]
    return sum(met) / len(own), sum(rivals) / len(own)


def same_number(first: Number, second: Number) -> bool:
    """Whether two numbers are the same statement: within 2 %, a share never a count."""
    if first.unit != second.unit and "%" in (first.unit, second.unit):
        return False
    return abs(first.value - second.value) <= _TOLERANCE * max(abs(first.value), abs(second.value), 1e-12)
