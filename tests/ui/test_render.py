"""What the UI shows: both languages, everything from outside escaped, marks where they belong."""

import re
from dataclasses import replace

import pytest

from tests.samples import answer, citation, passage
from tutor.domain import LANGUAGES, Choice, Document, Grade, KeyPointGrade, RepeatedMisconception
from tutor.ui.evidence import whence
from tutor.ui.grade_view import render_grade
from tutor.ui.render import answer_to_copy, render_answer, render_document, short_origin
from tutor.ui.strings import EXAMPLES, STRINGS, say

EVIL = "<script>alert(1)</script>"


@pytest.mark.parametrize("key", sorted(STRINGS))
def test_every_string_exists_in_both_languages_with_the_same_gaps(key: str) -> None:
    zh, en = STRINGS[key].zh, STRINGS[key].en
    assert zh.strip()
    assert en.strip()
    assert sorted(re.findall(r"\{\d[^}]*\}", zh)) == sorted(re.findall(r"\{\d[^}]*\}", en))


def test_examples_exist_in_both_languages() -> None:
    assert len(EXAMPLES["zh"]) == len(EXAMPLES["en"])


def test_an_unsupported_sentence_is_marked_and_explained() -> None:
    given = replace(answer("q", text="Right. [1] Invented."), unsupported_sentences=("Invented.",))
    shown = render_answer(given, "en")
    assert '<u class="unsupported"' in shown
    assert "Invented.</u>" in shown
    assert say("unsupported_note", "en") in shown


@pytest.mark.parametrize(
    ("text", "sentence", "shown"),
    [
        ("说得不对。具体来说", "说得不对。", "说得不对。</u>\u202f⚠ 具体来说"),
        ("- Invented.\n- Right. [1]", "- Invented.", '- <u class="unsupported"'),
        ("| a | b |\n| c | d |", "| c | d |", "| c | d ⚠ |"),
        ("```\nx\n```\nEnd.", "```\nx\n```", "```\nx\n```\n\n⚠\nEnd."),
        ("One. One. Two.", "Two.", "One. One. <u"),
    ],
)
def test_the_warning_belongs_to_its_sentence_and_breaks_no_markdown(text: str, sentence: str, shown: str) -> None:
    given = replace(answer("q", text=text), unsupported_sentences=(sentence,))
    assert shown in render_answer(given, "en")


def test_a_tag_in_an_answer_is_text_but_code_links_and_comparisons_stay() -> None:
    text = "The <s> token, `</s>`, a < b, <https://example.org>, <img src=x>."
    shown = render_answer(answer("q", text=text), "en")
    assert "The &lt;s> token, `</s>`, a < b, <https://example.org>, &lt;img src=x>." in shown


def test_a_citation_opens_to_its_passage_with_the_sentence_marked_and_hides_folders() -> None:
    given = replace(answer("q"), citations=(citation(1, "Before. Proof. After.", "Proof."),))
    shown = render_answer(given, "en")
    assert '<span class="s0">Before.</span> <mark class="s1">Proof.</mark> <span class="s2">After.</span>' in shown
    assert "notes.md" in shown
    assert "/somewhere" not in shown


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_from_outside_becomes_markup(language: str) -> None:
    grade = Grade(
        2.0, (1.0, 3.0), (KeyPointGrade(EVIL, 1, 0.2, "missed", EVIL),), (RepeatedMisconception(EVIL, EVIL, EVIL),), EVIL, "1"
    )  # fmt: skip
    document = Document("d", EVIL, (f"/x/{EVIL}.md",), "0", licence=EVIL)
    cited = replace(answer("q"), citations=(citation(1, EVIL, EVIL),))
    for shown in (
        render_grade(grade, language),  # type: ignore[arg-type]
        render_document(document, [passage(EVIL)], language),  # type: ignore[arg-type]
        render_answer(cited, language),  # type: ignore[arg-type]
    ):
        assert "<script" not in shown


def test_a_wide_band_is_called_unsure() -> None:
    narrow = Grade(5.0, (4.0, 6.0), (), (), "", "1")
    assert say("unsure", "en") not in render_grade(narrow, "en")
    assert say("unsure", "en") in render_grade(replace(narrow, band=(2.0, 8.0)), "en")


def test_origins_are_shown_without_folders_but_addresses_whole() -> None:
    assert short_origin("/a/b/c.md") == short_origin("C:\\a\\c.md") == "c.md"
    assert short_origin("https://example.org/a/c.html") == "https://example.org/a/c.html"


def test_an_answer_is_copied_as_markdown_with_numbers_and_their_sources() -> None:
    cited = replace(citation(1, "Proof.", "Proof."), title=r"Why $\sqrt{d_k}$?")
    given = replace(answer("q", text="Divide by $x$. [1]\n\n- `a<b`"), citations=(cited,))
    assert answer_to_copy(given, "en") == (
        "Divide by $x$. [1]\n\n- `a<b`\n\nCitations\n\n[1] Why √(d_k)? (" + whence(cited) + ")  "
    )
    assert "&#10;- `a&lt;b`&#10;" in render_answer(given, "en")


def test_a_refusal_is_copied_without_a_list_of_sources() -> None:
    assert answer_to_copy(answer("q", refused=True, text="Outside."), "zh") == "Outside."


def test_choices_are_buttons_with_the_first_sentence_and_no_title_twice() -> None:
    choice = Choice("kv", "How does a KV cache work, $O(n)$?", "It keeps keys & values.")
    shown = render_answer(replace(answer("q", text="Did you mean one of these?"), choices=(choice,)), "en")
    assert '<button type="button" class="choice">How does a KV cache work, O(n)?</button>' in shown
    assert "keys &amp; values" in shown
    assert shown.count("How does a KV cache work") == 1
    assert say("choices", "en") in shown
