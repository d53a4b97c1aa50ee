"""What an attempt is about: held against the question and against the other questions of a bank, on word-hash embeddings."""

from importlib.resources import files

import pytest

from tests import samples
from tests.fakes import WordHashEmbeddings
from tests.grading.samples import key_points
from tutor.domain import Rubric
from tutor.grading.compare import find_evidence
from tutor.grading.reading import Reader, read_expected
from tutor.grading.topic import TOPIC_SIGNALS, Topics, bank_topics, topic_signals, topic_text
from tutor.text.spans import clean_with_origins, split_spans

ASKED = Rubric("What is a histogram?", key_points(("It counts numbers per bin.", 1.0)))
NEAR = [
    f"What is a histogram of {word}? It counts numbers per bin." for word in ("ages", "rain", "loss", "cost", "time")
]
FAR = ["Why do tides rise? The moon pulls the water.", "Why does bread rise? Yeast makes gas."]


def signals(attempt: str, topics: Topics) -> dict[str, float]:
    reader = Reader(WordHashEmbeddings(), topics)
    statements = reader.read_rubric(read_expected(ASKED))
    read = clean_with_origins(attempt)
    units = reader.read_units(split_spans(read), read.text, statements)
    return topic_signals([evidence.signals for evidence in find_evidence(statements, units)])


def test_who_speaks_of_another_question_is_behind_and_who_speaks_of_this_one_ahead() -> None:
    topics: Topics = {"en": [topic_text(ASKED), *NEAR, *FAR]}
    here, elsewhere = signals("It counts numbers per bin.", topics), signals("The moon pulls the water.", topics)
    assert here["ahead"] > 0.3
    assert here["best_ahead"] > 0.3
    assert elsewhere["ahead"] < -0.3
    assert elsewhere["best_ahead"] < -0.3


def test_the_question_itself_and_its_neighbours_are_no_rivals() -> None:
    """The one nearest to a neighbour's words would be behind it otherwise."""
    alone: Topics = {"en": [topic_text(ASKED), *NEAR, *FAR]}
    assert signals("A histogram of rain counts numbers per bin.", alone)["ahead"] > 0.3


@pytest.mark.parametrize("topics", [{}, {"en": NEAR}, {"zh": [*NEAR, *FAR]}])
def test_without_rivals_nothing_is_ahead_or_behind(topics: Topics) -> None:
    found = signals("The moon pulls the water.", topics)
    assert (found["ahead"], found["best_ahead"]) == (0.0, 0.0)


def test_every_signal_counts_anew_where_the_languages_differ() -> None:
    assert set(signals("Bins.", {})) >= {*TOPIC_SIGNALS, *(f"crossed_{name}" for name in TOPIC_SIGNALS)}


def test_a_bank_has_a_topic_of_each_entry_in_each_language() -> None:
    entry = samples.entry()
    topics = bank_topics([entry, entry])
    assert topics["en"][0] == topics["en"][1] != topics["en"][2]
    assert topics["en"][0].startswith(entry.question.en)
    assert all(point.text.zh in topics["zh"][0] for point in entry.key_points)


def test_everyday_texts_stand_for_what_is_about_no_question_and_none_of_them_is_learnt_from() -> None:
    topics = bank_topics([])
    assert {language: len(texts) for language, texts in topics.items()} == {"zh": 12, "en": 12}
    learnt = files("tutor.evaluation.grading").joinpath("data", "everyday.txt").read_text(encoding="utf-8").splitlines()
    assert len(learnt) == 24
    assert not {text for texts in topics.values() for text in texts} & set(learnt)
