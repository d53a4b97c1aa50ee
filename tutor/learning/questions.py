"""SQL of questions that have no answer (yet): kept from the moment they are asked until their answer takes them away."""

from dataclasses import dataclass

from sqlalchemy import Connection, delete, insert, select, update

from tutor.learning import tables


@dataclass(frozen=True)
class Question:
    """A question of a chat whose answer is being written, was stopped by the learner, or was never finished."""

    id: int
    text: str
    asked_at: str  # UTC, ISO 8601
    is_stopped: bool


def put_question(connection: Connection, chat_id: str, text: str, now: str) -> int:
    """Keeps the question and returns its id; one in the same words that waits already is asked again, not twice."""
    question = tables.question.c
    connection.execute(delete(tables.question).where((question.chat_id == chat_id) & (question.text == text)))
    kept = connection.execute(
        insert(tables.question).values(chat_id=chat_id, text=text, asked_at=now, stopped=False).returning(question.id)
    )
    return int(kept.scalar_one())


def stop_question(connection: Connection, chat_id: str, question_id: int) -> None:
    """Notes that the learner stopped its answer."""
    question = tables.question.c
    mine = (question.id == question_id) & (question.chat_id == chat_id)
    connection.execute(update(tables.question).where(mine).values(stopped=True))


def take_question(connection: Connection, chat_id: str, question_id: int) -> str | None:
    """Takes an answered question away and returns when it was asked; None where it is gone already."""
    question = tables.question.c
    mine = (question.id == question_id) & (question.chat_id == chat_id)
    asked_at = connection.scalar(select(question.asked_at).where(mine))
    connection.execute(delete(tables.question).where(mine))
    return asked_at


def read_questions(connection: Connection, chat_id: str) -> list[Question]:
    """Those of a chat, oldest first."""
    question = tables.question.c
    shown = select(question.id, question.text, question.asked_at, question.stopped)
    rows = connection.execute(shown.where(question.chat_id == chat_id).order_by(question.asked_at, question.id))
    return [Question(*row) for row in rows]
