"""Markdown becomes one plain line, and a preview of it that is cut between its pieces."""

import pytest

from tutor.text.plain import opening, plain_line


@pytest.mark.parametrize(
    ("markdown", "line"),
    [
        (r"- **Scale**: divide by $\sqrt{d_k}$.", "Scale: divide by √(d_k)."),
        (r"| T-Fixup | shrunk by $\frac{1}{2}$, 70% | no norm |", "T-Fixup · shrunk by 1/2, 70% · no norm"),
        ("| a | b |\n|---|:---:|\n| $p(x|y)$ | `a|b` |", "a · b · p(x|y) · a|b"),
        (r"2. costs \$5 or \$6, not $a\le b$", "costs $5 or $6, not a ≤ b"),
        ("costs $5 or $6", "costs $5 or $6"),
        ("一行\n两行 `code`", "一行 两行 code"),
        ("an odd $ stays", "an odd $ stays"),
        ("$a$ - b", "a - b"),
        ("# Title\n\n- one\n- two", "Title one two"),
        (
            "See [the paper](https://example.org/a) and <https://example.org/b>.",
            "See the paper and https://example.org/b.",
        ),
        ("a<br>b <small>c</small> but x < y > z", "a b c but x < y > z"),
        ('<a href="https://example.org">List<String></a> of <int>', "List<String> of <int>"),
        ("```python\nx = a[1]  # $HOME\n```", "x = a[1] # $HOME"),
    ],
)
def test_formulas_tables_and_marks_become_words(markdown: str, line: str) -> None:
    assert plain_line(markdown) == line


@pytest.mark.parametrize(
    ("markdown", "limit", "line"),
    [
        ("short", 10, "short"),
        ("one two three", 7, "one two…"),
        (r"divide by $\sqrt{d_k}$ here", 14, "divide by…"),
        (r"divide by $\sqrt{d_k}$ here", 16, "divide by √(d_k)…"),
        ("call `tokenizer.apply_chat_template` first", 12, "call…"),
        ("read [a long title](https://example.org) now", 10, "read…"),
        (r"$\frac{a+b}{c}$ and more", 3, "…"),
        ("a <details><summary>b</summary></details> c", 3, "a b…"),
    ],
)
def test_a_preview_is_cut_in_prose_only(markdown: str, limit: int, line: str) -> None:
    assert opening(markdown, limit) == line
