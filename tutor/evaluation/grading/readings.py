"""Samples with what the grader reads in them: signals per key point and misconception, and what the model understood."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from langchain_core.embeddings import Embeddings

from tutor.domain import Rubric
from tutor.entailment.likeness import MAX_EMBEDDED
from tutor.evaluation.grading.samples import Sample, scored_samples
from tutor.grading.compare import find_evidence, read_whole
from tutor.grading.judge import Opinion, StateReader, point_prompt, read_whole_states
from tutor.grading.misconceptions import find_claims
from tutor.grading.reading import Reader, Statements, read_expected
from tutor.grading.taken_back import drop_taken_back
from tutor.grading.topic import Topics
from tutor.text.reading import Text
from tutor.text.spans import clean_with_origins, split_spans

SCORED_SETS = (
    "sprag_ml", "sprag_python", "semeval13_beetle_5way", "saf_en_v2", "zh_le", "zh_ads.dev", "scientsbank_3way_train",
    "stita",
)  # fmt: skip
_SCORED = 120  # of each set: reading them takes more than an hour on two cores
_LONG_SETS = {"stita": 40}  # answers of a thousand characters


def samples_of_set(folder: Path, name: str) -> list[Sample]:
    """As many attempts of a human-scored set as are read."""
    return scored_samples(folder / f"{name}.jsonl", _LONG_SETS.get(name, _SCORED))


@dataclass(frozen=True)
class Reading:
    """A sample with the signals of each key point and misconception."""

    sample: Sample
    points: tuple[Mapping[str, float], ...]
    claims: tuple[Mapping[str, float], ...]
    said: tuple[str, ...] = ()  # of each key point
    accused: tuple[str, ...] = ()  # of that, what is quoted where it is wrong
    states: tuple[Sequence[float], ...] = ()  # of the model, per key point, or WholeStates, where it was asked
    opinions: tuple[Opinion, ...] = ()  # per key point, by probes that were not fitted on this question
    whole: Mapping[str, float] | None = None  # where the key points are pieces of a reference


class SampleReader:
    """Reads samples with the grader's own code; keeps the vectors of every rubric it has met, for as long as it lives."""

    def __init__(self, embeddings: Embeddings, states: StateReader | None, topics: Topics | None = None) -> None:
        self._reader = Reader(embeddings, topics)
        self._states = states
        self._rubrics: dict[Rubric, Statements] = {}

    @property
    def has_model(self) -> bool:
        """Whether samples can be read with the language model."""
        return self._states is not None

    def read(self, sample: Sample, *, ask: bool = False) -> Reading | None:
        """Has the model read it, too, when it is to `ask`; None for an attempt without a sentence."""
        attempt = clean_with_origins(sample.attempt)
        spans = drop_taken_back(split_spans(attempt))
        if not spans:
            return None
        sample = self._with_one_reference(sample, attempt.text)
        if sample.rubric not in self._rubrics:
            self._rubrics[sample.rubric] = self._reader.read_rubric(read_expected(sample.rubric))
        statements = self._rubrics[sample.rubric]
        read = self._reader.read_attempt(attempt, spans, (), statements)
        found = find_evidence(statements, read.units)
        points = tuple(evidence.signals for evidence in found)
        claims = tuple(claim.signals for claim in find_claims(statements, read.units))
        has_whole = len(statements.reference_vector) > 0
        whole = read_whole(statements, read.units, found, read.whole_vector) if has_whole else None
        said = tuple(evidence.said for evidence in found)
        accused = tuple(attempt.quote(e.accused.start, e.accused.end) if e.accused else "" for e in found)
        reading = Reading(sample, points, claims, said, accused, whole=whole)
        return self._ask(reading) if ask else reading

    def _with_one_reference(self, sample: Sample, attempt: str) -> Sample:
        """As the grader does where several answers are accepted."""
        if not sample.rubric.alternatives:
            return sample
        rubric = self._reader.nearest(sample.rubric, attempt)
        return replace(sample, rubric=rubric, labels=(sample.score,) * len(rubric.key_points))

    def _ask(self, reading: Reading) -> Reading:
        """The reading with what the model understood of its key points, or of the whole, where there is a model."""
        states = self._states
        if states is None:
            return reading
        rubric = reading.sample.rubric
        if reading.whole is not None:
            attempt = clean_with_origins(reading.sample.attempt).text
            return replace(reading, states=read_whole_states(lambda prompt: states.read(*prompt), rubric, attempt))
        prompts = [point_prompt(rubric, point, said) for point, said in enumerate(reading.said)]
        return replace(reading, states=tuple(states.read(*prompt) for prompt in prompts))

    def bare_signals(self, reference: str, attempt: str) -> tuple[float, float]:
        """(e5 cosine, share of the reference's terms) of two texts: what the baselines know."""
        first, second = self._reader.likeness.embed([reference[:MAX_EMBEDDED], attempt[:MAX_EMBEDDED]])
        wanted, found = Text(reference).terms, Text(attempt).terms
        return float(first @ second), len(wanted & found) / max(1, len(wanted))


def read_scored(reader: SampleReader, folder: Path) -> dict[str, list[Reading]]:
    """The human-scored sets that are in `folder`, read; attempts without a sentence are left to the guards."""
    return {
        name: [reading for sample in samples_of_set(folder, name) if (reading := reader.read(sample, ask=True))]
        for name in SCORED_SETS
        if (folder / f"{name}.jsonl").is_file()
    }


def have_states(scored: Mapping[str, Sequence[Reading]]) -> bool:
    """Whether the samples were read with the language model."""
    return all(reading.states for readings in scored.values() for reading in readings)
