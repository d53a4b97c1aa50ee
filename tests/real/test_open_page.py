"""An open page while `python ingest.py` runs in a terminal: the real embedder, the real Chroma, the real commands."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tutor.assembly import NO_MODEL, Tutor
from tutor.domain import Answer
from tutor.settings import load_settings
from tutor.ui.page import build_page

pytestmark = pytest.mark.weights
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def open_tutor(home: Path) -> Iterator[Tutor]:
    """The tutor behind a page, without a language model."""
    tutor = Tutor(load_settings(home=home, llm=NO_MODEL))
    build_page(tutor)
    yield tutor
    tutor.close()


def ingest(home: Path, *arguments: str) -> dict[str, int]:
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "ingest.py", "--json", *arguments],
        cwd=ROOT, env={**os.environ, "TUTOR_HOME": str(home)}, capture_output=True, text=True, check=True, timeout=300,
    )  # fmt: skip
    return dict(json.loads(done.stdout)["documents"])


def answer(tutor: Tutor, question: str) -> Answer:
    final = list(tutor.chat.ask(question, None))[-1]
    assert isinstance(final, Answer)
    return final


def test_a_question_is_answered_at_each_moment_of_an_ingestion_elsewhere(
    tmp_path: Path, home: Path, open_tutor: Tutor
) -> None:
    note = tmp_path / "note.md"
    note.write_text("# Zebra cache\n\nThe zebra cache drops every second head of the attention.\n", encoding="utf-8")
    bank = str(ROOT / "corpus" / "bank" / "inference.yaml")
    assert ingest(home, bank)["added"] > 10
    assert answer(open_tutor, open_tutor.bank.get("kv-cache").question.en).entry_id == "kv-cache"

    question = "What does the zebra cache drop?"
    assert "zebra" not in open_tutor.retriever.search(question).hits[0].passage.text
    assert ingest(home, str(note))["added"] == 1
    assert "every second head" in open_tutor.retriever.search(question).hits[0].passage.text
    assert answer(open_tutor, open_tutor.bank.get("kv-cache").question.en).entry_id == "kv-cache"

    note.write_text("# Zebra cache\n\nThe zebra cache keeps all heads of the attention.\n", encoding="utf-8")
    assert ingest(home, str(note))["updated"] == 1
    hits = open_tutor.retriever.search(question).hits
    assert "keeps all heads" in hits[0].passage.text
    assert not any("every second head" in hit.passage.text for hit in hits)

    note.unlink()
    assert ingest(home, str(note))["removed"] == 1
    assert not any("zebra" in hit.passage.text for hit in open_tutor.retriever.search(question, 50).hits)
    assert ingest(home, "--rebuild", bank)["added"] > 10
    assert answer(open_tutor, open_tutor.bank.get("kv-cache").question.en).entry_id == "kv-cache"
