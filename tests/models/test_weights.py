"""Weights come from a real HTTP server here; the hash decides, and nothing else is ever lost."""

import hashlib
import json
import os
import random
import time
from pathlib import Path

import filelock
import pytest

from tests.models.file_server import FileServer
from tutor.errors import WeightsError
from tutor.models.catalog import Weights
from tutor.models.sources import HuggingFace, ModelScope, PackagedFile, Source
from tutor.models.weights import Store

BODY = random.Random(7).randbytes(3_000_000)
SHA = hashlib.sha256(BODY).hexdigest()
HUB = HuggingFace("owner/tiny-GGUF", "tiny.gguf", "abc")
HUB_PATH = "/owner/tiny-GGUF/resolve/abc/tiny.gguf"
SCOPE = ModelScope("owner/tiny-GGUF", "tiny.gguf")
SCOPE_PATH = "/models/owner/tiny-GGUF/resolve/master/tiny.gguf"


def make_store(cache: Path, *sources: Source, timeout: float = 5.0, sha256: str = SHA) -> Store:
    weights = Weights("tiny", "llm", "tiny.gguf", len(BODY), sha256, "MIT", 512, "", sources or (HUB,))
    return Store(cache, timeout, {"tiny": weights})


def test_pull_fetches_verifies_and_reports_progress(tmp_path: Path, file_server: FileServer) -> None:
    file_server.behaviour.files[HUB_PATH] = BODY
    seen: list[tuple[int, int]] = []
    path = make_store(tmp_path).pull("tiny", lambda done, total: seen.append((done, total)))
    assert path == tmp_path / "tiny.gguf"
    assert path.read_bytes() == BODY
    assert seen[-1] == (len(BODY), len(BODY))
    assert [done for done, _ in seen] == sorted(done for done, _ in seen)
    assert not list(tmp_path.glob("*.part"))


def test_pull_of_weights_that_are_here_asks_no_server(tmp_path: Path, file_server: FileServer) -> None:
    (tmp_path / "tiny.gguf").write_bytes(BODY)
    store = make_store(tmp_path)
    assert store.pull("tiny") == store.path("tiny") == store.resolve("tiny") == tmp_path / "tiny.gguf"
    assert file_server.behaviour.requests == []


def test_pull_resumes_where_it_was_broken_off(tmp_path: Path, file_server: FileServer) -> None:
    file_server.behaviour.files[HUB_PATH] = BODY
    file_server.behaviour.stops_after_bytes = 1_200_000
    store = make_store(tmp_path)
    with pytest.raises(WeightsError):
        store.pull("tiny")
    kept = (tmp_path / "tiny.gguf.part").stat().st_size
    assert 0 < kept <= 1_200_000
    assert not (tmp_path / "tiny.gguf").exists()

    file_server.behaviour.stops_after_bytes = None
    assert store.pull("tiny").read_bytes() == BODY
    assert file_server.behaviour.requests[-1] == (HUB_PATH, f"bytes={kept}-")


def test_server_without_ranges_is_read_from_the_start(tmp_path: Path, file_server: FileServer) -> None:
    (tmp_path / "tiny.gguf.part").write_bytes(BODY[:1_000_000])
    file_server.behaviour.files[HUB_PATH] = BODY
    file_server.behaviour.ignores_ranges = True
    assert make_store(tmp_path).pull("tiny").read_bytes() == BODY


def test_finished_part_is_only_renamed(tmp_path: Path, file_server: FileServer) -> None:
    (tmp_path / "tiny.gguf.part").write_bytes(BODY)
    assert make_store(tmp_path).pull("tiny").read_bytes() == BODY
    assert file_server.behaviour.requests == []


@pytest.mark.parametrize("stale", [b"\0" * 1_000_000, b"\0" * len(BODY), b"\0" * (len(BODY) + 5)])
def test_part_of_another_file_is_fetched_again(stale: bytes, tmp_path: Path, file_server: FileServer) -> None:
    (tmp_path / "tiny.gguf.part").write_bytes(stale)
    file_server.behaviour.files[HUB_PATH] = BODY
    assert make_store(tmp_path).pull("tiny").read_bytes() == BODY


def test_redirects_are_followed_and_keep_the_range(tmp_path: Path, file_server: FileServer) -> None:
    (tmp_path / "tiny.gguf.part").write_bytes(BODY[:10])
    file_server.behaviour.redirects[HUB_PATH] = "/cdn/blob"
    file_server.behaviour.files["/cdn/blob"] = BODY
    assert make_store(tmp_path).pull("tiny").read_bytes() == BODY
    assert file_server.behaviour.requests == [(HUB_PATH, "bytes=10-"), ("/cdn/blob", "bytes=10-")]


