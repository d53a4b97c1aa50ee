"""Files -> index: what is new goes in, what changed is replaced, what is gone leaves; one bad file never stops the rest.

Decisions:
- A file is its content: `file:<hash>`. The same content at two places is one document with two origins.
- A bank entry is its id: `entry:<id>`. It changes when its canonical form does.
- What was stored under a path and is no longer its content leaves, unless another path vouches for it. A file that
  can no longer be read keeps what was read from it before, and is reported.
- A file that is gone leaves the index when it, its folder or a glob that matches it was given to this run, or when its
  folder is still there without it. A file whose folder is missing as well may be on a disk that is not plugged in: it
  stays until it is given again.
- A document without passages is one that Chroma lost: it is read again wherever its file still is.
- The new document is complete in the index before the old one leaves, so a kill at any moment leaves every path
  readable; the next run finds both under one path and finishes the exchange.
"""

import hashlib
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePath
from typing import Protocol

from tutor.domain import Contradiction, Document, Entry, Passage
from tutor.errors import BankError, DocumentError
from tutor.ingestion.bank import entry_passages, entry_sha256
from tutor.ingestion.clean import clean_text
from tutor.ingestion.find import Found, find_files, stands_for
from tutor.ingestion.load import BANK_SUFFIXES, MAX_MEGABYTES, load_bytes, read_bytes, supported_suffixes
from tutor.ingestion.readers import CONVERTIBLE
from tutor.ingestion.repair import normalised
from tutor.ingestion.report import Doubt, Failure, Refuted, Report
from tutor.ingestion.split import find_title, split_document
from tutor.messages import Message

# Raise these when the same content is cut or searched differently: everything is then cut and embedded anew, once.
TEXT_VERSION = "text-4"
BANK_VERSION = "bank-1"

Progress = Callable[[int, int, str], None]
Check = Callable[[Sequence[Passage]], Sequence[Contradiction]]


class StoredDocument(Protocol):
    """What the index knows of a document."""

    @property
    def document(self) -> Document: ...
    @property
    def passage_ids(self) -> tuple[str, ...]: ...
    @property
    def pipeline_version(self) -> str: ...


class Listing(Protocol):
    @property
    def entries(self) -> Mapping[str, StoredDocument]: ...


class WritableIndex(Protocol):
    """What ingestion needs of `tutor.retrieval.index.Index`; each call is all or nothing."""

    def manifest(self) -> Listing: ...
    def put(
        self,
        document: Document,
        passages: Sequence[Passage],
        pipeline_version: str = "",
        contradictions: Sequence[Contradiction] = (),
    ) -> None: ...
    def update_document(self, document: Document) -> None: ...
    def remove(self, document_id: str) -> None: ...


def ingest(
    paths: Sequence[str | Path],
    index: WritableIndex,
    *,
    load_bank: Callable[[Path], list[Entry]],
    check: Check | None = None,
    progress: Progress | None = None,
    max_megabytes: float = MAX_MEGABYTES,
    clock: Callable[[], float] = time.monotonic,
) -> Report:
    """Brings the index up to date with files, folders and globs.

    The caller holds the index's writing lock. `load_bank` reads the entries of one bank file and raises BankError.
    `check` finds what a new file states that the bank refutes. `progress` is told (documents done, documents in all, what comes next). Errors of the index itself are not caught.
    """
    started = clock()
    found = find_files(paths)
    run = _Run(index, found, load_bank, max_megabytes, dict(index.manifest().entries), check)
    jobs = run.jobs()
    for number, job in enumerate(jobs):
        if progress:
            progress(number, len(jobs), job.label)
        run.do(job)
    if progress:
        progress(len(jobs), len(jobs), "")
    run.release_replaced()
    run.release_gone()
    run.tell_lost()
    return run.report(clock() - started)


@dataclass(frozen=True)
class _Stored:
    document: Document
    passage_ids: tuple[str, ...]
    pipeline_version: str


@dataclass(frozen=True)
class _Job:
    """One document to look at: a file, or an entry of a bank file."""

    path: Path
    label: str
    entry: Entry | None = None


