"""The learner's history: all SQL of the tutor, through SQLAlchemy Core, on SQLite or PostgreSQL alike.

Every call is one transaction: when it returns, the change is on the disk; when it raises, nothing was changed.
Knows no rules of chat or interview beyond one: what was stored of a turn is filled in, never replaced.
"""

import copy
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Connection, Row, Table, delete, func, insert, select, update

from tutor.domain import LOCAL_LEARNER, Answer, Bilingual, Grade, Interview, Outcome, OutcomeKind, Plan, Turn, Verdict
from tutor.errors import HistoryError
from tutor.learning import tables
from tutor.learning.codec import from_data, storable_text, to_data
from tutor.learning.contests import Contest, contest_of, drop_contest, put_contest, read_contests
from tutor.learning.engine import describe_place, history_errors, open_engine
from tutor.learning.migrations import migrate
from tutor.learning.outcomes import put_outcome, read_outcomes
from tutor.learning.questions import Question, put_question, read_questions, stop_question, take_question
from tutor.learning.titles import Chat, InterviewTitle, read_asked_entries, read_chats, read_interview_titles
from tutor.learning.turns import count_hint, fill_in_turn, put_draft
from tutor.messages import Message

Kind = TypeVar("Kind")

_TITLE_CHARACTERS = 200
_A_CHAT, _AN_INTERVIEW = Bilingual("会话", "chat"), Bilingual("面试", "interview")


def utc_now() -> datetime:
    """The time, in UTC."""
    return datetime.now(UTC)


