"""Landlock (Linux 5.13 or newer): this process may read Python and NumPy and write its own folder, nothing else.

Needs no rights and no extra program. Source: the kernel's documentation of Landlock, userspace API.
"""

import ctypes
import os
import struct
from collections.abc import Iterable

CREATE_RULESET, ADD_RULE, RESTRICT_SELF = 444, 445, 446  # the same on every machine
ASK_VERSION = 1
RULE_PATH_BENEATH = 1
PR_SET_NO_NEW_PRIVS = 38
EXECUTE, WRITE_FILE, READ_FILE, READ_DIR, REMOVE_FILE, MAKE_REG = (1 << bit for bit in (0, 1, 2, 3, 5, 8))
ALL_FILE_RIGHTS = {1: 1 << 13, 2: 1 << 14, 3: 1 << 15, 4: 1 << 15}  # version -> first bit it does not know
NETWORK_RIGHTS = 0b11  # bind and connect of TCP, from version 4
SCOPES = 0b11  # abstract sockets and signals stay inside, from version 6


def restrict_files(libc: ctypes.CDLL, readable: Iterable[str], writable: str) -> bool:
    """Applies the rules to this process for good; whether they hold."""
    version = libc.syscall(CREATE_RULESET, None, 0, ASK_VERSION)
    if version < 1:
        return False
    handled = ALL_FILE_RIGHTS.get(version, 1 << 16) - 1
    attributes = struct.pack("=QQQ", handled, NETWORK_RIGHTS, SCOPES)
    size = 8 if version < 4 else 16 if version < 6 else 24
    ruleset = libc.syscall(CREATE_RULESET, ctypes.c_char_p(attributes), size, 0)
    if ruleset < 0:
        return False
    for path in readable:
        _allow(libc, ruleset, path, (READ_FILE | READ_DIR) if os.path.isdir(path) else READ_FILE)
    _allow(libc, ruleset, writable, READ_FILE | READ_DIR | WRITE_FILE | MAKE_REG | REMOVE_FILE | handled & (1 << 14))
    _allow(libc, ruleset, os.devnull, READ_FILE | WRITE_FILE)
    libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    done = libc.syscall(RESTRICT_SELF, ruleset, 0) == 0
    os.close(ruleset)
    return bool(done)


def _allow(libc: ctypes.CDLL, ruleset: int, path: str, rights: int) -> None:
    try:
        place = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:  # not on this machine, so nothing to allow
        return
    rule = struct.pack("=Qi", rights, place)
    libc.syscall(ADD_RULE, ruleset, RULE_PATH_BENEATH, ctypes.c_char_p(rule), 0)
    os.close(place)
