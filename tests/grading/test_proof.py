"""What proves a key point is a sentence of the reference, and nothing where the reference does not say it."""

import json
import os
import subprocess
import sys
from pathlib import Path

from tests.grading.samples import key_points
from tutor.bank.load import load_bank
from tutor.domain import LANGUAGES, Rubric
from tutor.drills.formulas import compute
from tutor.grading.feedback import write_spoken
from tutor.grading.reading import read_expected
from tutor.grading.rubric import rubric_from_entry, rubric_from_request
from tutor.text.language import han_count

ROOT = Path(__file__).resolve().parents[2]
BANK = ROOT / "corpus" / "bank"
REFERENCE = (
    "Dividing restores variance 1. Large scores push the softmax towards one-hot, so its gradient vanishes.\n"
    "```python\nsoftmax(scores) # gradient one-hot large\n```\nThe factor is $\\sqrt{d_k}$."
)


def rubric(*points: str) -> Rubric:
    return Rubric("Why scale?", key_points(*((point, 1.0) for point in points)), REFERENCE)


def test_the_sentence_that_says_the_same_is_the_proof() -> None:
    found = read_expected(
        rubric("Large scores drive softmax to one-hot and its gradient to zero.", "Bees make honey.")
    ).proofs
    assert found == ("Large scores push the softmax towards one-hot, so its gradient vanishes.", None)


def test_pieces_of_a_reference_are_their_own_proof() -> None:
    assert set(read_expected(rubric_from_request("Why scale?", (), REFERENCE)).proofs) == {None}


def test_in_the_bank_nearly_every_key_point_has_a_proof_from_its_answer() -> None:
    proofs = 0
    points = 0
    for entry in load_bank(BANK, compute).entries:
        for language in LANGUAGES:
            found = read_expected(rubric_from_entry(entry, language)).proofs
            assert all(proof is None or proof in entry.answer.in_language(language) for proof in found)
            points += len(found)
            proofs += sum(proof is not None for proof in found)
    assert proofs >= 0.93 * points


def test_a_sentence_that_denies_the_point_gives_way_to_one_that_states_it() -> None:
    reference = "Dividing by a constant leaves a variance that does depend on the dimension. With the root, the variance does not depend on the dimension."
    point = "Dividing by the root makes the variance not depend on the dimension."
    found = read_expected(Rubric("Why scale?", key_points((point, 1.0)), reference)).proofs
    assert found == ("With the root, the variance does not depend on the dimension.",)


def test_nearly_all_proofs_that_were_read_by_hand_back_their_point() -> None:
    """proofs.jsonl: of 40 entries drawn at random, each sentence with what a reader found: 2 states the point, 1 a real
    part of it, 0 something else. A sentence that is no longer chosen, or was never read, counts as neither."""
    entries = {entry.id: entry for entry in load_bank(BANK, compute).entries}
    labels: list[int] = []
    for line in (Path(__file__).parent / "proofs.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        entry = entries[row["entry"]]
        at = [point.id for point in entry.key_points].index(row["point"])
        if read_expected(rubric_from_entry(entry, row["language"])).proofs[at] == row["sentence"]:
            labels.append(row["label"])
    assert len(labels) >= 200
    assert labels.count(0) <= 0.03 * len(labels)
    assert labels.count(2) >= 0.65 * len(labels)


def test_half_a_minute_holds_the_heaviest_points_in_their_order() -> None:
    long = "This point is told at such a length that nothing else would fit beside it, " * 6
    points = key_points(("First comes the cause.", 2.0), (long, 1.0), ("Then comes the effect", 3.0))
    assert write_spoken(Rubric("Why?", points)) == "First comes the cause. Then comes the effect."
    assert write_spoken(Rubric("Why?", points[:1])) == ""


def test_no_spoken_answer_of_the_bank_takes_longer_than_half_a_minute_unless_it_is_one_point() -> None:
    for entry in load_bank(BANK, compute).entries:
        for language in LANGUAGES:
            spoken = write_spoken(rubric_from_entry(entry, language))
            assert spoken
            words = len(spoken.split()) if language == "en" else han_count(spoken) * 75 / 125
            longest = max(len(point.text.en.split()) for point in entry.key_points)
            assert words <= max(80, longest)


def test_a_proof_does_not_depend_on_the_order_of_a_set() -> None:
    """Two sentences of this answer prove a key point alike; Python hashes words anew in each process."""
    code = (
        "from tutor.bank.load import load_bank\n"
        "from tutor.drills.formulas import compute\n"
        "from tutor.grading.reading import read_expected\n"
        "from tutor.grading.rubric import rubric_from_entry\n"
        f"from pathlib import Path; entry = load_bank(Path({str(BANK)!r}), compute).get('scaling-laws')\n"
        "print(read_expected(rubric_from_entry(entry, 'en')).proofs)"
    )
    shown = {
        subprocess.run(
            [sys.executable, "-W", "ignore", "-c", code],
            env={**os.environ, "PYTHONHASHSEED": seed},
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("0", "1", "2")
    }
    assert len(shown) == 1
