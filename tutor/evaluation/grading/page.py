"""What `eval grading --measure` found, kept by set in docs/measurements/grading.json and shown in grading.md beside it."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from langchain_core.embeddings import Embeddings
from langchain_core.language_models import BaseChatModel

from tutor.domain import Entry
from tutor.errors import SettingsError
from tutor.evaluation.grading.derived import misplaced_samples
from tutor.evaluation.grading.fit import calibrations_left_out
from tutor.evaluation.grading.measure_own import detail_lines, grade_left_out, measure_own, misplaced_line
from tutor.evaluation.grading.measure_sets import measure_known_set, measure_unseen_set
from tutor.evaluation.grading.measurement import WITH_MODEL, Measurement
from tutor.evaluation.grading.own import read_own
from tutor.evaluation.grading.readings import SCORED_SETS, SampleReader, read_scored, samples_of_set
from tutor.evaluation.grading.samples import rated_lines, rated_samples
from tutor.evaluation.statistics.tables import markdown_table
from tutor.grading.judge import StateReader
from tutor.grading.topic import bank_topics

OWN = "own"
_COLUMNS = (
    "set", "method", "attempts", "pearson", "qwk", "rmse", "weighted_rmse", "within_question", "in_band", "measured",
)  # fmt: skip
_HEAD = """# Grades, measured

`python -m tutor eval grading --measure --write`, with `--set NAME` for some sets; each row has its day. Another set is graded
as the product ships: `--sets FOLDER --set NAME`, without `--write`, reads `NAME.jsonl` (decision 0014). `grader` goes
without a language model; `grader with model` weighs what the first blocks of the bundled one have understood (decision
0012); `model's number` is what it answers when asked for a mark, on a sample, because each answer takes seconds. 95 %
intervals come from a bootstrap that draws whole questions. Human-scored sets are other people's data and are not part of
this project; each is graded as the product grades, guards and all, by parameters that were fitted on the other sets only, as
a learner's own question belongs to no set we know, and its band is the one that the other sets need. `own` are {own} attempts
at {entries} entries of the bank in both languages, written for this project and rated by two examiners independently; each is graded by a fit without its question.
Which signals and ridges to use was decided on the same data, with questions or sets left out, so the figures are a little
too kind. The straight lines that turn a bare similarity into a score are fitted on the other sets (for `own`: on the other
questions). `within_question` is the median over questions with three or more attempts in the sample; `-` is where there are
too few.
"""


@dataclass(frozen=True)
class Conditions:
    """Under which something was measured."""

    day: str
    embedder: str
    model: str


def measure_all(
    entries: Sequence[Entry],
    embeddings: Embeddings,
    folder: Path | None,
    only: Sequence[str],
    states: StateReader | None = None,
    model: BaseChatModel | None = None,
) -> tuple[list[Measurement], list[dict[str, str]]]:
    """The named sets, all that are known when none is named; other names are files in `folder` that took part in no fit.

    The second are details of the project's own set, empty without it.
    """
    measured: list[Measurement] = []
    details: list[dict[str, str]] = []
    if not only or OWN in only:
        measured, details = _measure_own(entries, embeddings, states, model)
    if folder is None:
        return measured, details
    unseen = [name for name in only if name not in (OWN, *SCORED_SETS)]
    if not only or set(only) - {OWN, *unseen}:
        scored = read_scored(SampleReader(embeddings, states), folder)
        for name in scored:
            if not only or name in only:
                measured += measure_known_set(scored, name, embeddings, states, model)
    for name in unseen:
        samples = samples_of_set(folder, name)
        measured += measure_unseen_set(samples, name, embeddings, states, model, bank_topics(entries))
    return measured, details


def _measure_own(
    entries: Sequence[Entry], embeddings: Embeddings, states: StateReader | None, model: BaseChatModel | None
) -> tuple[list[Measurement], list[dict[str, str]]]:
    own = read_own(SampleReader(embeddings, states, bank_topics(entries)), entries)
    known = {entry.id: entry for entry in entries}
    rated = rated_samples(known)
    folds = list(calibrations_left_out(own, [sample.entry_id for sample in rated]))
    ways: dict[str, StateReader | None] = {"grader": None} | ({WITH_MODEL: states} if states else {})
    graded, misplaced = (
        {method: grade_left_out(samples, entries, embeddings, way, folds) for method, way in ways.items()}
        for samples in (rated, list(misplaced_samples(known, rated)))
    )
    measured = measure_own(graded["grader"], embeddings, model, graded.get(WITH_MODEL, ()))
    return measured, [*detail_lines(graded), misplaced_line(misplaced)]


def require_sets(names: Sequence[str], folder: Path | None, *, write: bool) -> None:
    """Raises SettingsError when there is no such set, or when the page would get one that it does not show."""
    known = (OWN, *SCORED_SETS)
    for name in names:
        if name in known:
            continue
        if not (folder and (folder / f"{name}.jsonl").is_file()):
            raise SettingsError("evaluation.unknown_set", known=known, name=name, folder=folder or "--sets")
        if write:
            raise SettingsError("evaluation.set_without_page", known=known, name=name)
    if folder is None and set(names) != {OWN}:
        raise SettingsError("evaluation.no_folder_to_measure")


def keep(
    file: Path, measured: Sequence[Measurement], details: Sequence[dict[str, str]], how: Conditions
) -> dict[str, Any]:
    """Puts what was measured in the place of what `file` has of the same set and method; all that is known now."""
    known = json.loads(file.read_text(encoding="utf-8")) if file.is_file() else {"sets": {}, "details": []}
    for item in measured:
        lines = {line["method"]: line for line in known["sets"].get(item.name, [])}
        lines[item.method] = {**item.line(), "measured": how.day}
        known["sets"][item.name] = list(lines.values())
    if details:
        known["details"] = list(details)
    known |= {"embedder": how.embedder, "model": how.model}
    file.write_text(json.dumps(known, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return known


def page(known: Mapping[str, Any]) -> str:
    """The whole page in Markdown."""
    rated = rated_lines()
    entries = len({line["entry"] for line in rated})
    order = [name for name in (OWN, *SCORED_SETS) if name in known["sets"]]
    parts = [
        _HEAD.format(own=len(rated), entries=entries).strip(),
        f"Embedder: {known['embedder']}. Language model: {known['model']}.",
        "## Agreement with examiners",
        markdown_table([{c: line.get(c, "-") for c in _COLUMNS} for name in order for line in known["sets"][name]]),
    ]
    if known["details"]:
        parts += ["## Key points, wrong claims and bands on our own set", markdown_table(known["details"])]
    return "\n\n".join(parts) + "\n"
