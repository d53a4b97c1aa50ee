"""The Exercises tab without a browser: its handlers, and what they show in both languages."""

from collections.abc import Iterator
from pathlib import Path

import gradio as gr
import pytest

from tutor.assembly import Tutor
from tutor.domain import Bilingual
from tutor.exercises.load import load_exercises
from tutor.exercises.protection import Protection
from tutor.exercises.result import CaseResult, Result
from tutor.settings import load_settings
from tutor.ui.changes import Changes, no_change
from tutor.ui.exercise_view import render_result
from tutor.ui.exercises import ExercisesTab
from tutor.ui.labels import Labels

CORPUS = Path(__file__).resolve().parents[2] / "corpus"
EXERCISE = load_exercises(CORPUS / "exercises").get("token-f1")


def build_tab(tutor: Tutor) -> ExercisesTab:
    with gr.Blocks():
        return ExercisesTab(tutor, Labels(), gr.Radio(["zh", "en"], value="en"))


@pytest.fixture(scope="module")
def tutor(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tutor]:
    tutor = Tutor(load_settings(corpus=CORPUS, home=tmp_path_factory.mktemp("home")))
    yield tutor
    tutor.close()


@pytest.fixture(scope="module")
def tab(tutor: Tutor) -> ExercisesTab:
    return build_tab(tutor)


def last_of(stream: Iterator[Changes]) -> Changes:
    return list(stream)[-1]


def test_the_tab_opens_with_an_exercise(tab: ExercisesTab) -> None:
    shown = load_exercises(CORPUS / "exercises").all[0]
    assert tab.picker.value == shown.id
    assert tab.code.value == shown.starter.strip()
    assert shown.title.en in tab.statement.value


def test_picking_shows_the_statement_and_keeps_the_draft(tab: ExercisesTab) -> None:
    told = tab.pick("token-f1", "rope", "my rope", {}, None, "zh")
    assert (told[tab.code], told[tab.shown]) == (EXERCISE.starter, "token-f1")
    assert EXERCISE.title.zh in told[tab.statement]
    assert "相关题目：" in told[tab.statement]
    assert tab.pick("rope", "token-f1", "my f1", told[tab.drafts], None, "zh")[tab.code] == "my rope"


def test_a_choice_that_is_reported_twice_does_not_mix_up_drafts(tab: ExercisesTab) -> None:
    assert tab.pick("rope", "rope", "code of another exercise", {}, None, "en") == no_change()


def test_a_right_solution_is_told_as_passed(tab: ExercisesTab) -> None:
    steps = list(tab.judge("token-f1", EXERCISE.solution, 0, False, "en"))
    assert "Running in the sandbox" in steps[0][tab.verdict]
    assert steps[-1][tab.result].passed
    assert "✓ All passed (7 of 7)" in steps[-1][tab.verdict]


def test_a_wrong_one_is_told_with_reasons_in_the_learners_language(tab: ExercisesTab) -> None:
    code = "def token_f1(prediction, reference):\n    print('<b>看</b>')\n    return 1.0"
    told = last_of(tab.judge("token-f1", code, 0, False, "zh"))
    result, html = told[tab.result], told[tab.verdict]
    assert not result.passed
    assert "应为 0，得到 1" in html
    assert "&lt;b&gt;看&lt;/b&gt;" in html
    assert "<b>看</b>" not in html
    assert "expected 0, found 1" in tab.translate("token-f1", 0, False, result, "en")[tab.verdict]


def test_an_empty_editor_is_a_verdict_and_no_crash(tab: ExercisesTab) -> None:
    assert "no `token_f1`" in last_of(tab.judge("token-f1", None, 0, False, "en"))[tab.verdict]
    assert list(tab.judge(None, "", 0, False, "en")) == [no_change()]


def test_each_verdict_is_kept_with_the_help_that_came_before_it(tab: ExercisesTab, tutor: Tutor) -> None:
    before = len(tutor.history.outcomes())
    every_hint_and_the_end = len(EXERCISE.hints) + 1
    last_of(tab.judge("token-f1", EXERCISE.starter, every_hint_and_the_end, False, "en"))
    last_of(tab.judge("token-f1", EXERCISE.solution, 0, True, "en"))
    last_of(tab.judge("no-such-exercise", "", 0, False, "en"))
    kept = tutor.history.outcomes()[before:]
    assert [(outcome.item, outcome.share, outcome.hints, outcome.revealed) for outcome in kept] == [
        ("token-f1", kept[0].share, len(EXERCISE.hints), False),
        ("token-f1", 1.0, 0, True),
    ]
    assert kept[0].share < 1


