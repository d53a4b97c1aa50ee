"""The schema: complete as written here, reached in steps, all or nothing."""

import json
import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import Connection, create_engine, inspect, text
from sqlalchemy.exc import OperationalError

from tests.learning.material import ANSWER, GRADE, interview
from tutor.errors import HistoryError
from tutor.learning import tables
from tutor.learning.codec import to_data
from tutor.learning.engine import open_engine
from tutor.learning.history import History
from tutor.learning.migrations import MIGRATIONS, migrate

NOW = "2026-01-01T09:00:00.000+00:00"
# table -> column -> (type, may be empty); keys and references below
SCHEMA = {
    "chat": {
        "id": ("TEXT", False),
        "title": ("TEXT", False),
        "created_at": ("TEXT", False),
        "updated_at": ("TEXT", False),
        "learner_id": ("TEXT", False),
    },
    "contest": {
        "interview_id": ("TEXT", False),
        "number": ("INTEGER", False),
        "point": ("INTEGER", False),
        "key_point": ("TEXT", False),
        "verdict": ("TEXT", False),
        "learner_verdict": ("TEXT", False),
        "grader_version": ("TEXT", False),
        "contested_at": ("TEXT", False),
    },
    "exchange": {
        "chat_id": ("TEXT", False),
        "number": ("INTEGER", False),
        "asked_at": ("TEXT", False),
        "answer": ("JSON", False),
    },
    "interview": {
        "id": ("TEXT", False),
        "started_at": ("TEXT", False),
        "finished_at": ("TEXT", True),
        "plan": ("JSON", False),
        "learner_id": ("TEXT", False),
    },
    "migration": {"number": ("INTEGER", False), "name": ("TEXT", False), "applied_at": ("TEXT", False)},
    "outcome": {
        "id": ("INTEGER", False),
        "learner_id": ("TEXT", False),
        "kind": ("TEXT", False),
        "item": ("TEXT", False),
        "detail": ("TEXT", False),
        "share": ("FLOAT", False),
        "at": ("TEXT", False),
        "hints": ("INTEGER", False),
        "revealed": ("BOOLEAN", False),
        "grader_version": ("TEXT", False),
        "interview_id": ("TEXT", True),
        "turn": ("INTEGER", True),
    },
    "preference": {"name": ("TEXT", False), "value": ("JSON", False)},
    "question": {
        "id": ("INTEGER", False),
        "chat_id": ("TEXT", False),
        "text": ("TEXT", False),
        "asked_at": ("TEXT", False),
        "stopped": ("BOOLEAN", False),
    },
    "turn": {
        "interview_id": ("TEXT", False),
        "number": ("INTEGER", False),
        "entry_id": ("TEXT", False),
        "question": ("TEXT", False),
        "follow_up_to": ("INTEGER", True),
        "probes": ("TEXT", True),
        "attempt": ("TEXT", True),
        "grade": ("JSON", True),
        "asked_at": ("TEXT", True),
        "answered_at": ("TEXT", True),
        "hints": ("INTEGER", False),
        "revealed": ("BOOLEAN", False),
        "draft": ("TEXT", True),
    },
}
KEYS = {
    "chat": ["id"],
    "contest": ["interview_id", "number", "point"],
    "exchange": ["chat_id", "number"],
    "interview": ["id"],
    "migration": ["number"],
    "outcome": ["id"],
    "preference": ["name"],
    "question": ["id"],
    "turn": ["interview_id", "number"],
}
REFERENCES = {
    "contest": ("interview_id", "turn", "CASCADE"),
    "exchange": ("chat_id", "chat", "CASCADE"),
    "outcome": ("interview_id", "turn", "CASCADE"),
    "question": ("chat_id", "chat", "CASCADE"),
    "turn": ("interview_id", "interview", "CASCADE"),
}


def migrated(url: str, upto: int = len(MIGRATIONS)) -> None:
    engine = open_engine(url)
    migrate(engine, url, NOW, MIGRATIONS[:upto])
    engine.dispose()


def type_name(kind: object) -> str:
    return str(kind).replace("DOUBLE PRECISION", "FLOAT")  # as PostgreSQL calls it


def test_the_migrations_lead_to_exactly_this_schema(history_url: str) -> None:
    migrated(history_url)
    engine = create_engine(history_url)
    inspector = inspect(engine)
    columns = {
        table: {
            column["name"]: (type_name(column["type"]), column["nullable"]) for column in inspector.get_columns(table)
        }
        for table in sorted(inspector.get_table_names())
    }
    assert columns == SCHEMA
    assert {table: inspector.get_pk_constraint(table)["constrained_columns"] for table in SCHEMA} == KEYS
    references = {
        table: (key["constrained_columns"][0], key["referred_table"], key["options"]["ondelete"])
        for table in SCHEMA
        for key in inspector.get_foreign_keys(table)
    }
    assert references == REFERENCES
    engine.dispose()


