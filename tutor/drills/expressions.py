"""The small arithmetic of the steps and slips in the data files: evaluated by hand, never by `eval`, and written out.

Knows + - * / **, ceil, sqrt, ==, >= and `a if condition else b`; no formula and no unit.
"""

import ast
import math
import operator
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Literal

from tutor.errors import DrillError

Style = Literal["latex", "plain"]

_OPERATORS: dict[type[ast.operator], Callable[[float, float], float]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Pow: operator.pow,
}
_SIGNS: dict[type[ast.operator], tuple[int, str, str]] = {  # binding, LaTeX, plain
    ast.Add: (1, " + ", " + "),
    ast.Sub: (1, " - ", " - "),
    ast.Mult: (2, r" \times ", " × "),
    ast.Div: (2, "", " / "),
    ast.Pow: (4, "", "^"),
}
_FUNCTIONS: dict[str, Callable[[float], float]] = {"ceil": math.ceil, "sqrt": math.sqrt}
_WRITTEN = {
    "ceil": {"latex": r"\left\lceil %s \right\rceil", "plain": "⌈%s⌉"},
    "sqrt": {"latex": r"\sqrt{%s}", "plain": "√(%s)"},
}
_ATOM = 5


@lru_cache(maxsize=1024)
def _parse(expression: str) -> ast.expr:
    return ast.parse(expression, mode="eval").body


def evaluate(expression: str, values: Mapping[str, float]) -> float:
    """The value of an expression; raises DrillError for a name that has no value, or for other syntax."""
    return _evaluate(_parse(expression), values)


def render(expression: str, names: Mapping[str, str], values: Mapping[str, float], style: Style) -> str:
    """The expression with `names` put in (numbers or symbols); of a condition only the branch that `values` choose."""
    return _render(_parse(expression), names, values, style)[0]


def _evaluate(node: ast.expr, values: Mapping[str, float]) -> float:
    match node:
        case ast.Constant(value=int() | float() as number):
            return float(number)
        case ast.Name(id=name) if name in values:
            return values[name]
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return -_evaluate(operand, values)
        case ast.BinOp(left=left, op=sign, right=right) if type(sign) in _OPERATORS:
            return _OPERATORS[type(sign)](_evaluate(left, values), _evaluate(right, values))
        case ast.Call(func=ast.Name(id=name), args=[argument]) if name in _FUNCTIONS:
            return _FUNCTIONS[name](_evaluate(argument, values))
        case ast.IfExp():
            return _evaluate(_branch(node, values), values)
        case ast.Compare(left=left, ops=[ast.GtE()], comparators=[right]):
            return float(_evaluate(left, values) >= _evaluate(right, values))
    raise DrillError("drills.other_names", expression=ast.unparse(node), names=list(values))


def _branch(node: ast.IfExp, values: Mapping[str, float]) -> ast.expr:
    return node.body if _evaluate(node.test, values) else node.orelse


def _render(node: ast.expr, names: Mapping[str, str], values: Mapping[str, float], style: Style) -> tuple[str, int]:
    """(text, how tightly it binds)"""
    match node:
        case ast.Constant(value=int() | float() as value):
            return f"{value:,}".replace(",", "{,}" if style == "latex" else ","), _ATOM
        case ast.Name(id=name):
            return names[name], 2 if "10^" in names[name] else _ATOM
        case ast.UnaryOp(operand=operand):
            return f"-{_wrapped(_render(operand, names, values, style), 3)}", 3
        case ast.Call(func=ast.Name(id=name), args=[argument]):
            return _WRITTEN[name][style] % _render(argument, names, values, style)[0], _ATOM
        case ast.IfExp():
            return _render(_branch(node, values), names, values, style)
        case ast.BinOp():
            return _render_operation(node, names, values, style)
    raise DrillError("drills.no_arithmetic", expression=ast.unparse(node))


def _render_operation(
    node: ast.BinOp, names: Mapping[str, str], values: Mapping[str, float], style: Style
) -> tuple[str, int]:
    left, right = (_render(side, names, values, style) for side in (node.left, node.right))
    binding, latex, plain = _SIGNS[type(node.op)]
    if style == "latex" and isinstance(node.op, ast.Div):
        return rf"\frac{{{left[0]}}}{{{right[0]}}}", _ATOM
    if style == "latex" and isinstance(node.op, ast.Pow):
        return f"{_wrapped(left, binding + 1)}^{{{right[0]}}}", binding
    firm = binding + 1 if isinstance(node.op, ast.Sub | ast.Div | ast.Pow) else binding
    sign = latex if style == "latex" else plain
    return f"{_wrapped(left, binding)}{sign}{_wrapped(right, firm)}", binding


def _wrapped(part: tuple[str, int], least: int) -> str:
    text, binding = part
    return text if binding >= least else f"({text})"
