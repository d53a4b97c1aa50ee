"""The page docs/measurements/grading.md: what `measure_grading` found, as tables, with what was tried beside it."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from langchain_core.embeddings import Embeddings
from langchain_core.language_models import BaseChatModel

from tutor.domain import Entry
from tutor.errors import SettingsError
from tutor.evaluation.fit_grading import SCORED_SETS, RowReader, read_scored
from tutor.evaluation.measure_grading import Measured, grade_own, measure_own, measure_sets, own_details
from tutor.evaluation.tables import markdown_table
from tutor.grading.grader import Grader

OWN = "own"
_HEAD = """# Grades, measured

`python -m tutor eval grading --measure --write` on {day}, embedder {embedder}. The grader asks no language model;
`model's number` is what {model} answers when asked for a mark of a sample of the attempts. 95 % intervals come from a
bootstrap that draws whole questions. Human-scored sets are other people's data and are not part of this project; each
is scored by a model that was fitted on the other sets only, as a learner's own question belongs to no set we know.
`own` are 240 attempts at 60 entries of the bank in both languages, written for this project and rated by two examiners
independently; no parameter was fitted on them. The straight lines that turn a bare similarity into a score are fitted
on the other sets (for `own`: on the other questions).
"""


def measure_all(
    entries: Sequence[Entry], embeddings: Embeddings, folder: Path, only: str | None, model: BaseChatModel | None = None
) -> tuple[list[Measured], dict[str, float]]:
    """Every set, or the named one; the details are those of the project's own set, empty when it was not asked for."""
    if only is not None and only not in (OWN, *SCORED_SETS):
        raise SettingsError(f"--set: expected one of {', '.join((OWN, *SCORED_SETS))}, found {only!r}.")
    measured: list[Measured] = []
    details: dict[str, float] = {}
    if only in (None, OWN):
        graded = grade_own(entries, Grader(embeddings))
        measured += measure_own(graded, embeddings, model)
        details = own_details(graded)
    if only != OWN:
        scored = read_scored(RowReader(embeddings, None), folder)
        measured += measure_sets(scored, [name for name in scored if only in (None, name)], model)
    return measured, details


def page(measured: Sequence[Measured], details: Mapping[str, float], day: str, embedder: str, model: str) -> str:
    """The whole page in Markdown."""
    rows = [item.line() for item in measured]
    parts = [
        _HEAD.format(day=day, embedder=embedder, model=model).strip(),
        "## Agreement with examiners",
        markdown_table(rows),
    ]
    if details:
        shown = [{"measure": name.replace("_", " "), "value": f"{value:.3f}"} for name, value in details.items()]
        parts += ["## Key points, wrong claims and bands on our own set", markdown_table(shown)]
    return "\n\n".join(parts) + "\n"
