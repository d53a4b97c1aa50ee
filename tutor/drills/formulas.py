"""The formulas by name, as bank files and drills call them: values in, a number in the formula's unit out.

The registry is where base units (bytes, seconds) become the unit that people use (GB, days).
"""

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, get_type_hints

from tutor.drills import flops, memory, parameters, speed
from tutor.drills.kinds import Kind, read_number
from tutor.errors import DrillError

# How many base units (bytes, seconds, or the thing itself) one unit is.
UNITS: Mapping[str, float] = {
    "GB": 1e9,
    "FLOP": 1.0,
    "days": 86_400.0,
    "s": 1.0,
    "ms": 1e-3,
    "parameters": 1.0,
    "tokens": 1.0,
    "tokens/s": 1.0,
    "sequences": 1.0,
    "USD": 1.0,
    "share": 1.0,
}


@dataclass(frozen=True)
class Quantity:
    """A number and its unit."""

    value: float
    unit: str


@dataclass(frozen=True)
class Formula:
    """A formula with what it accepts; the docstring of `function` holds derivation and source."""

    name: str
    function: Callable[..., float]
    unit: str
    parameters: Mapping[str, Kind]
    optional: frozenset[str] = frozenset()  # parameters with a default


def _formulas(unit: str, *functions: Callable[..., float]) -> dict[str, Formula]:
    return {function.__name__: _formula(unit, function) for function in functions}


def _formula(unit: str, function: Callable[..., float]) -> Formula:
    hints: dict[str, Any] = get_type_hints(function, include_extras=True)
    signature = inspect.signature(function).parameters
    kinds = {name: hints[name].__metadata__[0] for name in signature}
    optional = frozenset(name for name, item in signature.items() if item.default is not item.empty)
    return Formula(function.__name__, function, unit, kinds, optional)


FORMULAS: Mapping[str, Formula] = {
    **_formulas(
        "GB",
        memory.weights_memory,
        memory.weights_memory_mixed,
        memory.quantized_weights_memory,
        memory.kv_cache,
        memory.kv_cache_paged,
        memory.kv_cache_mla,
        memory.activations_memory,
        memory.activations_memory_selective,
        memory.activations_memory_checkpointed,
        memory.training_state_memory,
        memory.zero_memory,
        memory.lora_memory,
        memory.qlora_memory,
    ),
    **_formulas(
        "parameters",
        parameters.transformer_parameters,
        parameters.moe_parameters,
        parameters.moe_active_parameters,
        parameters.lora_parameters,
        flops.chinchilla_parameters,
    ),
    **_formulas(
        "FLOP",
        flops.training_flops,
        flops.training_flops_with_attention,
        flops.attention_flops,
        flops.inference_flops,
    ),
    **_formulas("days", flops.training_days),
    **_formulas("tokens", flops.chinchilla_tokens),
    **_formulas("tokens/s", speed.decode_tokens_per_second, speed.batch_decode_tokens_per_second),
    **_formulas("ms", speed.decode_seconds_per_token),
    **_formulas("s", speed.prefill_seconds, speed.all_reduce_seconds),
    **_formulas("sequences", speed.ridge_batch),
    **_formulas("share", speed.pipeline_bubble, flops.model_flops_utilization),
    **_formulas("USD", speed.cost_per_million_tokens),
}


def compute(name: str, values: Mapping[str, float | str]) -> Quantity:
    """The formula's result in its unit. Raises DrillError that names an unknown formula, or a parameter that is
    unknown, missing or out of range."""
    formula = FORMULAS.get(name)
    if formula is None:
        raise DrillError(f"Formula `{name}`: expected one of {', '.join(sorted(FORMULAS))}. Correct the name.")
    unknown = sorted(set(values) - set(formula.parameters))
    missing = [key for key in formula.parameters if key not in values and key not in formula.optional]
    if unknown or missing:
        found = "; ".join([f"unknown `{key}`" for key in unknown] + [f"missing `{key}`" for key in missing])
        raise DrillError(f"Formula `{name}`: expected {_signature(formula)}, found {found}. Correct the values.")
    numbers = {key: read_number(name, key, formula.parameters[key], value) for key, value in values.items()}
    return Quantity(formula.function(**numbers) / UNITS[formula.unit], formula.unit)


def _signature(formula: Formula) -> str:
    return ", ".join(f"[{key}]" if key in formula.optional else key for key in formula.parameters)
