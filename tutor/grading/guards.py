"""Looks at an attempt before any model does: what of it may count as an answer, and whether nothing does.

Guards cap the score or set text aside; none of them can raise a score. Rules only, no embeddings.
"""

import re
from collections.abc import Sequence, Set
from dataclasses import dataclass
from statistics import median

from tutor.domain import Rubric
from tutor.grading.ignorance import is_dont_know
from tutor.grading.injection import drop_injections
from tutor.grading.reading import Expected
from tutor.grading.taken_back import drop_taken_back
from tutor.text.language import han_count
from tutor.text.numbers import find_numbers
from tutor.text.reading import Text
from tutor.text.spans import Cleaned, Span, clean
from tutor.text.terms import terms
from tutor.text.wording import stem

# Guards that cap the score, in the order they are asked. "off-topic" is added by the grader, who knows similarities.
EMPTY = "empty"
INJECTION = "injection"
DONT_KNOW = "dont-know"
COPIED_QUESTION = "copied-question"
TOO_SHORT = "too-short"
LANGUAGE = "language"
GIBBERISH = "gibberish"
CODE_ONLY = "code-only"
FORMULA_ONLY = "formula-only"
KEYWORDS = "keywords"
OFF_TOPIC = "off-topic"
TAKEN_BACK = "taken-back"
# Not a cap: the attempt is graded, and the learner is told to use own words.
COPIED_REFERENCE = "copied-reference"

_BARE = frozenset(
    "yes no ok okay maybe sure right true false correct wrong 是 对 不是 不对 好 好的 可以 不可以 会 不会 对的 是的 没错 嗯 行".split()
)
_NAMES_NOTHING = re.compile(r"(?:it (?:is|returns|gives) |返回)?[\"'`“]?(none|nothing)[\"'`”]?")
_ENDS = " .。!！?？,，~～"
_FOREIGN = frozenset(
    "le les des une est et dans pour que qui avec sur nous vous el los las una es y para con por como der die das und ist ein eine nicht "
    "mit für auf zum zur weil wird werden kann können sich nach bei von den dem im dass sind oder man il che è sono della o os um uma não é do da em são na ao jak nie się jest ve bir için".split()
)
_ENGLISH = frozenset(
    "the is are of to and in it that for with as be by this which because so when from or not we you an on".split()
)
_CODE_LINE = re.compile(
    r"^\s*(?:def |class |import |from \w+ import|return\b|for .+:|while .+:|if .+:|elif |else:|try:|except|print\(|#|//|@\w+|[\w.\[\]]+\s*[+\-*/]?=[^=]|"
    r"[\w.]+\(.*\)\s*;?\s*$|[{}()\[\]];?\s*$|(?:public|private|const|let|var|int|float|void|function)\s)"
)
# A line that nobody would write in a formula.
_CODE_FOR_SURE = re.compile(
    r"^\s*(?:def \w+\(|class \w+|import \w+|from \w+ import|return\b|for .+:$|while .+:$|if .+:$|else:|print\(|[\w.]+\.\w+\(.*\)\s*;?$|(?:const|let|var|int|void|function)\s)",
    re.MULTILINE,
)
_LOOKS_LIKE_CODE = re.compile(r"```|\bdef \w|\breturn \w+[.(]|\bimport \w|\w\.\w+\(|\w\(\)")
_FENCE = re.compile(r"```.*?(?:```|\Z)", re.DOTALL)
_ASKS_CODE = re.compile(
    r"代码|实现|编写|手写|伪代码|函数|语法|命令|写出|\b(?:write|implement|code|syntax|pseudo-?code|(?:program|snippet|command|function|method)s?)\b",
    re.I,
)
_ASKS_FORMULA = re.compile(
    r"公式|推导|计算|多少|多大|几个|复杂度|表达式|写出|证明|\b(?:formula|derive|compute|calculat\w+|equation|how (?:many|much|large|big|long)|complexity|prove|estimate)\b",
    re.I,
)
_ASKS_LIST = re.compile(
    r"哪些|哪几|列举|列出|有几种|举例|几类|\b(?:list|name|enumerate|mention|which \w+ are|what are (?:the|some) (?:(?:various|different|main|common) \w+|types|names|kinds|steps|components))\b",
    re.I,
)
_FORMULA = re.compile(r"\$\$.*?\$\$|\$[^$\n]*\$|\\\(.*?\\\)|\\\[.*?\\\]|\\[a-zA-Z]+", re.DOTALL)
_MATH_MARK = re.compile(r"[=+*/^_×·√∑∏≈≤≥<>|∂∇∫]|\d|\\[a-zA-Z]+")
_LIST_MARK = re.compile(r"[,，、;；/|·•\n]+")
_SPACE = re.compile(r"\s+")
_KEYBOARD = re.compile(r"(?:asdf|sdfg|dfgh|fghj|ghjk|hjkl|qwer|wert|erty|rtyu|tyui|uiop|zxcv|xcvb|cvbn|vbnm)", re.I)
_SIGN = re.compile(r"[↑↓≈×=]|[:：].*[:：]")  # shorthand that says something of a term: "70B: GQA", "cache ↓ 8×"
_LINK = re.compile(r"->|=>|→|⇒|because|therefore|so\b|因为|所以|因此|导致|使得|就会|从而", re.I)


