"""Where weights can come from, as plain data, and the two things every fetch shares: a failure and a growing file.

Knows nothing of catalogues, networks or package indexes.
"""

import hashlib
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

from tutor.messages import Message

Progress = Callable[[int, int], None]  # (done_bytes, total_bytes); total is 0 while unknown

BLOCK_BYTES = 1 << 20


@dataclass(frozen=True)
class LocalFile:
    """A file, or a folder that holds the file under its catalogue name, named by the user."""

    path: Path


@dataclass(frozen=True)
class PackageParts:
    """The file cut into packages of the index, each carrying one part as data; joined in order they are the file."""

    pins: tuple[str, ...]  # one requirement with its hash per part: `NAME==VERSION --hash=sha256:...`
    part_bytes: int  # of every part but the last


@dataclass(frozen=True)
class PackagedFile:
    """A file that an installed package brings along; nothing to fetch."""

    package: str
    member: str


@dataclass(frozen=True)
class HuggingFace:
    """One file of a Hugging Face repository; the host is HF_ENDPOINT where that is set."""

    repository: str
    file: str
    revision: str = "main"


@dataclass(frozen=True)
class ModelScope:
    """One file of a ModelScope repository."""

    repository: str
    file: str
    revision: str = "master"


Source = LocalFile | PackageParts | PackagedFile | HuggingFace | ModelScope


def source_label(source: Source) -> Message:
    """The source in words, for messages and lists."""
    match source:
        case LocalFile(path):
            return Message("models.local_path", path=path)
        case PackageParts():
            return Message("models.package_index")
        case PackagedFile(package):
            return Message("models.installed_package", package=package)
        case HuggingFace(repository):
            return Message("models.hugging_face", repository=repository)
        case ModelScope(repository):
            return Message("models.modelscope", repository=repository)


class SourceError(Message, Exception):
    """One source could not deliver; the message is the reason, and the next source is tried."""


class PartialFile:
    """The prefix of a file fetched so far: appended to, hashed while written, resumable after a kill."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self.path = path
        self._file = path.open("ab+")
        self.done_bytes = 0
        self._hash = hashlib.sha256()
        self._rehash()

    def append(self, block: bytes) -> None:
        """Write one more block."""
        self._file.write(block)
        self._hash.update(block)
        self.done_bytes += len(block)

    def keep_only(self, size_bytes: int) -> None:
        """Cut back to the first `size_bytes` bytes, for instance to the last finished part."""
        if size_bytes != self.done_bytes:
            self._file.flush()
            self._file.truncate(size_bytes)
            self._rehash()

    def sha256(self) -> str:
        return self._hash.hexdigest()

    def settle(self) -> None:
        """Put what was written on the disk: a file that gets its final name must survive a power cut."""
        self._file.flush()
        os.fsync(self._file.fileno())

    def _rehash(self) -> None:
        self._file.seek(0)
        self._hash = hashlib.sha256()
        self.done_bytes = 0
        while block := self._file.read(BLOCK_BYTES):
            self._hash.update(block)
            self.done_bytes += len(block)

    def __enter__(self) -> "PartialFile":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._file.close()


def file_sha256(path: Path, progress: Progress | None = None) -> str:
    """SHA-256 of a file, read once from start to end."""
    total, done = path.stat().st_size, 0
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(BLOCK_BYTES):
            digest.update(block)
            done += len(block)
            if progress:
                progress(done, total)
    return digest.hexdigest()
