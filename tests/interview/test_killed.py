"""Processes that are really killed (SIGKILL): nothing that was stored is lost and the interview goes on."""

import os
import signal
import sqlite3
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from tests.interview.doomed import SCRIPT, examiner, go_on
from tests.interview.material import ScriptedGrader
from tutor.domain import Interview, Turn
from tutor.learning.history import History

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork and SIGKILL")
DOOMED = [sys.executable, "-W", "error", "-m", "tests.interview.doomed"]


def comparable(interview: Interview) -> Interview:
    turns = tuple(
        replace(turn, asked_at="" if turn.asked_at else None, answered_at="" if turn.answered_at else None)
        for turn in interview.turns
    )
    return replace(interview, started_at="", finished_at="" if interview.finished_at else None, turns=turns)


def shares(history: History) -> list[tuple[str, str, str, float]]:
    return [(outcome.kind, outcome.item, outcome.detail, outcome.share) for outcome in history.outcomes()]


def stored_turns(history: History) -> list[Turn]:
    """None where the interview was not started yet."""
    return [turn for title in history.interview_titles() for turn in history.interview(title.id).turns]


def test_killed_before_any_commit_the_interview_ends_as_if_it_had_not_been(tmp_path: Path) -> None:
    undisturbed = History(f"sqlite:///{tmp_path}/undisturbed.db")
    expected = comparable(go_on(undisturbed, ScriptedGrader()))
    outcomes = shares(undisturbed)
    assert [(kind, item, detail) for kind, item, detail, _ in outcomes] == [
        ("attempt", "kv", ""),
        ("follow_up", "kv", "p0"),
        ("attempt", "lora", ""),
    ]
    undisturbed.close()
    assert [turn.attempt for turn in expected.turns] == list(SCRIPT.values())
    assert expected.finished_at is not None

    lines = subprocess.run([*DOOMED, "kill", str(tmp_path)], check=True, capture_output=True, text=True).stdout
    ends = [tuple(map(int, line.split())) for line in lines.splitlines()]
    killed = [commit for commit, end in ends if end == -signal.SIGKILL]
    # start; then for each of three attempts: the attempt, and its grade with what follows
    assert killed == [1, 2, 3, 4, 5, 6, 7]
    assert ends[-1] == (8, 0)
    for commit in killed:
        history = History(f"sqlite:///{tmp_path}/{commit}.db")
        turns = stored_turns(history)
        graded = [turn.grade.score / 10 for turn in turns if turn.grade]
        assert [outcome.share for outcome in history.outcomes()] == graded
        attempts = [turn.attempt for turn in turns if turn.attempt]
        assert attempts == list(SCRIPT.values())[: (commit - 1) // 2]
        grader = ScriptedGrader()
        assert comparable(go_on(history, grader)) == expected
        grades_kept = max(0, (commit - 2) // 2)
        assert len(grader.calls) == 3 - grades_kept  # what was graded is not graded again
        assert shares(history) == outcomes, "one for each grade, whatever was in between"
        history.close()


def test_killed_while_grading_the_attempt_is_there_and_gets_its_grade_on_reopening(tmp_path: Path) -> None:
    file = tmp_path / "history.db"
    url = f"sqlite:///{file}"
    doomed = subprocess.Popen([*DOOMED, "hang", url], stdout=subprocess.PIPE, text=True)
    assert doomed.stdout
    assert doomed.stdout.readline() == "grading\n"
    doomed.kill()
    assert doomed.wait(30) == -signal.SIGKILL
    doomed.stdout.close()

    history = History(url)
    (title,) = history.interview_titles()
    stored = history.interview(title.id)
    assert (stored.turns[0].attempt, stored.turns[0].grade) == (SCRIPT["What is kv?"], None)
    resumed = examiner(history, ScriptedGrader()).resume(stored.id)
    assert resumed.turns[0].grade is not None
    assert resumed.turns[1].question == "Follow-up 0: kv point0?"
    history.close()
    with sqlite3.connect(file) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    connection.close()
