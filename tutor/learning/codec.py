"""Frozen dataclasses <-> plain JSON data, by their type hints. Knows no database and no particular class.

Reading is tolerant where time passes (unknown fields are ignored, missing ones take their default) and strict where
data is wrong (ValueError names the field).
"""

import dataclasses
import functools
import json
from collections.abc import Mapping, Sequence
from typing import Any, TypeVar, cast

from pydantic import TypeAdapter, ValidationError

JsonData = None | bool | int | float | str | list["JsonData"] | dict[str, "JsonData"]
Kind = TypeVar("Kind")


def storable_text(text: str) -> str:
    """The text without what no database can hold: NUL characters are dropped, lone surrogates become `?`."""
    return text.replace("\x00", "").encode("utf-8", "replace").decode("utf-8")


def to_data(value: Any) -> JsonData:
    """Dataclasses, mappings, sequences and plain values as JSON data. Raises TypeError for anything else."""
    if isinstance(value, str):
        return storable_text(value)
    if value is None or isinstance(value, bool | int | float):
        return value
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: to_data(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, Mapping):
        return {str(key): to_data(item) for key, item in value.items()}
    if isinstance(value, Sequence):
        return [to_data(item) for item in value]
    raise TypeError(f"cannot be stored as JSON: {type(value).__name__}")


def from_data(kind: type[Kind], data: Any) -> Kind:
    """The `kind` that `to_data` made `data` of. Raises ValueError naming the field that does not fit."""
    try:
        # as JSON text: only there does strict mode take a list for a tuple, and still no text for a number
        made: Kind = _adapter(cast(Any, kind)).validate_json(json.dumps(data), strict=True)
    except ValidationError as error:
        raise ValueError(kind.__name__ + _first_slip(error)) from error
    return made


def _first_slip(error: ValidationError) -> str:
    slip = error.errors(include_url=False)[0]
    place = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in slip["loc"])
    if slip["type"] == "missing":
        return f"{place}: expected a value, found none"
    return f"{place}: expected {slip['msg'].removeprefix('Input should be ')}, found {str(slip['input'])[:60]!r}"


@functools.cache
def _adapter(kind: Any) -> TypeAdapter[Any]:
    return TypeAdapter(kind)
