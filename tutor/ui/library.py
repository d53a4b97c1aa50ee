"""The Library tab: what is indexed, with every passage; add by upload, remove what was added."""

import shutil
from dataclasses import replace
from pathlib import Path

import gradio as gr

from tutor.assembly import Tutor
from tutor.domain import Document, Language
from tutor.errors import DocumentError, TutorError
from tutor.ingestion.report import Report, render_report
from tutor.ui.changes import Changes, no_change
from tutor.ui.labels import Labels
from tutor.ui.problems import describe_problem, translate
from tutor.ui.render import render_document
from tutor.ui.strings import say

UPLOAD_TYPES = [".txt", ".md", ".html", ".htm", ".pdf", ".docx"]


class LibraryTab:
    """Documents and passages; uploads are copied into the learner's library folder and ingested from there."""

    def __init__(self, tutor: Tutor, labels: Labels, language: gr.Radio) -> None:
        self._tutor = tutor
        self._labels = labels
        self._language = language
        self._build()
        self._wire()

    def _build(self) -> None:
        add = self._labels.add
        self.summary = gr.Markdown(elem_id="library-summary")
        limit = self._tutor.settings.upload_megabytes
        self.upload = self._labels.add_rule(
            gr.File(file_count="multiple", file_types=UPLOAD_TYPES, height=210, elem_id="upload"),
            lambda language: {"label": say("upload", language, limit)},
        )
        self.report = gr.Markdown(elem_id="upload-report")
        with gr.Row():
            self.documents = add(
                gr.Dropdown(elem_id="documents", scale=6, min_width=280, interactive=True), label="document"
            )
            self.refresh = add(
                gr.Button(size="sm", scale=1, min_width=90, elem_id="refresh", elem_classes="tail-button"),
                value="refresh",
            )
            self.remove = add(
                gr.Button(
                    size="sm", variant="stop", scale=1, min_width=170, elem_id="remove", elem_classes="tail-button"
                ),
                value="remove",
            )
        self.passages = gr.HTML(elem_id="passages")

    def _wire(self) -> None:
        self.view = [self.summary, self.documents, self.passages]
        self.documents.input(self.show, [self.documents, self._language], self.passages)
        self.refresh.click(self.overview, [self._language], self.view)
        self.upload.upload(
            self.add, [self.upload, self._language], [self.report, self.upload, *self.view], concurrency_id="model"
        )
        self.remove.click(
            self.take_out, [self.documents, self._language], [self.report, *self.view], concurrency_id="model"
        )

    # --- handlers

    def overview(self, language: Language) -> Changes:
        """What the index holds, with no document opened."""
        try:
            entries = self._tutor.index.manifest().entries.values()
        except TutorError as error:
            return self._listed(describe_problem(error, language), [])
        own = sorted(entries, key=lambda entry: entry.document.entry_id is not None)
        count = sum(len(entry.passage_ids) for entry in own)
        choices = [(entry.document.title, entry.document.id) for entry in own]
        return self._listed(say("library_summary", language, len(own), count), choices)

    def show(self, document_id: str | None, language: Language) -> str:
        entry = self._tutor.index.manifest().entries.get(document_id or "")
        if entry is None:
            return ""
        passages = self._tutor.index.passages(entry.document.id)
        return render_document(entry.document, passages, language, entry.contradictions)

    def add(self, files: list[str] | None, language: Language) -> Changes:
        """Copies the uploads into the library and ingests it; a bad file is named and the rest goes on."""
        notes: list[str] = []
        copied: list[Path] = []
        for file in files or []:
            try:
                copied.append(self._copy(Path(file)))
            except DocumentError as error:
                notes.append(describe_problem(error, language))
        if copied:
            try:
                report = self._tutor.ingest(copied)
                notes.append(render_report(_told(report, language), language))
                for failure in report.failed:
                    Path(failure.path).unlink(missing_ok=True)
            except TutorError as error:
                notes.append(describe_problem(error, language))
        return {self.report: "\n\n".join(notes), self.upload: None, **self.overview(language)}

    def take_out(self, document_id: str | None, language: Language) -> Changes:
        document = self._document(document_id)
        if document is None:
            return no_change()
        folder = self._tutor.settings.library_folder
        own = [Path(origin) for origin in document.origins if Path(origin).is_relative_to(folder)]
        if len(own) < len(document.origins):
            return {self.report: say("remove_refused", language)}
        try:
            with self._tutor.index.writing():
                self._tutor.index.remove(document.id)
        except TutorError as error:
            return {self.report: describe_problem(error, language)}
        for path in own:
            path.unlink(missing_ok=True)
        return {self.report: say("removed", language, document.title), **self.overview(language)}

    # --- inside

    def _listed(self, summary: str, choices: list[tuple[str, str]]) -> Changes:
        return {self.summary: summary, self.documents: gr.update(choices=choices, value=None), self.passages: ""}

    def _document(self, document_id: str | None) -> Document | None:
        entry = self._tutor.index.manifest().entries.get(document_id or "")
        return entry.document if entry else None

    def _copy(self, upload: Path) -> Path:
        """A copy in the library under the uploaded name; another file of that name is kept beside it."""
        limit = self._tutor.settings.upload_megabytes
        size = upload.stat().st_size
        if upload.suffix.lower() not in UPLOAD_TYPES:
            raise DocumentError(f"{upload.name}: expected one of {', '.join(UPLOAD_TYPES)}, found `{upload.suffix}`.")
        if size > limit * 1_000_000:
            raise DocumentError(
                f"{upload.name}: expected at most {limit} MB, found {size / 1e6:.1f} MB. Split the file."
            )
        folder = self._tutor.settings.library_folder
        folder.mkdir(parents=True, exist_ok=True)
        target = folder / upload.name
        number = 2
        while target.exists() and target.read_bytes() != upload.read_bytes():
            target = folder / f"{upload.stem}-{number}{upload.suffix}"
            number += 1
        shutil.copyfile(upload, target)
        return target


def _told(report: Report, language: Language) -> Report:
    """The report with its reasons in the learner's language."""
    if language == "en":
        return report
    return replace(report, failed=tuple(replace(item, error=translate(item.error)) for item in report.failed))
