"""Every formula is explained in both languages, and the steps of its worked solution end at its result."""

import re

import pytest

from tutor.domain import LANGUAGES, Bilingual
from tutor.drills.explanations import load_explanations, render_explanation, symbols
from tutor.drills.expressions import evaluate
from tutor.drills.formulas import FORMULAS, compute, read_values
from tutor.drills.parameter_names import load_parameters
from tutor.drills.solution import render_solution, solve
from tutor.drills.steps_by_hand import BY_HAND
from tutor.drills.units import measure

CHINESE = re.compile("[\u4e00-\u9fff]")


def is_native(text: Bilingual) -> bool:
    return bool(CHINESE.search(text.zh)) and not CHINESE.search(text.en) and bool(text.en.strip())


def test_every_formula_is_explained_and_nothing_else() -> None:
    assert set(load_explanations()) == set(FORMULAS)


def test_every_parameter_has_a_name_in_both_languages_and_nothing_else() -> None:
    used = {name for formula in FORMULAS.values() for name in formula.parameters}
    assert set(load_parameters()) == used
    assert all(parameter.symbol and is_native(parameter.label) for parameter in load_parameters().values())


@pytest.mark.parametrize("name", FORMULAS)
def test_an_explanation_is_complete(name: str) -> None:
    said = load_explanations()[name]
    assert is_native(said.why)
    assert all((said.title.zh, said.title.en, said.formula, said.source))
    assert said.plot == "" or FORMULAS[name].parameters[said.plot].form == "number"
    assert set(said.example) <= set(FORMULAS[name].parameters)
    for language in LANGUAGES:
        assert said.title.in_language(language) in render_explanation(name).in_language(language)


@pytest.mark.parametrize("name", FORMULAS)
def test_every_symbol_of_a_formula_is_called_by_its_name(name: str) -> None:
    """Switches, and which element of a vector is meant, are told in words."""
    in_words = {"position", "stage", "positions", "gated", "tied", "biases", "qkv_biases", "recomputed"}
    assert set(FORMULAS[name].parameters) - in_words <= set(symbols(name))
    assert len(set(symbols(name).values())) == len(symbols(name))


@pytest.mark.parametrize("name", FORMULAS)
def test_the_steps_end_at_the_result_of_the_example(name: str) -> None:
    said, formula = load_explanations()[name], FORMULAS[name]
    result = compute(name, said.example)
    steps = solve(name, said.example)
    assert steps
    for language in LANGUAGES:
        assert render_solution(steps, language).count("\n") == len(steps) - 1
    if name in BY_HAND:
        told = float(re.findall(r"-?\d[\d,.]*", steps[-1].plain)[-1].replace(",", ""))
        assert told == pytest.approx(result.value, rel=1e-3)
        return
    known = {key: float(value) for key, value in {**formula.defaults, **read_values(formula, said.example)}.items()}
    for step in said.steps:
        known[step.name] = evaluate(step.expression, known)
        assert is_native(step.text)
        assert step.unit == "" or step.unit == "bit" or measure(step.unit)
    assert formula.quantity(known[said.steps[-1].name]).value == pytest.approx(result.value)


def test_a_solution_shows_every_number_in_latex_and_in_plain_text() -> None:
    values = {"layers": 32, "kv_heads": 32, "head_dim": 128, "context_tokens": 2048, "batch": 4, "bytes_per_value": 2}
    steps = solve("kv_cache", values)
    assert [step.plain for step in steps] == [
        "2 × 32 × 128 = 8,192",
        "8,192 × 32 × 2 = 524,288 B",
        "524,288 × 2,048 × 4 = 4.29497 × 10^9 B",
        "4.29497 × 10^9 B = 4.295 GB = 4 GiB",
    ]
    assert steps[1].latex == r"8{,}192 \times 32 \times 2 = 524{,}288\ \mathrm{B}"


def test_only_the_branch_that_applies_is_shown() -> None:
    values = {"parameters": 7e9, "gpus": 8, "stage": 1}
    assert [step.plain for step in solve("zero_memory", values)][:3] == ["12 / 8 = 1.5 B", "2 B", "2 B"]
