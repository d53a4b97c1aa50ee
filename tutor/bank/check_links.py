"""What entries point at: prerequisites, seed items and faults that must be covered, sources that can be looked up."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tutor.bank.bank_file import PlacedEntry
from tutor.bank.problems import Problem
from tutor.domain import Source

# The questions and the circulating mistakes that the bank grew from; ids only, one a line.
SEED_ITEMS = Path(__file__).with_name("seed_items.txt")
FAULT_ITEMS = Path(__file__).with_name("fault_items.txt")


@dataclass(frozen=True)
class IdList:
    """A list of ids that the bank must cover."""

    file: str
    lines: Mapping[str, int]  # id -> line it stands on


def read_ids(file: Path) -> IdList:
    """Ids, one a line."""
    lines = enumerate(file.read_text(encoding="utf-8").splitlines(), start=1)
    return IdList(file.name, {line.strip(): number for number, line in lines if line.strip()})


def check_prerequisites(entries: Sequence[PlacedEntry], known: Collection[str]) -> list[Problem]:
    """Prerequisites that no entry has as its id, and circles of them. `known` are the ids of all entries as written."""
    problems = [
        placed.problem(f"prerequisites.{number}", f"`{name}` is no entry of the bank", "Correct or remove the id.")
        for placed in entries
        for number, name in enumerate(placed.entry.prerequisites)
        if name not in known
    ]
    by_id = {placed.entry.id: placed for placed in entries}
    for circle in _circles({name: placed.entry.prerequisites for name, placed in by_id.items()}):
        told = f"a circle: {' -> '.join([*circle, circle[0]])}"
        problems.append(by_id[circle[0]].problem("prerequisites", told, "Remove one link of the circle."))
    return problems


def check_coverage(entries: Sequence[PlacedEntry], seed_items: IdList, fault_items: IdList) -> list[Problem]:
    """Items and faults that no entry covers, and ids of entries that are in neither list."""
    problems: list[Problem] = []
    for placed in entries:
        for number, seed in enumerate(placed.entry.seeds):
            if seed not in seed_items.lines:
                told = f"`{seed}` is no item of {seed_items.file}"
                problems.append(placed.problem(f"seeds.{number}", told, "Correct or remove the id."))
        for number, mistake in enumerate(placed.entry.misconceptions):
            for place, seed in enumerate(mistake.seeds):
                if seed not in fault_items.lines:
                    told = f"`{seed}` is no fault of {fault_items.file}"
                    field = f"misconceptions.{number}.seeds.{place}"
                    problems.append(placed.problem(field, told, "Correct or remove the id."))
    covered, mended = covered_seeds(entries), _mended_faults(entries)
    for items, found, step in (
        (seed_items, covered, "Answer it, and name it under `seeds` of the entry."),
        (fault_items, mended, "Correct it in a misconception that names it under `seeds`."),
    ):
        problems += [
            Problem(items.file, line, None, "seeds", f"`{item}` is covered by no entry that follows the schema", step)
            for item, line in items.lines.items()
            if item not in found
        ]
    return problems


def covered_seeds(entries: Iterable[PlacedEntry]) -> set[str]:
    """Seed items that the entries answer."""
    return {seed for placed in entries for seed in placed.entry.seeds}


def check_sources(placed: PlacedEntry) -> list[Problem]:
    """Sources that nobody could look up, and arXiv ids that cannot be."""
    problems: list[Problem] = []
    for number, source in enumerate(placed.entry.sources):
        if not (source.arxiv or source.url or (source.authors and source.year)):
            step = "Give an arXiv id, an https address, or authors and year of the book."
            problems.append(placed.problem(f"sources.{number}", "nothing to look it up by", step))
        slip = _arxiv_slip(source)
        if slip:
            step = "Look the paper up on arxiv.org."
            problems.append(placed.problem(f"sources.{number}.arxiv", slip, step))
    return problems


def _arxiv_slip(source: Source) -> str:
    match = re.match(r"(\d\d)(\d\d)\.(\d+)$", source.arxiv)
    if not match:
        return ""
    year, month, digits = 2000 + int(match[1]), int(match[2]), len(match[3])
    if not 1 <= month <= 12:
        return f"`{source.arxiv}`: there is no month {match[2]}"
    if digits != (5 if (year, month) >= (2015, 1) else 4):
        return f"`{source.arxiv}`: five digits since 2015, four before"
    # What is sent in on the last days of December gets a number of January.
    if source.year is not None and source.year < year - (month == 1):
        return f"`{source.arxiv}` is of {year}, the source says {source.year}"
    return ""


def _mended_faults(entries: Iterable[PlacedEntry]) -> set[str]:
    return {seed for placed in entries for mistake in placed.entry.misconceptions for seed in mistake.seeds}


def _circles(links: Mapping[str, Sequence[str]]) -> Iterator[list[str]]:
    """Each circle once, by a depth-first walk that keeps its own stack (a bank may be deep)."""
    done: set[str] = set()
    for start in links:
        path: list[str] = []
        todo: list[tuple[str, bool]] = [(start, False)]
        while todo:
            name, leaving = todo.pop()
            if leaving:
                path.pop()
                done.add(name)
            elif name in path:
                yield path[path.index(name) :]
            elif name not in done and name in links:
                path.append(name)
                todo.append((name, True))
                todo += [(target, False) for target in links[name]]
