"""The embedded engine: llama.cpp (through xllamacpp) over one GGUF file, started when first used.

It runs in a process of its own, because llama.cpp aborts the process it lives in when memory runs out, and because
taking its server down inside a process waits for running requests, up to minutes. Ending a process does neither.
Knows nothing of LangChain; it offers an OpenAI-compatible address.
"""

import json
import os
import secrets
import subprocess
import sys
import tempfile
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import psutil

from tutor.errors import ModelError
from tutor.messages import Message

SLOTS = 2  # one answer and one judgement side by side; each keeps its own cached prompt prefix
CACHE_MEGABYTES = 512  # prompt prefixes that left a slot; 28.7 KB a token for the 1.5B model
START_SECONDS = 300.0
CLOSE_SECONDS = 5.0
NEW_GROUP_WITHOUT_WINDOW = 0x08000200  # Windows: CREATE_NEW_PROCESS_GROUP | CREATE_NO_WINDOW


@dataclass(frozen=True)
class EnginePlan:
    """What an engine is made of."""

    path: Path
    context_tokens: int  # of each slot
    threads: int
    saves: Path | None = None  # folder where the engine can save what it has read; such a one has one slot and no cache


class Engine:
    """One GGUF file served on a private address. Thread-safe; starts again by itself when its process died."""

    def __init__(self, plan: EnginePlan) -> None:
        self.plan = plan
        self.api_key = secrets.token_hex(16)
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._address = ""

    def start(self) -> str:
        """The base URL of the running engine; loads the weights at the first call (seconds). Raises ModelError."""
        with self._lock:
            if self._process is None or self._process.poll() is not None:
                self._process, self._address = self._launch()
            return f"{self._address}/v1"

    @property
    def process_id(self) -> int | None:
        """Of the running engine, None while it is not running."""
        process = self._process
        return process.pid if process and process.poll() is None else None

    def close(self) -> None:
        """End the engine at once, whatever it is doing. It may be started again."""
        with self._lock:
            if self._process is not None:
                _end(self._process)
                self._process = None

    def _launch(self) -> tuple[subprocess.Popen[bytes], str]:
        order = {
            "path": str(self.plan.path),
            "context_tokens": self.plan.context_tokens,
            "slots": 1 if self.plan.saves else SLOTS,
            "threads": self.plan.threads,
            "cache_megabytes": 0 if self.plan.saves else CACHE_MEGABYTES,
            "saves": str(self.plan.saves or ""),
            "api_key": self.api_key,
        }
        # -P: the folder of the script holds modules whose names must not hide others'
        command = [sys.executable, "-P", str(Path(__file__).with_name("engine_process.py"))]
        with tempfile.TemporaryFile() as log:
            # Apart from the terminal's process group: Ctrl-C is the tutor's to handle.
            process = subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                creationflags=NEW_GROUP_WITHOUT_WINDOW if sys.platform == "win32" else 0,
                start_new_session=sys.platform != "win32",
            )
            alarm = threading.Timer(START_SECONDS, process.kill)
            alarm.start()
            try:
                address = _hand_over(process, order)
            finally:
                alarm.cancel()
            if not address:
                _end(process)
                raise self._why(process.returncode, log)
        return process, address

    def _why(self, exit_status: int, log: IO[bytes]) -> ModelError:
        log.seek(0)
        lines = log.read().decode("utf-8", errors="replace").splitlines()
        reasons = [line.split("error loading model: ", 1)[1] for line in lines if "error loading model: " in line]
        said = (reasons or lines[-1:] or [""])[0].strip()
        if "No module named" in said:
            return ModelError("models.no_engine", reason=said)
        reason = said or Message("models.process_ended", status=exit_status)
        return ModelError("models.cannot_load", model=self.plan.path.name, reason=reason)


def _hand_over(process: subprocess.Popen[bytes], order: dict[str, object]) -> str:
    """Tell the new process what to load; its address, or nothing when it died over it."""
    assert process.stdin
    assert process.stdout
    try:
        process.stdin.write(json.dumps(order).encode() + b"\n")
        process.stdin.flush()
    except BrokenPipeError:
        return ""
    for line in process.stdout:
        if line.startswith(b'{"address"'):
            return str(json.loads(line)["address"])
    return ""


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(CLOSE_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    for pipe in (process.stdin, process.stdout):
        if pipe:
            pipe.close()


def default_threads() -> int:
    """Physical cores this process may use: more threads than that lose (measured)."""
    allowed = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, min(psutil.cpu_count(logical=False) or allowed, allowed))


def looks_like_gguf(path: Path) -> bool:
    """Whether the file begins as every GGUF file does."""
    with path.open("rb") as file:
        return file.read(4) == b"GGUF"
