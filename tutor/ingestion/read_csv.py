"""Tables as text (.csv, .tsv), in the encodings and with the separators that Excel, WPS and Google write."""

import csv
import io
import re
from collections import Counter
from pathlib import PurePath

from tutor.errors import DocumentError
from tutor.ingestion.loaded import Loaded, file_text
from tutor.ingestion.sheets import Sheet, load_sheets

_SEPARATORS = ",;\t|"
_SAMPLE_ROWS = 50
_SAMPLE = 60_000  # characters
_NAMED = re.compile(r"\s*sep=(.)\r?\n", re.I)  # a first line that only Excel reads
_LONGEST_CELL = 131_072  # characters; of the csv module


def read_csv(data: bytes, name: str) -> Loaded:
    """The table of a file. Raises DocumentError where a quote that is never closed swallows the rest."""
    text = file_text(data, name)
    named = _NAMED.match(text)
    separator = named[1] if named else "\t" if PurePath(name).suffix.lower() == ".tsv" else _separator(text)
    try:
        rows = list(csv.reader(io.StringIO(text[named.end() :] if named else text, newline=""), delimiter=separator))
    except csv.Error as error:
        raise DocumentError("ingestion.damaged_csv", file=name, reason=error, most=_LONGEST_CELL) from error
    return load_sheets([Sheet("", rows)])


def _separator(text: str) -> str:
    """The one that cuts most of the first rows into the same number of cells."""
    return max(_SEPARATORS, key=lambda separator: _evenness(text[:_SAMPLE], separator))


def _evenness(text: str, separator: str) -> float:
    try:
        rows = [
            row
            for row, _ in zip(
                csv.reader(io.StringIO(text, newline=""), delimiter=separator), range(_SAMPLE_ROWS), strict=False
            )
        ]
    except csv.Error:
        return 0.0
    widths = Counter(len(row) for row in rows if row)
    width, count = widths.most_common(1)[0] if widths else (1, 0)
    return count / len(rows) if width > 1 else 0.0
