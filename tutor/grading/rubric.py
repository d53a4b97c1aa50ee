"""What an attempt is held against: from a bank entry, or from a request with key points or only a reference.

Knows no attempt and no model.
"""

import re
from collections.abc import Mapping, Sequence, Set

from tutor.domain import Entry, Language, Rubric
from tutor.errors import AttemptError
from tutor.grading.attempt import clean
from tutor.text.language import detect_language, han_count
from tutor.text.sentences import split_sentences
from tutor.text.terms import terms

MAX_STATEMENTS = 12  # more than any examiner tells apart; the rest is joined to neighbours
_MAX_KEY_POINTS = 40
_MAX_LENGTH = 8_000  # characters of any one text of a request
_HEAD = re.compile(r"^[^：:。]{1,40}[：:]\s*")
_LEAD = re.compile(r"^(?:[^：:、]{0,30}?(?:主要有|分为|包括|包含|分别是|有|是指|是|即|如下|include|are))[：:\s]*")
_ITEM_MARK = re.compile(
    r"[、；;]|(?:以及|和|及|与)|,?\s+and\s+|(?<=\D)[，,](?!\d)|(?:^|(?<=[\s；;。]))[（(]?\d{1,2}[)）、]\s*"
)


def rubric_from_entry(entry: Entry, language: Language) -> Rubric:
    """The rubric of a bank entry in one language."""
    return Rubric(
        question=entry.question.in_language(language),
        key_points=tuple((point.text.in_language(language), point.weight) for point in entry.key_points),
        reference=entry.answer.in_language(language),
        misconceptions=tuple(
            (wrong.claim.in_language(language), wrong.correction.in_language(language))
            for wrong in entry.misconceptions
        ),
        language=language,
        entry_id=entry.id,
    )


def rubric_from_request(question: str, key_points: Sequence[str] = (), reference: str = "") -> Rubric:
    """The rubric of a question that is not in the bank.

    Without key points the reference is split into statements. Raises AttemptError when neither says what is right.
    """
    points = [point.strip() for point in key_points if point.strip()]
    if not points:
        points = split_statements(reference, question)
    if not points:
        raise AttemptError(
            "Question without a rubric: expected `entry_id`, `key_points` or `reference`, found none with any text. "
            "Say what a good answer contains."
        )
    return Rubric(
        question=question.strip(),
        key_points=tuple((point, 1.0) for point in points),
        reference=reference.strip(),
        language=detect_language(" ".join([question, *points])),
    )


def read_request(line: Mapping[str, object]) -> Rubric:
    """The rubric of one request line (question, key_points, reference); raises AttemptError naming the field."""
    question = _text(line, "question")
    reference = _text(line, "reference")
    raw = line.get("key_points")
    if raw is None:
        raw = []
    if not isinstance(raw, list) or not all(isinstance(point, str) for point in raw):
        raise AttemptError(f"`key_points`: expected a list of strings, found {_kind(raw)}.")
    if len(raw) > _MAX_KEY_POINTS or any(len(point) > _MAX_LENGTH for point in raw):
        raise AttemptError(
            f"`key_points`: expected at most {_MAX_KEY_POINTS} of at most {_MAX_LENGTH} characters, found more. "
            "Shorten the rubric."
        )
    return rubric_from_request(question, raw, reference)


def is_from_reference(rubric: Rubric) -> bool:
    """Whether the key points are pieces of the reference rather than statements written as such."""
    if rubric.entry_id is not None or not rubric.reference:
        return False
    reference = "".join(clean(rubric.reference).split())
    return all("".join(piece.split()) in reference for text, _ in rubric.key_points for piece in text.split("  "))


def split_statements(reference: str, question: str = "") -> list[str]:
    """The statements of a reference answer: its sentences, and the items of what is only a list."""
    given = set(terms(clean(question)))
    sentences = [_without_head(sentence, given).rstrip("；;") for sentence in split_sentences(clean(reference))]
    statements = [statement for sentence in sentences for statement in _split_list(sentence, given)]
    return _join_to(MAX_STATEMENTS, _join_short(statements))


def _without_head(sentence: str, given: Set[str]) -> str:
    """The sentence without an opening "The four factors:" that only repeats the question."""
    match = _HEAD.match(sentence)
    if not match or not set(terms(match.group())) <= given or not terms(sentence[match.end() :]):
        return sentence
    return sentence[match.end() :]


def _split_list(sentence: str, given: Set[str]) -> list[str]:
    """The items of "a, b, c and d"; anything that reads as prose stays whole."""
    lead = _LEAD.match(sentence)
    has_lead = lead is not None and set(terms(lead.group())) <= given
    if not has_lead and sentence.count("、") == 0:
        return [sentence]
    body = sentence[lead.end() :] if lead and has_lead else sentence
    items = [item.strip(" 。.;；,，!！") for item in _ITEM_MARK.split(body)]
    items = [item for item in items if re.search(r"\w", item)]
    if len(items) < 2 or any(not _is_short(item) for item in items):
        return [sentence]
    return items


def _is_short(item: str) -> bool:
    return han_count(item) <= 12 and len(re.findall(r"[A-Za-z]+", item)) <= 4


def _join_short(statements: Sequence[str]) -> list[str]:
    """Statements without a single term of their own ("Yes.") belong to the next one."""
    joined: list[str] = []
    carried = ""
    for statement in statements:
        statement = f"{carried} {statement}".strip()
        if terms(statement):
            joined.append(statement)
            carried = ""
        else:
            carried = statement
    if carried:
        joined.append(carried)
    return joined


def _join_to(limit: int, statements: list[str]) -> list[str]:
    while len(statements) > limit:
        pairs = [len(first) + len(second) for first, second in zip(statements, statements[1:], strict=False)]
        at = pairs.index(min(pairs))
        statements[at : at + 2] = [f"{statements[at]} {statements[at + 1]}"]
    return statements


def _text(line: Mapping[str, object], field: str) -> str:
    value = line.get(field)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise AttemptError(f"`{field}`: expected a string, found {_kind(value)}.")
    if len(value) > _MAX_LENGTH:
        raise AttemptError(f"`{field}`: expected at most {_MAX_LENGTH} characters, found {len(value)}. Shorten it.")
    return value


def _kind(value: object) -> str:
    names = {dict: "an object", list: "a list", str: "a string", bool: "a boolean", int: "a number", float: "a number"}
    return names.get(type(value), "null") if not isinstance(value, list) else "a list with something else in it"
