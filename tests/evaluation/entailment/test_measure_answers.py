"""An answer is read as its reader reads it: which sentences are shown as proven, and what their marks point to."""

from dataclasses import replace

from tests.samples import answer, citation
from tutor.evaluation.entailment.measure_answers import (
    Expectation,
    ReadAnswer,
    load_expectations,
    read_answer,
    sample_markdown,
    summarise,
)
from tutor.evaluation.retrieval.follow_ups import load_pairs

EXPECTATION = Expectation("w-en-01", "en", "written", "tune", "Why?", ("memory", "latency"), ("2 times faster",))
PASSAGE = "Keys are kept in memory. It takes 2 GB."


def read(text: str, *, unsupported: tuple[str, ...] = ()) -> ReadAnswer:
    final = replace(
        answer("Why?", text=text),
        citations=(citation(1, PASSAGE, "Keys are kept in memory."),),
        unsupported_sentences=unsupported,
    )
    return read_answer(EXPECTATION, final)


def test_sentences_with_a_mark_are_proven_and_the_others_marked() -> None:
    item = read("Keys stay in memory. [1] They are red.\n\n*A note of 9 words.*", unsupported=("They are red.",))
    assert [(shown.text, bool(shown.citation)) for shown in item.sentences] == [
        ("They are red.", False),
        ("Keys stay in memory.", True),
    ]
    report = summarise([item])
    assert report["expected_facts_present"] == 0.5
    assert report["shown_unmarked"] == 0.5
    assert report["wrong_citations"] == 0


def test_a_number_beside_the_passage_a_wrong_mark_and_a_forbidden_claim_are_counted() -> None:
    report = summarise([read("It takes 3 GB and is 2 times faster. [1] Keys are kept. [4]")])
    assert report["unmarked_with_unknown_number"] == 1
    assert report["wrong_citations"] == 1
    assert report["forbidden_claims_unmarked"] == 1


def test_the_sample_prefers_the_models_own_words() -> None:
    page = sample_markdown([read("Keys are kept in memory. [1] Memory holds keys. [1]")], "2026-01-01", 1)
    assert "Memory holds keys." in page
    assert "| Keys are kept in memory. |  |" in page
    assert "1 of 2 sentences" in page


def test_the_committed_sets_are_balanced() -> None:
    expectations, pairs = load_expectations(), load_pairs()
    assert len(expectations) == len({item.question for item in expectations}) == 60
    assert (
        sum(item.path == "written" for item in expectations)
        == sum(item.language == "zh" for item in expectations)
        == 30
    )
    assert len(pairs) >= 30
    assert sum(item.split == "tune" for item in pairs) == sum(item.split == "test" for item in pairs)
