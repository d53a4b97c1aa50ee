"""A program that opens a history of version 4 and is killed (SIGKILL) in the middle of its migration.

`python -m tests.learning.doomed FOLDER`: for each statement of the migration and for its commit, a child process that
dies right before it, on a file of its own; prints one line for each: number of the step, and how the child ended.
"""

import os
import signal
import sys
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, event

from tests.learning.old import put_old
from tutor.learning.history import History


def live_until_step(url: str, last: int) -> None:
    steps = 0

    def count(connection: Any, *_details: Any) -> None:
        nonlocal steps
        if connection.get_execution_options().get("writes"):
            steps += 1
        if steps == last:
            os.kill(os.getpid(), signal.SIGKILL)

    event.listen(Engine, "before_cursor_execute", count)
    event.listen(Engine, "commit", count)
    History(url)


def kill_at_every_step(folder: Path) -> None:
    for last in range(1, 200):
        url = f"sqlite:///{folder}/{last}.db"
        put_old(url)
        child = os.fork()
        if child == 0:
            live_until_step(url, last)
            os._exit(0)
        _, status = os.waitpid(child, 0)
        print(last, os.waitstatus_to_exitcode(status), flush=True)
        if status == 0:
            return


if __name__ == "__main__":
    kill_at_every_step(Path(sys.argv[1]))