def test_wrong_hash_says_both_and_deletes_nothing_else(tmp_path: Path, file_server: FileServer) -> None:
    wrong = bytes(reversed(BODY))
    file_server.behaviour.files[HUB_PATH] = wrong
    (tmp_path / "other.gguf").write_bytes(b"other")
    (tmp_path / "tiny.gguf").write_bytes(b"damaged")
    with pytest.raises(WeightsError) as caught:
        make_store(tmp_path).pull("tiny")
    assert f"SHA-256 expected {SHA}, found {hashlib.sha256(wrong).hexdigest()}" in str(caught.value)
    assert (tmp_path / "other.gguf").read_bytes() == b"other"
    assert (tmp_path / "tiny.gguf").read_bytes() == b"damaged"
    assert not (tmp_path / "tiny.gguf.part").exists()


def test_damaged_file_in_the_cache_is_replaced_by_a_pull(tmp_path: Path, file_server: FileServer) -> None:
    file_server.behaviour.files[HUB_PATH] = BODY
    (tmp_path / "tiny.gguf").write_bytes(b"damaged")
    store = make_store(tmp_path)
    with pytest.raises(WeightsError, match="models pull tiny"):
        store.path("tiny")
    assert store.pull("tiny").read_bytes() == BODY


def test_silent_source_fails_fast_and_the_next_one_is_tried(
    tmp_path: Path, file_server: FileServer, second_server: FileServer
) -> None:
    file_server.behaviour.silent = True
    second_server.behaviour.files[SCOPE_PATH] = BODY
    started = time.monotonic()
    assert make_store(tmp_path, HUB, SCOPE, timeout=1.5).pull("tiny").read_bytes() == BODY
    assert time.monotonic() - started < 8


def test_the_message_names_each_source_and_why_it_failed(
    tmp_path: Path, file_server: FileServer, second_server: FileServer
) -> None:
    file_server.behaviour.silent = True
    second_server.behaviour.status = 503
    store = make_store(tmp_path / "cache", HUB, SCOPE, timeout=1.5)
    with pytest.raises(WeightsError) as caught:
        store.pull("tiny", local=tmp_path / "absent.gguf")
    message = str(caught.value)
    assert "absent.gguf`: No such file" in message
    assert "Hugging Face `owner/tiny-GGUF`: no answer within 1.5 s" in message
    assert "ModelScope `owner/tiny-GGUF`: HTTP status 503" in message
    assert "models pull tiny" in message


def test_second_source_continues_the_part_of_the_first(
    tmp_path: Path, file_server: FileServer, second_server: FileServer
) -> None:
    file_server.behaviour.files[HUB_PATH] = BODY
    file_server.behaviour.stops_after_bytes = 1_500_000
    second_server.behaviour.files[SCOPE_PATH] = BODY
    assert make_store(tmp_path, HUB, SCOPE).pull("tiny").read_bytes() == BODY
    wanted = second_server.behaviour.requests[0][1]
    assert wanted is not None
    assert wanted.startswith("bytes=")


def test_file_of_another_size_is_refused_before_it_is_read(tmp_path: Path, file_server: FileServer) -> None:
    file_server.behaviour.files[HUB_PATH] = b"<html>Please log in</html>"
    with pytest.raises(WeightsError, match=f"a file of {len(BODY)} bytes expected, the server offers 26"):
        make_store(tmp_path).pull("tiny")


