"""Turns a follow-up into a stand-alone question with what was asked before. Decided in code.

A 1.5B model takes five seconds to rewrite a follow-up and now and then changes its subject (docs/decisions/0001);
finding the passage only needs the subject back, and the code knows the last ones.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from tutor.chat.leaning import Standing, is_small_talk, leans
from tutor.chat.message import Words, read_words
from tutor.chat.recognise import Recogniser
from tutor.chat.request import read_request
from tutor.domain import Answer, Language
from tutor.retrieval.hybrid import HybridRetriever, SearchResult
from tutor.text.language import detect_language
from tutor.text.terms import terms

_NO_SUBJECT = Standing(confidence=1.0, is_other=False, unknown=0.0, held=0.0, new_names=frozenset())
# "The mixing thing": of the words of an earlier question that returns.
_POINTS_HERE = re.compile(r"这(?:个|种|样)?|\b(?:this|these)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Subject:
    """A question that was asked and not refused: what a message may continue."""

    question: str
    entry_id: str | None = None  # whose answer was given


@dataclass(frozen=True)
class Condensed:
    """A question that stands alone, the words to search with, and what it leans on."""

    question: str
    search_text: str
    words: Words
    subject: Subject | None = None  # None: it stands alone
    is_small_talk: bool = False

    @property
    def is_follow_up(self) -> bool:
        return self.subject is not None


class Conversation:
    """Decides what a message continues, from its words and from what the material has on it alone."""

    def __init__(self, retriever: HybridRetriever, recogniser: Recogniser) -> None:
        self._retriever = retriever
        self._recogniser = recogniser

    def condense(self, message: str, subjects: Sequence[Subject]) -> Condensed:
        """The stand-alone form of `message` after `subjects`, the last one first."""
        words = read_words(message)
        text = words.text or message
        if not subjects:
            is_talk = words.is_of_oneself and is_small_talk(words, self._alone(text))
            return Condensed(message, text, words, is_small_talk=is_talk)
        subject = self._choose(words, subjects)
        standing = self._standing(words, subject)
        if not leans(words, standing, subject.question):
            return Condensed(message, text, words, is_small_talk=is_small_talk(words, standing))
        return Condensed(joined(message, subject.question), f"{subject.question} {text}", words, subject)

    def _choose(self, words: Words, subjects: Sequence[Subject]) -> Subject:
        """The last subject, or the earlier one whose own words the message takes up and the last one lacks."""
        last = subjects[0]
        if len(subjects) == 1 or _POINTS_HERE.search(words.text):
            return last
        named = words.content
        if words.returns:
            named = read_words(re.split("[，,:：]", words.text)[0]).content or named
        shares = [self._retriever.weight(named & frozenset(terms(subject.question))) for subject in subjects]
        best = max(range(len(subjects)), key=lambda number: (shares[number], -number))
        is_named = words.returns or (words.opens and not shares[0])
        return subjects[best] if is_named and shares[best] > shares[0] else last

    def _alone(self, text: str) -> Standing:
        found = self._retriever.search(text)
        return Standing(found.scope.confidence, False, found.features.unknown_share, 0.0, frozenset())

    def _standing(self, words: Words, subject: Subject) -> Standing:
        if not words.terms:
            return _NO_SUBJECT
        found = self._retriever.search(words.text)
        own = self._entry_of(subject)
        asked = frozenset(terms(subject.question))
        return Standing(
            confidence=found.scope.confidence,
            is_other=found.known_entry_id not in (None, own),
            unknown=found.features.unknown_share,
            held=self._retriever.coverage(words.terms, own) if own else 0.0,
            new_names=self._recogniser.names(words) - asked,
        )

    def _entry_of(self, subject: Subject) -> str | None:
        if subject.entry_id:
            return subject.entry_id
        found = self._retriever.search(subject.question)
        return found.known_entry_id or _first_entry(found)


def subjects_of(earlier: Sequence[Answer]) -> list[Subject]:
    """What was asked before, each once, the last one first; what was refused or no question gives no footing."""
    found: dict[str, Subject] = {}
    for answer in reversed(earlier):
        if answer.refused or answer.kind == "remark":
            continue
        core = _core(answer.standalone_question)
        question = read_request(core).core or core
        is_own = core == answer.standalone_question
        known = found.get(question)
        if known is None or (is_own and known.entry_id is None):
            found[question] = Subject(question, answer.entry_id if is_own else None)
    return list(found.values())


def _core(question: str) -> str:
    """Without the bracket that an earlier follow-up added, so that subjects do not pile up beyond two."""
    match = re.match(r"^(?P<asked>.*?)\s*[（(](?:承接|following)[：:]\s*(?P<subject>.*?)[）)]$", question, re.DOTALL)
    return match["subject"] if match else question


def joined(question: str, subject: str, language: Language | None = None) -> str:
    """What is shown as the stand-alone question, and what the model is asked; in the question's own language without one."""
    is_chinese = (language or detect_language(question)) == "zh"
    return f"{question}（承接：{subject}）" if is_chinese else f"{question} (following: {subject})"


def _first_entry(result: SearchResult) -> str | None:
    return result.hits[0].passage.entry_id if result.hits else None
