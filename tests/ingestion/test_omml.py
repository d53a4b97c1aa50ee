"""Formulas of Word come out as the LaTeX that people type, and the page can draw it."""

import pytest
from lxml import etree

from tutor.ingestion.omml import latex
from tutor.text.formulas import formula_text

_NAME = "http://schemas.openxmlformats.org/officeDocument/2006/math"


def r(text: str, properties: str = "") -> str:
    return f"<m:r><m:rPr>{properties}</m:rPr><m:t>{text}</m:t></m:r>"


def part(name: str, inside: str) -> str:
    return f"<m:{name}>{r(inside) if inside and not inside.startswith('<') else inside}</m:{name}>"


def element(name: str, properties: str = "", **parts: str) -> str:
    """`m:name` with its properties and its parts, in order."""
    set_up = f"<m:{name}Pr>{properties}</m:{name}Pr>" if properties else ""
    return f"<m:{name}>{set_up}{''.join(part(key.strip('_'), inside) for key, inside in parts.items())}</m:{name}>"


def sign(name: str, value: str) -> str:
    return f'<m:{name} m:val="{value}"/>'


def read(inside: str) -> str:
    return latex(etree.fromstring(f'<m:oMath xmlns:m="{_NAME}" xmlns:w="urn:w">{inside}</m:oMath>'))


def rows(*lines: tuple[str, ...]) -> str:
    return "".join(f"<m:mr>{''.join(part('e', cell) for cell in line)}</m:mr>" for line in lines)


