"""What the calculator shows: a result with its steps, a table of doublings, a plot, a slider. Keeps no state."""

from collections.abc import Mapping
from typing import Any

import gradio as gr

from tutor.domain import Language
from tutor.drills.explanations import load_explanations
from tutor.drills.formulas import FORMULAS, Formula, compute, find_formula, read_values
from tutor.drills.grading import show_answer
from tutor.drills.notation import unit_word, write_count, write_number
from tutor.drills.parameter_names import load_parameters
from tutor.drills.solution import render_solution, solve
from tutor.drills.sweep import doublings, sweep, sweep_range, sweepable
from tutor.ui.strings import say

_QUANTITATIVE = dict.fromkeys("xy", "quantitative")
_FEW = 2  # a table or plot of fewer points says nothing


def input_text(value: object) -> str:
    """A value as its box shows it, and reads it again: 7B, 312T, 0.3."""
    if not isinstance(value, int | float):
        return str(value)
    if 1e6 <= value < 1e15:
        short = write_count(value, 10)
        return short if len(short) < 12 else f"{value:.12g}"
    return f"{value:.10g}"


def render_result(name: str, values: Mapping[str, Any], language: Language) -> str:
    """The number, then how it comes about. Raises DrillError as `compute` does."""
    answer = show_answer(compute(name, values), language)
    return f"### {answer}\n\n{render_solution(solve(name, values), language)}"


def sweep_choices(name: str, language: Language) -> list[tuple[str, str]]:
    """Parameters that a plot may vary; none where a plot says nothing."""
    labels = load_parameters()
    if not load_explanations()[name].plot:
        return []
    return [(labels[key].label.in_language(language), key) for key in sweepable(FORMULAS[name])]


def render_points(name: str, values: Mapping[str, Any], swept: str, language: Language) -> str:
    """The result at an eighth to eight times the swept parameter, as a Markdown table."""
    formula = find_formula(name)
    if not swept:
        return ""
    points = doublings(formula, values, swept, _value_of(formula, values, swept))
    if len(points) < _FEW:
        return ""
    label = load_parameters()[swept].label.in_language(language)
    head = f"| {label} | {say('calc_result', language)} ({unit_word(formula.unit, language)}) |\n|---:|---:|\n"
    return head + "\n".join(
        f"| {input_text(x) if x >= 1e6 else write_number(x)} | {write_number(y)} |" for x, y in points
    )


def plot_update(name: str, values: Mapping[str, Any], swept: str, language: Language) -> Any:
    """The curve over the swept parameter; hidden where there is none."""
    formula = find_formula(name)
    if not swept:
        return gr.update(visible=False)
    reach = sweep_range(formula.parameters[swept], _value_of(formula, values, swept))
    points = sweep(formula, {**formula.defaults, **values}, swept, reach)
    if len(points) < _FEW:
        return gr.update(visible=False)
    label = load_parameters()[swept].label.in_language(language)
    curve = {
        "columns": ["x", "y"],
        "data": [list(point) for point in points],
        "datatypes": _QUANTITATIVE,
        "mark": "line",
    }
    return gr.update(value=curve, x_title=label, y_title=unit_word(formula.unit, language), visible=True)


def slider_update(name: str, values: Mapping[str, Any], swept: str) -> Any:
    """Range and place of the slider for the swept parameter."""
    formula = find_formula(name)
    if not swept:
        return gr.update(visible=False)
    value = _value_of(formula, values, swept)
    reach = sweep_range(formula.parameters[swept], value)
    step = 1 if reach.whole else (reach.high - reach.low) / 200
    return gr.update(minimum=reach.low, maximum=reach.high, step=step, value=value, visible=True)


def _value_of(formula: Formula, values: Mapping[str, Any], swept: str) -> float:
    read = {**formula.defaults, **read_values(formula, values)}
    return float(read[swept])  # type: ignore[arg-type]
