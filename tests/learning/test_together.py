"""Several threads and several processes on one database."""

import subprocess
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from tests.learning.material import ANSWER, WAITING, interview
from tutor.learning.history import History

THREADS = 8
WRITER = """
import sys
from tests.learning.material import ANSWER
from tutor.learning.history import History

url, name, count = sys.argv[1:]
sys.stdin.readline()  # all start at once
history = History(url)
chat_id = history.create_chat(name)
for number in range(int(count)):
    history.add_exchange(chat_id, ANSWER)
"""


def at_once(work: Callable[[int], object]) -> list[object]:
    """`work(n)` in THREADS threads that start together."""
    gate = threading.Barrier(THREADS)

    def run(number: int) -> object:
        gate.wait()
        return work(number)

    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(run, range(THREADS)))


def test_threads_append_to_one_chat_without_losing_or_doubling_an_exchange(history_url: str) -> None:
    history = History(history_url)
    chat_id = history.create_chat("shared")

    def append(number: int) -> None:
        for i in range(5):
            history.add_exchange(chat_id, replace(ANSWER, question=f"{number}-{i}"))

    at_once(append)
    questions = [answer.question for answer in history.exchanges(chat_id)]
    assert sorted(questions) == sorted(f"{number}-{i}" for number in range(THREADS) for i in range(5))
    for number in range(THREADS):
        assert [name for name in questions if name.startswith(f"{number}-")] == [f"{number}-{i}" for i in range(5)]
    history.close()


def test_of_threads_that_answer_the_same_question_exactly_one_wins(history_url: str) -> None:
    history = History(history_url)
    history.save_interview(interview())
    won = at_once(lambda number: history.save_turn("i1", replace(WAITING, attempt=f"attempt {number}")))
    assert won.count(True) == 1
    assert history.interview("i1").turns[0].attempt == f"attempt {won.index(True)}"
    history.close()


def test_processes_open_a_new_database_at_once_and_write_side_by_side(history_url: str) -> None:
    command = [sys.executable, "-W", "error", "-c", WRITER, history_url]
    writers = [
        subprocess.Popen(
            [*command, f"process {number}", "10"], stdin=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        for number in range(3)
    ]
    for writer in writers:
        assert writer.stdin
        writer.stdin.write("go\n")
        writer.stdin.flush()
    complaints = [writer.communicate(timeout=120)[1] for writer in writers]
    assert [writer.returncode for writer in writers] == [0, 0, 0], complaints
    history = History(history_url)
    assert sorted((chat.title, chat.messages) for chat in history.chats()) == [(f"process {n}", 10) for n in range(3)]
    history.close()
