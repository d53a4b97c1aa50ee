"""A fitted model and its file: what is written is read back, and says where it comes from."""

import json
import math
import sys
from pathlib import Path

import pytest

from tutor.fitted import EVEN, Logistic, load_fitted, read_logistic, write_fitted

MODEL = Logistic({"near": 2.0, "long": -1.0}, {"near": 0.5, "long": 3.0}, {"near": 0.1, "long": 2.0}, -0.5, 0.7)


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A package with one file of parameters."""
    folder = tmp_path / "with_parameters"
    folder.mkdir()
    (folder / "__init__.py").write_text("", encoding="utf-8")
    known = {"provenance": {"fitted": "2020-01-01", "rows": 3}, "model": {}, "kept": 1}
    (folder / "model.json").write_text(json.dumps(known), encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.delitem(sys.modules, "with_parameters", raising=False)
    return "with_parameters"


def test_signals_count_by_their_distance_from_the_mean_in_standard_deviations() -> None:
    assert MODEL.log_odds({"near": 0.6, "long": 5.0}) == pytest.approx(-0.5 + 2.0 - 1.0)
    assert MODEL.probability({"near": 0.5, "long": 3.0}) == pytest.approx(1 / (1 + math.exp(0.5)))


def test_a_probability_stays_a_number_however_far_the_signals_are() -> None:
    assert 0 < MODEL.probability({"near": -1e9, "long": 0.0}) < MODEL.probability({"near": 1e9, "long": 0.0}) <= 1


def test_a_missing_signal_is_no_zero() -> None:
    with pytest.raises(KeyError, match="long"):
        MODEL.probability({"near": 0.5})


def test_a_model_is_read_back_as_it_was_written() -> None:
    assert read_logistic(json.loads(json.dumps(MODEL.as_json()))) == MODEL


def test_a_threshold_that_nobody_chose_is_not_written() -> None:
    unchosen = Logistic({}, {}, {}, 0.0)
    assert "threshold" not in unchosen.as_json()
    assert read_logistic(unchosen.as_json()).threshold == EVEN


def test_writing_replaces_what_was_fitted_with_its_provenance_and_keeps_the_rest(package: str) -> None:
    write_fitted(package, "model", {"model": MODEL.as_json()}, {"command": "fit"})
    found = load_fitted(package, "model")
    assert read_logistic(found["model"]) == MODEL
    assert found["kept"] == 1
    assert set(found["provenance"]) == {"fitted", "command"}
    assert found["provenance"]["fitted"] > "2026"


@pytest.mark.parametrize(
    ("package_name", "name"),
    [("tutor.grading", "calibration"), ("tutor.entailment", "support"), ("tutor.entailment", "contradiction"),
     ("tutor.grading", "probes"), ("tutor.retrieval", "scope")],
)  # fmt: skip
def test_every_shipped_file_says_when_and_by_which_command_it_was_fitted(package_name: str, name: str) -> None:
    provenance = load_fitted(package_name, name)["provenance"]
    assert provenance["command"].startswith("python -m tutor eval ")
    assert provenance["fitted"]