@dataclass(frozen=True)
class Inspection:
    """What the guards found."""

    attempt: Cleaned
    spans: tuple[Span, ...]  # what may count as evidence, in order
    guard: str | None = None  # why nothing counts, or None
    set_aside: tuple[str, ...] = ()  # why parts do not count: INJECTION, COPIED_QUESTION, KEYWORDS, TAKEN_BACK


def inspect_attempt(attempt: Cleaned, sentences: Sequence[Span], expected: Expected) -> Inspection:
    """What of the attempt may be graded; `guard` is set when nothing may."""
    if not re.search(r"\w", attempt.text):
        return Inspection(attempt, (), EMPTY)
    set_aside: list[str] = []
    spans, injected = drop_injections(attempt, sentences, expected.rubric)
    if injected:
        set_aside.append(INJECTION)
        if is_silent(spans, expected):
            return Inspection(attempt, (), INJECTION, (INJECTION,))
    answered = [span for span in spans if not is_copy_of_question(span, expected)]
    if any(_says_not_knowing(part, expected.rubric) for part in (spans, answered)):
        return Inspection(attempt, (), DONT_KNOW, tuple(set_aside))
    if len(answered) < len(spans):
        set_aside.append(COPIED_QUESTION)
        if is_silent(answered, expected):
            return Inspection(attempt, (), COPIED_QUESTION, tuple(set_aside))
    guard = _cap(answered, expected)
    if guard:
        return Inspection(attempt, (), guard, tuple(set_aside))
    meant = drop_taken_back(answered)
    if meant != answered:
        set_aside.append(TAKEN_BACK)
        if is_silent(meant, expected):
            return Inspection(attempt, (), TAKEN_BACK, tuple(set_aside))
    kept = drop_keyword_lists(meant, expected)
    if len(kept) < len(meant):
        set_aside.append(KEYWORDS)
        if is_silent(kept, expected):
            return Inspection(attempt, (), KEYWORDS, tuple(set_aside))
    return Inspection(attempt, tuple(kept), None, tuple(set_aside))


def _says_not_knowing(spans: Sequence[Span], rubric: Rubric) -> bool:
    text = " ".join(span.text for span in spans)
    return is_dont_know(text) and not is_short_answer(text, rubric)


def _cap(spans: Sequence[Span], expected: Expected) -> str | None:
    text, rubric = "\n".join(span.text for span in spans), expected.rubric
    if is_other_language(text):
        return LANGUAGE
    if is_silent(spans, expected):
        return TOO_SHORT
    if is_gibberish(text):
        return GIBBERISH
    if is_repetition(text):
        return KEYWORDS
    if is_only_code(text) and not asks_for_code(rubric):
        return CODE_ONLY
    if is_only_formula(text) and not asks_for_formula(rubric) and not asks_for_code(rubric):
        return FORMULA_ONLY
    return None


