"""A history of version 4 as the released code wrote it, and what is in it."""

import sqlite3
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, text

from tutor.learning.engine import open_engine
from tutor.learning.migrations import MIGRATIONS, migrate

WRITTEN = Path(__file__).with_name("old_history_v4.sql")
TABLES = ("chat", "exchange", "interview", "turn", "contest")  # in the order of their references
FINISHED, ONGOING, WAITING = ("1" * 32, "2" * 32, "3" * 32)


def open_written() -> sqlite3.Connection:
    """The old database in memory."""
    connection = sqlite3.connect(":memory:")
    connection.row_factory = sqlite3.Row
    connection.executescript(WRITTEN.read_text(encoding="utf-8"))
    return connection


def rows(table: str) -> list[dict[str, Any]]:
    """What the old database has in a table, JSON as text."""
    connection = open_written()
    found = [dict(row) for row in connection.execute(f"SELECT * FROM {table} ORDER BY 1, 2, 3")]
    connection.close()
    return found


def put_old(url: str) -> None:
    """Makes the empty database at `url` the old one: the very file on SQLite, its rows elsewhere."""
    engine = create_engine(url)
    if engine.url.database and engine.dialect.name == "sqlite":
        file = sqlite3.connect(engine.url.database)
        file.executescript(WRITTEN.read_text(encoding="utf-8"))
        file.close()
        return
    engine = open_engine(url)
    migrate(engine, url, "2026-03-02T19:31:35.000+00:00", MIGRATIONS[:4])
    with engine.begin() as connection:
        for table in TABLES:
            for row in rows(table):
                names = ", ".join(f":{name}" for name in row)
                connection.execute(text(f"INSERT INTO {table} VALUES ({names})"), row)
    engine.dispose()


def dump(file: Path) -> list[str]:
    """Schema and rows of a SQLite file."""
    connection = sqlite3.connect(file)
    lines = list(connection.iterdump())
    connection.close()
    return lines
