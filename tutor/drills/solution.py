"""Worked solutions: every step of a formula with the numbers put in, for a page (LaTeX) and for a terminal.

Steps of most formulas are data (`explanations`); those of vectors and words are in `steps_by_hand`.
"""

from collections.abc import Mapping
from typing import Any

from tutor.domain import Bilingual, Language
from tutor.drills.explanations import StepForm, load_explanations
from tutor.drills.expressions import Style, evaluate, render
from tutor.drills.formulas import Formula, find_formula, read_values
from tutor.drills.notation import write_latex, write_number
from tutor.drills.steps_by_hand import BY_HAND, Step
from tutor.drills.units import Quantity, measure


def solve(name: str, values: Mapping[str, object]) -> tuple[Step, ...]:
    """All steps to the formula's result in its unit; raises DrillError as `compute` does."""
    formula = find_formula(name)
    numbers: dict[str, Any] = {**formula.defaults, **read_values(formula, values)}
    result = formula.quantity(formula.function(**numbers))
    if name in BY_HAND:
        return BY_HAND[name](numbers)
    return (*_worked(load_explanations()[name].steps, numbers), *_converted(formula, result))


def render_solution(steps: tuple[Step, ...], language: Language) -> str:
    """Numbered steps as Markdown with LaTeX."""
    return "\n".join(
        f"{number}. {step.text.in_language(language)}{'：' if language == 'zh' else ': '}"
        + (f"$ {step.latex} $" if step.latex else step.plain)
        for number, step in enumerate(steps, start=1)
    )


def _worked(forms: tuple[StepForm, ...], numbers: Mapping[str, float]) -> tuple[Step, ...]:
    known = {name: float(value) for name, value in numbers.items()}
    steps = []
    for form in forms:
        value = evaluate(form.expression, known)
        steps.append(Step(form.text, _line(form, known, value, "latex"), _line(form, known, value, "plain")))
        if form.name:
            known[form.name] = value
    return tuple(steps)


def _line(form: StepForm, known: Mapping[str, float], value: float, style: Style) -> str:
    """ "2 × 8 × 128 = 2,048 B", or the number alone where nothing is left to do."""
    write = write_latex if style == "latex" else write_number
    filled = render(form.expression, {name: write(number, 6) for name, number in known.items()}, known, style)
    unit = (rf"\ \mathrm{{{form.unit}}}" if style == "latex" else f" {form.unit}") if form.unit else ""
    result = write(value, 6)
    return f"{result}{unit}" if filled == result else f"{filled} = {result}{unit}"


def _converted(formula: Formula, result: Quantity) -> tuple[Step, ...]:
    """From base units to the unit of the formula; for memory in binary units too."""
    if formula.base_unit == formula.unit:
        return ()
    chain = [result.to(formula.base_unit), result]
    if measure(formula.unit) == "memory":
        chain.append(result.to("GiB"))
    digits = (6, 4, 4)
    latex = " = ".join(
        rf"{write_latex(item.value, few)}\ \mathrm{{{item.unit}}}" for item, few in zip(chain, digits, strict=False)
    )
    plain = " = ".join(f"{write_number(item.value, few)} {item.unit}" for item, few in zip(chain, digits, strict=False))
    return (Step(Bilingual("换算单位", "Convert the unit"), latex, plain),)
