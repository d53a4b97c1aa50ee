"""Front matter leaves, text stays: a rule at the top of a file hides nothing."""

import pytest

from tutor.ingestion.front_matter import split_front_matter
from tutor.ingestion.load import load_bytes

BODY = "Attention weighs values.\n"


@pytest.mark.parametrize(
    ("front", "title"),
    [
        ('---\ntitle: "Serving notes"\ntags: [a]\n---\n', "Serving notes"),
        ("---\ntitle: 注意力\ndate: 2026-13-45\n\n# a comment\ntags:\n  - a\n...\n", "注意力"),
        ("---  \nTags: [a]\n--- \n", ""),
        ("---\ntitle: |\n  Two\n  lines\n  ---\n---\n", "Two lines ---"),
        ("---\n标题: 投机解码\n---\n", "投机解码"),
        ('+++\ntitle = "Paging"\ndate = 2026-01-01\n+++\n', "Paging"),
        ("---\ntitle: [a, b]\n---\n", ""),
        ("---\n---\n", ""),
        ("---\n\n---\n", ""),
    ],
)
def test_front_matter_gives_its_title_and_leaves(front: str, title: str) -> None:
    assert split_front_matter(front + BODY) == (title, BODY)
    assert split_front_matter(front) == (title, "")


@pytest.mark.parametrize(
    "text",
    [
        "---\n\nFirst part of the text.\n\n---\n\nSecond part.\n",
        "---\nNote: attention is costly.\n---\nMore.\n",
        "---\n注意：代价是显存。\n\n---\n更多。\n",
        "---\nQ: What is attention? It is this: a sum.\n---\nMore.\n",
        "---\n- a list\n- of two\n---\nMore.\n",
        "---\ntitle: never closed\n\nText.\n",
        "---\ntitle: a colon: inside is no YAML\n---\nMore.\n",
        "----\ntitle: x\n----\nMore.\n",
        "Text first.\n\n---\ntitle: x\n---\nMore.\n",
        "\n---\ntitle: x\n---\nMore.\n",
        "+++\nno toml here\n+++\nMore.\n",
        "+++ b/file.py\n+++\nMore.\n",
        "---\n" + "[" * 5_000 + "\n---\nMore.\n",
        "---\ntitle: x\n" + "a: b\n" * 10_000 + "---\nMore.\n",
        "---",
        "",
    ],
)
def test_anything_else_is_text(text: str) -> None:
    assert split_front_matter(text) == ("", text)


def test_a_file_between_rules_is_read_whole() -> None:
    text = load_bytes("---\r\n\r\n第一部分讲注意力。\r\n\r\n---\r\n\r\n第二部分讲缓存。\r\n".encode(), "a.md").text
    assert "第一部分讲注意力。" in text
    assert "第二部分讲缓存。" in text
