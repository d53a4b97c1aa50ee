"""LaTeX formulas as MathML for a page and as one line of text for where no formula is drawn. Pure.

One reading serves both: latex2mathml's tree. Nothing of the tree reaches a page but elements and attributes named here,
because a formula may come from anybody's file. What the parser refuses is shown as it was written.
"""

import html
import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple
from xml.etree.ElementTree import Element

from latex2mathml import exceptions
from latex2mathml.converter import convert_to_element

_REFUSALS: tuple[type[Exception], ...] = (
    *(kind for kind in vars(exceptions).values() if isinstance(kind, type)),
    ValueError,
    LookupError,
    StopIteration,
    RecursionError,
)
_MOST_CHARACTERS = 2_000
_TAGS = frozenset(
    "mrow mi mn mo mtext mspace mfrac msqrt mroot msub msup msubsup munder mover munderover mtable mtr mtd mstyle mpadded mphantom".split()
)
_ATTRIBUTES = frozenset(
    "accent accentunder columnalign displaystyle fence form largeop linethickness lspace mathvariant maxsize minsize movablelimits rspace scriptlevel separator stretchy symmetric width".split()
)
_RELATIONS = frozenset("=<>≤≥≠≈≡∼~≃∝∈∉⊂⊆→←↔⇒⇐⇔↦≪≫≺≻∣±×·÷∪∩⊙⊕⊗∘+−")
_SIGNS = frozenset("+−±")
_KINDS = {
    **dict.fromkeys("([{⌈⌊⟨", "open"),
    **dict.fromkeys(")]}⌉⌋⟩", "close"),
    **dict.fromkeys(",;", "comma"),
    **dict.fromkeys("|‖", "bar"),
    **dict.fromkeys("∑∏∫", "sum"),
    **dict.fromkeys("!%", "postfix"),
    **dict.fromkeys("∂Δ∇", "prefix"),
    **dict.fromkeys(_RELATIONS, "relation"),
    "/": "slash",
}
_PARTS = dict.fromkeys(("mfrac", "mroot", "msub", "msup", "munder", "mover"), 2) | {"msubsup": 3, "munderover": 3}
_ACCENTS = {"^": "\u0302", "ˆ": "\u0302", "¯": "\u0304", "‾": "\u0304", "~": "\u0303", "˜": "\u0303", "˙": "\u0307", "→": "\u20d7"}  # fmt: skip
_ACCENT_NAMES = {"\u0302": "hat", "\u0304": "bar", "\u0303": "tilde", "\u0307": "dot", "\u20d7": "vec"}
_SIMPLE = re.compile(r"[^\W_]+[\u0300-\u036f\u20d7]?[′″]*")
# What latex2mathml 3.81 leaves as it is written; any other name that it does not know leaves the formula LaTeX.
_NAMES = re.compile(r"\\(arg)(?![a-zA-Z])")
_SCRIPT = re.compile(r"[^\W_]+|[′″]+|[⊤*+−∗∞]")


def formula_html(latex: str, is_display: bool = False) -> str:
    """MathML of a formula, safe in any page; what cannot be read is shown as its source."""
    tree = _parse(latex)
    if tree is None:
        return f"<code>{html.escape(latex)}</code>"
    inside = "".join(map(_mathml, tree))
    return f'<math display="{"block" if is_display else "inline"}">{inside}</math>'


def formula_text(latex: str) -> str:
    r"""One line that says the same: `\frac{p-1}{m+p-1}` is (p−1)/(m+p−1), `\binom{n}{k}` is C(n, k), `D_{KL}` is D_KL.

    What cannot be read stays LaTeX.
    """
    tree = _parse(latex)
    return " ".join(latex.split()) if tree is None else _Line(is_tight=False).write(_flat(tree))


@lru_cache(maxsize=4_096)
def _parse(latex: str) -> Element | None:
    if len(latex) > _MOST_CHARACTERS:
        return None
    try:
        tree: Element = convert_to_element(_NAMES.sub(r"\\mathrm{\1}", latex))
    except _REFUSALS:
        return None
    return tree if all(map(_is_whole, tree.iter())) else None


def _is_whole(element: Element) -> bool:
    """Whether the parser has known the name and found all the parts."""
    return not _content(element).startswith("\\") and len(element) == _PARTS.get(element.tag, len(element))


def _mathml(element: Element) -> str:
    inside = html.escape(_content(element)) + "".join(map(_mathml, element))
    if element.tag not in _TAGS:
        return inside
    attributes = "".join(
        f' {name}="{html.escape(html.unescape(value))}"' for name, value in element.items() if name in _ATTRIBUTES
    )
    return f"<{element.tag}{attributes}>{inside}</{element.tag}>"


