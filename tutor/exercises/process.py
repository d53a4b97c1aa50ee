"""One child process with capped pipes: lines of results, what it printed, and an end that always comes.

Knows nothing of exercises; kills the whole group of the process when a cap or the clock says so.
"""

import contextlib
import os
import queue
import signal
import subprocess
import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO

CHUNK_BYTES = 65_536
HAS_GROUPS = hasattr(os, "killpg")


class Child:
    """A running process; `lines` yields its complete output lines, `None` at the end of its output."""

    def __init__(
        self,
        command: Sequence[str],
        folder: Path,
        environment: Mapping[str, str],
        result_bytes: int,
        printed_bytes: int,
    ) -> None:
        self.lines: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        self.over: str | None = None  # which cap was broken: "returned" or "printed"
        self._printed = bytearray()
        self._process = subprocess.Popen(
            command,
            cwd=folder,
            env=dict(environment),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=HAS_GROUPS,
            bufsize=0,
        )
        self._readers = [
            self._read(self._process.stdout, self._split(), result_bytes, "returned"),
            self._read(self._process.stderr, self._keep, printed_bytes, "printed"),
        ]

    @property
    def printed(self) -> str:
        return self._printed.decode("utf-8", "replace")

    @property
    def exit_status(self) -> int | None:
        """Status of the ended process, negative for a signal; None while it runs."""
        return self._process.poll()

    def write(self, line: bytes) -> None:
        """Sends the job; a child that is already gone is seen by its missing answers."""
        assert self._process.stdin
        with contextlib.suppress(OSError):
            self._process.stdin.write(line)
            self._process.stdin.close()

    def wait(self, seconds: float) -> bool:
        """Whether the process ended by itself in that time."""
        try:
            self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            return False
        return True

    def kill(self) -> None:
        """Ends the process and all that it started; safe to call twice."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            if HAS_GROUPS:
                os.killpg(self._process.pid, signal.SIGKILL)
            else:
                self._process.kill()
        self._process.wait()
        for reader in self._readers:
            reader.join(1)
        for pipe in (self._process.stdin, self._process.stdout, self._process.stderr):
            if pipe and not any(reader.is_alive() for reader in self._readers):
                with contextlib.suppress(OSError):
                    pipe.close()

    # --- inside

    def _read(self, pipe: IO[bytes] | None, take: Callable[[bytes], None], limit: int, name: str) -> threading.Thread:
        assert pipe

        def work() -> None:
            left = limit
            while chunk := pipe.read(CHUNK_BYTES):
                take(chunk[:left])
                left -= len(chunk)
                if left < 0:
                    self.over = name
                    break
            take(b"")

        thread = threading.Thread(target=work, daemon=True, name=f"exercise-{name}")
        thread.start()
        return thread

    def _keep(self, chunk: bytes) -> None:
        self._printed += chunk

    def _split(self) -> Callable[[bytes], None]:
        rest = bytearray()

        def take(chunk: bytes) -> None:
            rest.extend(chunk)
            *lines, last = rest.split(b"\n") if chunk else [b""]
            for line in filter(None, lines):
                self.lines.put(bytes(line))
            rest[:] = last
            if not chunk:
                self.lines.put(None)

        return take
