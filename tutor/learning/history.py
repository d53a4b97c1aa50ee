"""The learner's history: all SQL of the tutor, through SQLAlchemy Core, on SQLite or PostgreSQL alike.

Every call is one transaction: when it returns, the change is on the disk; when it raises, nothing was changed.
Knows no rules of chat or interview beyond one: what was stored of a turn is filled in, never replaced.
"""

import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, TypeVar

from sqlalchemy import Connection, Row, delete, desc, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from tutor.domain import Answer, Grade, Interview, Plan, Turn, Verdict
from tutor.errors import HistoryError
from tutor.learning import tables
from tutor.learning.codec import JsonData, from_data, storable_text, to_data
from tutor.learning.contests import Contest, contest_of, drop_contest, put_contest, read_contests
from tutor.learning.engine import describe_place, history_errors, open_engine
from tutor.learning.migrations import migrate

Kind = TypeVar("Kind")

_TITLE_CHARACTERS = 200


@dataclass(frozen=True)
class Chat:
    """A stored chat session; what was said in it comes from `History.exchanges`."""

    id: str
    title: str
    created_at: str  # UTC, ISO 8601
    updated_at: str  # of the last exchange or renaming
    messages: int  # exchanges so far


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
    """Chat sessions, interviews and preferences of one learner. Safe for several threads and processes.

    `url` is an SQLAlchemy URL, sqlite:///PATH or postgresql://...; opening creates or updates the schema.
    Every method raises HistoryError (place, expected, found, next step) when the database will not.
    """

    def __init__(
        self, url: str, *, clock: Callable[[], datetime] = utc_now, make_id: Callable[[], str] = new_id
    ) -> None:
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

    def close(self) -> None:
        """Closes the connections; the history can be used again all the same."""
        self._engine.dispose()

    # --- chat sessions

    def create_chat(self, title: str) -> str:
        """A new, empty session; returns its id."""
        chat_id, now = self._make_id(), self._now()
        with self._write() as connection:
            connection.execute(
                insert(tables.chat).values(id=chat_id, title=self._title(title), created_at=now, updated_at=now)
            )
        return chat_id

    def chats(self) -> list[Chat]:
        """All sessions, the one used last first."""
        with self._read() as connection:
            return [Chat(*row) for row in connection.execute(_SELECT_CHATS)]

    def chat(self, chat_id: str) -> Chat:
        """One session; raises HistoryError when it is not there (any more)."""
        with self._read() as connection:
            row = connection.execute(_SELECT_CHATS.where(tables.chat.c.id == chat_id)).one_or_none()
        if row is None:
            raise self._absent("chat", chat_id)
        return Chat(*row)

    def rename_chat(self, chat_id: str, title: str) -> None:
        """Gives the session another title; a blank one is refused."""
        with self._write() as connection:
            self._touch(connection, chat_id, title=self._title(title))

    def delete_chat(self, chat_id: str) -> None:
        """Removes the session with all that was said in it; one that is gone already is fine."""
        with self._write() as connection:
            connection.execute(delete(tables.chat).where(tables.chat.c.id == chat_id))

    def add_exchange(self, chat_id: str, answer: Answer) -> None:
        """Appends a question with its answer to the session."""
        exchange = tables.exchange.c
        with self._write() as connection:
            self._touch(connection, chat_id)  # also locks the row, so that numbers stay in order on PostgreSQL
            last = connection.scalar(select(func.max(exchange.number)).where(exchange.chat_id == chat_id)) or 0
            connection.execute(
                insert(tables.exchange).values(
                    chat_id=chat_id, number=last + 1, asked_at=self._now(), answer=to_data(answer)
                )
            )

    def exchanges(self, chat_id: str) -> list[Answer]:
        """What was said in the session, oldest first. Raises HistoryError when the session is not there."""
        exchange = tables.exchange.c
        with self._read() as connection:
            rows = connection.execute(
                select(exchange.number, exchange.answer).where(exchange.chat_id == chat_id).order_by(exchange.number)
            ).all()
        if not rows:
            self.chat(chat_id)
        return [self._decode(Answer, row.answer, f"exchange {row.number} of chat `{chat_id}`") for row in rows]

    def _touch(self, connection: Connection, chat_id: str, **changes: str) -> None:
        statement = update(tables.chat).where(tables.chat.c.id == chat_id).values(updated_at=self._now(), **changes)
        if connection.execute(statement).rowcount == 0:
            raise self._absent("chat", chat_id)

    def _title(self, title: str) -> str:
        line = " ".join(storable_text(title).split())
        if not line:
            raise HistoryError("Chat title: expected some text, found none. Give it a name.")
        return line if len(line) <= _TITLE_CHARACTERS else line[: _TITLE_CHARACTERS - 1] + "…"

    # --- interviews

    def save_interview(self, interview: Interview) -> None:
        """Stores the interview with its turns; one that is there already is filled in as by `save_turns`."""
        with self._write() as connection:
            if self._lock_interview(connection, interview.id) is None:
                connection.execute(
                    insert(tables.interview).values(
                        id=interview.id, started_at=interview.started_at, plan=to_data(interview.plan)
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
        So of two threads or processes that answer or grade the same question the first wins and the other is told.
        """
        with self._write() as connection:
            if self._lock_interview(connection, interview_id) is None:
                raise self._absent("interview", interview_id)
            return self._fill_in(connection, interview_id, turns, finished_at)

    def interview(self, interview_id: str) -> Interview:
        """The interview as far as it has gone; raises HistoryError when it is not there (any more)."""
        found = self._interviews(interview_id)
        if not found:
            raise self._absent("interview", interview_id)
        return found[0]

    def interviews(self) -> list[Interview]:
        """All interviews, the latest first."""
        return self._interviews(None)

    def delete_interview(self, interview_id: str) -> None:
        """Removes the interview with its turns; one that is gone already is fine."""
        with self._write() as connection:
            connection.execute(delete(tables.interview).where(tables.interview.c.id == interview_id))

    # --- contested verdicts

    def contest(self, interview_id: str, turn: int, point: int, learner_verdict: Verdict | None = None) -> Contest:
        """Stores the learner's own verdict on a key point, the opposite of the one given where none is named.

        Raises HistoryError when no verdict was given there.
        """
        contest = contest_of(self.interview(interview_id), turn, point, learner_verdict, self._now())
        with self._write() as connection:
            if self._lock_interview(connection, interview_id) is None:
                raise self._absent("interview", interview_id)
            put_contest(connection, contest)
        return contest

    def withdraw_contest(self, interview_id: str, turn: int, point: int) -> None:
        """Takes a contest back; one that is gone already is fine."""
        with self._write() as connection:
            drop_contest(connection, interview_id, turn, point)

    def contests(self, interview_id: str | None = None) -> list[Contest]:
        """Those of one interview, or all."""
        with self._read() as connection:
            return read_contests(connection, interview_id)

    def _lock_interview(self, connection: Connection, interview_id: str) -> "Row[Any] | None":
        """The interview's row, locked against other writers until the transaction ends."""
        interview = tables.interview.c
        return connection.execute(
            select(interview.id).where(interview.id == interview_id).with_for_update()
        ).one_or_none()

    def _fill_in(
        self, connection: Connection, interview_id: str, turns: Sequence[Turn], finished_at: str | None
    ) -> int:
        interview = tables.interview.c
        is_here = interview.id == interview_id
        is_finished = connection.scalar(select(interview.finished_at).where(is_here)) is not None
        changed = sum(_fill_in_turn(connection, interview_id, turn, may_add=not is_finished) for turn in turns)
        if finished_at and not is_finished:
            connection.execute(update(tables.interview).where(is_here).values(finished_at=finished_at))
        return changed

    def _interviews(self, interview_id: str | None) -> list[Interview]:
        interviews = select(tables.interview).order_by(desc(tables.interview.c.started_at), tables.interview.c.id)
        turns = select(tables.turn).order_by(tables.turn.c.interview_id, tables.turn.c.number)
        if interview_id is not None:
            interviews = interviews.where(tables.interview.c.id == interview_id)
            turns = turns.where(tables.turn.c.interview_id == interview_id)
        with self._read() as connection:
            turn_rows = connection.execute(turns).all()
            rows = connection.execute(interviews).all()
        turns_of: dict[str, list[Turn]] = {row.id: [] for row in rows}
        for row in turn_rows:
            if row.interview_id in turns_of:  # on PostgreSQL it may have been deleted between the two reads
                turns_of[row.interview_id].append(self._turn(row))
        return [
            Interview(
                id=row.id,
                plan=self._decode(Plan, row.plan, f"the plan of interview `{row.id}`"),
                started_at=row.started_at,
                finished_at=row.finished_at,
                turns=tuple(turns_of[row.id]),
            )
            for row in rows
        ]

    def _turn(self, row: "Row[Any]") -> Turn:
        turn = Turn(row.number, row.entry_id, row.question, row.follow_up_to, row.probes, row.attempt)
        if row.grade is None:
            return turn
        where = f"the grade of question {row.number} in interview `{row.interview_id}`"
        return replace(turn, grade=self._decode(Grade, row.grade, where))

    # --- preferences

    def get_preference(self, name: str, default: JsonData = None) -> Any:
        """What was last set under the name, or the default."""
        preference = tables.preference.c
        with self._read() as connection:
            row = connection.execute(select(preference.value).where(preference.name == name)).one_or_none()
        return default if row is None else row.value

    def set_preference(self, name: str, value: JsonData) -> None:
        """Keeps a JSON value under the name, in place of an earlier one."""
        with history_errors(self._place):
            try:
                self._put_preference(name, value)
            except IntegrityError:  # on PostgreSQL another process may have added the same name meanwhile
                self._put_preference(name, value)

    def _put_preference(self, name: str, value: JsonData) -> None:
        is_here = tables.preference.c.name == name
        with self._writer.begin() as connection:
            if connection.execute(update(tables.preference).where(is_here).values(value=to_data(value))).rowcount == 0:
                connection.execute(insert(tables.preference).values(name=name, value=to_data(value)))

    # --- below all of them

    @contextmanager
    def _read(self) -> Iterator[Connection]:
        with history_errors(self._place), self._engine.connect() as connection:
            yield connection

    @contextmanager
    def _write(self) -> Iterator[Connection]:
        with history_errors(self._place), self._writer.begin() as connection:
            yield connection

    def _decode(self, kind: type[Kind], data: Any, record: str) -> Kind:
        try:
            return from_data(kind, data)
        except ValueError as error:
            raise HistoryError(
                f"History `{self._place}`: {record} is not what was written: {error}. "
                "It was left as it is; put a copy of the file back, or delete that record."
            ) from error

    def _absent(self, what: str, record_id: str) -> HistoryError:
        return HistoryError(
            f"History `{self._place}`: expected {what} `{record_id}`, found none of that id. "
            "It may have been deleted in another window; open another one from the list."
        )

    def _now(self) -> str:
        return stamp(self._clock())


def _fill_in_turn(connection: Connection, interview_id: str, new: Turn, *, may_add: bool) -> bool:
    turn = tables.turn.c
    is_here = (turn.interview_id == interview_id) & (turn.number == new.number)
    attempt = None if new.attempt is None else storable_text(new.attempt)
    grade = None if new.grade is None else to_data(new.grade)
    stored = connection.execute(select(turn.attempt, turn.grade).where(is_here)).one_or_none()
    if stored is None:
        if may_add:
            connection.execute(
                insert(tables.turn).values(
                    interview_id=interview_id,
                    number=new.number,
                    entry_id=new.entry_id,
                    question=storable_text(new.question),
                    follow_up_to=new.follow_up_to,
                    probes=new.probes,
                    attempt=attempt,
                    grade=grade,
                )
            )
        return may_add
    changes: dict[str, Any] = {}
    if stored.attempt is None and attempt is not None:
        changes["attempt"] = attempt
    if stored.grade is None and grade is not None and changes.get("attempt", stored.attempt) == attempt:
        changes["grade"] = grade
    if changes:
        connection.execute(update(tables.turn).where(is_here).values(**changes))
    return bool(changes)


_SELECT_CHATS = (
    select(tables.chat, func.count(tables.exchange.c.number).label("messages"))
    .outerjoin(tables.exchange, tables.exchange.c.chat_id == tables.chat.c.id)
    .group_by(*tables.chat.c)
    .order_by(desc(tables.chat.c.updated_at), tables.chat.c.id)
)