def _content(element: Element) -> str:
    return html.unescape(element.text or "")


class _Token(NamedTuple):
    """A stretch of the line and how it stands with its neighbours."""

    text: str
    kind: str  # operand, upright, fraction, function, gap, thin, or one of _KINDS


def _flat(element: Element) -> list[Element]:
    """Children of a row, those of rows within it that only group told as its own."""
    flat: list[Element] = []
    for child in element:
        if [_content(part) for part in child] == [","]:  # `4{,}096`
            flat.append(Element("mspace"))
        elif child.tag in ("mrow", "mstyle", "mpadded") and not _is_word(child):
            flat.extend(_flat(child))
        else:
            flat.append(child)
    return flat


def _is_word(element: Element) -> bool:
    r"""`\mathrm{softmax}`: upright letters make one name."""
    children = list(element)
    return len(children) > 1 and all(child.tag == "mi" and child.get("mathvariant") == "normal" for child in children)


class _Line:
    """Writes a row of elements; `is_tight` inside scripts, where there are no blanks around operators."""

    def __init__(self, is_tight: bool) -> None:
        self._is_tight = is_tight

    def write(self, row: Sequence[Element]) -> str:
        tokens = self._tokens(row)
        text = ""
        for place, token in enumerate(tokens):
            before = tokens[place - 1] if place else None
            after = tokens[place + 1] if place + 1 < len(tokens) else None
            shown = f"({token.text})" if token.kind == "fraction" and _is_factor(before, after) else token.text
            text += self._gap(tokens, place) + shown
        return " ".join(text.split())

    def _tokens(self, row: Sequence[Element]) -> list[_Token]:
        tokens: list[_Token] = []
        place = 0
        while place < len(row):
            if _is_binomial(row, place):
                above, below = (self._inside(child) for child in row[place + 1])
                tokens.append(_Token(f"C({above}, {below})", "operand"))
                place += 3
                continue
            tokens.append(self._token(row[place]))
            if row[place].tag == "mtable" and tokens[-2:-1] == [_Token("{", "open")]:  # cases have no other brace
                tokens.append(_Token("}", "close"))
            place += 1
        return _join_numbers(tokens)

    def _token(self, element: Element) -> _Token:
        kind, tag = "operand", element.tag
        if tag == "mspace":
            return _Token("", "gap" if element.get("width") in ("1em", "2em") or element.get("linebreak") else "thin")
        if tag == "mfrac":
            above, below = (self._operand(child) for child in element)
            return _Token(f"{above}/{below}", "fraction")
        if tag in ("msub", "msup", "msubsup", "munder", "mover", "munderover"):
            return self._scripted(element)
        if tag == "msqrt":
            text = self._inside(element)
            return _Token(f"√{text}" if _SIMPLE.fullmatch(text) else f"√({text})", kind)
        if tag == "mroot":
            radicand, degree = element
            return _Token(f"{self._operand(radicand)}^(1/{self._operand(degree)})", kind)
        if tag == "mtable":
            return _Token("; ".join(", ".join(map(self._inside, row)) for row in element), kind)
        if len(element):  # a word, or what only groups
            return _Token("".join(map(_content, element)) if _is_word(element) else self.write(_flat(element)), kind)
        return _leaf(element)

    def _inside(self, element: Element) -> str:
        row = list(element) if element.tag not in ("mrow", "mstyle", "msqrt", "mtd") or _is_word(element) else None
        return self.write([element] if row is not None else _flat(element))

    def _operand(self, element: Element) -> str:
        """What stands above or below a line or under a script: in brackets unless it is one thing."""
        text = _Line(is_tight=True)._inside(element)
        children = _flat(element) if element.tag in ("mrow", "mstyle") and not _is_word(element) else [element]
        is_one = len(children) == 1 and children[0].tag in ("mi", "mn", "msub", "msup", "msubsup", "msqrt")
        return text if is_one or _SIMPLE.fullmatch(text) else f"({text})"

    def _scripted(self, element: Element) -> _Token:
        base, *scripts = element
        marks = {"msub": "_", "munder": "_", "msup": "^", "mover": "^"}.get(element.tag, "_^")
        if element.tag == "mover" and (accent := _ACCENTS.get(_content(scripts[0]))):
            return _Token(_accented(self._inside(base), accent), "operand")
        row = _flat_one(base)
        token = self._token(row[0]) if len(row) == 1 else _Token(self._inside(base), "operand")
        kind = token.kind if token.kind in ("function", "relation", "close", "sum", "bar", "upright") else "operand"
        is_bare = token.kind != "fraction" and (token.kind in ("close", "bar") or " " not in token.text)
        text = token.text if is_bare else f"({token.text})"
        for mark, script in zip(marks, scripts, strict=True):
            text += _script(mark, _Line(is_tight=True)._script_text(script, mark))
        return _Token(text, kind)

    def _script_text(self, element: Element, mark: str) -> str:
        """Letters below are a label, and so are capitals above: `d_{in}` is d_in, `W^{UK}` is W^UK; `e^{im}` is a product."""
        row = _flat_one(element)
        letters = "".join(map(_content, row)) if all(child.tag == "mi" and not len(child) for child in row) else ""
        if letters.isalpha() and (mark == "_" or (letters.isascii() and letters.isupper())):
            return letters
        return self._inside(element)

    def _gap(self, tokens: Sequence[_Token], place: int) -> str:
        """The blank between a token and the one before it."""
        if not place:
            return ""
        before, token = tokens[place - 1], tokens[place]
        if "gap" in (before.kind, token.kind):
            return " "
        if "relation" in (before.kind, token.kind):
            return "" if self._is_tight or _is_sign(tokens, place - 1) or before.kind in ("open", "slash") else " "
        if before.kind == "comma":
            return "" if self._is_tight else " "
        if before.kind in ("open", "slash", "bar", "prefix") or token.kind in (
            "close",
            "slash",
            "comma",
            "bar",
            "postfix",
        ):
            return ""
        if token.kind == "open":
            return "" if before.kind in ("operand", "upright", "function", "close") else " "
        return "" if before.kind == token.kind == "upright" else " "


