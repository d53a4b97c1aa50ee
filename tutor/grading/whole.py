"""The signals of a score: what a whole attempt has of the key points, or of a whole reference answer.

Where an examiner wrote key points, the score starts from what is covered and falls with every sign that something wrong
is claimed: one such sign proves little, but many of them tell a confident falsehood from a truth in the same words.

A reference that code cut into sentences is a poor rubric: a good answer need not touch each of them. So its score is
read off the whole, and the sentences only tell the learner what was said and what was not.
"""

import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from statistics import fmean

from tutor.grading.evidence import Evidence, Statements, Units, Vectors
from tutor.text.language import han_count
from tutor.text.spans import clean

_AVERAGED = ("similarity", "recall", "room")
WHOLE_SIGNALS = ("cosine", "question_cosine", "gram_recall", "shortfall", *_AVERAGED)
_OPPOSED = ("antonym", "negation", "number_rivalled")
SURELY_AGAINST = "surely_against"
_SURE = 5
_NO_WORD = re.compile(r"[^\w]+")


def read_written(
    weights: Sequence[float],
    covered: Sequence[float],
    against: Sequence[float],
    claimed: Sequence[float],
    found: Sequence[Evidence],
    *,
    judged: bool,
) -> Mapping[str, float]:
    """Signals of an attempt at a question with key points, each 0..1.

    Per key point its weight, the probability that it is stated, the probability that it is denied, its evidence; per
    misconception the probability that it is repeated. `judged`: the language model took part. What it hears is told
    apart so well that only a sure denial counts; the plain signals show little more than a suspicion, and it adds up.
    """
    return {
        "covered": sum(w * c for w, c in zip(weights, covered, strict=True)) / sum(weights),
        "claimed": max(claimed, default=0.0),
        **({SURELY_AGAINST: fmean(chance**_SURE for chance in against)} if judged else {"against": fmean(against)}),
        **{name: fmean(evidence.signals[name] for evidence in found) for name in _OPPOSED},
    }


def read_whole(
    statements: Statements, units: Units, found: Sequence[Evidence], attempt_vector: Vectors
) -> Mapping[str, float]:
    """Signals of the whole attempt, whose unit vector is given; `statements` must be read with its reference.

    What was found per statement counts by the square root of the statement's length.
    """
    shares = [math.sqrt(len(text)) for text in statements.cleaned]
    averaged = {
        name: sum(share * evidence.signals[name] for share, evidence in zip(shares, found, strict=True)) / sum(shares)
        for name in _AVERAGED
    }
    reference = clean(statements.rubric.reference)
    return {
        "cosine": float(attempt_vector @ statements.reference_vector),
        "question_cosine": float(attempt_vector @ statements.question_vector),
        "gram_recall": gram_recall(reference, units.text),
        # An attempt shorter than the reference says less; one that is longer has earned nothing by that.
        "shortfall": min(0.0, math.log((_words(units.text) + 1) / (_words(reference) + 1))),
        **averaged,
    }


def gram_recall(reference: str, attempt: str) -> float:
    """Share of the reference's character grams that the attempt has, 0..1: two characters of Chinese, 3 and 4 of English."""
    wanted = _grams(reference)
    found = _grams(attempt)
    return sum((wanted & found).values()) / max(1, sum(wanted.values()))


def _grams(text: str) -> Counter[str]:
    plain = _NO_WORD.sub(" ", text.lower())
    sizes = (2,) if han_count(plain) else (3, 4)
    return Counter(plain[at : at + size] for size in sizes for at in range(len(plain) - size + 1))


def _words(text: str) -> int:
    return han_count(text) + len(re.findall(r"[A-Za-z0-9_]+", text))
