"""Code that was copied as a numbered list (`1. def f(x):`) -> a fenced block with its indentation restored.

Indentation is rebuilt from Python's own structure: what opens a block, what must end one. Not a parser.
"""

import re
from itertools import islice

_NUMBERED = re.compile(r"\s*(\d{1,3})[.)、]?(?:\s(.*))?")
_CODE = re.compile(
    r"\s*(?:(?:def|class|async def|with|for|while|if|elif)\s.+:\s*(?:#.*)?$|(?:else|try|finally)\s*:|except\b.*:$"
    r"|(?:import|from)\s+\w[\w.]*|(?:return|raise|yield|del|assert|await)\b|@\w[\w.]*"
    r"|[\w.\[\], *]+\s*[-+*/|&]?=\s*\S|(?:self|super|torch|np|nn|tf|model|print)\b[.(]|[\w.]+\(.*\)?[,:;]?\s*$|[\w.]+\($"
    r"|[)\]}]+[.,;:\w()\-\s]*$|[(\[{].*[)\]}]+,?$|#|//|(?:public|private|const|let|var|function|int|void|float|#include)\b"
    r"|.*[;{}]\s*$|(?:pass|break|continue)\s*$|[\"'].*[\"'],?$|[\d.,\s]+,?$)"
)
_STRONG = re.compile(
    r"\s*(?:def |class |import |from \w+ import|return\b|for .+:$|if .+:$|[\w.]+\s*=\s*\S|self\.|#include|function )"
)
_PYTHON = re.compile(
    r"^\s*(?:def |class |import |from \w[\w.]* import|elif |with .+:$|for .+ in .+:$)|self\.|nn\.|torch\.|\bNone\b",
    re.M,
)
_OPENS = re.compile(r":\s*(?:#.*)?$")
_ENDS_BLOCK = re.compile(r"(?:return|raise|break|continue|pass)\b")
_MIDDLE = re.compile(r"(?:elif\b|else\s*:|except\b|finally\s*:)")
_METHOD = re.compile(r"(?:async\s+)?def\s+\w+\s*\(\s*(?:self|cls)\b")
_DEFINITION = re.compile(r"(?:async\s+def|def|class|@)")
_STEP = 4


def fence_numbered_code(lines: list[str]) -> list[str]:
    """Lines with each run of numbered code replaced by a fenced block."""
    result: list[str] = []
    position = 0
    while position < len(lines):
        run = _run(lines, position)
        code = [text for text in run if text.strip()]
        if len(code) >= 2 and _is_code(code):
            if result and result[-1].strip():
                result.append("")
            result += [f"```{'python' if _PYTHON.search(chr(10).join(code)) else ''}", *_indented(run), "```", ""]
            position += len(run)
        else:
            result += lines[position : position + max(1, len(run))]
            position += max(1, len(run))
    return result


def _run(lines: list[str], start: int) -> list[str]:
    """Texts of consecutive lines numbered 1, 2, 3, ... from `start`."""
    run: list[str] = []
    for line in islice(lines, start, None):
        match = _NUMBERED.fullmatch(line)
        if match is None or int(match[1]) != len(run) + 1:
            break
        run.append(match[2] or "")
    return run


def _is_code(code: list[str]) -> bool:
    looks = sum(bool(_CODE.match(text)) and not _is_prose(text) for text in code)
    return looks >= 0.7 * len(code) and any(_STRONG.match(text) for text in code)


def _is_prose(text: str) -> bool:
    """Chinese outside comments and strings, or an English sentence."""
    bare = re.sub(r"#.*|//.*|\"[^\"]*\"|'[^']*'", "", text)
    return bool(re.search(r"[\u3400-\u9fff]", bare)) or bool(re.match(r"[A-Z]\w*(?: \w+){3,}", bare))


def _indented(run: list[str]) -> list[str]:
    """The code as it stands when any indentation is left, otherwise with indentation rebuilt."""
    if any(text.startswith("  ") for text in run) or not _PYTHON.search("\n".join(run)):
        return [text.rstrip() for text in run]
    rebuilt: list[str] = []
    level = 0
    open_brackets = 0
    in_class = False
    ended = False  # the last statement cannot be followed by another one of its block
    for text in map(str.strip, run):
        if open_brackets > 0:
            closes = 1 if text[:1] in {")", "]", "}"} else 0
            rebuilt.append(" " * _STEP * (level + 1 - closes) + text)
        elif text:
            level = _level(text, level, in_class, ended)
            rebuilt.append(" " * _STEP * level + text)
            in_class = (in_class and level > 0) or text.startswith("class ")
        else:
            rebuilt.append("")
            continue
        bare = re.sub(r"\"[^\"]*\"|'[^']*'|#.*", "", text)
        open_brackets += sum(map(bare.count, "([{")) - sum(map(bare.count, ")]}"))
        ended = open_brackets <= 0 and bool(_ENDS_BLOCK.match(text))
        if open_brackets <= 0 and _OPENS.search(text) and not text.startswith(("#", "@")):
            level += 1
    return rebuilt


def _level(text: str, level: int, in_class: bool, ended: bool) -> int:
    """Indentation level of a statement that follows one at `level`."""
    if _METHOD.match(text) and in_class:
        return 1
    if _DEFINITION.match(text):
        return 1 if in_class and text.startswith("@") else 0
    if _MIDDLE.match(text):
        return max(0, level - 1)
    return max(0, level - 1) if ended else level
