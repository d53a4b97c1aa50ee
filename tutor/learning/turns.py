"""The rows of an interview's turns: what was stored of a turn is filled in, never replaced. Knows no transaction."""

from typing import Any

from sqlalchemy import Connection, insert, select, update

from tutor.domain import Turn
from tutor.learning import tables
from tutor.learning.codec import storable_text, to_data
from tutor.learning.outcomes import outcome_of_turn, put_outcome


def fill_in_turn(
    connection: Connection, learner_id: str, interview_id: str, new: Turn, now: str, *, may_add: bool
) -> bool:
    """Adds the turn, or what is missing of it; with its grade comes its outcome. Returns whether anything changed."""
    is_here = _is_here(interview_id, new.number)
    stored = connection.execute(select(tables.turn).where(is_here)).one_or_none()
    is_new = stored is None and may_add
    if is_new:
        connection.execute(insert(tables.turn).values(interview_id=interview_id, **_question(new)))
        stored = connection.execute(select(tables.turn).where(is_here)).one()
    if stored is None:
        return False
    changes: dict[str, Any] = {}
    attempt = None if new.attempt is None else storable_text(new.attempt)
    if stored.attempt is None and attempt is not None:
        changes |= {"attempt": attempt, "answered_at": new.answered_at}
        changes |= {"draft": None} if attempt else {}  # a draft of a question that is skipped stays
    if stored.grade is None and new.grade is not None and changes.get("attempt", stored.attempt) == attempt:
        changes["grade"] = to_data(new.grade)
    if changes:
        connection.execute(update(tables.turn).where(is_here).values(**changes))
    if new.grade is not None and "grade" in changes:
        at = changes.get("answered_at", stored.answered_at) or now
        put_outcome(connection, outcome_of_turn(learner_id, stored, new.grade, at), interview_id, new.number)
    return is_new or bool(changes)


def count_hint(connection: Connection, interview_id: str, number: int, most: int) -> int | None:
    """One more hint of the question that waits: how many that makes; None where it was answered or had `most`."""
    turn = tables.turn.c
    may_have = _is_here(interview_id, number) & turn.attempt.is_(None) & (turn.hints < most)
    counted = update(tables.turn).where(may_have).values(hints=turn.hints + 1)
    if connection.execute(counted).rowcount == 0:
        return None
    return connection.scalar(select(turn.hints).where(_is_here(interview_id, number)))


def put_draft(connection: Connection, interview_id: str, number: int, typed: str) -> None:
    """What is typed at the question; once it was answered, this changes nothing."""
    unanswered = _is_here(interview_id, number) & tables.turn.c.attempt.is_(None)
    connection.execute(update(tables.turn).where(unanswered).values(draft=storable_text(typed) or None))


def _is_here(interview_id: str, number: int) -> Any:
    return (tables.turn.c.interview_id == interview_id) & (tables.turn.c.number == number)


def _question(new: Turn) -> dict[str, Any]:
    return {
        "number": new.number,
        "entry_id": new.entry_id,
        "question": storable_text(new.question),
        "follow_up_to": new.follow_up_to,
        "probes": new.probes,
        "asked_at": new.asked_at,
        "hints": new.hints,
        "revealed": new.revealed,
    }
