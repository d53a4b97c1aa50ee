"""A chat as a Markdown file: what was asked, what was said, and where it stands."""

from dataclasses import replace

import pytest

from tests.learning.material import ANSWER, CITATION
from tutor.learning.export import chat_markdown
from tutor.learning.titles import Chat
from tutor.text.markdown import literal, quote

CHAT = Chat("c1", "KV *cache*", "2026-01-01T09:00:00.000+00:00", "2026-01-02T10:30:00.000+00:00", 1)


@pytest.mark.usefixtures("in_shanghai")
def test_citations_become_footnotes_with_the_supporting_sentence() -> None:
    assert chat_markdown(CHAT, [ANSWER], "zh") == (
        "# KV \\*cache\\*\n\n"
        "*对话，开始于 2026-01-01 17:00，最近一次 2026-01-02 18:30*\n\n"
        "## 1. 什么是 KV cache？\n\n"
        "它保存键和值 [^1-1]。\n\n"
        "[^1-1]: **KV cache › Inference › Memory**: “The cache keeps keys and values.” (kv.md)\n"
    )


@pytest.mark.usefixtures("in_shanghai")
def test_footnotes_of_two_answers_do_not_collide() -> None:
    second = replace(
        ANSWER, question="And its size?", text="It grows [1][2].", citations=(CITATION, replace(CITATION, number=2))
    )
    text = chat_markdown(CHAT, [ANSWER, second], "en")
    assert "Chat started 2026-01-01 17:00, last used 2026-01-02 18:30" in text
    assert "## 2. And its size?" in text
    assert "It grows [^2-1][^2-2]." in text
    assert text.count("\n[^2-1]: ") == 1
    assert text.count("\n[^1-1]: ") == 1


def test_brackets_in_code_links_and_unknown_numbers_stay() -> None:
    text = "Take `x[1]` [1] and [1](http://a) and [7]:\n```python\ny = x[1]\n```"
    exported = chat_markdown(CHAT, [replace(ANSWER, text=text)], "en")
    assert "Take `x[1]` [^1-1] and [1](http://a) and [7]:\n```python\ny = x[1]\n```" in exported


def test_a_citation_that_the_text_does_not_mention_is_put_at_its_end() -> None:
    assert "It keeps keys. [^1-1]\n" in chat_markdown(CHAT, [replace(ANSWER, text="It keeps keys.")], "en")


def test_a_refusal_shows_the_nearest_passages_and_no_footnotes() -> None:
    refusal = replace(ANSWER, text="材料里没有。", refused=True, citations=(), nearest=(CITATION,))
    text = chat_markdown(CHAT, [refusal], "en")
    assert "Nearest passages (not used for an answer):" in text
    assert "- **KV cache › Inference › Memory**: “The cache keeps keys and values. It grows with length.”" in text
    assert "[^" not in text


def test_a_title_that_is_its_first_heading_too_stands_once() -> None:
    notes = replace(CITATION, title="Inference")
    text = chat_markdown(CHAT, [replace(ANSWER, citations=(notes,))], "en")
    assert "[^1-1]: **Inference › Memory**" in text


def test_sentences_without_support_are_listed() -> None:
    text = chat_markdown(CHAT, [replace(ANSWER, unsupported_sentences=("It is blue.",))], "en")
    assert "⚠ These sentences have no support in the material:\n\n- It is blue." in text
    assert "以下句子在材料中没有依据" in chat_markdown(CHAT, [replace(ANSWER, unsupported_sentences=("x",))], "zh")


def test_a_condensed_question_and_a_long_one_are_shown_in_full() -> None:
    long = "Why? " * 40
    text = chat_markdown(CHAT, [replace(ANSWER, question=long, standalone_question="Why is the cache large?")], "en")
    assert "*Answered as: Why is the cache large?*" in text
    assert f"> {long.strip()}" in text


def test_a_chat_without_exchanges_says_so() -> None:
    assert "Nothing was said yet." in chat_markdown(CHAT, [], "en")
    assert "还没有内容。" in chat_markdown(CHAT, [], "zh")


def test_what_was_typed_is_shown_as_typed() -> None:
    assert literal("<|im_start|> a*b_c `x` $y$ [z]") == r"\<\|im\_start\|\> a\*b\_c \`x\` \$y\$ \[z\]"
    assert literal("# one\n- two\n1. three\n3.14 of 2") == "\\# one\n\\- two\n1\\. three\n3\\.14 of 2"
    assert quote("first\n\n<b>") == "> first  \n>\n> \\<b\\>  "
