"""Plots and tables vary one parameter within what the formula accepts."""

import pytest

from tutor.drills.explanations import load_explanations
from tutor.drills.formulas import FORMULAS
from tutor.drills.sweep import doublings, sweep, sweep_range, sweepable
from tutor.errors import DrillError

KV = load_explanations()["kv_cache"].example


@pytest.mark.parametrize("name", [name for name, said in load_explanations().items() if said.plot])
def test_the_plot_of_every_formula_has_points_in_rising_order(name: str) -> None:
    said, formula = load_explanations()[name], FORMULAS[name]
    assert said.plot in sweepable(formula)
    value = float(said.example[said.plot])
    reach = sweep_range(formula.parameters[said.plot], value)
    points = sweep(formula, said.example, said.plot, reach)
    assert len(points) >= 5
    assert [place for place, _ in points] == sorted(place for place, _ in points)
    assert reach.low <= value <= reach.high
    assert all(reach.low <= place <= reach.high for place, _ in points)


def test_memory_grows_in_proportion_to_the_context() -> None:
    points = dict(doublings(FORMULAS["kv_cache"], KV, "context_tokens", 2048))
    assert list(points) == [256, 512, 1024, 2048, 4096, 8192, 16384]
    assert points[4096] == pytest.approx(2 * points[2048])


def test_switches_and_vectors_are_not_varied() -> None:
    assert "tied" not in sweepable(FORMULAS["transformer_parameters"])
    assert "stage" not in sweepable(FORMULAS["zero_memory"])
    assert sweepable(FORMULAS["softmax_probability"]) == ("position", "temperature")


def test_a_share_is_not_varied_beyond_one() -> None:
    assert sweep_range(FORMULAS["training_days"].parameters["mfu"], 0.4).high == 1


def test_wrong_values_are_told() -> None:
    formula = FORMULAS["kv_cache"]
    with pytest.raises(DrillError, match="`batch`"):
        sweep(formula, {**KV, "batch": "x"}, "context_tokens", sweep_range(formula.parameters["context_tokens"], 2048))
