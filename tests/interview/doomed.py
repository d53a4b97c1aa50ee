"""A program that holds an interview and is killed (SIGKILL) at every moment at which the database changes.

`python -m tests.interview.doomed kill FOLDER`: for each commit there is, a child process that dies right before it;
prints one line for each: number of the commit, and how the child ended.
`python -m tests.interview.doomed hang URL`: stores an attempt, says so, and never finishes grading it.
"""

import os
import signal
import sys
import time
from pathlib import Path

from sqlalchemy import Connection, event

from tests.interview.material import ScriptedGrader, bank, entry
from tutor.domain import Interview, Plan, Rubric
from tutor.interview.session import Interviewer
from tutor.learning.history import History

PLAN = Plan(groups=(), levels=(), questions=2, language="en", seed=1, entry_ids=("kv", "lora"))
SCRIPT = {
    "What is kv?": "kv point1, kv point2",
    "Follow-up 0: kv point0?": "kv point0",
    "What is lora?": "lora point0, lora point1, lora point2",
}


def examiner(history: History, grader: ScriptedGrader) -> Interviewer:
    entries = bank(entry("kv"), entry("lora"))
    return Interviewer(entries, grader, history, make_id=lambda: "i1")


def go_on(history: History, grader: ScriptedGrader) -> Interview:
    """What the UI does: opens the interview that is there, or starts one, and answers until the end."""
    runner = examiner(history, grader)
    stored = history.interview_titles()
    interview = runner.resume(stored[0].id) if stored else runner.start(PLAN)
    while (turn := runner.current_turn(interview)) is not None:
        interview = runner.attempt(interview.id, SCRIPT[turn.question], number=turn.number)
    return interview


def live_until_commit(url: str, last: int) -> None:
    """Holds the interview, and dies when the `last` commit after the schema is about to be made."""
    history = History(url)
    commits = 0

    @event.listens_for(history._engine, "commit")
    def count(_connection: Connection) -> None:
        nonlocal commits
        commits += 1
        if commits == last:
            os.kill(os.getpid(), signal.SIGKILL)

    go_on(history, ScriptedGrader())


def kill_at_every_commit(folder: Path) -> None:
    for last in range(1, 100):
        child = os.fork()
        if child == 0:
            live_until_commit(f"sqlite:///{folder}/{last}.db", last)
            os._exit(0)
        _, status = os.waitpid(child, 0)
        print(last, os.waitstatus_to_exitcode(status), flush=True)
        if status == 0:
            return


def hang(url: str) -> None:
    def never_ends(rubric: Rubric, attempt: str) -> None:
        print("grading", flush=True)
        time.sleep(600)

    go_on(History(url), ScriptedGrader(before=never_ends))


if __name__ == "__main__":
    if sys.argv[1] == "kill":
        kill_at_every_commit(Path(sys.argv[2]))
    else:
        hang(sys.argv[2])