def is_silent(spans: Sequence[Span], expected: Expected) -> bool:
    """Whether the spans say nothing: "I don't know", a bare yes, a word of the question."""
    text = re.sub(r"\bn\s*/\s*a\b", "na", " ".join(span.text for span in spans), flags=re.IGNORECASE)
    bare = re.sub(r"[^\w]+", "", text)
    if bare and is_short_answer(text, expected.rubric):
        return False
    said_bare = text.strip(_ENDS).lower()
    if not bare or is_dont_know(text) or said_bare in _BARE or _NAMES_NOTHING.fullmatch(said_bare):
        return True
    if re.search(r"\d|[=+*/^√Σ∑()\[\]]", text):  # a number, a formula, a call
        return False
    if bare.lower() in re.sub(r"[^\w]+", "", expected.question.text).lower():
        return True
    said = {stem(term) for term in terms(text)}
    short = han_count(text) + len(re.findall(r"[A-Za-z]+", text)) < 4
    return (short or not said) and _count_distinct(said) < 2 and not said & expected.own_terms


def is_short_answer(text: str, rubric: Rubric) -> bool:
    """Whether a bare "yes" or "none" is what a reference says: it opens with the yes, or names the None."""
    if not rubric.from_reference:
        return False
    said = text.strip(_ENDS).lower()
    accepted = [clean(reference) for reference in (rubric.reference, *rubric.alternatives)]
    if said in _BARE:
        return any(re.match(rf"{re.escape(said)}(?:[\s,.，。;；:：!！]|$)", reference, re.I) for reference in accepted)
    named = _NAMES_NOTHING.fullmatch(said)
    return named is not None and any(re.search(rf"\b{named[1]}\b", reference, re.I) for reference in accepted)


def _count_distinct(said: Set[str]) -> int:
    """Terms that are no part of another one."""
    return sum(not any(term != other and term in other for other in said) for term in said)


def is_copy_of_question(said: Text, expected: Expected) -> bool:
    """Whether a sentence is the question again, perhaps with small changes, and adds nothing the rubric asks for."""
    question = expected.question
    if len(question.terms) < 2 or not said.terms or said.numbers:
        return False
    if re.match(r"(?:yes|no|是|否|不|对|会|能)\b", said.text.strip(), re.I):
        return False
    new = said.terms - question.terms
    if new & expected.own_terms or len(new) > 0.34 * len(said.terms):
        return False
    in_order = len(said.wording.pairs & question.wording.pairs) >= 0.7 * len(said.wording.pairs)
    return in_order and len(said.terms & question.terms) >= 0.5 * len(question.terms)


def is_other_language(text: str) -> bool:
    """Whether the text is neither Chinese nor English."""
    letters = [character for character in text if character.isalpha()]
    known = sum(1 for character in letters if character < "\u0250" or "\u3400" <= character <= "\u9fff")
    if len(letters) >= 8 and known < 0.6 * len(letters):
        return True
    if re.search(r"[\u3040-\u30ff]", text) and len(re.findall(r"[\u3040-\u30ff]", text)) > 0.2 * len(letters):
        return True
    words = re.findall(r"[^\W\d_]+", text.lower())
    foreign = sum(word in _FOREIGN for word in words)
    english = sum(word in _ENGLISH for word in words)
    return han_count(text) == 0 and foreign >= 4 and foreign > 2 * english


def is_gibberish(text: str) -> bool:
    """Whether most of the letters are mashed keys rather than words."""
    words = [word for word in re.findall(r"[A-Za-z]+", text) if len(word) >= 3]
    if han_count(text) >= 4 or not words:
        return False
    odd = [word for word in words if _is_mashed(word)]
    return sum(map(len, odd)) > 0.6 * sum(map(len, words)) and sum(map(len, odd)) >= 6


def _is_mashed(word: str) -> bool:
    if word.isupper() and len(word) <= 6:  # an abbreviation
        return False
    lower = word.lower()
    return bool(
        re.fullmatch(r"[^aeiouy]{4,}", lower)
        or re.search(r"[^aeiouy]{6,}", lower)
        or re.search(r"(.)\1{3,}", lower)
        or _KEYBOARD.search(lower)
    )


