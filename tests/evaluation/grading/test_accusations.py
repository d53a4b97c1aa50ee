"""An accusation is right when what it quotes touches a claim that is wrong, and the rows are what they say they are."""

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import cast

import pytest

from tests.samples import entry
from tutor.domain import Entry, Grade, KeyPointGrade, RepeatedMisconception, Rubric
from tutor.errors import SettingsError
from tutor.evaluation.grading.accusations import Hand, accusations, load_hands, measure_accusations
from tutor.evaluation.grading.samples import touches
from tutor.grading.grader import Grader

ATTEMPT = "Layer norm works per token. Batch norm needs no running statistics. Both scale and shift."
HAND = Hand("x", "en", "one wrong claim", "tune", ATTEMPT, ("needs no running statistics",), (5.0, 6.0))


def grade(*points: KeyPointGrade, repeated: tuple[RepeatedMisconception, ...] = ()) -> Grade:
    return Grade(5.0, (3.0, 7.0), points, repeated, feedback="", grader_version="test")


def test_a_quote_that_touches_a_wrong_claim_is_a_right_accusation() -> None:
    assert touches(ATTEMPT, "Batch norm needs no running statistics.", HAND.claims)
    assert not touches(ATTEMPT, "Both scale and shift.", HAND.claims)
    assert not touches(ATTEMPT, "", HAND.claims)


def test_denied_points_and_repeated_mistakes_accuse_each_stretch_once() -> None:
    denied = KeyPointGrade("p", 1.0, 0.0, "contradicted", "Batch norm needs no running statistics.")
    missed = KeyPointGrade("q", 1.0, 0.0, "missed", None)
    repeated = RepeatedMisconception("c", "r", evidence="Batch norm needs no running statistics.")
    assert accusations(grade(denied, missed, repeated=(repeated,))) == ["Batch norm needs no running statistics."]


def test_the_hands_are_split_by_voice_and_entry_and_rated_twice(entries: Mapping[str, Entry]) -> None:
    hands = load_hands(entries)
    assert Counter(hand.split for hand in hands) == {"tune": 192, "test": 192}
    asked = {split: {hand.entry for hand in hands if hand.split == split} for split in ("tune", "test")}
    assert not asked["tune"] & asked["test"]
    assert all(len(hand.marks) == 2 for hand in hands)
    assert {hand.quality for hand in hands if hand.claims} == {"one wrong claim", "mostly wrong"}


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"claims": [{"said": "No."}]}, "line 2: expected an object .* does not stand in the attempt"),
        ({"entry": "unheard-of"}, "line 2: expected an object .*no entry of the bank: unheard-of"),
        ({"attempt": None}, "line 2: expected an object"),
    ],
)
def test_a_line_of_a_file_that_cannot_be_measured_is_named(
    tmp_path: Path, change: Mapping[str, object], told: str
) -> None:
    file = tmp_path / "hands.jsonl"
    row = {"entry": "x", "language": "en", "quality": "thin", "attempt": "Yes.", "claims": [{"said": "Yes"}]}
    file.write_text(json.dumps(row) + "\n" + json.dumps(row | change), encoding="utf-8")
    with pytest.raises(SettingsError, match=told) as caught:
        load_hands({"x"}, file)
    assert caught.value.key == "evaluation.no_hand_row"


class Decided:
    """Stands for a grader: the grade of each attempt is given."""

    def __init__(self, grades: Mapping[str, Grade]) -> None:
        self._grades = grades

    def grade(self, _: Rubric, attempt: str) -> Grade:
        return self._grades[attempt]


def test_the_figures_count_accusations_by_what_they_quote_and_scores_by_the_raters_marks() -> None:
    denied = KeyPointGrade("p", 1.0, 0.0, "contradicted", "Batch norm needs no running statistics.")
    harsh = KeyPointGrade("p", 1.0, 0.0, "contradicted", "Both scale and shift.")
    caught = replace(HAND, entry="kv-cache")
    unheard = replace(caught, attempt=f"{ATTEMPT} So.", marks=(3.0, 3.0))
    blamed = replace(caught, quality="middling", attempt="Both scale and shift.", claims=(), marks=(7.0, 8.0))
    sealed = replace(blamed, split="test")
    grades = {
        caught.attempt: replace(grade(denied), score=5.0),
        unheard.attempt: replace(grade(), score=4.0),
        blamed.attempt: replace(grade(harsh), score=6.0),
    }
    measured = measure_accusations([caught, unheard, blamed, sealed], cast("Grader", Decided(grades)), [entry()])
    assert measured["tune"] == {
        "attempts": 3,
        "accusations": 2,
        "precision": 0.5,
        "wrong attempts rightly accused": 0.5,
        "right attempts accused": 1.0,
        "score r": 0.998,
        "score r, middling": None,
        "mean score": {"middling": 6.0, "one wrong claim": 4.5},
    }
    assert measured["test"]["wrong attempts rightly accused"] is None, "of none there is no share"
