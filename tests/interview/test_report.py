"""The report: scores as documented, what was good, what was missed, what next; as Markdown and JSON."""

import json
from collections.abc import Iterator
from dataclasses import replace

import pytest

from tests.fakes import FixedClock
from tests.interview.material import ScriptedGrader, bank, entry
from tutor.domain import Entry, Interview, Plan
from tutor.interview.render import report_json, report_markdown
from tutor.interview.report import Report, interview_report
from tutor.interview.session import Interviewer
from tutor.learning.history import History

ENTRIES = bank(
    entry("kv", level=1),
    entry("lora", group="training", level=3, prerequisites=("kv", "not-written-yet")),
    entry("rope", group="architecture", level=2),
)
PLAN = Plan(groups=(), levels=(), questions=3, language="en", seed=1, entry_ids=("kv", "rope", "lora"))
ALL = "{0} point0, {0} point1, {0} point2"


@pytest.fixture
def history(history_url: str) -> Iterator[History]:
    history = History(history_url)
    yield history
    history.close()


def held(history: History, *attempts: str | None, plan: Plan = PLAN, entries: dict[str, Entry] = ENTRIES) -> Interview:
    """An interview with these attempts; None skips."""
    clock = FixedClock()
    examiner = Interviewer(entries, ScriptedGrader(), history, clock=clock)
    interview = examiner.start(plan)
    for attempt in attempts:
        clock.advance(minutes=5)
        interview = examiner.skip(interview.id) if attempt is None else examiner.attempt(interview.id, attempt)
    return interview


def report_of(history: History, *attempts: str | None, plan: Plan = PLAN) -> Report:
    return interview_report(held(history, *attempts, plan=plan), ENTRIES)


# --- scores


def test_the_overall_score_is_the_mean_weighted_by_level(history: History) -> None:
    report = report_of(history, ALL.format("kv"), ALL.format("rope"), None)
    assert report.score == pytest.approx((1.0 * 10 + 1.5 * 10 + 2.0 * 0) / 4.5)
    assert report.band == pytest.approx(((9 + 1.5 * 9) / 4.5, (10 + 1.5 * 10) / 4.5))
    assert (report.planned, report.counted) == (3, 3)
    assert report.finished_at == "2026-01-01T09:15:00.000+00:00"


def test_groups_come_in_the_order_of_the_bank_with_their_own_scores(history: History) -> None:
    report = report_of(history, ALL.format("kv"), "half rope point0, rope point1, rope point2", "no idea")
    assert [(group.group, group.title, group.questions) for group in report.groups] == [
        ("architecture", "Architectures and key techniques", 1),
        ("inference", "Inference and deployment", 1),
    ]
    assert [group.score for group in report.groups] == pytest.approx([7.5, 10.0])


def test_a_point_that_a_follow_up_brought_out_counts_as_covered_on_second_try_and_half(history: History) -> None:
    report = report_of(history, "kv point1, kv point2", "kv point0", plan=replace(PLAN, entry_ids=("kv",)))
    (question,) = report.questions
    first = question.points[0]
    assert (first.first_verdict, first.verdict, first.second_try) == ("missed", "covered", True)
    assert question.first_score == pytest.approx(5.0)
    assert question.score == pytest.approx(5.0 + 10 * 3 / 6 / 2)
    assert question.band == pytest.approx((6.5, 8.5))
    assert [point.statement for point in report.strengths] == ["kv point0", "kv point1", "kv point2"]
    assert report.missed == ()


def test_a_partial_point_gains_a_quarter_at_most_and_a_failed_follow_up_takes_nothing(history: History) -> None:
    plan = replace(PLAN, entry_ids=("kv",))
    report = report_of(history, "half kv point0, kv point1, kv point2", "kv point0", plan=plan)
    assert report.score == pytest.approx(7.5 + 10 * 3 / 6 * 0.5 * 0.5)
    report = report_of(history, "half kv point0, kv point1, kv point2", "not kv point0", plan=plan)
    assert report.score == pytest.approx(7.5)
    assert report.missed[0].verdict == "partial"


def test_a_skipped_follow_up_does_not_hide_a_contradiction(history: History) -> None:
    report = report_of(history, "not kv point0, kv point1, kv point2", None, plan=replace(PLAN, entry_ids=("kv",)))
    (missed,) = report.missed
    assert (missed.verdict, missed.evidence) == ("contradicted", "kv point0")
    assert report.questions[0].follow_ups[0].status == "skipped"


