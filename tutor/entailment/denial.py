"""What no likeness to a wrong claim outweighs: that a text names the claim as a mistake, or has just the root or the number
that the claim gets wrong."""

import re

from tutor.text.numbers import Number
from tutor.text.reading import Text
from tutor.text.wording import same_number

# A learner who names a mistake as a mistake does not make it.
_DISTANCED = re.compile(
    r"误区|误解|误以为|误认为|错误的?说法|错误地|常见错误|不少人(?:以为|认为)|很多人(?:以为|认为|说)|有人(?:以为|认为|说)|并不是说|不等于|不代表|别以为|不要以为"
    r"|misconception|myth|mistake|mistaken|wrongly|people (?:often )?(?:think|say|believe|claim)|does(?:n['’]t| not) mean|it is (?:not true|wrong)|contrary to",
    re.IGNORECASE,
)

_ROOT = re.compile(
    r"√|\\sqrt|\bsqrt\b|根号|平方根|开方|(?:square|sq\.?) root|\broot of\b|\^\(?(?:1/2|0?\.5)", re.IGNORECASE
)  # no term, yet what separates d_k from its root
_TURN = re.compile(r"其实|实际上|事实上|\b(?:actually|in fact|in reality|but really)\b", re.IGNORECASE)


def is_excused(claim: Text, correction: Text, said: Text) -> bool:
    """Whether a text cannot make the claim, however alike the two are: it names it as a mistake, or is right just where
    the claim is wrong."""
    return (
        _names_it_as_a_mistake(claim, said)
        or has_the_root(claim, correction, said)
        or _has_the_number(claim, correction, said)
    )


def _names_it_as_a_mistake(claim: Text, said: Text) -> bool:
    """Whether the text distances itself from the claim; not where it comes to it after a turn ("some say no, but actually...")."""
    named = None if is_distanced(claim.text) else _DISTANCED.search(said.text)
    turn = _TURN.search(said.text, named.end()) if named else None
    if turn is None:
        return named is not None
    before, after = Text(said.text[: turn.start()]), Text(said.text[turn.end() :])
    return len(claim.terms & after.terms) <= len(claim.terms & before.terms)


def has_the_root(claim: Text, correction: Text, said: Text) -> bool:
    """Whether the text has the root sign that the claim lost."""
    return bool(_ROOT.search(correction.text) and _ROOT.search(said.text) and not _ROOT.search(claim.text))


def _has_the_number(claim: Text, correction: Text, said: Text) -> bool:
    """Whether the text has a number of the correction where the claim has another one, and none that is the claim's own."""
    own = [number for number in claim.numbers if not any(same_number(number, other) for other in correction.numbers)]
    mended = [number for number in correction.numbers if not any(same_number(number, other) for other in claim.numbers)]

    def has(wanted: list[Number]) -> bool:
        return any(same_number(number, other) for number in wanted for other in said.numbers)

    return bool(own) and has(mended) and not has(own)


def is_distanced(text: str) -> bool:
    """Whether a text names something as a mistake, or as what others say."""
    return bool(_DISTANCED.search(text))
