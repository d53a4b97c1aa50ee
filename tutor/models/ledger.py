"""The record of every weights file used so far: its SHA-256, and the size and time by which a change is noticed.

One small JSON file beside the weights. It spares hashing a gigabyte at every start, and it is what a file without a
catalogue entry is held against later.
"""

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True)
class Record:
    """What was found when the file was last hashed."""

    sha256: str
    size_bytes: int
    modified_ns: int
    recorded_at: str  # UTC, ISO 8601


class Ledger:
    """Reads and writes the record; every write is atomic."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def get(self, key: str) -> Record | None:
        return self._read().get(key)

    def names(self) -> list[str]:
        return list(self._read())

    def put(self, key: str, record: Record) -> None:
        self._write({**self._read(), key: record})

    def forget(self, key: str) -> None:
        self._write({other: record for other, record in self._read().items() if other != key})

    def _read(self) -> dict[str, Record]:
        try:
            rows = json.loads(self._path.read_text("utf-8"))
            return {key: Record(**row) for key, row in rows.items()}
        except FileNotFoundError:
            return {}
        except (ValueError, TypeError, AttributeError):
            return {}  # damaged by hand: what it spared is done again

    def _write(self, records: dict[str, Record]) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        text = json.dumps({key: asdict(record) for key, record in sorted(records.items())}, indent=1)
        draft = self._path.with_name(f"{self._path.name}.{os.getpid()}.part")
        draft.write_text(text + "\n", "utf-8")
        draft.replace(self._path)
