"""Which follow-up comes next."""

from dataclasses import replace

import pytest

from tests.interview.material import ScriptedGrader, entry
from tutor.domain import Entry, Language, Rubric, RubricPoint, Turn
from tutor.grading.rubric import rubric_from_entry
from tutor.interview.followup import SKIPPED, next_follow_up, verdicts_so_far


def main_turn(item: Entry, attempt: str, language: Language = "en") -> Turn:
    grade = ScriptedGrader()(rubric_from_entry(item, language), attempt)
    return Turn(1, item.id, item.question.in_language(language), None, None, attempt, grade)


def probe_turn(item: Entry, number: int, probes: str, attempt: str) -> Turn:
    """The follow-up that would be asked, answered."""
    point = next(point for point in item.key_points if point.id == probes)
    rubric = Rubric("?", (RubricPoint(point.id, point.text.en, point.weight),))
    text = next(item.text.en for item in item.follow_ups if item.probes == probes)
    return Turn(number, item.id, text, 1, probes, attempt, ScriptedGrader()(rubric, attempt))


@pytest.mark.parametrize(
    ("attempt", "probed"),
    [
        ("nothing", "p0"),  # the heaviest missed
        ("kv point0", "p1"),
        ("kv point0, kv point1", "p2"),
        ("half kv point0, kv point1", "p2"),  # missed before partial, though lighter
        ("half kv point0, half kv point1, kv point2", "p0"),  # then the heaviest partial
        ("not kv point1, kv point0", "p1"),  # contradicted is as urgent as missed
        ("kv point0, kv point1, kv point2", None),
    ],
)
def test_the_first_follow_up_aims_at_the_heaviest_point_that_is_lacking(attempt: str, probed: str | None) -> None:
    item = entry("kv")
    follow_up = next_follow_up(item, [main_turn(item, attempt)], "en")
    assert (follow_up.probes if follow_up else None) == probed


def test_the_second_follow_up_goes_on_to_the_next_point_whether_or_not_the_first_helped() -> None:
    item = entry("kv", probes=(0, 0, 1, 2))
    for attempt in ("kv point0", "no idea"):
        turns = [main_turn(item, "nothing"), probe_turn(item, 2, "p0", attempt)]
        follow_up = next_follow_up(item, turns, "en")
        assert follow_up is not None
        assert follow_up.probes == "p1"


def test_a_point_still_missed_is_probed_again_with_another_question_before_a_partial_one() -> None:
    item = entry("kv", probes=(0, 0, 1))
    turns = [main_turn(item, "half kv point1, kv point2"), probe_turn(item, 2, "p0", "no idea")]
    follow_up = next_follow_up(item, turns, "en")
    assert follow_up is not None
    assert follow_up.probes == "p0"
    assert follow_up.text.en != turns[1].question


def test_the_same_follow_up_is_never_asked_twice() -> None:
    item = entry("kv", probes=(0,))
    turns = [main_turn(item, "nothing"), probe_turn(item, 2, "p0", "no idea")]
    assert next_follow_up(item, turns, "en") is None


def test_a_point_without_a_follow_up_gives_way_to_the_next() -> None:
    item = entry("kv", probes=(2,))
    follow_up = next_follow_up(item, [main_turn(item, "nothing")], "en")
    assert follow_up is not None
    assert follow_up.probes == "p2"


def test_there_are_at_most_two_follow_ups() -> None:
    item = entry("kv")
    turns = [main_turn(item, "nothing"), probe_turn(item, 2, "p0", "no"), probe_turn(item, 3, "p1", "no")]
    assert next_follow_up(item, turns, "en") is None


def test_nothing_is_probed_after_a_pass_or_before_a_grade() -> None:
    item = entry("kv")
    turn = main_turn(item, "")
    assert turn.grade is not None
    assert next_follow_up(item, [replace(turn, grade=replace(turn.grade, guard=SKIPPED))], "en") is None
    assert next_follow_up(item, [replace(turn, grade=None)], "en") is None


def test_an_interview_in_chinese_finds_its_points() -> None:
    item = entry("kv")
    follow_up = next_follow_up(item, [main_turn(item, "kv 要点0", "zh")], "zh")
    assert follow_up is not None
    assert follow_up.probes == "p1"


def test_points_reworded_and_moved_in_the_bank_since_are_found_by_their_ids() -> None:
    turn = main_turn(entry("kv"), "kv point0")
    reworded = entry("kv-cache")
    moved = replace(reworded, key_points=reworded.key_points[::-1])
    for changed in (reworded, moved):
        follow_up = next_follow_up(changed, [turn], "en")
        assert follow_up is not None
        assert follow_up.probes == "p1"


def test_a_grade_of_before_ids_were_kept_names_its_points_by_their_position() -> None:
    turn = main_turn(entry("kv"), "kv point0")
    assert turn.grade is not None
    nameless = tuple(replace(point, id="") for point in turn.grade.key_points)
    old = replace(turn, grade=replace(turn.grade, key_points=nameless))
    assert verdicts_so_far(entry("kv"), [old]) == {"p0": "covered", "p1": "missed", "p2": "missed"}
    assert verdicts_so_far(entry("kv", weights=(3, 2, 1, 3)), [old]) == {}


def test_points_added_to_the_bank_since_are_not_held_against_the_learner() -> None:
    turn = main_turn(entry("kv"), "kv point0, kv point1, kv point2")
    grown = entry("kv", weights=(3, 2, 1, 3), probes=(3,))
    assert next_follow_up(grown, [turn], "en") is None


def test_a_later_answer_counts_unless_it_is_worse() -> None:
    item = entry("kv")
    main = main_turn(item, "half kv point0, not kv point1")
    verdicts = verdicts_so_far(item, [main, probe_turn(item, 2, "p0", "no"), probe_turn(item, 3, "p1", "no")])
    assert verdicts == {"p0": "partial", "p1": "contradicted", "p2": "missed"}
    verdicts = verdicts_so_far(item, [main, probe_turn(item, 2, "p1", "kv point1")])
    assert verdicts["p1"] == "covered"
