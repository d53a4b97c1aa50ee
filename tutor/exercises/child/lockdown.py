"""Everything this process gives up before it sees a learner's code, and a check that it is really gone."""

import ctypes
import os
import struct
import sys
from typing import Any

from tutor.exercises.child.landlock import restrict_files
from tutor.exercises.child.seccomp import restrict_calls

CAPABILITY_VERSION = 0x20080522
NICENESS = 5  # the app stays quick while a learner's loop runs
AF_INET, SOCK_STREAM = 2, 1


def lock_down(config: dict[str, Any]) -> list[str]:
    """Names of the layers that hold from now on, each one tried out."""
    layers = ["limits"] if _limit(config["limits"]) else []
    if not sys.platform.startswith("linux") or not config["kernel"]:
        return layers
    libc = ctypes.CDLL(None, use_errno=True)
    _drop_capabilities(libc)
    if restrict_files(libc, config["readable"], config["folder"]) and not _can_list("/"):
        layers.append("landlock")
    if restrict_calls(libc) and libc.socket(AF_INET, SOCK_STREAM, 0) < 0:
        layers.append("seccomp")
    return layers


def _limit(limits: dict[str, int]) -> bool:
    """Resource limits by the names of the `resource` module; False where there is no such module (Windows)."""
    try:
        import resource
    except ImportError:
        return False
    os.nice(NICENESS)
    held = True
    for name, value in limits.items():
        try:
            resource.setrlimit(getattr(resource, name), (value, value + (name == "RLIMIT_CPU")))
        except (ValueError, OSError, AttributeError):  # macOS refuses some
            held = False
    return held


def _drop_capabilities(libc: ctypes.CDLL) -> None:
    """An administrator's process keeps no special right (without them setrlimit cannot be undone)."""
    header = struct.pack("=Ii", CAPABILITY_VERSION, 0)
    libc.capset(ctypes.c_char_p(header), ctypes.c_char_p(bytes(24)))


def _can_list(path: str) -> bool:
    try:
        os.listdir(path)
    except PermissionError:
        return False
    return True
