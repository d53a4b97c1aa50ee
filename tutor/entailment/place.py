"""What a passage of a document is about by where it stands: "it adds latency" under "Adapters" is about adapters.

Knows headings as strings; nothing of passages or of how they were found.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from tutor.text.terms import terms

# What is said under a heading that compares or lists is not said of each of its names.
COMPARES = re.compile(
    r"区别|差异|差别|不同|异同|关系|相比|对比|怎么选|各|\b(?:differ\w*|compar\w*|versus|vs|relat\w+|distinguish\w*|each|choose)\b",
    re.I,
)
_LISTS = re.compile(r"[、,，/&+]|[与和及]|\b(?:and|or)\b", re.I)
# LoRA, KV, GPT-4, int8; not the capital that any English heading begins its words with.
_SURE_NAME = re.compile(r"(?<![A-Za-z])(?=[A-Za-z]*\d|[A-Za-z]?[A-Za-z]*[A-Z])[A-Za-z][\w.+-]*\w")
_PRONOUN = re.compile(
    r"(?:(?:it|they|this|these)(?: (?:method|approach|technique|one)s?)?\s+(?=[a-z])|它们?|[这该此]种?(?:方法|做法|技术|方案))",
    re.I,
)
_SINGULAR_VERB = re.compile(r"^([a-z]{2,}[^\W\ds])s\b")  # "it adds" of adapters is "adapters add"
_PLURAL_VERB = r"\1"
_PLAIN_WORD = re.compile(r"[A-Z]?[a-z]+(?:-[A-Z]?[a-z]{2,})*|[A-Z]{7,}")


@dataclass(frozen=True)
class Place:
    """Title and headings of a passage, the outermost first, the one that it opens with last."""

    headings: tuple[str, ...] = ()

    @cached_property
    def subjects(self) -> tuple[str, ...]:
        """The headings that say what is meant, the innermost first, up to one with a name: under "LoRA > QLoRA" it is QLoRA."""
        named = next((number for number, heading in enumerate(self._telling) if sure_names(heading)), None)
        return self._telling if named is None else self._telling[: named + 1]

    @cached_property
    def _telling(self) -> tuple[str, ...]:
        """The headings that are about one thing, the innermost first."""
        several = (COMPARES.search(h) or (_LISTS.search(h) and len(sure_names(h)) > 1) for h in reversed(self.headings))
        return tuple(h for h, is_of_several in zip(reversed(self.headings), several, strict=True) if not is_of_several)

    def named(self, sentence_terms: set[str]) -> str:
        """The subjects that a sentence with these terms names, as one line, the outermost first; "" for none."""
        named = [h for h in reversed(self.subjects) if (words := set(terms(h))) and words <= sentence_terms]
        return " > ".join(named)

    def known_terms(self, sentence_terms: set[str]) -> set[str]:
        """Terms that a sentence may say without the passage saying them: those of the subjects, and of the headings
        above where the sentence names the subject as well."""
        names = {term for heading in self.subjects[-1:] for name in sure_names(heading) for term in terms(name)}
        admitted = self._telling if names and names <= sentence_terms else self.subjects
        return {term for heading in admitted for term in terms(heading)}

    def is_rival(self, heading: str) -> bool:
        """Whether `heading` heads something else than this passage."""
        return bool(self.headings) and heading not in self.headings


def opens_with_rival(sentence: str, own: Place, others: Sequence[Place]) -> bool:
    """Whether the first words of the sentence name what another place is about and its own is not."""
    start, own_headings = _lead(sentence), _lead(" ".join(own.headings))
    return any(
        _begins(start, _lead(heading)) and _lead(heading) not in own_headings
        for place in others
        for heading in place.headings
        if own.is_rival(heading)
    )


def subject_said(subject: str, sentence: str) -> str:
    """The sentence with its subject in place of the pronoun that it begins with, else before it."""
    pronoun = _PRONOUN.match(sentence)
    if pronoun is None:
        return f"{subject}: {sentence}"
    rest = sentence[pronoun.end() :]
    return f"{subject} {_SINGULAR_VERB.sub(_PLURAL_VERB, rest) if subject.endswith('s') else rest}"


def sure_names(text: str) -> list[str]:
    """Words that are a name whatever stands around them."""
    return [name for name in _SURE_NAME.findall(text) if not _PLAIN_WORD.fullmatch(name)]


def _lead(text: str) -> str:
    """Without marks, articles and case, so that a heading and the beginning of a sentence compare."""
    return re.sub(r"^(?:the|an?)\s+", "", re.sub(r"^[\s\-*•>#]+", "", text).lower()).rstrip(":： ")


def _begins(sentence: str, heading: str) -> bool:
    following = sentence[len(heading) : len(heading) + 1]
    is_whole = not (heading[-1:].isascii() and following.isascii() and following.isalnum())
    return bool(heading) and sentence.startswith(heading) and is_whole
