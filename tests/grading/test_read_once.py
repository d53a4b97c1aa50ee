"""On its way through the grader no text is read twice: neither a sentence of the attempt nor a statement of the rubric."""

import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from types import FrameType

import pytest

from tests.fakes import WordHashEmbeddings
from tests.grading.calibrations import PROBES, hand_made
from tests.grading.samples import EN, GOOD_EN, GOOD_ZH, ZH
from tutor.domain import Rubric
from tutor.grading.grader import Grader
from tutor.text.polarity import read_negation, read_poles
from tutor.text.wording import read_wording

READERS = {reader.__code__: reader.__name__ for reader in (read_wording, read_negation, read_poles)}


def readings(run: Callable[[], object]) -> Counter[tuple[str, str]]:
    """How often each text is read by each of READERS."""
    found: Counter[tuple[str, str]] = Counter()

    def count(frame: FrameType, event: str, _: object) -> None:
        if event == "call" and frame.f_code in READERS:
            found[READERS[frame.f_code], frame.f_locals["text"]] += 1

    sys.setprofile(count)
    try:
        run()
    finally:
        sys.setprofile(None)
    return found


@pytest.mark.parametrize(("rubric", "attempt"), [(EN, GOOD_EN), (ZH, GOOD_ZH)], ids=["en", "zh"])
def test_no_text_is_read_twice_in_one_grade(rubric: Rubric, attempt: str) -> None:
    grader = Grader(WordHashEmbeddings(), None, hand_made(), PROBES)
    bare = replace(rubric, reference="")  # the samples' reference has the key points' own words, a second text each
    first = readings(lambda: grader.grade(bare, attempt))
    assert len(first) > 20
    assert [text for text, times in first.items() if times > 1] == []


def test_a_rubric_is_not_read_again_for_the_next_attempt() -> None:
    grader = Grader(WordHashEmbeddings(), None, hand_made(), PROBES)
    grader.grade(EN, "The softmax saturates, so that there is no gradient any more.")
    again = readings(lambda: grader.grade(EN, GOOD_EN))
    statements = {EN.question, *(point.statement for point in EN.key_points)}
    assert statements & {text for _, text in again} == set()
