"""What accuses a learner, what does not, and that only what is shown costs points."""

from tests.fakes import ScriptedStates, WordHashEmbeddings
from tests.grading.calibrations import PROBES, calibration_data, hand_made, logistic
from tests.grading.samples import EN, GOOD_EN, key_points
from tutor.domain import Grade, Rubric
from tutor.grading import guards
from tutor.grading.grader import Grader
from tutor.grading.judge import Opinion, of_the_others


def grader_hearing(states: ScriptedStates | None) -> Grader:
    return Grader(WordHashEmbeddings(), states, hand_made(), PROBES)


def test_opposite_words_alone_accuse_nobody() -> None:
    rubric = Rubric(
        "What does the cache do?", key_points(("The cache increases the memory footprint.", 1.0)), language="en"
    )
    grade = grader_hearing(None).grade(rubric, "The cache decreases the memory footprint.")
    [point] = grade.key_points
    assert point.verdict != "contradicted"
    assert "says the opposite" not in grade.feedback


def test_a_denial_that_is_not_shown_takes_nothing_from_the_score() -> None:
    whole = {
        **calibration_data()["key_points"],
        "with_model": logistic(-4.0, recall=9.0, stated=0.0),
    }  # only denials can move it

    def grade(threshold: float) -> Grade:
        denied = {**logistic(-4.0, denied=2.0), "threshold": threshold}
        calibration = hand_made(key_points=whole, contradiction_with_model=denied)
        return Grader(WordHashEmbeddings(), ScriptedStates(-2.5), calibration, PROBES).grade(EN, GOOD_EN)

    suspected, shown = grade(0.9), grade(0.5)
    assert "contradicted" not in [point.verdict for point in suspected.key_points]
    assert "contradicted" in [point.verdict for point in shown.key_points]
    silent = Grader(WordHashEmbeddings(), ScriptedStates(2.5), hand_made(key_points=whole), PROBES).grade(EN, GOOD_EN)
    assert suspected.score == silent.score > shown.score


def test_what_a_learner_takes_back_earns_nothing_and_is_told() -> None:
    grader, wrong = grader_hearing(None), "The scaling is mainly there to prevent numerical overflow"
    plain, mended = grader.grade(EN, GOOD_EN), grader.grade(EN, f"{wrong}, no, sorry, not that at all. {GOOD_EN}")
    assert mended.misconceptions == ()
    assert [point.verdict for point in mended.key_points] == [point.verdict for point in plain.key_points]
    assert "took back" in mended.feedback
    denied = grader.grade(EN, f"Some people say this: {GOOD_EN} None of this is true.")
    assert (denied.score, denied.guard) == (0.0, guards.TAKEN_BACK)


def test_what_is_quoted_as_wrong_is_the_sentence_that_claims_most() -> None:
    short, long = "Scores saturate softmax.", "Large scores leave the softmax and its gradient entirely as they were."
    hearing = ScriptedStates(lambda prompt: -4.0 if EN.key_points[1].statement in prompt else 2.0)
    grade = grader_hearing(hearing).grade(EN, f"{short} {long}")
    assert (grade.key_points[1].verdict, grade.key_points[1].evidence) == ("contradicted", long)


def test_an_opinion_is_held_against_those_on_the_other_key_points() -> None:
    others = of_the_others({0: Opinion(1.0, -1.0), 2: Opinion(3.0, 0.0), 5: Opinion(5.0, 4.0)})
    assert others == {0: Opinion(4.0, 2.0), 2: Opinion(3.0, 1.5), 5: Opinion(2.0, -0.5)}
    assert of_the_others({4: Opinion(2.0, 1.0)}) == {4: Opinion(0.0, 0.0)}
    assert of_the_others({}) == {}
