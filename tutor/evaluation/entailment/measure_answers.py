"""Measures answers on data/facts.jsonl: python -m tutor eval answers [--limit N] [--write]

Questions that one entry answers, and questions that need more than one and go through the model. What is measured is
the Answer that a reader gets; this module knows neither chain nor model.
"""

import random
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import isclose

from tutor.domain import Answer, Citation
from tutor.evaluation.rows import read_rows, wing_data
from tutor.text.numbers import find_numbers
from tutor.text.sentences import split_sentences

SAMPLE = 100
_MARK = re.compile(r"\s*\[(\d+)\]")
_NOTE = re.compile(r"^\*[^*].*\*$")  # what the tutor itself says about its answer


@dataclass(frozen=True)
class Expectation:
    """A question with what a right answer says and what it must not say (regular expressions)."""

    id: str
    language: str
    path: str  # "entry": one entry answers it; "written": the model writes from passages
    split: str
    question: str
    facts: tuple[str, ...]
    forbidden: tuple[str, ...]


@dataclass(frozen=True)
class Shown:
    """A sentence as the reader sees it."""

    question_id: str
    text: str
    citation: Citation | None  # the passage it points to; None for a sentence marked as unsupported

    @property
    def is_quote(self) -> bool:
        """Whether the passage says it word for word."""
        said = re.sub(r"^\s*(?:[-*+]|\d{1,2}[.)、])\s+", "", self.text)
        return self.citation is not None and " ".join(said.split()) in " ".join(self.citation.text.split())

    @property
    def has_unknown_number(self) -> bool:
        """Whether it is shown as proven and holds a number that its passage lacks."""
        if self.citation is None:
            return False
        known = [number.value for number in find_numbers(self.citation.text)]
        numbers = find_numbers(re.sub(r"^\s*\d{1,2}[.、)]\s", "", self.text))
        return any(not any(isclose(number.value, value, rel_tol=1e-6) for value in known) for number in numbers)


@dataclass(frozen=True)
class ReadAnswer:
    """An answer held against its expectation."""

    expectation: Expectation
    answer: Answer
    sentences: tuple[Shown, ...]
    wrong_marks: int  # marks without a citation, and citations whose sentence is not in their passage

    @property
    def present(self) -> int:
        return sum(bool(re.search(fact, self.answer.text, re.IGNORECASE)) for fact in self.expectation.facts)

    @property
    def forbidden(self) -> int:
        unmarked = " ".join(shown.text for shown in self.sentences if shown.citation)
        return sum(bool(re.search(claim, unmarked, re.IGNORECASE)) for claim in self.expectation.forbidden)


def load_expectations() -> list[Expectation]:
    rows = read_rows(wing_data("entailment", "facts.jsonl"))
    return [Expectation(**{**row, "facts": tuple(row["facts"]), "forbidden": tuple(row["forbidden"])}) for row in rows]


def read_answers(expectations: Sequence[Expectation], ask: Callable[[Expectation], Answer]) -> list[ReadAnswer]:
    return [read_answer(expectation, ask(expectation)) for expectation in expectations]


def read_answer(expectation: Expectation, answer: Answer) -> ReadAnswer:
    """Reads the answer as a reader does: sentences, marks, and what the marks point to."""
    by_number = {citation.number: citation for citation in answer.citations}
    marks = [int(number) for number in _MARK.findall(answer.text)]
    wrong = sum(number not in by_number for number in marks)
    wrong += sum(not citation.sentence or citation.sentence not in citation.text for citation in answer.citations)
    return ReadAnswer(expectation, answer, tuple(_shown(expectation.id, answer, by_number)), wrong)


def _shown(question_id: str, answer: Answer, by_number: dict[int, Citation]) -> list[Shown]:
    shown = [Shown(question_id, sentence, None) for sentence in answer.unsupported_sentences]
    for line in answer.text.splitlines():
        if _NOTE.match(line.strip()):
            continue
        start = 0
        for match in _MARK.finditer(line):
            # The mark follows its own sentence; those before it on the line were marked as unsupported.
            own = [s for s in split_sentences(line[start : match.start()]) if s not in answer.unsupported_sentences]
            start = match.end()
            citation = by_number.get(int(match[1]))
            shown.extend(Shown(question_id, sentence, citation) for sentence in own)
    return shown


def summarise(read: Sequence[ReadAnswer]) -> dict[str, float]:
    """What the page reports for a group of answers."""
    sentences = [shown for item in read for shown in item.sentences]
    unmarked = [shown for shown in sentences if shown.citation]
    facts = sum(len(item.expectation.facts) for item in read)
    return {
        "questions": len(read),
        "expected_facts_present": round(sum(item.present for item in read) / facts, 4) if facts else 0.0,
        "forbidden_claims_unmarked": sum(item.forbidden for item in read),
        "sentences": len(sentences),
        "shown_unmarked": round(len(unmarked) / len(sentences), 4) if sentences else 0.0,
        "quoted_of_unmarked": round(sum(shown.is_quote for shown in unmarked) / len(unmarked), 4) if unmarked else 0.0,
        "unmarked_with_unknown_number": sum(shown.has_unknown_number for shown in unmarked),
        "wrong_citations": sum(item.wrong_marks for item in read),
        "without_words": sum(not item.answer.citations for item in read),
    }


def sample_markdown(read: Sequence[ReadAnswer], measured_on: str, size: int = SAMPLE) -> str:
    """The page for judging by hand: sentences shown as proven, each with what it is said to rest on.

    Those that the passage says word for word need no judge and fill the sample only where there are not enough others.
    """
    proven = [shown for item in read for shown in item.sentences if shown.citation]
    proven.sort(key=lambda shown: shown.is_quote)
    own = sum(not shown.is_quote for shown in proven)
    draw = random.Random(0)  # noqa: S311 - a sample
    chosen = sorted(draw.sample(range(own), min(size, own)))
    chosen += sorted(draw.sample(range(own, len(proven)), min(size - len(chosen), len(proven) - own)))
    lines = [
        "# Sentences shown as supported, to be read by hand",
        "",
        f"`python -m tutor eval answers --write` on {measured_on}: {len(chosen)} of {len(proven)} sentences shown as "
        f"supported in written answers; {own} of them in the model's own words, the rest word for word as in the passage.",
        "",
        "| | question | sentence | cited passage sentence | verdict |",
        "|---|---|---|---|---|",
    ]
    for number, index in enumerate(chosen, start=1):
        shown = proven[index]
        assert shown.citation
        cells = (str(number), shown.question_id, _cell(shown.text), _cell(shown.citation.sentence), "")
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")
