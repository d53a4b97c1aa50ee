"""`python -m tutor calc [NAME]`: the formulas as a tool, with the steps of each result."""

import argparse
from collections.abc import Mapping, Sequence
from typing import Any

from tutor.assembly import Tutor
from tutor.cli.lines import print_json
from tutor.cli.locale import user_language
from tutor.domain import Language
from tutor.drills.cards import card_values, load_cards
from tutor.drills.explanations import load_explanations
from tutor.drills.formulas import FORMULAS, Formula, compute, find_formula
from tutor.drills.notation import write_quantity
from tutor.drills.parameter_names import load_parameters
from tutor.drills.solution import solve
from tutor.errors import DrillError


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = subparsers.add_parser(
        "calc",
        help="compute memory, compute, time, speed and cost; without NAME: list the formulas",
        description="Example: python -m tutor calc kv_cache --model 'Llama 3 8B' --set context_tokens=8192 --set batch=4 "
        "--set bytes_per_value=2. Numbers may be written 7B, 1e12, 40%.",
    )
    parser.add_argument("name", nargs="?", metavar="NAME", help="the formula")
    parser.add_argument("--set", action="append", default=[], metavar="KEY=VALUE", help="a parameter; repeat for more")
    parser.add_argument("--model", metavar="NAME", help="fill in what the card of a model says")
    parser.add_argument("--gpu", metavar="NAME", help="fill in what the card of a GPU says")
    parser.add_argument("--language", choices=("zh", "en"), help="of titles and steps (default: the setting)")
    parser.add_argument("--json", action="store_true", help="one JSON object (a line)")
    parser.set_defaults(handler=calc)


def calc(args: argparse.Namespace, tutor: Tutor) -> int:
    language = args.language or user_language(tutor.settings.language)
    if args.name is None:
        _list_formulas(language, args.json)
        return 0
    formula = find_formula(args.name)
    values = {**_from_cards(formula, args.model, args.gpu), **read_settings(args.set)}
    result = result_json(formula, values, language)
    if args.json:
        print_json(result)
        return 0
    print(load_explanations()[formula.name].title.in_language(language))
    for number, step in enumerate(result["steps"], start=1):
        print(f"  {number}. {step['text']}: {step['math']}")
    print(f"= {write_quantity(compute(formula.name, values))}")
    return 0


def read_settings(pairs: Sequence[str]) -> dict[str, str]:
    """["batch=4"] -> {"batch": "4"}; raises DrillError for what has no `=` or comes twice."""
    values: dict[str, str] = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        name = name.strip()
        if not equals or not name:
            raise DrillError("cli.no_pair", found=pair)
        if name in values:
            raise DrillError("cli.parameter_twice", parameter=name)
        values[name] = value.strip()
    return values


def result_json(formula: Formula, values: Mapping[str, Any], language: Language) -> dict[str, Any]:
    """Value, unit, what was put in, and the steps in one language."""
    result = compute(formula.name, values)
    return {
        "formula": formula.name,
        "value": result.value,
        "unit": result.unit,
        "values": dict(values),
        "steps": [
            {"text": step.text.in_language(language), "math": step.plain} for step in solve(formula.name, values)
        ],
        "source": load_explanations()[formula.name].source,
    }


def _from_cards(formula: Formula, model: str | None, gpu: str | None) -> Mapping[str, float]:
    cards = load_cards()
    return card_values(list(formula.parameters), cards.model(model) if model else None, cards.gpu(gpu) if gpu else None)


def _list_formulas(language: Language, as_json: bool) -> None:
    labels = load_parameters()
    for name, formula in FORMULAS.items():
        title = load_explanations()[name].title.in_language(language)
        if as_json:
            parameters = {
                key: {"label": labels[key].label.in_language(language), "expects": str(kind.words), "optional": key in formula.optional}
                for key, kind in formula.parameters.items()
            }  # fmt: skip
            print_json({"formula": name, "title": title, "unit": formula.unit, "parameters": parameters})
        else:
            print(f"{name:34} {title}  [{formula.unit}]")
            print(" " * 35 + ", ".join(f"[{key}]" if key in formula.optional else key for key in formula.parameters))
