"""Frozen dataclasses <-> plain JSON data, by their type hints. Knows no database and no particular class.

Reading is tolerant where time passes (unknown fields are ignored, missing ones take their default) and strict where
data is wrong (ValueError names the field).
"""

import dataclasses
import functools
import types
from collections.abc import Mapping, Sequence
from typing import Any, Literal, TypeVar, Union, cast, get_args, get_origin, get_type_hints

JsonData = None | bool | int | float | str | list["JsonData"] | dict[str, "JsonData"]
Kind = TypeVar("Kind")

_UNIONS = (Union, types.UnionType)


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
    return cast(Kind, _build(kind, data, kind.__name__))


def _build(kind: Any, data: Any, where: str) -> Any:
    origin = get_origin(kind)
    if kind is Any:
        return data
    if origin is Literal:
        return _checked(data in get_args(kind), data, where, f"one of {get_args(kind)}")
    if origin in _UNIONS:
        return _build_union(get_args(kind), data, where)
    if origin is tuple:
        return _build_tuple(get_args(kind), data, where)
    if isinstance(origin, type) and issubclass(origin, Mapping):
        value_kind = get_args(kind)[1]
        _checked(isinstance(data, dict), data, where, "an object")
        return {key: _build(value_kind, item, f"{where}.{key}") for key, item in data.items()}
    if dataclasses.is_dataclass(kind):
        return _build_dataclass(kind, data, where)
    return _build_plain(kind, data, where)


def _build_union(kinds: Sequence[Any], data: Any, where: str) -> Any:
    if data is None and type(None) in kinds:
        return None
    slips = []
    for kind in kinds:
        if kind is not type(None):
            try:
                return _build(kind, data, where)
            except ValueError as slip:
                slips.append(str(slip))
    raise ValueError("; ".join(slips))


def _build_tuple(kinds: Sequence[Any], data: Any, where: str) -> tuple[Any, ...]:
    _checked(isinstance(data, list), data, where, "a list")
    if len(kinds) == 2 and kinds[1] is Ellipsis:
        kinds = [kinds[0]] * len(data)
    _checked(len(kinds) == len(data), data, where, f"{len(kinds)} items")
    return tuple(_build(kind, item, f"{where}[{i}]") for i, (kind, item) in enumerate(zip(kinds, data, strict=True)))


def _build_dataclass(kind: Any, data: Any, where: str) -> Any:
    _checked(isinstance(data, dict), data, where, "an object")
    hints = _type_hints(kind)
    given = {}
    for field in dataclasses.fields(kind):
        if field.name in data:
            given[field.name] = _build(hints[field.name], data[field.name], f"{where}.{field.name}")
        elif field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING:
            raise ValueError(f"{where}.{field.name}: expected a value, found none")
    return kind(**given)


def _build_plain(kind: Any, data: Any, where: str) -> Any:
    if kind is float:
        _checked(isinstance(data, int | float) and not isinstance(data, bool), data, where, "a number")
        return float(data)
    fits = isinstance(data, kind) and not (kind is int and isinstance(data, bool))
    return _checked(fits, data, where, f"a {kind.__name__}")


def _checked(fits: bool, data: Any, where: str, expected: str) -> Any:
    if not fits:
        raise ValueError(f"{where}: expected {expected}, found {str(data)[:60]!r}")
    return data


@functools.cache
def _type_hints(kind: Any) -> dict[str, Any]:
    return get_type_hints(kind)
