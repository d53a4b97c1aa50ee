"""What a speaker says and takes back: "X, no, sorry, Y", "I used to think X, but it is Y", "some say X. None of this is true."

It earns nothing and is no mistake either. Rules on wording; knows no rubric.
"""

import re
from collections.abc import Iterator, Sequence

from tutor.text.spans import Span, split_clauses

# A slip that is mended at once. Alone between two marks; what it takes back is the clause before it.
_SLIP = re.compile(
    r"(?:[,，、;；:：.…。—–-]|\s-)\s*"
    r"(?:(?:oh|uh|um|hmm|er|ah),?\s+)?"
    r"(?:(?:wait|sorry),?\s+(?:no|actually)|no,?\s+(?:wait|sorry|hang on|hold on|actually|i mean)|actually,?\s+no|sorry,?\s+i mean|scratch that"
    r"|(?:啊|哦|噢|呃|嗯|等等|等一下)?[,，]?\s*(?:不对|不是|不不|我?说错了|错了|口误|说反了)(?:不对|不是)?)"
    r"\s*(?=[,，、;；:：.…。—–!！-]|\s-)",
    re.IGNORECASE,
)
_REPORTED = re.compile(
    r"\b(?:some|many|most|other|a lot of)\s+(?:people\s+|folks\s+|blogs\s+|sources\s+|candidates\s+)?(?:say|think|believe|claim|assume)\b|\b(?:people|they)\s+(?:often |usually |sometimes )?(?:say|think|believe|claim|assume)\b"
    r"|\bi (?:used to|first|originally|once) (?:think|thought|believe|believed|assumed?)\b|\bit is (?:often|sometimes) (?:said|claimed)\b"
    r"|有人(?:会)?(?:说|以为|认为|觉得)|(?:很多|不少)人(?:会)?(?:说|以为|认为|觉得)|网上(?:有人)?说|我?(?:以前|原来|本来|之前|一开始|起初)(?:一直)?(?:以为|认为|觉得)",
    re.IGNORECASE,
)
_TURNED = re.compile(
    r"[,，;；]?\s*(?:\bbut (?:that(?:'s| is) (?:wrong|not)|it(?:'s| is)|in fact|actually|really|i was)|\bactually\b|\bin fact\b|其实|实际上|事实上|后来(?:才)?(?:发现|知道)|但(?:是)?(?:其实|这|那|并)?不(?:是|对))",
    re.IGNORECASE,
)
# A sentence that denies what stands before it, and nothing else.
_DENIES = re.compile(
    r"(?:but |and |in fact,? |actually,? )?(?:none of (?:this|that|these|it|them) (?:is|are) (?:true|right|correct)|(?:all|both) of (?:this|that|these|it|them) (?:is|are) (?:wrong|false|untrue)"
    r"|(?:this|that|it|these|they|those)(?:'s| is| are)?(?: all| both)? (?:wrong|false|untrue|a myth|myths|nonsense|not (?:true|right|correct|the case|so))|no|nope|wrong|not (?:true|so|really|at all))"
    r"|(?:但是?|其实|不过)?[,，]?(?:这些?|那些?|以上|上面)?(?:说法|观点|话|都|全部?|些|讲的|说的)*(?:都|全部?|统统)?(?:不对|不是|不正确|是错的|错的|错了|不成立|错误的?|不是这样的?|并非如此|没有一个对|不)(?:的)?",
    re.IGNORECASE,
)
_MANY = re.compile(r"none|all|both|these|they|those|这些|那些|以上|上面|都|全|统统", re.IGNORECASE)
_ASKS = re.compile(r"[?？]\W*$")
_NO = re.compile(
    r"(?:no|nope)\b[\s,.!]+|(?:不是|不对|不|没有)[,，。!！]\s*", re.IGNORECASE
)  # "No." is no sentence: it may be a number
_QUOTED = 6  # sentences of others that are denied at once, at most
_MARKS = " \t\n,，.。!！;；:：…"


def drop_taken_back(sentences: Sequence[Span]) -> list[Span]:
    """The sentences without what they, or the next ones, take back; the rest of a sentence stays, in pieces."""
    gone = sorted(_taken_back(sentences))
    return [piece for sentence in sentences for piece in _without(sentence, gone)] if gone else list(sentences)


def _taken_back(sentences: Sequence[Span]) -> Iterator[tuple[int, int]]:
    """Places in the text from which to which it is taken back."""
    for number, sentence in enumerate(sentences):
        before = sentences[number - 1] if number else None
        yield from _slips(sentence)
        yield from _reported(sentence)
        answer = _NO.match(sentence.text) if before is not None and _ASKS.search(before.text) else None
        if before is not None and answer:
            yield before.start, sentence.start + answer.end()
        elif before is not None and _DENIES.fullmatch(sentence.text.strip(_MARKS)):
            first = _first_denied(sentences, number) if _MANY.search(sentence.text) else number - 1
            if first < number - 1 or _REPORTED.search(before.text) or _ASKS.search(before.text):
                yield sentences[first].start, sentence.end


def _first_denied(sentences: Sequence[Span], number: int) -> int:
    """The sentence from which on others are quoted, else the one before the denial."""
    reported = [at for at in range(number) if _REPORTED.search(sentences[at].text)]
    return next((at for at in reported if at - 1 not in reported and at >= number - _QUOTED), number - 1)


def _slips(sentence: Span) -> Iterator[tuple[int, int]]:
    for slip in _SLIP.finditer(sentence.text):
        said = Span(sentence.text[: slip.start()], sentence.start, sentence.start + slip.start())
        clauses = split_clauses(said) if said.text.strip() else []
        if clauses and slip.end() + 4 < len(sentence.text):  # nothing is taken back where nothing comes instead
            yield clauses[-1].start, sentence.start + slip.end()


def _reported(sentence: Span) -> Iterator[tuple[int, int]]:
    """What is reported as thought, up to the turn."""
    report = _REPORTED.search(sentence.text)
    turn = _TURNED.search(sentence.text, report.end()) if report else None
    if report and turn:
        yield sentence.start + report.start(), sentence.start + turn.end()


def _without(sentence: Span, gone: Sequence[tuple[int, int]]) -> Iterator[Span]:
    start = sentence.start
    for low, high in [*gone, (sentence.end, sentence.end)]:
        low, high = max(low, start), min(high, sentence.end)
        if low > high:
            continue
        text = sentence.text[start - sentence.start : low - sentence.start]
        kept = text.lstrip(_MARKS).rstrip(" \t\n,，、")
        if kept:
            at = start + text.index(kept)
            yield Span(kept, at, at + len(kept))
        start = max(start, high)
