"""The page of grades: what is measured again replaces its own set's part, and nothing else."""

from pathlib import Path

import pytest

from tutor.errors import SettingsError
from tutor.evaluation.agreement import Scored
from tutor.evaluation.grading_page import Conditions, check_sets, keep, page
from tutor.evaluation.measure_grading import Measured

ROWS = tuple(Scored(f"q{n % 5}", (n % 4) / 3, ((n * 2) % 4) / 3) for n in range(40))


def test_what_is_measured_again_leaves_other_sets_and_methods_as_they_were(tmp_path: Path) -> None:
    file = tmp_path / "grading.json"
    first = [Measured(name, method, ROWS) for name in ("own", "sprag_ml") for method in ("grader", "e5 cosine")]
    before = keep(file, first, [{"measure": "key point auc", "grader": "0.7"}], Conditions("2026-01-01", "e", "m"))
    after = keep(file, [Measured("sprag_ml", "grader", ROWS[:20])], [], Conditions("2026-02-02", "e", "m"))
    assert after["sets"]["own"] == before["sets"]["own"]
    lines = [(line["method"], line["attempts"], line["measured"]) for line in after["sets"]["sprag_ml"]]
    assert lines == [("grader", 20, "2026-02-02"), ("e5 cosine", 40, "2026-01-01")]
    assert after["details"] == before["details"]
    shown = page(after)
    assert shown.index("| own |") < shown.index("| sprag_ml |")
    assert "key point auc" in shown


def test_an_unknown_set_is_named_with_those_there_are() -> None:
    check_sets(["own"])
    with pytest.raises(SettingsError, match="found 'none-such'"):
        check_sets(["sprag_ml", "none-such"])
