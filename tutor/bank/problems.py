"""What `check` reports: one slip of the bank with its place and the next step."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Problem:
    """One slip. `entry` and `field` are None where the slip belongs to the whole file or bank."""

    file: str
    line: int  # from 1; of the field where it is written, else of the entry
    entry: str | None
    field: str | None  # "answer.zh", "key_points.2.en"
    problem: str
    next_step: str