def test_hints_come_one_by_one_and_end(tab: ExercisesTab) -> None:
    told = tab.give_hint("token-f1", 0, "en")
    assert (told[tab.hints], "Hint 1" in told[tab.hint_text], "Hint 2" in told[tab.hint_text]) == (1, True, False)
    told = tab.give_hint("token-f1", 3, "en")
    assert (told[tab.hints], "Hint 3" in told[tab.hint_text], "no more hints" in told[tab.hint_text]) == (4, True, True)
    assert tab.give_hint("token-f1", 4, "en") == told


def test_the_solution_comes_with_complexity_and_slips_and_is_translated(tab: ExercisesTab) -> None:
    told = tab.show_solution("token-f1", "en")
    text = told[tab.solution]
    assert told[tab.solved]
    assert "from collections import Counter" in text
    assert EXERCISE.wrong[0].reason.en in text
    assert EXERCISE.wrong[0].reason.zh in tab.translate("token-f1", 0, True, None, "zh")[tab.solution]
    assert tab.translate("token-f1", 0, False, None, "zh")[tab.solution] == ""


def test_a_draft_in_the_browser_comes_before_all_else(tab: ExercisesTab) -> None:
    assert tab.pick("token-f1", "rope", "my rope", {"token-f1": "older"}, "stored", "en")[tab.code] == "stored"
    assert tab.pick("token-f1", "rope", "my rope", {}, "", "en")[tab.code] == "", "an emptied draft is a draft"


def test_a_reload_brings_back_exercise_draft_and_language(tab: ExercisesTab) -> None:
    told = tab.restore("token-f1", "my f1", "zh")
    assert (told[tab.picker], told[tab.shown], told[tab.code]) == ("token-f1", "token-f1", "my f1")
    assert EXERCISE.title.zh in told[tab.statement]


def test_a_first_visit_or_a_vanished_exercise_opens_the_first_one(tab: ExercisesTab) -> None:
    first = load_exercises(CORPUS / "exercises").all[0]
    for told in (tab.restore(None, None, "en"), tab.restore("no-longer-there", "code of it", "en")):
        assert (told[tab.shown], told[tab.code]) == (first.id, first.starter)


def test_start_over_brings_the_starter_back_and_a_second_click_the_code(tab: ExercisesTab) -> None:
    told = tab.start_over("token-f1", "mine", None, "en")
    dropped = told[tab.dropped]
    assert (told[tab.code], told[tab.reset]) == (EXERCISE.starter, "Bring my code back")
    back = tab.start_over("token-f1", told[tab.code], dropped, "en")
    assert back == {tab.code: "mine", tab.dropped: None, tab.reset: "Reset"}
    starter = tab.start_over("rope", "x", None, "en")[tab.code]
    assert tab.start_over("rope", starter, dropped, "en")[tab.code] != "mine"


def test_a_broken_exercise_file_is_told_and_the_page_still_opens(tmp_path: Path) -> None:
    (tmp_path / "exercises").mkdir()
    (tmp_path / "exercises" / "bad.yaml").write_text("id: bad\n", encoding="utf-8")
    tab = build_tab(Tutor(load_settings(corpus=tmp_path)))
    assert "bad.yaml" in tab.statement.value
    assert tab.give_hint("bad", 0, "en") == no_change()
    assert "bad.yaml" in tab.restore("bad", None, "en")[tab.statement]


def test_what_a_learners_code_raised_is_escaped() -> None:
    case = CaseResult(Bilingual("名称", "name"), Bilingual("<img>", "<img>"), "<script>")
    html = render_result(Result("x", (case,), Bilingual("<i>", "<i>"), "<u>", 0.1, Protection(frozenset())), "en")
    assert not [tag for tag in ("<img>", "<script>", "<i>", "<u>") if tag in html]
    assert "there is no sandbox on this machine" in html
