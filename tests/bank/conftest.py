"""Real bank files in a temporary folder: whole entries that pass every check, to be spoilt one field at a time."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.bank.folder import BankFolder
from tutor.bank.new_entry import new_entry


@pytest.fixture
def bank(tmp_path: Path) -> BankFolder:
    return BankFolder(tmp_path)


@pytest.fixture
def entry() -> Callable[..., dict[str, Any]]:
    """Makes the data of an entry that passes every check; keyword arguments replace whole fields, or add calculations."""

    def make(name: str = "one", **fields: Any) -> dict[str, Any]:
        data: dict[str, Any] = yaml.safe_load(new_entry("training"))[0]
        data["id"] = name
        data["question"] = {language: f"{text} ({name})" for language, text in data["question"].items()}
        data["aliases"] = {
            language: [f"{alias} ({name})" for alias in aliases] for language, aliases in data["aliases"].items()
        }
        calculations = [*data["calculations"], *fields.pop("calculations", [])]
        return {**data, "calculations": calculations, **fields}

    return make
