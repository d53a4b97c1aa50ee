"""Chat sessions: asks the chain with the session's memory and stores each final answer. Knows no UI."""

import threading
from collections.abc import Generator, Iterator
from contextlib import closing
from typing import cast

from tutor.chat.answer import AnswerChain
from tutor.chat.answering import Answering
from tutor.domain import Answer, AnswerEvent, Language
from tutor.errors import AttemptError
from tutor.learning.history import History

# The subject of a follow-up is found in the last few answers, thanks and greetings among them; older ones only cost time.
_MEMORY = 12
_TITLE_CHARACTERS = 40
MAX_QUESTION_CHARACTERS = 2_000  # a long question of an interview has 300; a pasted text belongs into the library


class Chat:
    """Answers questions within stored sessions."""

    def __init__(self, answers: AnswerChain, history: History) -> None:
        self._answers = answers
        self._history = history
        self._answering: dict[str, Answering] = {}  # by chat, while they run
        self._lock = threading.Lock()

    def ask(self, question: str, chat_id: str | None = None, language: Language | None = None) -> Iterator[AnswerEvent]:
        """Evidence, then text, then the Answer, which is stored in `chat_id` (None stores nothing).

        `language` is the interface's, for messages in none. The question is stored before anything is computed. Closing
        the iterator stops the model. Raises AttemptError for an empty or overlong question.
        """
        question = _checked(question)
        kept = self._history.ask_question(chat_id, question) if chat_id else None
        return self._stream(question, chat_id, kept, language)

    def begin(self, question: str, chat_id: str, language: Language | None = None) -> Answering:
        """As `ask`, but the answer is written and stored whether anybody follows it or not.

        Raises AttemptError while the last question of the session is still being answered.
        """
        with self._lock:
            if chat_id in self._answering:
                raise AttemptError("chat.still_answering")
            question = _checked(question)
            kept = self._history.ask_question(chat_id, question)
            events = self._stream(question, chat_id, kept, language)
            self._answering[chat_id] = Answering(question, kept, events, self._forget)
            return self._answering[chat_id]

    def stop(self, chat_id: str | None) -> None:
        """Stops the answer that is being written in a session; its question is kept as stopped."""
        answering = self.answering(chat_id)
        if chat_id and answering:
            answering.stop()
            self._history.stop_question(chat_id, answering.question_id)

    def answering(self, chat_id: str | None) -> Answering | None:
        """The answer that is being written in a session, if one is."""
        with self._lock:
            return self._answering.get(chat_id) if chat_id else None

    def _forget(self, over: Answering) -> None:
        with self._lock:
            self._answering = {chat_id: running for chat_id, running in self._answering.items() if running is not over}

    def start(self, question: str) -> str:
        """A new session, named after its first question; returns its id. Raises AttemptError like `ask`."""
        title = " ".join(_checked(question).split())
        return self._history.create_chat(title[:_TITLE_CHARACTERS] + ("…" if len(title) > _TITLE_CHARACTERS else ""))

    def _stream(
        self, question: str, chat_id: str | None, kept: int | None, language: Language | None
    ) -> Iterator[AnswerEvent]:
        earlier = tuple(self._history.exchanges(chat_id)[-_MEMORY:]) if chat_id else ()
        inquiry = self._answers.start(question, earlier, language)
        events = self._answers.chain.stream(inquiry)
        with closing(cast("Generator[AnswerEvent]", events)):
            for event in events:
                if isinstance(event, Answer) and chat_id:
                    self._history.add_exchange(chat_id, event, kept)
                yield event


def _checked(question: str) -> str:
    """The question without the space around it. Raises AttemptError for an empty or overlong one."""
    question = question.strip()
    if not question:
        raise AttemptError("chat.empty_question")
    if len(question) > MAX_QUESTION_CHARACTERS:
        raise AttemptError("chat.question_too_long", most=MAX_QUESTION_CHARACTERS, found=len(question))
    return question
