"""Whether a message leans on what was asked before: a fitted model over its cues and over what the material has on it.

Only what is certain is a rule. The parameters in leaning.json are fitted by `python -m tutor eval follow-ups --write`.
Knows no session and asks no language model.
"""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass

from tutor.chat.message import Words
from tutor.fitted import Logistic, load_fitted, read_logistic
from tutor.retrieval.scope import Features

_SURE = 0.5  # confidence of the scope decision at which a message alone is in the field
_MOST_CERTAIN = 1e-4  # of the scope decision: nearer to 0 or 1 is no news
_ADDRESSES = re.compile(r"你|您|\byour?\b", re.IGNORECASE)
# A question for a number: another number or name alone is then a change of one part.
_OF_NUMBERS = re.compile(
    r"\d|多少|多大|多久|怎么算|\bhow (?:much|many|long|large|big)\b|\bcost\b|\bmemory\b|显存|参数量|\bupper bound\b|speed-?up",
    re.IGNORECASE,
)
_MOST_NAMED = 3  # terms of a name
_CUES = (
    *("opens", "closes", "points", "returns", "asks", "ends_asking", "defines", "compares"),
    *("is_circumstance", "is_subjectless", "is_of_oneself", "is_own_pointing", "is_bare", "is_chinese"),
)
_SEEN = (
    *("top_similarity", "coverage", "pool_coverage", "unknown_share", "agreement", "foreign", "margin"),
    *("term_score", "term_count", "is_question"),
)


@dataclass(frozen=True)
class Standing:
    """What the material has on a message alone, beside the subject it may lean on."""

    confidence: float  # of the scope decision
    seen: Features  # by retrieval, of the message alone
    known: float  # 1 when it is one of the bank's questions and not the subject's, -1 when it is the subject's
    near: float  # similarity of the subject's entry, or of the last entry found where that is not among them
    rank: float  # 1 / rank of the subject's entry, 0 when it is not found
    held: float  # share, by rarity, of the message's terms that the subject's entry holds
    names: frozenset[str]  # terms that few entries ask with
    new_names: frozenset[str]  # of them, those that the subject lacks


def leans(model: Logistic, words: Words, standing: Standing, subject: str) -> tuple[bool, Mapping[str, float] | None]:
    """(whether `words` continue `subject`, the signals that the model weighed where no rule decided)."""
    certain = decide(words, standing, subject)
    if certain is not None:
        return certain, None
    weighed = signals(words, standing)
    return model.probability(weighed) >= model.threshold, weighed


def decide(words: Words, standing: Standing, subject: str) -> bool | None:
    """Whether `words` continue `subject`, where it is certain; None where the evidence has to be weighed."""
    if words.changes or is_small_talk(words, standing):
        return False
    if not words.terms:
        return words.length > 0  # signs alone say nothing
    if words.returns:
        return True
    if not words.content and words.aspects and standing.known <= 0:
        return True  # asks of something, and names nothing
    is_name = words.is_bare and 0 < len(words.content) <= _MOST_NAMED and not words.has_cue and not words.ends_asking
    is_part = words.quantities or _OF_NUMBERS.search(subject)
    return False if is_name and not is_part and standing.new_names and standing.confidence >= _SURE else None


def is_small_talk(words: Words, standing: Standing) -> bool:
    """A remark on the speaker's own day: nothing is asked, and the material has nothing on it."""
    return words.is_of_oneself and not words.asks and standing.confidence < _SURE


def load_leaning() -> Logistic:
    """The fitted model that ships with the program."""
    return read_logistic(load_fitted("tutor.chat", "leaning"))


def signals(words: Words, standing: Standing) -> dict[str, float]:
    """What speaks for and against, by name; products where one counts only beside the other."""
    new, sure, length = math.log1p(len(standing.new_names)), _log_odds(standing.confidence), math.log1p(words.length)
    content, out = math.log1p(len(words.content)), min(sure, 0.0)
    gap = standing.seen.top_similarity - standing.near
    addresses = float(bool(_ADDRESSES.search(words.text)))
    cues = {name: float(getattr(words, name)) for name in _CUES}
    return {
        **cues,
        **{name: float(getattr(standing.seen, name)) for name in _SEEN},
        "length": length,
        "content": content,
        "has_content": float(bool(words.content)),
        "has_quantity": float(bool(words.quantities)),
        "has_aspect": float(bool(words.aspects)),
        "is_aspect": float(bool(words.aspects and not words.content)),
        "addresses": addresses,
        "names": math.log1p(len(standing.names)),
        "new_names": new,
        "sure": sure,
        "out": out,
        "known": standing.known,
        "near": standing.near,
        "gap": gap,
        "rank": standing.rank,
        "held": standing.held,
        "bare_asking": cues["is_bare"] * cues["ends_asking"],
        "bare_new": cues["is_bare"] * new,
        "bare_sure": cues["is_bare"] * sure,
        "bare_gap": cues["is_bare"] * gap,
        "subjectless_gap": cues["is_subjectless"] * gap,
        "pointing_sure": cues["points"] * sure,
        "pointing_new": cues["points"] * new,
        "defining_new": cues["defines"] * new,
        "asking_new": cues["asks"] * new,
        "opening_length": cues["opens"] * length,
        "closing_length": cues["closes"] * length,
        "out_content": out * content,
        "out_held": out * standing.held,
        "out_length": out * length,
        "out_addressed": out * addresses,
    }


def _log_odds(share: float) -> float:
    share = min(max(share, _MOST_CERTAIN), 1 - _MOST_CERTAIN)
    return math.log(share / (1 - share))
