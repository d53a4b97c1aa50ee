"""The questions retrieval is measured with: they cover the bank, and none was copied from it."""

import json
import re
import unicodedata
from collections import Counter
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from tutor.bank.load import Bank, load_bank
from tutor.drills.formulas import compute
from tutor.text.language import detect_language

BANK = Path(__file__).resolve().parents[3] / "corpus" / "bank"
DATA = files("tutor.evaluation.retrieval").joinpath("data")
LANGUAGES = ("zh", "en")
KINDS = {"plain", "colloquial", "scenario", "abbreviated", "code-switched", "typo", "comparison", "keyword"}
OUTSIDE = {"everyday", "near-domain", "hr", "coding-chore", "lookalike"}
FIELDS = ["id", "language", "kind", "query", "entries", "scope"]

Row = dict[str, Any]


def read(name: str) -> list[Row]:
    return [json.loads(line) for line in DATA.joinpath(name).read_text(encoding="utf-8").splitlines()]


def normalised(text: str) -> str:
    """Letters and digits only, so that neither case nor width nor punctuation makes two texts differ."""
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", text).casefold())


@pytest.fixture(scope="module")
def rows() -> list[Row]:
    return read("questions.jsonl")


@pytest.fixture(scope="module")
def bank() -> Bank:
    return load_bank(BANK, compute)


def test_every_line_has_the_same_fields_with_known_values(rows: list[Row]) -> None:
    for row in rows:
        assert list(row) == FIELDS, row
        assert row["kind"] in KINDS, row
        assert row["scope"] in OUTSIDE | {"in"}, row
        assert row["query"] == row["query"].strip() != "", row


def test_no_id_and_no_query_occurs_twice(rows: list[Row]) -> None:
    for values in ([row["id"] for row in rows], [normalised(row["query"]) for row in rows]):
        assert [value for value, count in Counter(values).items() if count > 1] == []


def test_a_query_is_in_the_language_it_says(rows: list[Row]) -> None:
    assert [row["query"] for row in rows if detect_language(row["query"]) != row["language"]] == []


def test_a_query_has_entries_exactly_when_it_is_in_scope_and_the_bank_knows_them(rows: list[Row], bank: Bank) -> None:
    for row in rows:
        assert (row["scope"] == "in") == bool(row["entries"]), row
        assert len(set(row["entries"])) == len(row["entries"]), row
        assert [entry_id for entry_id in row["entries"] if entry_id not in bank] == [], row


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_entry_is_the_best_answer_to_a_query(rows: list[Row], bank: Bank, language: str) -> None:
    best = {row["entries"][0] for row in rows if row["entries"] and row["language"] == language}
    assert {entry.id for entry in bank.entries} - best == set()


def test_an_entry_is_asked_for_in_more_than_one_way(rows: list[Row], bank: Bank) -> None:
    ways = {(row["entries"][0], row["kind"]) for row in rows if row["entries"]}
    count = Counter(entry_id for entry_id, _ in ways)
    assert [entry.id for entry in bank.entries if count[entry.id] < 2] == []


def test_both_languages_ask_in_every_way_and_miss_in_every_way(rows: list[Row]) -> None:
    for language in LANGUAGES:
        own = [row for row in rows if row["language"] == language]
        assert {row["kind"] for row in own if row["scope"] == "in"} == KINDS
        assert {row["scope"] for row in own} == OUTSIDE | {"in"}
        assert sum(row["scope"] != "in" for row in own) >= 38


def test_no_query_is_a_question_or_an_alias_of_the_bank(rows: list[Row], bank: Bank) -> None:
    bank_texts = {
        normalised(text)
        for entry in bank.entries
        for text in (
            entry.question.zh,
            entry.question.en,
            *(alias for each in entry.aliases.values() for alias in each),
        )
    }
    assert [row["query"] for row in rows if normalised(row["query"]) in bank_texts] == []


def test_no_query_was_used_to_set_the_scope_threshold(rows: list[Row]) -> None:
    seen = {normalised(row["query"]) for row in read("scope_queries.jsonl")}
    assert [row["query"] for row in rows if normalised(row["query"]) in seen] == []
