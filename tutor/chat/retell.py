"""The last answer again: shorter, or in which language. No search and no model."""

import re
from collections.abc import Sequence

from tutor.chat import phrases
from tutor.chat.request import Manner
from tutor.domain import Answer, Citation, Language
from tutor.text.language import detect_language, han_count
from tutor.text.sentences import split_sentences

_MARK = re.compile(r"\[(\d+)\]")
_FUNCTION_WORD = re.compile(
    r"\b(?:the|an?|is|are|do|does|did|what|how|why|which|when|where|who|can|could|should|would|will|it|that|this|you|please"
    r"|of|in|to|for|and|with|thanks?|thank|hello|hi|hey)\b",
    re.IGNORECASE,
)


def answer_language(message: str, earlier: Sequence[Answer], interface: Language | None) -> Language:
    """The message's own language; a name or a sign has none, and follows the conversation, then the interface."""
    if han_count(message):
        return detect_language(message)
    if _FUNCTION_WORD.search(message):
        return "en"
    return earlier[-1].language if earlier else interface or "en"


def last_answer(earlier: Sequence[Answer]) -> Answer | None:
    """The last one that answered something."""
    return next((answer for answer in reversed(earlier) if not answer.refused and answer.kind != "remark"), None)


def retell(answer: Answer, manner: Manner | None, language: Language) -> tuple[str, tuple[Citation, ...]]:
    """A written answer's first proven sentence; in another language it does not exist, which is said."""
    if manner in ("Chinese", "English") and answer.language != language:
        return phrases.ONE_LANGUAGE.in_language(language), ()
    if manner in ("Chinese", "English"):
        return answer.text, answer.citations
    for line in answer.text.splitlines():
        mark = _MARK.search(line)
        if mark:
            number = int(mark[1])
            first = split_sentences(line[: mark.start()].lstrip("-*• "))[-1:] or [line[: mark.start()]]
            return f"{first[0].strip()} [{number}]", tuple(c for c in answer.citations if c.number == number)
    return answer.text, answer.citations
