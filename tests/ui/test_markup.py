"""Markdown on its way to the page: formulas marked, dollars and tags that are none kept as text."""

import re

import pytest

from tutor.ui.markup import DELIMITERS, escape, inline_html, page_markdown, render_typed

DISPLAY, INLINE = DELIMITERS


def formulas(shown: str) -> list[str]:
    pattern = "|".join(f"{item['left']}(.+?){item['right']}" for item in DELIMITERS)
    return [found[1] or found[2] for found in re.finditer(pattern, shown, re.DOTALL)]


@pytest.mark.parametrize(
    ("markdown", "expected"),
    [
        (r"$x^2$ and $$\sum_i y$$", ["x^2", r"\sum_i y"]),
        ("from $5 to $6, or US$7/A$8", []),
        (r"costs \$5 for $n$ of \$6", ["n"]),
        ("`echo $HOME $PATH` and $x$", ["x"]),
        ("```sh\necho $A$\n```\n$x$", ["x"]),
        ("- a\n  ```\n  $a$ b\n  ```\n- $x$", ["x"]),
        ("~~~\n$a$\n", []),
        ("``a ` $b$``", []),
        ("$a\n\nb$", []),
        ("| $p(x|y)$ | b |", ["p(x|y)"]),
        (r"$\text{at \$5}$", [r"\text{at \$5}"]),
        ("**$a$**，$b$。", ["a", "b"]),
        ("an odd $ and $x$", ["x"]),
    ],
)
def test_a_formula_is_what_pandoc_takes_for_one_and_never_reaches_out_of_prose(
    markdown: str, expected: list[str]
) -> None:
    assert formulas(page_markdown(markdown)) == expected


@pytest.mark.parametrize("markdown", [r"cost \$5, $x^2$ or \$6", "`$a$`", "$$x$$", "a $ b $ c"])
def test_a_second_time_changes_nothing(markdown: str) -> None:
    once = page_markdown(markdown)
    assert page_markdown(once) == once


def test_code_is_left_as_it_was_written() -> None:
    code = "```python\n\tx = a < b  # $5\n\n    y\n```"
    assert page_markdown(code) == code
    assert render_typed(f"<b>\n{code}") == f"&lt;b&gt;\n{code}"


def test_what_was_typed_holds_neither_a_formula_nor_a_tag() -> None:
    shown = page_markdown(render_typed("$x$ for <b>, ${y}$"))
    assert formulas(shown) == []
    assert "$" not in shown
    assert "&lt;b&gt;" in shown


def test_an_attribute_holds_no_dollar_that_could_begin_a_formula() -> None:
    assert page_markdown(f'<i title="{escape("$x$")}">$y$</i>').count(INLINE["left"]) == 1


def test_a_passage_keeps_its_lines_its_indentation_and_its_code() -> None:
    shown = inline_html("One\n- a\n  - b\n\n```python\nif x:\n    y\n\n    z\n```\nend")
    assert shown.startswith("One<br>- a<br>&nbsp;&nbsp;- b<br>")
    assert "<pre><code>if x:&#10;    y&#10;&#10;    z</code></pre>" in shown
    assert "\n" not in shown, "an empty line would end the HTML within Markdown"


def test_a_formula_in_a_passage_is_drawn_by_the_browser_or_by_gradio() -> None:
    assert "<math" in inline_html(r"so $a<b$")
    shown = inline_html(r"so $a<b$", in_markdown=True)
    assert formulas(shown) == ["a&lt;b"]
