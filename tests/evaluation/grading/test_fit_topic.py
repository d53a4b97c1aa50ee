"""The fit of what is on topic, on readings whose truth is plain."""

from dataclasses import replace

from tests import samples
from tutor.evaluation.grading.fit_topic import OFF_BELOW, ON_FROM, fit_topic, kept, report_topic
from tutor.evaluation.grading.readings import Reading
from tutor.evaluation.grading.samples import Sample
from tutor.grading.calibration import Topic
from tutor.grading.rubric import rubric_from_entry


def reading(question: int, written_for: int, topic: float, recall: float, kind: str = "whole") -> Reading:
    rubric = replace(rubric_from_entry(samples.entry(), "en"), entry_id=f"q{question}")
    alike = {"topic": topic, "best_topic": topic, "ahead": 0.0, "best_ahead": 0.0}
    signals = {**alike, "local_recall": recall, "length": 4.0, "crossed": 0.0}
    return Reading(Sample(rubric, "words", (0.0,), kind, written_for=f"q{written_for}"), (signals,), ())


HERE = [reading(n, n, 0.7 + 0.01 * n, 0.5) for n in range(10)]
ELSEWHERE = [reading(n, (n + k) % 10, 0.3 + 0.01 * n, 0.0) for n in range(10) for k in (1, 2, 3)]


def test_an_attempt_at_the_question_keeps_its_score_and_one_at_another_loses_it() -> None:
    topic = Topic(fit_topic([*HERE, *ELSEWHERE]), OFF_BELOW, ON_FROM)
    assert kept(topic, reading(99, 99, 0.75, 0.5)) == 1.0
    assert kept(topic, reading(99, 0, 0.3, 0.0)) == 0.0


def test_the_report_counts_by_size_and_leaves_questions_out() -> None:
    odd = [reading(99, 99, 0.3, 0.0, "2 sentences"), reading(98, 99, 0.75, 0.5, "2 sentences")]
    report = report_topic([*HERE, *ELSEWHERE, *odd])
    assert report["whole"]["auc"] == 1.0
    assert (report["whole"]["here"], report["whole"]["elsewhere"]) == (10, 30)
    assert report["whole"]["here_loses_some"] == 0.0
    assert report["2 sentences"]["here_keeps_nothing"] == 1.0  # what it would have taught was left out
    assert report["2 sentences"]["elsewhere_loses_some"] == 0.0
