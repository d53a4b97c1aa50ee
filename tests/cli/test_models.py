"""`python -m tutor models`: parsed as a user types it, over a cache of the test."""

import argparse
import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace

import pytest

from tutor.cli.models import add_parser
from tutor.errors import WeightsError
from tutor.models.catalog import CATALOG, DEFAULT_LLM, Weights
from tutor.models.sources import HuggingFace
from tutor.models.weights import Store

BODY = b"GGUF" + bytes(range(256)) * 40
TINY = Weights(
    "tiny", "llm", "tiny.gguf", len(BODY), hashlib.sha256(BODY).hexdigest(), "MIT", 512, "https://example.org",
    (HuggingFace("owner/tiny", "tiny.gguf"),),
)  # fmt: skip


@dataclass
class Command:
    """Runs `models ...` for a tutor that uses `llm`."""

    store: Store
    llm: str = "tiny"

    def __call__(self, *words: str) -> int:
        parser = argparse.ArgumentParser()
        add_parser(parser.add_subparsers())
        args = parser.parse_args(["models", *words])
        handler: Callable[[argparse.Namespace, object], int] = args.handler
        return handler(args, SimpleNamespace(weights=self.store, settings=SimpleNamespace(llm=self.llm)))


@pytest.fixture
def models(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Command:
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")
    return Command(Store(tmp_path / "cache", 1.0, {"tiny": TINY}))


@pytest.fixture
def given(tmp_path: Path) -> Path:
    path = tmp_path / "given.gguf"
    path.write_bytes(BODY)
    return path


def test_list_as_json_has_one_object_per_model(models: Command, capsys: pytest.CaptureFixture[str]) -> None:
    models.llm = DEFAULT_LLM
    assert models("list", "--json") == 0
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [row["name"] for row in rows] == ["tiny"]
    models.store = Store(models.store.cache)
    models("list", "--json")
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [row["name"] for row in rows] == list(CATALOG)
    assert [row["name"] for row in rows if row["in_use"]] == [DEFAULT_LLM]
    assert all(row["sha256"] and row["licence"] and row["size_bytes"] and row["sources"] for row in rows)


def test_list_for_people_shows_licence_and_state(models: Command, capsys: pytest.CaptureFixture[str]) -> None:
    assert models("list") == 0
    out = capsys.readouterr().out
    assert "* tiny  [not fetched]" in out
    assert "MIT" in out


def test_pull_without_a_name_fetches_the_model_in_use(
    models: Command, given: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert models("pull", "--from", str(given)) == 0
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "is here and verified" in captured.err
    assert models("path", "tiny") == 0
    assert capsys.readouterr().out.strip() == str(models.store.cache / "tiny.gguf")


@pytest.mark.parametrize("llm", ["none", "http://127.0.0.1:11434/v1#x", "transformers:some/model"])
def test_pull_has_nothing_to_do_for_other_backends(
    llm: str, models: Command, capsys: pytest.CaptureFixture[str]
) -> None:
    models.llm = llm
    assert models("pull") == 0
    assert "needs no weights" in capsys.readouterr().err


def test_pull_of_an_own_file_records_it(models: Command, given: Path, capsys: pytest.CaptureFixture[str]) -> None:
    models.llm = str(given)
    assert models("pull") == 0
    assert "nothing to fetch" in capsys.readouterr().err
    assert str(given.resolve()) in models.store.here()


def test_verify_reports_each_file_and_fails_when_one_is_wrong(
    models: Command, given: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert models("verify") == 0
    assert "No weights are here yet" in capsys.readouterr().err
    models("pull", "--from", str(given))
    models.store.resolve(str(given))
    assert models("verify") == 0
    assert capsys.readouterr().out.count("SHA-256 is right") == 2

    given.write_bytes(BODY + b"!")
    assert models("verify") == 1
    captured = capsys.readouterr()
    assert captured.out.count("SHA-256 is right") == 1
    assert "--accept" in captured.err
    assert models("verify", str(given), "--accept") == 0
    assert models("verify") == 0


def test_accepting_wants_a_name(models: Command) -> None:
    with pytest.raises(WeightsError, match="expected the NAME"):
        models("verify", "--accept")
