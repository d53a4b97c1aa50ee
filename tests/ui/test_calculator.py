"""The Calculations tab: drills are asked and judged, the calculator computes what its boxes say, in both languages."""

from collections.abc import Iterator
from pathlib import Path

import gradio as gr
import pytest

from tutor.assembly import Tutor
from tutor.domain import LANGUAGES, Language
from tutor.drills.explanations import load_explanations
from tutor.drills.formulas import FORMULAS, compute
from tutor.drills.generate import generate_drill
from tutor.settings import load_settings
from tutor.ui.calculator import POOL, CalculatorTab
from tutor.ui.changes import no_change
from tutor.ui.labels import Labels
from tutor.ui.reckoning import input_text
from tutor.ui.strings import say


@pytest.fixture(scope="module")
def labels() -> Labels:
    return Labels()


@pytest.fixture(scope="module")
def tutor(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tutor]:
    tutor = Tutor(load_settings(home=tmp_path_factory.mktemp("home")))
    yield tutor
    tutor.close()


@pytest.fixture(scope="module")
def tab(tutor: Tutor, labels: Labels) -> CalculatorTab:
    with gr.Blocks(analytics_enabled=False):
        language = gr.Radio(["zh", "en"], value="en")
        return CalculatorTab(tutor, labels, language)


def boxes_of(name: str, **changed: str) -> list[str]:
    """What the boxes hold for a formula's example."""
    values = {**load_explanations()[name].example, **changed}
    texts = [input_text(values[key]) if key in values else "" for key in FORMULAS[name].parameters]
    return texts + [""] * (POOL - len(texts))


@pytest.mark.parametrize("language", LANGUAGES)
def test_labels_follow_the_language(tab: CalculatorTab, labels: Labels, language: Language) -> None:
    shown = str(labels.updates(language))
    assert say("calc_run", language) in shown
    assert ("权重显存" in shown) == (language == "zh")
    assert tab.formula in labels.components


def test_a_drill_is_asked_judged_and_solved(tab: CalculatorTab) -> None:
    told = tab.ask("kv_cache", 0, "en")
    asked = told[tab.asked]
    drill = generate_drill(asked[1], kind="kv_cache")
    assert drill.question.en in told[tab.question]
    assert (told[tab.answer], told[tab.verdict], told[tab.solution]) == ("", "", "")
    told = tab.judge(asked, f"{drill.answer.value / 2} GB", False, "zh")
    assert "漏乘 2" in told[tab.verdict]
    assert told[tab.solution] == ""
    told = tab.judge(asked, f"{drill.answer.value} GB", False, "en")
    assert "✓ Right." in told[tab.verdict]
    assert "Source:" in told[tab.solution]
    told = tab.show_solution(asked, "zh")
    assert told[tab.solution].startswith("1. ")
    assert told[tab.solved]


def test_each_try_is_kept_and_whether_the_solution_was_seen(tab: CalculatorTab, tutor: Tutor) -> None:
    asked = ("kv_cache", 7)  # of a drawn one the right digits may happen to be "1", which is worth a half
    right = f"{generate_drill(asked[1], kind='kv_cache').answer.value} GB"
    assert tab.solved not in tab.judge(asked, "3.3 B", False, "en")
    assert tab.judge(asked, right, False, "en")[tab.solved], "with a right answer comes the solution"
    tab.judge(asked, right, True, "en")
    kept = [outcome for outcome in tutor.history.outcomes() if outcome.detail == str(asked[1])]
    assert [(outcome.item, outcome.share, outcome.revealed) for outcome in kept] == [
        ("kv_cache", 0.0, False),
        ("kv_cache", 1.0, False),
        ("kv_cache", 1.0, True),
    ]
    assert not tab.ask("kv_cache", 0, "en")[tab.solved]


def test_a_history_that_cannot_be_written_is_told_in_place_of_the_verdict(tmp_path: Path) -> None:
    (tmp_path / "history.db").write_text("shopping list")
    broken = Tutor(load_settings(home=tmp_path))
    with gr.Blocks(analytics_enabled=False):
        tab = CalculatorTab(broken, Labels(), gr.Radio(["zh", "en"], value="en"))
    told = tab.judge(("kv_cache", 1), "4 GB", False, "en")
    assert "history.db" in told[tab.verdict]
    assert tab.solution not in told


def test_an_unreadable_answer_is_told_and_nothing_from_outside_becomes_markup(tab: CalculatorTab) -> None:
    asked = tab.ask("kv_cache", 0, "en")[tab.asked]
    told = tab.judge(asked, "<script>alert(1)</script>", False, "en")[tab.verdict]
    assert "Cannot read" in told
    assert "<script" not in told


def test_without_a_drill_the_buttons_say_what_to_do(tab: CalculatorTab) -> None:
    assert tab.judge(None, "4 GB", False, "en") == {tab.verdict: say("drill_none", "en")}
    assert tab.show_solution(None, "zh") == {tab.solution: say("drill_none", "zh")}
    assert tab.question not in tab.show_question(None, "zh")


