"""Which entries of the bank a question asks for: one, two to compare, or none. Decided from names and retrieval."""

import re
from collections import Counter
from collections.abc import Callable
from functools import cached_property

from tutor.bank.load import Bank
from tutor.chat.request import Request, read_comparison
from tutor.domain import LANGUAGES, Entry
from tutor.retrieval.hybrid import SearchResult
from tutor.text.language import detect_language
from tutor.text.terms import terms

# A term that more entries than this ask with ("avoid", "训练") names none of them.
_MOST_NAMED = 4
_TELLING = 12  # what more entries ask with is filler
# Names of this field are mostly in Latin letters, also in Chinese; "负载不均衡怎么办" alone says nothing.
_DEFINES = re.compile(r"什么是|是什么|介绍|解释|说说|讲讲")


class Recogniser:
    """Knows the terms that the bank's questions are made of."""

    def __init__(self, bank: Bank, search: Callable[[str], SearchResult]) -> None:
        self._bank = bank
        self._search = search

    def entries(self, request: Request, result: SearchResult) -> tuple[str, ...]:
        """Ids of the entries that answer the request as they stand. `result` is what was found for its core."""
        known = (
            result.known_entry_id if result.scope.in_scope and result.known_entry_id in self._question_terms else None
        )
        things = read_comparison(request.core)
        if things:
            return self._compared(things, known, result)
        if known is None and request.manner:
            known = self._named(request.core)
        return (known,) if known else ()

    def stands_alone(self, question: str) -> bool:
        """Whether the question is one of the bank's, or names something and the entry found first is about just that."""
        wanted = set(terms(question))
        if not any(re.match(r"[^\W\d]", term) for term in wanted):  # "70B" is not a topic
            return False
        result = self._search(question)
        if result.known_entry_id in self._question_terms:
            return True
        telling = {term for term in wanted if self._spread[term] <= _TELLING}
        if detect_language(question) == "zh":
            is_named = bool(_DEFINES.search(question)) or any(re.match("[a-z]", term) for term in wanted)
        else:
            is_named = any(0 < self._spread[term] <= _MOST_NAMED for term in wanted)
        top = _top(result)
        held = self._question_terms.get(top or "", frozenset())
        return is_named and bool(telling) and telling <= held

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
    def _spread(self) -> Counter[str]:
        """Per term, how many entries ask with it."""
        return Counter(term for held in self._question_terms.values() for term in held)


def _asked_terms(entry: Entry) -> list[str]:
    questions = [entry.question.in_language(language) for language in LANGUAGES]
    return [
        term for text in [*questions, *(a for all_ in entry.aliases.values() for a in all_)] for term in terms(text)
    ]


def _top(result: SearchResult) -> str | None:
    return result.hits[0].passage.entry_id if result.hits else None