@dataclass
class _Run:
    index: WritableIndex
    found: Found
    load_bank: Callable[[Path], list[Entry]]
    max_megabytes: float
    entries: dict[str, StoredDocument]  # what is in the index now: read once, then kept in step
    check: Check | None = None
    held: dict[str, set[str]] = field(default_factory=dict)  # origin -> documents that it vouches for now
    unread: set[str] = field(default_factory=set)  # origins whose content is unknown: they keep what they had
    added: set[str] = field(default_factory=set)
    updated: set[str] = field(default_factory=set)
    unchanged: set[str] = field(default_factory=set)
    removed: set[str] = field(default_factory=set)
    replaced: set[str] = field(default_factory=set)  # removed because their path holds something new
    failures: list[Failure] = field(default_factory=list)
    refuted: list[Refuted] = field(default_factory=list)
    doubts: list[Doubt] = field(default_factory=list)

    # --- reading

    def jobs(self) -> list[_Job]:
        """What there is to do, bank files opened already so that their entries can be counted."""
        return [job for path in self.found.files for job in self._jobs_of(path)]

    def _jobs_of(self, path: Path) -> Iterator[_Job]:
        if path.suffix.lower() not in BANK_SUFFIXES:
            yield _Job(path, path.name)
            return
        try:
            if not read_bytes(path, self.max_megabytes).strip():
                raise BankError("ingestion.empty_bank", file=path.name)
            entries = self.load_bank(path)
        except (BankError, DocumentError) as error:
            self._fail(path, error)
            return
        self.held.setdefault(path.as_posix(), set())
        yield from (_Job(path, f"{path.name}: {entry.id}", entry) for entry in entries)

    def do(self, job: _Job) -> None:
        try:
            if job.entry is None:
                self._do_file(job.path)
            else:
                self._do_entry(job.path, job.entry)
        except DocumentError as error:
            self._fail(job.path, error)

    def _do_file(self, path: Path) -> None:
        data = read_bytes(path, self.max_megabytes)
        digest = hashlib.sha256(data).hexdigest()
        document_id, origin = f"file:{digest[:32]}", path.as_posix()
        known = self.entries.get(document_id)
        if known and known.pipeline_version == TEXT_VERSION and known.passage_ids:
            self._keep(known, origin)
            return
        document, passages, doubts = read_document(data, path.name, document_id, digest, origin)
        self.doubts += [Doubt(origin, doubt) for doubt in doubts]
        if known:
            document = replace(document, origins=_with_origin(known.document.origins, origin))
        is_new = known is None and not self._documents_at(origin)
        self._put(document, passages, TEXT_VERSION, origin, is_new)

    def _do_entry(self, path: Path, entry: Entry) -> None:
        origin = path.as_posix()
        document, passages = entry_passages(entry, origin)
        known = self.entries.get(document.id)
        same = known is not None and known.document.sha256 == entry_sha256(entry)
        others = [other for other, ids in self.held.items() if document.id in ids]
        if others and not same:
            raise DocumentError(
                "ingestion.duplicate_entry", file=path.name, entry=entry.id, other=PurePath(others[0]).name
            )
        if known and same and known.pipeline_version == BANK_VERSION and known.passage_ids:
            self._keep(known, origin)
            return
        if known and same:
            document = replace(document, origins=_with_origin(known.document.origins, origin))
        self._put(document, passages, BANK_VERSION, origin, is_new=known is None)

    def _fail(self, path: Path, error: Message) -> None:
        self.failures.append(Failure(path.as_posix(), error))
        self.unread.add(path.as_posix())

    # --- writing

    def _put(self, document: Document, passages: list[Passage], version: str, origin: str, is_new: bool) -> None:
        contradictions = self.check(passages) if self.check and document.entry_id is None else ()
        self.index.put(document, passages, version, contradictions)
        if contradictions:
            self.refuted.append(Refuted(document.title, len(contradictions)))
        self.entries[document.id] = _Stored(document, tuple(passage.id for passage in passages), version)
        self.held.setdefault(origin, set()).add(document.id)
        (self.added if is_new else self.updated).add(document.id)

    def _keep(self, known: StoredDocument, origin: str) -> None:
        document = known.document
        origins = _with_origin(document.origins, origin)
        if origins != document.origins:
            self._change_origins(known, origins)
        self.held.setdefault(origin, set()).add(document.id)
        self.unchanged.add(document.id)

    def _documents_at(self, origin: str) -> list[Document]:
        return [stored.document for stored in self.entries.values() if origin in stored.document.origins]

    def release_replaced(self) -> None:
        """Documents that a path held before and holds no longer."""
        for stored in list(self.entries.values()):
            document = stored.document
            stale = [
                o
                for o in document.origins
                if o in self.held and o not in self.unread and document.id not in self.held[o]
            ]
            if stale and self._release(stored, stale):
                moved_on = document.entry_id is None and any(self.held[origin] & self.updated for origin in stale)
                (self.replaced if moved_on else self.removed).add(document.id)

    def release_gone(self) -> None:
        """Documents whose file is no more; and whatever was given and stands for nothing, now or before."""
        known = [Path(origin) for stored in self.entries.values() for origin in stored.document.origins]
        for given, path, instead in self.found.empty:
            if not any(stands_for(path, origin) for origin in known):
                problem = Message("ingestion.no_files", path=given, known=supported_suffixes(), found=instead)
                self.failures.append(Failure(given, problem))
        for stored in list(self.entries.values()):
            gone = [origin for origin in stored.document.origins if self._is_gone(origin)]
            if gone and self._release(stored, gone):
                self.removed.add(stored.document.id)
                self.doubts += [Doubt(origin, Message("ingestion.file_gone")) for origin in gone]

    def tell_lost(self) -> None:
        """Documents that are in the index without a passage and could not be read again."""
        for stored in self.entries.values():
            if not stored.passage_ids and self.unread.isdisjoint(stored.document.origins):
                problem = Message("ingestion.lost", document=stored.document.title)
                self._fail(Path(stored.document.origins[0]), problem)

    def _is_gone(self, origin: str) -> bool:
        path = Path(origin)
        if not path.is_absolute() or origin in self.held or origin in self.unread or path in self.found.files:
            return False
        if any(path.is_relative_to(folder) for folder in self.found.unreadable):
            return False
        if self.found.covers(path):
            return True
        return not path.exists() and (self.found.names(path) or path.parent.is_dir())

    def _release(self, stored: StoredDocument, origins: list[str]) -> bool:
        """Takes origins from a document; True when none was left and the document is out."""
        left = tuple(origin for origin in stored.document.origins if origin not in origins)
        if left:
            self._change_origins(stored, left)
            return False
        self.index.remove(stored.document.id)
        del self.entries[stored.document.id]
        return True

    def _change_origins(self, stored: StoredDocument, origins: tuple[str, ...]) -> None:
        document = replace(stored.document, origins=origins)
        self.index.update_document(document)
        self.entries[document.id] = _Stored(document, stored.passage_ids, stored.pipeline_version)

    def report(self, seconds: float) -> Report:
        return Report(
            added=len(self.added),
            updated=len(self.updated - self.added),
            unchanged=len(self.unchanged - self.added - self.updated),
            removed=len(self.removed),
            failed=(*self.found.failures, *self.failures),
            passages=sum(len(stored.passage_ids) for stored in self.entries.values()),
            seconds=seconds,
            skipped=tuple(self.found.skipped),
            refuted=tuple(self.refuted),
            doubts=(*self.found.doubts, *self.doubts, *map(_convertible, filter(_is_convertible, self.found.skipped))),
        )


