"""Files and disks that will not: a plain message with the next step, and nothing lost."""

import os
import sqlite3
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from tests.learning.material import ANSWER
from tutor.errors import HistoryError
from tutor.learning import engine as engine_module
from tutor.learning.history import History


def url_of(file: Path) -> str:
    return f"sqlite:///{file.as_posix()}"


def written(file: Path, chats: int = 1) -> History:
    history = History(url_of(file))
    for number in range(chats):
        chat_id = history.create_chat(f"chat {number}")
        history.add_exchange(chat_id, ANSWER)
    return history


def test_the_folder_of_the_file_is_made_when_missing(tmp_path: Path) -> None:
    written(tmp_path / "new" / "home" / "history.db").close()
    assert (tmp_path / "new" / "home" / "history.db").is_file()


def test_write_ahead_log_foreign_keys_and_busy_timeout_are_on(tmp_path: Path) -> None:
    history = written(tmp_path / "history.db")
    with history._read() as connection:
        settings = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()
            for name in ("journal_mode", "foreign_keys", "busy_timeout", "synchronous")
        }
    assert settings == {"journal_mode": "wal", "foreign_keys": 1, "busy_timeout": 15_000, "synchronous": 2}


def test_a_file_that_is_no_database_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    file = tmp_path / "history.db"
    file.write_bytes(b"shopping list\n" * 500)
    with pytest.raises(HistoryError) as caught:
        History(url_of(file))
    message = str(caught.value)
    assert str(file) in message
    assert "expected a SQLite database, found a file that is something else" in message
    assert "Move the file away or put a copy back" in message
    assert file.read_bytes() == b"shopping list\n" * 500


def test_a_damaged_database_is_reported_and_left_as_it_is(tmp_path: Path) -> None:
    file = tmp_path / "history.db"
    written(file, chats=40).close()
    whole = file.read_bytes()
    damaged = whole[:4096] + b"\xee" * (len(whole) - 4096)
    file.write_bytes(damaged)
    with pytest.raises(HistoryError, match=r"history\.db.*expected a sound SQLite database, found a damaged one"):
        History(url_of(file)).chats()
    assert file.read_bytes() == damaged


def test_a_file_cut_short_is_reported_and_left_as_it_is(tmp_path: Path) -> None:
    file = tmp_path / "history.db"
    written(file, chats=40).close()
    cut = file.read_bytes()[:10_000]
    file.write_bytes(cut)
    with pytest.raises(HistoryError, match=r"history\.db.*damaged"):
        History(url_of(file)).chats()
    assert file.read_bytes() == cut


def test_a_read_only_database_can_be_read_but_says_so_when_written(tmp_path: Path) -> None:
    file = tmp_path / "history.db"
    written(file).close()
    history = History(f"sqlite:///file:{file.as_posix()}?mode=ro&uri=true")
    assert len(history.chats()) == 1
    with pytest.raises(HistoryError, match="expected a database that can be written, found a read-only one"):
        history.create_chat("no")
    assert len(history.chats()) == 1


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_without_write_permission_is_named(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    try:
        with pytest.raises(HistoryError, match="Check that its folder exists and may be written"):
            History(url_of(tmp_path / "history.db"))
    finally:
        tmp_path.chmod(0o700)


def test_a_full_disk_loses_nothing_and_writing_goes_on_when_there_is_room(tmp_path: Path) -> None:
    history = written(tmp_path / "history.db")
    chat_id = history.chats()[0].id

    def is_full(connection: Any, _record: object) -> None:
        connection.execute("PRAGMA max_page_count = 1")  # SQLite reads this as: no page more than now

    history.close()
    event.listen(history._engine, "connect", is_full)
    with pytest.raises(HistoryError, match=r"expected room on the disk, found none left.*Free some space"):
        history.add_exchange(chat_id, replace(ANSWER, text="long " * 50_000))
    assert history.exchanges(chat_id) == [ANSWER]
    history.close()
    event.remove(history._engine, "connect", is_full)
    history.add_exchange(chat_id, replace(ANSWER, text="long " * 50_000))
    assert len(history.exchanges(chat_id)) == 2


def test_a_database_that_another_program_holds_is_reported_after_the_wait(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine_module, "BUSY_SECONDS", 0.2)
    file = tmp_path / "history.db"
    history = written(file)
    other = sqlite3.connect(file, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    assert len(history.chats()) == 1  # reading goes on
    with pytest.raises(HistoryError, match="another program writing"):
        history.create_chat("blocked")
    other.execute("ROLLBACK")
    other.close()
    history.create_chat("free again")
    assert len(history.chats()) == 2


@pytest.mark.parametrize(
    ("make_url", "message"),
    [
        (lambda folder: "sqlite://", "found a database in memory"),
        (lambda folder: "sqlite:///:memory:", "found a database in memory"),
        (lambda folder: "not a url", "expected an SQLAlchemy URL"),
        (lambda folder: "oracle9://me:secret@host/db", "expected a database driver"),
        (lambda folder: f"sqlite:///{folder}", "found one that cannot be opened or created"),
        (lambda folder: f"sqlite:///{folder}/file/sub/history.db", "expected a folder that exists or can be created"),
    ],
)
def test_a_url_that_is_no_use_says_what_to_do(tmp_path: Path, make_url: Callable[[str], str], message: str) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(HistoryError, match=message) as caught:
        History(make_url(tmp_path.as_posix()))
    assert "secret" not in str(caught.value)


def test_a_missing_driver_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(HistoryError, match=r"postgresql\+psycopg://me:\*\*\*@host/db.*pip install"):
        History("postgresql+psycopg://me:secret@host/db")


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (
            """UPDATE exchange SET answer = '{"question": 1}'""",
            r"exchange 1 of chat `.*Answer\.question: expected a valid string",
        ),
        ("UPDATE exchange SET answer = 'no json'", "expected JSON in a record"),
    ],
)
def test_a_record_that_was_tampered_with_is_named_and_the_rest_can_be_used(
    tmp_path: Path, damage: str, message: str
) -> None:
    history = written(tmp_path / "history.db")
    chat_id = history.chats()[0].id
    with sqlite3.connect(tmp_path / "history.db") as connection:
        connection.execute(damage)
    connection.close()
    with pytest.raises(HistoryError, match=message):
        history.exchanges(chat_id)
    other = history.create_chat("other")
    history.add_exchange(other, ANSWER)
    assert history.exchanges(other) == [ANSWER]


def test_what_the_learner_wrote_is_not_in_the_message_of_a_database_error(tmp_path: Path) -> None:
    history = written(tmp_path / "history.db")
    with sqlite3.connect(tmp_path / "history.db") as connection:
        connection.execute("DROP TABLE chat")
    connection.close()
    with pytest.raises(HistoryError, match="expected a database that answers") as caught:
        history.create_chat("my secret wish")
    assert "secret" not in str(caught.value)
