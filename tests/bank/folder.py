"""A bank in a temporary folder, checked as the command line does it, over short lists of items to cover."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from langchain_core.embeddings import Embeddings

from tutor.bank.check import BankReport, check_bank
from tutor.bank.problems import Problem
from tutor.drills.formulas import compute


@dataclass
class BankFolder:
    """Writes entries as YAML and runs the check."""

    folder: Path
    seed_items: tuple[str, ...] = ()
    fault_items: tuple[str, ...] = ()

    def write(self, *entries: dict[str, Any], group: str = "training") -> None:
        data = {"group": group, "entries": list(entries)}
        text = yaml.safe_dump(data, allow_unicode=True, sort_keys=False, width=10_000)
        self.write_text(text, group)

    def write_text(self, text: str, stem: str = "training") -> None:
        (self.folder / f"{stem}.yaml").write_text(text, encoding="utf-8")

    def check(self, embeddings: Embeddings | None = None) -> BankReport:
        lists = []
        for name, items in (("seed_ids.txt", self.seed_items), ("fault_ids.txt", self.fault_items)):
            path = self.folder / name
            path.write_text("".join(f"{item}\n" for item in items), encoding="utf-8")
            lists.append(path)
        return check_bank(self.folder, compute, embeddings, seed_items=lists[0], fault_items=lists[1])

    def problems(self) -> list[Problem]:
        return list(self.check().problems)

    def the_problem(self) -> Problem:
        """The only problem there is."""
        problems = self.problems()
        assert len(problems) == 1, problems
        return problems[0]

    def line_with(self, text: str, stem: str = "training") -> int:
        """The line on which `text` is written first."""
        lines = (self.folder / f"{stem}.yaml").read_text(encoding="utf-8").splitlines()
        return next(number for number, line in enumerate(lines, start=1) if text in line)
