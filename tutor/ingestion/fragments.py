"""Joins lines that the web broke inside a sentence: inline code, variables, flattened formulas.

A page that draws formulas with KaTeX or MathJax copies as one line for each letter: `softmax(`, `d`, `k`, ``, `QK`,
`T`, ``, `)V`. What was a subscript, a superscript or a fraction is told by order: KaTeX writes the denominator first.
The root sign is a drawing and never survives as text, so the one formula where everybody meets it is known here.
"""

import re

from tutor.ingestion.fences import MARK

_HAN = r"\u3400-\u9fff"
_TOKEN = re.compile(r"[A-Za-z\u0370-\u03ff0-9()\[\]{}^_+\-*/=<>≤≥×·√∑∏∫∂∇∞|.,'′⊤⊙~≈]{1,4}")
_CODE = re.compile(r"(?=.*[A-Za-z])[\x21-\x7e\u0370-\u03ff]{1,24}|[A-Za-z_][\w.]*[(\[][\x20-\x7e]{0,40}[)\]]")
_SENTENCE_END = re.compile(r"[。！？!?；;：:…|]\s*$|[A-Za-z)]\.$")
_CLOSER = re.compile(r"[，。、；）】」』》”’？！%,;?!)\]}：]|:(?![-:])")
_LINE_START = re.compile(
    r"\s*(?:[-*+•●]\s|[-*+•●]$|#{1,6}\s|\||>|\(?\d{1,3}[.)、．]|[一二三四五六七八九十]+、|(?:Q|A|问|答)\d*\s*[:：])"
)
# Chinese words that need an object, so that a line cannot end with them; characters that cannot start a sentence.
_OPEN_END = re.compile(
    r"(?:[([{（【=+\-*/×^_<>,，、]|[是为以即用到当选乘除减加求设令若取与和或及在对把将]|等于|大于|小于|第)$"
)
_GOES_ON = re.compile(
    r"的|们|个(?![人性体别])|了(?![解不得然结])|可以|使得?|会|能够?|时[，,候]?|是|则|与|和|或|来|较|很|不|越|趋|等(?![式价级])|而|且|并(?![行发])|即"
)
_ORDINAL_END = re.compile(r"第[A-Za-z0-9]{1,3}$")
_INLINE_END = re.compile(r"[A-Za-z0-9)\]’”]$")
_ENGLISH_END = re.compile(r"[a-z]{2,}$")
_ENGLISH_ON = re.compile(r"[a-z]{2,}[ ,.]|[,.;)]")
_MOST_LINES = 12  # a formula seldom has more letters; a longer run is a list of something


def join_fragments(lines: list[str]) -> list[str]:
    """Lines in order, with fragments joined to the sentence that they were cut from."""
    joined: list[str] = []
    position = 0
    while position < len(lines):
        line = lines[position]
        if joined and _is_prose(joined[-1]):
            end, text = _sentence_with_formula(joined[-1], lines, position)
            if end > position:
                joined[-1] = text
                position = end
                continue
            if _continues(joined[-1], line):
                joined[-1] = _glued(joined[-1], line)
                position += 1
                continue
        joined.append(line)
        position += 1
    return joined


def _is_prose(line: str) -> bool:
    return bool(line.strip()) and not line.startswith(MARK) and not re.fullmatch(r"\W*\d{0,3}\W*", line)


def _continues(before: str, line: str) -> bool:
    """Whether `line` can only be the rest of `before`."""
    text = line.strip()
    if not text or line.startswith(MARK) or before.lstrip().startswith(("#", "|")):
        return False
    chinese = bool(re.search(f"[{_HAN}]", before + text))
    if _CLOSER.match(text) and chinese and not text.startswith(("![", "?.", ":::")):
        return not text.startswith(("}", "]")) or before.count("[") > before.count("]")
    if _LINE_START.match(line) or _SENTENCE_END.search(before):
        return False
    if _ORDINAL_END.search(before):
        return True
    return (
        bool(_INLINE_END.search(before) and re.match(r"的|们|个(?![人性体别])|了(?![解不得然结])", text))
        and len(before) >= 8
    )


