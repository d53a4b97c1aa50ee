"""The measures of retrieval, against values worked out by hand."""

import math

import pytest

from tutor.evaluation.retrieval.measure import Question, Ranked, first_rank, load_questions, retrieval_markdown, scores


def test_the_first_right_entry_counts_and_a_missing_one_is_infinitely_far() -> None:
    assert first_rank(["a", "b", "c"], ["c", "b"]) == 2
    assert first_rank(["a"], ["z"]) == math.inf


def test_measures_agree_with_a_calculation_by_hand() -> None:
    found = scores([(["a", "b"], ["a"]), (["a", "b", "c", "d"], ["d"]), (["a"], ["z"])])
    assert found["recall@1"] == pytest.approx(1 / 3, abs=1e-4)
    assert found["recall@3"] == pytest.approx(1 / 3, abs=1e-4)
    assert found["recall@5"] == pytest.approx(2 / 3, abs=1e-4)
    assert found["MRR"] == pytest.approx((1 + 1 / 4) / 3, abs=1e-4)
    assert found["nDCG@10"] == pytest.approx((1 + 1 / math.log2(5)) / 3, abs=1e-4)


def test_both_languages_of_an_entry_fall_into_the_same_part() -> None:
    parts: dict[str, set[str]] = {}
    for item in load_questions():
        if item.entries:
            parts.setdefault(item.entries[0], set()).add(item.split)
    assert all(len(found) == 1 for found in parts.values())
    assert {"tune", "test"} == set().union(*parts.values())


def test_the_page_names_each_ranking() -> None:
    question = [Question(f"q{i}", "en", "plain", "x", (f"entry-{i}",), "in") for i in range(8)]
    ranked = [Ranked(item, {"words": ("a",), "fused": item.entries}) for item in question]
    page = retrieval_markdown(ranked, {"auc": 1.0}, "2026-01-01", 8)
    assert "| en | fused |" in page
    assert "| en | words |" in page
