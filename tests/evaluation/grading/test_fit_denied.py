"""What is called wrong: fitted on stretches that touch a wrong claim, and shown only where that is nearly always right."""

import random

from tests import samples
from tutor.evaluation.grading.fit_points import fit_denied_with_model
from tutor.evaluation.grading.readings import Reading
from tutor.evaluation.grading.samples import Sample
from tutor.fitted import Logistic
from tutor.grading.judge import Opinion
from tutor.grading.rubric import rubric_from_entry
from tutor.grading.scorers import opinion_signals

NO_CLAIMS = Logistic({}, {}, {}, -9.0)
CLAIM = "the cache grows with the square"
ATTEMPT = f"The cache is kept. I think {CLAIM} of the length."


def reading(number: int, denied: float, quote: str) -> Reading:
    entry = samples.entry(f"entry-{number}")
    rubric = rubric_from_entry(entry, "en")
    labels = (0.0,) * len(rubric.key_points)
    sample = Sample(rubric, ATTEMPT, labels, "thin", mark=0.5, wrong_claims=(CLAIM,))
    return Reading(sample, (), (), accused=(quote,), opinions=(Opinion(-denied, denied),))


def test_a_stretch_counts_as_wrong_where_it_touches_the_wrong_claim() -> None:
    wrong = [reading(number, 2.0 + number / 10, f"I think {CLAIM} of the length.") for number in range(12)]
    right = [reading(number, -2.0 - number / 10, "The cache is kept.") for number in range(12)]
    model = fit_denied_with_model([*wrong, *right], NO_CLAIMS)

    def chance(denied: float) -> float:
        return model.probability(opinion_signals({0: Opinion(-denied, denied)}, ())[0])

    assert chance(-2.0) < 0.5 < chance(2.0)
    assert model.threshold <= chance(2.0)


def test_where_the_opinion_tells_nothing_hardly_anything_is_shown() -> None:
    draw = random.Random(7)
    quotes = (f"I think {CLAIM} of the length.", "The cache is kept.")
    rows = [reading(n % 16, draw.gauss(0.0, 1.0), quotes[n % 2]) for n in range(160)]
    model = fit_denied_with_model(rows, NO_CLAIMS)
    told = [model.probability(opinion_signals(dict(enumerate(row.opinions)), ())[0]) for row in rows]
    assert sum(chance >= model.threshold for chance in told) <= 8