def _sentence_with_formula(before: str, lines: list[str], start: int) -> tuple[int, str]:
    """(position after the joined lines, joined sentence); the position is `start` when nothing was joined."""
    if _SENTENCE_END.search(before):
        return start, before
    groups, end = _token_groups(lines, start)
    if not groups:
        return _sentence_with_code(before, lines, start)
    is_open = bool(_OPEN_END.search(before))
    rest = lines[end].strip() if end < len(lines) else ""
    goes_on = bool(rest) and not _LINE_START.match(rest) and bool(_CLOSER.match(rest) or _GOES_ON.match(rest))
    count = sum(map(len, groups))
    if not ((is_open and (goes_on or before.endswith(("(", "（", "=")))) or (goes_on and count > 1)):
        return start, before
    if all(token.isdigit() for group in groups for token in group) and not before.endswith(("(", "（", "=")):
        return start, before
    formula = _formula(before, groups)
    text = before + formula
    return (end + 1, _glued(text, rest)) if goes_on else (end, text)


def _token_groups(lines: list[str], start: int) -> tuple[list[list[str]], int]:
    """(tokens grouped by blank lines, position of the first line after them)."""
    groups: list[list[str]] = [[]]
    position = end = start
    while position < len(lines) and position - start < _MOST_LINES:
        text = lines[position].strip()
        if not text:
            groups.append([])
        elif _TOKEN.fullmatch(text) and not _CLOSER.match(text) and text not in {"-", "*", "+", "·"}:
            groups[-1].append(text)
        else:
            end = position
            break
        position += 1
        end = position
    groups = [group for group in groups if group]
    return groups, end


def _formula(before: str, groups: list[list[str]]) -> str:
    pieces = [_with_script(group) for group in groups]
    if before.endswith(("(", "（")) and len(pieces) == 2 and all(len(group) > 1 for group in groups):
        pieces = [f"{pieces[1]}/{pieces[0]}"]
    formula = " ".join(pieces)
    if before.rstrip().lower().endswith(("softmax(", "softmax（")) and formula == "QK^T/d_k":
        return "QK^T/√d_k"
    if formula == "d_k" and re.search(r"除以$|divided? by$|over$", before.rstrip()):
        return "√d_k" if _HAN_END.search(before) else " √d_k"
    return formula if _HAN_END.search(before) or before.endswith(("(", "（")) else f" {formula}"


_HAN_END = re.compile(f"[{_HAN}]$")


def _with_script(tokens: list[str]) -> str:
    """A letter and the letter drawn below or above it: `d k` -> `d_k`, `QK T` -> `QK^T`."""
    if len(tokens) == 2 and tokens[0].isalpha() and len(tokens[1]) <= 2 and tokens[1].isalnum():
        mark = "^" if tokens[1] in {"T", "⊤", "2"} else "_"
        return f"{tokens[0]}{mark}{tokens[1]}"
    return " ".join(tokens)


def _sentence_with_code(before: str, lines: list[str], start: int) -> tuple[int, str]:
    """Inline code on a line of its own, inside a sentence that goes on after it."""
    code = lines[start].strip()
    rest = lines[start + 1].strip() if start + 1 < len(lines) else ""
    if not _CODE.fullmatch(code) or not rest or _LINE_START.match(rest) or _LINE_START.match(code):
        return start, before
    chinese = re.search(f"[{_HAN}]$", before) and (
        _CLOSER.match(rest) or re.match(r"的|个(?![人性体别])|了(?![解不得然结])", rest)
    )
    english = (
        _ENGLISH_END.search(before)
        and len(before) > 20
        and _ENGLISH_ON.match(rest)
        and re.search(r"[(_.\d]|^\w$", code)
    )
    if not (chinese or english):
        return start, before
    return start + 2, _glued(_glued(before, code), rest)


def _glued(before: str, rest: str) -> str:
    """A space between Latin words, none next to Chinese or before a closing mark."""
    rest = rest.strip()
    latin = re.match(r"[A-Za-z0-9(`]", rest) and re.search(r"[A-Za-z0-9)`,.]$", before)
    return f"{before} {rest}" if latin else before + rest
