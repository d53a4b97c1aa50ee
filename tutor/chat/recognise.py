"""Which entries of the bank a question asks for: one, two to compare, or none. Decided from names and retrieval."""

import re
from collections import Counter
from collections.abc import Callable
from functools import cached_property

from tutor.bank.load import Bank
from tutor.chat.message import Words, read_words
from tutor.chat.request import Request, read_comparison
from tutor.domain import LANGUAGES, Entry
from tutor.retrieval.hybrid import SearchResult
from tutor.text.language import detect_language
from tutor.text.terms import terms

_TELLING = 8  # entries; a term that more of them ask with ("avoid", "训练") names none
_NEAR = 3  # of the hits for subject and follow-up together
_MOST_MEANT = 4
_LEAST_CALLED = 3  # entries; a part of a longer name ("best-of-n") stands in fewer
# What a question wants done; an entry that only mentions the same names does not do it.
_WANTED = re.compile(
    r"(?P<derive>推导|推出|证明|\bderiv(?:e|ation)\b|\bprove\b)|(?P<code>手写|手撕|写(?:一下|个|出)?代码|\bimplement\b|\bin code\b)",
    re.IGNORECASE,
)
_WANTED_TERMS = frozenset({"推导", "证明", "手写", "derive", "derivation", "prove", "implement", "code", "代码"})


