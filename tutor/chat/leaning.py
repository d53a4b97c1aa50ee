"""Whether a message leans on what was asked before, decided from its cues and from what the material has on it alone.

A list of rules, first that applies; each says why. Written on the tune part of evaluation/retrieval/data/dialogues.jsonl.
Knows no session and no model.
"""

import re
from dataclasses import dataclass

from tutor.chat.message import Words

_SURE = 0.5  # confidence of the scope decision at which a message alone is in the field
_CERTAIN = 0.95  # at which nothing speaks against it
_OUT = 0.35  # and below which it is out
_STRANGE = 0.15  # share of terms that occur nowhere in the material, of a message from another field
_HELD = 0.35  # share of the message's terms that the subject's entry holds, below which it is not its topic
# A question for a number: another number is then a change of one part.
_OF_NUMBERS = re.compile(
    r"\d|多少|多大|多久|怎么算|\bhow (?:much|many|long|large|big)\b|\bcost\b|\bmemory\b|显存|参数量|\bupper bound\b|speed-?up",
    re.IGNORECASE,
)
_HEAD = 14  # characters in which a sentence names its subject


@dataclass(frozen=True)
class Standing:
    """What the material has on a message alone, beside the subject it may lean on."""

    confidence: float  # of the scope decision
    is_other: bool  # one of the bank's questions, and not the subject's
    unknown: float  # share of its terms that occur nowhere
    held: float  # share, by rarity, that the subject's entry holds
    new_names: frozenset[str]  # terms that few entries ask with and the subject does not have


def leans(words: Words, standing: Standing, subject: str) -> bool:
    """Whether `words` continue `subject`."""
    return why(words, standing, subject)[0]


def is_small_talk(words: Words, standing: Standing) -> bool:
    """A remark on the speaker's own day: nothing is asked, and the material has nothing on it."""
    return words.is_of_oneself and not words.asks and standing.confidence < _SURE


def why(words: Words, standing: Standing, subject: str) -> tuple[bool, str]:
    """(whether they lean, the rule that says so)."""
    if is_small_talk(words, standing):
        return False, "small talk"
    if words.changes:
        return False, "change of subject"
    if _is_foreign(words, standing):
        return False, "another field"
    if words.returns:
        return True, "return"
    if not words.terms:
        return words.length > 0, "no terms"  # signs alone say nothing
    if not words.content:
        if words.aspects:
            return not (standing.is_other and not words.opens and words.length > 8), "aspect"
        is_part = bool(_OF_NUMBERS.search(subject)) or words.has_cue or words.asks or words.ends_asking
        return is_part, "quantity"
    if words.is_bare:
        return _bare_leans(words, subject), "bare"
    return _sentence_leans(words, standing)


def _is_foreign(words: Words, standing: Standing) -> bool:
    if not (standing.confidence < _OUT and standing.unknown >= _STRANGE and standing.held < 0.3) or words.points:
        return False
    if words.opens and (standing.unknown < 0.5 or len(words.terms) <= 2):
        return False
    if words.is_bare and (words.ends_asking or words.is_circumstance or words.aspects):
        return False
    return not (words.is_subjectless and (words.is_chinese or len(words.terms) <= 1) and standing.unknown <= 0.5)


def _bare_leans(words: Words, subject: str) -> bool:
    """A name alone is a topic of its own, unless a cue or a number makes it a part of the last question."""
    if words.has_cue or words.ends_asking:
        return True
    return bool(words.quantities and _OF_NUMBERS.search(subject))


def _sentence_leans(words: Words, standing: Standing) -> tuple[bool, str]:
    new = standing.new_names
    if words.is_own_pointing and new and not words.opens:
        return False, "own pointing"
    if words.defines and new and not words.points:
        return False, "definition"
    if words.points:
        return True, "pointing"
    if words.is_circumstance and not (standing.is_other and len(words.content) > 4):
        return True, "circumstance"
    weight = len(words.content | words.quantities)
    is_away = bool(new) and standing.held < _HELD and standing.confidence >= _SURE and weight >= 3
    is_far = standing.held < 0.15 and weight >= 4 and standing.confidence >= _CERTAIN
    if words.is_subjectless:
        is_topic = (standing.is_other and weight >= 3) or (is_away and not words.opens) or (is_away and is_far)
        return not is_topic, "subjectless"
    is_both_sides = len(new) >= 2 and bool(re.search(r"than \w|比\S", words.text))
    if words.compares and not is_both_sides:
        return True, "comparison"
    if is_both_sides or any(name in words.text[:_HEAD].lower() for name in new):
        is_part = (words.opens and words.length <= 4) or (words.closes and not standing.is_other)
        is_held = standing.held >= 0.6 and standing.confidence < _CERTAIN and not standing.is_other
        is_strange = standing.held < 0.1 and weight >= 5 and not words.opens
        return is_part or is_held or (standing.confidence < _SURE and not is_strange), "own subject"
    if standing.is_other and not words.opens:
        return False, "another question"
    if new and not words.closes and standing.confidence >= _SURE and standing.held < 0.6:
        return False, "new names"
    if standing.held < 0.15 and weight >= 4 and standing.confidence >= 0.8 and not words.has_cue:
        return False, "far from the subject"
    return True, "nothing of its own"
