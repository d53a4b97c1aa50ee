"""Runs a learner's code in a process that can do nothing but compute, and brings back what the function returned.

Judges nothing. Not even a broken process can claim more than values: the expected ones never go in.
"""

import contextlib
import json
import os
import queue
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

from tutor.errors import ExerciseError
from tutor.exercises.child.wire import decode, dump_line, encode
from tutor.exercises.launch import build_command, build_environment, has_bubblewrap
from tutor.exercises.process import Child
from tutor.exercises.protection import Protection

Ended = Literal["finished", "exited", "crashed", "timeout", "printed", "returned", "wrote"]
POLL_SECONDS = 0.05
START_SECONDS = 20.0  # a cold disk or a virus scanner; the learner's clock starts later
NOTHING = b""
CPU_EXCEEDED = {-24, 128 + 24}  # SIGXCPU, seen directly or through bubblewrap
MOST_FILES = 100
SPARE_LINES = 2  # beside one line per call: load or done


@dataclass(frozen=True)
class Limits:
    """What one run may use."""

    wall_seconds: float = 8.0
    cpu_seconds: int = 5
    memory_bytes: int = 1 << 30
    file_bytes: int = 1_000_000
    folder_bytes: int = 5_000_000
    printed_bytes: int = 200_000
    result_bytes: int = 4_000_000

    @property
    def resources(self) -> dict[str, int]:
        """By the names of the `resource` module."""
        return {
            "RLIMIT_CPU": self.cpu_seconds,
            "RLIMIT_AS": self.memory_bytes,
            "RLIMIT_FSIZE": self.file_bytes,
            "RLIMIT_NOFILE": 32,
            "RLIMIT_NPROC": 0,
            "RLIMIT_CORE": 0,
        }


@dataclass(frozen=True)
class Call:
    """Arguments of one call; with `keeps_inputs` they are sent back afterwards, to see whether they were changed."""

    arguments: Sequence[Any]
    keeps_inputs: bool = False


@dataclass(frozen=True)
class Raised:
    """What the learner's code raised, and on which line of it."""

    type: str
    message: str
    line: int | None


@dataclass(frozen=True)
class Answer:
    """What one call brought back: a value, or what was raised, or the name of a type that cannot be sent."""

    value: Any = None
    raised: Raised | None = None
    unsupported: str | None = None
    arguments: Any = None


@dataclass(frozen=True)
class Run:
    """All that is known of one run. `answers` has None for a call that brought nothing back."""

    ended: Ended
    answers: tuple[Answer | None, ...]
    load: Raised | None
    printed: str
    seconds: float
    protection: Protection


@dataclass(frozen=True)
class Sandbox:
    """Starts one fresh process per run. `bubblewrap` and `kernel` may be switched off to test each layer alone."""

    strangers: bool = False  # others can reach the app, so nothing runs without a real sandbox
    limits: Limits = field(default_factory=Limits)
    bubblewrap: bool = True
    kernel: bool = True

    @cached_property
    def protection(self) -> Protection:
        """The layers that hold here, found by starting a process without any code."""
        return self._protection_with(self._uses_bubblewrap)

    def run(self, code: str, function: str, calls: Sequence[Call]) -> Run:
        """Runs the code and makes the calls. Raises ExerciseError when this machine may not or cannot."""
        if self.strangers and not self.protection.is_sandbox:
            raise ExerciseError("exercises.no_sandbox")
        job = {"code": code, "function": function, "calls": [_call_form(call) for call in calls]}
        began = time.monotonic()
        with _folder() as name:
            child, protection = self._start(Path(name), self._uses_bubblewrap)
            try:
                if not protection.layers >= self.protection.layers:
                    raise ExerciseError(
                        "exercises.another_protection", expected=self.protection.layers, found=protection.layers
                    )
                child.write(dump_line(job))
                lines, ended = self._collect(child, Path(name), len(calls) + SPARE_LINES)
            finally:
                child.kill()
            return _read_run(lines, ended, len(calls), child.printed, time.monotonic() - began, protection)

    # --- inside

    @cached_property
    def _uses_bubblewrap(self) -> bool:
        if not (self.bubblewrap and has_bubblewrap()):
            return False
        try:
            return self._protection_with(True).is_sandbox
        except ExerciseError:  # installed, but not allowed to make namespaces here
            return False

    def _protection_with(self, bubblewrap: bool) -> Protection:
        with _folder() as name:
            child, protection = self._start(Path(name), bubblewrap)
            child.kill()
        return protection

    def _start(self, folder: Path, bubblewrap: bool) -> tuple[Child, Protection]:
        """A locked-down process that waits for its job, and the layers that it tried out."""
        command = build_command(folder, self.limits.resources, kernel=self.kernel, bubblewrap=bubblewrap)
        child = Child(command, folder, build_environment(folder), self.limits.result_bytes, self.limits.printed_bytes)
        try:
            first = child.lines.get(timeout=START_SECONDS)
        except queue.Empty:
            first = None
        if not first:
            child.kill()
            raise ExerciseError("exercises.no_start", status=child.exit_status, printed=child.printed[-300:])
        layers = set(json.loads(first)["layers"]) | ({"bubblewrap"} if bubblewrap else set())
        return child, Protection(frozenset(layers))

    def _collect(self, child: Child, folder: Path, most_lines: int) -> tuple[list[bytes], Ended]:
        """Lines until the process ends, a cap breaks or the time is up."""
        deadline = time.monotonic() + self.limits.wall_seconds
        lines: list[bytes] = []
        while time.monotonic() < deadline:
            try:
                line = child.lines.get(timeout=POLL_SECONDS)
            except queue.Empty:
                line = NOTHING
            if child.over or len(lines) > most_lines:
                return lines, "printed" if child.over == "printed" else "returned"
            if line is None:
                ended = child.wait(max(0.0, deadline - time.monotonic()))
                return lines, _ending(child.exit_status) if ended else "timeout"
            if line:
                lines.append(line)
            elif _folder_bytes(folder) > self.limits.folder_bytes:
                return lines, "wrote"
        return lines, "timeout"


