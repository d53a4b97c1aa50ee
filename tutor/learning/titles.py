"""What lists show of a learner's chats and interviews, and what was asked lately: read without opening any of them."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Select, desc, func, select

from tutor.learning import tables


@dataclass(frozen=True)
class Chat:
    """A stored chat session; what was said in it comes from `History.exchanges`."""

    id: str
    title: str
    created_at: str  # UTC, ISO 8601
    updated_at: str  # of the last exchange or renaming
    messages: int  # exchanges so far


@dataclass(frozen=True)
class InterviewTitle:
    """What a list of interviews shows of one."""

    id: str
    started_at: str  # UTC, ISO 8601
    finished_at: str | None
    questions: int  # planned
    entry_ids: tuple[str, ...]  # chosen


def read_chats(connection: Connection, learner_id: str, chat_id: str | None = None) -> list[Chat]:
    """All of the learner, the one used last first, or the one of that id."""
    chat, exchange = tables.chat.c, tables.exchange.c
    shown = (chat.id, chat.title, chat.created_at, chat.updated_at)
    chats = (
        select(*shown, func.count(exchange.number))
        .outerjoin(tables.exchange, exchange.chat_id == chat.id)
        .where(chat.learner_id == learner_id)
        .group_by(*shown)
        .order_by(desc(chat.updated_at), chat.id)
    )
    if chat_id is not None:
        chats = chats.where(chat.id == chat_id)
    return [Chat(*row) for row in connection.execute(chats)]


def read_interview_titles(connection: Connection, learner_id: str) -> list[InterviewTitle]:
    """All of the learner, the latest first."""
    interview = tables.interview.c
    titles = select(interview.id, interview.started_at, interview.finished_at, interview.plan)
    rows = connection.execute(_latest_first(titles, learner_id))
    return [
        InterviewTitle(row.id, row.started_at, row.finished_at, row.plan["questions"], tuple(row.plan["entry_ids"]))
        for row in rows
    ]


def read_asked_entries(connection: Connection, learner_id: str, interviews: int) -> tuple[str, ...]:
    """Ids of the entries that the learner's latest interviews asked as main questions, each once, latest first."""
    turn, interview = tables.turn.c, tables.interview.c
    latest = _latest_first(select(interview.id, interview.started_at), learner_id).limit(interviews).subquery()
    asked = (
        select(turn.entry_id)
        .join(latest, latest.c.id == turn.interview_id)
        .where(turn.follow_up_to.is_(None))
        .order_by(desc(latest.c.started_at), latest.c.id, desc(turn.number))
    )
    return tuple(dict.fromkeys(connection.scalars(asked)))


def _latest_first(interviews: Select[Any], learner_id: str) -> Select[Any]:
    interview = tables.interview.c
    own = interviews.where(interview.learner_id == learner_id)
    return own.order_by(desc(interview.started_at), interview.id)
