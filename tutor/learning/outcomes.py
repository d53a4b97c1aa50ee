"""What graded work came to, row by row. Knows who stores what, not what a share is good for.

A turn's outcome is stored in the transaction that stores its grade, and never alone; see `turns`.
"""

from typing import Any

from sqlalchemy import Connection, Row, insert, select

from tutor.domain import Grade, Outcome
from tutor.learning import tables

_OF_OUTCOME = [column for column in tables.outcome.c if column.name not in ("id", "interview_id", "turn")]


def put_outcome(
    connection: Connection, outcome: Outcome, interview_id: str | None = None, turn: int | None = None
) -> None:
    """Stores the outcome, of a turn of an interview or of work that stands alone."""
    values = {column.name: getattr(outcome, column.name) for column in _OF_OUTCOME}
    connection.execute(insert(tables.outcome).values(**values, interview_id=interview_id, turn=turn))


def outcome_of_turn(learner_id: str, turn: "Row[Any]", grade: Grade, at: str) -> Outcome:
    """What the grade of a stored turn says of its entry, or of the key point that a follow-up probed."""
    return Outcome(
        learner_id,
        kind="attempt" if turn.follow_up_to is None else "follow_up",
        item=turn.entry_id,
        detail=turn.probes or "",
        share=grade.score / 10,
        at=at,
        hints=turn.hints,
        revealed=turn.revealed,
        grader_version=grade.grader_version,
    )


def read_outcomes(connection: Connection, learner_id: str) -> list[Outcome]:
    """All of a learner, oldest first."""
    outcome = tables.outcome.c
    rows = select(*_OF_OUTCOME).where(outcome.learner_id == learner_id).order_by(outcome.at, outcome.id)
    return [Outcome(*row) for row in connection.execute(rows)]
