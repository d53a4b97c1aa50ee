"""A history that the released code wrote is migrated once and keeps everything; killed half way it is as it was."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from tests.learning import old
from tutor.learning.codec import to_data
from tutor.learning.history import History


def read_all(history: History) -> dict[str, object]:
    """Everything that a learner can get at."""
    titles = history.interview_titles()
    return {
        "chats": [(chat, history.exchanges(chat.id)) for chat in history.chats()],
        "interviews": [history.interview(title.id) for title in titles],
        "contests": history.contests(),
        "outcomes": history.outcomes(),
    }


@pytest.fixture
def old_url(history_url: str) -> str:
    old.put_old(history_url)
    return history_url


def test_every_chat_and_exchange_is_kept(old_url: str) -> None:
    history = History(old_url)
    kept = {chat.id: [chat.title, chat.created_at, chat.updated_at] for chat in history.chats()}
    assert kept == {row["id"]: [row["title"], row["created_at"], row["updated_at"]] for row in old.rows("chat")}
    said = [to_data(answer) for chat_id in sorted(kept) for answer in history.exchanges(chat_id)]
    since_then = {"kind": "answer", "choices": []}
    assert said == [json.loads(row["answer"]) | since_then for row in old.rows("exchange")]
    assert len(said) == 3
    history.close()


def test_every_interview_attempt_grade_and_contest_is_kept(old_url: str) -> None:
    history = History(old_url)
    for row in old.rows("interview"):
        interview = history.interview(row["id"])
        assert (interview.started_at, interview.finished_at) == (row["started_at"], row["finished_at"])
        assert to_data(interview.plan) == json.loads(row["plan"])
    for row in old.rows("turn"):
        turn = history.interview(row["interview_id"]).turns[row["number"] - 1]
        for name in ("number", "entry_id", "question", "follow_up_to", "probes", "attempt"):
            assert getattr(turn, name) == row[name]
        stored = json.loads(row["grade"] or "null")
        for judged in [*stored["key_points"], *stored["misconceptions"]] if stored else ():
            judged["id"] = ""  # was not kept then
        assert (to_data(turn.grade) if turn.grade else None) == stored
        assert (turn.hints, turn.revealed, turn.answered_at) == (0, False, None)
    contests = [list(vars(contest).values()) for contest in history.contests()]
    assert contests == [list(row.values()) for row in old.rows("contest")]
    assert len(contests) == 3
    history.close()


def test_the_first_question_was_asked_when_the_interview_started_the_others_at_no_known_time(old_url: str) -> None:
    history = History(old_url)
    interview = history.interview(old.FINISHED)
    assert [turn.asked_at for turn in interview.turns] == [interview.started_at, None, None, None]
    history.close()


def test_every_old_grade_is_an_outcome(old_url: str) -> None:
    history = History(old_url)
    finished, ongoing = (history.interview(name).started_at for name in (old.FINISHED, old.ONGOING))
    version = "1.9+2026-11-30+model"
    told = [(o.kind, o.item, o.detail, o.share, o.at, o.grader_version) for o in history.outcomes()]
    assert told == [
        ("attempt", "self-attention", "", 0.41, finished, version),
        ("follow_up", "self-attention", "no-order", 0.96, finished, version),
        ("follow_up", "self-attention", "cross", 0.05, finished, version),
        ("attempt", "attention-mechanism", "", 0.0, finished, "skipped"),
        ("attempt", "attention-mechanism", "", 0.03, ongoing, version),
    ]
    assert {(o.learner_id, o.hints, o.revealed) for o in history.outcomes()} == {("local", 0, False)}
    history.close()


def test_an_old_history_is_migrated_once(old_url: str) -> None:
    first = History(old_url)
    seen = read_all(first)
    first.close()
    again = History(old_url)
    assert read_all(again) == seen
    again.close()


def test_a_grade_that_was_tampered_with_does_not_keep_the_history_from_opening(old_url: str) -> None:
    engine = create_engine(old_url)
    with engine.begin() as connection:
        connection.execute(text('UPDATE turn SET grade = \'{"score": "high"}\' WHERE number = 2'))
        connection.execute(text("UPDATE turn SET grade = '[]' WHERE number = 3"))
    engine.dispose()
    history = History(old_url)
    assert [(o.item, o.share) for o in history.outcomes()] == [
        ("self-attention", 0.41),
        ("attention-mechanism", 0.0),
        ("attention-mechanism", 0.03),
    ]
    assert len(history.interview_titles()) == 3
    assert len(history.interview(old.WAITING).turns) == 1
    history.close()


@pytest.mark.parametrize("score", ["null", "NaN", "1e999", "1" + "0" * 400, "-1", "10.5", "[]"])
def test_a_score_that_no_grade_has_is_no_outcome(tmp_path: Path, score: str) -> None:
    old.put_old(f"sqlite:///{tmp_path}/history.db")
    with sqlite3.connect(tmp_path / "history.db") as connection:
        grade = f'{{"score": {score}, "grader_version": "1"}}'
        connection.execute("UPDATE turn SET grade = ? WHERE grade IS NOT NULL", [grade])
    connection.close()
    history = History(f"sqlite:///{tmp_path}/history.db")
    assert history.outcomes() == []
    history.close()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork and SIGKILL")
def test_killed_anywhere_in_the_migration_the_old_history_is_there_and_opens(tmp_path: Path) -> None:
    whole = tmp_path / "whole.db"
    old.put_old(f"sqlite:///{whole}")
    before = old.dump(whole)
    history = History(f"sqlite:///{whole}")
    expected = read_all(history)
    history.close()

    command = [sys.executable, "-W", "error", "-m", "tests.learning.doomed", str(tmp_path)]
    lines = subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()
    *killed, survived = [tuple(map(int, line.split())) for line in lines]
    assert survived[1] == 0
    assert {end for _, end in killed} == {-signal.SIGKILL}
    assert len(killed) > 12, "six changed columns, a table, its rows, the log and the commit at least"
    for step, _ in killed:
        file = tmp_path / f"{step}.db"
        assert old.dump(file) == before
        history = History(f"sqlite:///{file}")
        assert read_all(history) == expected
        history.close()
