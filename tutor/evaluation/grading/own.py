"""The project's own attempts as the grader reads them, apart for fitting and testing."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from tutor.domain import Entry
from tutor.evaluation.grading.composed import composed_samples
from tutor.evaluation.grading.derived import derived_samples, topic_samples
from tutor.evaluation.grading.readings import Reading, SampleReader
from tutor.evaluation.grading.samples import Sample, hand_samples, labelled_samples, rated_samples

_DERIVED_ENTRIES = 30
_COMPOSED_ATTEMPTS = 100  # at 50 entries: reading them takes 20 minutes on two cores, and more of them teach little


@dataclass(frozen=True)
class OwnReadings:
    """Readings of the project's own attempts."""

    tune: tuple[Reading, ...]  # to fit on
    test: tuple[Reading, ...]  # kept apart
    derived: tuple[Reading, ...]  # from the bank
    composed: tuple[Reading, ...]  # of statements: only the probes learn from them
    topic: tuple[Reading, ...]  # tell whether an attempt is on topic
    hands: tuple[Reading, ...] = ()  # by other hands: what weighs the opinions of probes that have not seen them

    def without(self, entry_ids: Collection[str]) -> "OwnReadings":
        """Nothing of these entries."""
        parts = (self.tune, self.test, self.derived, self.composed, self.topic, self.hands)
        return OwnReadings(*(tuple(r for r in part if not _is_of(r.sample, entry_ids)) for part in parts))


def read_own(reader: SampleReader, entries: Sequence[Entry]) -> OwnReadings:
    """Reads all of them; what is derived or composed is of entries without attempts that are kept apart."""
    known = {entry.id: entry for entry in entries}
    rated = rated_samples(known)
    samples = [*labelled_samples(known), *rated]
    tune = [
        reading
        for sample in samples
        if sample.split == "tune" and (reading := reader.read(sample, ask=sample.mark is not None))
    ]
    test = _read_all(reader, (sample for sample in samples if sample.split == "test"))
    held = {reading.sample.entry_id for reading in test}
    free = {entry.id: entry for entry in entries if entry.id not in held}
    derived = _read_all(reader, derived_samples(list(free.values()), _DERIVED_ENTRIES))
    composed = composed_samples(free, _COMPOSED_ATTEMPTS) if reader.has_model else ()
    asked = tuple(reading for sample in composed if (reading := reader.read(sample, ask=True)))
    topic = _read_all(reader, topic_samples(known, rated))
    return OwnReadings(tuple(tune), test, derived, asked, topic, read_hands(reader, known))


def read_hands(reader: SampleReader, entries: Mapping[str, Entry]) -> tuple[Reading, ...]:
    """The attempts by other hands that may be fitted on, with what the model understood of them; none without a model."""
    samples = hand_samples(entries) if reader.has_model else []
    return tuple(reading for sample in samples if (reading := reader.read(sample, ask=True)))


def _read_all(reader: SampleReader, samples: Iterable[Sample]) -> tuple[Reading, ...]:
    return tuple(reading for sample in samples if (reading := reader.read(sample)))


def _is_of(sample: Sample, entry_ids: Collection[str]) -> bool:
    return sample.entry_id in entry_ids or sample.written_for in entry_ids
