"""Files of the bank: the data with the line of every field. Checks nothing beyond being readable YAML."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from tutor.bank.problems import Problem
from tutor.bank.worksheet import Worksheet
from tutor.domain import Entry
from tutor.text.read_yaml import LOADER

Place = Sequence[str | int]


@dataclass(frozen=True)
class BankFile:
    """One parsed file."""

    name: str
    stem: str
    data: Any
    root: yaml.Node | None

    def line_of(self, place: Place) -> int:
        """Line of the field at `place`, or of the nearest thing around it that is written."""
        node, line = self.root, 1
        for step in place:
            node, at = _child(node, step)
            if node is None:
                break
            line = at
        return line

    def entry_at(self, number: int) -> str | None:
        """The id of an entry as written, if it has one."""
        data = self.data["entries"][number]
        found = data.get("id") if isinstance(data, dict) else None
        return found if isinstance(found, str) else None

    def problem(self, place: Place, problem: str, next_step: str) -> Problem:
        """A problem at `place`, counted from the top of the file."""
        entry = None
        field = [str(step) for step in place]
        if len(place) >= 2 and place[0] == "entries" and isinstance(place[1], int):
            entry = self.entry_at(place[1])
            field = field[2:]
        return Problem(self.name, self.line_of(place), entry, ".".join(field) or None, problem, next_step)


@dataclass(frozen=True)
class PlacedEntry:
    """An entry that follows the schema, with its worksheet and its place in a file."""

    entry: Entry
    sheet: Worksheet
    file: BankFile
    number: int  # from 0 within the file

    def problem(self, field: str, problem: str, next_step: str) -> Problem:
        """A problem of one field ("answer.zh"; "" for the entry)."""
        steps: list[str | int] = [int(step) if step.isdigit() else step for step in field.split(".") if step]
        return self.file.problem(["entries", self.number, *steps], problem, next_step)


def read_bank_file(path: Path) -> tuple[BankFile | None, list[Problem]]:
    """The file with its lines, or None with what makes it unreadable; a key written twice is a problem as well."""
    try:
        loader = LOADER(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        return None, [Problem(path.name, 1, None, None, f"not readable as UTF-8 text ({error})", "Save it as UTF-8.")]
    try:
        root = loader.get_single_node()
        data = loader.construct_document(root) if root is not None else None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        told = getattr(error, "problem", None) or "not readable as YAML"
        return None, [Problem(path.name, mark.line + 1 if mark else 1, None, None, told, "Mend the YAML there.")]
    finally:
        loader.dispose()
    file = BankFile(path.name, path.stem, data, root)
    return file, [
        Problem(
            file.name, line, None, key, f"`{key}` is written twice; the first one is lost", "Remove one of the two."
        )
        for key, line in _repeated_keys(root)
    ]


def _child(node: yaml.Node | None, step: str | int) -> tuple[yaml.Node | None, int]:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if key.value == str(step):
                return value, key.start_mark.line + 1
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
        return node.value[step], node.value[step].start_mark.line + 1
    return None, 0


def _repeated_keys(node: yaml.Node | None) -> Iterator[tuple[str, int]]:
    if isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            if key.value in seen:
                yield key.value, key.start_mark.line + 1
            seen.add(key.value)
            yield from _repeated_keys(value)
    elif isinstance(node, yaml.SequenceNode):
        for item in node.value:
            yield from _repeated_keys(item)
