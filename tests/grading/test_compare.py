"""Signals of a whole attempt against a whole reference, on word-hash embeddings."""

from collections.abc import Mapping

import pytest

from tests.fakes import WordHashEmbeddings
from tutor.grading.compare import WHOLE_SIGNALS, find_evidence, gram_recall, read_whole
from tutor.grading.reading import Reader, read_expected
from tutor.grading.rubric import rubric_from_request
from tutor.text.spans import clean_with_origins, split_spans

REFERENCE = "A histogram groups numbers into bins. The height of a bar is the count of its bin."


def signals(attempt: str) -> Mapping[str, float]:
    reader = Reader(WordHashEmbeddings())
    rubric = rubric_from_request("What is a histogram?", (), REFERENCE)
    statements = reader.read_rubric(read_expected(rubric))
    cleaned = clean_with_origins(attempt)
    read = reader.read_attempt(cleaned, split_spans(cleaned), (), statements)
    return read_whole(statements, read.units, find_evidence(statements, read.units), read.whole_vector)


def test_all_signals_are_there_and_a_better_attempt_has_more() -> None:
    good, bad = signals(REFERENCE), signals("A histogram shows the average over time.")
    assert set(good) == set(WHOLE_SIGNALS)
    assert all(good[name] >= bad[name] for name in WHOLE_SIGNALS if name != "question_cosine")
    assert good["cosine"] == pytest.approx(1.0)


def test_length_beyond_the_reference_earns_nothing() -> None:
    padded = REFERENCE + " Well, you know, that is how I would put it in my own words, more or less, I think."
    assert signals(padded)["shortfall"] == signals(REFERENCE)["shortfall"] == 0.0
    assert signals("Bins.")["shortfall"] < -1.0


def test_grams_of_chinese_are_pairs_of_characters() -> None:
    assert gram_recall("梯度消失", "梯度爆炸") == pytest.approx(1 / 3)
    assert gram_recall("gradient", "gradient") == 1.0
    assert gram_recall("", "anything") == 0.0
