"""The learner's library: files copied into its folder and indexed from there, listed, and taken out of both.

Knows no interface. Bank files are no part of it: they belong to the corpus.
"""

import os
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from tutor.domain import Document
from tutor.errors import DocumentError
from tutor.ingestion.load import read_bytes, unknown_suffix
from tutor.ingestion.readers import READERS
from tutor.ingestion.report import Failure, Report
from tutor.messages import Message
from tutor.retrieval.index import Index
from tutor.retrieval.manifest import ManifestEntry

KINDS = tuple(READERS)  # suffixes of the files that it takes


class Library:
    """Documents of one index; those whose files all lie in `folder` are the learner's own and may be removed."""

    def __init__(
        self, folder: Path, index: Index, ingest: Callable[[Sequence[Path]], Report], *, max_megabytes: float
    ) -> None:
        self._folder = folder
        self._index = index
        self._ingest = ingest
        self._max_megabytes = max_megabytes

    def documents(self) -> list[ManifestEntry]:
        """Everything in the index: documents of files first, then the entries of the bank."""
        return sorted(self._index.manifest().entries.values(), key=lambda held: held.document.entry_id is not None)

    def find(self, name: str) -> Document:
        """The one document with this id, title or file name. Raises DocumentError when there is none, or several."""
        found = [held.document for held in self.documents() if name in _names(held.document)]
        if len(found) == 1:
            return found[0]
        ids = [document.id for document in found] or Message("ingestion.none")
        raise DocumentError("ingestion.not_one_document", name=name, found=ids)

    def owns(self, document: Document) -> bool:
        """Whether it was added here, so that it can be removed here."""
        return bool(document.origins) and all(Path(origin).is_relative_to(self._folder) for origin in document.origins)

    def add(self, files: Sequence[Path]) -> Report:
        """Copies files into the folder and indexes them; one that is refused or cannot be read leaves no copy, is named
        in the report, and the rest goes on."""
        copies: dict[Path, bool] = {}  # and whether the copy is new
        refused: list[Failure] = []
        for file in files:
            try:
                path, is_new = self._copy(file)
                copies[path] = copies.get(path, False) or is_new
            except DocumentError as error:
                refused.append(Failure(file.name, error))
        report = self._ingest(list(copies)) if copies else Report(passages=len(self._index.manifest().passage_ids))
        for failure in report.failed:
            if copies.get(Path(failure.path)):
                Path(failure.path).unlink(missing_ok=True)
        return replace(report, failed=(*refused, *report.failed))

    def remove(self, document: Document) -> None:
        """Takes it out of the index, then deletes its files. Raises DocumentError for one that is not the learner's own."""
        if not self.owns(document):
            raise DocumentError("ingestion.not_of_the_library", document=document.title)
        with self._index.writing():
            self._index.remove(document.id)
        for origin in document.origins:
            Path(origin).unlink(missing_ok=True)

    def _copy(self, file: Path) -> tuple[Path, bool]:
        """A copy under the file's name, and whether it is new; another file of that name is kept beside it."""
        suffix = file.suffix.lower()
        if suffix not in KINDS:
            raise unknown_suffix(file.name, KINDS)
        content = read_bytes(file, self._max_megabytes)
        self._folder.mkdir(parents=True, exist_ok=True)
        target, number = self._folder / file.name, 2
        while target.exists():
            if target.read_bytes() == content:
                return target, False
            target, number = self._folder / f"{file.stem}-{number}{file.suffix}", number + 1
        draft = self._folder / f".{target.name}.part"  # hidden, so that half a file is never indexed
        draft.write_bytes(content)
        os.replace(draft, target)
        return target, True


def _names(document: Document) -> set[str]:
    return {
        document.id,
        document.title,
        *(Path(origin).name for origin in document.origins if document.entry_id is None),
    }
