"""The bank that ships: its numbers come from code, and its texts are those whose vectors ship."""

import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

from tests.fakes import WordHashEmbeddings
from tutor.bank.bank_file import PlacedEntry, read_bank_file
from tutor.bank.check_content import texts_of
from tutor.bank.check_form import check_file
from tutor.bank.load import build_entry, load_bank
from tutor.bank.schema import EntryForm
from tutor.bank.worksheet import Worksheet
from tutor.domain import Entry
from tutor.drills.formulas import compute
from tutor.ingestion.bank import entry_passages
from tutor.models.vector_cache import CachedEmbeddings
from tutor.retrieval.store import searchable_text

CORPUS = Path(__file__).parents[2] / "corpus"
LOAD_IT = """
import sys
from pathlib import Path
from tutor.bank.load import load_bank
from tutor.drills.formulas import compute
load_bank(Path('corpus/bank'), compute)
sys.exit('pint' in sys.modules)
"""


@cache
def computing_entries() -> list[PlacedEntry]:
    """The entries of kind `calculation`, as written."""
    files = [read_bank_file(path)[0] for path in sorted((CORPUS / "bank").glob("*.yaml"))]
    entries = [placed for file in files if file for placed in check_file(file, compute)[0]]
    return [placed for placed in entries if placed.entry.kind == "calculation"]


@pytest.mark.parametrize("placed", computing_entries(), ids=lambda placed: placed.entry.id)
def test_a_calculation_entry_places_its_numbers_and_they_follow_their_inputs(placed: PlacedEntry) -> None:
    assert len(placed.sheet.used) >= 1
    form = EntryForm.model_validate(placed.file.data["entries"][placed.number])
    for number, calculation in enumerate(form.calculations):
        name = next(name for name, value in calculation.values.items() if not str(value).startswith("calc:"))
        doubled = calculation.model_copy(
            update={"values": {**calculation.values, name: 2 * float(calculation.values[name])}}
        )
        calculations = [*form.calculations]
        calculations[number] = doubled
        sheet = Worksheet(calculations, compute)
        changed = build_entry(placed.entry.group, form, sheet)
        assert sheet.slips == []
        assert texts(changed) != texts(placed.entry), f"nothing says what {calculation.id} gives"


def texts(entry: Entry) -> list[object]:
    return [text for _, text in texts_of(entry)]


def test_every_passage_of_the_bank_has_a_vector_that_ships() -> None:
    (shipped,) = (CORPUS / "vectors").glob("*.npz")
    bank = load_bank(CORPUS / "bank", compute)
    passages = [passage for entry in bank.entries for passage in entry_passages(entry)[1]]
    vectors = CachedEmbeddings(WordHashEmbeddings(), "shipped", shipped)
    assert vectors.missing([searchable_text(passage) for passage in passages]) == [], "run `python -m tutor vectors`"


def test_loading_the_bank_does_not_wait_for_pint() -> None:
    done = subprocess.run([sys.executable, "-c", LOAD_IT], cwd=CORPUS.parent, check=False)
    assert done.returncode == 0, "give the unit that a text uses to `EVERYDAY` in tutor/drills/units.py"
