"""Writes the English words of the question bank to tutor/ingestion/pdf/words.txt: `python -m tests.ingestion.pdf.words`."""

import re
from pathlib import Path

_ROOT = Path(__file__).parents[3]
# Not glued to digits, formulas or other words.
_WORD = re.compile(r"(?<![\w$\\{_^-])[a-z]{3,}(?![\w-])")


def bank_words(folder: Path = _ROOT / "corpus" / "bank") -> list[str]:
    return sorted({word for file in folder.glob("*.yaml") for word in _WORD.findall(file.read_text(encoding="utf-8"))})


if __name__ == "__main__":
    lines = "\n".join(bank_words()) + "\n"
    (_ROOT / "tutor" / "ingestion" / "pdf" / "words.txt").write_text(lines, encoding="utf-8")
