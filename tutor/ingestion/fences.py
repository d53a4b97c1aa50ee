"""Code blocks and display formulas are put aside while a text is cleaned, so that no rule can touch them."""

import re
from collections.abc import Callable

MARK = "\x00"  # a line that starts with it stands for a block that was put aside
_BLOCK = re.compile(
    r"^(?P<indent>[ \t]*)(?P<fence>`{3,}|~{3,})[^\n`]*\n(?:.*?\n)??(?P=indent)[ \t]*(?P=fence)[`~]*[ \t]*$"
    r"|^[ \t]*\$\$[^\n$]*\n.*?\$\$[ \t]*$"
    r"|^[ \t]*\$\$[^\n]+\$\$[ \t]*$",
    re.MULTILINE | re.DOTALL,
)


def shielded(text: str) -> tuple[str, Callable[[str], str]]:
    """(`text` with a one-line mark in place of each block, the function that puts the blocks back)."""
    blocks: list[str] = []

    def put_aside(match: re.Match[str]) -> str:
        blocks.append(match.group())
        return f"{MARK}{len(blocks) - 1}{MARK}"

    marked = _BLOCK.sub(put_aside, text.replace(MARK, ""))

    def put_back(cleaned: str) -> str:
        return re.sub(rf"{MARK}(\d+){MARK}", lambda match: blocks[int(match[1])], cleaned)

    return marked, put_back
