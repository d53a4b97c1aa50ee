"""What an attempt is held against: from a bank entry, or from a request with key points or only a reference.

Knows no attempt and no model.
"""

import re
from collections.abc import Iterator, Mapping, Sequence, Set
from typing import NamedTuple

from tutor.domain import Entry, Language, Rubric, RubricMisconception, RubricPoint
from tutor.errors import AttemptError
from tutor.messages import Message
from tutor.text.language import detect_language, han_count
from tutor.text.sentences import split_sentences
from tutor.text.spans import clean
from tutor.text.terms import terms

_STOPS = " 。.;；,，!！"
MAX_STATEMENTS = 12  # more than any examiner tells apart; the rest is joined to neighbours
_MAX_KEY_POINTS = 40
_MAX_REFERENCES = 20
_MAX_LENGTH = 8_000  # characters of any one text of a request
_HEAD = re.compile(r"^[^：:。]{1,40}[：:]\s*")
_LEAD = re.compile(r"^(?:[^：:、]{0,30}?(?:主要有|分为|包括|包含|分别是|有|是指|是|即|如下|include|are))[：:\s]*")
_ITEM_MARK = re.compile(
    r"[、；;]|以及|(?<![求总之饱温共调缓])和(?![为数谐解弦])|(?<![涉普遍])及(?![时其格])|(?<!参)与(?!否)|,?\s+and\s+|(?<=\D)[，,](?!\d)|(?:^|(?<=[\s；;。]))[（(]?\d{1,2}[)）、]\s*"
)


def rubric_from_entry(entry: Entry, language: Language) -> Rubric:
    """The rubric of a bank entry in one language."""
    return Rubric(
        question=entry.question.in_language(language),
        key_points=tuple(
            RubricPoint(point.id, point.text.in_language(language), point.weight) for point in entry.key_points
        ),
        reference=entry.answer.in_language(language),
        misconceptions=tuple(
            RubricMisconception(wrong.id, wrong.claim.in_language(language), wrong.correction.in_language(language))
            for wrong in entry.misconceptions
        ),
        language=language,
        entry_id=entry.id,
    )


def rubric_from_request(
    question: str, key_points: Sequence[str] = (), reference: str = "", alternatives: Sequence[str] = ()
) -> Rubric:
    """The rubric of a question that is not in the bank.

    Without key points the reference is split into statements; `alternatives` are other answers that would be as good.
    Raises AttemptError when nothing says what is right.
    """
    reference, *alternatives = [text for text in dict.fromkeys([reference, *alternatives]) if text.strip()] or [""]
    given = [point.strip() for point in key_points if point.strip()]
    points = given or split_statements(reference, question)
    if not points:
        raise AttemptError("grading.no_rubric")
    return Rubric(
        question=question.strip(),
        key_points=tuple(RubricPoint(str(number), point, 1.0) for number, point in enumerate(points, start=1)),
        reference=reference.strip(),
        language=detect_language(" ".join([question, *points])),
        from_reference=not given,
        alternatives=() if given else tuple(text.strip() for text in alternatives),
    )


def read_request(line: Mapping[str, object]) -> Rubric:
    """The rubric of one request line (question, key_points, reference, references); raises AttemptError naming the field."""
    question = _text(line, "question")
    reference = _text(line, "reference")
    key_points = _texts(line, "key_points", _MAX_KEY_POINTS)
    return rubric_from_request(question, key_points, reference, _texts(line, "references", _MAX_REFERENCES))


def split_statements(reference: str, question: str = "") -> list[str]:
    """The statements of a reference answer: its sentences, and the items of what is only a list."""
    given = set(terms(clean(question)))
    sentences = [_without_head(sentence, given).rstrip("；;") for sentence in split_sentences(clean(reference))]
    pieces = [piece for sentence in sentences for piece in _split_list(sentence, given)]
    return [piece.text for piece in _join_to(MAX_STATEMENTS, _join_short(pieces))]


def _without_head(sentence: str, given: Set[str]) -> str:
    """The sentence without an opening "The four factors:" that only repeats the question."""
    match = _HEAD.match(sentence)
    if not match or not set(terms(match.group())) <= given or not terms(sentence[match.end() :]):
        return sentence
    return sentence[match.end() :]


class _Piece(NamedTuple):
    """A statement, and the same with what separates it from the next one."""

    text: str
    raw: str

    def joined(self, later: "_Piece") -> "_Piece":
        return _Piece(self.raw + later.text, self.raw + later.raw)


def _split_list(sentence: str, given: Set[str]) -> list[_Piece]:
    """The items of "a, b, c and d"; anything that reads as prose stays whole."""
    whole = [_Piece(sentence, f"{sentence} ")]
    lead = _LEAD.match(sentence)
    has_lead = lead is not None and set(terms(lead.group())) <= given
    if not has_lead and sentence.count("、") == 0:
        return whole
    body = sentence[lead.end() :] if lead and has_lead else sentence
    items = [item for item in _items(body) if re.search(r"\w", item.text)]
    return items if len(items) > 1 and all(_is_short(item.text) for item in items) else whole


def _items(body: str) -> Iterator[_Piece]:
    start = 0
    for mark in _ITEM_MARK.finditer(body):
        yield _Piece(body[start : mark.start()].strip(_STOPS), body[start : mark.end()])
        start = mark.end()
    yield _Piece(body[start:].strip(_STOPS), f"{body[start:]} ")


def _is_short(item: str) -> bool:
    return han_count(item) <= 12 and len(re.findall(r"[A-Za-z]+", item)) <= 4


def _join_short(pieces: Sequence[_Piece]) -> list[_Piece]:
    """Statements without a single term of their own ("Yes.") belong to the next one."""
    joined: list[_Piece] = []
    for piece in pieces:
        if joined and not terms(joined[-1].text):
            joined[-1] = joined[-1].joined(piece)
        else:
            joined.append(piece)
    return joined


def _join_to(limit: int, pieces: list[_Piece]) -> list[_Piece]:
    while len(pieces) > limit:
        pairs = [len(first.text) + len(second.text) for first, second in zip(pieces, pieces[1:], strict=False)]
        at = pairs.index(min(pairs))
        pieces[at : at + 2] = [pieces[at].joined(pieces[at + 1])]
    return pieces


def _text(line: Mapping[str, object], field: str) -> str:
    value = line.get(field)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise AttemptError("grading.no_text", field=field, found=_kind(value))
    if len(value) > _MAX_LENGTH:
        raise AttemptError("grading.text_too_long", field=field, most=_MAX_LENGTH, found=len(value))
    return value


def _texts(line: Mapping[str, object], field: str, most: int) -> list[str]:
    value = line.get(field)
    if value is None:
        return []
    if not isinstance(value, list) or not all(isinstance(text, str) for text in value):
        raise AttemptError("grading.no_texts", field=field, found=_kind(value))
    if len(value) > most or any(len(text) > _MAX_LENGTH for text in value):
        raise AttemptError("grading.too_many_texts", field=field, most=most, characters=_MAX_LENGTH)
    return value


def _kind(value: object) -> Message:
    match value:
        case dict():
            return Message("grading.an_object")
        case list():
            return Message("grading.a_mixed_list")
        case str():
            return Message("grading.a_string")
        case bool():
            return Message("grading.a_boolean")
        case int() | float():
            return Message("grading.a_number")
    return Message("grading.nothing")
