"""Reads a formula from LaTeX and from one line of text, each with a scanner of its own, and puts numbers in.

A name stands for a number of its own, a script below belongs to the name, what stands beside each other is multiplied
(so a function's name is a factor, on both sides alike), and a list or a relation is a number made of its parts.
"""

import hashlib
import math
import re
from collections.abc import Iterator

Token = str
_LETTERS = {
    "alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "epsilon": "ϵ", "eta": "η", "theta": "θ", "kappa": "κ", "lambda": "λ",
    "in": "∈", "mu": "μ", "pi": "π",
    "rho": "ρ", "sigma": "σ", "tau": "τ", "phi": "ϕ", "Phi": "Φ", "Psi": "Ψ", "Omega": "Ω", "Theta": "Θ", "Delta": "Δ", "partial": "∂", "nabla": "∇",
    "ell": "ℓ", "infty": "∞", "top": "⊤", "times": "×", "cdot": "·", "approx": "≈", "le": "≤", "ge": "≥", "ne": "≠", "sum": "∑", "prod": "∏", "int": "∫",
    "mid": "∣", "pm": "±", "leftarrow": "←", "to": "→", "odot": "⊙", "propto": "∝", "sim": "~", "cup": "∪", "cap": "∩", "succ": "≻", "ll": "≪", "dots": "…",
    "ldots": "…", "cdots": "⋯", "lVert": "‖", "rVert": "‖", "Vert": "‖", "lvert": "|", "rvert": "|", "langle": "⟨", "rangle": "⟩", "lceil": "⌈",
    "rceil": "⌉",
}  # fmt: skip
_FUNCTIONS = frozenset("log ln exp max min sin cos tanh arg".split())
_SIZES = frozenset("left right big Big".split())
_LATEX = re.compile(
    r"\\(?P<macro>[A-Za-z]+)|\\(?P<sign>.)|(?P<number>\d+(?:\{,\}\d{3})*(?:\.\d+)?)|(?P<one>\S)", re.DOTALL
)
_TEXT = re.compile(
    r"(?P<number>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)|(?P<prefix>[∂Δ∇])|(?P<word>[^\W\d_∂Δ∇]\u0302?(?:[^\W\d_∂Δ∇])*)|(?P<one>\S)"
)
_SAME = {"-": "−", "*": "∗", "'": "′"}
_OPEN, _CLOSE = "([{⌈⟨", ")]}⌉⟩"
_APART = frozenset("=<>≤≥≠≈~∝∈→←≪≻∣|‖,;±∪∩⊙…⋯")


def value_of_latex(latex: str) -> float:
    return _value(_scan_latex(latex))


def value_of_text(text: str) -> float:
    return _value(_scan_text(text))


# --- LaTeX


def _scan_latex(latex: str) -> list[Token]:
    return _Latex(latex).tokens()


class _Latex:
    def __init__(self, latex: str) -> None:
        self._latex = latex
        self._parts = list(_LATEX.finditer(latex))
        self._at = 0

    def tokens(self, until: str = "") -> list[Token]:
        found: list[Token] = []
        while self._at < len(self._parts):
            if until and self._parts[self._at][0] == until:
                self._at += 1
                return found
            found += self._scripted(self._thing())
        assert not until, f"no {until}"
        return found

    def _scripted(self, base: list[Token]) -> list[Token]:
        below, above = "", [""] * 0
        while self._at < len(self._parts) and self._parts[self._at][0] in "_^'":
            mark = self._parts[self._at][0]
            self._at += 1
            if mark == "'":
                above.append("′")
            elif mark == "_":
                below = _label(self._thing())
            else:
                above += ["^", "(", *self._thing(), ")"]
        if below:
            base = [*base, f"_{below}"]
        return base + above

    def _thing(self) -> list[Token]:
        part = self._parts[self._at]
        self._at += 1
        if part["number"]:
            return self._digits(part["number"])
        if part["one"]:
            if part[0] == "{":
                return self.tokens("}")
            return [","] if part[0] == "&" else [_SAME.get(part[0], part[0])]
        if part["sign"]:
            return {"|": ["‖"], "%": ["%"], "\\": [";"]}.get(part["sign"], [])
        return self._macro(part["macro"])

    def _digits(self, number: str) -> list[Token]:
        """Behind a macro or a script without braces LaTeX takes one digit."""
        before = self._parts[self._at - 2][0] if self._at > 1 else ""
        if before in ("_", "^") or before in ("\\frac", "\\tfrac", "\\binom", "\\sqrt"):
            rest = number[1:]
            if rest:
                self._parts[self._at - 1] = next(_LATEX.finditer(rest))
                self._at -= 1
            return [number[0]]
        return [number.replace("{,}", "")]

    def _macro(self, name: str) -> list[Token]:
        if name in ("frac", "dfrac", "tfrac"):
            above = self._thing()
            if len(above) == 1 and self._parts[self._at]["number"]:
                below = [self._parts[self._at][0]]
                self._at += 1
            else:
                below = self._thing()
            return ["(", "(", *above, ")", "/", "(", *below, ")", ")"]
        if name == "binom":
            above = self._thing()
            return ["C", "(", *above, ",", *self._thing(), ")"]
        if name == "sqrt":
            return ["√", "(", *self._thing(), ")"]
        if name in ("hat", "widehat"):
            base = self._thing()
            return [base[0] + "\u0302"] if len(base[0]) == 1 else ["hat", "(", *base, ")"]
        if name in ("mathrm", "text", "mathbb"):
            return self._upright(name)
        if name == "begin":
            assert _label(self._thing()) == "cases"
            return ["{"]
        if name == "end":
            self._thing()
            return ["}"]
        if name in _SIZES or name in ("quad", "qquad"):
            return []
        return [name] if name in _FUNCTIONS else [_LETTERS[name]]

    def _upright(self, name: str) -> list[Token]:
        begin = self._parts[self._at].end()
        inside = self._thing()
        if name == "text":
            return _scan_text(self._latex[begin : self._parts[self._at - 1].start()])
        if name == "mathbb":
            return ["ℝ"] if inside == ["R"] else inside
        return _scan_text("".join(inside))


