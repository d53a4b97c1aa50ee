"""A grade on the page: every judged verdict can be contested, a contested one says so, a skipped one offers nothing."""

import re
from dataclasses import replace

import pytest

from tests.learning.material import GRADE, WAITING, interview
from tutor.domain import LANGUAGES, KeyPointGrade, Language, Turn, Verdict
from tutor.learning.contests import Contest
from tutor.ui.grade_view import render_grade, render_grades, render_last_grade
from tutor.ui.strings import say

POINTS = tuple(
    KeyPointGrade(f"Point {name}.", 1.0, 0.5, name, None) for name in ("covered", "partial", "missed", "contradicted")
)
GRADED = replace(WAITING, attempt="it keeps keys", grade=replace(GRADE, key_points=POINTS))
AT = "2026-01-01T09:00:00.000+00:00"


def contest(turn: int, point: int, learner: Verdict) -> Contest:
    return Contest("i1", turn, point, POINTS[point].text, POINTS[point].verdict, learner, "1", AT)


def buttons(shown: str) -> list[tuple[str, ...]]:
    """(class, turn, point, verdict) of each."""
    pattern = r'<button type="button" class="([\w ]+)" data-turn="(\d+)" data-point="(\d+)" data-verdict="(\w*)"'
    return re.findall(pattern, shown)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_verdict_has_one_click_to_disagree(language: Language) -> None:
    shown = render_last_grade(interview("i1", AT, GRADED), [], language)
    assert buttons(shown) == [("contest", "1", str(point), "") for point in range(4)]
    assert shown.count(f">{say('disagree', language)}<") == 4


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_contested_verdict_says_so_and_can_be_refined_or_undone(language: Language) -> None:
    shown = render_last_grade(interview("i1", AT, GRADED), [contest(1, 2, "covered")], language)
    assert [button for button in buttons(shown) if button[2] == "2"] == [
        ("choice chosen", "1", "2", "covered"),
        ("choice", "1", "2", "partial"),
        ("choice", "1", "2", "contradicted"),
        ("contest", "1", "2", "undo"),
    ]
    assert shown.count(say("contested", language)) == 1
    assert say("undo", language) in shown


def test_a_skipped_question_offers_nothing_to_contest() -> None:
    assert buttons(render_last_grade(interview("i1", AT, replace(GRADED, attempt="")), [], "en")) == []
    assert buttons(render_grade(GRADE, "en")) == []


def test_the_last_grade_is_that_of_the_last_graded_turn() -> None:
    waiting = Turn(2, "kv-cache", "And?", follow_up_to=1, probes="x")
    assert {button[1] for button in buttons(render_last_grade(interview("i1", AT, GRADED, waiting), [], "en"))} == {"1"}
    assert render_last_grade(interview("i1", AT, waiting), [], "en") == ""


def test_a_finished_interview_shows_every_answered_grade_and_keeps_open_the_one_in_hand() -> None:
    turns = (GRADED, replace(GRADED, number=2, question="<b>Why?</b>"), replace(GRADED, number=3, attempt=""))
    shown = render_grades(interview("i1", AT, *turns), [contest(2, 0, "missed")], "en", opened=2)
    assert shown.count("<details") == 2
    assert shown.count("<details open") == 1
    assert "2. &lt;b&gt;Why?" in shown.split("<details open>")[1]
    assert render_grades(interview("i1", AT, turns[2]), [], "en") == ""


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_key_point_opens_to_what_proves_it_and_the_grade_to_a_spoken_answer(language: Language) -> None:
    point = KeyPointGrade("Variance is d_k.", 1.0, 0.5, "missed", None, "- So **the variance** is $d_k$ <b>.")
    shown = render_grade(replace(GRADE, key_points=(point,), spoken="Say <it>."), language)
    assert f"<summary>{say('proof', language)}</summary><p>So <b>the variance</b> is <math" in shown
    assert "</math> &lt;b&gt;.</p>" in shown
    assert f"<summary>{say('spoken', language)}</summary><p>Say &lt;it&gt;.</p>" in shown
    assert "<details" not in render_grade(replace(GRADE, key_points=(replace(point, proof=None),)), language)


def test_a_row_of_a_table_is_shown_as_its_cells_and_its_formulas_as_formulas() -> None:
    point = KeyPointGrade("$D_{KL}$ is no distance.", 1.0, 0.5, "missed", None, r"| KL | $D_{KL}(p|q)$ | `a|b` |")
    shown = render_grade(replace(GRADE, key_points=(point,)), "en")
    assert shown.count("<math") == 2
    assert "<p>KL · <math" in shown
    assert "</math> · <code>a|b</code></p>" in shown
