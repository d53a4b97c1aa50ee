"""Rows with what the grader reads in them: signals per key point and misconception, and the chat model's opinion."""

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from langchain_core.embeddings import Embeddings
from langchain_core.language_models import BaseChatModel

from tutor.domain import Rubric
from tutor.evaluation.ask_number import sample_positions
from tutor.evaluation.grading_rows import Row, scored_rows
from tutor.grading.attempt import read_attempt, split_spans
from tutor.grading.evidence import MAX_EMBEDDED, Evidence, Reader, Statements, Units, find_evidence
from tutor.grading.judge import Judge
from tutor.grading.misconceptions import find_claims
from tutor.grading.whole import read_whole
from tutor.grading.wording import read_wording

SCORED_SETS = (
    "sprag_ml", "sprag_python", "semeval13_beetle_5way", "saf_en_v2", "zh_le", "zh_ads.dev", "scientsbank_3way_train",
)  # fmt: skip
SCORED_ROWS = 300


@dataclass(frozen=True)
class Read:
    """A row with the signals of each key point and misconception."""

    row: Row
    points: tuple[Mapping[str, float], ...]
    claims: tuple[Mapping[str, float], ...]
    judged: tuple[float | None, ...] = ()  # the chat model's opinion of each key point
    whole: Mapping[str, float] | None = None  # where the key points are pieces of a reference
    opinion: float | None = None  # the chat model's, of the whole


class RowReader:
    """Reads rows with the grader's own code; keeps the last rubrics' vectors."""

    def __init__(self, embeddings: Embeddings, model: BaseChatModel | None) -> None:
        self._reader = Reader(embeddings)
        self._judge = Judge(model) if model else None
        self._rubrics: OrderedDict[Rubric, Statements] = OrderedDict()

    def read(self, row: Row, *, judge: bool = False) -> Read | None:
        """None for an attempt without a sentence."""
        attempt = read_attempt(row.attempt)
        spans = split_spans(attempt)
        if not spans:
            return None
        if row.rubric not in self._rubrics:
            self._rubrics[row.rubric] = self._reader.read_rubric(row.rubric)
        statements = self._rubrics[row.rubric]
        units = self._reader.read_units(spans, attempt.text, statements)
        found = find_evidence(statements, units, {})
        points = tuple(evidence.signals for evidence in found)
        claims = tuple(claim.signals for claim in find_claims(statements, units))
        whole = self._whole(statements, units, found)
        return self.ask(Read(row, points, claims, whole=whole)) if judge else Read(row, points, claims, whole=whole)

    def ask(self, read: Read) -> Read:
        """The row with the chat model's opinion, of the key points or of the whole, where there is a model."""
        if self._judge is None:
            return read
        rubric, attempt = read.row.rubric, read_attempt(read.row.attempt).text
        if read.whole is not None:
            return replace(read, opinion=self._judge.whole_odds(rubric, attempt))
        return replace(read, judged=tuple(self._judge.point_odds(rubric, attempt, range(len(read.points)))))

    def bare_signals(self, reference: str, attempt: str) -> tuple[float, float]:
        """(e5 cosine, share of the reference's terms) of two texts: what the baselines know."""
        first, second = self._reader.embed([reference[:MAX_EMBEDDED], attempt[:MAX_EMBEDDED]])
        wanted, found = read_wording(reference).terms, read_wording(attempt).terms
        return float(first @ second), len(wanted & found) / max(1, len(wanted))

    def _whole(self, statements: Statements, units: Units, found: Sequence[Evidence]) -> Mapping[str, float] | None:
        if not len(statements.reference_vector):
            return None
        return read_whole(statements, units, found, self._reader.embed([units.text[:MAX_EMBEDDED]])[0])


def ask_sample(reader: RowReader, reads: Sequence[Read]) -> list[Read]:
    """A sample of a set, with the chat model's opinion of each attempt; rows without one are left out."""
    asked = (reader.ask(reads[position]) for position in sample_positions(len(reads)))
    return [read for read in asked if read.opinion is not None]


def read_scored(reader: RowReader, shared: Path) -> dict[str, list[Read]]:
    """The human-scored sets that are there, read; attempts without a sentence are left to the guards."""
    return {
        name: [read for _, row in scored_rows(shared, [name], SCORED_ROWS) if (read := reader.read(row))]
        for name in SCORED_SETS
        if (shared / f"{name}.jsonl").is_file()
    }
