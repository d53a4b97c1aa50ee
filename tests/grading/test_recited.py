"""A sentence of the reference, said whole, denies nothing and proves its key point; a piece within another sentence does not."""

from collections.abc import Sequence

import pytest

from tests.fakes import ScriptedStates, WordHashEmbeddings
from tests.grading.calibrations import PROBES, hand_made
from tests.grading.samples import EN
from tutor.grading.grader import Grader
from tutor.grading.proof import Recited, find_recited
from tutor.grading.reading import read_expected
from tutor.text.spans import Span, clean_with_origins, split_spans

SENTENCE = "Large scores saturate the softmax and its gradient vanishes."


def recited_in(spans: Sequence[Span]) -> Recited:
    expected = read_expected(EN)
    return find_recited(expected.sentences, expected.proofs, spans)


def test_a_recited_sentence_proves_its_key_point_whatever_marks_and_case_it_has() -> None:
    spans = split_spans(clean_with_origins(f"- {SENTENCE.lower()}\nBees make honey."))
    recited = recited_in(spans)
    assert recited.points == {1}
    assert [recited.holds(span) for span in spans] == [True, False]


@pytest.mark.parametrize("attempt", [f"It is wrong that {SENTENCE}", "Large scores saturate the softmax."])
def test_what_only_holds_a_piece_or_more_than_the_sentence_is_not_recited(attempt: str) -> None:
    recited = recited_in(split_spans(clean_with_origins(attempt)))
    assert (recited.points, recited.sentences) == (frozenset(), frozenset())


def test_a_model_that_hears_a_denial_in_the_references_own_words_is_not_believed() -> None:
    grade = Grader(WordHashEmbeddings(), ScriptedStates(lambda _: -6.0), hand_made(), PROBES).grade(EN, SENTENCE)
    assert [point.verdict for point in grade.key_points] == ["missed", "covered", "missed"]
    denied = Grader(WordHashEmbeddings(), ScriptedStates(lambda _: -6.0), hand_made(), PROBES).grade(
        EN, "Large scores do saturate the softmax and its gradient vanishes."
    )
    assert "contradicted" in [point.verdict for point in denied.key_points]
