"""Rows of a JSON-lines file; knows nothing of what they mean."""

import json
from collections.abc import Iterator
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any


def wing_data(wing: str, name: str) -> Traversable:
    """A file that ships beside the measurements of a wing ("retrieval", "entailment", "grading")."""
    return files(f"tutor.evaluation.{wing}").joinpath("data", name)


def read_rows(place: Traversable | Path) -> Iterator[dict[str, Any]]:
    """The object of each line that is not blank, in order; raises json.JSONDecodeError on a line that is none."""
    for line in place.read_text(encoding="utf-8").splitlines():
        if line.strip():
            yield json.loads(line)
