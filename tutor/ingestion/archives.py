"""What every reader of an archive owes a learner: damage and too much to unpack as clear errors. Knows no format."""

import sqlite3
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from tutor.errors import DocumentError

# What zipfile, zlib, sqlite3 and the readers of the parts let through on a damaged file.
_DAMAGE: tuple[type[Exception], ...] = (
    zipfile.BadZipFile, zlib.error, sqlite3.Error, SyntaxError, LookupError, ValueError, TypeError, AttributeError, RuntimeError,
    StopIteration, OSError, EOFError,
)  # fmt: skip


@contextmanager
def damage_told(error_of: Callable[[str], DocumentError], *others: type[Exception]) -> Iterator[None]:
    """Raises the error for a reason, which is what a damaged archive, or `others`, let through."""
    try:
        yield
    except (*_DAMAGE, *others) as damage:
        raise error_of(str(damage) or type(damage).__name__) from damage


def too_large(file: str, most_bytes: int, found: int) -> DocumentError:
    """What is wrong with a file that would unpack to so many bytes."""
    most, megabytes = most_bytes // 1_000_000, found // 1_000_000
    return DocumentError("ingestion.too_large_unpacked", file=file, most_megabytes=most, megabytes=megabytes)
