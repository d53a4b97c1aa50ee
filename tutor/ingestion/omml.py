r"""Formulas of Word and PowerPoint (OMML) -> LaTeX. Knows the elements of formulas, not the documents around them.

`\frac{QK^{T}}{\sqrt{d_{k}}}`: what `tutor.text.formulas` reads and what people type. An element that is not known gives
what stands in it, so that no character is lost. Why our own: docs/decisions/0017.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from tutor.ingestion.formula_characters import ACCENTS, COMMANDS, DELIMITERS, ESCAPED, FUNCTIONS, OPERATORS

M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_DROPPED = frozenset(f"{_W}{name}" for name in ("del", "moveFrom", "rPr", "delText", "instrText"))
_ALPHABETS = MappingProxyType(
    {"double-struck": r"\mathbb", "script": r"\mathcal", "fraktur": r"\mathfrak", "monospace": r"\mathtt"}
)
_LETTERS = (("DOUBLE-STRUCK", r"\mathbb"), ("SCRIPT", r"\mathcal"), ("FRAKTUR", r"\mathfrak"), ("BOLD", r"\mathbf"))
_WORD = re.compile(r"[A-Za-z]{4,}")  # letters in a row that are a word, not a product
_PIECE = re.compile(r"[A-Za-z]+|[\u3400-\u9fff\uff00-\uffef\u3001-\u303f]+|.", re.DOTALL)
_TALL = re.compile(r"\\(?:frac|sum|prod|int|begin|binom|overbrace|underbrace|sqrt)")
_MATRICES = MappingProxyType({("(", ")"): "p", ("[", "]"): "b", ("|", "|"): "v", ("‖", "‖"): "V", ("{", "}"): "B"})


def latex(formula: Any) -> str:
    """LaTeX of an `m:oMath` (or any element of a formula), on one line, without dollar signs."""
    text = re.sub(r"\s+", " ", _inside(formula)).strip()
    return re.sub(r" (?=[_^)\],;])|(?<=[(\[]) ", "", text)


def _inside(element: Any) -> str:
    pieces = ""
    upright: list[Any] = []  # runs of upright letters beside each other: programs cut names into letters
    for child in element:
        if _is_upright(child):
            upright.append(child)
            continue
        pieces += _upright(upright) + _piece(child)
        upright = []
    return pieces + _upright(upright)


def _is_upright(element: Any) -> bool:
    is_plain = element.tag == f"{M}r" and not _property(element, "scr", "") and not _is_on(element, "nor")
    return is_plain and _property(element, "sty", "") == "p"


def _upright(runs: list[Any]) -> str:
    return _characters("".join(node.text or "" for run in runs for node in run.iter(f"{M}t", f"{_W}t")))


def _piece(element: Any) -> str:
    if not isinstance(element.tag, str) or element.tag in _DROPPED:
        return ""
    if element.tag == f"{_W}t":
        return _text_mode(element.text or "")
    if not element.tag.startswith(M):
        return _inside(element)
    name = element.tag[len(M) :]
    if name.endswith("Pr"):
        return ""
    writer = _WRITERS.get(name)
    return writer(element) if writer else _inside(element)


def _child(element: Any, name: str) -> str:
    return latex(element.find(M + name)) if element.find(M + name) is not None else ""


def _property(element: Any, name: str, default: str) -> str:
    """A value of `m:xPr/m:name`; an element without a value is switched on."""
    found = element.find(f"{M}{element.tag[len(M) :]}Pr/{M}{name}")
    return default if found is None else str(found.get(f"{M}val", "on"))


def _is_on(element: Any, name: str) -> bool:
    return _property(element, name, "off") in {"on", "1", "true"}


# --- characters


def _run(element: Any) -> str:
    text = "".join(node.text or "" for node in element.iter(f"{M}t", f"{_W}t"))
    if _is_on(element, "nor"):
        return _text_mode(text)
    written = _characters(text)
    alphabet = _ALPHABETS.get(_property(element, "scr", ""))
    if alphabet is None and _property(element, "sty", "") in {"b", "bi"}:
        alphabet = r"\mathbf"
    return f"{alphabet}{{{written.strip()}}}" if alphabet and re.search(r"[A-Za-z]", text) else written


def _characters(text: str) -> str:
    return "".join(map(_character, _PIECE.findall(text)))


def _character(piece: str) -> str:
    """Letters, a run of Chinese, or one sign."""
    if piece in FUNCTIONS:
        return f"\\{piece} "
    if _WORD.fullmatch(piece):
        return rf"\mathrm{{{piece}}}"
    if "\u3000" <= piece[0] < "\U0001d000" and (piece.isalnum() or len(piece) > 1):
        return _text_mode(piece)
    if piece in COMMANDS:
        return COMMANDS[piece] + (" " if COMMANDS[piece].startswith("\\") else "")
    return r"\backslash " if piece == "\\" else ESCAPED.get(piece) or _plain_letter(piece)


def _plain_letter(char: str) -> str:
    r"""A letter of an alphabet of mathematics as the letter itself: 𝑄 is Q, ℝ is `\mathbb{R}`, ℒ is `\mathcal{L}`."""
    plain = unicodedata.normalize("NFKC", char)
    if plain == char or not plain.isalnum() or len(plain) > 1:
        return char
    name = unicodedata.name(char, "")
    alphabet = next((command for word, command in _LETTERS if word in name), "")
    return f"{alphabet}{{{plain}}}" if alphabet else _character(plain)


def _text_mode(text: str) -> str:
    """Words inside a formula."""
    safe = re.sub(r"[\\{}$]", "", text)
    return rf"\text{{{safe}}}" if safe.strip() else " "


# --- structures


def _fraction(element: Any) -> str:
    above, below = _child(element, "num"), _child(element, "den")
    kind = _property(element, "type", "bar")
    if kind == "noBar":
        return rf"\binom{{{above}}}{{{below}}}"
    if kind in {"lin", "skw"}:
        return f"{_grouped(above)}/{_grouped(below)}"
    return rf"\frac{{{above}}}{{{below}}}"


def _grouped(text: str) -> str:
    return text if re.fullmatch(r"\w+|\\\w+|\\?\w+[_^]\{[^{}]*\}", text) else f"({text})"


def _radical(element: Any) -> str:
    degree = "" if _is_on(element, "degHide") else _child(element, "deg")
    return rf"\sqrt[{degree}]{{{_child(element, 'e')}}}" if degree else rf"\sqrt{{{_child(element, 'e')}}}"


def _scripts(element: Any) -> str:
    below, above = _script(_child(element, "sub")), _script(_child(element, "sup"))
    marks = (f"_{{{below}}}" if below else "") + (f"^{{{above}}}" if above else "")
    base = _child(element, "e")
    if element.tag == f"{M}sPre":
        return f"{{}}{marks}{base}"
    is_one = re.fullmatch(r"\\?\w+|.|\\[a-z]+\{[^{}]*\}|\\?[([{|].*[)\]}|]|\\left.*\\right\S+", base)
    return (base if is_one else f"{{{base}}}") + marks


def _script(text: str) -> str:
    r"""Words in scripts are labels: `d_{model}`, as people type them."""
    return re.sub(r"\\(?:mathrm|text)\{([A-Za-z]+)\}", r"\1", text)


def _n_ary(element: Any) -> str:
    sign = _property(element, "chr", "∫")
    text = OPERATORS.get(sign, _characters(sign).strip())
    below = "" if _is_on(element, "subHide") else _script(_child(element, "sub"))
    above = "" if _is_on(element, "supHide") else _script(_child(element, "sup"))
    return f"{text}{f'_{{{below}}}' if below else ''}{f'^{{{above}}}' if above else ''} {_child(element, 'e')} "


def _function(element: Any) -> str:
    name, argument = _child(element, "fName"), _child(element, "e")
    return f"{_operator(name)} {argument} "


def _operator(name: str) -> str:
    r"""The name of a function: `softmax` and `\mathrm{softmax}` are `\operatorname{softmax}`; scripts behind it stay."""
    return re.sub(r"^(?:\\mathrm\{([A-Za-z ]+)\}|\\text\{([A-Za-z ]+)\}|([A-Za-z]{2,}))", _operator_name, name)


def _operator_name(match: re.Match[str]) -> str:
    name = (match[1] or match[2] or match[3]).strip()
    return f"\\{name}" if name in FUNCTIONS else rf"\operatorname{{{name}}}"


def _lower_limit(element: Any) -> str:
    base, limit = _child(element, "e"), _child(element, "lim")
    if base.startswith(r"\underbrace"):
        return f"{base}_{{{limit}}}"
    name = _operator(base)
    if re.fullmatch(r"\\(?:[a-z]+|operatorname\{[^{}]*\})", name):
        return f"{name}_{{{limit}}}"
    return rf"\underset{{{limit}}}{{{base}}}"


def _upper_limit(element: Any) -> str:
    base, limit = _child(element, "e"), _child(element, "lim")
    return f"{base}^{{{limit}}}" if base.startswith(r"\overbrace") else rf"\overset{{{limit}}}{{{base}}}"


def _accent(element: Any) -> str:
    return _accented(ACCENTS.get(_property(element, "chr", "\u0302"), r"\hat"), _child(element, "e"))


def _accented(command: str, inside: str) -> str:
    wide = {r"\hat": r"\widehat", r"\tilde": r"\widetilde", r"\bar": r"\overline"}
    is_long = len(re.sub(r"\\[a-z]+|[{}]", "", inside)) > 1
    return f"{wide.get(command, command) if is_long else command}{{{inside}}}"


def _bar(element: Any) -> str:
    command = r"\overline" if _property(element, "pos", "bot") == "top" else r"\underline"
    return f"{command}{{{_child(element, 'e')}}}"


def _group_sign(element: Any) -> str:
    sign, inside = _property(element, "chr", "⏟"), _child(element, "e")
    is_above = _property(element, "pos", "bot") == "top"
    if sign in "⏞⏟":
        return rf"\{'overbrace' if sign == '⏞' else 'underbrace'}{{{inside}}}"
    return rf"\{'overset' if is_above else 'underset'}{{{_characters(sign).strip()}}}{{{inside}}}"


def _delimiters(element: Any) -> str:
    left, right = _property(element, "begChr", "("), _property(element, "endChr", ")")
    left, right = ("" if sign == "on" else sign for sign in (left, right))
    parts = element.findall(f"{M}e")
    inner = [child for part in parts for child in part if child.tag.startswith(M) and not child.tag.endswith("Pr")]
    if len(inner) == 1 and inner[0].tag == f"{M}m" and (left, right) in _MATRICES:
        return _table(inner[0], f"{_MATRICES[left, right]}matrix")
    if len(inner) == 1 and inner[0].tag in {f"{M}eqArr", f"{M}m"} and (left, right) == ("{", ""):
        return _table(inner[0], "cases")
    separator = _characters(_property(element, "sepChr", "|"))
    inside = separator.join(map(latex, parts))
    left, right = (DELIMITERS.get(sign, _characters(sign).strip()) for sign in (left, right))
    if not left and not right:
        return inside
    if left and right and not _TALL.search(inside):
        return f"{left}{' ' if left[-1].isalpha() else ''}{inside}{' ' if right[0] == chr(92) else ''}{right} "
    return rf"\left{left or '.'} {inside} \right{right or '.'} "


def _matrix(element: Any) -> str:
    return _table(element, "matrix")


def _equations(element: Any) -> str:
    return _table(element, "array")


def _table(element: Any, kind: str) -> str:
    """Rows of `m:m` (with columns) or `m:eqArr` (one column; `&` in its text only aligns)."""
    if element.tag == f"{M}m":
        rows = [" & ".join(map(latex, row.findall(f"{M}e"))) for row in element.findall(f"{M}mr")]
    else:
        rows = [latex(row).replace(r"\&", "") for row in element.findall(f"{M}e")]
        if kind == "cases":
            rows = [re.sub(r",\s*", " & ", row, count=1) if row.count(",") == 1 else row for row in rows]
    columns = "{l}" if kind == "array" else ""
    body = r" \\ ".join(rows)
    return rf"\begin{{{kind}}}{columns} {body} \end{{{kind}}} "


def _box(element: Any) -> str:
    return rf"\boxed{{{_child(element, 'e')}}}"


_WRITERS: Mapping[str, Callable[[Any], str]] = MappingProxyType(
    {
        "r": _run,
        "f": _fraction,
        "rad": _radical,
        "sSub": _scripts,
        "sSup": _scripts,
        "sSubSup": _scripts,
        "sPre": _scripts,
        "nary": _n_ary,
        "func": _function,
        "limLow": _lower_limit,
        "limUpp": _upper_limit,
        "acc": _accent,
        "bar": _bar,
        "groupChr": _group_sign,
        "d": _delimiters,
        "m": _matrix,
        "eqArr": _equations,
        "borderBox": _box,
    }
)