def test_refused_connection_and_unusable_endpoint_are_reasons(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    server = FileServer()
    server.close()
    monkeypatch.setenv("HF_ENDPOINT", server.url)
    with pytest.raises(WeightsError, match="the connection failed"):
        make_store(tmp_path).pull("tiny")
    monkeypatch.setenv("HF_ENDPOINT", "not an address")
    with pytest.raises(WeightsError, match="Hugging Face"):
        make_store(tmp_path).pull("tiny")


@pytest.mark.parametrize("as_folder", [True, False])
def test_local_path_comes_first(as_folder: bool, tmp_path: Path, file_server: FileServer) -> None:
    given = tmp_path / "stick" / "tiny.gguf"
    given.parent.mkdir()
    given.write_bytes(BODY)
    path = make_store(tmp_path / "cache").pull("tiny", local=given.parent if as_folder else given)
    assert path.read_bytes() == BODY
    assert given.exists()
    assert file_server.behaviour.requests == []


def test_absent_weights_name_the_next_step(tmp_path: Path) -> None:
    store = make_store(tmp_path)
    with pytest.raises(WeightsError, match=r"Run `python -m tutor models pull tiny`"):
        store.path("tiny")
    with pytest.raises(WeightsError, match="not in the catalogue"):
        store.pull("huge")
    with pytest.raises(WeightsError, match="neither a file nor a known name"):
        store.resolve("huge")


def test_packaged_weights_need_no_fetching(tmp_path: Path) -> None:
    source = PackagedFile("no_such_package_here", "tiny.bin")
    with pytest.raises(WeightsError, match="`no_such_package_here` is not installed"):
        make_store(tmp_path, source).pull("tiny")


def test_hub_file_is_recorded_at_first_use_and_checked_after(tmp_path: Path, file_server: FileServer) -> None:
    file_server.behaviour.files["/some/repo/resolve/main/deep/x-q4.gguf"] = BODY
    store = make_store(tmp_path)
    spec = "hf:some/repo/deep/x-q4.gguf"
    with pytest.raises(WeightsError, match=r"models pull hf:some/repo/deep/x-q4\.gguf"):
        store.resolve(spec)
    path = store.pull(spec)
    assert store.resolve(spec) == path == tmp_path / "hf" / "some" / "repo" / "deep" / "x-q4.gguf"
    assert json.loads((tmp_path / "hashes.json").read_text())[spec]["sha256"] == SHA

    path.write_bytes(b"changed")
    with pytest.raises(WeightsError, match=f"expected {SHA}, found"):
        store.resolve(spec)


@pytest.mark.parametrize("spec", ["hf:some/repo/../../../x.gguf", "hf:repo/x.gguf", "hf:some/repo/x.bin", "hf:"])
def test_malformed_hub_names_are_refused(spec: str, tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match="hf:owner/repository"):
        make_store(tmp_path).pull(spec)


def test_own_file_is_recorded_at_first_use_and_a_change_is_reported(tmp_path: Path) -> None:
    own = tmp_path / "mine.gguf"
    own.write_bytes(b"GGUF one")
    store = make_store(tmp_path / "cache")
    assert store.resolve(str(own)) == own.resolve()

    own.write_bytes(b"GGUF two")
    os.utime(own, ns=(1, 1))
    with pytest.raises(WeightsError, match="--accept"):
        store.resolve(str(own))
    store.accept(str(own))
    assert store.resolve(str(own)) == own.resolve()
    assert str(own.resolve()) in store.here()


def test_verify_reads_the_file_even_when_size_and_time_are_unchanged(tmp_path: Path) -> None:
    (tmp_path / "tiny.gguf").write_bytes(BODY)
    store = make_store(tmp_path)
    store.path("tiny")
    stamp = (tmp_path / "tiny.gguf").stat().st_mtime_ns
    (tmp_path / "tiny.gguf").write_bytes(b"\0" + BODY[1:])
    os.utime(tmp_path / "tiny.gguf", ns=(stamp, stamp))
    assert store.path("tiny").is_file()  # quick: size and time say that nothing changed
    with pytest.raises(WeightsError, match="SHA-256 expected"):
        store.verify("tiny")


def test_damaged_record_is_made_again(tmp_path: Path) -> None:
    (tmp_path / "tiny.gguf").write_bytes(BODY)
    (tmp_path / "hashes.json").write_text("{ not json")
    assert make_store(tmp_path).path("tiny").is_file()
    assert json.loads((tmp_path / "hashes.json").read_text())["tiny"]["sha256"] == SHA


def test_two_programs_do_not_fetch_the_same_file_at_once(tmp_path: Path, file_server: FileServer) -> None:
    with filelock.FileLock(f"{tmp_path / 'tiny.gguf'}.lock"), pytest.raises(WeightsError, match="another program"):
        make_store(tmp_path).pull("tiny")


def test_cache_that_cannot_be_written_is_named(tmp_path: Path, file_server: FileServer) -> None:
    (tmp_path / "cache").write_text("a file where the folder should be")
    with pytest.raises(WeightsError, match="TUTOR_CACHE"):
        make_store(tmp_path / "cache").pull("tiny")


def test_full_disk_is_noticed_before_anything_is_fetched(
    tmp_path: Path, file_server: FileServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tutor.models.weights.SPARE_BYTES", 10**18)
    with pytest.raises(WeightsError, match=r"GB needed in .* GB free"):
        make_store(tmp_path).pull("tiny")
    assert file_server.behaviour.requests == []
