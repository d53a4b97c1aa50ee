"""Whether an attempt repeats a wrong claim that circulates: near the claim, far from its correction, not denied.

Signals only; the threshold is calibrated.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from tutor.grading.attempt import Span, clean
from tutor.grading.evidence import Statements, Units, similarity
from tutor.grading.polarity import antonym_mismatch, negation_mismatch
from tutor.grading.wording import read_wording

# A learner who names a mistake as a mistake does not make it.
_DISTANCED = re.compile(
    r"误区|误解|误以为|误认为|错误的?说法|错误地|常见错误|不少人(?:以为|认为)|很多人(?:以为|认为|说)|有人(?:以为|认为|说)|并不是说|不等于|不代表|别以为|不要以为"
    r"|misconception|myth|mistake|mistaken|wrongly|people (?:often )?(?:think|say|believe|claim)|does(?:n['’]t| not) mean|it is (?:not true|wrong)|contrary to",
    re.IGNORECASE,
)


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
    }
    return ClaimEvidence(unit, span, signals)


def is_distanced(text: str) -> bool:
    """Whether a text names something as a mistake, or as what others say."""
    return bool(_DISTANCED.search(text))
