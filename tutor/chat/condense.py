"""Turns a follow-up into a stand-alone question with what was asked before. Decided in code.

A 1.5B model takes five seconds to rewrite a follow-up and now and then changes its subject (docs/decisions/0001);
finding the passage only needs the subject back, and the code knows the last ones.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tutor.chat.leaning import Standing, is_small_talk, leans, load_leaning
from tutor.chat.message import Words, read_words
from tutor.chat.recognise import Recogniser
from tutor.chat.request import read_request
from tutor.domain import Answer, Language
from tutor.retrieval.hybrid import HybridRetriever, SearchResult
from tutor.text.language import detect_language
from tutor.text.terms import terms

_LOOKED_AT = 10  # hits, among which the subject's entry may be
# By how much an earlier subject must be the better fit: in its own words; in the likeness and the words of its entry.
_NAMED, _LIKER, _HOLDS = 0.1, 0.02, 0.2
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
    weighed: Mapping[str, float] | None = None  # the signals that decided, where no rule did

    @property
    def is_follow_up(self) -> bool:
        return self.subject is not None


class Conversation:
    """Decides what a message continues, from its words and from what the material has on it alone."""

    def __init__(self, retriever: HybridRetriever, recogniser: Recogniser) -> None:
        self._retriever = retriever
        self._recogniser = recogniser
        self._model = load_leaning()

    def condense(self, message: str, subjects: Sequence[Subject]) -> Condensed:
        """The stand-alone form of `message` after `subjects`, the last one first."""
        words = read_words(message)
        text = words.text or message
        if not words.terms and not subjects:
            return Condensed(message, text, words)
        found = self._retriever.search(text, _LOOKED_AT)
        subject = self._choose(words, found, subjects) if subjects else None
        standing = self._standing(words, found, subject)
        is_talk = is_small_talk(words, standing)
        if subject is None:
            return Condensed(message, text, words, is_small_talk=is_talk)
        does_lean, weighed = leans(self._model, words, standing, subject.question)
        if not does_lean:
            return Condensed(message, text, words, is_small_talk=is_talk, weighed=weighed)
        search_text = f"{subject.question} {text}"
        return Condensed(joined(message, subject.question), search_text, words, subject, weighed=weighed)

    def _choose(self, words: Words, found: SearchResult, subjects: Sequence[Subject]) -> Subject:
        """The last subject, or the earlier one whose words the message takes up, or whose entry fits clearly better."""
        last = subjects[0]
        if len(subjects) == 1 or _POINTS_HERE.search(words.text):
            return last
        whole = self._retriever.weight(words.terms) or 1.0
        shares = [self._retriever.weight(words.terms & set(terms(item.question))) / whole for item in subjects]
        named = max(range(len(subjects)), key=lambda number: (shares[number], -number))
        if shares[named] > shares[0] + _NAMED:
            return subjects[named]
        if (words.points and not words.returns) or shares[0] >= _NAMED:
            return last
        own = self._entry_of(last)
        best = max(subjects, key=lambda item: _nearness(found, own if item is last else item.entry_id))
        is_nearer = _nearness(found, best.entry_id) > _nearness(found, own) + _LIKER
        return best if is_nearer and self._held(words, best.entry_id) >= self._held(words, own) + _HOLDS else last

    def _held(self, words: Words, entry_id: str | None) -> float:
        return self._retriever.coverage(words.terms, entry_id) if entry_id else 0.0

    def _standing(self, words: Words, found: SearchResult, subject: Subject | None) -> Standing:
        own = self._entry_of(subject) if subject else None
        ids = [hit.passage.entry_id for hit in found.hits]
        names = self._recogniser.names(words)
        known = 0.0 if found.known_entry_id is None else -1.0 if found.known_entry_id == own else 1.0
        return Standing(
            confidence=found.scope.confidence,
            seen=found.features,
            known=known,
            near=_nearness(found, own),
            rank=1 / (1 + ids.index(own)) if own in ids else 0.0,
            held=self._held(words, own),
            names=names,
            new_names=names - frozenset(terms(subject.question) if subject else ()),
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


def _nearness(found: SearchResult, entry_id: str | None) -> float:
    """Similarity of the entry, or of the last one found where it is not among them."""
    near = [hit.similarity for hit in found.hits if entry_id and hit.passage.entry_id == entry_id]
    return near[0] if near else min((hit.similarity for hit in found.hits), default=0.0)
