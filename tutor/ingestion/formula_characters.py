"""Characters of formulas -> LaTeX commands, and characters of the font Symbol -> Unicode. Tables only."""

from types import MappingProxyType

_GREEK = "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi omicron pi rho varsigma sigma tau upsilon phi chi psi omega".split()
_CAPITALS = {"Γ": "Gamma", "Δ": "Delta", "Θ": "Theta", "Λ": "Lambda", "Ξ": "Xi", "Π": "Pi", "Σ": "Sigma", "Υ": "Upsilon", "Φ": "Phi", "Ψ": "Psi", "Ω": "Omega"}  # fmt: skip
_SIGNS = {
    "≤": "le", "≥": "ge", "≠": "ne", "≈": "approx", "≡": "equiv", "∼": "sim", "≃": "simeq", "≅": "cong", "∝": "propto",
    "≪": "ll", "≫": "gg", "≜": "triangleq", "×": "times", "÷": "div", "±": "pm", "∓": "mp", "⋅": "cdot", "·": "cdot", "∗": "ast",
    "∘": "circ", "⊙": "odot", "⊗": "otimes", "⊕": "oplus", "∈": "in", "∉": "notin", "∋": "ni", "⊂": "subset", "⊆": "subseteq",
    "⊃": "supset", "⊇": "supseteq", "∪": "cup", "∩": "cap", "∅": "emptyset", "∀": "forall", "∃": "exists", "¬": "neg", "∧": "wedge",
    "∨": "vee", "→": "to", "←": "leftarrow", "↔": "leftrightarrow", "⇒": "Rightarrow", "⇐": "Leftarrow", "⇔": "Leftrightarrow",
    "↦": "mapsto", "↑": "uparrow", "↓": "downarrow", "∞": "infty", "∂": "partial", "∇": "nabla", "…": "dots", "⋯": "cdots",
    "⋮": "vdots", "⋱": "ddots", "∣": "mid", "∥": "parallel", "⊥": "perp", "⊤": "top", "‖": "|", "⟨": "langle", "⟩": "rangle",
    "⌊": "lfloor", "⌋": "rfloor", "⌈": "lceil", "⌉": "rceil", "ℓ": "ell", "ℏ": "hbar", "∎": "blacksquare", "√": "surd", "ε": "epsilon",
    "ϵ": "epsilon", "φ": "varphi", "ϕ": "phi", "ϑ": "vartheta", "ϖ": "varpi", "ϱ": "varrho", "∑": "sum", "∏": "prod", "∫": "int",
}  # fmt: skip
PLAIN = MappingProxyType(
    {"\u2212": "-", "\u2061": "", "\u2062": "", "\u2063": "", "\u2064": "", "\u00a0": "", "\u200b": "", "\u2009": ""}
)
ESCAPED = MappingProxyType({char: f"\\{char}" for char in "#%{}$&"})
COMMANDS = MappingProxyType(
    {chr(0x3B1 + place): f"\\{name}" for place, name in enumerate(_GREEK) if name != "omicron"}
    | {char: f"\\{name}" for char, name in (_CAPITALS | _SIGNS).items()}
    | PLAIN
)
OPERATORS = MappingProxyType(
    {
        "∑": r"\sum", "∏": r"\prod", "∐": r"\coprod", "∫": r"\int", "∬": r"\iint", "∭": r"\iiint", "∮": r"\oint",
        "⋃": r"\bigcup", "⋂": r"\bigcap", "⋁": r"\bigvee", "⋀": r"\bigwedge", "⨁": r"\bigoplus", "⨂": r"\bigotimes", "⨀": r"\bigodot",
    }
)  # fmt: skip
FUNCTIONS = frozenset(
    "arccos arcsin arctan arg cos cosh cot coth csc deg det dim exp gcd hom inf ker lg lim liminf limsup ln log max min"
    " sec sin sinh sup tan tanh".split()
)
ACCENTS = MappingProxyType(
    {
        "\u0302": r"\hat", "^": r"\hat", "\u0303": r"\tilde", "~": r"\tilde", "\u0304": r"\bar", "\u0305": r"\overline", "¯": r"\bar",
        "\u0307": r"\dot", "˙": r"\dot", "\u0308": r"\ddot", "\u20db": r"\dddot", "\u030c": r"\check", "\u0306": r"\breve",
        "\u0301": r"\acute", "\u0300": r"\grave", "\u20d7": r"\vec", "→": r"\vec", "ˆ": r"\hat", "˜": r"\tilde", "‾": r"\bar", "―": r"\bar", "\u20d1": r"\vec", "\u20d6": r"\overleftarrow",
    }
)  # fmt: skip
DELIMITERS = MappingProxyType(
    {
        "{": r"\{",
        "}": r"\}",
        "‖": r"\|",
        "∥": r"\|",
        "⟨": r"\langle",
        "⟩": r"\rangle",
        "〈": r"\langle",
        "〉": r"\rangle",
    }
    | {"⌊": r"\lfloor", "⌋": r"\rfloor", "⌈": r"\lceil", "⌉": r"\rceil"}
)

# The encoding of Adobe's font Symbol from 0x20 on, as Word stores it at U+F020 and above. A blank where it has no sign.
_SYMBOL = (
    " !∀#∃%&∋()∗+,−./0123456789:;<=>?≅ΑΒΧΔΕΦΓΗΙϑΚΛΜΝΟΠΘΡΣΤΥςΩΞΨΖ[∴]⊥_‾αβχδεφγηιϕκλμνοπθρστυϖωξψζ{|}∼ "
    "                                "
    "€ϒ′≤⁄∞ƒ♣♦♥♠↔←↑→↓°±″≥×∝∂•÷≠≡≈…⏐⎯↵ℵℑℜ℘⊗⊕∅∩∪⊃⊇⊄⊂⊆∈∉∠∇®©™∏√⋅¬∧∨⇔⇐⇑⇒⇓◊〈®©™∑⎛⎜⎝⎡⎢⎣⎧⎨⎩⎪ 〉∫⌠⎮⌡⎞⎟⎠⎤⎥⎦⎫⎬⎭"
)
_WINGDINGS = {0xFC: "✓", 0xFB: "✗", 0xFE: "☑", 0xFD: "☒", 0xA8: "☐", 0x6F: "☐", 0xE0: "→", 0xDF: "←", 0xE8: "→", 0xE1: "↑", 0xE2: "↓"}  # fmt: skip


def symbol(code: int, font: str) -> str:
    """The character that a code of a font of signs shows (0x61 and 0xF061 of Symbol: α); "•" for what only decorates."""
    low = code - 0xF000 if 0xF000 <= code <= 0xF0FF else code
    name = font.lower()
    if name.startswith(("wingdings", "webdings", "zapf")):
        return _WINGDINGS.get(low, "•")
    if name == "symbol" or (not name and code != low):
        return _SYMBOL[low - 0x20].strip() if 0x20 <= low < 0x20 + len(_SYMBOL) else ""
    return chr(code) if code < 0xF000 or code > 0xF0FF else "•"
