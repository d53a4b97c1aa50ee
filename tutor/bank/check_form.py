"""The form of bank files: every slip against the schema (not only the first), and ids that are used twice."""

from collections.abc import Iterable

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from tutor.bank.bank_file import BankFile, Place, PlacedEntry
from tutor.bank.load import build_entry, is_bank_data
from tutor.bank.problems import Problem
from tutor.bank.schema import GROUPS, EntryForm, GroupFile
from tutor.bank.worksheet import Compute, Worksheet

_NEXT_STEPS = {
    "missing": "Add the field.",
    "extra_forbidden": "Remove the field or correct its name.",
    "too_short": "Add what is missing.",
    "too_long": "Shorten it.",
    "string_too_long": "Shorten it.",
}


def check_file(file: BankFile, compute: Compute) -> tuple[list[PlacedEntry], list[Problem]]:
    """The entries of a file that follow the schema, and every slip of those that do not."""
    if not is_bank_data(file.data):
        return [], [file.problem([], "no bank file", "Begin with `group: NAME` and `entries:`, see corpus/README.md.")]
    problems = _check_head(file)
    entries: list[PlacedEntry] = []
    for number, data in enumerate(file.data["entries"]):
        try:
            form = EntryForm.model_validate(data)
        except ValidationError as error:
            problems += [_problem(file, number, slip) for slip in error.errors()]
        else:
            sheet = Worksheet(form.calculations, compute)
            entries.append(PlacedEntry(build_entry(str(file.data["group"]), form, sheet), sheet, file, number))
    return entries, problems


def check_ids(files: Iterable[BankFile]) -> list[Problem]:
    """Ids that an earlier entry of the bank has already."""
    problems: list[Problem] = []
    origin: dict[str, str] = {}
    for file in files:
        for number in range(len(file.data["entries"])):
            name = file.entry_at(number)
            place: Place = ["entries", number, "id"]
            if name in origin:
                problems.append(
                    file.problem(place, f"`{name}` is already an entry of {origin[name]}", "Rename one of the two.")
                )
            elif name is not None:
                origin[name] = f"{file.name}, line {file.line_of(place)}"
    return problems


def _check_head(file: BankFile) -> list[Problem]:
    group = file.data["group"]
    if not isinstance(group, str) or group not in GROUPS:
        known = ", ".join(GROUPS)
        return [file.problem(["group"], f"unknown group {group!r}", f"Use one of {known}.")]
    problems = [
        file.problem([str(key)], "unknown field", _NEXT_STEPS["extra_forbidden"])
        for key in file.data
        if key not in GroupFile.model_fields
    ]
    if file.stem != group:
        step = f"Name the file {group}.yaml, or correct the group."
        problems.append(file.problem(["group"], f"the file of group `{group}` is named {file.name}", step))
    return problems


def _problem(file: BankFile, number: int, slip: ErrorDetails) -> Problem:
    found = slip.get("input")
    told = slip["msg"].removeprefix("Value error, ")
    if isinstance(found, str | int | float) and slip["type"] != "extra_forbidden":
        told += f", found {str(found)[:60]!r}"
    next_step = _NEXT_STEPS.get(slip["type"], "Correct the value.")
    return file.problem(["entries", number, *slip["loc"]], told, next_step)
