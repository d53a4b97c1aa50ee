"""The Interview tab without a browser, its results passed through Gradio as at a click."""

import asyncio
import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import gradio as gr
import pytest

from tutor.assembly import Tutor
from tutor.bank.schema import GROUPS
from tutor.domain import Interview
from tutor.errors import ModelError
from tutor.settings import load_settings
from tutor.ui.changes import Changes, no_change
from tutor.ui.interview import InterviewTab
from tutor.ui.labels import Labels
from tutor.ui.markup import inline_html
from tutor.ui.strings import say


@pytest.fixture
def page() -> gr.Blocks:
    return gr.Blocks(analytics_enabled=False)


@pytest.fixture
def tab(page: gr.Blocks, tmp_path: Path) -> Iterator[InterviewTab]:
    tutor = Tutor(load_settings(home=tmp_path, llm="none"))
    with page:
        language = gr.Radio(["zh", "en"], value="en")
        yield InterviewTab(tutor, Labels(), language, gr.BrowserState(None))
    page.close()
    tutor.close()


def stored(tab: InterviewTab, interview_id: str) -> Interview:
    return tab._tutor.history.interview(interview_id)


def sent(page: gr.Blocks, tab: InterviewTab, changes: Changes) -> dict[Any, Any]:
    """What Gradio makes of a handler's result for the browser, by component."""
    handler = next(fn for fn in page.fns.values() if fn.name == "begin")
    return dict(zip(tab.view, asyncio.run(page.postprocess_data(handler, changes, None)), strict=True))


def told_of(shown: dict[Any, Any]) -> set[Any]:
    """The components that are given a value or are hidden or shown; what a State holds stays on the server."""
    kept = {"__type__", "props"}
    return {
        component
        for component, value in shown.items()
        if not component.stateful and not (isinstance(value, dict) and value.keys() <= kept)
    }


def test_a_started_interview_shows_its_first_question_and_hides_the_form(page: gr.Blocks, tab: InterviewTab) -> None:
    told = sent(page, tab, tab.begin([], [1], 2, "en", "en"))
    assert told[tab.question].startswith("#### Question 1 of 2 · ")
    assert "· Basic\n" in told[tab.question]
    assert (told[tab.turn]["visible"], told[tab.setup]["visible"], told[tab.report_box]["visible"]) == (
        True,
        False,
        False,
    )
    assert len(told[tab.earlier]["choices"]) == 1


def answered(tab: InterviewTab, attempt: str) -> tuple[str, Changes]:
    """An interview of two questions whose first one is answered and graded, and what is shown then."""
    interview_id = tab.begin([], [1], 2, "en", "en")[tab.current]
    tab.hand_in(interview_id, 1, attempt, "en")
    return interview_id, tab.go_on(interview_id, 1, "en")


def test_an_interview_ends_at_the_second_click_and_leaves_nothing_of_the_question(
    page: gr.Blocks, tab: InterviewTab
) -> None:
    interview_id = tab.begin([], [1], 1, "en", "en")[tab.current]
    asked = tab.end(interview_id, 1, "half a sen", 0, "en")
    assert asked == {tab.finish: say("finish_confirm", "en"), tab.ending: 1}
    assert stored(tab, interview_id).finished_at is None
    told = sent(page, tab, tab.end(interview_id, 1, "half a sen", 1, "en"))
    assert told[tab.question] == ""
    assert (told[tab.turn]["visible"], told[tab.report_box]["visible"]) == (False, True)
    assert "Mock interview report" in told[tab.report]
    assert "Written but not handed in:\n\n> half a sen" in told[tab.report]
    assert Path(told[tab.markdown]["path"]).suffix == ".md"
    told = sent(page, tab, tab.reset("en"))
    assert (told[tab.report], told[tab.markdown], told[tab.report_box]["visible"]) == ("", None, False)
    assert told[tab.setup]["visible"]


def test_an_empty_attempt_and_a_step_that_fails_change_nothing(page: gr.Blocks, tab: InterviewTab) -> None:
    interview_id = tab.begin([], [1], 1, "en", "en")[tab.current]
    assert tab.hand_in(interview_id, 1, "  ", "en") == no_change()
    assert tab.go_on(interview_id, 1, "en") == no_change()
    with pytest.warns(UserWarning, match="expected question 7 to wait"):
        assert tab.pass_over(interview_id, 7, "en") == no_change()
    with pytest.warns(UserWarning, match="that fit"):
        assert tab.begin([], [1], 10_000, "en", "en") == no_change()
    assert told_of(sent(page, tab, no_change())) == set()


