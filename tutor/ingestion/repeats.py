"""Drops what a text says twice: a doubled title, a paragraph printed again, a teaser cut from the text below it."""

import re

from tutor.ingestion.fences import MARK

_LEAD_LINES = 6  # teasers and descriptions stand above the article
_PIECE, _LATIN_PIECE = 16, 40  # characters that are no coincidence; phrases of a subject come again
_SEARCHED = 100_000  # characters; a teaser is cut from the text that follows it
_TEASER_OVERLAP = 0.85
_NO_PROSE = re.compile(r"\s*(?:(?:[-*+]|\d{1,3}[.)、])\s|\|)")  # list items and rows of tables
_LEAST_PARAGRAPH, _LONGEST_TEASER = 60, 1000


def without_repeats(text: str) -> str:
    """`text` with each repeated line once. Short lines ("Advantages:") and list items may well come again, so of them
    only doubled ones go."""
    lines = text.split("\n")
    dropped = _teasers(lines)
    seen: set[str] = set()
    before = ""
    for number, line in enumerate(lines):
        key = _key(line)
        if number in dropped or not re.search(r"\w", key) or line.startswith(MARK):
            continue
        if key == before or (len(key) >= _LEAST_PARAGRAPH and key in seen and not _NO_PROSE.match(line)):
            dropped.add(number)
        seen.add(key)
        before = key
    return "\n".join(line for number, line in enumerate(lines) if number not in dropped)


def _key(line: str) -> str:
    return re.sub(r"[\s#*>\-]+", "", line).lower()


def _teasers(lines: list[str]) -> set[int]:
    """Long lines at the top that are made of pieces of the rest."""
    keys = [_key(line) for line in lines]
    lead = [number for number, key in enumerate(keys) if key][:_LEAD_LINES]
    found: set[int] = set()
    for number in lead:
        if (
            not _LEAST_PARAGRAPH <= len(keys[number]) <= _LONGEST_TEASER
            or _NO_PROSE.match(lines[number])
            or lines[number].startswith(MARK)
            or _answers(lines, number)
        ):
            continue
        rest = "\n".join(key for other, key in enumerate(keys) if other != number and other not in found)[:_SEARCHED]
        least = _LATIN_PIECE if 2 * sum(map(str.isascii, keys[number])) > len(keys[number]) else _PIECE
        if _copied(keys[number], rest, least) >= _TEASER_OVERLAP * len(keys[number]):
            found.add(number)
    return found


def _answers(lines: list[str], number: int) -> bool:
    """Whether a question stands over the line: its answer is no teaser, whatever it repeats."""
    above = next((line for line in reversed(lines[:number]) if line.strip()), "")
    return above.rstrip(" *").endswith(("?", "？"))


def _copied(key: str, rest: str, least: int) -> int:
    """How many characters of `key` lie in pieces of at least `least` characters that stand in `rest`."""
    copied = start = 0
    while start <= len(key) - least:
        end = start + least
        if key[start:end] not in rest:
            start += 1
            continue
        place = rest.index(key[start:end])
        while end < len(key) and place + end - start < len(rest) and key[end] == rest[place + end - start]:
            end += 1
        copied += end - start
        start = end
    return copied
