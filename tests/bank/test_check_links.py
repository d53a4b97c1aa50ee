"""Links: prerequisites, coverage of items and faults, sources."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.bank.folder import BankFolder
from tutor.bank.check_links import FAULT_ITEMS, SEED_ITEMS, read_ids

Make = Callable[..., dict[str, Any]]


def test_a_dangling_prerequisite_is_reported_at_its_line(bank: BankFolder, entry: Make) -> None:
    bank.write(entry("one", prerequisites=["two", "nowhere"]), entry("two"))
    problem = bank.the_problem()
    assert (problem.field, problem.line) == ("prerequisites.1", bank.line_with("nowhere"))


def test_a_prerequisite_with_a_slip_of_its_own_is_not_dangling(bank: BankFolder, entry: Make) -> None:
    bank.write(entry("one", prerequisites=["two"]), entry("two", level=9))
    assert [problem.field for problem in bank.problems()] == ["level"]


def test_a_circle_of_prerequisites_is_told_once_with_its_members(bank: BankFolder, entry: Make) -> None:
    bank.write(
        entry("zero", prerequisites=["one"]),
        entry("one", prerequisites=["two"]),
        entry("two", prerequisites=["three"]),
        entry("three", prerequisites=["one"]),
    )
    assert "one -> two -> three -> one" in bank.the_problem().problem
    bank.write(entry("own", prerequisites=["own"]))
    assert "own -> own" in bank.the_problem().problem


def test_two_ways_to_the_same_prerequisite_are_no_circle(bank: BankFolder, entry: Make) -> None:
    bank.write(
        entry("top", prerequisites=["left", "right"]),
        entry("left", prerequisites=["base"]),
        entry("right", prerequisites=["base"]),
        entry("base"),
    )
    assert bank.problems() == []


def test_items_and_faults_that_no_entry_covers_are_reported(bank: BankFolder, entry: Make) -> None:
    bank.seed_items, bank.fault_items = ("s1-01", "s1-02", "s1-03"), ("s1-01", "s1-02/new")
    data = entry(seeds=["s1-01", "s1-03"])
    data["misconceptions"][0]["seeds"] = ["s1-01"]
    bank.write(data)
    report = bank.check()
    assert (report.seed_items_covered, report.seed_items_total) == (2, 3)
    assert [(problem.file, problem.line) for problem in report.problems] == [("fault_ids.txt", 2), ("seed_ids.txt", 2)]
    assert "`s1-02/new`" in report.problems[0].problem


def test_ids_that_are_no_item_or_fault_are_reported(bank: BankFolder, entry: Make) -> None:
    bank.seed_items = bank.fault_items = ("s1-01",)
    data = entry(seeds=["s1-01", "s9-99"])
    data["misconceptions"][0]["seeds"] = ["s1-01", "s3-07"]
    bank.write(data)
    assert [problem.field for problem in bank.problems()] == ["seeds.1", "misconceptions.0.seeds.1"]
    assert bank.check().seed_items_covered == 1


def test_the_lists_hold_166_items_and_60_faults() -> None:
    items, faults = read_ids(SEED_ITEMS).lines, read_ids(FAULT_ITEMS).lines
    assert len(items) == 166
    assert len(faults) == 60
    assert not {"s2-15", "s3-07"} & set(faults)
    assert {fault.removesuffix("/new") for fault in faults} <= set(items)


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ({"title": "A book"}, "nothing to look it up by"),
        ({"title": "A paper", "arxiv": "2313.01234"}, "no month 13"),
        ({"title": "A paper", "arxiv": "2305.1234"}, "five digits since 2015"),
        ({"title": "A paper", "arxiv": "2305.12345", "year": 2022}, "is of 2023, the source says 2022"),
        ({"title": "A paper", "arxiv": "arXiv:2305.12345"}, "String should match pattern"),
    ],
)
def test_a_source_that_cannot_be_looked_up_is_reported(
    bank: BankFolder, entry: Make, source: dict[str, Any], told: str
) -> None:
    bank.write(entry(sources=[source]))
    assert told in bank.the_problem().problem


@pytest.mark.parametrize(
    "source",
    [
        {"title": "A book", "authors": "Jurafsky, Martin", "year": 2025},
        {"title": "Documentation", "url": "https://example.org/docs"},
        {"title": "Sent in on 31 December", "arxiv": "2401.00448", "year": 2023},
        {"title": "An old paper", "arxiv": "cmp-lg/9404008"},
        {"title": "A paper", "arxiv": "1412.6980", "year": 2015},
    ],
)
def test_a_source_that_can_be_looked_up_is_fine(bank: BankFolder, entry: Make, source: dict[str, Any]) -> None:
    bank.write(entry(sources=[source]))
    assert bank.problems() == []
