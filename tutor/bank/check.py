"""`bank check`: everything a program can tell about the bank's quality, as a list of problems with places.

Composes the checks of form, content, links, numbers and questions; each knows its own subject only.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from langchain_core.embeddings import Embeddings

from tutor.bank.bank_file import BankFile, PlacedEntry, read_bank_file
from tutor.bank.check_content import check_aliases, check_entry
from tutor.bank.check_form import check_file, check_ids
from tutor.bank.check_links import (
    FAULT_ITEMS,
    SEED_ITEMS,
    check_coverage,
    check_prerequisites,
    check_sources,
    covered_seeds,
    read_ids,
)
from tutor.bank.check_numbers import check_calculations
from tutor.bank.check_questions import check_questions
from tutor.bank.load import is_bank_data
from tutor.bank.problems import Problem
from tutor.bank.worksheet import Compute


@dataclass(frozen=True)
class BankReport:
    """What the checks found; `entries` are those that follow the schema."""

    entries: int
    seed_items_covered: int
    seed_items_total: int
    problems: tuple[Problem, ...]


def check_bank(
    folder: Path,
    compute: Compute,
    embeddings: Embeddings | None = None,
    *,
    seed_items: Path = SEED_ITEMS,
    fault_items: Path = FAULT_ITEMS,
) -> BankReport:
    """All problems of the *.yaml files of a folder, in the order of files and lines.

    `compute` computes the numbers that the texts place; without `embeddings` near-duplicate questions are not looked for.
    """
    paths = sorted(folder.glob("*.yaml"))
    files, problems = _read_files(paths)
    if not paths:
        problems = [Problem(str(folder), 1, None, None, "no *.yaml files", "Is this the folder of the bank?")]
    entries: list[PlacedEntry] = []
    for file in files:
        found, slips = check_file(file, compute)
        entries += found
        problems += slips
    readable = [file for file in files if is_bank_data(file.data)]
    known = {
        name for file in readable for number in range(len(file.data["entries"])) if (name := file.entry_at(number))
    }
    seeds = read_ids(seed_items)
    problems += check_ids(readable)
    for placed in entries:
        problems += [*check_entry(placed), *check_sources(placed), *check_calculations(placed)]
    problems += check_aliases(entries)
    if paths and len(readable) == len(paths):  # what a file that cannot be read holds is not missing from the bank
        problems += check_prerequisites(entries, known)
        problems += check_coverage(entries, seeds, read_ids(fault_items))
    if embeddings is not None:
        problems += check_questions(entries, embeddings)
    lists = {seed_items.name, fault_items.name}
    problems.sort(key=lambda problem: (problem.file in lists, problem.file, problem.line))
    return BankReport(len(entries), len(covered_seeds(entries) & set(seeds.lines)), len(seeds.lines), tuple(problems))


def _read_files(paths: Sequence[Path]) -> tuple[list[BankFile], list[Problem]]:
    files: list[BankFile] = []
    problems: list[Problem] = []
    for path in paths:
        file, slips = read_bank_file(path)
        problems += slips
        if file is not None:
            files.append(file)
    return files, problems
