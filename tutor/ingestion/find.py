"""Paths, folders and globs -> the files to ingest. Reads folders, opens no file."""

import glob
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatch
from pathlib import Path

from tutor.ingestion.load import supported_suffixes
from tutor.ingestion.report import Doubt, Failure
from tutor.messages import Message

IGNORE_FILE = ".tutorignore"  # name patterns, one a line, of what is no material in this folder and below


@dataclass
class Found:
    """What the given paths stand for. All paths are absolute."""

    files: dict[Path, None] = field(default_factory=dict)  # in order, once each
    folders: list[Path] = field(default_factory=list)  # walked: what is not in `files` is not there
    named: list[Path] = field(default_factory=list)  # files and globs as given
    empty: list[tuple[str, Path, Message]] = field(default_factory=list)  # (as given, absolute, what was found instead)
    failures: list[Failure] = field(default_factory=list)
    unreadable: list[Path] = field(default_factory=list)  # folders whose content is unknown
    skipped: list[str] = field(default_factory=list)
    doubts: list[Doubt] = field(default_factory=list)

    def covers(self, path: Path) -> bool:
        """Whether `path` lies under a folder that was walked."""
        return any(path.is_relative_to(folder) for folder in self.folders)

    def names(self, path: Path) -> bool:
        """Whether `path` is, lies under or matches something that was given."""
        return self.covers(path) or any(stands_for(name, path) for name in self.named)


def stands_for(name: Path, path: Path) -> bool:
    """Whether `path` is `name`, lies under it or matches it as a glob."""
    return path.is_relative_to(name) or (glob.has_magic(str(name)) and fnmatch(str(path), str(name)))


def find_files(paths: Sequence[str | Path]) -> Found:
    """Files of all `paths` once each, in the order given, folders sorted by name.

    In folders and globs only supported kinds count (others are `skipped`), hidden files do not; a file that is named
    is always taken, so that a wrong kind is reported.
    """
    found = Found()
    for given in paths:
        path = Path(os.path.abspath(os.path.expanduser(given)))
        if not _is_text(str(path)):
            found.failures.append(_unwritable(path))
        elif path.is_dir():
            _walk(path, found, str(given))
        else:
            found.named.append(path)
            _take(path, found, str(given))
    return found


def _take(path: Path, found: Found, given: str) -> None:
    """What is given and is no folder: a file, a glob, or nothing."""
    if path.is_file():
        found.files[path] = None
    elif glob.has_magic(given):
        _expand(given, path, found)
    elif path.exists():
        found.failures.append(Failure(given, Message("ingestion.a_device", file=path.name)))
    else:
        found.empty.append((given, path, Message("ingestion.nothing")))


def _is_text(path: str) -> bool:
    """Names made of bytes that are no UTF-8 cannot be stored or shown."""
    return path.isprintable() or path.encode("utf-8", "surrogateescape").decode("utf-8", "replace") == path


def _unwritable(path: Path) -> Failure:
    name = str(path).encode("utf-8", "replace").decode()
    return Failure(name, Message("ingestion.name_not_utf8", file=Path(name).name))


def _expand(given: str, path: Path, found: Found) -> None:
    matches = [Path(match) for match in sorted(glob.glob(str(path), recursive=True))]
    for match in matches:
        if match.is_dir():
            _walk(match, found, given)
        elif match.suffix.lower() in supported_suffixes():
            found.files[match] = None
        else:
            found.skipped.append(str(match))
    if not any(match.is_dir() or match in found.files for match in matches):
        kinds = sorted({match.suffix.lower() for match in matches})
        instead = Message("ingestion.only", kinds=kinds) if matches else Message("ingestion.no_match")
        found.empty.append((given, path, instead))


def _walk(folder: Path, found: Found, given: str) -> None:
    def remember(error: OSError) -> None:
        place = Path(error.filename or folder)
        found.unreadable.append(place)
        problem = Message("ingestion.folder_unreadable", folder=place.name, reason=error)
        found.failures.append(Failure(str(place), problem))

    found.folders.append(folder)
    taken, skipped = 0, len(found.skipped)
    for parent, folders, files in os.walk(folder, onerror=remember):
        here = Path(parent)
        ignored = [pattern for above in _up_to(here, folder) for pattern in _ignore_patterns(above)]
        folders[:] = sorted(name for name in folders if _is_wanted(name, ignored))
        linked = (here / name for name in folders if (here / name).is_symlink())  # a link may lead anywhere, or back
        found.doubts += [Doubt(str(path), Message("ingestion.linked_folder")) for path in linked]
        for path in (here / name for name in sorted(files) if _is_wanted(name, ignored)):
            if not _is_text(str(path)):
                found.failures.append(_unwritable(path))
            elif path.suffix.lower() in supported_suffixes():
                found.files[path] = None
                taken += 1
            else:
                found.skipped.append(str(path))
    if not taken and len(found.skipped) > skipped:
        kinds = sorted({Path(path).suffix.lower() or Path(path).name for path in found.skipped[skipped:]})
        found.empty.append((given, folder, Message("ingestion.only", kinds=kinds)))


def _up_to(here: Path, top: Path) -> Iterator[Path]:
    yield top
    for part in here.relative_to(top).parts:
        top = top / part
        yield top


def _ignore_patterns(folder: Path) -> list[str]:
    try:
        lines = (folder / IGNORE_FILE).read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return []
    return [line.strip().rstrip("/") for line in lines if line.strip() and not line.startswith("#")]


def _is_wanted(name: str, ignored: list[str]) -> bool:
    hidden = name.startswith((".", "~$")) or name in {"__pycache__", "node_modules"}
    return not hidden and not any(fnmatch(name, pattern) for pattern in ignored)
