"""The Library tab: what is indexed, with every passage; add by upload, remove what was added."""

from pathlib import Path

import gradio as gr

from tutor.assembly import Tutor
from tutor.domain import Language
from tutor.errors import TutorError
from tutor.ingestion.library import KINDS
from tutor.ingestion.report import render_report
from tutor.text.plain import plain_line
from tutor.ui.changes import Changes, no_change
from tutor.ui.labels import Labels
from tutor.ui.markdown import markdown
from tutor.ui.markup import render_typed
from tutor.ui.problems import describe_problem
from tutor.ui.render import render_document
from tutor.ui.strings import say


class LibraryTab:
    """Documents and their passages."""

    def __init__(self, tutor: Tutor, labels: Labels, language: gr.Radio) -> None:
        self._tutor = tutor
        self._labels = labels
        self._language = language
        self._build()
        self._wire()

    def _build(self) -> None:
        add = self._labels.add
        self.summary = markdown(elem_id="library-summary")
        limit = self._tutor.settings.upload_megabytes
        self.upload = self._labels.add_rule(
            gr.File(file_count="multiple", file_types=list(KINDS), height=210, elem_id="upload"),
            lambda language: {"label": say("upload", language, limit)},
        )
        self.report = markdown(elem_id="upload-report")
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
            self.add, [self.upload, self._language], [self.report, self.upload, *self.view], concurrency_id="library"
        )
        self.remove.click(
            self.take_out, [self.documents, self._language], [self.report, *self.view], concurrency_id="library"
        )

    # --- handlers

    def overview(self, language: Language) -> Changes:
        """What the index holds, with no document opened."""
        try:
            held = self._tutor.library.documents()
        except TutorError as error:
            return self._listed(describe_problem(error, language), [])
        count = sum(len(entry.passage_ids) for entry in held)
        choices = [(plain_line(entry.document.title), entry.document.id) for entry in held]
        return self._listed(say("library_summary", language, len(held), count), choices)

    def show(self, document_id: str | None, language: Language) -> str:
        entry = self._tutor.index.manifest().entries.get(document_id or "")
        if entry is None:
            return ""
        passages = self._tutor.index.passages(entry.document.id)
        return render_document(entry.document, passages, language, entry.contradictions)

    def add(self, files: list[str] | None, language: Language) -> Changes:
        try:
            report = self._tutor.library.add([Path(file) for file in files or []])
            told = render_typed(render_report(report, language)).replace("\n", "  \n")  # each line stays a line
        except TutorError as error:
            told = describe_problem(error, language)
        return {self.report: told, self.upload: None, **self.overview(language)}

    def take_out(self, document_id: str | None, language: Language) -> Changes:
        if not document_id:
            return no_change()
        library = self._tutor.library
        try:
            document = library.find(document_id)
            if not library.owns(document):
                return {self.report: say("remove_refused", language)}
            library.remove(document)
        except TutorError as error:
            return {self.report: describe_problem(error, language)}
        return {self.report: say("removed", language, document.title), **self.overview(language)}

    # --- inside

    def _listed(self, summary: str, choices: list[tuple[str, str]]) -> Changes:
        return {self.summary: summary, self.documents: gr.update(choices=choices, value=None), self.passages: ""}
