"""Human-scored sets: lines are read with care, and a set is graded whole, as the product grades."""

import json
from pathlib import Path

import pytest

from tests.fakes import WordHashEmbeddings
from tutor.errors import SettingsError
from tutor.evaluation.grading.measure_sets import measure_known_set, measure_unseen_set
from tutor.evaluation.grading.readings import SampleReader
from tutor.evaluation.grading.samples import Sample, scored_samples

REFERENCE = "The gap opens the closed path, so no current flows."
QUESTIONS = ("What does a gap do?", "Why is the bulb dark?", "What stops the current?")
ANSWERS = (("It opens the closed path of the current", 1.0), ("The bulb is hot", 0.0), ("idk", 0.0))


def write_set(file: Path, **more: object) -> Path:
    lines = [
        {"question": question, "reference": REFERENCE, "answer": answer, "score_human": score, **more}
        for question in QUESTIONS
        for answer, score in ANSWERS
    ]
    file.write_text("\n".join(json.dumps(line) for line in lines), encoding="utf-8")
    return file


def samples_of(file: Path) -> list[Sample]:
    return scored_samples(file, 100)


def test_samples_are_questions_with_a_reference_or_key_points(tmp_path: Path) -> None:
    samples = samples_of(write_set(tmp_path / "a.jsonl"))
    assert len(samples) == 9
    assert {sample.kind for sample in samples} == set(QUESTIONS)
    assert sorted(sample.score for sample in samples) == [0.0] * 6 + [1.0] * 3
    [written, *_] = samples_of(write_set(tmp_path / "b.jsonl", reference="", key_points=["A gap opens the path."]))
    assert not written.rubric.from_reference
    with pytest.raises(SettingsError, match=r"c.jsonl: expected examined answers"):
        samples_of(write_set(tmp_path / "c.jsonl", reference=" "))


@pytest.mark.parametrize(
    "line",
    [
        "[]",
        "{",
        json.dumps({"question": "Q?", "reference": "R.", "answer": "A", "score_human": 7}),
        '{"question": "Q?"}',
    ],
)
def test_a_line_that_is_no_sample_is_named(line: str, tmp_path: Path) -> None:
    file = write_set(tmp_path / "a.jsonl")
    file.write_text(file.read_text(encoding="utf-8") + f"\n{line}\n", encoding="utf-8")
    with pytest.raises(SettingsError, match="line 10: expected an object with `question`"):
        samples_of(file)


def test_an_unseen_set_is_graded_whole_beside_what_is_simple(tmp_path: Path) -> None:
    samples = samples_of(write_set(tmp_path / "a.jsonl"))
    measured = {item.method: item for item in measure_unseen_set(samples, "a", WordHashEmbeddings())}
    assert list(measured) == ["grader", "constant mean", "term recall", "e5 cosine"]
    given = {sample.attempt: score.given for sample, score in zip(samples, measured["grader"].ratings, strict=True)}
    assert given["idk"] == 0.0  # a guard of the product
    assert given[ANSWERS[0][0]] > given[ANSWERS[1][0]]
    assert str(measured["grader"].line()["in_band"]).startswith(("0.", "1."))
    assert measured["constant mean"].line()["in_band"] == "-"


def test_key_points_stand_in_for_a_reference_that_is_not_there(tmp_path: Path) -> None:
    samples = samples_of(write_set(tmp_path / "a.jsonl", reference="", key_points=REFERENCE.split(", ")))
    measured = {item.method: item for item in measure_unseen_set(samples, "a", WordHashEmbeddings())}
    by_answer = {
        sample.attempt: score.given for sample, score in zip(samples, measured["term recall"].ratings, strict=True)
    }
    assert by_answer[ANSWERS[0][0]] > by_answer[ANSWERS[1][0]]


def test_a_set_of_the_fit_is_graded_by_what_the_others_have_taught(tmp_path: Path) -> None:
    reader = SampleReader(WordHashEmbeddings(), None)
    scored = {
        name: [
            reading for sample in samples_of(write_set(tmp_path / f"{name}.jsonl")) if (reading := reader.read(sample))
        ]
        for name in ("a", "b", "c")
    }
    before = measure_known_set(scored, "a", WordHashEmbeddings())
    flipped = [*scored["a"][:-1], scored["a"][0]]
    after = measure_known_set({**scored, "a": flipped}, "a", WordHashEmbeddings())
    assert [item.method for item in before] == ["grader", "constant mean", "term recall", "e5 cosine"]
    for first, second in zip(before, after, strict=True):
        assert [rating.given for rating in first.ratings[:-1]] == [rating.given for rating in second.ratings[:-1]]
