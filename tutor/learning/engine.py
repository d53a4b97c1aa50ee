"""Opens the learner's database and puts its driver's errors in plain words. Knows no tables.

SQLite gets what makes it safe for several threads and two processes: write-ahead log, busy timeout, foreign keys,
real transactions. Any other SQLAlchemy URL (PostgreSQL) is opened as it is.
"""

import functools
import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, OperationalError, SQLAlchemyError

from tutor.errors import HistoryError

BUSY_SECONDS = 15.0  # how long one process waits for another's write; a write here takes milliseconds


def open_engine(url: str) -> Engine:
    """An engine for the URL; creates the folder of a SQLite file. Raises HistoryError when the URL is no use."""
    parsed = _parse(url)
    place = describe_place(parsed)
    is_sqlite = parsed.get_backend_name() == "sqlite"
    if is_sqlite:
        _make_folder(parsed)
    try:
        engine = create_engine(
            parsed,
            pool_pre_ping=True,
            json_serializer=functools.partial(json.dumps, ensure_ascii=False, allow_nan=False),
            hide_parameters=True,  # an error message is no place for what the learner wrote
            connect_args={"timeout": BUSY_SECONDS} if is_sqlite else {},
        )
    except (NoSuchModuleError, ImportError) as error:
        raise HistoryError("learning.no_driver", place=place, reason=error) from error
    if is_sqlite:
        _prepare_sqlite(engine)
    return engine


def describe_place(url: URL) -> str:
    """The file of a SQLite URL, any other URL without its password."""
    if url.get_backend_name() == "sqlite" and url.database:
        return url.database
    return url.render_as_string(hide_password=True)


@contextmanager
def history_errors(place: str) -> Iterator[None]:
    """Turns what the database raises into a HistoryError that names the place and the next step."""
    try:
        yield
    except SQLAlchemyError as error:
        raise _history_error(place, error) from error
    except json.JSONDecodeError as error:
        raise HistoryError("learning.no_json", place=place, reason=error) from error


def _history_error(place: str, error: SQLAlchemyError) -> HistoryError:
    cause = error.orig if isinstance(error, DBAPIError) else error
    reason = " ".join(str(cause).split())
    match getattr(cause, "sqlite_errorname", "").split("_")[1:2]:  # https://www.sqlite.org/rescode.html
        case ["NOTADB"]:
            return HistoryError("learning.no_database", place=place, reason=reason)
        case ["CORRUPT"]:
            return HistoryError("learning.damaged", place=place, reason=reason)
        case ["READONLY"]:
            return HistoryError("learning.read_only", place=place, reason=reason)
        case ["FULL"]:
            return HistoryError("learning.full", place=place, reason=reason)
        case ["BUSY"]:
            return HistoryError("learning.busy", place=place, seconds=BUSY_SECONDS, reason=reason)
        case ["CANTOPEN"]:
            return HistoryError("learning.cannot_open", place=place, reason=reason)
        case ["IOERR"]:
            return HistoryError("learning.disk", place=place, reason=reason)
    return HistoryError("learning.no_answer", place=place, reason=reason)


def _parse(url: str) -> URL:
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        raise HistoryError("learning.no_url") from error
    if parsed.get_backend_name() == "sqlite" and parsed.database in (None, "", ":memory:"):
        raise HistoryError("learning.in_memory", url=url)
    return parsed


def _make_folder(url: URL) -> None:
    database = str(url.database)
    if database.startswith("file:"):  # an SQLite URI: its folder is the caller's business
        return
    try:
        Path(database).parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise HistoryError("learning.no_folder", place=database, reason=error) from error


def _prepare_sqlite(engine: Engine) -> None:
    @event.listens_for(engine, "connect")
    def connect(connection: Any, _record: object) -> None:
        connection.isolation_level = None  # the driver's own BEGIN leaves out DDL and reads; ours is below
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA synchronous = FULL")  # a turn is on the disk when the call returns

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        # A transaction that reads first and writes later fails at once when another wrote in between: writers
        # therefore take the write lock at the start, and wait for it.
        writes = connection.get_execution_options().get("writes", False)
        if writes and not connection.info.get("has_wal"):
            # not at connect: a file that turns out to be a newer program's, or another's, stays as it is
            _turn_on_wal(connection)
            connection.info["has_wal"] = True
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _turn_on_wal(connection: Connection) -> None:
    """Write-ahead log: readers and a writer do not block each other. The file remembers it.

    SQLite does not always wait here while another process does the same, so we do.
    """
    give_up_at = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            connection.exec_driver_sql("PRAGMA journal_mode = WAL")
            return
        except OperationalError as error:
            is_busy = getattr(error.orig, "sqlite_errorname", "").startswith("SQLITE_BUSY")
            if not is_busy or time.monotonic() > give_up_at:
                raise
            time.sleep(0.02)
