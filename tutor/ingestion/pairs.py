"""Questions with their answers, as a format itself tells them -> a tree of sections, with nothing left to be guessed.

For cards, records and dialogues. Knows none of these formats.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tutor.ingestion.loaded import Loaded
from tutor.ingestion.outline import QUESTION_LEVEL, Section
from tutor.messages import Message

_FENCE = "```"


@dataclass(frozen=True)
class Pair:
    """A question and what answers it, both Markdown; without a question it is a text that stands by itself."""

    question: str
    answer: str
    path: tuple[str, ...] = ()  # the headings above it


def load_pairs(pairs: Sequence[Pair], title: str = "", doubts: Iterable[Message] = ()) -> Loaded:
    """The pairs under their headings, in order; headings that come again are opened again."""
    root = Section(0)
    open_sections: list[Section] = [root]
    told: list[str] = []
    for pair in pairs:
        path = tuple(" ".join(heading.split()) for heading in pair.path)
        shared = _shared(path, open_sections)
        del open_sections[shared + 1 :]
        for heading in path[shared:]:
            section = Section(level=len(open_sections), heading=heading)
            open_sections[-1].children.append(section)
            open_sections.append(section)
            told += ["", f"{'#' * min(section.level, 6)} {heading}"]
        _add(pair, open_sections[-1])
        told += ["", pair.question, pair.answer]
    if not title and len(root.children) == 1 and root.children[0].children:
        title = root.children[0].heading
    return Loaded("\n".join(told).strip(), title, tuple(doubts), is_authored=True, outline=root)


def _shared(path: tuple[str, ...], open_sections: list[Section]) -> int:
    """How many of the headings are open already."""
    count = 0
    while count < len(path) and count + 1 < len(open_sections) and open_sections[count + 1].heading == path[count]:
        count += 1
    return count


def _add(pair: Pair, section: Section) -> None:
    question, answer = pair.question.strip(), pair.answer.strip()
    if not question:
        last = section.children[-1] if section.children else None
        if last is None or last.heading:
            last = Section(QUESTION_LEVEL)
            section.children.append(last)
        last.lines += ["", *answer.split("\n")] if last.lines else answer.split("\n")
        return
    first, rest = _headline(question)
    lines = [*rest, "", *answer.split("\n")] if rest else answer.split("\n")
    section.children.append(Section(QUESTION_LEVEL, first, is_question=bool(first), lines=lines if any(lines) else []))


def _headline(question: str) -> tuple[str, list[str]]:
    """(the question as one line, what of it cannot stand in a heading: code, tables, formulas, lists)."""
    lines = question.split("\n")
    block = next(
        (n for n, line in enumerate(lines) if line.lstrip().startswith((_FENCE, "|", "$$", "- ", "1. "))), None
    )
    if block == 0:
        return "", lines
    words = [line.strip().lstrip("#").strip() for line in lines[:block]]
    return " ".join(filter(None, words)), lines[block:] if block else []