def test_the_tables_of_the_queries_are_those_of_the_migrations() -> None:
    unread = ("migration", "preference")  # nothing was ever kept in the second one
    assert {
        table.name: {column.name: (str(column.type), column.nullable) for column in table.columns}
        for table in tables.metadata.sorted_tables
    } == {name: columns for name, columns in SCHEMA.items() if name not in unread}


def test_a_database_of_version_1_comes_to_the_latest_version_with_its_chats(history_url: str) -> None:
    migrated(history_url, upto=1)
    engine = create_engine(history_url)
    with engine.begin() as connection:
        now = {"now": NOW, "answer": _answer_json()}
        connection.execute(text("INSERT INTO chat VALUES ('c1', 'KV', :now, :now)"), now)
        connection.execute(text("INSERT INTO exchange VALUES ('c1', 1, :now, :answer)"), now)
    engine.dispose()
    history = History(history_url)
    assert [chat.title for chat in history.chats()] == ["KV"]
    assert history.exchanges("c1") == [ANSWER]
    assert history.interview_titles() == []
    history.close()
    engine = create_engine(history_url)
    with engine.connect() as connection:
        rows = connection.execute(text("SELECT number, name FROM migration ORDER BY number")).all()
    assert [tuple(row) for row in rows] == [
        (1, "m001_chats"),
        (2, "m002_interviews"),
        (3, "m003_preferences"),
        (4, "m004_contests"),
        (5, "m005_learners_and_outcomes"),
        (6, "m006_drafts"),
        (7, "m007_questions"),
    ]
    engine.dispose()


def test_a_database_of_version_3_keeps_its_interviews_and_takes_contests(history_url: str) -> None:
    migrated(history_url, upto=3)
    engine = create_engine(history_url)
    with engine.begin() as connection:
        given = {"now": NOW, "plan": json.dumps(to_data(interview().plan)), "grade": json.dumps(to_data(GRADE))}
        connection.execute(text("INSERT INTO interview VALUES ('i1', :now, NULL, :plan)"), given)
        connection.execute(text("INSERT INTO turn VALUES ('i1', 1, 'kv', 'q', NULL, NULL, 'a', :grade)"), given)
    engine.dispose()
    history = History(history_url)
    assert history.interview("i1").turns[0].grade == GRADE
    assert history.contests() == []
    history.contest("i1", 1, 0, "missed")
    assert len(history.contests("i1")) == 1
    history.close()


def _answer_json() -> str:
    return json.dumps(to_data(ANSWER))


def test_each_migration_is_applied_once(history_url: str) -> None:
    calls = []

    def counted(connection: Connection) -> None:
        calls.append(connection)

    engine = open_engine(history_url)
    for _ in range(3):
        migrate(engine, "here", NOW, [counted])
    assert len(calls) == 1
    engine.dispose()


def test_a_migration_that_fails_half_way_leaves_version_and_data_as_they_were(history_url: str) -> None:
    migrated(history_url)
    history = History(history_url)
    chat_id = history.create_chat("kept")

    def breaks(connection: Connection) -> None:
        connection.execute(text("ALTER TABLE chat ADD COLUMN mood TEXT"))
        connection.execute(text("DELETE FROM chat"))
        raise OperationalError("DELETE", {}, RuntimeError("power cut"))

    engine = open_engine(history_url)
    with pytest.raises(OperationalError, match="power cut"):
        migrate(engine, "here", NOW, [*MIGRATIONS, breaks])
    assert {column["name"] for column in inspect(engine).get_columns("chat")} == set(SCHEMA["chat"])
    engine.dispose()
    assert [chat.id for chat in History(history_url).chats()] == [chat_id]


def test_a_database_newer_than_the_program_is_refused_and_not_touched(tmp_path: Path) -> None:
    file = tmp_path / "history.db"
    History(f"sqlite:///{file}").close()
    with sqlite3.connect(file) as connection:
        connection.execute("INSERT INTO migration VALUES (9, 'm009_future', 'later')")
        connection.execute("PRAGMA journal_mode = DELETE")
    connection.close()
    before = file.read_bytes()
    with pytest.raises(HistoryError) as caught:
        History(f"sqlite:///{file}")
    message = str(caught.value)
    assert str(file) in message
    assert "expected version 7 or older, found version 9" in message
    assert "Update this program" in message
    assert file.read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == ["history.db"]


def test_the_database_of_another_program_is_refused_and_not_touched(tmp_path: Path) -> None:
    file = tmp_path / "photos.db"
    with sqlite3.connect(file) as connection:
        connection.execute("CREATE TABLE photo (id INTEGER)")
    connection.close()
    before = file.read_bytes()
    with pytest.raises(HistoryError, match=r"photos\.db.*found the tables photo of something else"):
        History(f"sqlite:///{file}")
    assert file.read_bytes() == before
