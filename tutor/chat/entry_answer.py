"""The answer to a bank question: the entry's own, in the manner that was asked for. No model is asked.

Everything shown is text of the bank; what a manner needs and the entry lacks is said, not made up.
"""

import re
from collections.abc import Sequence

from tutor.chat import phrases
from tutor.chat.request import Manner
from tutor.chat.support import cite_passage
from tutor.domain import Bilingual, Citation, Entry, Language, Passage, PassagePart, Source
from tutor.text.markdown import render_source
from tutor.text.markup import put_behind
from tutor.text.sentences import split_sentences

Cited = tuple[str, tuple[Citation, ...]]  # text with marks, and what they refer to

_MOST_POINTS = 5
_FEW_POINTS = 3
_EXAMPLE = re.compile(
    r"例如|比如|举例|例[：:]|例子|以.{1,20}为例|\b(?:for example|for instance|e\.g\.|examples?(?=[^|\n]{0,60}[:：]))",
    re.IGNORECASE,
)
_WORKED = re.compile(
    r"[=≈]\s*\$?\s*\d|\d\s*(?:GB|GiB|MB|KB|TB|ms|TFLOPS|%|倍|秒|天|字节|bytes\b|days\b|seconds\b|tokens/s)|(?:约|about)\s*\$?\d"
)


class Quoter:
    """Puts marks behind pieces of one entry and keeps the citations; two that share the list number on."""

    def __init__(
        self,
        entry: Entry,
        language: Language,
        passages: Sequence[Passage],
        origins: tuple[str, ...],
        citations: list[Citation] | None = None,
    ) -> None:
        """`passages` are the entry's own, in any language."""
        self.entry = entry
        self.language = language
        self.citations: list[Citation] = [] if citations is None else citations
        self._own = [passage for passage in passages if passage.language == language]
        self._origins = origins

    def cited(self, block: str, part: PassagePart) -> str:
        """The block with the mark of the passage that holds it; bare where none does."""
        mark = self.mark(split_sentences(block), part)
        if not mark:
            return block
        is_table = block.rstrip().endswith("|")  # of a whole table no single cell is meant
        return f"{block}\n\n{mark}" if is_table else put_behind(block, mark)

    def mark(self, sentences: Sequence[str], part: PassagePart) -> str:
        """`[n]` of the passage that holds most of the sentences, and of each that holds another; empty without one."""
        passages = [passage for passage in self._own if passage.part == part]
        left = list(sentences)
        marks: list[int] = []
        while left and passages:
            holder = max(passages, key=lambda passage: sum(sentence in passage.text for sentence in left))
            held = [sentence for sentence in left if sentence in holder.text]
            if marks and not held:
                break
            marks.append(self._number(holder, held or split_sentences(holder.text)))
            left = [sentence for sentence in left if sentence not in held]
        return " ".join(f"[{number}]" for number in sorted(set(marks)))

    def _number(self, holder: Passage, held: Sequence[str]) -> int:
        """Of the citation of this passage, which is added where it is new."""
        known = next((item for item in self.citations if item.passage_id == holder.id), None)
        if known is None:
            number = len(self.citations) + 1
            prose = next((sentence for sentence in held if not sentence.startswith("|")), held[0])
            known = cite_passage(number, holder, prose, self._origins)
            self.citations.append(known)
        return known.number


def answer_from_entry(quoter: Quoter, manner: Manner | None = None) -> Cited:
    """(text with citation marks, citations) in the manner that was asked for; in full without one."""
    adapt = {
        "one sentence": _in_one_sentence,
        "shorter": _shorter,
        "simpler": _simpler,
        "example": _with_example,
        "numbers": _with_numbers,
    }
    return adapt.get(manner or "", _in_full)(quoter), tuple(quoter.citations)


def _in_full(quoter: Quoter) -> str:
    """Each paragraph cites the entry's passage that holds it; with common mistakes and sources."""
    entry, language = quoter.entry, quoter.language
    blocks = [quoter.cited(block, "answer") for block in entry.answer.in_language(language).split("\n\n")]
    if entry.dated:
        blocks.append(f"{phrases.DATED.in_language(language)}: {entry.dated.in_language(language)}")
    if entry.misconceptions:
        blocks.append(quoter.cited(_mistakes(entry, language), "misconceptions"))
    return "\n\n".join([*blocks, _sources(entry.sources, language)])


def _in_one_sentence(quoter: Quoter) -> str:
    lead = quoter.cited(first_sentence(quoter.entry, quoter.language), "answer")
    return f"{lead}\n\n*{phrases.MORE.in_language(quoter.language)}*"


def _shorter(quoter: Quoter) -> str:
    """The first sentence and the weightiest points."""
    lead = quoter.cited(first_sentence(quoter.entry, quoter.language), "answer")
    points = main_points(quoter.entry, quoter.language)[:_FEW_POINTS]
    lines = "\n".join(f"- {point}" for point in points)
    marked = f"{lines} {quoter.mark(points, 'key_points')}".rstrip()
    return f"{lead}\n\n{marked}\n\n*{phrases.MORE.in_language(quoter.language)}*"


