"""Statements of a document that the bank refutes are found, their correct counterparts are left alone."""

from pathlib import Path

import pytest

from tests.fakes import WordHashEmbeddings
from tests.samples import entry
from tutor.bank.load import load_bank
from tutor.domain import Language, Passage
from tutor.drills.formulas import compute
from tutor.drills.refutations import refute_figures
from tutor.entailment.claims import Claims
from tutor.entailment.contradiction import Detector, load_alarms, read_units
from tutor.models.embedder import open_embeddings

BANK = Path(__file__).resolve().parents[2] / "corpus" / "bank"
ENTRIES = ("gqa-principle", "model-compression", "vllm-pagedattention", "deepspeed")


def passage(text: str, language: Language = "en", *headings: str) -> Passage:
    return Passage("p1", "doc", text, 0, "Notes", language, headings)


@pytest.fixture(scope="module")
def small() -> Detector:
    return Detector(Claims([entry()], WordHashEmbeddings()), load_alarms(), refute_figures)


@pytest.fixture(scope="module")
def real() -> Detector:
    entries = [item for item in load_bank(BANK, compute).entries if item.id in ENTRIES]
    return Detector(Claims(entries, open_embeddings("bundled")), load_alarms(), refute_figures)


def test_a_claim_word_for_word_is_found_with_correction_entry_and_source(small: Detector) -> None:
    (found,) = small.find([passage("Some say more. A KV cache speeds up training.")])
    assert found.statement == "A KV cache speeds up training."
    assert found.correction.en == "Training computes all positions in parallel and needs none."
    assert (found.entry_id, found.passage_id) == ("kv-cache", "p1")
    assert found.source == "Efficient Memory Management for LLM Serving, 2023, arXiv:2309.06180"
    assert min(alarm.model.threshold for alarm in load_alarms()) <= found.confidence <= 1


@pytest.mark.parametrize(
    "text",
    [
        "Training computes all positions in parallel and needs none.",
        "It keeps keys and values of earlier tokens.",
        "Does a KV cache speed up training?",
        "It is a myth that a KV cache speeds up training.",
        "Cats sleep all day.",
        "",
    ],
)
def test_corrections_key_points_questions_and_other_matters_are_left_alone(small: Detector, text: str) -> None:
    assert small.find([passage(text)]) == []


def test_questions_and_headings_are_no_statements() -> None:
    text = "### Caching\nWhat is cached?\n- Keys are cached.\n- Values are cached, too."
    units = read_units(passage(text, "en", "Caching"))
    assert [unit.statement for unit in units if unit.kind == "sentence"] == [
        "- Keys are cached.",
        "- Values are cached, too.",
    ]
    assert all(unit.statement in text for unit in units)
    assert {unit.read.text for unit in units if unit.kind == "headed"} == {
        "Caching Keys are cached.",
        "Caching Values are cached, too.",
    }


def test_a_bank_without_mistakes_refutes_only_figures() -> None:
    detector = Detector(Claims([], WordHashEmbeddings()), load_alarms(), refute_figures)
    assert detector.find([passage("A KV cache speeds up training.")]) == []
    text = "FP16, 32 layers, hidden size 4096, batch 4, sequence length 2048: the KV cache takes 2 GB."
    (found,) = detector.find([passage(text)])
    assert "4.29 GB" in found.correction.en
    assert found.entry_id == ""


def test_every_signal_of_the_model_is_measured(small: Detector) -> None:
    (suspicion, *_) = small.suspect(read_units(passage("A KV cache speeds up training.")), "en")
    for alarm in load_alarms():
        assert set(alarm.model.weights) <= set(suspicion.signals)
        assert 0 < alarm.model.probability(suspicion.signals) < 1


@pytest.mark.parametrize(
    ("language", "text", "entry_id"),
    [
        ("zh", "DeepSpeed 自带的功能里包括 Megatron-LM，ZeRO-3 也是 ZeRO 之外单独的一项。", "deepspeed"),
        ("en", "vLLM stands for vectorized large language model.", "vllm-pagedattention"),
        ("en", "INT4 needs a custom ASIC.", "model-compression"),
    ],
)
def test_mistakes_in_other_words_are_found(real: Detector, language: Language, text: str, entry_id: str) -> None:
    assert [found.entry_id for found in real.find([passage(text, language)])] == [entry_id]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("zh", "Megatron-LM 是 NVIDIA 的框架，DeepSpeed 只是可以与它集成。"),
        ("en", "The v of vLLM was meant as virtual, after virtual memory."),
        ("en", "INT4 weights run on ordinary NVIDIA cards with GPTQ or AWQ kernels."),
        ("zh", "连续批处理"),
    ],
)
def test_the_correct_counterparts_are_not(real: Detector, language: Language, text: str) -> None:
    assert real.find([passage(text, language)]) == []