def test_an_attempt_is_stored_and_in_sight_before_it_is_graded(page: gr.Blocks, tab: InterviewTab) -> None:
    interview_id = tab.begin([], [1], 1, "en", "en")[tab.current]
    told = sent(page, tab, tab.hand_in(interview_id, 1, "something", "en"))
    assert stored(tab, interview_id).turns[0].attempt == "something"
    assert (told[tab.attempt]["value"], told[tab.attempt]["interactive"]) == ("something", False)
    assert say("grading", "en") in told[tab.grade]
    assert not told[tab.submit]["interactive"]


def test_a_reload_brings_back_the_draft_or_the_attempt_that_waits(page: gr.Blocks, tab: InterviewTab) -> None:
    interview_id = tab.begin([], [1], 1, "en", "en")[tab.current]
    tab.keep_draft(interview_id, 1, "half a sen")
    told = sent(page, tab, tab.restore(interview_id, "en"))
    assert (told[tab.attempt]["value"], told[tab.attempt]["interactive"]) == ("half a sen", True)
    tab.hand_in(interview_id, 1, "half a sentence", "en")
    told = sent(page, tab, tab.restore(interview_id, "en"))
    assert (told[tab.attempt]["value"], told[tab.attempt]["interactive"]) == ("half a sentence", False)
    tab.go_on(interview_id, 1, "en")
    assert stored(tab, interview_id).turns[0].grade is not None


def test_an_attempt_that_cannot_be_graded_is_in_sight_and_can_be_handed_in_again(
    page: gr.Blocks, tab: InterviewTab, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise ModelError("models.none_set")

    interview_id = tab.begin([], [1], 1, "en", "en")[tab.current]
    tab.hand_in(interview_id, 1, "something", "en")
    with monkeypatch.context() as broken:
        broken.setattr(tab._tutor.interviewer, "_grade", fail)
        with pytest.warns(UserWarning, match="Your answer is saved"):
            shown = tab.go_on(interview_id, 1, "en")
    told = sent(page, tab, shown)
    assert (told[tab.attempt]["value"], told[tab.submit]["interactive"]) == ("something", True)
    assert say("ungraded", "en") in told[tab.grade]
    tab.hand_in(interview_id, 1, "something", "en")
    tab.go_on(interview_id, 1, "en")
    assert stored(tab, interview_id).turns[0].grade is not None


def test_a_grade_stands_beside_its_own_question_and_answer(page: gr.Blocks, tab: InterviewTab) -> None:
    interview_id, shown = answered(tab, "I am <b>not</b> sure")
    grade = sent(page, tab, shown)[tab.grade]
    asked = tab._tutor.bank.get(stored(tab, interview_id).turns[0].entry_id).question.en
    assert inline_html(asked) in grade
    assert "I am &lt;b&gt;not&lt;/b&gt; sure" in grade
    assert grade.index("sure") < grade.index("/ 10")


def test_the_reference_is_not_there_while_a_follow_up_waits(page: gr.Blocks, tab: InterviewTab) -> None:
    interview_id, shown = answered(tab, "I am not sure")
    assert stored(tab, interview_id).turns[-1].follow_up_to == 1
    told = sent(page, tab, shown)
    assert (told[tab.reference], told[tab.reference_box]["visible"]) == ("", False)
    number = shown[tab.number]
    told = sent(page, tab, tab.pass_over(interview_id, number, "en"))
    assert stored(tab, interview_id).turns[-1].follow_up_to is None
    assert told[tab.reference] != ""
    assert told[tab.reference_box]["visible"]


@pytest.mark.usefixtures("in_shanghai")
def test_an_earlier_interview_is_named_by_local_time_topics_and_score(page: gr.Blocks, tab: InterviewTab) -> None:
    interview_id = tab.begin(["inference"], [1], 1, "zh", "zh")[tab.current]
    began = stored(tab, interview_id).started_at
    ((name, _),) = tab._earlier_choices("zh")
    local = datetime.fromisoformat(began) + timedelta(hours=8)
    assert name == f"{local:%Y-%m-%d %H:%M} · {GROUPS['inference'].zh} · 1 题 · 进行中"
    tab.hand_in(interview_id, 1, "不太清楚", "zh")
    tab.go_on(interview_id, 1, "zh")
    tab.end(interview_id, 2, "", 2, "zh")
    ((name, _),) = tab._earlier_choices("zh")
    assert re.search(r" · 1 题 · \d\.\d 分$", name)