def _simpler(quoter: Quoter) -> str:
    """The first sentence, a hint as a question to think of, and the weightiest key points one by one."""
    entry, language = quoter.entry, quoter.language
    blocks = [quoter.cited(first_sentence(entry, language), "answer")]
    if entry.hints:
        blocks.append(f"{phrases.THINK.in_language(language)} {entry.hints[0].in_language(language)}")
    points = main_points(entry, language)
    lines = "\n".join(f"{number}. {point}" for number, point in enumerate(points, start=1))
    blocks.append(
        f"{phrases.STEP_BY_STEP.in_language(language)}\n\n{lines} {quoter.mark(points, 'key_points')}".rstrip()
    )
    return "\n\n".join([*blocks, f"*{phrases.MORE.in_language(language)}*"])


def _with_example(quoter: Quoter) -> str:
    return _with_piece(quoter, (_EXAMPLE, _WORKED), phrases.EXAMPLE, phrases.NO_EXAMPLE)


def _with_numbers(quoter: Quoter) -> str:
    return _with_piece(quoter, (_WORKED,), phrases.NUMBERS, phrases.NO_NUMBERS)


def _with_piece(quoter: Quoter, patterns: Sequence[re.Pattern[str]], head: Bilingual, lacking: Bilingual) -> str:
    """The first sentence and the piece that was asked for; the whole answer where there is none."""
    language = quoter.language
    piece = find_piece(quoter.entry, language, patterns)
    if not piece:
        return f"*{lacking.in_language(language)}*\n\n{_in_full(quoter)}"
    lead = quoter.cited(first_sentence(quoter.entry, language), "answer")
    shown = quoter.cited(piece, "answer")
    return f"{lead}\n\n{head.in_language(language)}\n\n{shown}\n\n*{phrases.MORE.in_language(language)}*"


def compare_entries(left: Quoter, right: Quoter) -> Cited:
    """Two entries side by side: first sentences, then the key points in a table. Both share their list of citations."""
    language = left.language
    leads, marks = [], []
    for quoter in (left, right):
        title = quoter.entry.question.in_language(language)
        leads.append(f"**{title}**\n\n{quoter.cited(first_sentence(quoter.entry, language), 'answer')}")
        marks.append(quoter.mark(main_points(quoter.entry, language), "key_points"))
    notes = [
        f"{phrases.POINTS_FROM.in_language(language)} {' '.join(filter(None, marks))}",
        f"*{phrases.NO_COMPARISON.in_language(language)}*",
    ]
    return "\n\n".join([*leads, _table(left.entry, right.entry, language), *notes]), tuple(left.citations)


def _table(left: Entry, right: Entry, language: Language) -> str:
    columns = [main_points(entry, language) for entry in (left, right)]
    height = max(map(len, columns))
    rows = [[column[i] if i < len(column) else "" for column in columns] for i in range(height)]
    head = [entry.question.in_language(language) for entry in (left, right)]
    lines = [head, ["---", "---"], *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)


def first_sentence(entry: Entry, language: Language) -> str:
    """The answer's first sentence to its full stop; a Chinese semicolon or a colon does not end it."""
    text = entry.answer.in_language(language).strip()
    end = 0
    for sentence in split_sentences(text):
        end = text.index(sentence, end) + len(sentence)
        if not sentence.endswith(("；", ";", "：", ":")):
            break
    return text[:end]


def main_points(entry: Entry, language: Language) -> list[str]:
    """The weightiest key points, in the order of the bank."""
    weighty = sorted(entry.key_points, key=lambda point: -point.weight)[:_MOST_POINTS]
    return [point.text.in_language(language) for point in entry.key_points if point in weighty]


def find_piece(entry: Entry, language: Language, patterns: Sequence[re.Pattern[str]]) -> str:
    """The piece of the answer that most often matches the first pattern that matches at all; empty when none does."""
    blocks = entry.answer.in_language(language).strip().split("\n\n")
    for pattern in patterns:
        counts = [len(pattern.findall(block)) for block in blocks]
        if max(counts):
            chosen = counts.index(max(counts))
            piece = _matching_items(blocks[chosen], pattern)
            follows = piece.rstrip().endswith((":", "：")) and chosen + 1 < len(blocks)
            return f"{piece}\n\n{blocks[chosen + 1]}" if follows else piece
    return ""


def _matching_items(block: str, pattern: re.Pattern[str]) -> str:
    """Of a list, only the items that match; other blocks whole."""
    items = re.split(r"\n(?=- )", block)
    if len(items) < 2 or (not items[0].startswith("- ") and pattern.search(items[0])):
        return block
    return "\n".join(item for item in items if pattern.search(item))


def _mistakes(entry: Entry, language: Language) -> str:
    wrong, right = phrases.WRONG.in_language(language), phrases.RIGHT.in_language(language)
    lines = [
        f"- {wrong} {item.claim.in_language(language)}\n  {right} {item.correction.in_language(language)}"
        for item in entry.misconceptions
    ]
    return f"{phrases.MISTAKES.in_language(language)}\n" + "\n".join(lines)


def _sources(sources: Sequence[Source], language: Language) -> str:
    return f"{phrases.SOURCES.in_language(language)}\n" + "\n".join(f"- {render_source(source)}" for source in sources)
