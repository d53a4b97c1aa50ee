"""The page docs/measurements/grading.md: what `measure_grading` found, as tables, with what was tried beside it."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from langchain_core.embeddings import Embeddings
from langchain_core.language_models import BaseChatModel

from tutor.domain import Entry
from tutor.errors import SettingsError
from tutor.evaluation.fit_grading import calibrations_left_out, read_own
from tutor.evaluation.grading_reads import SCORED_SETS, RowReader, read_scored
from tutor.evaluation.measure_grading import WITH_MODEL, Measured, grade_own, measure_own, measure_sets, own_details
from tutor.evaluation.rated import load_rated
from tutor.evaluation.tables import markdown_table
from tutor.grading.judge import StateReader

OWN = "own"
_HEAD = """# Grades, measured

`python -m tutor eval grading --measure --write` on {day}, embedder {embedder},
language model {model}. `grader` goes without a language model; `grader with model` weighs what its
first blocks have understood (decision 0012); `model's number` is what it answers when asked for a mark, on a sample, because
each answer takes seconds. 95 % intervals come from a bootstrap that draws whole questions. Human-scored sets are other people's
data and are not part of this project; each is scored by a model that was fitted on the other sets only, as a learner's own
question belongs to no set we know. `own` are {own} attempts at {entries} entries of the bank in both languages, written for this
project and rated by two examiners independently; each is graded by a fit without its question. Which signals and ridges to use
was decided on the same data, with questions or sets left out, so the figures are a little too kind. The straight lines that
turn a bare similarity into a score are fitted on the other sets (for `own`: on the other questions).
"""


def measure_all(
    entries: Sequence[Entry],
    embeddings: Embeddings,
    folder: Path,
    only: str | None,
    states: StateReader | None = None,
    model: BaseChatModel | None = None,
) -> tuple[list[Measured], dict[str, dict[str, float]]]:
    """Every set, or the named one; details by method are those of the project's own set, empty when it was not asked for."""
    if only is not None and only not in (OWN, *SCORED_SETS):
        raise SettingsError(f"--set: expected one of {', '.join((OWN, *SCORED_SETS))}, found {only!r}.")
    measured: list[Measured] = []
    details: dict[str, dict[str, float]] = {}
    if only in (None, OWN):
        rated = [item.entry for item in load_rated()]
        folds = list(calibrations_left_out(read_own(RowReader(embeddings, states), entries), rated))
        graded = grade_own(entries, embeddings, None, folds)
        judged = grade_own(entries, embeddings, states, folds) if states else []
        measured += measure_own(graded, embeddings, model, judged)
        details = {"grader": own_details(graded)} | ({WITH_MODEL: own_details(judged)} if judged else {})
    if only != OWN:
        scored = read_scored(RowReader(embeddings, states), folder)
        measured += measure_sets(scored, [name for name in scored if only in (None, name)], model)
    return measured, details


def page(
    measured: Sequence[Measured], details: Mapping[str, Mapping[str, float]], day: str, embedder: str, model: str
) -> str:
    """The whole page in Markdown."""
    rated = load_rated()
    entries = len({item.entry for item in rated})
    parts = [
        _HEAD.format(day=day, embedder=embedder, model=model, own=len(rated), entries=entries).strip(),
        "## Agreement with examiners",
        markdown_table([item.line() for item in measured]),
    ]
    if details:
        names = next(iter(details.values()))
        shown = [
            {"measure": name.replace("_", " "), **{method: f"{values[name]:.3f}" for method, values in details.items()}}
            for name in names
        ]
        parts += ["## Key points, wrong claims and bands on our own set", markdown_table(shown)]
    return "\n\n".join(parts) + "\n"
