"""Marks that open their passage: each `[n]` points at the sentences that prove the claim before it."""

import re
from dataclasses import replace

import pytest

from tests.samples import answer, citation
from tutor.domain import LANGUAGES, Bilingual, Contradiction, Language
from tutor.ui.evidence import link_marks, mark_sentences, render_citations, render_warnings, whence
from tutor.ui.render import render_answer

PASSAGE = "KV cache\nIt stores **keys**. It grows with length.\n\nQueries are not kept."
CITED = citation(1, PASSAGE, "It grows with length.")


def marks(text: str, *citations: object) -> list[str]:
    """Classes of the buttons, without the first."""
    linked = link_marks(text, citations, "en")  # type: ignore[arg-type]
    return [
        found.removeprefix("cite ").strip() for found in re.findall(r'<button type="button" class="([^"]*)"', linked)
    ]


def test_a_mark_points_at_the_sentences_that_say_its_claim_word_for_word() -> None:
    assert marks("It stores **keys**. It grows with length. [1]\n\nQueries are not kept. [1]", CITED) == [
        "cite-1 s1 s2",
        "cite-1 s3",
    ]


def test_a_claim_in_other_words_points_at_the_sentence_of_its_citation() -> None:
    assert marks("Its memory is linear. [1]", CITED) == ["cite-1 s2"]


def test_bullets_are_found_without_their_bullet() -> None:
    assert marks("Mistakes\n- Queries are not kept. [1]", CITED) == ["cite-1 s3"]


def test_two_marks_in_a_row_prove_the_same_claim() -> None:
    assert marks("Queries are not kept. [1][2]", CITED, replace(CITED, number=2)) == ["cite-1 s3", "cite-2 s3"]


def test_marks_in_code_formulas_links_and_unknown_numbers_stay_text() -> None:
    text = "`x[1]` $a[1]$ [1](http://a) [7]\n```\nx[1]\n```"
    assert link_marks(text, [CITED], "en") == text


def test_a_citation_without_its_sentence_highlights_nothing() -> None:
    assert "<mark" not in mark_sentences(replace(CITED, sentence=""))
    assert "<mark" not in mark_sentences(replace(CITED, sentence="Not in there."))


def test_a_passage_shows_bold_and_code_but_fetches_no_picture() -> None:
    shown = mark_sentences(citation(1, "A **b** and `c`. ![x](http://evil/x.png)", ""))
    assert "<b>b</b>" in shown
    assert "<code>c</code>" in shown
    assert "<img" not in shown


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_in_a_passage_or_title_becomes_markup(language: Language) -> None:
    evil = '<script>alert(1)</script>" onclick="x'
    cited = replace(citation(1, evil, evil), title=evil, heading_path=(evil,), origins=(f"/a/{evil}",))
    shown = render_answer(replace(answer("q", text="Claim. [1]"), citations=(cited,)), language)
    assert "<script" not in shown
    assert '" onclick' not in shown


def test_a_citation_of_a_document_shows_the_section_that_it_stands_in() -> None:
    cited = replace(
        citation(1, "秩太小时表达力不够。", ""), title="微调", heading_path=("微调", "LoRA", "缺点"), entry_id=None
    )
    assert "[1] 微调 › LoRA › 缺点 · " in render_citations((cited,), "引用", "zh")
    of_the_bank = replace(cited, heading_path=("推理",), entry_id="lora")
    assert "[1] 微调 · " in render_citations((of_the_bank,), "引用", "zh")


def test_a_mark_says_what_it_opens() -> None:
    assert 'title="Open the passage: Notes"' in link_marks("A. [1]", [CITED], "en")
    assert 'title="查看出处：Notes"' in link_marks("A. [1]", [CITED], "zh")


@pytest.mark.parametrize(
    ("language", "warning", "correction"),
    [
        ("zh", "这句话可能有误", "正确的是</b>: 不对"),
        ("en", "This statement may be wrong", "What is right</b>: not so"),
    ],
)
def test_a_cited_passage_that_contradicts_the_bank_carries_a_warning(
    language: Language, warning: str, correction: str
) -> None:
    wrong = Contradiction(
        "p1", "It stores <b>", Bilingual("错", "wrong"), Bilingual("不对", "not so"), "e", 0.9, "A paper"
    )
    shown = render_answer(replace(answer("q"), citations=(replace(CITED, contradictions=(wrong,)),)), language)
    assert warning in shown
    assert correction in shown
    assert "<q>It stores &lt;b&gt;</q>" in shown
    assert "(A paper)" in shown
    assert "⚠" not in render_citations((CITED,), "Citations", language)


@pytest.mark.parametrize("in_markdown", [True, False])
def test_formulas_of_a_warning_and_of_a_heading_are_no_latex_source(in_markdown: bool) -> None:
    wrong = Contradiction(
        "p1", r"Divide by $\sqrt{n}$.", Bilingual("错", "wrong"), Bilingual("不对", r"By $\sqrt{d_k}$."), "e", 0.9, ""
    )
    shown = render_warnings((wrong,), "en", in_markdown=in_markdown)
    assert "$" not in shown
    assert shown.count("<math" if not in_markdown else "\ue0a0") == 2
    assert (
        whence(replace(CITED, heading_path=("Attention", r"Why $\sqrt{d_k}$"))) == "Attention › Why √(d_k) › notes.md"
    )
