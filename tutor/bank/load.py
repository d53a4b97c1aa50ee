"""Bank files -> entries, with the computed numbers in their texts. Reads YAML and the schema; judges no content."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from tutor.bank.schema import GROUPS, EntryForm, GroupFile, MisconceptionForm
from tutor.bank.worksheet import Compute, Worksheet
from tutor.domain import Entry, FollowUp, KeyPoint, Misconception, Source
from tutor.errors import BankError
from tutor.messages import Message
from tutor.text.read_yaml import read_yaml


@dataclass(frozen=True)
class Bank:
    """All entries, in the order of the groups."""

    entries: tuple[Entry, ...]
    _by_id: Mapping[str, Entry] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_by_id", {entry.id: entry for entry in self.entries})

    def get(self, entry_id: str) -> Entry:
        """The entry; raises BankError when there is none of that id."""
        try:
            return self._by_id[entry_id]
        except KeyError:
            raise BankError("bank.unknown_entry", entry=entry_id, known=len(self.entries)) from None

    def __contains__(self, entry_id: str) -> bool:
        return entry_id in self._by_id

    @property
    def groups(self) -> tuple[str, ...]:
        """Groups that have entries, in the order of the schema."""
        used = {entry.group for entry in self.entries}
        return tuple(group for group in GROUPS if group in used)


def load_bank(folder: Path, compute: Compute) -> Bank:
    """All bank files of a folder, with the numbers that `compute` gives. Raises BankError on the first slip, or when two
    entries share an id."""
    files = sorted(folder.glob("*.yaml"), key=lambda file: _group_order(file.stem))
    if not files:
        raise BankError("bank.no_files", folder=folder)
    entries: list[Entry] = []
    origin: dict[str, Path] = {}
    for file in files:
        for entry in load_entries(file, compute):
            if entry.id in origin:
                raise BankError("bank.duplicate", file=file.name, entry=entry.id, other=origin[entry.id].name)
            origin[entry.id] = file
            entries.append(entry)
    return Bank(tuple(entries))


def load_entries(file: Path, compute: Compute) -> list[Entry]:
    """The entries of one bank file with the numbers that `compute` gives; raises BankError naming file, line or entry, and field."""
    try:
        data = read_yaml(file.read_text(encoding="utf-8"))
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = Message("files.line", number=mark.line + 1) if mark else ""
        problem = getattr(error, "problem", None) or Message("files.no_yaml")
        raise BankError("files.yaml_slip", file=file.name, line=line, problem=problem) from error
    except (OSError, UnicodeDecodeError) as error:
        raise BankError("files.not_utf8", file=file.name, reason=error) from error
    if not is_bank_data(data):
        raise BankError("bank.no_bank_file", file=file.name, found=_describe(data))
    try:
        form = GroupFile.model_validate(data)
    except ValidationError as error:
        raise _first_slip(file.name, error, data) from error
    return [_load_entry(file.name, form.group, entry, compute) for entry in form.entries]


def is_bank_data(data: Any) -> bool:
    """Whether parsed YAML looks like a bank file at all."""
    return isinstance(data, dict) and "group" in data and isinstance(data.get("entries"), list)


def _load_entry(file: str, group: str, form: EntryForm, compute: Compute) -> Entry:
    sheet = Worksheet(form.calculations, compute)
    entry = build_entry(group, form, sheet)
    if sheet.slips:
        slip = sheet.slips[0]
        raise _slip(file, form.id, slip.field, slip.problem)
    return entry


def _group_order(group: str) -> tuple[int, str]:
    names = list(GROUPS)
    return (names.index(group) if group in names else len(names), group)


def _describe(data: Any) -> Message:
    if isinstance(data, dict):
        return Message("bank.keys", keys=sorted(map(str, data))[:5])
    return Message("bank.nothing") if data is None else Message("bank.kind", kind=type(data).__name__)


def _first_slip(file: str, error: ValidationError, data: Any) -> BankError:
    slips = error.errors()
    slip = slips[0]
    where = list(slip["loc"])
    name: object = None
    if len(where) >= 2 and where[0] == "entries" and isinstance(where[1], int):
        entry = data["entries"][where[1]]
        given = entry.get("id") if isinstance(entry, dict) else None
        name = given or Message("bank.number", number=where[1] + 1)
        where = where[2:]
    return _slip(file, name, ".".join(map(str, where)), slip["msg"], len(slips) - 1)


def _slip(file: str, entry: object, field_name: str, problem: str, more: int = 0) -> BankError:
    return BankError(
        "bank.slip",
        file=file,
        entry=Message("bank.in_entry", entry=entry) if entry else "",
        field=Message("bank.in_field", field=field_name) if field_name else "",
        problem=problem,
        more=Message("bank.more", count=more) if more else "",
    )


def build_entry(group: str, form: EntryForm, sheet: Worksheet) -> Entry:
    """The entry as the rest of the program knows it, its texts filled in by the worksheet."""
    return Entry(
        id=form.id,
        group=group,
        kind=form.kind,
        level=form.level,
        frequency=form.frequency,
        question=sheet.fill("question", form.question),
        aliases={
            "zh": tuple(sheet.fill_text(f"aliases.zh.{n}", alias) for n, alias in enumerate(form.aliases.zh)),
            "en": tuple(sheet.fill_text(f"aliases.en.{n}", alias) for n, alias in enumerate(form.aliases.en)),
        },
        answer=sheet.fill("answer", form.answer),
        key_points=tuple(
            KeyPoint(point.id, sheet.fill(f"key_points.{n}", point), point.weight)
            for n, point in enumerate(form.key_points)
        ),
        follow_ups=tuple(
            FollowUp(item.probes, sheet.fill(f"follow_ups.{n}", item)) for n, item in enumerate(form.follow_ups)
        ),
        hints=tuple(sheet.fill(f"hints.{n}", hint) for n, hint in enumerate(form.hints)),
        misconceptions=tuple(_misconception(sheet, n, item) for n, item in enumerate(form.misconceptions)),
        sources=tuple(Source(**source.model_dump()) for source in form.sources),
        seeds=tuple(form.seeds),
        prerequisites=tuple(form.prerequisites),
        calculations=sheet.calculations,
        dated=sheet.fill("dated", form.dated) if form.dated else None,
    )


def _misconception(sheet: Worksheet, number: int, form: MisconceptionForm) -> Misconception:
    field_name = f"misconceptions.{number}"
    claim, correction = (
        sheet.fill(f"{field_name}.claim", form.claim),
        sheet.fill(f"{field_name}.correction", form.correction),
    )
    return Misconception(form.id, claim, correction, tuple(form.seeds))