def _is_convertible(path: str) -> bool:
    return PurePath(path).suffix.lower() in CONVERTIBLE


def _convertible(path: str) -> Doubt:
    """A file in a folder that would be read if its own program saved it in another kind."""
    suffix = PurePath(path).suffix.lower()
    return Doubt(path, Message("ingestion.convertible", found=suffix, better=CONVERTIBLE[suffix]))


def read_files(paths: Sequence[str | Path]) -> Iterator[tuple[Document | Failure, list[Passage]]]:
    """The documents that files, folders and globs hold, without an index; bank files are not read."""
    found = find_files(paths)
    yield from ((failure, []) for failure in found.failures)
    yield from (
        (Failure(given, Message("ingestion.nothing_to_read", path=given, found=instead)), [])
        for given, _, instead in found.empty
    )
    for path in found.files:
        if path.suffix.lower() in BANK_SUFFIXES:
            continue
        try:
            data = read_bytes(path, MAX_MEGABYTES)
            digest = hashlib.sha256(data).hexdigest()
            document, passages, _ = read_document(data, path.name, f"file:{digest[:32]}", digest, path.as_posix())
            yield document, passages
        except DocumentError as error:
            yield Failure(path.as_posix(), error), []


def read_document(
    data: bytes, name: str, document_id: str, sha256: str, origin: str
) -> tuple[Document, list[Passage], tuple[Message, ...]]:
    """A file's document, its passages and what is doubtful in them.

    Raises DocumentError when it cannot be read or nothing but page chrome is in it.
    """
    loaded = load_bytes(data, name)
    text = normalised(loaded.text) if loaded.is_authored else clean_text(loaded.text)
    title = " ".join(loaded.title.split()) or ("" if loaded.outline else find_title(text)) or PurePath(name).stem
    document = Document(id=document_id, title=title, origins=(origin,), sha256=sha256)
    passages = split_document(document, text, loaded.outline)
    if not passages:
        raise DocumentError("ingestion.only_chrome", file=name)
    return document, passages, loaded.doubts


def _with_origin(origins: tuple[str, ...], origin: str) -> tuple[str, ...]:
    """Origins with one more; those that are on no disk any more make way for it."""
    if origin in origins:
        return origins
    return (*(other for other in origins if not Path(other).is_absolute() or Path(other).exists()), origin)