class Recogniser:
    """Knows the terms that the bank's questions are made of."""

    def __init__(self, bank: Bank, search: Callable[[str], SearchResult]) -> None:
        self._bank = bank
        self._search = search

    def entries(self, request: Request, result: SearchResult) -> tuple[str, ...]:
        """Ids of the entries that answer the request as they stand. `result` is what was found for its core."""
        known = self._known(result)
        things = read_comparison(request.core)
        if things:
            return self._compared(things, known, result)
        if known is None and request.manner:
            known = self._named(request.core)
        return (known,) if known else ()

    def continued(self, request: Request, result: SearchResult) -> tuple[str, ...]:
        """The entry that answers a follow-up: the bank's question in its own words, which its subject does not exclude.

        `result` is what was found for subject and follow-up together.
        """
        known = self._known(self._search(request.core)) if request.core else None
        near = [hit.passage.entry_id for hit in result.hits[:_NEAR]]
        return (known,) if known in near and result.scope.in_scope and known else ()

    def meanings(self, message: str) -> tuple[str, ...]:
        """The entries that a name alone may mean; one where it is surely that one."""
        words = read_words(message)
        if not words.is_bare or not words.terms or words.has_cue or words.ends_asking:
            return ()
        thing = words.text
        named: dict[str | None, None] = {}
        for text in (thing, f"什么是 {thing}？" if words.is_chinese else f"What is {thing}?"):
            hits = self._search(text).hits
            named.update((hit.passage.entry_id, None) for hit in hits if self._names(hit.passage.entry_id or "", thing))
        ids = [entry_id for entry_id in named if entry_id]
        slug = "-".join(re.findall("[a-z0-9]+", thing.lower()))
        if slug in ids:
            return (slug,)
        asked = [entry_id for entry_id in ids if words.terms <= self._title_terms[entry_id]]
        return tuple(asked[:1] if len(asked) == 1 else ids[:_MOST_MEANT])

    def _known(self, result: SearchResult) -> str | None:
        """The bank's question that the query is, where the entry is asked for all that the query names and wants done."""
        known = result.known_entry_id
        if not result.scope.in_scope or known not in self._question_terms:
            return None
        wanted = _WANTED.search(result.query)
        if not wanted or self._is_asked_to(known, wanted):
            return known
        names = self.names(read_words(result.query)) - _WANTED_TERMS
        hits = [hit.passage.entry_id or "" for hit in result.hits]
        fit = [
            key for key in hits if self._is_asked_to(key, wanted) and names & self._title_terms.get(key, frozenset())
        ]
        return fit[0] if fit else None

    def _is_asked_to(self, entry_id: str, wanted: re.Match[str]) -> bool:
        """Whether the entry's own questions ask for a derivation or code, where the query does."""
        entry = self._bank.get(entry_id) if entry_id in self._bank else None
        if entry is None:
            return False
        group = wanted.lastgroup
        if entry.kind == ("derivation" if group == "derive" else "coding"):
            return True
        return any((match := _WANTED.search(text)) and match.lastgroup == group for text in _asked_texts(entry))

    def names(self, words: Words) -> frozenset[str]:
        """Terms of the message that few entries ask with, that are names of this field, or in Latin letters in Chinese."""
        is_latin = [term for term in words.content if words.is_chinese and re.match(r"[a-z].", term)]
        telling = [term for term in words.content if 0 < self._spread[term] <= _TELLING]
        return frozenset([*telling, *is_latin, *(words.content & self._called)])

    def is_named(self, words: Words) -> bool:
        """Whether it says a name of this field."""
        return bool(words.content & self._called)

    def _compared(self, things: tuple[str, str], known: str | None, result: SearchResult) -> tuple[str, ...]:
        """The entry that names both, or the entry of each; else what the whole question is known as."""
        for entry_id in (known, _top(result)):
            if entry_id and all(self._names(entry_id, thing) for thing in things):
                return (entry_id,)
        left, right = (self._named(thing) for thing in things)
        if left and right and left != right:
            return left, right
        return (known,) if known else ()

    def _named(self, thing: str) -> str | None:
        """The entry that is about just that thing; one that bears its name goes before one that mentions it first."""
        is_chinese = detect_language(thing) == "zh" or not re.search("[A-Za-z]{4}", thing)
        for text in (thing, f"什么是 {thing}？" if is_chinese else f"What is {thing}?"):
            result = self._search(text)
            hits = result.hits if result.scope.in_scope else ()
            named = [hit.passage.entry_id for hit in hits if self._names(hit.passage.entry_id or "", thing)]
            name = "-".join(re.findall("[a-z0-9]+", thing.lower()))
            if named:
                return name if name in named else named[0]
        return None

    def _names(self, entry_id: str, thing: str) -> bool:
        """Whether the entry's questions, in either language, hold every term of the thing."""
        wanted = set(terms(thing))
        return bool(wanted) and wanted <= self._question_terms.get(entry_id, frozenset())

    @cached_property
    def _question_terms(self) -> dict[str, frozenset[str]]:
        return {entry.id: frozenset(_asked_terms(entry)) for entry in self._bank.entries}

    @cached_property
    def _title_terms(self) -> dict[str, frozenset[str]]:
        """Per entry, the terms of its question itself, without those of its other wordings."""
        return {
            entry.id: frozenset(term for language in LANGUAGES for term in terms(entry.question.in_language(language)))
            for entry in self._bank.entries
        }

    @cached_property
    def _called(self) -> frozenset[str]:
        """Names of this field: the words in Latin letters of Chinese questions, which has its own words for all else."""
        held = [
            {term for text in (entry.question.zh, *entry.aliases.get("zh", ())) for term in terms(text)}
            for entry in self._bank.entries
        ]
        counts = Counter(term for asked in held for term in asked if re.match("[a-z]{2}", term))
        return frozenset(term for term, count in counts.items() if count >= _LEAST_CALLED)

    @cached_property
    def _spread(self) -> Counter[str]:
        """Per term, how many entries ask with it."""
        return Counter(term for held in self._question_terms.values() for term in held)


def _asked_texts(entry: Entry) -> list[str]:
    questions = [entry.question.in_language(language) for language in LANGUAGES]
    return [*questions, *(alias for aliases in entry.aliases.values() for alias in aliases)]


def _asked_terms(entry: Entry) -> list[str]:
    return [term for text in _asked_texts(entry) for term in terms(text)]


def _top(result: SearchResult) -> str | None:
    return result.hits[0].passage.entry_id if result.hits else None
