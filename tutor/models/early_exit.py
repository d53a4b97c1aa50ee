"""The first blocks of a GGUF language model, as a file of their own: an early exit that llama.cpp can load.

What a small model understands of a text is clearest halfway up; the later blocks turn it into the next word. A file of
the first blocks reads a text in that share of the time. Layout: the GGUF specification, version 3 (ggml project).
"""

import os
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from filelock import FileLock

from tutor.errors import ModelError
from tutor.messages import Message

_MAGIC, _VERSION = b"GGUF", 3
_STRING, _ARRAY, _UINT32 = 8, 9, 4
_SIZES = {0: 1, 1: 1, 2: 2, 3: 2, 4: 4, 5: 4, 6: 4, 7: 1, 10: 8, 11: 8, 12: 8}  # bytes of a value by its type
_ALIGNMENT = 32  # of every tensor; a file that states another is refused
_CHUNK = 1 << 24


@dataclass(frozen=True)
class _Tensor:
    header: bytes  # name, dimensions and type as they stand in the file, without the offset
    name: str
    offset: int  # from the start of the data


def first_blocks(source: Path, count: int) -> Path:
    """The file with the first `count` transformer blocks of `source`, beside it; written once (a second or two).

    Raises ModelError when `source` is no GGUF file of version 3, has no more blocks than that, or nothing can be
    written beside it.
    """
    target = source.with_name(f"{source.stem}-first{count}.gguf")
    try:
        with FileLock(target.with_name(target.name + ".lock")):
            if not (target.is_file() and target.stat().st_mtime_ns >= source.stat().st_mtime_ns):
                partial = target.with_name(target.name + ".part")
                _write(source, partial, count)
                os.replace(partial, target)
    except OSError as error:
        raise ModelError("models.early_exit_unwritable", model=source.name, file=target, reason=error) from error
    return target


def _write(source: Path, target: Path, count: int) -> None:
    with source.open("rb") as file, target.open("wb") as out:
        try:
            values, tensors = _read_head(file, source, count)
        except (struct.error, KeyError, UnicodeDecodeError) as error:
            raise _refused(source, Message("models.damaged_head", reason=error)) from error
        start = _aligned(file.tell())
        end = file.seek(0, os.SEEK_END) - start
        lengths = _lengths(tensors, end)
        kept = [tensor for tensor in tensors if _block(tensor.name) < count]
        out.write(_MAGIC + struct.pack("<IQQ", _VERSION, len(kept), len(values)) + b"".join(values))
        at = 0
        for tensor in kept:
            out.write(tensor.header + struct.pack("<Q", at))
            at += _aligned(lengths[tensor.offset])
        _pad(out)
        for tensor in kept:
            file.seek(start + tensor.offset)
            for chunk in _chunks(file, lengths[tensor.offset]):
                out.write(chunk)
            _pad(out)


def _read_head(file: BinaryIO, source: Path, count: int) -> tuple[list[bytes], list[_Tensor]]:
    """(key-value pairs with the number of blocks replaced, tensors), both as bytes for writing."""
    if file.read(4) != _MAGIC or _number(file, "I") != _VERSION:
        raise _refused(source, Message("models.another_format"))
    tensors, pairs = _number(file, "Q"), _number(file, "Q")
    values, blocks = [], 0
    for _ in range(pairs):
        start = file.tell()
        key = _text(file)
        kind = _number(file, "I")
        at = file.tell()
        _skip(file, kind)
        raw = _again(file, start)
        if key == "general.alignment":
            raise _refused(source, Message("models.own_alignment"))
        if key.endswith(".block_count") and kind == _UINT32:
            (blocks,) = struct.unpack("<I", raw[at - start :])
            raw = raw[: at - start] + struct.pack("<I", count)
        values.append(raw)
    if blocks <= count:
        raise _refused(source, Message("models.blocks", blocks=blocks))
    return values, [_read_tensor(file) for _ in range(tensors)]


def _read_tensor(file: BinaryIO) -> _Tensor:
    start = file.tell()
    name = _text(file)
    file.seek(8 * _number(file, "I") + 4, os.SEEK_CUR)
    header = _again(file, start)
    return _Tensor(header, name, _number(file, "Q"))


def _lengths(tensors: list[_Tensor], end: int) -> dict[int, int]:
    """Bytes of each tensor, padding included, by its offset."""
    offsets = sorted(tensor.offset for tensor in tensors)
    return {offset: after - offset for offset, after in zip(offsets, [*offsets[1:], end], strict=True)}


def _block(name: str) -> int:
    """Number of the block a tensor belongs to; -1 for embedding, last norm and output."""
    parts = name.split(".")
    return int(parts[1]) if parts[0] == "blk" else -1


def _number(file: BinaryIO, code: str) -> int:
    (value,) = struct.unpack(f"<{code}", file.read(struct.calcsize(code)))
    return int(value)


def _text(file: BinaryIO) -> str:
    return file.read(_number(file, "Q")).decode("utf-8")


def _skip(file: BinaryIO, kind: int) -> None:
    if kind == _STRING:
        file.seek(_number(file, "Q"), os.SEEK_CUR)
    elif kind == _ARRAY:
        inner, length = _number(file, "I"), _number(file, "Q")
        if inner == _STRING:
            for _ in range(length):
                _skip(file, _STRING)
        else:
            file.seek(_SIZES[inner] * length, os.SEEK_CUR)
    else:
        file.seek(_SIZES[kind], os.SEEK_CUR)


def _again(file: BinaryIO, start: int) -> bytes:
    """The bytes from `start` to here."""
    length = file.tell() - start
    file.seek(start)
    return file.read(length)


def _chunks(file: BinaryIO, length: int) -> Iterator[bytes]:
    while length > 0 and (chunk := file.read(min(length, _CHUNK))):
        yield chunk
        length -= len(chunk)


def _pad(out: BinaryIO) -> None:
    out.write(b"\0" * (_aligned(out.tell()) - out.tell()))


def _aligned(position: int) -> int:
    return -(-position // _ALIGNMENT) * _ALIGNMENT


def _refused(source: Path, found: Message) -> ModelError:
    return ModelError("models.no_early_exit", model=source.name, version=_VERSION, found=found)