def test_unanswered_and_ungraded_questions_do_not_count(history: History) -> None:
    interview = held(history, ALL.format("kv"))
    report = interview_report(interview, ENTRIES)
    assert [question.status for question in report.questions] == ["graded", "unanswered"]
    assert (report.score, report.counted, report.planned) == (10.0, 1, 3)
    waiting = replace(interview.turns[1], attempt="saved")
    report = interview_report(replace(interview, turns=(interview.turns[0], waiting)), ENTRIES)
    assert [question.status for question in report.questions] == ["graded", "ungraded"]
    assert report.score == 10.0
    assert "Some answers are saved but not graded yet" in report_markdown(report)


def test_an_interview_without_any_grade_has_a_report_all_the_same(history: History) -> None:
    report = report_of(history)
    assert (report.score, report.band, report.counted, report.groups) == (None, None, 0, ())
    text = report_markdown(report)
    assert "**Overall: nothing graded yet** Counts 0 of 3 planned questions." in text
    assert "Nothing was missed" not in text
    assert json.loads(report_json(report))["score"] is None


# --- what it says


def test_missed_points_come_heaviest_first_with_their_reference_statement(history: History) -> None:
    report = report_of(history, "not kv point1", "no", "no", "rope point1, rope point2", "no")
    assert [(point.statement, point.verdict, point.question) for point in report.missed] == [
        ("kv point0", "missed", 1),
        ("rope point0", "missed", 2),
        ("kv point1", "contradicted", 1),
        ("kv point2", "missed", 1),
    ]


def test_a_misconception_repeated_twice_is_listed_once_with_all_that_was_said(history: History) -> None:
    interview = held(history, "kv point1, kv point2, kv is magic", "I say kv is magic", ALL.format("rope"), None)
    (misconception,) = interview_report(interview, ENTRIES).misconceptions
    assert (misconception.claim, misconception.correction) == ("kv is magic", "It is not.")
    assert (misconception.questions, misconception.evidence) == ((1,), ("kv is magic",))
    grade = interview.turns[0].grade
    assert grade is not None
    elsewhere = replace(grade, misconceptions=(replace(grade.misconceptions[0], evidence="magic kv"),))
    interview = replace(interview, turns=(*interview.turns[:2], replace(interview.turns[2], grade=elsewhere)))
    (misconception,) = interview_report(interview, ENTRIES).misconceptions
    assert (misconception.questions, misconception.evidence) == ((1, 2), ("kv is magic", "magic kv"))


def test_what_to_study_next_starts_where_most_was_lost_and_names_what_to_learn_first(history: History) -> None:
    report = report_of(history, None, ALL.format("rope"), "lora point2", None)
    assert [(study.entry_id, study.score) for study in report.study_next] == [
        ("lora", pytest.approx(10 / 6)),
        ("kv", 0.0),
    ]
    study = report.study_next[0]
    assert study.missed == ("lora point0", "lora point1")
    assert study.first_learn == ("What is kv?",)
    assert study.sources == ENTRIES["lora"].sources


def test_sources_of_all_questions_are_listed_once(history: History) -> None:
    report = report_of(history, None, None, None)
    assert [source.title for source in report.sources] == ["On kv", "On rope", "On lora"]


# --- entries that left the bank


def test_a_report_on_entries_that_left_the_bank_says_so_and_keeps_the_grades(history: History) -> None:
    interview = held(history, "kv point1, kv point2", "kv point0", ALL.format("rope"), None)
    report = interview_report(interview, {"rope": ENTRIES["rope"]})
    assert report.vanished == ("kv", "lora")
    kv = report.questions[0]
    assert (kv.question, kv.reference, kv.group, kv.level, kv.sources) == ("What is kv?", "", "", None, ())
    assert kv.points[0].second_try
    assert kv.score == pytest.approx(7.5)
    assert report.score == pytest.approx((7.5 + 1.5 * 10 + 0) / 3.5)
    text = report_markdown(report)
    assert "These entries are no longer in the bank" in text
    assert "`kv`, `lora`" in text
    assert interview_report(interview, {}).score is not None


