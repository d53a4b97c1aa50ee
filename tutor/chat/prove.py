"""Checks a text sentence by sentence while it is being written: only what the passages bear is ever shown.

Knows no model; it is fed pieces of text.
"""

import re
from dataclasses import dataclass, field

from tutor.chat.support import Support, Supporter, cite, strip_marks
from tutor.chat.write import is_in_language
from tutor.domain import Citation, Language
from tutor.text.markup import dollar_formulas, keep_formulas
from tutor.text.sentences import split_sentences
from tutor.text.terms import terms

_SAME = 0.9  # of the terms of two sentences: the second says nothing new
_EMPTY_LINES = re.compile(r"\n{3,}")
_ENDS = tuple("。！？.!?;；:：)）|`$")


@dataclass(frozen=True)
class Proven:
    """What is shown of a written answer."""

    text: str  # with [n] after each sentence
    citations: tuple[Citation, ...]  # in order of first use
    withheld: tuple[str, ...]  # sentences without support, which are not shown


@dataclass
class Proof:
    """A written text as far as it is proven."""

    supporter: Supporter
    language: Language
    sources: tuple[str, ...] = ()  # whose formulas a sentence that copies them keeps
    _written: str = ""
    _done: int = 0  # characters, without the model's own marks, that were checked
    _pieces: list[str] = field(default_factory=list)
    _kept: list[Support] = field(default_factory=list)
    _seen: list[set[str]] = field(default_factory=list)
    _withheld: list[str] = field(default_factory=list)

    def add(self, piece: str) -> str:
        """What may be shown now that `piece` has been written; the last sentence waits until another has begun."""
        self._written += piece
        return self._check(split_sentences(self._unread())[:-1])

    def finish(self) -> str:
        """What may still be shown of the last sentence; half a sentence is nothing."""
        sentences = split_sentences(self._unread())
        if sentences and not sentences[-1].endswith(_ENDS) and self._seen:
            sentences.pop()
        return self._check(sentences)

    def _unread(self) -> str:
        return strip_marks(dollar_formulas(self._written))[self._done :]

    def proven(self) -> Proven:
        """The sentences that were shown, with their marks."""
        text, citations, _ = cite("".join(self._pieces), self._kept)
        return Proven(_EMPTY_LINES.sub("\n\n", text).strip(), citations, tuple(self._withheld))

    def _check(self, sentences: list[str]) -> str:
        shown = ""
        for sentence in sentences:
            shown += self._judge(sentence)
        self._pieces.append(shown)
        return shown

    def _judge(self, sentence: str) -> str:
        """The sentence with the gap before it, where it is proven and new."""
        unread = self._unread()
        gap = unread[: unread.index(sentence)]
        self._done += len(gap) + len(sentence)
        sentence = keep_formulas(sentence, self.sources)
        words = set(terms(sentence))
        if any(_is_repeat(words, earlier) for earlier in self._seen):
            return "\n" * gap.count("\n")
        support = self.supporter.check(sentence) if is_in_language(sentence, self.language) else Support(sentence, None)
        self._seen.append(words)
        if support.hit is None:
            self._withheld.append(sentence)
            return "\n" * gap.count("\n")
        self._kept.append(support)
        return gap + support.sentence


def _is_repeat(words: set[str], earlier: set[str]) -> bool:
    return bool(words) and len(words & earlier) >= _SAME * len(words | earlier)


def prove(text: str, supporter: Supporter, language: Language) -> Proven:
    """The same for a text that is whole."""
    proof = Proof(supporter, language)
    proof.add(text)
    proof.finish()
    return proof.proven()
