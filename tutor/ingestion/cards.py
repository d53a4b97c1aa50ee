"""A card of Anki, whatever it came in -> a pair of question and answer. Knows no file.

A gap in a text (`{{c1::quadratic::order?}}`) is filled: what is to be learned is the sentence.
"""

import re
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from tutor.ingestion.html_fragment import fragment_markdown
from tutor.ingestion.loaded import counted
from tutor.ingestion.pairs import Pair
from tutor.messages import Message
from tutor.text.markup import dollar_formulas

_CLOZE = re.compile(r"\{\{c\d+::((?:(?!\{\{c\d+::|\}\}).)*?)(?:::(?:(?!\{\{c\d+::|\}\}).)*)?\}\}", re.DOTALL)
_DEEPEST = 8  # gaps within gaps
_DECK = re.compile("::|\x1f")  # between a deck and the decks in it
_SOUND = re.compile(r"\[sound:([^\]]+)\]")
_PICTURE = re.compile(r"<img\b[^>]*?\bsrc=[\"']?([^\"'>\s]+)[^>]*>", re.IGNORECASE)
_LATEX = (
    (re.compile(r"\[\$\$\](.*?)\[/\$\$\]", re.DOTALL), r"$$\1$$"),
    (re.compile(r"\[\$\](.*?)\[/\$\]", re.DOTALL), r"$\1$"),
    (re.compile(r"\[/?latex\]"), ""),
    (re.compile(r"<anki-mathjax block=\"?true\"?>(.*?)</anki-mathjax>", re.DOTALL), r"$$\1$$"),
    (re.compile(r"<anki-mathjax[^>]*>(.*?)</anki-mathjax>", re.DOTALL), r"$\1$"),
)


@dataclass
class Cards:
    """Pairs of the cards so far, and the media that they show or play."""

    file: str
    pairs: list[Pair] = field(default_factory=list)
    media: Counter[str] = field(default_factory=Counter)

    def add(
        self, fields: Sequence[tuple[str, str]], deck: str, asked: Collection[str] = (), *, is_html: bool = True
    ) -> None:
        """One note: (name or "", content) of its fields; `asked` are those on the front, else the first one is."""
        has_gap = any(_CLOZE.search(content) for _, content in fields)
        texts = [(name, text) for name, content in fields if (text := self._markdown(content, is_html))]
        front = [number for number, (name, _) in enumerate(texts) if name in asked] or [0]
        if has_gap:
            front = []
        told = [part for number, part in enumerate(texts) if number not in front]
        labelled = len(told) > 1 and not has_gap
        answer = "\n\n".join(f"{name}: {text}" if labelled and name else text for name, text in told)
        question = "\n".join(text for number, (_, text) in enumerate(texts) if number in front)
        if texts:
            self.pairs.append(Pair(question, answer, tuple(part for part in _DECK.split(deck) if part.strip())))

    def doubts(self) -> tuple[Message, ...]:
        """What of the cards is not text."""
        return counted(Message("ingestion.media", count=self.media.total(), example=next(iter(self.media), "")))

    def _markdown(self, content: str, is_html: bool) -> str:
        for _ in range(_DEEPEST):
            content, filled = _CLOZE.subn(r"\1", content)
            if not filled:
                break
        for pattern, formula in _LATEX:
            content = pattern.sub(formula, content)
        self.media.update(_SOUND.findall(content))
        content = _SOUND.sub("", content)
        if not is_html:
            return dollar_formulas(content.strip())
        self.media.update(_PICTURE.findall(content))
        return fragment_markdown(content, self.file)
