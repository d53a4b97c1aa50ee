"""Whether an attempt repeats a wrong claim that circulates: near the claim, far from its correction, not denied.

Signals, whose weights and threshold are calibrated, and what no likeness outweighs: the claim named as a mistake, and the
very root or number that the claim gets wrong.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from tutor.entailment.denial import is_distanced, is_excused
from tutor.fitted import Logistic
from tutor.grading.reading import Statements, Units
from tutor.text.spans import Span

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
    return [_read_claim(statements, units, number) for number in range(len(statements.claim_vectors))]


def _read_claim(statements: Statements, units: Units, number: int) -> ClaimEvidence:
    expected = statements.expected
    claim, correction, given = expected.claims[number], expected.corrections[number], expected.question.terms
    near, corrected = units.near_claims[:, number], units.near_corrections[:, number]
    best_right = np.maximum(corrected, units.near_points.max(axis=1))
    unit = int(np.argmax(near + (near - best_right)))
    span = units.spans[unit]
    rivals = np.delete(units.near_claims[unit], number)
    own, claimed, said = claim.terms - correction.terms - given, claim.terms - given, span.terms
    signals = {
        "similarity": float(near[unit]),
        "margin": float(near[unit] - best_right[unit]),
        "over_correction": float(near[unit] - corrected[unit]),
        "over_claims": float(near[unit] - rivals.max()) if len(rivals) else 0.0,
        "recall": len(claimed & said) / len(claimed) if claimed else 0.0,
        "own_recall": len(own & said) / len(own) if own else 0.0,
        "negation": claim.negation_mismatch(span),
        "antonym": claim.antonym_mismatch(span),
        "distanced": float(is_distanced(span.text) and not is_distanced(claim.text)),
        "crossed": float(units.language != statements.language),
        "chinese": float(statements.language == "zh"),
        EXCUSED: float(is_excused(claim, correction, span)),
    }
    return ClaimEvidence(unit, span, signals)


def chance(model: Logistic, signals: Mapping[str, float]) -> float:
    """Probability that the claim is made; 0 where something speaks against it that no likeness outweighs."""
    return 0.0 if signals[EXCUSED] else model.probability(signals)


def barred_units(units: Units, claims: Sequence[ClaimEvidence]) -> dict[int, list[int]]:
    """Units that assert a wrong claim are no evidence for the key points that they resemble less than the claim.

    Where the claim's unit is more like the claim than like the key point, it bars each unit that contains the claim and each
    overlapping one of which the same holds.
    """
    closed: dict[int, list[int]] = {}
    if not claims:
        return closed
    near = units.near_claims.max(axis=1)
    for point, near_point in enumerate(units.near_points.T):
        like_claim = near_point < near
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
