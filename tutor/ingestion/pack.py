"""Lines under a heading -> pieces of a bounded number of tokens, cut where it hurts least.

Code blocks and tables stay whole where they fit, and are cut between lines and rows (fence and head repeated) where not.
"""

import re
import textwrap
from collections.abc import Callable
from dataclasses import dataclass

from tutor.text.sentences import split_sentences
from tutor.text.tokens import estimate_tokens

_FENCE = re.compile(r"\s*(`{3,}|~{3,})")
_ITEM = re.compile(r"\s*(?:[-*+]|\(?\d{1,3}[.)、）])\s*\S")
_LEADS_ON = re.compile(r"[:：]\s*$|^#{1,6}\s|^\*\*[^*]+\*\*$")
_SENTENCE_END = re.compile(r"[。！？!?.;；…”」)）]\s*$")
_UNEVEN = 2.0  # price of a piece that is nearly empty; 1 is the price of a cut between two list items


@dataclass(frozen=True)
class _Block:
    """Lines that belong together."""

    text: str
    gap: str  # what stands before it: "\n" or "\n\n"
    price: float  # of a cut before it


def pack_lines(lines: list[str], most_tokens: int) -> list[str]:
    """Pieces of at most `most_tokens`, in order, about equally long. Nothing is lost but blank lines."""
    blocks = [part for block in _blocks(lines) for part in _fitting(block, most_tokens)]
    if not blocks:
        return []
    weights = [_weight(block.text) for block in blocks]
    best: list[tuple[float, int]] = [(0.0, 0)]  # for the first n blocks: (price, where the last piece starts)
    for end in range(1, len(blocks) + 1):
        choices = [(float("inf"), end - 1)]
        tokens = 0.0
        for start in range(end - 1, -1, -1):
            tokens += weights[start]
            if tokens > most_tokens and start < end - 1:
                break
            price = best[start][0] + _UNEVEN * (1 - min(1.0, tokens / most_tokens)) ** 2 + blocks[start].price + 0.5
            choices.append((price, start))
        best.append(min(choices))
    pieces: list[str] = []
    end = len(blocks)
    while end:
        start = best[end][1]
        pieces.append(_text(blocks[start:end]))
        end = start
    return pieces[::-1]


def _weight(text: str) -> float:
    """Tokens before rounding, so that they can be added up."""
    return estimate_tokens("\n".join([text] * 8)) / 8


def _text(blocks: list[_Block]) -> str:
    text = blocks[0].text + "".join(block.gap + block.text for block in blocks[1:])
    return _flush(text).strip("\n")


def _flush(text: str) -> str:
    """Lists that are indented as a whole start at the margin."""
    lines = text.split("\n")
    start = 0
    while start < len(lines):
        end = start
        while end < len(lines) and (lines[end].startswith(" ") or not lines[end].strip()):
            end += 1
        if any(map(_ITEM.match, lines[start:end])) and not (start and _ITEM.match(lines[start - 1])):
            lines[start:end] = textwrap.dedent("\n".join(lines[start:end])).split("\n")
        start = max(end, start + 1)
    return "\n".join(lines)


def _blocks(lines: list[str]) -> list[_Block]:
    blocks: list[_Block] = []
    position = 0
    gap = "\n"
    while position < len(lines):
        if not lines[position].strip():
            gap = "\n\n"
            position += 1
            continue
        end = _block_end(lines, position)
        text = "\n".join(lines[position:end])
        before = blocks[-1].text if blocks else ""
        blocks.append(_Block(text, gap, _price(before, text, gap) if blocks else 0.0))
        position, gap = end, "\n"
    return blocks


def _block_end(lines: list[str], start: int) -> int:
    fence = _FENCE.match(lines[start])
    if fence or lines[start].strip() == "$$":
        closing = fence.group(1) if fence else "$$"
        return next((n + 1 for n in range(start + 1, len(lines)) if lines[n].strip().startswith(closing)), len(lines))
    if lines[start].count("|") >= 2:
        return next((n for n in range(start, len(lines)) if lines[n].count("|") < 2), len(lines))
    end = start + 1
    if _ITEM.match(lines[start]):  # indented lines go on with the item
        indent = len(lines[start]) - len(lines[start].lstrip())
        while end < len(lines) and lines[end].strip() and _indent(lines[end]) > indent and not _ITEM.match(lines[end]):
            end += 1
    return end


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def _price(before: str, text: str, gap: str) -> float:
    """Of a cut between two blocks: cheap between paragraphs, dear after a line that announces the next one."""
    if _LEADS_ON.search(before):
        return 6.0
    if _ITEM.match(text):
        return 1.0 + 0.5 * min(4, _indent(text)) / 2
    if gap == "\n\n":
        return 0.5
    return 0.8 if _SENTENCE_END.search(before) else 2.5


def _fitting(block: _Block, most_tokens: int) -> list[_Block]:
    """The block, or its parts when it is too long by itself."""
    if estimate_tokens(block.text) <= most_tokens:
        return [block]
    lines = block.text.split("\n")
    if _FENCE.match(lines[0]) and len(lines) > 3:
        parts = _repeating(lines[1:-1], most_tokens, lambda some: "\n".join([lines[0], *some, lines[-1]]))
    elif lines[0].count("|") >= 2 and len(lines) > 2:
        head = lines[:2] if re.fullmatch(r"[\s|:\-]+", lines[1]) else lines[:1]
        parts = _repeating(lines[len(head) :], most_tokens, lambda some: "\n".join([*head, *some]))
    else:
        return _sentences(block, most_tokens)
    return _as_blocks(block, parts)


def _as_blocks(block: _Block, parts: list[str]) -> list[_Block]:
    """Parts of a block; the first one keeps its place."""
    return [_Block(parts[0], block.gap, block.price), *(_Block(part, "\n", 1.0) for part in parts[1:])]


def _repeating(lines: list[str], most_tokens: int, dressed: Callable[[list[str]], str]) -> list[str]:
    """Runs of lines, each dressed in the same head and tail."""
    parts: list[list[str]] = [[]]
    for line in lines:
        if parts[-1] and estimate_tokens(dressed([*parts[-1], line])) > most_tokens:
            parts.append([])
        parts[-1].append(line)
    return [piece for part in parts for piece in _hard_cut(dressed(part), most_tokens)]


def _sentences(block: _Block, most_tokens: int) -> list[_Block]:
    """One block a sentence; a sentence that is too long by itself is cut at commas, spaces or anywhere."""
    text = block.text
    found: list[_Block] = []
    end = 0
    for sentence in split_sentences(text):
        start = text.index(sentence, end)
        gap, price = (text[end:start], 1.0) if found else (block.gap, block.price)
        end = start + len(sentence)
        found += _as_blocks(_Block(sentence, gap, price), _hard_cut(sentence, most_tokens))
    if not found:
        return _as_blocks(block, _hard_cut(text, most_tokens))
    last = found.pop()
    return [*found, _Block(last.text + text[end:], last.gap, last.price)]


def _hard_cut(text: str, most_tokens: int) -> list[str]:
    if estimate_tokens(text) <= most_tokens:
        return [text]
    from langchain_text_splitters import RecursiveCharacterTextSplitter

    splitter = RecursiveCharacterTextSplitter(
        separators=["\n", "；", "; ", "，", ", ", "、", " ", ""],
        keep_separator="end",
        chunk_size=most_tokens,
        chunk_overlap=0,
        length_function=estimate_tokens,
    )
    return splitter.split_text(text)
