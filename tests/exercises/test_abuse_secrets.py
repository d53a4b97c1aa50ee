"""Files, network and other processes of the learner: out of reach of code in a real sandbox."""

import os
import platform
import socket
import sqlite3
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.exercises.attack import answer_of, attack, attack_each, is_alive, raised_by
from tutor.errors import ExerciseError
from tutor.exercises.sandbox import Call, Sandbox

SECRET = "what-the-learner-said-in-private"
REFUSED = {"PermissionError", "FileNotFoundError", "OSError", "OperationalError", "ConnectionRefusedError", "gaierror"}


@pytest.fixture
def history(tmp_path: Path) -> Path:
    """A history database like the app's."""
    file = tmp_path / "history.db"
    with sqlite3.connect(file) as connection:
        connection.execute("create table attempts (text)")
        connection.execute("insert into attempts values (?)", (SECRET,))
    connection.close()
    return file


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    """A server on this machine, as the app is one."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        yield server


READS = {
    "open": "return open(arguments[0], 'rb').read().decode('latin-1')",
    "sqlite": "import sqlite3\nreturn sqlite3.connect(arguments[0]).execute('select * from attempts').fetchall()",
    "link": "import os\nos.link(arguments[0], 'copy')\nreturn open('copy', 'rb').read().decode('latin-1')",
    "symlink": "import os\nos.symlink(arguments[0], 'copy')\nreturn open('copy', 'rb').read().decode('latin-1')",
    "mmap": "import mmap, os\nreturn mmap.mmap(os.open(arguments[0], os.O_RDONLY), 0, prot=1)[:].decode('latin-1')",
    "folder": "import os\nreturn os.listdir(os.path.dirname(arguments[0]))",
    "home": "import os\nreturn os.listdir(os.path.expanduser('~root'))",
    "environment": "return open(f'/proc/{arguments[1]}/environ').read()",
    "memory": "return open(f'/proc/{arguments[1]}/mem', 'rb').read(1)",
}
WRITES = {
    "overwrite": "open(arguments[0], 'w').write('gone')",
    "remove": "import os\nos.remove(arguments[0])",
    "rename": "import os\nos.rename(arguments[0], 'mine')",
    "truncate": "import os\nos.truncate(arguments[0], 0)",
    "mode": "import os\nos.chmod(arguments[0], 0)",
    "owner": "import os\nos.chown(arguments[0], 1, 1)",
    "times": "import os\nos.utime(arguments[0], (1, 1))",
    "attributes": "import os\nos.setxattr(arguments[0], 'user.mine', b'1')",
    "beside": "open(arguments[0] + '.more', 'w').write('new')",
    "folder": "import os\nos.mkdir(arguments[0] + '.folder')",
    "pipe": "import os\nos.mkfifo(arguments[0] + '.pipe')",
}
SENDS = {
    "socket": "import socket\nsocket.create_connection(('127.0.0.1', arguments[0]), 1).send(b'x')",
    "http": "import urllib.request\nurllib.request.urlopen(f'http://127.0.0.1:{arguments[0]}', timeout=1)",
    "libc": "import ctypes, struct\nc = ctypes.CDLL(None)\nport = arguments[0].to_bytes(2, 'big')\n"
    "place = struct.pack('=H2s4s8x', 2, port, bytes([127, 0, 0, 1]))\n"
    "if c.connect(c.socket(2, 1, 0), place, 16): raise OSError",
}


def test_the_history_and_the_home_cannot_be_read(real_sandbox: Sandbox, history: Path) -> None:
    outcomes = attack_each(real_sandbox, READS, str(history), os.getpid())
    assert set(outcomes.values()) <= REFUSED, outcomes


def test_nothing_outside_its_folder_can_be_written_or_changed(real_sandbox: Sandbox, history: Path) -> None:
    before = history.read_bytes(), history.stat().st_mode, history.stat().st_mtime, os.listdir(history.parent)
    outcomes = attack_each(real_sandbox, WRITES, str(history))
    assert (history.read_bytes(), history.stat().st_mode, history.stat().st_mtime, os.listdir(history.parent)) == before
    assert set(outcomes.values()) <= REFUSED, outcomes


def test_shared_folders_of_the_machine_stay_as_they_are(real_sandbox: Sandbox, tmp_path: Path) -> None:
    for folder in (tempfile.gettempdir(), "/dev/shm"):
        place = f"{folder}/{tmp_path.name}-elsewhere"
        attack(real_sandbox, "open(arguments[0], 'w').write('new')", place)
        assert not Path(place).exists()


def test_the_network_cannot_be_reached(real_sandbox: Sandbox, listener: socket.socket) -> None:
    outcomes = attack_each(real_sandbox, SENDS, listener.getsockname()[1])
    assert set(outcomes.values()) <= {*REFUSED, "URLError"}, outcomes
    with pytest.raises(TimeoutError):
        listener.accept()


def test_the_attacks_are_real_since_they_work_without_a_sandbox(
    plain_sandbox: Sandbox, history: Path, listener: socket.socket
) -> None:
    reads = attack_each(plain_sandbox, {name: READS[name] for name in ("open", "sqlite", "mmap")}, str(history))
    assert all(SECRET in outcome for outcome in reads.values()), reads
    sends = attack_each(plain_sandbox, {name: SENDS[name] for name in ("socket", "libc")}, listener.getsockname()[1])
    assert set(sends.values()) == {"went through: None"}
    writes = attack_each(plain_sandbox, {name: WRITES[name] for name in ("mode", "beside", "remove")}, str(history))
    assert set(writes.values()) == {"went through: None"}


def test_datagrams_and_local_sockets_stay_inside(real_sandbox: Sandbox, tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as server:
        server.bind(str(tmp_path / "s"))
        server.settimeout(0.2)
        body = "import socket\ns = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)\ns.sendto(b'x', arguments[0])"
        assert raised_by(attack(real_sandbox, body, str(tmp_path / "s"))) in REFUSED
        with pytest.raises(TimeoutError):
            server.recv(1)


TOUCHES = {
    "kill": "import os\nos.kill(arguments[0], 9)",
    "parent": "import os\nos.kill(os.getppid(), 9)",
    "all": "import os\nos.kill(-1, 15)",
    "by file": "import os, signal\nsignal.pidfd_send_signal(os.pidfd_open(arguments[0]), 15)",
    "by owner": "import fcntl\nfcntl.fcntl(1, fcntl.F_SETOWN, arguments[0])",
    "priority": "import os\nos.setpriority(os.PRIO_PROCESS, arguments[0], 19)",
    "limits": "import resource\nresource.prlimit(arguments[0], resource.RLIMIT_NOFILE, (1, 1))",
}


def test_no_other_process_can_be_touched(kernel_sandbox: Sandbox) -> None:
    outcomes = attack_each(kernel_sandbox, TOUCHES, os.getpid())
    assert set(outcomes.values()) == {"PermissionError"}, outcomes
    assert is_alive(kernel_sandbox)


def test_dangerous_system_calls_are_refused_even_when_made_by_hand(kernel_sandbox: Sandbox) -> None:
    """ptrace, mount, unshare, setns, process_vm_readv, io_uring_setup, clone3, and a call of the x32 kind."""
    if platform.machine() != "x86_64":
        pytest.skip("the numbers are those of x86_64")
    numbers = [101, 165, 272, 308, 310, 425, 435, 0x40000000 + 39]
    body = f"""
        import ctypes
        c = ctypes.CDLL(None, use_errno=True)
        return [[c.syscall(number, 0, 0, 0, 0, 0), ctypes.get_errno()] for number in {numbers}]
    """
    assert answer_of(attack(kernel_sandbox, body)).value == [[-1, 1]] * len(numbers)


def test_the_environment_tells_nothing_about_the_learner(any_sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TUTOR_LLM_API_KEY", SECRET)
    value = answer_of(attack(any_sandbox, "import os\nreturn dict(os.environ)")).value
    assert set(value) <= {
        "HOME", "TMPDIR", "LANG", "LC_CTYPE", "PWD", "OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS",
    }  # fmt: skip


def test_no_file_of_the_app_is_open_in_the_process(any_sandbox: Sandbox, history: Path) -> None:
    body = """
        import os
        found = []
        for number in range(3, 32):
            try:
                os.fstat(number)
                found.append(number)
            except OSError:
                pass
        return len(found)
    """
    with history.open() as file:
        os.set_inheritable(file.fileno(), True)
        assert answer_of(attack(any_sandbox, body)).value <= 3  # the pipe of results, null, Python's random source


def test_the_exercises_and_the_app_cannot_be_imported_or_read(real_sandbox: Sandbox) -> None:
    root = str(Path(__file__).resolve().parents[2])
    run = attack(real_sandbox, "return open(arguments[0] + '/corpus/exercises/stable-softmax.yaml').read()", root)
    assert raised_by(run) in REFUSED
    run = attack(real_sandbox, "import sys\nsys.path.append(arguments[0])\nimport tutor.settings", root)
    assert raised_by(run) in {"ModuleNotFoundError", "PermissionError"}


def test_when_others_can_reach_the_app_nothing_runs_without_a_real_sandbox(tmp_path: Path) -> None:
    open_to_all = Sandbox(strangers=True, bubblewrap=False, kernel=False)
    mark = tmp_path / "it-ran"
    with pytest.raises(ExerciseError, match="expected a sandbox"):
        open_to_all.run(f"open({str(mark)!r}, 'w')\ndef f(): return 1", "f", [Call(())])
    assert not mark.exists()


def test_when_others_can_reach_the_app_a_real_sandbox_is_enough(real_sandbox: Sandbox) -> None:
    guarded = Sandbox(
        strangers=True, limits=real_sandbox.limits, bubblewrap=real_sandbox.bubblewrap, kernel=real_sandbox.kernel
    )
    assert is_alive(guarded)


def test_what_holds_is_told_in_words(real_sandbox: Sandbox, plain_sandbox: Sandbox) -> None:
    assert real_sandbox.protection.words.en.startswith("Code runs in a sandbox")
    assert real_sandbox.protection.words.zh.startswith("代码在沙箱中运行")
    assert not plain_sandbox.protection.is_sandbox
    assert plain_sandbox.protection.words.en.startswith("Note: there is no sandbox")
    assert plain_sandbox.protection.words.zh.startswith("注意")
