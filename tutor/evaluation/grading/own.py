"""The project's own attempts, read: what the grader is fitted on where key points are written."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from tutor.domain import Entry
from tutor.evaluation.grading.rated import load_rated
from tutor.evaluation.grading.readings import Read, RowReader
from tutor.evaluation.grading.samples import Row, composed_rows, derived_rows, rated_rows, topic_rows, written_rows

_DERIVED_ENTRIES = 30


@dataclass(frozen=True)
class Own:
    """The project's own attempts, read: those to fit on, those kept apart, rows derived from the bank, attempts composed
    of statements, which only the probes learn from, and what tells whether an attempt is on topic."""

    tune: tuple[Read, ...]
    test: tuple[Read, ...]
    derived: tuple[Read, ...]
    composed: tuple[Read, ...]
    topic: tuple[Read, ...]

    def without(self, entry_ids: Collection[str]) -> "Own":
        """Nothing of these entries."""
        parts = (self.tune, self.test, self.derived, self.composed, self.topic)
        return Own(*(tuple(read for read in part if not _is_of(read.row, entry_ids)) for part in parts))


def read_own(reader: RowReader, entries: Sequence[Entry]) -> Own:
    """data/attempts.yaml, data/rated.jsonl, derived rows and data/composed.jsonl, none of an entry whose attempts are kept apart."""
    known = {entry.id: entry for entry in entries}
    rows = [*written_rows(known), *rated_rows(known, load_rated())]
    tune = [read for row in rows if row.split == "tune" and (read := reader.read(row, judge=row.mark is not None))]
    test = [read for row in rows if row.split == "test" and (read := reader.read(row))]
    held = {read.row.rubric.entry_id for read in test}
    free = [entry for entry in entries if entry.id not in held]
    derived = [read for row in derived_rows(free, _DERIVED_ENTRIES) if (read := reader.read(row))]
    composed = [
        read
        for row in composed_rows({entry.id: entry for entry in free})
        if reader.has_model and (read := reader.read(row, judge=True))
    ]
    topic = [read for row in topic_rows(known, load_rated()) if (read := reader.read(row))]
    return Own(tuple(tune), tuple(test), tuple(derived), tuple(composed), tuple(topic))


def _is_of(row: Row, entry_ids: Collection[str]) -> bool:
    return row.rubric.entry_id in entry_ids or row.written_for in entry_ids