def is_repetition(text: str) -> bool:
    """Whether the text is a few words over and over."""
    words = terms(text)
    return len(words) >= 12 and len(set(words)) <= max(3, 0.12 * len(words)) and len(set(words)) <= 12


def is_only_code(text: str) -> bool:
    """Whether nothing but program text is left to grade."""
    lines = [line for line in _FENCE.sub(_prose_in, text).splitlines() if line.strip()]
    code = [line for line in lines if _CODE_LINE.search(line)]
    has_code = bool(_FENCE.search(text)) or (len(code) >= 2 and bool(_CODE_FOR_SURE.search(text)))
    prose = [line for line in lines if not _CODE_LINE.search(line)]
    return has_code and len(terms(" ".join(prose))) < 4


def _prose_in(fence: re.Match[str]) -> str:
    """What a code block holds where none of it is code: some write their answer into one."""
    lines = fence.group().strip("`").splitlines()
    return "" if any(_CODE_LINE.search(line) or _CODE_FOR_SURE.search(line) for line in lines) else "\n".join(lines)


def asks_for_code(rubric: Rubric) -> bool:
    expected = "\n".join(point.statement for point in rubric.key_points)
    return bool(_ASKS_CODE.search(rubric.question) or _LOOKS_LIKE_CODE.search(expected))


def is_only_formula(text: str) -> bool:
    """Whether nothing but formulas, symbols and numbers is left to grade."""
    words = re.findall(r"[A-Za-z]{3,}|[\u3400-\u9fff]{2,}", _FORMULA.sub(" ", text))
    return len(words) < 2 and bool(_MATH_MARK.search(text))


def asks_for_formula(rubric: Rubric) -> bool:
    expected = "\n".join(point.statement for point in rubric.key_points)
    return bool(_ASKS_FORMULA.search(rubric.question) or find_numbers(expected) or re.search(r"[=×√^\\]", expected))


def drop_keyword_lists(spans: Sequence[Span], expected: Expected) -> list[Span]:
    """The spans without bare lists of terms, where the rubric asks for statements and not for a list."""
    rubric = expected.rubric
    if _ASKS_LIST.search(rubric.question) or _expects_list(expected) or asks_for_code(rubric):
        return list(spans)
    if is_keyword_list("\n".join(span.text for span in spans)):
        return []
    return [span for span in spans if not is_keyword_list(span.text)]


def is_keyword_list(text: str) -> bool:
    """Whether a text strings terms together without saying anything of them."""
    if _LINK.search(text) or _SIGN.search(text):
        return False
    if han_count(text) >= 8:
        mark = _LIST_MARK if _LIST_MARK.search(text) else _SPACE
        items = [item for item in mark.split(text) if re.search(r"[^\W\d]", item)]
        sizes = [han_count(item) + 2 * len(re.findall(r"[A-Za-z]+", item)) for item in items]
        return (
            len(items) >= 6 and sum(sizes) / len(items) <= 4.5 and not re.search(r"[的是了把会使让被将先再没不]", text)
        )
    words = re.findall(r"[A-Za-z][\w'-]*", text.lower())
    if len(words) < 9:
        return False
    small = sum(word in _SMALL for word in words)
    return small / len(words) < 0.06


_SMALL = frozenset(
    "the a an is are was were be been of to and in it its that for with as by this which because so when from or not we you on at than then "
    "if can will would may do does has have into no only more less per each they their these while whereas but i some all any each takes".split()
)


def _expects_list(expected: Expected) -> bool:
    points = expected.points
    return median(len(point.terms) for point in points) <= 4 or is_keyword_list(
        ", ".join(point.text for point in points)
    )


def is_copy_of_reference(said: Text, expected: Expected) -> bool:
    """Whether the attempt is mostly the reference answer, word for word."""
    reference, pairs = expected.reference.wording.pairs, said.wording.pairs
    if len(reference) < 30 or len(pairs) < 20:
        return False
    shared = len(reference & pairs)
    return shared >= 0.9 * len(pairs) and shared >= 0.5 * len(reference)
