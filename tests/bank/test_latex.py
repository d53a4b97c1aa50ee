"""Formulas and code marks that are left open."""

import pytest

from tutor.bank.latex import unclosed_marks


@pytest.mark.parametrize(
    "text",
    [
        "no formula at all",
        r"inline $\frac{a}{b}$ and $$\sum_{i=1}^{n} x_i$$ and \$5",
        "$$\nx = \\begin{cases} 1 \\\\ 2 \\end{cases}\n$$",
        r"a set $\{1, 2\}$ and $\left(\frac{1}{2}\right)$",
        "code `echo $HOME` and\n```bash\necho $PATH {\n```\n",
        r"$4{,}294{,}967{,}296$",
    ],
)
def test_closed_marks_are_fine(text: str) -> None:
    assert unclosed_marks(text) == []


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("costs $5 a day", "odd number of $"),
        ("$$ x = 1", "odd number of $$"),
        (r"$\frac{1}{2$", "a { without }"),
        (r"$x}$ and ${y$", "a } without {"),
        (r"$\left( x )$", r"\left without \right"),
        (r"$\begin{cases} 1$", r"\begin without its \end"),
        ("nothing $ $ here", "an empty formula"),
        ("```python\nx = 1\n", "``` without its end"),
    ],
)
def test_open_marks_are_told(text: str, told: str) -> None:
    assert any(told in slip for slip in unclosed_marks(text))