def _is_sign(tokens: Sequence[_Token], place: int) -> bool:
    """Whether the token is the sign of what follows: nothing stands before it that it could be added to."""
    before = tokens[place - 1].kind if place else "open"
    return tokens[place].text in _SIGNS and before in ("relation", "open", "comma", "slash", "gap", "sum", "function")


def _flat_one(element: Element) -> list[Element]:
    return _flat(element) if element.tag in ("mrow", "mstyle") and not _is_word(element) else [element]


def _leaf(element: Element) -> _Token:
    text = _content(element).replace("⋅", "·")
    if element.tag == "mtext":
        return _Token(text, "operand")
    if element.get("mathvariant") == "normal":
        return _Token(text, "upright")
    is_name = len(text) > 1 and text.isascii() and text.isalpha()  # log, max
    return _Token(text, "function" if is_name else _KINDS.get(text, "operand"))


def _is_factor(before: _Token | None, after: _Token | None) -> bool:
    """Whether a fraction stands beside something that it would seem to multiply or divide by only in part."""
    apart = {"relation", "comma", "gap"}
    return (before is not None and before.kind not in apart | {"open"}) or (
        after is not None and after.kind not in apart | {"close"}
    )


def _is_binomial(row: Sequence[Element], place: int) -> bool:
    return (
        place + 2 < len(row)
        and _content(row[place]) == "("
        and row[place + 1].tag == "mfrac"
        and row[place + 1].get("linethickness") == "0"
        and _content(row[place + 2]) == ")"
    )


def _join_numbers(tokens: list[_Token]) -> list[_Token]:
    """`4{,}096` and `10\\,000` are one number each: digits, a mark of thousands, three digits."""
    joined: list[_Token] = []
    for token in tokens:
        if token.kind == "thin":
            joined.append(token)
            continue
        if re.fullmatch(r"\d{3}(?:\.\d+)?", token.text) and len(joined) > 1:
            number, mark = joined[-2:]
            if re.fullmatch(r"\d{1,3}(?:,\d{3})*", number.text) and mark.kind == "thin":
                joined[-2:] = [_Token(f"{number.text},{token.text}", "operand")]
                continue
        joined.append(token)
    return [token for token in joined if token.kind != "thin"]


def _accented(base: str, accent: str) -> str:
    return base + accent if len(base) == 1 else f"{_ACCENT_NAMES[accent]}({base})"


def _script(mark: str, text: str) -> str:
    if text and set(text) <= set("′″"):
        return text
    if text.startswith("(") and text.endswith(")") and ")" not in text[1:-1]:
        return mark + text
    return f"{mark}{text}" if _SCRIPT.fullmatch(text) else f"{mark}({text})"
