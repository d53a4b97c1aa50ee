"""A known question is answered in the manner asked for, with nothing that is not the bank's."""

import re
from dataclasses import replace

import pytest

from tests.samples import entry as sample_entry
from tutor.chat.entry_answer import Quoter, answer_from_entry, compare_entries, find_piece, first_sentence
from tutor.domain import Bilingual, Citation, Entry, Language
from tutor.ingestion.bank import entry_passages

WITH_EXAMPLE = replace(
    sample_entry(),
    answer=Bilingual(
        "KV Cache 保存键和值；旧的不变。\n\n- 例如 7B 模型 4096 个 token 约 2.1 GB；\n- 代价是显存。",
        "A KV cache keeps keys and values.\n\n- For example, 4,096 tokens of a 7B model take about 2.1 GB;\n- its price is memory.",
    ),
)


def quoter(entry: Entry, language: Language = "en", citations: list[Citation] | None = None) -> Quoter:
    return Quoter(entry, language, entry_passages(entry)[1], ("bank.yaml",), citations)


def test_one_sentence_is_the_first_of_the_answer_with_its_citation() -> None:
    text, citations = answer_from_entry(quoter(sample_entry()), "one sentence")
    assert text.startswith("A KV cache keeps the keys and values of earlier tokens, so they are not recomputed. [1]")
    assert "Its price" not in text
    assert "in more detail" in text
    assert [citation.number for citation in citations] == [1]
    assert citations[0].sentence in citations[0].text


def test_a_chinese_semicolon_does_not_end_the_first_sentence() -> None:
    assert first_sentence(WITH_EXAMPLE, "zh") == "KV Cache 保存键和值；旧的不变。"


def test_simpler_gives_a_hint_and_the_key_points_one_by_one() -> None:
    text, citations = answer_from_entry(quoter(sample_entry(), "zh"), "simpler")
    assert "想想重复计算。" in text
    assert "1. 保存历史 token 的键和值。\n2. 显存随序列长度线性增长。" in text
    assert len(citations) == 2
    assert all(citation.sentence in citation.text for citation in citations)


def test_the_example_is_the_piece_of_the_answer_that_holds_it() -> None:
    text, citations = answer_from_entry(quoter(WITH_EXAMPLE), "example")
    assert "- For example, 4,096 tokens of a 7B model take about 2.1 GB;" in text
    assert "its price is memory" not in text
    assert len(citations) == 1


@pytest.mark.parametrize(("language", "said"), [("zh", "没有例子"), ("en", "no example")])
def test_without_an_example_that_is_said_and_the_answer_given(language: Language, said: str) -> None:
    assert find_piece(sample_entry(), language, (re.compile("for example|例如"),)) == ""
    text, _ = answer_from_entry(quoter(sample_entry(), language), "example")
    assert said in text.split("\n\n")[0]
    assert sample_entry().answer.in_language(language) in text


def test_in_detail_is_the_whole_answer() -> None:
    assert answer_from_entry(quoter(sample_entry()), "detail") == answer_from_entry(quoter(sample_entry()))


def test_two_entries_stand_side_by_side_with_citations_of_both() -> None:
    other = replace(
        sample_entry("lora"),
        question=Bilingual("LoRA 的原理是什么？", "How does LoRA work?"),
        answer=Bilingual("LoRA 冻结权重，只训练低秩更新。", "LoRA freezes the weights and trains a low-rank update."),
    )
    shared: list[Citation] = []
    text, citations = compare_entries(quoter(sample_entry(), "en", shared), quoter(other, "en", shared))
    assert "so they are not recomputed. [1]" in text
    assert "trains a low-rank update. [3]" in text
    assert "| How does a KV cache work? | How does LoRA work? |\n| --- | --- |" in text
    assert [citation.number for citation in citations] == [1, 2, 3, 4]
    assert {citation.entry_id for citation in citations} == {"kv-cache", "lora"}
    assert "no entry that compares the two" in text
    assert all(citation.sentence in citation.text for citation in citations)
