"""Sandboxes with each set of layers that this machine can hold; what it cannot is skipped with the reason."""

import sys
from pathlib import Path

import pytest

from tutor.exercises.sandbox import Limits, Sandbox

EXERCISES = Path(__file__).resolve().parents[2] / "corpus" / "exercises"
# Tests of the limits wait for them, so they are short.
QUICK = Limits(wall_seconds=1.5, cpu_seconds=1, memory_bytes=1 << 28)

REAL = {
    "bubblewrap and kernel": Sandbox(limits=QUICK),
    "kernel": Sandbox(limits=QUICK, bubblewrap=False),
    "bubblewrap": Sandbox(limits=QUICK, kernel=False),
}
NEEDED = {
    "bubblewrap and kernel": {"bubblewrap", "landlock", "seccomp"},
    "kernel": {"landlock", "seccomp"},
    "bubblewrap": {"bubblewrap"},
}


def sandbox_with(name: str) -> Sandbox:
    """The sandbox with these layers, or a skip that says what is missing."""
    if not sys.platform.startswith("linux"):
        pytest.skip("the layers are Linux's")
    sandbox = REAL[name]
    missing = NEEDED[name] - sandbox.protection.layers
    if missing:
        pytest.skip(f"this machine does not hold: {', '.join(sorted(missing))}")
    return sandbox


@pytest.fixture(params=list(REAL))
def real_sandbox(request: pytest.FixtureRequest) -> Sandbox:
    """Every real sandbox in turn."""
    return sandbox_with(request.param)


@pytest.fixture(params=["bubblewrap and kernel", "kernel"])
def kernel_sandbox(request: pytest.FixtureRequest) -> Sandbox:
    """The sandboxes that also refuse new processes and signals."""
    return sandbox_with(request.param)


@pytest.fixture(scope="session")
def plain_sandbox() -> Sandbox:
    """A process with limits only, as on a machine without any sandbox."""
    return Sandbox(limits=QUICK, bubblewrap=False, kernel=False)


@pytest.fixture(params=["kernel", "bubblewrap", "limits"])
def any_sandbox(request: pytest.FixtureRequest, plain_sandbox: Sandbox) -> Sandbox:
    """Each kind by itself, the plain process included."""
    return plain_sandbox if request.param == "limits" else sandbox_with(request.param)
