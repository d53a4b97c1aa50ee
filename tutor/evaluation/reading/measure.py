"""Measures reading: where every word of a file went, and whether pairs and order were kept.

The source is read by `source`, another way than the product reads it; what the product made of it is given. A word is in
a passage, among what the cleaning dropped, in a file that was refused with a reason, or lost.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

from tutor.evaluation.reading.source import SourceText, read_source
from tutor.evaluation.reading.words import Words, words_of

_QUESTION = re.compile(r"[?？][\s*_）)」”\"']*$")
# Numbers of lists and names of speakers are marks, not words: they may become structure.
_NAMES = "Q|A|question|answer|interviewer|candidate|me|问|答|问题|题目|答案|解答|解析|回答|面试官|候选人|面试者"
_LABEL = re.compile(
    rf"^[\s#>*_\-+【\[（(]*(?:(?:\d{{1,3}}(?:\.\d{{1,3}})+\.?(?=\s)|(?:第?\s*\d{{1,3}}\s*题?|[一二三四五六七八九十]{{1,3}}|(?:{_NAMES})\s*\d{{0,3}})\s*[.．、:：)）】\]]+)[\s*]*)+",
    re.IGNORECASE,
)
_IS_SIBLING = re.compile(
    r"^[\s>*_\-+]*(?:#|\d{1,3}(?:\.\d{1,3})*[.、)\s]|[一二三四五六七八九十]{1,3}、|第.{1,4}[章节])"
)
_LIST_MARK = re.compile(r"\s*[*+•-]+\s")
_LONGEST_QUESTION = 40  # words: a longer line that ends with a question mark is a paragraph
_BEGINNING = 12  # words of an answer that must stand with its question
_SENTENCE = 7  # words: shorter lines have no place of their own
_EXAMPLE = 12  # words around a loss that are shown


@dataclass(frozen=True)
class ReadText:
    """What the product made of one file."""

    passages: tuple[str, ...] = ()  # text of each, with its title and the headings above it
    dropped: str = ""  # lines that the cleaning took for furniture
    refusal: str = ""  # why nothing of it was read


@dataclass
class Losses:
    """Figures of one file, or of many."""

    files: int = 0
    refused: int = 0  # files of which nothing was read, with a reason
    words: int = 0  # of files that were read
    dropped: int = 0  # words among what the cleaning dropped
    lost: int = 0
    repeated: int = 0  # words of lines that the source has more often than the passages
    pairs: int = 0
    pairs_kept: int = 0
    neighbours: int = 0  # adjacent lines that have one place each
    in_order: int = 0
    furniture: int = 0  # lines that the format marks as furniture
    furniture_left: int = 0
    examples: list[str] = field(default_factory=list)

    def add(self, other: "Losses") -> None:
        """Adds the figures of `other`."""
        for name, value in vars(other).items():
            setattr(self, name, getattr(self, name) + value)

    def row(self, kind: str) -> dict[str, object]:
        """One line of the table of docs/measurements/reading.md."""
        return {
            "kind": kind,
            "files": self.files,
            "refused": self.refused,
            "words": f"{self.words:,}",
            "lost": _percent(self.lost, self.words, 2),
            "dropped": _percent(self.dropped, self.words),
            "repeats left out": _percent(self.repeated, self.words),
            "pairs kept": f"{_percent(self.pairs_kept, self.pairs)} of {self.pairs}",
            "in order": f"{_percent(self.in_order, self.neighbours)} of {self.neighbours}",
            "furniture left": f"{_percent(self.furniture_left, self.furniture)} of {self.furniture}",
        }


def measure_reading(paths: Iterable[Path], read: Callable[[Path], ReadText]) -> Iterator[tuple[Path, Losses]]:
    """The losses of every file that there is another reading for; `read` is the product."""
    for path in paths:
        source = read_source(path)
        if source is not None:
            yield path, compare(source, read(path))


def compare(source: SourceText, read: ReadText) -> Losses:
    """Where the words of `source` went."""
    lines = [words for line in source.lines if (words := words_of(_LABEL.sub("", line)))]
    if read.refusal:
        return Losses(files=1, refused=1)
    losses = Losses(files=1, words=sum(map(len, lines)))
    passages = [Words(text) for text in read.passages]
    everything, dropped = Words("\n".join(read.passages)), Words(read.dropped)
    for words in lines:
        missing = everything.missing(words)
        lost = set(dropped.missing([words[number] for number in missing])) if missing else set()
        gone = [number for place, number in enumerate(missing) if place in lost]
        losses.lost += len(gone)
        losses.dropped += len(missing) - len(gone)
        if gone:
            losses.examples.append(_example(words, gone))
    _count_repeats(lines, everything, dropped, losses)
    _count_pairs(source, passages, dropped, losses)
    _count_order(lines, everything, losses)
    own = Words("\n".join(source.lines))
    marked = [words for line in source.furniture if len(words := words_of(line)) >= 2 and not own.count(words)]
    losses.furniture = len(marked)
    losses.furniture_left = sum(everything.count(words) > 0 for words in marked)
    return losses


def _count_repeats(lines: Sequence[list[str]], everything: Words, dropped: Words, losses: Losses) -> None:
    """Lines that the source says more often than the passages and the dropped text together."""
    for line, count in Counter(tuple(words) for words in lines if len(words) >= _SENTENCE).items():
        words = list(line)
        if count > 1 and (there := everything.count(words)):
            losses.repeated += len(words) * max(0, count - there - dropped.count(words))


def _count_pairs(source: SourceText, passages: Sequence[Words], dropped: Words, losses: Losses) -> None:
    """A question that is a line, and the line after it."""
    filled = [line for line in source.lines if words_of(line)]
    for question, answer in pairwise(filled):
        asked, said = words_of(_LABEL.sub("", question)), words_of(_LABEL.sub("", answer))[:_BEGINNING]
        is_pair = _QUESTION.search(question) and not _QUESTION.search(answer) and not _are_siblings(question, answer)
        if not is_pair or not 3 <= len(asked) <= _LONGEST_QUESTION:
            continue
        if len(said) < _SENTENCE or dropped.count(asked) or dropped.count(said):
            continue
        losses.pairs += 1
        kept = any(passage.count(asked) and passage.count(said) for passage in passages)
        losses.pairs_kept += kept
        if not kept:
            losses.examples.append(f"APART: {question.strip()[:60]} | {answer.strip()[:60]}")


def _are_siblings(question: str, answer: str) -> bool:
    """Whether the next line is another item, heading or section, no answer."""
    mark, next_mark = _LIST_MARK.match(question), _LIST_MARK.match(answer)
    is_item = mark is not None and next_mark is not None and mark[0] == next_mark[0]
    return is_item or _IS_SIBLING.match(answer) is not None


def _count_order(lines: Sequence[list[str]], everything: Words, losses: Losses) -> None:
    """Neighbours in the source that stand once in both."""
    often = Counter(map(tuple, lines))
    places = [
        everything.place(words)
        for words in lines
        if len(words) >= _SENTENCE and often[tuple(words)] == 1 and everything.count(words) == 1
    ]
    for first, second in pairwise(places):
        losses.neighbours += 1
        losses.in_order += first < second


def _example(words: list[str], gone: list[int]) -> str:
    """The first lost words with those around them, the lost ones in brackets."""
    start = max(0, gone[0] - _EXAMPLE // 2)
    shown = [f"[{word}]" if number in set(gone) else word for number, word in enumerate(words)]
    return f"LOST {len(gone)}: " + " ".join(shown[start : start + 2 * _EXAMPLE])


def _percent(part: int, whole: int, digits: int = 1) -> str:
    return f"{100 * part / whole:.{digits}f} %" if whole else "-"
