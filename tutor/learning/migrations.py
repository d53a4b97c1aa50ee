"""Numbered plain functions that build the schema, each applied once, in order, all or nothing.

A released function is never changed: the next change of the schema is the next number. The functions spell out their
tables, because `tables.py` shows only the latest state.
"""

import json
from collections.abc import Callable, Sequence

from sqlalchemy import (
    JSON,
    Boolean,
    CheckConstraint,
    Column,
    Connection,
    Engine,
    Float,
    ForeignKey,
    ForeignKeyConstraint,
    Integer,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    inspect,
    select,
    text,
)
from sqlalchemy.exc import IntegrityError, ProgrammingError

from tutor.errors import HistoryError

Migration = Callable[[Connection], None]

_TRIES = 3

_log = Table(
    "migration",
    MetaData(),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("name", Text, nullable=False),
    Column("applied_at", Text, nullable=False),
)


def m001_chats(connection: Connection) -> None:
    """Chat sessions and what was said in them."""
    metadata = MetaData()
    Table(
        "chat",
        metadata,
        Column("id", Text, primary_key=True),
        Column("title", Text, nullable=False),
        Column("created_at", Text, nullable=False),
        Column("updated_at", Text, nullable=False),
    )
    Table(
        "exchange",
        metadata,
        Column("chat_id", Text, ForeignKey("chat.id", ondelete="CASCADE"), primary_key=True),
        Column("number", Integer, primary_key=True, autoincrement=False),
        Column("asked_at", Text, nullable=False),
        Column("answer", JSON, nullable=False),
    )
    metadata.create_all(connection, checkfirst=False)


def m002_interviews(connection: Connection) -> None:
    """Mock interviews and their turns; attempt and grade are filled in as the interview goes on."""
    metadata = MetaData()
    Table(
        "interview",
        metadata,
        Column("id", Text, primary_key=True),
        Column("started_at", Text, nullable=False),
        Column("finished_at", Text),
        Column("plan", JSON, nullable=False),
    )
    Table(
        "turn",
        metadata,
        Column("interview_id", Text, ForeignKey("interview.id", ondelete="CASCADE"), primary_key=True),
        Column("number", Integer, primary_key=True, autoincrement=False),
        Column("entry_id", Text, nullable=False),
        Column("question", Text, nullable=False),
        Column("follow_up_to", Integer),
        Column("probes", Text),
        Column("attempt", Text),
        Column("grade", JSON),
    )
    metadata.create_all(connection, checkfirst=False)


def m003_preferences(connection: Connection) -> None:
    """What the learner chose in the UI."""
    metadata = MetaData()
    Table("preference", metadata, Column("name", Text, primary_key=True), Column("value", JSON, nullable=False))
    metadata.create_all(connection, checkfirst=False)


def m004_contests(connection: Connection) -> None:
    """Verdicts on key points that the learner contests."""
    metadata = MetaData()
    Table(
        "turn",
        metadata,
        Column("interview_id", Text, primary_key=True),
        Column("number", Integer, primary_key=True, autoincrement=False),
    )
    contest = Table(
        "contest",
        metadata,
        Column("interview_id", Text, primary_key=True),
        Column("number", Integer, primary_key=True, autoincrement=False),
        Column("point", Integer, primary_key=True, autoincrement=False),
        Column("key_point", Text, nullable=False),
        Column("verdict", Text, nullable=False),
        Column("learner_verdict", Text, nullable=False),
        Column("grader_version", Text, nullable=False),
        Column("contested_at", Text, nullable=False),
        ForeignKeyConstraint(["interview_id", "number"], ["turn.interview_id", "turn.number"], ondelete="CASCADE"),
    )
    contest.create(connection, checkfirst=False)


def m005_learners_and_outcomes(connection: Connection) -> None:
    """Whose a chat or interview is, when a turn was asked and answered and with what help, and what came of it.

    All that is there belongs to the one learner there was. Only the first question of an interview has a known time;
    hints were not recorded. Turns with a grade become outcomes, at the start of their interview.
    """
    for change in (
        "chat ADD COLUMN learner_id TEXT NOT NULL DEFAULT 'local'",
        "interview ADD COLUMN learner_id TEXT NOT NULL DEFAULT 'local'",
        "turn ADD COLUMN asked_at TEXT",
        "turn ADD COLUMN answered_at TEXT",
        "turn ADD COLUMN hints INTEGER NOT NULL DEFAULT 0",
        "turn ADD COLUMN revealed BOOLEAN NOT NULL DEFAULT false",
    ):
        connection.execute(text(f"ALTER TABLE {change}"))
    connection.execute(
        text(
            "UPDATE turn SET asked_at = (SELECT started_at FROM interview WHERE interview.id = turn.interview_id) "
            "WHERE number = 1"
        )
    )
    outcome = _m005_outcome()
    outcome.metadata.create_all(connection, tables=[outcome], checkfirst=False)
    graded = connection.execute(
        text(
            "SELECT interview_id, number, entry_id, probes, follow_up_to, started_at, CAST(grade AS TEXT) AS grade "
            "FROM turn JOIN interview ON interview.id = turn.interview_id WHERE grade IS NOT NULL "
            "ORDER BY started_at, interview_id, number"
        )
    )
    for row in graded.all():
        result = _m005_result(row.grade)
        if result is not None:
            share, grader_version = result
            connection.execute(
                outcome.insert().values(
                    learner_id="local",
                    kind="attempt" if row.follow_up_to is None else "follow_up",
                    item=row.entry_id,
                    detail=row.probes or "",
                    share=share,
                    at=row.started_at,
                    hints=0,
                    revealed=False,
                    grader_version=grader_version,
                    interview_id=row.interview_id,
                    turn=row.number,
                )
            )


