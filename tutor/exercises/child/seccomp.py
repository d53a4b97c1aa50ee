"""The kernel's filter on system calls (Linux): computing yes; sockets, new processes and other programs no.

A refused call fails with EPERM, so Python raises PermissionError and the learner sees where. Source: seccomp(2).
"""

import ctypes
import os
import platform
import struct
from collections.abc import Iterator

from tutor.exercises.child import syscalls

Instruction = tuple[int, int, int, int]  # code, jump if true, jump if false, value

MACHINES = {"x86_64": (0, 0xC000003E), "aarch64": (1, 0xC00000B7)}  # column of the table, AUDIT_ARCH_*
LOAD, JUMP_EQUAL, JUMP_AT_LEAST, RETURN = 0x20, 0x15, 0x35, 0x06
ALLOW, REFUSE, KILL = 0x7FFF0000, 0x00050001, 0x80000000  # REFUSE carries errno 1, EPERM
NUMBER_AT, MACHINE_AT = 0, 4
X32_CALLS = 0x40000000
FCNTL_COMMANDS = (0, 1, 2, 3, 4, 1030)  # duplicate and flags; never F_SETOWN, which sends signals to others
IOCTL_REQUESTS = (0x5401, 0x5413, 0x5450, 0x5451)  # is it a terminal, its size, close-on-exec
PR_SET_NO_NEW_PRIVS, PR_SET_SECCOMP, MODE_FILTER = 38, 22, 2


def restrict_calls(libc: ctypes.CDLL) -> bool:
    """Applies the filter to this process for good; whether it holds."""
    machine = MACHINES.get(platform.machine())
    if machine is None:
        return False
    program = b"".join(struct.pack("=HBBI", *instruction) for instruction in _filter(*machine))
    instructions = ctypes.create_string_buffer(program, len(program))
    header = struct.pack("@HxxxxxxQ", len(program) // 8, ctypes.addressof(instructions))
    if libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0:
        return False
    return bool(libc.prctl(PR_SET_SECCOMP, MODE_FILTER, ctypes.c_char_p(header), 0, 0) == 0)


def _filter(column: int, machine: int) -> Iterator[Instruction]:
    yield (LOAD, 0, 0, MACHINE_AT)
    yield (JUMP_EQUAL, 1, 0, machine)
    yield (RETURN, 0, 0, KILL)
    yield (LOAD, 0, 0, NUMBER_AT)
    yield (JUMP_AT_LEAST, 0, 1, X32_CALLS)
    yield (RETURN, 0, 0, REFUSE)
    for numbers in syscalls.ALLOWED.values():
        if numbers[column] >= 0:
            yield (JUMP_EQUAL, 0, 1, numbers[column])
            yield (RETURN, 0, 0, ALLOW)
    yield from _only_if(syscalls.FCNTL[column], [_low(1)], FCNTL_COMMANDS)
    yield from _only_if(syscalls.IOCTL[column], [_low(1)], IOCTL_REQUESTS)
    yield from _only_if(syscalls.PRLIMIT64[column], [_low(2), _low(2) + 4], (0,))  # reading limits, not setting
    yield from _only_if(syscalls.TGKILL[column], [_low(0)], (os.getpid(),))
    yield (RETURN, 0, 0, REFUSE)


def _only_if(number: int, places: list[int], values: tuple[int, ...]) -> Iterator[Instruction]:
    """Allow the call when the word at each place is one of the values; the rest of the filter is skipped otherwise."""
    body: list[Instruction] = []
    for place in places:
        body.append((LOAD, 0, 0, place))
        for left, value in zip(range(len(values), 0, -1), values, strict=True):
            body.append((JUMP_EQUAL, left, 0, value))  # over the remaining tests and the refusal
        body.append((RETURN, 0, 0, REFUSE))
    body.append((RETURN, 0, 0, ALLOW))
    yield (JUMP_EQUAL, 0, len(body), number)
    yield from body


def _low(argument: int) -> int:
    """Where the low half of an argument lies in seccomp_data (both machines are little-endian)."""
    return 16 + 8 * argument