_ROOT = element("rad", sign("degHide", "1"), deg="", e=element("sSub", e="d", sub="k"))
_CASES = [
    (element("f", num=r("Q") + element("sSup", e="K", sup="T"), den=_ROOT), r"\frac{QK^{T}}{\sqrt{d_{k}}}", "(Q K^T)/√(d_k)"),
    (element("f", sign("type", "lin"), num="a+b", den="2"), "(a+b)/2", "(a + b)/2"),
    (element("d", e=element("f", sign("type", "noBar"), num="n", den="k")), r"\left(\binom{n}{k} \right)", None),
    (element("rad", deg="3", e="x"), r"\sqrt[3]{x}", "x^(1/3)"),
    (element("sSubSup", e="x", sub="i", sup="2"), "x_{i}^{2}", "x_i^2"),
    (element("sSub", e="d", sub="model"), "d_{model}", "d_model"),
    (element("sSup", e=element("d", e="1-p"), sup="2"), "(1-p)^{2}", None),
    (element("sSup", e="ab", sup="2"), "ab^{2}", None),
    (element("sPre", sub="a", sup="b", e="X"), "{}_{a}^{b}X", None),
    (element("nary", sign("chr", "∑"), sub="i=1", sup="n", e=element("sSub", e="x", sub="i")), r"\sum_{i=1}^{n} x_{i}", None),
    (element("nary", "", sub="0", sup="1", e="f"), r"\int_{0}^{1} f", None),
    (element("nary", sign("chr", "∏") + sign("supHide", "1"), sub="t", sup="", e="p"), r"\prod_{t} p", None),
    (element("func", fName="softmax", e=element("d", e="z")), r"\operatorname{softmax} (z)", "softmax(z)"),
    (element("func", fName=element("sSub", e=r("log", sign("sty", "p")), sub="2"), e="p"), r"\log_{2} p", "log_2 p"),
    (element("func", fName=element("limLow", e="max", lim="θ"), e="L"), r"\max_{\theta} L", "max_θ L"),
    (element("func", fName=element("limLow", e="argmin", lim="w"), e="f"), r"\operatorname{argmin}_{w} f", "argmin_w f"),
    (element("limLow", e="lim", lim="n→∞"), r"\lim_{n\to \infty}", None),
    (element("limUpp", e="=", lim=r("def", sign("nor", "1"))), r"\overset{\text{def}}{=}", None),
    (element("limLow", e=element("groupChr", e="a+b"), lim="n"), r"\underbrace{a+b}_{n}", None),
    (element("limUpp", e=element("groupChr", sign("chr", "⏞") + sign("pos", "top"), e="a"), lim="n"), r"\overbrace{a}^{n}", None),
    (element("acc", e="y"), r"\hat{y}", "y\u0302"),
    (element("acc", sign("chr", "\u20d7"), e="v"), r"\vec{v}", None),
    (element("acc", sign("chr", "\u0303"), e="AB"), r"\widetilde{AB}", None),
    (element("bar", sign("pos", "top"), e="x"), r"\overline{x}", None),
    (element("bar", e="x"), r"\underline{x}", None),
    (element("borderBox", e="E"), r"\boxed{E}", "E"),
    (element("box", e="x"), "x", "x"),
    (element("d", sign("begChr", "[") + sign("endChr", "]"), e=f"<m:m>{rows(('a', 'b'), ('c', 'd'))}</m:m>"), r"\begin{bmatrix} a & b \\ c & d \end{bmatrix}", None),
    (element("d", sign("begChr", "{") + sign("endChr", ""), e="<m:eqArr>" + part("e", "x,  x&gt;0") + part("e", "0,  x≤0") + "</m:eqArr>"), r"\begin{cases} x & x>0 \\ 0 & x\le 0 \end{cases}", None),
    ("<m:eqArr>" + part("e", "a&amp;=b") + part("e", "c&amp;=d") + "</m:eqArr>", r"\begin{array}{l} a=b \\ c=d \end{array}", "a = b; c = d"),
    ("<m:d>" + part("e", "x") + part("e", "y") + "</m:d>", "(x|y)", None),
    (element("d", sign("begChr", "‖") + sign("endChr", "‖"), e="x"), r"\|x \|", "‖x‖"),
    (element("d", sign("begChr", "⌊") + sign("endChr", "⌋"), e=element("f", num="n", den="b")), r"\left\lfloor \frac{n}{b} \right\rfloor", "⌊n/b⌋"),
    (r("R", sign("scr", "double-struck")) + r("∈ℝ"), r"\mathbb{R}\in \mathbb{R}", None),
    (r("W", sign("sty", "b")) + r("x"), r"\mathbf{W}x", "𝐖 x"),
    (r("𝑊𝑥𝛼") + r("=50%"), r"Wx\alpha =50\%", None),
    ("".join(r(letter, sign("sty", "p")) for letter in "softmax") + element("d", e="z"), r"\mathrm{softmax}(z)", "softmax(z)"),
    (r("E", sign("sty", "p") + sign("scr", "double-struck")) + r("x"), r"\mathbb{E}x", None),
    (element("d", sign("begChr", "{") + sign("endChr", ""), e=f"<m:m>{rows(('a', 'b'), ('c', 'd'))}</m:m>"), r"\begin{cases} a & b \\ c & d \end{cases}", None),
    (r("损失") + r("=−αβ"), r"\text{损失}=-\alpha \beta", None),
    (r("if ", sign("nor", "1")) + r("x"), r"\text{if }x", "if x"),
    (r("Attention") + element("d", e="Q,K,V"), r"\mathrm{Attention}(Q,K,V)", "Attention(Q, K, V)"),
    ("<m:unknown>" + r("kept") + "</m:unknown>", r"\mathrm{kept}", "kept"),
]  # fmt: skip


@pytest.mark.parametrize(("inside", "expected", "line"), _CASES)
def test_a_formula_is_the_latex_that_people_type(inside: str, expected: str, line: str | None) -> None:
    assert read(inside) == expected
    assert formula_text(expected) != expected or "\\" not in expected, "the page can draw it"
    if line:
        assert formula_text(expected) == line


def test_no_character_of_a_formula_is_lost_however_it_is_nested() -> None:
    inside = r("x")
    for letter in "abcdefghijklmnop":
        inside = element(
            "f", num=r(letter) + inside, den=element("rad", deg="", e=inside if letter < "d" else r(letter))
        )
    assert set("xabcdefghijklmnop") <= set(read(inside))
