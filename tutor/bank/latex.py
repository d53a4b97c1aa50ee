"""Whether formulas and code marks in a text are closed. Knows the marks, not what a formula means."""

import re

_FENCE = re.compile(r"^ *```.*?^ *```", re.DOTALL | re.MULTILINE)
_CODE = re.compile(r"`[^`\n]*`")
_ESCAPED = re.compile(r"\\[\\${}]")
_BLOCK = re.compile(r"\$\$(.*?)\$\$", re.DOTALL)
_INLINE = re.compile(r"\$([^$]*)\$")


def unclosed_marks(text: str) -> list[str]:
    """What is left open in a text: "an odd number of $", "a { without } in `\\frac{1}{2`" and the like."""
    plain = _FENCE.sub("", text)
    found = ["a ``` without its end"] if "```" in plain else []
    plain = _CODE.sub("", plain)
    if plain.count("$$") % 2:
        return [*found, "an odd number of $$"]
    formulas = [match[1] for match in _BLOCK.finditer(plain)]
    rest = _without_escapes(_BLOCK.sub("", plain))
    if rest.count("$") % 2:
        return [*found, r"an odd number of $ (write \$ for the currency)"]
    formulas += [match[1] for match in _INLINE.finditer(rest)]
    for formula in formulas:
        found += [f"{slip} in `{formula.strip()[:40]}`" for slip in _formula_slips(formula)]
    return found


def _formula_slips(formula: str) -> list[str]:
    slips = [] if formula.strip() else ["an empty formula"]
    depth = 0
    for mark in re.findall(r"[{}]", _without_escapes(formula)):
        depth += 1 if mark == "{" else -1
        if depth < 0:
            break
    if depth:
        slips.append("a { without }" if depth > 0 else "a } without {")
    if len(re.findall(r"\\left\b", formula)) != len(re.findall(r"\\right\b", formula)):
        slips.append(r"a \left without \right")
    if re.findall(r"\\begin\{(\w+\*?)\}", formula) != re.findall(r"\\end\{(\w+\*?)\}", formula)[::-1]:
        slips.append(r"a \begin without its \end")
    return slips


def _without_escapes(text: str) -> str:
    return _ESCAPED.sub("", text)
