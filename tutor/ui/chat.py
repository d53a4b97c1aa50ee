"""The Chat tab: ask, watch the evidence arrive, read a cited answer; sessions are kept, renamed, exported, deleted."""

from collections.abc import Callable, Generator, Iterator
from contextlib import closing
from typing import Any, cast

import gradio as gr

from tutor.assembly import Tutor
from tutor.chat.answering import Answering
from tutor.domain import Answer, AnswerEvent, Evidence, Language, TextDelta
from tutor.errors import TutorError
from tutor.learning.export import chat_markdown
from tutor.text.markup import dollar_formulas
from tutor.ui.changes import Changes, no_change
from tutor.ui.downloads import write_download
from tutor.ui.labels import Labels
from tutor.ui.markdown import Message, message
from tutor.ui.markup import DELIMITERS, render_typed
from tutor.ui.notices import inform, warn
from tutor.ui.render import render_answer, render_evidence, render_unanswered
from tutor.ui.strings import EXAMPLES, say

_FOLDED_CHARACTERS = 400  # about what a screen of a phone shows
_OPENING_CHARACTERS = 120
# A long answer is read from its top: the last question is brought to the top of the conversation.
SHOW_QUESTION = """() => { setTimeout(() => {
  const asked = [...document.querySelectorAll('#conversation .user-row, #conversation .user')];
  const box = document.querySelector('#conversation .bubble-wrap, #conversation [role=log]');
  const last = asked.pop();
  if (last && box) box.scrollTop += last.getBoundingClientRect().top - box.getBoundingClientRect().top - 8;
}, 500); }"""

# The file is written at the click; only then is there something to download.
DOWNLOAD = """() => { setTimeout(() => {
  document.querySelector('#chat-file')?.click();
}, 300); }"""