def _folder() -> "tempfile.TemporaryDirectory[str]":
    return tempfile.TemporaryDirectory(prefix="tutor-exercise-", ignore_cleanup_errors=True)


def _call_form(call: Call) -> dict[str, Any]:
    return {"arguments": encode(list(call.arguments)), "keeps_inputs": call.keeps_inputs}


def _ending(status: int | None) -> Ended:
    if status in CPU_EXCEEDED:
        return "timeout"
    if status is None or status < 0 or status > 128:
        return "crashed"
    return "exited" if status else "finished"


def _folder_bytes(folder: Path) -> int:
    """Bytes in the folder; more than MOST_FILES files count as too many bytes."""
    total = 0
    with os.scandir(folder) as files:
        for count, file in enumerate(files):
            with contextlib.suppress(FileNotFoundError):  # deleted meanwhile
                total += file.stat(follow_symlinks=False).st_size
            if count > MOST_FILES:
                return 1 << 60
    return total


def _read_run(
    lines: list[bytes], ended: Ended, calls: int, printed: str, seconds: float, protection: Protection
) -> Run:
    answers: list[Answer | None] = [None] * calls
    load: Raised | None = None
    done = False
    for message in filter(None, map(_message, lines)):
        number = message.get("call")
        if "load" in message:
            load = _raised(message["load"])
        elif type(number) is int and 0 <= number < calls and answers[number] is None:
            answers[number] = _answer(message)
        done = done or "done" in message
    if ended == "finished" and not done:
        ended = "exited"
    return Run(ended, tuple(answers), load, printed, seconds, protection)


def _message(line: bytes) -> dict[str, Any] | None:
    """What a line says; a line that says nothing readable is dropped, its answer is then missing."""
    try:
        message = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return message if isinstance(message, dict) else None


def _answer(message: dict[str, Any]) -> Answer:
    if "error" in message:
        return Answer(raised=_raised(message["error"]))
    if "unsupported" in message:
        return Answer(unsupported=_text(message["unsupported"], 60))
    try:
        return Answer(decode(message.get("value")), arguments=decode(message.get("arguments")))
    except (ValueError, RecursionError):
        return Answer(unsupported="unreadable value")


def _raised(report: Any) -> Raised:
    fields = report if isinstance(report, dict) else {}
    line = fields.get("line")
    return Raised(
        _text(fields.get("type"), 80), _text(fields.get("message"), 500), line if isinstance(line, int) else None
    )


def _text(value: Any, characters: int) -> str:
    """Text of the child, fit for a page: no lone surrogates, not too long."""
    return str(value)[:characters].encode("utf-8", "replace").decode()
