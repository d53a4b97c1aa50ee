"""Turns a follow-up into a stand-alone question with what was asked before. Decided in code.

A 1.5B model takes five seconds to rewrite a follow-up and now and then changes its subject (docs/decisions/0001);
finding the passage only needs the subject back, and the code knows the last one.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tutor.chat.request import read_request
from tutor.domain import Answer
from tutor.text.language import detect_language
from tutor.text.terms import terms

# "it" and "that" also occur in complete questions, so pronouns count only in short ones.
_PRONOUN = re.compile(
    r"它们?|这(?:个|种|些|样|里|两)|那(?:个|种|些|样|两)|该(?:方法|技术|模型|机制)|其(?:中|他|缺点|优点|原理|代价)|前者|后者|上面|上述|刚才|刚刚"
    r"|\b(?:it|its|they|them|their|this|that|these|those|the former|the latter|above|same|(?<!is )(?<!are )there(?! (?:is|are|any)))\b",
    re.IGNORECASE,
)
_OPENING = re.compile(
    r"^\s*(?:那么?|所以|然后|还有|另外|举个?例子?|再|具体|详细|展开|继续"
    r"|(?:and|but|so|then|also|how so|what about|how about|for example|more|go on|continue|really|is it|does it)\b)",
    re.IGNORECASE,
)
_CLOSING = re.compile(r"呢\s*[？?。!！]*\s*$")
_LEAD = re.compile(
    r"^\s*(?:那么?(?!种|个|些|样|里)|所以|然后|还有|另外|再(?:说说|讲讲|介绍)?|说说|(?:and|but|so|then|also|what about|how about)\b)[\s,，]*",
    re.IGNORECASE,
)
# A comparison with one side only, and a circumstance only: the rest was said before.
_HALF = re.compile(
    r"^\s*(?:那么?)?\s*(?:和|跟|与|同|比起?|相比)(?!.*(?:和|跟|与|同)).{1,20}(?:比|相比|区别|不同|差别|差在哪|哪个好)|(?:的时候|的情况下?|的场景下?|的话)\s*呢?[\s？?。]*$"
    r"|^\s*(?:and |but |so |then )?(?:what(?:'s| is) )?(?:the )?(?:difference|differences) (?:from|to|with) |^\s*(?:and )?(?:compared|versus|vs\.?|as opposed)\b",
    re.IGNORECASE,
)
_SHORT_TERMS = 4
_FEWEST_TERMS = 3  # one more in Chinese without a name in Latin letters: its words are counted with their parts


@dataclass(frozen=True)
class Condensed:
    """A question that stands alone, the words to search with, and whether it leans on the last one."""

    question: str
    search_text: str
    is_follow_up: bool


def condense(
    question: str, earlier: Sequence[Answer], stands_alone: Callable[[str], bool] = lambda _: False
) -> Condensed:
    """The stand-alone form of `question` after the `earlier` answers (oldest first)."""
    return condense_after(question, subject_of(earlier), stands_alone)


def condense_after(question: str, subject: str, stands_alone: Callable[[str], bool] = lambda _: False) -> Condensed:
    """The stand-alone form of `question` after one that asked for `subject`; empty when there was none.

    `stands_alone` says whether the bank has an entry on just that: then "and ...?" or a few words open a new topic.
    """
    question = question.strip()
    if not subject or not _may_lean(question):
        return Condensed(question, question, is_follow_up=False)
    core = _CLOSING.sub("", _LEAD.sub("", question)).strip()
    if not _surely_leans(question) and stands_alone(core):
        return Condensed(question, core, is_follow_up=False)
    standalone = joined(question, subject)
    return Condensed(standalone, f"{subject} {question}", is_follow_up=True)


def subject_of(earlier: Sequence[Answer]) -> str:
    """The last question that was answered; a refused one gives a follow-up no footing."""
    for answer in reversed(earlier):
        if not answer.refused:
            core = _core(answer.standalone_question)
            return read_request(core).core or core
    return ""


def _core(question: str) -> str:
    """Without the bracket that an earlier follow-up added, so that subjects do not pile up beyond two."""
    match = re.match(r"^(?P<asked>.*?)\s*[（(](?:承接|following)[：:]\s*(?P<subject>.*?)[）)]$", question)
    return match["subject"] if match else question


def _surely_leans(question: str) -> bool:
    """A bare "why" always does; a pronoun or half a comparison does while the question is short."""
    count = len(set(terms(question)))
    is_pointing = bool(_PRONOUN.search(question) or _HALF.search(question))
    return count == 0 or (is_pointing and count <= _SHORT_TERMS + 2)


def _may_lean(question: str) -> bool:
    """ "And", "what about", "...呢" and the fewest words may: whether they do is seen from what the bank has."""
    count = len(set(terms(question)))
    marked = bool(_OPENING.search(question) or _CLOSING.search(question))
    fewest = _FEWEST_TERMS if re.search("[A-Za-z]", question) else _FEWEST_TERMS + 1
    return _surely_leans(question) or count <= (_SHORT_TERMS if marked else fewest)


def joined(question: str, subject: str) -> str:
    """What is shown as the stand-alone question, and what the model is asked."""
    return (
        f"{question}（承接：{subject}）" if detect_language(question) == "zh" else f"{question} (following: {subject})"
    )
