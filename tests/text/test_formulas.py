"""A formula keeps its value in one line of text and its structure in MathML."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.text.formula_values import value_of_latex, value_of_text
from tutor.bank.check_content import texts_of
from tutor.bank.load import load_bank
from tutor.domain import LANGUAGES
from tutor.drills.formulas import compute
from tutor.text.formulas import formula_html, formula_text
from tutor.text.markup import cut_markup

BANK = Path(__file__).parents[2] / "corpus" / "bank"


def _written() -> Iterator[str]:
    for entry in load_bank(BANK, compute).entries:
        for _, text in texts_of(entry):
            for language in LANGUAGES:
                pieces = cut_markup(text.in_language(language))
                yield from (piece.content.strip() for piece in pieces if piece.kind == "formula")


@cache
def bank_formulas() -> tuple[str, ...]:
    """Every formula of the bank as it is shown, its numbers filled in."""
    return tuple(dict.fromkeys(_written()))


def test_every_formula_of_the_bank_read_back_from_its_text_gives_the_same_value() -> None:
    wrong = {
        latex: formula_text(latex)
        for latex in bank_formulas()
        if value_of_latex(latex) != pytest.approx(value_of_text(formula_text(latex)), rel=1e-6)
    }
    assert wrong == {}
    assert len(bank_formulas()) > 500


def test_the_text_of_no_formula_of_the_bank_holds_latex() -> None:
    assert [text for text in map(formula_text, bank_formulas()) if re.search(r"[\\{}$&]|\bfrac\b", text)] == [
        "A = softmax((Q K^⊤)/√(d_k) + M), M_ij = {0, j ≤ i; −∞, j > i}"
    ]


def test_every_formula_of_the_bank_is_mathml_with_each_fraction_and_script() -> None:
    for latex in bank_formulas():
        tree = ElementTree.fromstring(formula_html(latex))
        tags = [element.tag for element in tree.iter()]
        assert tree.tag == "math", latex
        fractions = len(re.findall(r"\\[dt]?frac|\\binom", latex))
        assert tags.count("mfrac") == fractions, latex
        assert tags.count("msqrt") == latex.count("\\sqrt"), latex


@pytest.mark.parametrize(
    ("latex", "text"),
    [
        (r"1-\binom{n-c}{k}/\binom{n}{k}", "1 − C(n − c, k)/C(n, k)"),
        (r"\frac{p-1}{m+p-1}", "(p−1)/(m+p−1)"),
        (r"D_{KL}(p\|q)", "D_KL(p‖q)"),
        (r"-\tfrac1N\sum_i\log p_i", "−(1/N) ∑_i log p_i"),
        (r"\tfrac12", "1/2"),
        (r"\frac ab c", "(a/b) c"),
        (r"x\frac{1}{2}", "x (1/2)"),
        (r"\left(\frac{a}{b}\right)^2", "(a/b)^2"),
        (r"{\frac{a}{b}}^2", "(a/b)^2"),
        (r"a^{b^c}", "a^(b^c)"),
        (r"e^{-x/2}", "e^(−x/2)"),
        (r"e^{im\theta}", "e^(i m θ)"),
        (r"W^{UK}", "W^UK"),
        (r"x_{i,t}^{2}", "x_(i,t)^2"),
        (r"\sqrt{a+b}\,c", "√(a + b) c"),
        (r"\sqrt[3]{x+1}", "(x+1)^(1/3)"),
        (r"\bar{x}+\widehat{\mathrm{KL}}", "x̄ + hat(KL)"),
        (r"202{,}375{,}168", "202,375,168"),
        (r"10\,000", "10,000"),
        (r"f(1,200)", "f(1, 200)"),
        (r"\arg\max_x f", "arg max_x f"),
        (r"b|d|", "b|d|"),
        (r"99.5\%", "99.5%"),
    ],
)
def test_brackets_fractions_binomials_bars_and_scripts_are_kept(latex: str, text: str) -> None:
    assert formula_text(latex) == text


@pytest.mark.parametrize(
    "latex", [r"\frac{1}", "a^b^c", r"\begin{array}", "{" * 3, "x_", r"\nosuchmacro{x}", "", "x" * 5_000]
)
def test_what_cannot_be_read_stays_as_it_was_written(latex: str) -> None:
    assert formula_text(latex) == latex
    assert latex in formula_html(latex)


@pytest.mark.parametrize(
    "latex",
    [r"\text{<img src=x onerror=alert(1)>}", r"\href{javascript:alert(1)}{x}", r"\style{background:url(//a)}{x}"],
)
def test_a_formula_of_anybodys_file_brings_neither_tags_nor_links_nor_styles(latex: str) -> None:
    shown = formula_html(latex)
    assert "<img" not in shown
    assert not re.search(r"<[^>]*(?:href|style|onerror)", shown)


def test_a_comparison_in_a_formula_is_no_tag() -> None:
    assert "<mo>&lt;</mo>" in formula_html("a<b")


@pytest.mark.parametrize("text", ["1 − n − c k/n k", "1 − C(n − c, k)/C(k, n)", "1 − (n − c)/k/C(n, k)"])
def test_the_reading_tells_a_changed_formula_apart(text: str) -> None:
    assert value_of_text(text) != pytest.approx(value_of_latex(r"1-\binom{n-c}{k}/\binom{n}{k}"), rel=1e-3)
