"""Time, memory, processes, output and disk: each is used up on purpose, and the app is not disturbed."""

import os
import subprocess
import tempfile
import time
from pathlib import Path

import pytest

from tests.exercises.attack import answer_of, attack, attack_each, is_alive, raised_by
from tutor.exercises.sandbox import Limits, Sandbox

TEMP = Path(tempfile.gettempdir())


def test_an_endless_loop_is_stopped_by_the_limit_on_cpu_time(any_sandbox: Sandbox) -> None:
    began = time.monotonic()
    assert attack(any_sandbox, "while True: pass").ended == "timeout"
    assert time.monotonic() - began < 6
    assert is_alive(any_sandbox)


def test_a_sleeper_is_stopped_by_the_clock(kernel_sandbox: Sandbox) -> None:
    began = time.monotonic()
    assert attack(kernel_sandbox, "import time\ntime.sleep(600)").ended == "timeout"
    assert time.monotonic() - began < 6


def test_ignoring_signals_does_not_help(kernel_sandbox: Sandbox) -> None:
    body = """
        import signal
        for number in set(signal.valid_signals()) - {9, 19}:
            signal.signal(number, signal.SIG_IGN)
        while True: pass
    """
    assert attack(kernel_sandbox, body).ended in {"timeout", "crashed"}


TEN_GIGABYTES = {
    "numpy": "import numpy as np\nreturn np.ones(10 * 2**30 // 8)",
    "bytes": "return bytearray(10 * 2**30)",
    "text": "return 'x' * 10 * 2**30",
}


def test_ten_gigabytes_are_not_to_be_had(any_sandbox: Sandbox) -> None:
    assert set(attack_each(any_sandbox, TEN_GIGABYTES).values()) == {"MemoryError"}


def test_memory_taken_in_small_steps_ends_too(any_sandbox: Sandbox) -> None:
    run = attack(any_sandbox, "kept = []\nwhile True: kept.append(bytearray(1_000_000))")
    assert run.ended in {"crashed", "timeout"} or raised_by(run) == "MemoryError"
    assert is_alive(any_sandbox)


STARTS = {
    "fork bomb": "import os\nwhile True: os.fork()",
    "spawn": "import os\nos.posix_spawn('/bin/true', ['true'], {})",
    "subprocess": "import subprocess\nsubprocess.run(['/bin/true'])",
    "exec": "import os\nos.execv(os.sys.executable, ['python'])",
    "multiprocessing": "import multiprocessing as m\nm.get_context('fork').Process(target=print).start()",
    "threads": "import threading\nthreading.Thread(target=print).start()",
}


def test_no_process_and_no_thread_can_be_started(kernel_sandbox: Sandbox) -> None:
    outcomes = attack_each(kernel_sandbox, STARTS)
    assert set(outcomes.values()) <= {"PermissionError", "RuntimeError"}, outcomes
    assert is_alive(kernel_sandbox)


def test_what_a_process_started_dies_with_it(any_sandbox: Sandbox, tmp_path: Path) -> None:
    marker = f"sleeper-{os.getpid()}-{tmp_path.name}"
    body = f"""
        import os, time
        if os.fork() == 0:
            os.execv(os.sys.executable, [os.sys.executable, "-c", "import time; time.sleep(60)", {marker!r}])
    """
    attack(any_sandbox, body)
    listed = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=True).stdout
    assert marker not in listed


@pytest.mark.parametrize("stream", ["stdout", "stderr"])
def test_a_gigabyte_of_output_is_cut_off(any_sandbox: Sandbox, stream: str) -> None:
    run = attack(any_sandbox, f"import sys\nfor _ in range(1000): sys.{stream}.write('x' * 1_000_000)")
    assert run.ended == "printed"
    assert len(run.printed) <= any_sandbox.limits.printed_bytes


def test_a_result_of_a_gigabyte_is_cut_off(any_sandbox: Sandbox) -> None:
    run = attack(any_sandbox, "import numpy as np\nreturn np.zeros(2_000_000)")
    assert run.ended == "returned"
    assert is_alive(any_sandbox)


@pytest.mark.parametrize("line", ["1", "", "[[[[[[["])
def test_a_flood_of_lines_costs_the_app_nothing(plain_sandbox: Sandbox, line: str) -> None:
    flood = f"import os\nfor number in range(3, 20):\n    try: os.write(number, b'{line}\\n' * 1_000_000)\n    except OSError: pass"
    began = time.monotonic()
    run = attack(plain_sandbox, flood)
    assert time.monotonic() - began < 4
    assert run.ended in {"finished", "returned", "timeout"}
    assert len(run.answers) == 1


def test_a_file_cannot_grow_beyond_the_limit(any_sandbox: Sandbox) -> None:
    run = attack(any_sandbox, "with open('big', 'wb') as file:\n    for _ in range(1000): file.write(bytes(1_000_000))")
    assert run.ended in {"crashed", "wrote"} or raised_by(run) == "OSError"


def test_many_files_are_noticed(any_sandbox: Sandbox) -> None:
    body = (
        "number = 0\nwhile True:\n    number += 1\n    with open(str(number), 'wb') as file: file.write(bytes(100_000))"
    )
    run = attack(any_sandbox, body)
    assert run.ended == "wrote"
    assert run.seconds < any_sandbox.limits.wall_seconds


def test_a_crash_is_told_and_harms_nothing(any_sandbox: Sandbox) -> None:
    assert attack(any_sandbox, "import ctypes\nctypes.string_at(0)").ended == "crashed"
    assert is_alive(any_sandbox)


def test_deep_recursion_is_an_error_of_the_learner(any_sandbox: Sandbox) -> None:
    assert raised_by(attack(any_sandbox, "def g(): return g()\nreturn g()")) == "RecursionError"


def test_a_process_cannot_lift_its_limits(real_sandbox: Sandbox) -> None:
    body = "import resource\nresource.setrlimit(resource.RLIMIT_AS, (2**40, 2**40))\nreturn bytearray(4 * 2**30)"
    assert raised_by(attack(real_sandbox, body)) in {"PermissionError", "ValueError"}


def test_nothing_is_left_in_the_temporary_folder(any_sandbox: Sandbox) -> None:
    run = attack(any_sandbox, "import os\nopen('a', 'w').write('b')\nos.path.exists('a')\nreturn os.getcwd()")
    folder = Path(answer_of(run).value)
    assert folder.is_relative_to(TEMP.resolve())
    assert not folder.exists()


def test_a_run_starts_fast_enough_to_be_tried_often() -> None:
    sandbox = Sandbox(limits=Limits())
    assert sandbox.protection.layers  # found once, before the first run
    assert min(attack(sandbox, "return 1").seconds for _ in range(3)) < 0.6
