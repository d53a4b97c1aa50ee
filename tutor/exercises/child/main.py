"""The learner's process: lock down, say which layers hold, take one job, call the function, send each value back.

It knows inputs only. Expected values and verdicts stay with the parent, so nothing that runs here can claim success.
"""

import builtins
import json
import os
import sys
import time
from collections.abc import Callable
from types import TracebackType
from typing import Any, BinaryIO

from tutor.exercises.child.lockdown import lock_down
from tutor.exercises.child.wire import decode, dump_line, encode

FILE_NAME = "<your code>"
MESSAGE_CHARACTERS = 500


class Caught:
    """Holds what a learner's code raised, SystemExit included, so that the next call still runs."""

    def __init__(self) -> None:
        self.report: dict[str, Any] | None = None

    def __enter__(self) -> "Caught":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool:
        if kind is not None:
            text = str(error)[:MESSAGE_CHARACTERS]
            self.report = {"type": kind.__name__, "message": text, "line": _line(error, trace)}
        return True


def main() -> None:
    """Entry point; the configuration is the only argument. Results leave by standard output, prints by the other."""
    config = json.loads(sys.argv[1])
    results = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    null = os.open(os.devnull, os.O_RDONLY)
    sys.path[:] = [path for path in sys.path if path not in config["own_paths"]]
    layers = lock_down(config)
    _send(results, {"layers": layers})
    line = sys.stdin.buffer.readline()
    os.dup2(null, 0)
    if line.strip():
        _run(json.loads(line), results)
    _send(results, {"done": True})


def _run(job: dict[str, Any], results: BinaryIO) -> None:
    function: Any = None
    with Caught() as caught:
        function = _load(job["code"], job["function"])
    if caught.report is not None:
        _send(results, {"load": caught.report})
        return
    for number, call in enumerate(job["calls"]):
        _send(results, {"call": number, **_answer(function, call)})


def _load(code: str, name: str) -> Callable[..., Any]:
    namespace: dict[str, Any] = {"__name__": "exercise", "__builtins__": builtins}
    exec(compile(code, FILE_NAME, "exec"), namespace)  # noqa: S102 - running learners' code is what this process is for
    function = namespace.get(name)
    if not callable(function):
        raise NameError(f"expected a function named `{name}`")
    return function  # type: ignore[no-any-return]


def _answer(function: Callable[..., Any], call: dict[str, Any]) -> dict[str, Any]:
    arguments = decode(call["arguments"])
    began = time.perf_counter()
    value: Any = None
    with Caught() as caught:
        value = function(*arguments)
    message: dict[str, Any] = {"seconds": time.perf_counter() - began}
    if caught.report is not None:
        return {**message, "error": caught.report}
    with Caught() as caught:
        message["value"] = encode(value)
        if call["keeps_inputs"]:
            message["arguments"] = encode(arguments)
    return message if caught.report is None else {"unsupported": caught.report["message"]}


def _line(error: BaseException | None, trace: TracebackType | None) -> int | None:
    if isinstance(error, SyntaxError) and error.filename == FILE_NAME:
        return error.lineno
    line = None
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == FILE_NAME:
            line = trace.tb_lineno
        trace = trace.tb_next
    return line


def _send(results: BinaryIO, message: dict[str, Any]) -> None:
    results.write(dump_line(message))
    results.flush()
