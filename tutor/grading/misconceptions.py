"""Whether an attempt repeats a wrong claim that circulates: near the claim, far from its correction, not denied.

Signals, whose weights and threshold are calibrated, and what no likeness outweighs: the claim named as a mistake, and the
very root or number that the claim gets wrong.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from tutor.entailment.denial import is_distanced, is_excused
from tutor.entailment.likeness import similarity
from tutor.fitted import Logistic
from tutor.grading.evidence import Statements, Units
from tutor.text.polarity import antonym_mismatch, negation_mismatch
from tutor.text.spans import Span, clean
from tutor.text.wording import read_wording

EXCUSED = "excused"


@dataclass(frozen=True)
class ClaimEvidence:
    """Where the attempt comes nearest to asserting a wrong claim."""

    unit: int
    span: Span
    signals: Mapping[str, float]


def find_claims(statements: Statements, units: Units) -> list[ClaimEvidence]:
    """For each misconception of the rubric, the unit that most looks like it, with its signals."""
    if not len(statements.claim_vectors) or not units.spans:
        return []
    right = [similarity(units.vectors, vector, statements.background) for vector in statements.vectors]
    return [_read_claim(statements, units, number, right) for number in range(len(statements.claim_vectors))]


def _read_claim(statements: Statements, units: Units, number: int, right: list[np.ndarray]) -> ClaimEvidence:
    claim, correction = (clean(text) for text in statements.rubric.misconceptions[number])
    near = similarity(units.vectors, statements.claim_vectors[number], statements.background)
    corrected = similarity(units.vectors, statements.correction_vectors[number], statements.background)
    best_right = np.max(np.stack([corrected, *right]), axis=0)
    rivals = [
        similarity(units.vectors, vector, statements.background)
        for at, vector in enumerate(statements.claim_vectors)
        if at != number
    ]
    unit = int(np.argmax(near + (near - best_right)))
    span = units.spans[unit]
    own = read_wording(claim).terms - read_wording(correction).terms - statements.question.terms
    said = read_wording(span.text).terms
    claimed = read_wording(claim).terms - statements.question.terms
    signals = {
        "similarity": float(near[unit]),
        "margin": float(near[unit] - best_right[unit]),
        "over_correction": float(near[unit] - corrected[unit]),
        "over_claims": float(near[unit] - max(rival[unit] for rival in rivals)) if rivals else 0.0,
        "recall": len(claimed & said) / len(claimed) if claimed else 0.0,
        "own_recall": len(own & said) / len(own) if own else 0.0,
        "negation": negation_mismatch(claim, span.text),
        "antonym": antonym_mismatch(claim, span.text),
        "distanced": float(is_distanced(span.text) and not is_distanced(claim)),
        "crossed": float(units.language != statements.language),
        "chinese": float(statements.language == "zh"),
        EXCUSED: float(is_excused(claim, correction, span.text)),
    }
    return ClaimEvidence(unit, span, signals)


def chance(model: Logistic, signals: Mapping[str, float]) -> float:
    """Probability that the claim is made; 0 where something speaks against it that no likeness outweighs."""
    return 0.0 if signals[EXCUSED] else model.probability(signals)


def barred_units(statements: Statements, units: Units, claims: Sequence[ClaimEvidence]) -> dict[int, list[int]]:
    """Units that assert a wrong claim are no evidence for the key points that they resemble less than the claim.

    Closed is what holds the stretch with the claim, and of its parts those that resemble the claim more themselves.
    """
    closed: dict[int, list[int]] = {}
    if not claims:
        return closed
    claimed = [similarity(units.vectors, vector, statements.background) for vector in statements.claim_vectors]
    near = np.max(np.stack(claimed), axis=0)
    for point, vector in enumerate(statements.vectors):
        like_claim = similarity(units.vectors, vector, statements.background) < near
        shut = {
            number
            for claim in claims
            if like_claim[claim.unit]
            for number, span in enumerate(units.spans)
            if span.overlaps(claim.span) and (like_claim[number] or span.holds(claim.span))
        }
        if shut:
            closed[point] = sorted(shut)
    return closed


def contradicted_points(statements: Statements, claims: Mapping[int, ClaimEvidence]) -> dict[int, Span]:
    """For each repeated misconception the key point that its correction comes nearest to, with the span that errs."""
    against: dict[int, Span] = {}
    for number, claim in claims.items():
        correction = statements.correction_vectors[number] + statements.claim_vectors[number]
        nearest = int((statements.vectors @ correction).argmax())
        against.setdefault(nearest, claim.span)
    return against