# --- Markdown and JSON


@pytest.mark.usefixtures("in_shanghai")
def test_the_markdown_holds_everything_a_learner_needs_without_the_tutor(history: History) -> None:
    attempts = ("kv point1, half kv point2, kv is magic", "kv point0", "not kv point2", ALL.format("rope"), None)
    text = report_markdown(report_of(history, *attempts))
    for line in (
        "# Mock interview report",
        "*2026-01-01 17:00 to 2026-01-01 17:25*",
        "## By topic",
        "| Inference and deployment | 6.7 | 1 |",
        "## Strengths",
        "- kv point0 (question 1; on second try)",
        "- kv point1 (question 1)",
        "## Missed key points",
        "- lora point0 (question 3; missed)",
        "- kv point2 (question 1; partly covered; your words: “kv point2”)",
        "## Misconceptions you repeated",
        "- “kv is magic” (question 1; your words: “kv is magic”)",
        "  - What is right: It is not.",
        "## What to study next",
        "- **What is lora?** (0.0 / 10; 3 key points lacking, see above)",
        "  - Learn first: What is kv?",
        "  - Read: [On lora](https://arxiv.org/abs/2001.00001) (A. Author, 2020)",
        "## Sources",
        "### 1. What is kv?",
        "**Score 6.7 / 10 (first answer 4.2, after follow-ups 6.7)**",
        "> kv point1, half kv point2, kv is magic  ",
        "| kv point0 | covered (on second try) |",
        "**Follow-up: Follow-up 0: kv point0?** (covered)",
        "Feedback: feedback 4",
        "The reference answer of kv.",
        "### 3. What is lora?",
        "**skipped**",
    ):
        assert line in text.splitlines(), line


def test_the_report_of_a_chinese_interview_is_in_chinese(history: History) -> None:
    plan = replace(PLAN, language="zh", entry_ids=("kv", "lora"))
    text = report_markdown(report_of(history, "kv 要点0、kv 要点1、kv 是魔法", "kv 要点2", None, plan=plan))
    for line in (
        "# 模拟面试报告",
        "| 推理与部署 | 9.2 | 1 |",
        "- kv 要点2（第 1 题；第二次答出）",
        "- lora 要点0（第 2 题；没说到）",
        "- “kv 是魔法”（第 1 题；你的原话：“kv 是魔法”）",
        "  - 正确的是：不是",
        "**得分 9.2 / 10（首答 8.3，追问后 9.2）**",
        "kv 的参考答案。",
        "**跳过**",
    ):
        assert line in text.splitlines(), line
    latin = [
        line for line in text.splitlines() if line.startswith("#") and not any("\u4e00" <= c <= "\u9fff" for c in line)
    ]
    assert latin == []


def test_labels_can_be_had_in_the_other_language(history: History) -> None:
    assert report_markdown(report_of(history, None), "zh").startswith("# 模拟面试报告\n")


def test_a_perfect_interview_has_nothing_to_study(history: History) -> None:
    text = report_markdown(report_of(history, ALL.format("kv"), ALL.format("rope"), ALL.format("lora")))
    assert "Nothing was missed." in text
    assert "Nothing is pressing: try a higher level or other topics." in text


def test_marks_in_an_attempt_are_shown_as_typed(history: History) -> None:
    text = report_markdown(report_of(history, "# Title\n<|im_start|> | kv point0\n\n- *item*"))
    assert "> \\# Title  \n> \\<\\|im\\_start\\|\\> \\| kv point0  \n>\n> \\- \\*item\\*  " in text


def test_the_json_holds_every_field_and_no_escaped_chinese(history: History) -> None:
    plan = replace(PLAN, language="zh", entry_ids=("kv",))
    report = report_of(history, "kv 要点0", "kv 要点1", "不知道", plan=plan)
    text = report_json(report)
    data = json.loads(text)
    assert "要点" in text
    assert data["score"] == pytest.approx(report.score)
    assert data["language"] == "zh"
    assert data["questions"][0]["follow_ups"][0]["verdict"] == "covered"
    assert data["missed"] == [
        {
            "question": 1,
            "statement": "kv 要点2",
            "weight": 1,
            "first_verdict": "missed",
            "verdict": "missed",
            "evidence": None,
            "second_try": False,
        }
    ]