def _m005_result(grade: str) -> tuple[float, str] | None:
    """(share, grader's version) of a stored grade; None where it was tampered with: such a record is told when it is read."""
    try:
        stored = json.loads(grade)
        share, grader_version = float(stored["score"]) / 10, str(stored["grader_version"])
    except (ValueError, TypeError, KeyError, OverflowError):
        return None
    return (share, grader_version) if 0 <= share <= 1 else None


def _m005_outcome() -> Table:
    metadata = MetaData()
    Table(
        "turn",
        metadata,
        Column("interview_id", Text, primary_key=True),
        Column("number", Integer, primary_key=True, autoincrement=False),
    )
    return Table(
        "outcome",
        metadata,
        Column("id", Integer, primary_key=True),
        Column("learner_id", Text, nullable=False),
        Column("kind", Text, nullable=False),
        Column("item", Text, nullable=False),
        Column("detail", Text, nullable=False),
        Column("share", Float, CheckConstraint("share BETWEEN 0 AND 1"), nullable=False),
        Column("at", Text, nullable=False),
        Column("hints", Integer, nullable=False),
        Column("revealed", Boolean, nullable=False),
        Column("grader_version", Text, nullable=False),
        Column("interview_id", Text),
        Column("turn", Integer),
        UniqueConstraint("interview_id", "turn"),
        ForeignKeyConstraint(["interview_id", "turn"], ["turn.interview_id", "turn.number"], ondelete="CASCADE"),
    )


def m006_drafts(connection: Connection) -> None:
    """What was typed at a question and not handed in (yet)."""
    connection.execute(text("ALTER TABLE turn ADD COLUMN draft TEXT"))


def m007_questions(connection: Connection) -> None:
    """Questions of a chat that have no answer (yet)."""
    metadata = MetaData()
    Table("chat", metadata, Column("id", Text, primary_key=True))
    question = Table(
        "question",
        metadata,
        Column("id", Integer, primary_key=True),
        Column("chat_id", Text, ForeignKey("chat.id", ondelete="CASCADE"), nullable=False),
        Column("text", Text, nullable=False),
        Column("asked_at", Text, nullable=False),
        Column("stopped", Boolean, nullable=False),
    )
    question.create(connection, checkfirst=False)


MIGRATIONS: tuple[Migration, ...] = (
    m001_chats,
    m002_interviews,
    m003_preferences,
    m004_contests,
    m005_learners_and_outcomes,
    m006_drafts,
    m007_questions,
)


def migrate(engine: Engine, place: str, applied_at: str, migrations: Sequence[Migration] = MIGRATIONS) -> None:
    """Brings the schema up to date in one transaction; a database that is up to date is only read.

    Raises HistoryError, having changed nothing, when the database is newer than this program or is no history.
    """
    with engine.connect() as connection:
        if _version(connection, place, len(migrations)) == len(migrations):
            return
    for left in reversed(range(_TRIES)):
        try:
            with engine.execution_options(writes=True).begin() as connection:
                _apply(connection, place, applied_at, migrations)
            return
        except (IntegrityError, ProgrammingError):
            # PostgreSQL: another process created the same table meanwhile; look again at what is left to do
            if not left:
                raise


def _apply(connection: Connection, place: str, applied_at: str, migrations: Sequence[Migration]) -> None:
    done = _version(connection, place, len(migrations))
    _log.create(connection, checkfirst=True)
    for number, function in enumerate(migrations[done:], start=done + 1):
        function(connection)
        connection.execute(_log.insert().values(number=number, name=function.__name__, applied_at=applied_at))


def _version(connection: Connection, place: str, latest: int) -> int:
    """How many migrations the database has seen."""
    tables = inspect(connection).get_table_names()
    if _log.name not in tables:
        if tables:
            raise HistoryError("learning.other_tables", place=place, tables=sorted(tables)[:5])
        return 0
    found = max(connection.scalars(select(_log.c.number)), default=0)
    if found > latest:
        raise HistoryError("learning.newer", place=place, known=latest, found=found)
    return found
