"""Near-duplicate questions, on fakes here and on the shipped bank with the real embedder."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.bank.folder import BankFolder
from tests.fakes import WordHashEmbeddings
from tutor.assembly import Tutor
from tutor.bank.check import check_bank
from tutor.drills.formulas import compute
from tutor.settings import load_settings

Make = Callable[..., dict[str, Any]]


@pytest.fixture
def tutor(tmp_path: Path) -> Iterator[Tutor]:
    """The real embedder over the shipped bank; no index is needed."""
    tutor = Tutor(load_settings(home=tmp_path / "home"))
    yield tutor
    tutor.close()


def test_two_entries_with_the_same_words_are_reported_at_the_later_one(bank: BankFolder, entry: Make) -> None:
    bank.write(
        entry("one", question={"zh": "缓存为什么能加速推理？", "en": "Why does the cache speed up decoding?"}),
        entry("two", question={"zh": "推理为什么能加速？缓存", "en": "Decoding: why does the cache speed up?"}),
        entry("three", question={"zh": "词表大小怎么选？", "en": "How large should a vocabulary be?"}),
    )
    embeddings = WordHashEmbeddings()
    problems = [problem for problem in bank.check(embeddings).problems if "nearly the question" in problem.problem]
    assert [(problem.entry, problem.field) for problem in problems] == [("two", "question")]
    assert "entry `one` in training.yaml" in problems[0].problem
    assert len(embeddings.embedded) == 6, "question texts only"


def test_the_same_question_in_one_language_only_is_no_duplicate(bank: BankFolder, entry: Make) -> None:
    bank.write(
        entry("one", question={"zh": "缓存为什么能加速推理？", "en": "Why does the cache speed up decoding?"}),
        entry("two", question={"zh": "缓存为什么能加速推理？ ", "en": "How is a tokenizer trained from scratch?"}),
    )
    problems = bank.check(WordHashEmbeddings()).problems
    assert not [problem for problem in problems if "nearly the question" in problem.problem]


@pytest.mark.weights
def test_a_rewording_is_found_and_a_sibling_is_not(bank: BankFolder, entry: Make, tutor: Tutor) -> None:
    bank.write(
        entry("one", question={"zh": "KV Cache 的原理是什么？为什么能加速推理？",
                               "en": "What is the KV cache, and why does it speed up generation?"}),
        entry("two", question={"zh": "请解释 KV 缓存的原理，以及它为什么能加快推理。",
                               "en": "Explain how the KV cache works and why it makes generation faster."}),
        entry("three", question={"zh": "如何计算 KV Cache 占用的显存？",
                                 "en": "How do you compute the memory that a KV cache takes?"}),
    )  # fmt: skip
    problems = bank.check(tutor.embeddings).problems
    assert [(problem.entry, problem.field) for problem in problems] == [("two", "question")]


@pytest.mark.weights
def test_the_shipped_bank_has_no_problem(tutor: Tutor) -> None:
    report = check_bank(tutor.settings.bank_folder, compute, tutor.embeddings)
    assert report.problems == ()
    assert report.seed_items_covered == report.seed_items_total == 166
