"""The Interview tab without a browser, its results passed through Gradio as at a click."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import gradio as gr
import pytest

from tutor.assembly import Tutor
from tutor.settings import load_settings
from tutor.ui.changes import Changes, no_change
from tutor.ui.interview import InterviewTab
from tutor.ui.labels import Labels


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
    assert told[tab.question].startswith("#### Question 1 of 2")
    assert (told[tab.turn]["visible"], told[tab.setup]["visible"], told[tab.report_box]["visible"]) == (
        True,
        False,
        False,
    )
    assert len(told[tab.earlier]["choices"]) == 1


def test_the_end_leaves_nothing_of_the_question_and_a_new_interview_nothing_of_the_report(
    page: gr.Blocks, tab: InterviewTab
) -> None:
    interview_id = tab.begin([], [1], 1, "en", "en")[tab.current]
    told = sent(page, tab, tab.end(interview_id, "en"))
    assert told[tab.question] == ""
    assert (told[tab.turn]["visible"], told[tab.report_box]["visible"]) == (False, True)
    assert "Mock interview report" in told[tab.report]
    assert Path(told[tab.markdown]["path"]).suffix == ".md"
    told = sent(page, tab, tab.reset("en"))
    assert (told[tab.report], told[tab.markdown], told[tab.report_box]["visible"]) == ("", None, False)
    assert told[tab.setup]["visible"]


def test_an_empty_attempt_and_a_step_that_fails_change_nothing(page: gr.Blocks, tab: InterviewTab) -> None:
    interview_id = tab.begin([], [1], 1, "en", "en")[tab.current]
    assert list(tab.send(interview_id, 1, "  ", "en")) == [no_change()]
    with pytest.warns(UserWarning, match="expected question 7 to wait"):
        assert tab.pass_over(interview_id, 7, "en") == no_change()
    with pytest.warns(UserWarning, match="that fit"):
        assert tab.begin([], [1], 10_000, "en", "en") == no_change()
    assert told_of(sent(page, tab, no_change())) == set()


def test_while_an_attempt_is_graded_only_the_grade_changes(page: gr.Blocks, tab: InterviewTab) -> None:
    interview_id = tab.begin([], [1], 1, "en", "en")[tab.current]
    first = next(iter(tab.send(interview_id, 1, "something", "en")))
    assert "Grading" in first[tab.grade]
    assert told_of(sent(page, tab, first)) == {tab.grade}
