"""Turns a follow-up into a stand-alone question with what was asked before. Decided in code.

A 1.5B model takes five seconds to rewrite a follow-up and now and then changes its subject (docs/decisions/0001);
finding the passage only needs the subject back, and the code knows the last one.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from tutor.domain import Answer, Language
from tutor.text.language import detect_language
from tutor.text.terms import terms

# "it" and "that" also occur in complete questions, so pronouns count only in short ones.
_PRONOUN = re.compile(
    r"它们?|这(?:个|种|些|样|里|两)|那(?:个|种|些|样|两)|该(?:方法|技术|模型|机制)|其(?:中|他|缺点|优点|原理|代价)|前者|后者|上面|上述|刚才|刚刚"
    r"|\b(?:it|its|they|them|their|this|that|these|those|the former|the latter|above|same)\b",
    re.IGNORECASE,
)
_OPENING = re.compile(
    r"^\s*(?:那么?|所以|然后|还有|另外|举个?例子?|再|具体|详细|展开|继续"
    r"|(?:and|but|so|then|also|how so|what about|how about|for example|more|go on|continue|really|is it|does it)\b)",
    re.IGNORECASE,
)
_CLOSING = re.compile(r"呢\s*[？?。!！]*\s*$")
_SHORT_TERMS = 4


@dataclass(frozen=True)
class Condensed:
    """A question that stands alone, the words to search with, and whether it leans on the last one."""

    question: str
    search_text: str
    is_follow_up: bool


def condense(question: str, earlier: Sequence[Answer]) -> Condensed:
    """The stand-alone form of `question` after the `earlier` answers (oldest first)."""
    question = question.strip()
    subject = _subject(earlier)
    if not subject or not _leans_on_context(question):
        return Condensed(question, question, is_follow_up=False)
    standalone = _joined(question, subject, detect_language(question))
    return Condensed(standalone, f"{subject} {question}", is_follow_up=True)


def _subject(earlier: Sequence[Answer]) -> str:
    """The last question that was answered; a refused one gives a follow-up no footing."""
    for answer in reversed(earlier):
        if not answer.refused:
            return _core(answer.standalone_question)
    return ""


def _core(question: str) -> str:
    """Without the bracket that an earlier follow-up added, so that subjects do not pile up beyond two."""
    match = re.match(r"^(?P<asked>.*?)\s*[（(](?:承接|following)[：:]\s*(?P<subject>.*?)[）)]$", question)
    return match["subject"] if match else question


def _leans_on_context(question: str) -> bool:
    """A bare "why" always does; "and", "what about" and "...呢" do while the question is short."""
    count = len(set(terms(question)))
    if count == 0:
        return True
    if _OPENING.search(question) or _CLOSING.search(question):
        return count <= _SHORT_TERMS
    return bool(_PRONOUN.search(question)) and count <= _SHORT_TERMS + 2


def _joined(question: str, subject: str, language: Language) -> str:
    return f"{question}（承接：{subject}）" if language == "zh" else f"{question} (following: {subject})"
