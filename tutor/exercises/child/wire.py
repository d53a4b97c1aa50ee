"""Values as JSON text and back, for the pipe between the judge and a learner's process.

Every JSON object on the wire is a tagged value (`array`, `record`), so nothing a learner returns is ever executed or
unpickled. Only plain values and numeric NumPy arrays pass; all else is refused with the name of its type.
"""

import base64
import binascii
import json
import math
from typing import Any

import numpy as np

NUMERIC_KINDS = "biuf"
MAX_RANK = 16
MAX_DEPTH = 20  # so that nothing which walks a value can run out of stack


def encode(value: Any) -> Any:
    """JSON-ready form of a value. Raises TypeError for a type that does not pass."""
    if value is None or isinstance(value, bool | int | float | str):
        return _plain(value)
    if isinstance(value, np.ndarray | np.generic):
        return _encode_array(np.asarray(value))
    if isinstance(value, list | tuple):
        return [encode(item) for item in value]
    if isinstance(value, dict):
        return {"record": [[encode(key), encode(item)] for key, item in value.items()]}
    raise TypeError(type(value).__name__)


def decode(form: Any, depth: int = 0) -> Any:
    """The value of an encoded form. Raises ValueError for anything malformed or nested too deeply."""
    if depth > MAX_DEPTH:
        raise ValueError(f"more than {MAX_DEPTH} levels")
    if isinstance(form, list):
        return [decode(item, depth + 1) for item in form]
    if not isinstance(form, dict):
        return form
    if set(form) == {"array"}:
        return _decode_array(form["array"])
    if set(form) == {"record"} and isinstance(form["record"], list):
        return dict(_decode_pair(pair, depth + 1) for pair in form["record"])
    raise ValueError(f"unknown tag {sorted(form)[:3]}")


def dump_line(message: dict[str, Any]) -> bytes:
    """One message as one line."""
    return json.dumps(message).encode() + b"\n"


def _plain(value: Any) -> Any:
    """Subclasses (np.float64 is a float) become the plain type."""
    for kind in (bool, int, float, str):
        if isinstance(value, kind):
            return kind(value)
    return None


def _encode_array(array: np.ndarray) -> Any:
    if array.dtype.kind not in NUMERIC_KINDS or array.dtype.itemsize > 8:
        raise TypeError(f"array of {array.dtype}")
    little = array.astype(array.dtype.newbyteorder("<"))
    return {"array": [little.dtype.str, list(array.shape), base64.b64encode(little.tobytes()).decode()]}


def _decode_array(parts: Any) -> np.ndarray:
    if not (isinstance(parts, list) and len(parts) == 3 and isinstance(parts[0], str) and isinstance(parts[2], str)):
        raise ValueError("an array is [dtype, shape, data]")
    name, shape, data = parts
    if len(name) != 3 or name[0] not in "<|" or name[1] not in NUMERIC_KINDS or name[2] not in "1248":
        raise ValueError(f"dtype {name[:10]!r}")
    sizes_fit = isinstance(shape, list) and len(shape) <= MAX_RANK
    if not sizes_fit or not all(type(size) is int and 0 <= size < 2**31 for size in shape):
        raise ValueError("shape")
    try:
        raw = base64.b64decode(data, validate=True)
        dtype = np.dtype(name)
    except (binascii.Error, TypeError) as error:
        raise ValueError("data") from error
    if len(raw) != math.prod(shape) * dtype.itemsize:
        raise ValueError("data does not fill the shape")
    return np.frombuffer(raw, dtype).reshape(shape).copy()


def _decode_pair(pair: Any, depth: int) -> tuple[Any, Any]:
    if not isinstance(pair, list) or len(pair) != 2:
        raise ValueError("a record holds pairs")
    key = decode(pair[0], depth)
    if isinstance(key, list):  # a tuple was the key
        key = tuple(key)
    if isinstance(key, tuple | dict | np.ndarray) and not _is_flat(key):
        raise ValueError("a key is a plain value or a tuple of plain values")
    return key, decode(pair[1], depth)


def _is_flat(key: Any) -> bool:
    return isinstance(key, tuple) and all(item is None or isinstance(item, bool | int | float | str) for item in key)
