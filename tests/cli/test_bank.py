"""`python -m tutor bank`, parsed as a user types it, over a bank in a temporary folder."""

import argparse
import json
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import yaml

from tests.fakes import WordHashEmbeddings
from tutor.bank.load import load_bank
from tutor.bank.schema import GROUPS, GroupFile
from tutor.cli.bank import add_parser
from tutor.drills.formulas import compute
from tutor.errors import BankError


@pytest.fixture
def run(tmp_path: Path) -> Callable[..., int]:
    def run_command(*words: str) -> int:
        parser = argparse.ArgumentParser()
        add_parser(parser.add_subparsers())
        args = parser.parse_args(["bank", *words])
        settings = SimpleNamespace(bank_folder=tmp_path)
        bank = load_bank(tmp_path, compute) if words[0] in ("list", "show") else None
        tutor = SimpleNamespace(settings=settings, bank=bank, embeddings=WordHashEmbeddings())
        handler: Callable[[argparse.Namespace, Any], int] = args.handler
        return handler(args, tutor)

    return run_command


@pytest.fixture
def template(tmp_path: Path, run: Callable[..., int], capsys: pytest.CaptureFixture[str]) -> str:
    """What `bank new training` prints, saved as a bank file."""
    assert run("new", "training") == 0
    printed = capsys.readouterr().out
    (tmp_path / "training.yaml").write_text(f"group: training\nentries:\n{printed}", encoding="utf-8")
    return printed


def test_new_prints_an_entry_that_can_be_put_below_the_others(template: str) -> None:
    group = GroupFile.model_validate({"group": "training", "entries": yaml.safe_load(template)})
    assert len(group.entries) == 1
    assert "corpus/bank/training.yaml" in template.splitlines()[0]


@pytest.mark.parametrize("group", GROUPS)
def test_new_knows_every_group(group: str, run: Callable[..., int], capsys: pytest.CaptureFixture[str]) -> None:
    assert run("new", group) == 0
    assert f"{group}.yaml" in capsys.readouterr().out


def test_new_refuses_an_unknown_group(run: Callable[..., int]) -> None:
    with pytest.raises(BankError, match="`cooking`: expected one of foundations"):
        run("new", "cooking")


def test_check_as_json_is_one_object_with_the_agreed_fields(
    template: str, run: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("check", "--json") == 1, "166 seed items are not in this bank"
    report = json.loads(capsys.readouterr().out)
    assert set(report) == {"entries", "seed_items_covered", "seed_items_total", "problems"}
    assert (report["entries"], report["seed_items_covered"], report["seed_items_total"]) == (1, 0, 166)
    assert set(report["problems"][0]) == {"file", "line", "entry", "field", "problem", "next_step"}
    assert len(report["problems"]) == 166 + 60


def test_check_for_people_names_file_line_entry_and_next_step(
    template: str, tmp_path: Path, run: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "training.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("level: 1", "level: 7"), encoding="utf-8")
    assert run("check", "--fast") == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("training.yaml:6: entry `example-sampling-temperature`, field level: ")
    assert lines[0].endswith("Correct the value.")
    assert lines[-1] == "0 entries, 0 of 166 seed items covered, 227 problems"


def test_check_says_when_the_embedder_is_not_the_one_it_knows(
    template: str, run: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> None:
    run("check")
    assert (
        "near-duplicate questions not checked: needs multilingual-e5-small, found word-hash" in capsys.readouterr().err
    )
    run("check", "--fast")
    assert capsys.readouterr().err == ""


def test_list_as_json_prints_one_object_per_entry(
    template: str, run: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("list", "--json") == 0
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [set(row) for row in rows] == [{"id", "group", "kind", "level", "seeds", "question"}]
    assert set(rows[0]["question"]) == {"zh", "en"}


def test_show_prints_both_languages(template: str, run: Callable[..., int], capsys: pytest.CaptureFixture[str]) -> None:
    assert run("show", "example-sampling-temperature") == 0
    shown = capsys.readouterr().out
    assert "采样温度" in shown
    assert "sampling temperature" in shown


def test_show_prints_the_placed_numbers_and_where_they_come_from(
    template: str, run: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> None:
    assert "{{calc:top-at-one|1|percent}}%" in template
    assert run("show", "example-sampling-temperature") == 0
    shown = capsys.readouterr().out
    assert "{{" not in shown
    assert "a probability of about 66.5% at $T=1$" in shown
    assert "- top-at-one: 0.6652 share = softmax_probability(scores=2, 1, 0, position=1, temperature=1)" in shown
