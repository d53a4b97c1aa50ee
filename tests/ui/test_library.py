"""The Library tab without a browser: what its handlers tell and change, in both languages."""

from collections.abc import Iterator
from pathlib import Path

import gradio as gr
import pytest

from tests.fakes import WordHashTutor
from tutor.domain import LANGUAGES, Language
from tutor.settings import load_settings
from tutor.ui.changes import no_change
from tutor.ui.labels import Labels
from tutor.ui.library import LibraryTab
from tutor.ui.strings import say


@pytest.fixture
def tutor(tmp_path: Path) -> Iterator[WordHashTutor]:
    tutor = WordHashTutor(load_settings(home=tmp_path / "home", llm="none"))
    yield tutor
    tutor.close()


@pytest.fixture
def tab(tutor: WordHashTutor) -> LibraryTab:
    with gr.Blocks(analytics_enabled=False):
        return LibraryTab(tutor, Labels(), gr.Radio(["zh", "en"], value="en"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_upload_is_reported_listed_opened_and_removed(
    tab: LibraryTab, tutor: WordHashTutor, tmp_path: Path, language: Language
) -> None:
    (tmp_path / "notes.md").write_text("# Zebra stripes\n\nThe zebra notation marks layers.\n", encoding="utf-8")
    (tmp_path / "song.mp3").write_bytes(b"ID3")
    told = tab.add([str(tmp_path / "notes.md"), str(tmp_path / "song.mp3")], language)
    assert ("失败 1" if language == "zh" else "1 failed") in told[tab.report]
    assert "song.mp3" in told[tab.report]
    assert all(line.endswith("  ") for line in told[tab.report].split("\n")[:-1]), "Markdown joins lines otherwise"
    assert told[tab.summary] == say("library_summary", language, 1, 1)
    ((title, document_id),) = told[tab.documents]["choices"]
    assert title == "Zebra stripes"
    assert "zebra notation" in tab.show(document_id, language)
    told = tab.take_out(document_id, language)
    assert told[tab.report] == say("removed", language, "Zebra stripes")
    assert told[tab.documents]["choices"] == []


def test_what_lives_elsewhere_is_not_removed_and_without_a_choice_nothing_happens(
    tab: LibraryTab, tutor: WordHashTutor, tmp_path: Path
) -> None:
    (tmp_path / "notes.md").write_text("# Zebra stripes\n\nThe zebra notation marks layers.\n", encoding="utf-8")
    tutor.ingest([tmp_path / "notes.md"])
    assert tab.take_out(None, "en") == no_change()
    document = tutor.library.find("notes.md")
    assert tab.take_out(document.id, "zh") == {tab.report: say("remove_refused", "zh")}
    assert tutor.library.find("notes.md") == document


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_title_with_a_formula_is_listed_as_a_line_of_text(
    tab: LibraryTab, tutor: WordHashTutor, tmp_path: Path, language: Language
) -> None:
    (tmp_path / "scale.md").write_text(
        "# Why $\\sqrt{d_k}$ and **not** `d_k`\n\nIt keeps the variance.\n", encoding="utf-8"
    )
    told = tab.add([str(tmp_path / "scale.md")], language)
    assert [title for title, _ in told[tab.documents]["choices"]] == ["Why √(d_k) and not d_k"]
