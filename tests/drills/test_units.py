"""Units convert within a measure and never across."""

import pytest

from tutor.drills import units
from tutor.drills.units import EVERYDAY, Quantity, base_unit, measure, size
from tutor.errors import DrillError


@pytest.mark.parametrize(
    ("value", "unit", "to", "expected"),
    [(4, "GiB", "GB", 4.294967296), (39, "days", "h", 936), (8, "bit", "B", 1), (1.5, "PFLOP", "FLOP", 1.5e15),
     (180, "degrees", "rad", 3.141592653589793), (40, "percent", "share", 0.4), (1, "TB/s", "GB/s", 1000)],
)  # fmt: skip
def test_a_quantity_converts_within_its_measure(value: float, unit: str, to: str, expected: float) -> None:
    assert Quantity(value, unit).to(to).value == pytest.approx(expected)
    assert Quantity(value, unit).to(to).unit == to


@pytest.mark.parametrize(("unit", "to"), [("GB", "days"), ("FLOP", "FLOP/s"), ("tokens", "parameters"), ("GB", "GB/s")])
def test_measures_do_not_mix(unit: str, to: str) -> None:
    with pytest.raises(DrillError, match=f"Unit `{to}`: expected a unit of"):
        Quantity(1, unit).to(to)


@pytest.mark.parametrize("unit", ["furlong", "GB*s", "", "gigawatt"])
def test_an_unknown_unit_is_named(unit: str) -> None:
    with pytest.raises(DrillError, match="expected a unit such as GB"):
        measure(unit)


def test_a_quantity_knows_what_it_is_in_base_units() -> None:
    assert Quantity(14, "GB").base_value == 14e9
    assert Quantity(7, "ms").base_value == 0.007


def test_base_units_have_size_one() -> None:
    assert base_unit("GiB") == "B"
    assert size("B") == size("s") == size("FLOP") == 1
    assert (size("KB"), size("KiB")) == (1000, 1024)


def test_the_units_of_every_day_are_those_of_pint(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(units, "EVERYDAY", {})
    for unit, (what, base_units) in EVERYDAY.items():
        assert measure.__wrapped__(unit) == what
        assert size.__wrapped__(unit) == pytest.approx(base_units, rel=1e-12)
