"""A text as it is read: cleaned, cut into spans, each of which can be quoted from the original.

Knows nothing of what a text is read for.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from tutor.text.reading import Text
from tutor.text.sentences import split_sentences

# Bounds on the work one text can cause; what is cut off is never graded, only the best-matching spans are kept.
MAX_CHARACTERS = 20_000
_LONG_SPAN = 320  # characters; a "sentence" beyond this has lost its punctuation and is cut

# Compatibility forms of these carry meaning (10² is not 102) or end sentences, so NFKC must not touch them.
_KEPT_FORMS = ("<super>", "<sub>", "<fraction>")
_KEPT_MARKS = frozenset("，；：？！（）。、“”‘’…")
# Characters without ink that Unicode does not class as format characters.
_BLANKS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
_FILLERS = re.compile(
    r"^(?:(?:嗯+|呃+|额|啊|那个|这个嘛|怎么说呢|就是说|其实|我觉得|我的理解是?|应该是)[\s,，、.…]+"
    r"|(?:well|so|ok|okay|yeah|um+|uh+|hmm+|right|basically|actually|honestly|i think|i mean|you know|as far as i know)\b[\s,.…]+)+",
    re.IGNORECASE,
)
_CLOSING = re.compile(
    r"(?:大概|大致|基本上?|差不多)?(?:就是|就|也就)?这(?:样|些)(?:吧|了)?[。.!！]*"
    r"|that(?:'|\u2019)?s (?:about |basically |pretty much )?(?:it|all)[.!]*",
    re.IGNORECASE,
)
_CLAUSE_MARK = re.compile(r"[，,；;：:、](?!\d)\s*|\s[—–-]+\s|——")


@dataclass(frozen=True)
class Span(Text):
    """A stretch of the cleaned text, and where it stands."""

    start: int
    end: int

    def overlaps(self, other: "Span") -> bool:
        """Whether the two share a character."""
        return self.start < other.end and other.start < self.end

    def holds(self, other: "Span") -> bool:
        """Whether the other lies within this one."""
        return self.start <= other.start and other.end <= self.end


@dataclass(frozen=True)
class Cleaned:
    """What somebody wrote, and its cleaned text with the way back."""

    original: str
    text: str
    origins: tuple[int, ...]  # for every character of `text`, its index in `original`

    def quote(self, start: int, end: int) -> str:
        """The stretch of the original behind a stretch of the cleaned text; a real substring of the original."""
        if start >= end:
            return ""
        return self.original[self.origins[start] : self.origins[end - 1] + 1]


def clean_with_origins(original: str) -> Cleaned:
    """The text with width variants unified and invisible characters dropped; at most 20,000 characters count."""
    characters: list[str] = []
    origins: list[int] = []
    for index, character in enumerate(original[:MAX_CHARACTERS]):
        for plain in _plain(character):
            characters.append(plain)
            origins.append(index)
    return Cleaned(original, "".join(characters), tuple(origins))


def clean(text: str) -> str:
    """The cleaned form alone, for texts that are never quoted from."""
    return clean_with_origins(text).text


def split_spans(cleaned: Cleaned) -> list[Span]:
    """The sentences of a text in order; those without punctuation for long are cut at clauses or spaces.

    The sounds and phrases that people begin and end to speak with belong to none: they must not move a grade.
    """
    sentences = _locate(cleaned.text, split_sentences(cleaned.text), 0)
    said = [span for span in sentences if not _CLOSING.fullmatch(span.text)] or sentences
    return [piece for span in said for piece in _cut_long(_without_filler(span))]


def split_clauses(span: Span, at_least: int = 6) -> list[Span]:
    """The clauses of a span, short ones joined with their successor; the span itself when it has only one."""
    clauses: list[Span] = []
    start = 0
    for match in [*_CLAUSE_MARK.finditer(span.text), None]:
        end = match.end() if match else len(span.text)
        if len(span.text[start:end].strip()) >= at_least or (match is None and not clauses):
            clauses.append(_sub_span(span, start, end))
            start = end
    if start < len(span.text) and clauses:  # a short tail belongs to the clause before it
        clauses[-1] = _sub_span(span, clauses[-1].start - span.start, len(span.text))
    return clauses


def join_spans(spans: Sequence[Span], text: str) -> Span:
    """One span from the first to the last of neighbours."""
    start, end = spans[0].start, spans[-1].end
    return Span(text[start:end], start, end)


def _plain(character: str) -> str:
    if character in "\n\t":
        return character
    category = unicodedata.category(character)
    if category in ("Cf", "Cc", "Co", "Cn", "Cs") or character in _BLANKS or _is_variation_selector(character):
        return "\n" if character in "\r\x0b\x0c\x85" else ""
    if category in ("Zl", "Zp"):
        return "\n"
    if character in _KEPT_MARKS or unicodedata.decomposition(character).startswith(_KEPT_FORMS):
        return character
    return unicodedata.normalize("NFKC", character)


def _is_variation_selector(character: str) -> bool:
    return "\ufe00" <= character <= "\ufe0f" or "\U000e0100" <= character <= "\U000e01ef"


def _locate(text: str, pieces: Sequence[str], position: int) -> list[Span]:
    spans = []
    for piece in pieces:
        start = text.index(piece, position)
        position = start + len(piece)
        spans.append(Span(piece, start, position))
    return spans


def _without_filler(span: Span) -> Span:
    filler = _FILLERS.match(span.text)
    return _sub_span(span, filler.end(), len(span.text)) if filler and filler.end() < len(span.text) else span


def _cut_long(span: Span) -> list[Span]:
    if len(span.text) <= _LONG_SPAN:
        return [span]
    pieces: list[Span] = []
    start = 0
    while start < len(span.text):
        end = _break_before(span.text, start, start + _LONG_SPAN)
        piece = _sub_span(span, start, end)
        if piece.text:
            pieces.append(piece)
        start = end
    return pieces


def _break_before(text: str, start: int, limit: int) -> int:
    """Where to cut: the last clause mark before the limit, else the last space, else the limit."""
    if limit >= len(text):
        return len(text)
    marks = [match.end() for match in _CLAUSE_MARK.finditer(text, start + _LONG_SPAN // 4, limit)]
    if marks:
        return marks[-1]
    space = text.rfind(" ", start + _LONG_SPAN // 4, limit)
    return space + 1 if space > 0 else limit


def _sub_span(span: Span, start: int, end: int) -> Span:
    text = span.text[start:end]
    start += len(text) - len(text.lstrip())
    text = text.strip()
    return Span(text, span.start + start, span.start + start + len(text))
