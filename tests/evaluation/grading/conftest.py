"""The bank that the committed attempts are at, loaded once."""

from pathlib import Path

import pytest

from tutor.bank.load import load_bank
from tutor.domain import Entry
from tutor.drills.formulas import compute

BANK = Path(__file__).resolve().parents[3] / "corpus" / "bank"


@pytest.fixture(scope="session")
def entries() -> dict[str, Entry]:
    return {entry.id: entry for entry in load_bank(BANK, compute).entries}
