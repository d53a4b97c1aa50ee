"""Markdown with formulas becomes one plain line."""

import pytest

from tutor.ui.plain import plain_line


@pytest.mark.parametrize(
    ("markdown", "line"),
    [
        (r"- **Scale**: divide by $\sqrt{d_k}$.", "Scale: divide by √(d_k)."),
        (r"| T-Fixup | shrunk by $\frac{1}{2}$, 70% | no norm |", "T-Fixup · shrunk by 1/2, 70% · no norm"),
        (r"2. costs \$5 or \$6, not $a\le b$", "costs $5 or $6, not a≤b"),
        ("一行\n两行 `code`", "一行 两行 code"),
        ("an odd $ stays", "an odd $ stays"),
    ],
)
def test_formulas_tables_and_marks_become_words(markdown: str, line: str) -> None:
    assert plain_line(markdown) == line
