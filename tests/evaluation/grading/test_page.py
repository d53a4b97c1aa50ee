"""The page of grades: what is measured again replaces its own set's part, and nothing else."""

from pathlib import Path

import pytest

from tutor.errors import SettingsError
from tutor.evaluation.grading.measurement import Measurement
from tutor.evaluation.grading.page import Conditions, keep, page, require_sets
from tutor.evaluation.statistics.agreement import Rating

RATINGS = tuple(Rating(f"q{n % 5}", (n % 4) / 3, ((n * 2) % 4) / 3) for n in range(40))


def test_what_is_measured_again_leaves_other_sets_and_methods_as_they_were(tmp_path: Path) -> None:
    file = tmp_path / "grading.json"
    first = [Measurement(name, method, RATINGS) for name in ("own", "sprag_ml") for method in ("grader", "e5 cosine")]
    before = keep(file, first, [{"measure": "key point auc", "grader": "0.7"}], Conditions("2026-01-01", "e", "m"))
    after = keep(file, [Measurement("sprag_ml", "grader", RATINGS[:20])], [], Conditions("2026-02-02", "e", "m"))
    assert after["sets"]["own"] == before["sets"]["own"]
    lines = [(line["method"], line["attempts"], line["measured"]) for line in after["sets"]["sprag_ml"]]
    assert lines == [("grader", 20, "2026-02-02"), ("e5 cosine", 40, "2026-01-01")]
    assert after["details"] == before["details"]
    shown = page(after)
    assert shown.index("| own |") < shown.index("| sprag_ml |")
    assert "key point auc" in shown


def test_an_unknown_set_is_named_with_those_there_are(tmp_path: Path) -> None:
    require_sets(["own"], tmp_path, write=True)
    with pytest.raises(SettingsError, match="found 'none-such'"):
        require_sets(["sprag_ml", "none-such"], tmp_path, write=False)


def test_a_file_of_the_folder_is_a_set_that_the_page_does_not_show(tmp_path: Path) -> None:
    (tmp_path / "mine.jsonl").write_text("", encoding="utf-8")
    require_sets(["mine"], tmp_path, write=False)
    with pytest.raises(SettingsError, match="Measure it without --write"):
        require_sets(["mine"], tmp_path, write=True)


def test_human_scored_sets_need_a_folder_and_the_projects_own_needs_none() -> None:
    require_sets(["own"], None, write=True)
    for names in ([], ["sprag_ml"], ["own", "sprag_ml"]):
        with pytest.raises(SettingsError, match="--sets: expected the folder"):
            require_sets(names, None, write=False)