def test_a_basic_drill_is_there_at_once_and_stays_the_same(tab: CalculatorTab) -> None:
    told = tab.first(None, "zh")
    kind, seed = told[tab.asked]
    drill = generate_drill(seed, kind=kind)
    assert drill.level == 1
    assert drill.question.zh in told[tab.question]
    assert tab.first((kind, seed), "en") == no_change()


def test_a_level_is_kept_and_any_kind_is_asked(tab: CalculatorTab) -> None:
    asked = [tab.ask("", 3, "en")[tab.asked] for _ in range(5)]
    assert {generate_drill(seed, kind=kind).level for kind, seed in asked} == {3}


@pytest.mark.parametrize("name", FORMULAS)
def test_every_formula_can_be_chosen_and_shows_its_example(tab: CalculatorTab, name: str) -> None:
    told = tab.choose(name, "zh")
    assert [told[box]["visible"] for box in tab.boxes] == [True] * len(FORMULAS[name].parameters) + [False] * (
        POOL - len(FORMULAS[name].parameters)
    )
    assert load_explanations()[name].title.zh in told[tab.explanation]
    assert told[tab.result].startswith("### ")
    assert told[tab.plot]["visible"] == bool(load_explanations()[name].plot)


@pytest.mark.parametrize("name", FORMULAS)
def test_what_a_box_shows_is_read_as_the_same_number(name: str) -> None:
    said = load_explanations()[name].example
    shown = {key: input_text(value) for key, value in said.items()}
    assert compute(name, shown).value == pytest.approx(compute(name, said).value)


def test_computing_gives_number_table_plot_and_slider(tab: CalculatorTab) -> None:
    told = tab.compute("kv_cache", "context_tokens", "en", *boxes_of("kv_cache"))
    assert told[tab.result].startswith("### 4.295 GB = 4 GiB")
    assert "| 4,096 | 8.59 |" in told[tab.points]
    plot, slider = told[tab.plot], told[tab.slider]
    assert plot["x_title"] == "tokens per sequence"
    assert plot["y_title"] == "GB"
    assert len(plot["value"]["data"]) > 20
    assert (slider["minimum"], slider["maximum"], slider["value"]) == (256, 16384, 2048)


def test_time_falls_with_more_gpus(tab: CalculatorTab) -> None:
    plot = tab.compute("training_days", "gpus", "en", *boxes_of("training_days"))[tab.plot]
    days = [days for _, days in plot["value"]["data"]]
    assert days == sorted(days, reverse=True)


def test_a_wrong_box_is_told_and_the_plot_is_taken_away(tab: CalculatorTab) -> None:
    told = tab.compute("kv_cache", "context_tokens", "zh", *boxes_of("kv_cache", batch="<b>x"))
    assert told[tab.result].startswith("算不了")
    assert "<b>" not in told[tab.result]
    assert told[tab.points] == ""
    assert told[tab.plot]["visible"] is False


def test_an_empty_box_of_an_optional_parameter_is_its_default(tab: CalculatorTab) -> None:
    result = tab.compute("pipeline_bubble", None, "en", *boxes_of("pipeline_bubble", interleaved_chunks=""))[tab.result]
    assert result.startswith("### 0.1795")


def test_cards_fill_the_boxes_they_know(tab: CalculatorTab) -> None:
    told = tab.fill("Llama 3 8B", "H100 SXM 80GB", "kv_cache", "context_tokens", "en", *boxes_of("kv_cache"))
    assert [told[box]["value"] for box in tab.boxes[:6]] == ["32", "8", "128", "8192", "4", "2"]
    told = tab.fill(None, "H100 SXM 80GB", "training_days", "gpus", "en", *boxes_of("training_days"))
    assert told[tab.boxes[3]]["value"] == "989T"


def test_the_slider_sets_its_parameter(tab: CalculatorTab) -> None:
    told = tab.slide(4096, "kv_cache", "context_tokens", "en", *boxes_of("kv_cache"))
    assert told[tab.boxes[3]]["value"] == "4096"
    assert told[tab.result].startswith("### 8.59 GB")
    assert tab.slider not in told


def test_a_switch_of_language_keeps_what_was_typed(tab: CalculatorTab) -> None:
    told = tab.translate("kv_cache", "batch", "zh", *boxes_of("kv_cache", batch="7"))
    box = told[tab.boxes[4]]
    assert box == {**box, "value": "7", "label": "批大小（序列数）"}
    assert told[tab.swept]["value"] == "batch"
    asked = tab.ask("kv_cache", 0, "en")[tab.asked]
    told = tab.show_question(asked, "zh")
    assert generate_drill(asked[1], kind="kv_cache").question.zh in told[tab.question]
    assert tab.answer not in told, "an answer that was begun stays"
