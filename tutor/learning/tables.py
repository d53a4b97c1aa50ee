"""The tables as the queries see them: the state after the last migration. A test holds the two together.

Whole domain objects are JSON; columns of their own are only what is searched, ordered or filled in later.
All times are UTC, ISO 8601 with milliseconds, so that they sort as text.
"""

from sqlalchemy import (
    JSON,
    Boolean,
    CheckConstraint,
    Column,
    Float,
    ForeignKey,
    ForeignKeyConstraint,
    Integer,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
)

metadata = MetaData()

# none_as_null: "not graded yet" is SQL's NULL, not JSON's null
_JSON = JSON(none_as_null=True)

chat = Table(
    "chat",
    metadata,
    Column("id", Text, primary_key=True),
    Column("title", Text, nullable=False),
    Column("created_at", Text, nullable=False),
    Column("updated_at", Text, nullable=False),
    Column("learner_id", Text, nullable=False),
)

exchange = Table(
    "exchange",
    metadata,
    Column("chat_id", Text, ForeignKey("chat.id", ondelete="CASCADE"), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),  # from 1 within the chat
    Column("asked_at", Text, nullable=False),
    Column("answer", _JSON, nullable=False),
)

question = Table(  # without an answer (yet): its answer takes it away
    "question",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("chat_id", Text, ForeignKey("chat.id", ondelete="CASCADE"), nullable=False),
    Column("text", Text, nullable=False),
    Column("asked_at", Text, nullable=False),
    Column("stopped", Boolean, nullable=False),
)

interview = Table(
    "interview",
    metadata,
    Column("id", Text, primary_key=True),
    Column("started_at", Text, nullable=False),
    Column("finished_at", Text),
    Column("plan", _JSON, nullable=False),
    Column("learner_id", Text, nullable=False),
)

turn = Table(
    "turn",
    metadata,
    Column("interview_id", Text, ForeignKey("interview.id", ondelete="CASCADE"), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),  # from 1 within the interview
    Column("entry_id", Text, nullable=False),
    Column("question", Text, nullable=False),
    Column("follow_up_to", Integer),
    Column("probes", Text),
    Column("attempt", Text),
    Column("grade", _JSON),
    Column("asked_at", Text),
    Column("answered_at", Text),
    Column("hints", Integer, nullable=False),
    Column("revealed", Boolean, nullable=False),
    Column("draft", Text),
)

contest = Table(
    "contest",
    metadata,
    Column("interview_id", Text, primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),  # of the turn
    Column("point", Integer, primary_key=True, autoincrement=False),  # place of the key point in the grade, from 0
    Column("key_point", Text, nullable=False),
    Column("verdict", Text, nullable=False),
    Column("learner_verdict", Text, nullable=False),
    Column("grader_version", Text, nullable=False),
    Column("contested_at", Text, nullable=False),
    ForeignKeyConstraint(["interview_id", "number"], ["turn.interview_id", "turn.number"], ondelete="CASCADE"),
)

outcome = Table(
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
    Column("interview_id", Text),  # of the turn that was graded; NULL for drills and exercises
    Column("turn", Integer),
    UniqueConstraint("interview_id", "turn"),  # a turn is graded once
    ForeignKeyConstraint(["interview_id", "turn"], ["turn.interview_id", "turn.number"], ondelete="CASCADE"),
)
