"""The command that starts a learner's process: an isolated Python with NumPy, inside bubblewrap where asked."""

import json
import os
import shutil
import sys
import sysconfig
from collections.abc import Mapping
from pathlib import Path

import numpy as np

PACKAGE = Path(__file__).resolve().parent
ROOT = PACKAGE.parent.parent
SITE = Path(np.__file__).resolve().parent.parent
# -I: no environment, no user folder; -S: nothing but what is put on the path here; -B: writes no bytecode.
FLAGS = ("-I", "-S", "-B", "-X", "utf8")
BOOTSTRAP = "import sys; sys.path += {paths}; import numpy; from tutor.exercises.child.main import main; main()"
SYSTEM_LIBRARIES = ("/lib", "/lib64", "/usr/lib", "/usr/lib64", "/etc/ld.so.cache")


def build_command(folder: Path, limits: Mapping[str, int], *, kernel: bool, bubblewrap: bool) -> list[str]:
    """The command line; `kernel` asks the child for Landlock and seccomp on top."""
    own_paths = [str(ROOT), str(SITE)]
    readable = _readable()
    config = {
        "folder": str(folder), "limits": dict(limits), "kernel": kernel, "own_paths": own_paths, "readable": readable,
    }  # fmt: skip
    python = os.path.realpath(getattr(sys, "_base_executable", None) or sys.executable)
    command = [python, *FLAGS, "-c", BOOTSTRAP.format(paths=own_paths), json.dumps(config)]
    return [*_bubblewrap(folder, python, readable), *command] if bubblewrap else command


def build_environment(folder: Path) -> dict[str, str]:
    """Next to nothing: no name, key or path of the learner; one thread for linear algebra."""
    threads = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    system = {
        name: os.environ[name] for name in ("SYSTEMROOT",) if name in os.environ
    }  # Windows starts nothing without
    return {**threads, **system, "HOME": str(folder), "TMPDIR": str(folder), "LANG": "C.UTF-8"}


def has_bubblewrap() -> bool:
    """Whether the program is installed; whether it works is seen by starting it."""
    return sys.platform.startswith("linux") and shutil.which("bwrap") is not None


def _readable() -> list[str]:
    """Python's own library, the system's shared libraries and NumPy."""
    python = [sysconfig.get_paths()["stdlib"], sysconfig.get_paths()["platstdlib"], str(Path(sys.base_prefix) / "lib")]
    numpy = [str(SITE / "numpy"), str(SITE / "numpy.libs")]
    return [*dict.fromkeys([*python, *numpy, *SYSTEM_LIBRARIES])]


def _bubblewrap(folder: Path, python: str, readable: list[str]) -> list[str]:
    command = [shutil.which("bwrap") or "bwrap", "--unshare-all", "--die-with-parent", "--cap-drop", "ALL"]
    own = [ROOT / "tutor" / "__init__.py", PACKAGE / "__init__.py", PACKAGE / "child"]
    for path in [python, *readable, *map(str, own)]:
        if os.path.islink(path):  # /lib -> usr/lib
            command += ["--symlink", os.readlink(path), path]
        elif os.path.exists(path):
            command += ["--ro-bind", path, path]
    return [*command, "--dev", "/dev", "--bind", str(folder), str(folder), "--chdir", str(folder)]
