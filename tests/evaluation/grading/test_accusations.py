"""An accusation is right when what it quotes touches a claim that is wrong, and the rows are what they say they are."""

import json
from collections import Counter
from pathlib import Path

import pytest

from tutor.domain import Grade, KeyPointGrade, RepeatedMisconception
from tutor.errors import SettingsError
from tutor.evaluation.grading.accusations import Hand, accusations, load_hands, measure_accusations, touches

ATTEMPT = "Layer norm works per token. Batch norm needs no running statistics. Both scale and shift."
HAND = Hand("x", "en", "one wrong claim", "tune", ATTEMPT, ("needs no running statistics",), (5.0, 6.0))


def grade(*points: KeyPointGrade, repeated: tuple[RepeatedMisconception, ...] = ()) -> Grade:
    return Grade(5.0, (3.0, 7.0), points, repeated, feedback="", grader_version="test")


def test_a_quote_that_touches_a_wrong_claim_is_a_right_accusation() -> None:
    assert touches(HAND, "Batch norm needs no running statistics.")
    assert not touches(HAND, "Both scale and shift.")
    assert not touches(HAND, "")


def test_denied_points_and_repeated_mistakes_accuse_each_stretch_once() -> None:
    denied = KeyPointGrade("p", 1.0, 0.0, "contradicted", "Batch norm needs no running statistics.")
    missed = KeyPointGrade("q", 1.0, 0.0, "missed", None)
    repeated = RepeatedMisconception("c", "r", evidence="Batch norm needs no running statistics.")
    assert accusations(grade(denied, missed, repeated=(repeated,))) == ["Batch norm needs no running statistics."]


def test_the_hands_are_split_by_voice_and_entry_and_rated_twice() -> None:
    hands = load_hands()
    assert Counter(hand.split for hand in hands) == {"tune": 192, "test": 192}
    entries = {split: {hand.entry for hand in hands if hand.split == split} for split in ("tune", "test")}
    assert not entries["tune"] & entries["test"]
    assert all(len(hand.marks) == 2 for hand in hands)
    assert {hand.quality for hand in hands if hand.claims} == {"one wrong claim", "mostly wrong"}


def test_a_claim_that_does_not_stand_in_the_attempt_is_named(tmp_path: Path) -> None:
    file = tmp_path / "hands.jsonl"
    row = {"entry": "x", "language": "en", "quality": "thin", "attempt": "Yes.", "claims": [{"said": "No."}]}
    file.write_text(json.dumps(row), encoding="utf-8")
    with pytest.raises(SettingsError, match="line 1: expected an object") as caught:
        load_hands(file)
    assert caught.value.key == "evaluation.no_hand_row"


def test_nothing_to_measure_is_no_figure() -> None:
    assert measure_accusations([], None, []) == {}  # type: ignore[arg-type]