def _label(tokens: list[Token]) -> str:
    return "".join(token for token in tokens if token not in ("(", ")"))


# --- text


def _scan_text(text: str) -> list[Token]:
    return list(_texts(text))


def _texts(text: str) -> Iterator[Token]:
    at = 0
    found: list[Token] = []
    while at < len(text):
        if text[at].isspace():
            at += 1
        elif text[at] in "_^":
            script, end = _script(text, at + 1)
            if text[at] == "_":
                found.append("_" + _label(_scan_text(script)))
            else:
                found += ["^", "(", *_powers(script), ")"]
            at = end
        else:
            match = _TEXT.match(text, at)
            assert match, text[at:]
            found.append(match[0].replace(",", "") if match["number"] else _SAME.get(match[0], match[0]))
            at = match.end()
    yield from found


def _powers(script: str) -> list[Token]:
    return (
        list(script) if script.isascii() and script.isalpha() else _scan_text(script)
    )  # W^UK: letters beside each other


def _script(text: str, at: int) -> tuple[str, int]:
    if text[at] != "(":
        match = re.compile(r"\d+(?:\.\d+)?|[^\W_]+|.").match(text, at)
        assert match
        return match[0], match.end()
    depth, end = 0, at
    while True:
        depth += {"(": 1, ")": -1}.get(text[end], 0)
        end += 1
        if depth == 0:
            return text[at + 1 : end - 1], end


# --- numbers


def _number(*parts: object) -> float:
    """A number between 0.5 and 2.5 that belongs to these parts."""
    digest = hashlib.sha256(repr(parts).encode()).digest()
    return 0.5 + 2 * int.from_bytes(digest[:6], "big") / 2**48


def _value(tokens: list[Token]) -> float:
    items: list[object] = []
    start = depth = 0
    for at, token in enumerate([*tokens, "="]):
        depth += (token in _OPEN) - (token in _CLOSE)
        if depth == 0 and token in _APART:
            items += [_sum(tokens[start:at]), token]
            start = at + 1
    assert depth == 0, tokens
    items.pop()
    if len(items) == 1:
        return float(str(items[0]))
    return _number(*(f"{item:.6g}" if isinstance(item, float) else item for item in items))


def _sum(tokens: list[Token]) -> float:
    total, sign, start, depth = 0.0, 1.0, 0, 0
    for at, token in enumerate([*tokens, "+"]):
        depth += (token in _OPEN) - (token in _CLOSE)
        if depth == 0 and token in "+−":
            if at > start:
                total += sign * _product(tokens[start:at])
            sign = -1.0 if token == "−" else 1.0
            start = at + 1
    return total


def _product(tokens: list[Token]) -> float:
    value, at, divides = 1.0, 0, False
    while at < len(tokens):
        if tokens[at] in "×·/":
            divides = tokens[at] == "/"
            at += 1
            continue
        factor, at = _power(tokens, at)
        value = value / factor if divides else value * factor
        divides = False
    return value


def _power(tokens: list[Token], at: int) -> tuple[float, int]:
    base, at = (1.0, at) if tokens[at][0] in "_^" else _atom(tokens, at)
    while at < len(tokens) and tokens[at][0] in "_^%′!":
        if tokens[at] == "^":
            above, at = _atom(tokens, at + 1)
            base = abs(base) ** above if abs(above * math.log(abs(base) or 1)) < 600 else _number(base, above)
        else:
            base, at = (base / 100 if tokens[at] == "%" else _number(base, tokens[at])), at + 1
    return base or _number(0), at


def _atom(tokens: list[Token], at: int) -> tuple[float, int]:
    token = tokens[at]
    if token in _OPEN:
        depth, end = 0, at
        while depth or end == at:
            depth += (tokens[end] in _OPEN) - (tokens[end] in _CLOSE)
            end += 1
        return _value(tokens[at + 1 : end - 1]) or _number(0), end
    if token == "√":
        inside, end = _power(tokens, at + 1)
        return math.sqrt(abs(inside)), end
    return (float(token) if token[0].isdigit() else _number(token)), at + 1
