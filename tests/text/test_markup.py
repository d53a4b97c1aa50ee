"""Markdown cut into prose, code and formulas; what a model spells otherwise is put into our spelling."""

import pytest

from tutor.text.markup import cut_markup, dollar_formulas, keep_formulas, put_behind

TEXTS = [
    "a $x$ b `c$` $$d$$\n```\ne\n```\nf",
    "`` a`b `` and ```` ``` ````",
    "```\nunclosed $x$",
    "> ```\n> quoted\n> ```\nafter $x$",
    "`a\n\nb` $y$",
    "\\$5 $ $$ $$$",
    "",
]


@pytest.mark.parametrize("text", TEXTS)
def test_the_pieces_joined_are_the_text(text: str) -> None:
    assert "".join(piece.source for piece in cut_markup(text)) == text


def test_the_content_is_what_stands_between_the_marks() -> None:
    pieces = [
        (piece.kind, piece.content, piece.is_display) for piece in cut_markup("`` a` `` $x$ $$y$$\n```py\nz\n```")
    ]
    assert [piece for piece in pieces if piece[0] != "prose"] == [
        ("code", "a`", False),
        ("formula", "x", False),
        ("formula", "y", True),
        ("code", "z", True),
    ]


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        (r"update \( \Delta W = BA \).", r"update $\Delta W = BA$."),
        ("so\n\\[ a = b \\]\nend", "so\n$$a = b$$\nend"),
        (r"as written ( \Delta W = BA )", r"as written ( \Delta W = BA )"),
        (r"`re.match(r'\(a\)')` and \(x\)", r"`re.match(r'\(a\)')` and $x$"),
        (r"an odd \( stays", r"an odd \( stays"),
    ],
)
def test_the_brackets_of_latex_become_dollars_outside_code(written: str, shown: str) -> None:
    assert dollar_formulas(written) == shown


SOURCE = r"$A\in\mathbb{R}^{r\times d_{in}}$ and $\Delta W=BA$"


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        (r"$A \in \mathbb{R}^r \times d_{in}$", r"$A\in\mathbb{R}^{r\times d_{in}}$"),
        (r"$$ \Delta W = BA $$", r"$$\Delta W=BA$$"),
        (r"$\Delta W = AB$", r"$\Delta W = AB$"),
        (r"`A \in R` $x$", r"`A \in R` $x$"),
    ],
)
def test_a_formula_of_a_source_stays_that_formula(written: str, shown: str) -> None:
    assert keep_formulas(written, [SOURCE]) == shown


def test_of_two_formulas_that_differ_in_their_braces_none_is_put() -> None:
    assert keep_formulas("$x^ab$", ["$x^{ab}$", "$x^{a}b$"]) == "$x^ab$"


@pytest.mark.parametrize(
    ("sentence", "shown"),
    [
        ("It grows.", "It grows. [1]"),
        ("| a | b |", "| a | b [1] |"),
        ("```\nx\n```", "```\nx\n```\n\n[1]"),
        ("$$x$$", "$$x$$\n\n[1]"),
        ("a|b|", "a|b| [1]"),
    ],
)
def test_a_mark_breaks_neither_a_table_nor_code_nor_a_formula(sentence: str, shown: str) -> None:
    assert put_behind(sentence, "[1]") == shown