def stamp(moment: datetime) -> str:
    """UTC, ISO 8601, always with milliseconds: sorts as text."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds")


def new_id() -> str:
    """32 hexadecimal digits, random."""
    return uuid.uuid4().hex


class History:
    """Chat sessions, interviews and outcomes of one learner. Safe for several threads and processes.

    `url` is an SQLAlchemy URL, sqlite:///PATH or postgresql://...; opening creates or updates the schema. What belongs to
    another learner is not there: it is neither listed nor found nor changed by its id. Every method raises HistoryError (place, expected, found, next step) when the database will not.
    """

    def __init__(
        self,
        url: str,
        *,
        learner_id: str = LOCAL_LEARNER,
        clock: Callable[[], datetime] = utc_now,
        make_id: Callable[[], str] = new_id,
    ) -> None:
        self.learner_id = learner_id
        self._clock = clock
        self._make_id = make_id
        self._engine = open_engine(url)
        self._place = describe_place(self._engine.url)
        self._writer = self._engine.execution_options(writes=True)
        try:
            with history_errors(self._place):
                migrate(self._engine, self._place, self._now())
        except HistoryError:
            self._engine.dispose()
            raise

    def of(self, learner_id: str) -> "History":
        """The history of another learner in the same database, over the same connections."""
        other = copy.copy(self)
        other.learner_id = learner_id
        return other

    def close(self) -> None:
        """Closes the connections, those of `of` as well; the history can be used again all the same."""
        self._engine.dispose()

    # --- chat sessions

    def create_chat(self, title: str) -> str:
        """A new, empty session; returns its id."""
        chat_id, now = self._make_id(), self._now()
        with self._write() as connection:
            connection.execute(
                insert(tables.chat).values(
                    id=chat_id, title=self._title(title), created_at=now, updated_at=now, learner_id=self.learner_id
                )
            )
        return chat_id

    def chats(self) -> list[Chat]:
        """All sessions, the one used last first."""
        with self._read() as connection:
            return read_chats(connection, self.learner_id)

    def chat(self, chat_id: str) -> Chat:
        """One session; raises HistoryError when it is not there (any more)."""
        with self._read() as connection:
            found = read_chats(connection, self.learner_id, chat_id)
        if not found:
            raise self._absent(_A_CHAT, chat_id)
        return found[0]

    def rename_chat(self, chat_id: str, title: str) -> None:
        """Gives the session another title; a blank one is refused."""
        with self._write() as connection:
            self._touch(connection, chat_id, title=self._title(title))

    def delete_chat(self, chat_id: str) -> None:
        """Removes the session with all that was said in it; one that is gone already is fine."""
        with self._write() as connection:
            connection.execute(delete(tables.chat).where(self._is_own(tables.chat, chat_id)))

    def ask_question(self, chat_id: str, text: str) -> int:
        """Keeps a question before anything is computed; returns its id, for `add_exchange` or `stop_question`."""
        with self._write() as connection:
            self._touch(connection, chat_id)
            return put_question(connection, chat_id, storable_text(text), self._now())

    def stop_question(self, chat_id: str, question_id: int) -> None:
        """Notes that the learner stopped the answer; a question that is gone, or has its answer, is fine."""
        with self._write() as connection:
            if read_chats(connection, self.learner_id, chat_id):
                stop_question(connection, chat_id, question_id)

    def add_exchange(self, chat_id: str, answer: Answer, question_id: int | None = None) -> None:
        """Appends a question with its answer to the session; the question that was kept under that id is answered now."""
        exchange = tables.exchange.c
        with self._write() as connection:
            self._touch(connection, chat_id)  # also locks the row, so that numbers stay in order on PostgreSQL
            last = connection.scalar(select(func.max(exchange.number)).where(exchange.chat_id == chat_id)) or 0
            asked_at = take_question(connection, chat_id, question_id) if question_id is not None else None
            connection.execute(
                insert(tables.exchange).values(
                    chat_id=chat_id, number=last + 1, asked_at=asked_at or self._now(), answer=to_data(answer)
                )
            )

    def exchanges(self, chat_id: str) -> list[Answer]:
        """What was said in the session, oldest first. Raises HistoryError when the session is not there."""
        return [said for said in self.conversation(chat_id) if isinstance(said, Answer)]

    def conversation(self, chat_id: str) -> list[Answer | Question]:
        """What was said and what was asked without an answer, in the order of asking. Raises HistoryError when the
        session is not there."""
        exchange = tables.exchange.c
        with self._read() as connection:
            if not read_chats(connection, self.learner_id, chat_id):
                raise self._absent(_A_CHAT, chat_id)
            told = select(exchange.number, exchange.asked_at, exchange.answer).where(exchange.chat_id == chat_id)
            rows = connection.execute(told.order_by(exchange.number)).all()
            waiting = read_questions(connection, chat_id)
        said: list[tuple[str, Answer | Question]] = []
        for row in rows:
            record = Message("learning.exchange", number=row.number, chat=chat_id)
            said.append((row.asked_at, self._decode(Answer, row.answer, record)))
        said += [(question.asked_at, question) for question in waiting]
        return [what for _, what in sorted(said, key=lambda pair: pair[0])]

    def _touch(self, connection: Connection, chat_id: str, **changes: str) -> None:
        touched = update(tables.chat).where(self._is_own(tables.chat, chat_id))
        if connection.execute(touched.values(updated_at=self._now(), **changes)).rowcount == 0:
            raise self._absent(_A_CHAT, chat_id)

    def _title(self, title: str) -> str:
        line = " ".join(storable_text(title).split())
        if not line:
            raise HistoryError("learning.no_title")
        return line if len(line) <= _TITLE_CHARACTERS else line[: _TITLE_CHARACTERS - 1] + "…"

    # --- interviews

    def save_interview(self, interview: Interview) -> None:
        """Stores the interview with its turns; one that is there already is filled in as by `save_turns`."""
        with self._write() as connection:
            if not self._lock_interview(connection, interview.id):
                connection.execute(
                    insert(tables.interview).values(
                        id=interview.id,
                        started_at=interview.started_at,
                        plan=to_data(interview.plan),
                        learner_id=self.learner_id,
                    )
                )
            self._fill_in(connection, interview.id, interview.turns, interview.finished_at)

    def save_turn(self, interview_id: str, turn: Turn) -> bool:
        """Stores one turn; see `save_turns`."""
        return self.save_turns(interview_id, [turn]) == 1

    def save_turns(self, interview_id: str, turns: Sequence[Turn], finished_at: str | None = None) -> int:
        """Stores turns, and the end of the interview, in one transaction; returns how many turns that changed.

        A new turn is added unless the interview is finished. Of a turn that is there, a missing attempt and a missing
        grade are filled in, the grade only when it belongs to the stored attempt; what is stored is never replaced.
        With a grade its Outcome is stored.
        So of two threads or processes that answer or grade the same question the first wins and the other is told.
        """
        with self._write_in(interview_id) as connection:
            return self._fill_in(connection, interview_id, turns, finished_at)

    def interview(self, interview_id: str) -> Interview:
        """The interview as far as it has gone; raises HistoryError when it is not there (any more)."""
        turn = tables.turn.c
        with self._read() as connection:
            turns = connection.execute(
                select(tables.turn).where(turn.interview_id == interview_id).order_by(turn.number)
            ).all()
            row = connection.execute(
                select(tables.interview).where(self._is_own(tables.interview, interview_id))
            ).one_or_none()
        if row is None:
            raise self._absent(_AN_INTERVIEW, interview_id)
        plan = self._decode(Plan, row.plan, Message("learning.plan", interview=interview_id))
        return Interview(interview_id, plan, row.started_at, row.finished_at, tuple(map(self._turn, turns)))

    def interview_titles(self) -> list[InterviewTitle]:
        """All interviews for a list, the latest first."""
        with self._read() as connection:
            return read_interview_titles(connection, self.learner_id)

    def asked_entries(self, interviews: int) -> tuple[str, ...]:
        """Ids of the entries that the latest interviews asked as main questions, each once, latest first."""
        with self._read() as connection:
            return read_asked_entries(connection, self.learner_id, interviews)

    def take_hint(self, interview_id: str, number: int, most: int) -> int | None:
        """Counts one more hint on the question that waits: how many that makes, None where it has had `most`, or an
        answer."""
        with self._write_in(interview_id) as connection:
            return count_hint(connection, interview_id, number, most)

    def keep_draft(self, interview_id: str, number: int, typed: str) -> None:
        """Keeps what is typed at a question, in the place of what was; once it is answered, this changes nothing."""
        with self._write_in(interview_id) as connection:
            put_draft(connection, interview_id, number, typed)

    # --- outcomes

    def add_outcome(
        self,
        kind: OutcomeKind,
        item: str,
        share: float,
        grader_version: str,
        *,
        detail: str = "",
        hints: int = 0,
        revealed: bool = False,
    ) -> Outcome:
        """Stores what work outside of interviews came to, now; for turns, `save_turns` does."""
        outcome = Outcome(self.learner_id, kind, item, detail, share, self._now(), hints, revealed, grader_version)
        with self._write() as connection:
            put_outcome(connection, outcome)
        return outcome

    def outcomes(self) -> list[Outcome]:
        """What all graded work came to, oldest first."""
        with self._read() as connection:
            return read_outcomes(connection, self.learner_id)

    # --- contested verdicts

    def contest(self, interview_id: str, turn: int, point: int, learner_verdict: Verdict | None = None) -> Contest:
        """Stores the learner's own verdict on a key point, the opposite of the one given where none is named.

        Raises HistoryError when no verdict was given there.
        """
        contest = contest_of(self.interview(interview_id), turn, point, learner_verdict, self._now())
        with self._write_in(interview_id) as connection:
            put_contest(connection, contest)
        return contest

    def withdraw_contest(self, interview_id: str, turn: int, point: int) -> None:
        """Takes a contest back; one that is gone already is fine."""
        with self._write_in(interview_id) as connection:
            drop_contest(connection, interview_id, turn, point)

    def contests(self, interview_id: str | None = None) -> list[Contest]:
        """Those of one interview, or all."""
        with self._read() as connection:
            return read_contests(connection, self.learner_id, interview_id)

    def _lock_interview(self, connection: Connection, interview_id: str) -> bool:
        """Locks the interview against other writers until the transaction ends; False when it is not there."""
        own = select(tables.interview.c.id).where(self._is_own(tables.interview, interview_id))
        return connection.execute(own.with_for_update()).one_or_none() is not None

    def _fill_in(
        self, connection: Connection, interview_id: str, turns: Sequence[Turn], finished_at: str | None
    ) -> int:
        interview = tables.interview.c
        is_here = interview.id == interview_id
        is_finished = connection.scalar(select(interview.finished_at).where(is_here)) is not None
        now, may_add = self._now(), not is_finished
        changed = sum(
            fill_in_turn(connection, self.learner_id, interview_id, turn, now, may_add=may_add) for turn in turns
        )
        if finished_at and not is_finished:
            connection.execute(update(tables.interview).where(is_here).values(finished_at=finished_at))
        return changed

    def _turn(self, row: "Row[Any]") -> Turn:
        turn = Turn(
            number=row.number,
            entry_id=row.entry_id,
            question=row.question,
            follow_up_to=row.follow_up_to,
            probes=row.probes,
            attempt=row.attempt,
            asked_at=row.asked_at,
            answered_at=row.answered_at,
            hints=row.hints,
            revealed=row.revealed,
            draft=row.draft,
        )
        if row.grade is None:
            return turn
        where = Message("learning.grade", number=row.number, interview=row.interview_id)
        return replace(turn, grade=self._decode(Grade, row.grade, where))

    # --- below all of them

    @contextmanager
    def _read(self) -> Iterator[Connection]:
        with history_errors(self._place), self._engine.connect() as connection:
            yield connection

    @contextmanager
    def _write_in(self, interview_id: str) -> Iterator[Connection]:
        """A transaction that changes an interview; raises HistoryError when it is not there (any more)."""
        with self._write() as connection:
            if not self._lock_interview(connection, interview_id):
                raise self._absent(_AN_INTERVIEW, interview_id)
            yield connection

    @contextmanager
    def _write(self) -> Iterator[Connection]:
        with history_errors(self._place), self._writer.begin() as connection:
            yield connection

    def _is_own(self, table: Table, record_id: str) -> ColumnElement[bool]:
        """The chat or interview of that id, where it is this learner's."""
        return (table.c.id == record_id) & (table.c.learner_id == self.learner_id)

    def _decode(self, kind: type[Kind], data: Any, record: Message) -> Kind:
        try:
            return from_data(kind, data)
        except ValueError as error:
            raise HistoryError("learning.damaged_record", place=self._place, record=record, reason=error) from error

    def _absent(self, kind: Bilingual, record_id: str) -> HistoryError:
        return HistoryError("learning.absent", place=self._place, kind=kind, id=record_id)

    def _now(self) -> str:
        return stamp(self._clock())
