"""Rows with what the grader reads in them: signals per key point and misconception, and what the model understood."""

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from langchain_core.embeddings import Embeddings

from tutor.domain import Rubric
from tutor.evaluation.grading.samples import Row, scored_rows
from tutor.grading.attempt import MAX_EMBEDDED, read_attempt, split_spans
from tutor.grading.evidence import Evidence, Reader, Statements, Units, find_evidence
from tutor.grading.judge import Opinion, StateReader, point_prompt, read_whole_states
from tutor.grading.misconceptions import find_claims
from tutor.grading.topic import Topics
from tutor.grading.whole import read_whole
from tutor.grading.wording import read_wording

SCORED_SETS = (
    "sprag_ml", "sprag_python", "semeval13_beetle_5way", "saf_en_v2", "zh_le", "zh_ads.dev", "scientsbank_3way_train",
    "stita",
)  # fmt: skip
SCORED_ROWS = 120  # of each set: reading them takes more than an hour on two cores
_LONG_SETS = {"stita": 40}  # answers of a thousand characters


def rows_of_set(name: str) -> int:
    """How many attempts of a human-scored set are read."""
    return _LONG_SETS.get(name, SCORED_ROWS)


@dataclass(frozen=True)
class Read:
    """A row with the signals of each key point and misconception."""

    row: Row
    points: tuple[Mapping[str, float], ...]
    claims: tuple[Mapping[str, float], ...]
    said: tuple[str, ...] = ()  # of each key point
    states: tuple[Sequence[float], ...] = ()  # of the model, per key point, or WholeStates, where it was asked
    opinions: tuple[Opinion, ...] = ()  # per key point, by probes that were not fitted on this question
    whole: Mapping[str, float] | None = None  # where the key points are pieces of a reference


class RowReader:
    """Reads rows with the grader's own code; keeps the last rubrics' vectors."""

    def __init__(self, embeddings: Embeddings, states: StateReader | None, topics: Topics | None = None) -> None:
        self._reader = Reader(embeddings, topics)
        self._states = states
        self._rubrics: OrderedDict[Rubric, Statements] = OrderedDict()

    @property
    def has_model(self) -> bool:
        """Whether rows can be read with the language model."""
        return self._states is not None

    def read(self, row: Row, *, judge: bool = False) -> Read | None:
        """None for an attempt without a sentence."""
        attempt = read_attempt(row.attempt)
        spans = split_spans(attempt)
        if not spans:
            return None
        row = self._with_one_reference(row, attempt.text)
        if row.rubric not in self._rubrics:
            self._rubrics[row.rubric] = self._reader.read_rubric(row.rubric)
        statements = self._rubrics[row.rubric]
        units = self._reader.read_units(spans, attempt.text, statements)
        found = find_evidence(statements, units, {})
        points = tuple(evidence.signals for evidence in found)
        claims = tuple(claim.signals for claim in find_claims(statements, units))
        whole = self._whole(statements, units, found)
        read = Read(row, points, claims, tuple(evidence.said for evidence in found), whole=whole)
        return self.ask(read) if judge else read

    def _with_one_reference(self, row: Row, attempt: str) -> Row:
        """As the grader does where several answers are accepted."""
        if not row.rubric.alternatives:
            return row
        rubric = self._reader.nearest(row.rubric, attempt)
        return replace(row, rubric=rubric, labels=(row.score,) * len(rubric.key_points))

    def ask(self, read: Read) -> Read:
        """The row with what the model understood of its key points, or of the whole, where there is a model."""
        states = self._states
        if states is None:
            return read
        rubric = read.row.rubric
        if read.whole is not None:
            attempt = read_attempt(read.row.attempt).text
            return replace(read, states=read_whole_states(lambda prompt: states.read(*prompt), rubric, attempt))
        prompts = [point_prompt(rubric, point, said) for point, said in enumerate(read.said)]
        return replace(read, states=tuple(states.read(*prompt) for prompt in prompts))

    def bare_signals(self, reference: str, attempt: str) -> tuple[float, float]:
        """(e5 cosine, share of the reference's terms) of two texts: what the baselines know."""
        first, second = self._reader.embed([reference[:MAX_EMBEDDED], attempt[:MAX_EMBEDDED]])
        wanted, found = read_wording(reference).terms, read_wording(attempt).terms
        return float(first @ second), len(wanted & found) / max(1, len(wanted))

    def _whole(self, statements: Statements, units: Units, found: Sequence[Evidence]) -> Mapping[str, float] | None:
        if not len(statements.reference_vector):
            return None
        return read_whole(statements, units, found, self._reader.embed([units.text[:MAX_EMBEDDED]])[0])


def read_scored(reader: RowReader, shared: Path) -> dict[str, list[Read]]:
    """The human-scored sets that are there, read; attempts without a sentence are left to the guards.

    Attempts at one question are read one after the other, so that the model reads question and reference once.
    """
    scored = {}
    for name in SCORED_SETS:
        file = shared / f"{name}.jsonl"
        if file.is_file():
            rows = sorted(scored_rows(file, rows_of_set(name)), key=lambda row: row.kind)
            scored[name] = [read for row in rows if (read := reader.read(row, judge=True))]
    return scored


def have_states(scored: Mapping[str, Sequence[Read]]) -> bool:
    """Whether the rows were read with the language model."""
    return all(read.states for reads in scored.values() for read in reads)