class ChatTab:
    """Components and handlers; what belongs to one browser lives in gr.State."""

    def __init__(self, tutor: Tutor, labels: Labels, language: gr.Radio, stored: gr.BrowserState) -> None:
        self._tutor = tutor
        self.stored = stored
        self._labels = labels
        self._language = language
        self._build_conversation()
        self._build_sessions()
        self._wire()

    def _build_conversation(self) -> None:
        add = self._labels.add
        self.current = gr.State(None)
        self.conversation = add(
            gr.Chatbot(
                elem_id="conversation",
                show_label=False,
                height="56vh",
                min_height=280,
                latex_delimiters=DELIMITERS,
                buttons=[],
                feedback_options=None,
                layout="bubble",
                autoscroll=False,
            ),
            label="conversation",
            placeholder="chat_placeholder",
        )
        with gr.Row(elem_classes="examples"):
            self.examples = [
                self._labels.add_rule(
                    gr.Button(size="sm", variant="secondary", elem_classes="example"),
                    _example(number),
                )
                for number in range(len(EXAMPLES["en"]))
            ]
        with gr.Row():
            self.question = add(
                gr.Textbox(elem_id="question", lines=1, max_lines=6, scale=8, show_label=False),
                label="question",
                placeholder="question_placeholder",
            )
            self.new = add(gr.Button(scale=1, min_width=90, elem_id="new-session"), value="new_session")
            self.send = add(gr.Button(variant="primary", scale=1, min_width=90, elem_id="send"), value="send")
            self.stop = add(
                gr.Button(variant="stop", scale=1, min_width=90, visible=False, elem_id="stop"), value="stop"
            )

    def _build_sessions(self) -> None:
        add = self._labels.add
        with add(gr.Accordion(open=False, elem_id="sessions"), label="sessions"):
            self.sessions = add(gr.Dropdown(elem_id="session", interactive=True), label="session")
            with gr.Row():
                self.export = add(gr.Button(size="sm", elem_id="export-chat"), value="export_markdown")
                self.file = gr.DownloadButton(elem_id="chat-file", elem_classes="unseen")
                self.delete = add(gr.Button(size="sm", variant="stop", elem_id="delete-session"), value="delete")
            with gr.Row():
                self.name = add(gr.Textbox(scale=4, max_length=80, elem_id="session-name"), label="new_name")
                self.rename = add(
                    gr.Button(size="sm", scale=1, elem_id="rename-session", elem_classes="tail-button"), value="rename"
                )
        self.doomed = gr.State(None)

    def _wire(self) -> None:
        self.view = [self.conversation, self.current, self.sessions, self.send, self.stop]
        shown = [*self.view, self.question, self.stored]
        quiet: dict[str, Any] = {"show_progress": "hidden"}
        following = []
        asking = [(self.question, [self.send.click, self.question.submit])]
        asking += [(button, [button.click]) for button in self.examples]
        for question, triggers in asking:
            inputs = [question, self.conversation, self.current, self._language]
            asked = gr.on(triggers, self.ask, inputs, shown, **quiet)
            asked.then(None, js=SHOW_QUESTION)
            gr.on(triggers, None, js=SHOW_QUESTION)
            following.append(asked)
        self.stop.click(self.halt, self.current, None, **quiet)
        opened = self.sessions.input(
            self.open, [self.sessions, self._language], [*self.view, self.stored], cancels=following
        )
        opened.then(None, js=SHOW_QUESTION)
        following.append(opened.then(self.follow, [self.current, self._language], self.view, **quiet))
        self.new.click(self.begin_anew, None, [*self.view, self.stored], cancels=following)
        self.rename.click(self.rename_session, [self.current, self.name, self._language], [self.sessions, self.name])
        self.delete.click(
            self.delete_session,
            [self.current, self.doomed, self._language],
            [*self.view, self.stored, self.delete, self.doomed],
        )
        exported = self.export.click(self.export_session, [self.current, self._language], self.file)
        exported.success(None, js=DOWNLOAD)

    # --- handlers

    def ask(self, question: str, messages: list[Message], chat_id: str | None, language: Language) -> Iterator[Changes]:
        """Streams the answer into the conversation; the question goes back into its box when something fails.

        One after the other: while an answer is written, a further question stays where it is.
        """
        if self._tutor.chat.answering(chat_id):
            inform("still_answering", language)
            yield no_change()
            return
        try:
            chat_id = chat_id or self._tutor.chat.start(question)
            answering = self._tutor.chat.begin(question, chat_id, language)
        except TutorError as error:
            warn(error, language)
            yield no_change()
            return
        try:
            for changes in self._follow(answering, messages, chat_id, language):
                yield {self.question: "", self.stored: chat_id, **changes}
        except TutorError as error:
            warn(error, language)
            yield {self.conversation: messages, self.question: question, **self._busy(False)}

    def follow(self, chat_id: str | None, language: Language) -> Iterator[Changes]:
        """The answer that is being written in a session, for a page that was opened or came back meanwhile."""
        if chat_id is None:
            yield no_change()
            return
        answering = self._tutor.chat.answering(chat_id)
        if answering is None:
            yield {self.conversation: self._messages(chat_id, language), **self._busy(False)}
            return
        earlier = self._messages(chat_id, language, but=answering)
        try:
            yield from self._follow(answering, earlier, chat_id, language)
        except TutorError as error:
            warn(error, language)
            yield {self.conversation: self._messages(chat_id, language), **self._busy(False)}

    def halt(self, chat_id: str | None) -> None:
        """Stops the answer; whoever follows it shows that."""
        self._tutor.chat.stop(chat_id)

    def restore(self, chat_id: str | None, current: str | None, language: Language) -> Changes:
        """The session this browser had open, after a reload or a restart; not when a question was quicker."""
        known = {chat.id for chat in self._tutor.history.chats()}
        if current or chat_id not in known:
            return {self.sessions: self._session_list(current)}
        return {**self._opened(chat_id, language), self.sessions: self._session_list(chat_id)}

    def restore_after(self, loaded: Any) -> None:
        """When the page is there: the session as it stands, then what is still being written in it."""
        restored = loaded.then(self.restore, [self.stored, self.current, self._language], self.view)
        restored.then(None, js=SHOW_QUESTION)
        following = restored.then(self.follow, [self.current, self._language], self.view, show_progress="hidden")
        gr.on([self.sessions.input, self.new.click], None, cancels=[following])

    def open(self, chat_id: str | None, language: Language) -> Changes:
        return {**self._opened(chat_id, language), self.stored: chat_id}

    def _opened(self, chat_id: str | None, language: Language) -> Changes:
        busy = self._tutor.chat.answering(chat_id) is not None
        return {
            self.conversation: self._messages(chat_id, language),
            self.current: chat_id,
            **self._busy(busy),
        }

    def begin_anew(self) -> Changes:
        return {
            self.conversation: [],
            self.current: None,
            self.stored: None,
            self.sessions: gr.update(value=None),
            **self._busy(False),
        }

    def rename_session(self, chat_id: str | None, name: str, language: Language) -> Changes:
        if chat_id is None or not name.strip():
            inform("no_session" if chat_id is None else "new_name", language)
            return no_change()
        self._tutor.history.rename_chat(chat_id, name.strip())
        return {self.sessions: self._session_list(chat_id), self.name: ""}

    def delete_session(self, chat_id: str | None, doomed: str | None, language: Language) -> Changes:
        """Deletes at the second click on the same session."""
        if chat_id is None:
            inform("no_session", language)
            return no_change()
        if doomed != chat_id:
            return {self.delete: say("delete_confirm", language), self.doomed: chat_id}
        self._tutor.history.delete_chat(chat_id)
        return {
            **self.begin_anew(),
            self.sessions: self._session_list(None),
            self.delete: say("delete", language),
            self.doomed: None,
        }

    def export_session(self, chat_id: str | None, language: Language) -> Any:
        chats = {chat.id: chat for chat in self._tutor.history.chats()}
        if chat_id not in chats:
            inform("no_session", language)
            return gr.skip()
        chat = chats[chat_id]
        return write_download(chat.title, "md", chat_markdown(chat, self._tutor.history.exchanges(chat_id), language))

    # --- inside

    def _follow(
        self, answering: Answering, messages: list[Message], chat_id: str, language: Language
    ) -> Iterator[Changes]:
        base = [*messages, message("user", _folded(answering.question))]
        yield {
            self.conversation: [*base, message("assistant", say("searching", language))],
            self.current: chat_id,
            self.sessions: self._session_list(chat_id),
            **self._busy(True),
        }
        for text in _texts(answering.follow(), language):
            yield {self.conversation: [*base, message("assistant", text)]}
        over = {self.sessions: self._session_list(chat_id), **self._busy(False)}
        if answering.is_stopped:
            stopped = render_unanswered(answering.question, is_stopped=True, language=language)
            over[self.conversation] = [*base, message("assistant", stopped)]
        yield over

    def _busy(self, busy: bool) -> Changes:
        return {self.send: gr.update(visible=not busy), self.stop: gr.update(visible=busy)}

    def _session_list(self, chat_id: str | None) -> Any:
        chats = self._tutor.history.chats()
        return gr.update(choices=[(chat.title, chat.id) for chat in chats], value=chat_id)

    def _messages(self, chat_id: str | None, language: Language, *, but: Answering | None = None) -> list[Message]:
        """The session, without the question of `but`."""
        answering = self._tutor.chat.answering(chat_id)
        shown: list[Message] = []
        for said in self._tutor.history.conversation(chat_id) if chat_id else ():
            if isinstance(said, Answer):
                asked, text = said.question, render_answer(said, said.language)
            elif but and said.id == but.question_id:
                continue
            elif answering and said.id == answering.question_id:
                asked, text = said.text, say("searching", language)
            else:
                asked = said.text
                text = render_unanswered(said.text, is_stopped=said.is_stopped, language=language)
            shown += [message("user", _folded(asked)), message("assistant", text)]
        return shown


def _example(number: int) -> Callable[[Language], dict[str, str]]:
    return lambda language: {"value": EXAMPLES[language][number]}


def _folded(question: str) -> str:
    """What was typed; of a long text the beginning, with the rest to open."""
    if len(question) <= _FOLDED_CHARACTERS:
        return render_typed(question)
    opening = render_typed(" ".join(question[:_OPENING_CHARACTERS].split()))
    return f"<details><summary>{opening}…</summary>\n\n{render_typed(question)}\n\n</details>"


def _texts(events: Iterator[AnswerEvent], language: Language) -> Iterator[str]:
    """The growing message: evidence with what can be asked instead, proven sentences, and at last the cited answer.

    An answer is in one language throughout, its own.
    """
    words = ""
    with closing(cast("Generator[AnswerEvent]", events)):
        for event in events:
            if isinstance(event, Evidence):
                yield render_evidence(event, language)
            elif isinstance(event, TextDelta):
                words += event.text
                yield dollar_formulas(words)
            elif isinstance(event, Answer):
                yield render_answer(event, event.language)
